"""Restricted Data Tokens: what the Orders API v0 wants to see before it tells of a buyer.

A token is for methods and paths that are named when it is asked for; a path may leave the order open, so one token
serves all orders for its life of an hour. Source: SP-API model tokens_2021-03-01; for open paths its sandbox answers
and amzn/selling-partner-api-docs issue 2092.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapter.amazon.calls import Calls
from adapter.amazon.errors import AccessDenied, BadAnswer, BadRequest

TOKENS_PATH = "/tokens/2021-03-01/restrictedDataToken"
CREATE_TOKEN = "createRestrictedDataToken"  # noqa: S105 - a name
EARLY = timedelta(minutes=5)
USUAL_LIFE = timedelta(hours=1)
BELIEVED_FOR = timedelta(days=1)
"""How long a refusal counts: the application may be given a role while we run."""

BUYER, ADDRESS, BUYER_TAX = "buyerInfo", "shippingAddress", "buyerTaxInformation"
_GIVEN_UP = (BUYER_TAX, ADDRESS, BUYER)  # in this order, where Amazon does not tell which one it refuses


@dataclass(frozen=True, slots=True)
class Resource:
    """A GET that a token is for.

    Attributes:
        path: with `{orderId}` for any order.
        elements: the data wanted from it.
        named: this operation wants its data elements in the request; others have only one kind of data.
    """

    path: str
    elements: tuple[str, ...]
    named: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class _Token:
    text: str
    since: datetime
    until: datetime


class _Refused(BadRequest):
    """The application lacks a role for some of the data."""


class Refusals:
    """Which data Amazon refuses to the application of one account; may be used by several threads.

    Args:
        account: our name of it, for messages.
        now: the wall clock, aware UTC.
    """

    def __init__(self, account: str, now: Callable[[], datetime]) -> None:
        self._account = account
        self._now = now
        self._lock = threading.Lock()
        self._since: dict[str, datetime] = {}
        self._told: dict[str, datetime] = {}
        self._untold: list[str] = []

    def current(self) -> frozenset[str]:
        """What was refused within the last day."""
        with self._lock:
            return frozenset(self._recent(self._since))

    def note(self, elements: Iterable[str]) -> None:
        """Amazon refuses a token for these."""
        with self._lock:
            self._since |= dict.fromkeys(elements, self._now())
        self.tell(elements)

    def tell(self, elements: Iterable[str]) -> None:
        """Let a person know, once a day."""
        with self._lock:
            self._told = self._recent(self._told)
            if not (news := sorted(set(elements) - set(self._told))):
                return
            self._told |= dict.fromkeys(news, self._now())
            self._untold.append(
                f"account {self._account}: Amazon refuses {', '.join(news)} to this application, so orders are read "
                "without; give the application a restricted role for it (Direct-to-Consumer Delivery for addresses, "
                "a tax role for buyers), or let the mapping do without"
            )

    def problems(self) -> tuple[str, ...]:
        """What a person should know and was not told yet."""
        with self._lock:
            untold, self._untold = tuple(self._untold), []
        return untold

    def _recent(self, moments: Mapping[str, datetime]) -> dict[str, datetime]:
        now = self._now()
        return {element: since for element, since in moments.items() if since <= now < since + BELIEVED_FOR}


class RestrictedTokens:
    """The restricted token of one seller account for some resources; may be used by several threads.

    Data that Amazon refuses to this application is left out, and not asked for again until the next day.

    Args:
        calls: of the account, with its own token.
        refusals: of the account; shared by its tokens.
        now: the wall clock, aware UTC.
    """

    def __init__(
        self, calls: Calls, resources: Sequence[Resource], refusals: Refusals, now: Callable[[], datetime]
    ) -> None:
        self._calls = calls
        self._resources = tuple(resources)
        self._refusals = refusals
        self._now = now
        self._lock = threading.Lock()
        self._token: _Token | None = None
        self._closed_at: datetime | None = None

    def __repr__(self) -> str:
        return f"RestrictedTokens(account={self._calls.account!r})"

    def granted(self) -> bool:
        """Whether Amazon grants any of the data; asks for a token where none is at hand.

        Raises:
            Throttled, AccessDenied, BadRequest, AmazonUnavailable, BadAnswer: as for any call.
        """
        with self._lock:
            return self._held() is not None

    def token(self) -> str:
        """A valid token, from memory or from Amazon.

        Raises:
            AccessDenied: Amazon grants none of the data; `granted` tells so without an error.
            Throttled, BadRequest, AmazonUnavailable, BadAnswer: as for any call.
        """
        with self._lock:
            held = self._held()
        if held is None:
            raise AccessDenied(f"{self._calls.what(CREATE_TOKEN)}: the application has no role for any of the data")
        return held.text

    def renew(self, stale: str) -> str:
        """Another token than `stale`, which Amazon has just refused; asks only once for several threads.

        Raises:
            AccessDenied, Throttled, BadRequest, AmazonUnavailable, BadAnswer: as `token`.
        """
        with self._lock:
            if self._token is not None and self._token.text == stale:
                self._token = None
        return self.token()

    def refuse(self) -> None:
        """Amazon has given a token and refuses the data all the same: do without until the next day."""
        with self._lock:
            self._token, self._closed_at = None, self._now()
        self._refusals.tell({element for resource in self._resources for element in resource.elements})

    # -------------------- all below with the lock held

    def _held(self) -> _Token | None:
        """The token; None where there is nothing that Amazon would grant one for."""
        now = self._now()
        if self._closed_at is not None and self._closed_at <= now < self._closed_at + BELIEVED_FOR:
            return None
        # The lower bound: after a clock step backwards nobody knows how old the token is.
        if self._token is not None and self._token.since <= now < self._token.until:
            return self._token
        self._token = self._closed_at = None
        while self._token is None and (resources := self._grantable()):
            try:
                self._token = self._ask(resources, now)
            except _Refused as problem:
                self._refusals.note(self._meant(str(problem)))
        return self._token

    def _grantable(self) -> list[dict[str, Any]]:
        """What is left to ask for, as the request names it."""
        found, refused = [], self._refusals.current()
        for resource in self._resources:
            elements = [element for element in resource.elements if element not in refused]
            if not elements:
                continue
            named = {"dataElements": elements} if resource.named else {}
            found.append({"method": "GET", "path": resource.path, **named})
        return found

    def _ask(self, resources: Sequence[Mapping[str, Any]], now: datetime) -> _Token:
        what = self._calls.what(CREATE_TOKEN)
        # Each call makes a token of its own and spends nothing else: a repetition does no harm.
        answer = self._calls.send(CREATE_TOKEN, "POST", TOKENS_PATH, what, body={"restrictedResources": resources})
        try:
            data = self._calls.data(answer, what)
        except BadRequest as problem:
            # Source: amzn/selling-partner-api-models issue 1723 for the words.
            raise (_Refused(str(problem)) if "data element" in str(problem) else problem) from problem
        text, seconds = data.get("restrictedDataToken"), data.get("expiresIn")
        # Anything else could not be sent in a header.
        if not isinstance(text, str) or not text or not text.isascii() or not text.isprintable() or " " in text:
            raise BadAnswer(f"{what}: the answer holds no token")
        life = USUAL_LIFE
        if isinstance(seconds, int) and 0 < seconds <= USUAL_LIFE.total_seconds():
            life = timedelta(seconds=seconds)
        return _Token(text, now, now + max(life - EARLY, life / 2))

    def _meant(self, text: str) -> set[str]:
        """Which data a refusal is about: what it names, else the least important that was asked for."""
        wanted = {element for resource in self._resources for element in resource.elements}
        asked = wanted - self._refusals.current()
        listed = text.rpartition("[")[2]
        named = {element for element in asked if element in listed}
        return named or set([element for element in _GIVEN_UP if element in asked][:1])
