"""Data sets that Amazon refuses: orders are read without them for a while, and nobody loses the rest.

A request for optional data sets can be refused as wrong (400) although it is right: for one account, for hours, by a
fault at Amazon. Source: amzn/selling-partner-api-models issue 5365.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from adapter.amazon.errors import AmazonUnavailable, BadRequest
from adapter.amazon.page import Page, WireOrder
from adapter.amazon.query import DATA_SETS, SearchQuery
from adapter.errors import AdapterError
from adapter.ledger import Ledger
from adapter.reading.account import OrdersReader

RETRIED_AFTER: Final = timedelta(hours=6)
"""How long a refused data set is not asked for."""

BASE: Final = ("PROCEEDS", "FULFILLMENT")
"""Without these nothing can be booked: an order is not read without them."""

_PATIENCE: Final = timedelta(minutes=30)
_NAME: Final = "refused data sets"
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What Amazon has refused for an account, when, and in which words."""

    data_sets: tuple[str, ...]
    since: datetime
    words: str


def refusal_of(ledger: Ledger, account: str) -> Refusal | None:
    """What is not asked for at present; None if nothing is refused."""
    kept = ledger.accounts.get(account, _NAME)
    if kept is None:
        return None
    content = json.loads(kept[0])
    return Refusal(tuple(content["data_sets"]), kept[1], content["words"])


class YieldingReader:
    """An `OrdersReader` that asks for fewer data sets while Amazon refuses some.

    Args:
        extra: data sets that the mapping can do without; given up first.
    """

    def __init__(
        self,
        inner: OrdersReader,
        account: str,
        ledger: Ledger,
        now: Callable[[], datetime],
        extra: Iterable[str] = (),
    ) -> None:
        self._inner = inner
        self._account = account
        self._ledger = ledger
        self._now = now
        self._extra = frozenset(extra)
        self._hopeless: tuple[datetime, tuple[str, ...]] | None = None  # since when, and what nothing can do without

    @property
    def version(self) -> str:
        """As the reader behind it."""
        return self._inner.version

    def search(self, query: SearchQuery, page_token: str | None = None) -> Page:
        """One page of orders, perhaps with fewer data sets than the query wants; then `problems` says so once.

        Raises:
            AmazonUnavailable: Amazon refuses a data set without which nothing can be booked.
        """

        def ask(included: tuple[str, ...]) -> Page:
            return self._inner.search(replace(query, included=included), page_token)

        # Behind a first page all stays as it is: a wider set could cost the token, and with it the whole sweep.
        page = self._ask(query.included, ask, may_widen=page_token is None)
        refusal = refusal_of(self._ledger, self._account)
        if page_token is not None or refusal is None:
            return page
        told = (
            f"account {self._account}: Amazon refuses the data sets {', '.join(refusal.data_sets)}: {refusal.words}; "
            f"orders are read without them until {refusal.since + RETRIED_AFTER:%Y-%m-%d %H:%M} UTC, and those that "
            "the mapping cannot book without them are held and asked for again"
        )
        return replace(page, problems=(told, *page.problems))

    def get_order(self, order_id: str, included: tuple[str, ...] = (), head: str | None = None) -> WireOrder:
        """One order, perhaps with fewer data sets than wanted.

        Raises:
            AmazonUnavailable: as `search`.
        """
        return self._ask(included, lambda fewer: self._inner.get_order(order_id, fewer, head), may_widen=True)

    def _ask(self, wanted: tuple[str, ...], ask: Callable[[tuple[str, ...]], _Answer], *, may_widen: bool) -> _Answer:
        refusal = refusal_of(self._ledger, self._account)
        fresh = refusal is not None and timedelta(0) <= self._now() - refusal.since < RETRIED_AFTER
        given_up = set(refusal.data_sets) if refusal is not None and (fresh or not may_widen) else set()
        included = tuple(name for name in wanted if name not in given_up)
        try:
            answer = ask(included)
        except BadRequest as problem:
            return self._with_fewer(wanted, included, ask, problem)
        if refusal is not None and not given_up:
            self._ledger.accounts.forget(self._account, _NAME)
        return answer

    def _with_fewer(
        self,
        wanted: tuple[str, ...],
        included: tuple[str, ...],
        ask: Callable[[tuple[str, ...]], _Answer],
        problem: BadRequest,
    ) -> _Answer:
        if not included:
            raise problem
        if self._hopeless is not None and timedelta(0) <= self._now() - self._hopeless[0] < _PATIENCE:
            raise self._fault(self._hopeless[1], problem) from problem
        named = _named(problem, included)
        if set(named) & set(BASE):
            self._hopeless = (self._now(), named)
            raise self._fault(named, problem) from problem
        for fewer in self._steps(included, named):
            try:
                answer = ask(fewer)
            except BadRequest:
                continue
            gone = tuple(name for name in wanted if name not in fewer)
            if not set(BASE) & set(wanted) <= set(fewer):
                self._hopeless = (self._now(), BASE)
                raise self._fault(BASE, problem) from problem
            content = json.dumps({"data_sets": gone, "words": str(problem)}, ensure_ascii=False)
            self._ledger.accounts.keep(self._account, _NAME, content, self._now())
            return answer
        # The request is wrong whatever is asked for: it is not tried out again for a while, for calls are few.
        self._hopeless = (self._now(), ())
        raise problem

    def _steps(self, included: tuple[str, ...], named: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """Fewer and fewer data sets: without those that Amazon names, without those that can be spared, the base."""
        last = included
        every: frozenset[str] = frozenset(DATA_SETS)
        for spared in (frozenset(named), self._extra, every - set(BASE), every):
            fewer = tuple(name for name in last if name not in spared)
            if fewer != last:
                yield fewer
                last = fewer

    def _fault(self, names: tuple[str, ...], problem: BadRequest) -> AdapterError:
        """The error to raise: a refusal of what nothing can be booked without is no mistake of ours."""
        if not names:
            return problem
        return AmazonUnavailable(
            f"account {self._account}: Amazon refuses the data sets {', '.join(names)}, without which nothing can be "
            f"booked; this has been a fault of Amazon's own before. Nothing is lost, and it is asked again. {problem}"
        )


def _named(problem: BadRequest, included: tuple[str, ...]) -> tuple[str, ...]:
    """The data sets that a refusal speaks of."""
    words = set(re.findall(r"[A-Z_]+", str(problem)))
    return tuple(name for name in included if name in words)
