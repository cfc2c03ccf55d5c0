"""Back-fills: old orders, read beside the regular sweeps with what those leave of the budgets.

A back-fill is divided into windows. The orders of a window are found in one of two ways: a search by the time of their
creation tells them whole, a hundred at a call; a report tells their ids, and each is then asked for by itself, from the
ledger's table `wanted`. The two spend different budgets, so both go on side by side: reports from the oldest window on,
searches from the newest, for as long as reports have told of few orders: of many known ones a search brings a hundred,
too (`bulk`). All that is known is in the ledger: a process that dies is gone on for by the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil

from adapter.amazon.errors import (
    AccessDenied,
    BadAnswer,
    BadRequest,
    CredentialsRefused,
    PageTokenExpired,
    Throttled,
)
from adapter.amazon.page import Page
from adapter.amazon.query import SearchQuery
from adapter.amazon.reports import LONGEST_WINDOW, ReportGone, ReportState, ReportStatus, ReportTooLarge
from adapter.amazon.wire.order_report import OrderReport, read_order_report
from adapter.errors import Unavailable
from adapter.ledger import Ledger
from adapter.ledger.backfills import DONE, FAILED, NEW, OPEN, ORDERED, SEARCHED, Backfill, Window, split
from adapter.ledger.wanted import Wanted
from adapter.model.wish import BACKFILL
from adapter.reading.account import Account, OldOrders, ReadReport
from adapter.reading.bulk import FEW
from adapter.reading.marketplaces import marketplaces_told
from adapter.reading.single import seen
from adapter.reading.sweep import TOKEN_LIFE

SEARCH, REPORTS, BOTH = "search", "reports", "both"
"""Ways to find old orders."""

SHORT = timedelta(days=7)
"""Up to so long a range is searched through and no report waited for."""

SEARCH_RESERVE = 10
"""Searches that stay for new orders: half of what Amazon lets gather. Source: FACTS 17."""

_LONGEST_SEARCH = timedelta(days=90)  # so many pages are turned while a token lives, even of a large seller
_MOST_ORDERED = 3  # reports on their way; Amazon makes one after the other
_ENOUGH = 1000  # orders that wait to be asked for: more need not be known yet
_FIRST_LOOK, _LONGEST_LOOK = timedelta(seconds=30), timedelta(minutes=5)
_GIVEN_UP = timedelta(hours=6)  # over an hour has been seen. Source: amzn/selling-partner-api-docs issue 3505
_MOST_TRIES = 4
_FIRST_RETRY = timedelta(minutes=5)
_SMALLEST = timedelta(hours=1)
_AFTER_FAULT = 60.0


def way_for(since: datetime, until: datetime) -> str:
    """How the orders of a range are best found."""
    return SEARCH if until - since <= SHORT else BOTH


def windows_for(since: datetime, until: datetime, way: str = BOTH) -> list[Window]:
    """A range in equal windows of at most what one report covers, or one search; neighbours share an instant."""
    count = max(1, ceil((until - since) / (_LONGEST_SEARCH if way == SEARCH else LONGEST_WINDOW)))
    bounds = [(since + (until - since) / count * number).replace(microsecond=0) for number in range(count)]
    return [Window(first, last) for first, last in zip(bounds, (*bounds[1:], until), strict=True)]


def carry_on(
    account: Account, ledger: Ledger, now: Callable[[], datetime], stopped: Callable[[], bool] = lambda: False
) -> ReadReport:
    """Go on with the account's back-fill as far as is possible now, if it has one.

    That Amazon does not answer is told in the report's problems: the regular sweep must not wait for it.

    Raises:
        CredentialsRefused: the account is not let in at all.
        LedgerBroken, NotOurs: nothing can be kept any more.
    """
    backfill = ledger.backfills.open(account.name)
    if backfill is None or account.old is None:
        return ReadReport(complete=True)
    return _Carrier(account, account.old, ledger, backfill, now, stopped).run()


def beside(read: ReadReport, filled: ReadReport) -> ReadReport:
    """What a reading of the account brought, together with what the back-fill did just before."""
    again = [report.again_seconds for report in (read, filled) if report.again_seconds]
    return replace(read.after(filled), again_seconds=min(again, default=0.0))


@dataclass(slots=True)
class _Carrier:
    """One go at a back-fill."""

    account: Account
    old: OldOrders
    ledger: Ledger
    backfill: Backfill
    now: Callable[[], datetime]
    stopped: Callable[[], bool]
    report: ReadReport = field(default_factory=lambda: ReadReport(complete=True))

    def run(self) -> ReadReport:
        for work in (self._learn, self._search):
            try:
                work()
            except Unavailable as problem:
                self._tell(str(problem))
                self._again(_AFTER_FAULT)
            except CredentialsRefused:
                raise
            except (AccessDenied, BadRequest) as problem:
                self._fail(str(problem))
        progress = self.ledger.backfills.progress(self.backfill)
        if progress.windows_done == progress.windows and not progress.waiting and self._is_open():
            self.ledger.backfills.end(self.backfill.number, DONE, self.now())
        return self.report

    # -------------------- reports

    def _learn(self) -> None:
        """Look at the reports that are on their way, and order further ones."""
        if self.backfill.way == SEARCH:
            return
        for window in self._windows(ORDERED):
            if self._goes_on() and self._is_due(window) and not self._look(window):
                return
        for window in [*self._windows(NEW), *self._left_behind()]:
            enough = self.ledger.backfills.progress(self.backfill).waiting >= _ENOUGH
            if enough or len(self._windows(ORDERED)) >= _MOST_ORDERED or not self._goes_on():
                return
            if self._is_due(window) and not self._order(window):
                return

    def _left_behind(self) -> list[Window]:
        """Windows that are half searched while searches are spent otherwise; not those that reports have failed for."""
        return [w for w in self._windows(SEARCHED) if w.tries < _MOST_TRIES] if self._searches_known() else []

    def _searches_known(self) -> bool:
        """Whether known orders are searched for, a hundred a call: that spends the same budget, and as well."""
        pace = self.account.pace
        if self.backfill.way != BOTH or pace is None or not pace.whole_pages:
            return False
        return self.ledger.backfills.progress(self.backfill).waiting >= FEW

    def _order(self, window: Window) -> bool:
        """Order the report of a window; False: no more calls are allowed now, or reports are not for us."""
        # Where the seller does not sell, a report may be refused.
        told = marketplaces_told(self.ledger, self.account.name) & set(self.old.marketplace_ids)
        chosen = self.account.marketplace_ids or tuple(sorted(told)) or self.old.marketplace_ids
        try:
            report_id = self.old.reports.order(window.since, min(window.until, self.now()), chosen)
        except Throttled as later:
            self._again(later.seconds)
            return False
        except CredentialsRefused:
            raise
        except (AccessDenied, BadRequest) as problem:
            if self.backfill.way == REPORTS:
                raise
            self._without_reports(str(problem))
            return False
        moment = self.now()
        ordered = replace(window, state=ORDERED, report_id=report_id, page_token=None)
        self._put(replace(ordered, at=moment, not_before=moment + _FIRST_LOOK))
        self._again(_FIRST_LOOK.total_seconds())
        return True

    def _without_reports(self, problem: str) -> None:
        """Reports are not for this application: everything is searched for."""
        self._tell(f"{problem}. The old orders are searched for instead.")
        with self.ledger.transaction():
            self.ledger.backfills.choose(self.backfill.number, SEARCH)
            self._put(*(Window(window.since, window.until) for window in self._windows(ORDERED)))
        self.backfill = replace(self.backfill, way=SEARCH)

    def _look(self, window: Window) -> bool:
        """See whether a report is made, and read it then; False: no more calls are allowed now."""
        try:
            state = self.old.reports.look(window.report_id or "")
            self._take(window, state)
        except Throttled as later:
            self._again(later.seconds)
            return False
        except ReportGone as problem:
            self._anew(window, str(problem))
        except ReportTooLarge as problem:
            self._halve(window, str(problem))
        except BadAnswer as problem:
            # A document that came cut off is asked for again; one that never comes right is made anew.
            self._later(window, str(problem))
        return True

    def _take(self, window: Window, state: ReportState) -> None:
        what = f"account {self.account.name}: report {window.report_id}"
        if state.status == ReportStatus.DONE and state.document_id:
            self._keep(window, read_order_report(self.old.reports.text(state.document_id), what))
        elif state.status == ReportStatus.CANCELLED:
            # So ends a report in which there is nothing. Source: SP-API documentation, "Order reports".
            self._put(replace(window, state=DONE, found=0))
        elif state.status == ReportStatus.FATAL:
            words = self.old.reports.why(state.document_id) if state.document_id else ""
            told = f': "{words}"' if words else ""
            self._anew(window, f"{what} of {_shown(window)} could not be made by Amazon{told}")
        elif window.at is not None and self.now() - window.at > _GIVEN_UP:
            self._anew(window, f"{what} of {_shown(window)} is {state.status} for too long")
        else:
            age = self.now() - (window.at or self.now())
            pause = max(_FIRST_LOOK, min(age / 4, _LONGEST_LOOK))
            self._put(replace(window, not_before=self.now() + pause))
            self._again(pause.total_seconds())

    def _keep(self, window: Window, report: OrderReport) -> None:
        """Want the orders of a report that the ledger does not have: those it has are kept up to date by the sweeps."""
        first, last = self.backfill.since, self.backfill.until
        found = {
            order.order_id: order.updated_at
            for order in report.orders()
            if order.purchased_at is None or first <= order.purchased_at <= last
        }
        known = self.ledger.backfills.known(self.account.name, found)
        fresh = {order_id: at for order_id, at in found.items() if order_id not in known}
        wishes = [Wanted(self.account.name, order_id, BACKFILL, updated_at=at) for order_id, at in fresh.items()]
        with self.ledger.transaction():
            self.ledger.wanted.add(wishes, self.now())
            self.ledger.backfills.brought(self.backfill, fresh)
            self._put(replace(window, state=DONE, found=len(found)))
        for problem in report.problems[:5]:
            self._tell(f"account {self.account.name}: report {window.report_id}: {problem}")

    def _anew(self, window: Window, problem: str) -> None:
        """Order the report once more, after a while; after some times the window is searched through."""
        if window.tries + 1 >= _MOST_TRIES:
            if self.backfill.way == REPORTS:
                self._fail(f"{problem}; try it without reports: amazon1c backfill --by search")
                return
            self._tell(f"{problem}; the window is searched through instead")
            self._put(Window(window.since, window.until, SEARCHED, tries=_MOST_TRIES))
            return
        pause = _FIRST_RETRY * 2**window.tries
        self._tell(f"{problem}; it is ordered again in {pause.total_seconds() / 60:.0f} minutes")
        self._put(Window(window.since, window.until, tries=window.tries + 1, not_before=self.now() + pause))
        self._again(pause.total_seconds())

    def _later(self, window: Window, problem: str) -> None:
        if window.tries + 1 >= _MOST_TRIES:
            self._anew(window, problem)
            return
        self._tell(f"{problem}; it is asked for again in a minute")
        self._put(replace(window, tries=window.tries + 1, not_before=self.now() + timedelta(minutes=1)))
        self._again(_AFTER_FAULT)

    # -------------------- searches

    def _search(self) -> None:
        """Search windows through, page by page, as long as the budget leaves calls to spare."""
        if self.backfill.way == REPORTS:
            return
        while self._goes_on() and not self._searches_known() and (window := self._next_to_search()) is not None:
            if window.page_token and (window.at is None or self.now() - window.at > TOKEN_LIFE):
                self._halve(window, "its page token has expired")
                continue
            if seconds := self.old.spare():
                self._again(seconds)
                return
            try:
                page = self.account.client.search(self._query(window), window.page_token)
            except Throttled as later:
                self._again(later.seconds)
                return
            except PageTokenExpired as problem:
                if window.page_token is None:
                    raise
                self._halve(window, str(problem))
                continue
            if page.next_token is not None and page.next_token == window.page_token:
                self._put(Window(window.since, window.until, SEARCHED))
                raise Unavailable(f"account {self.account.name}: Amazon repeats a page; the window begins anew")
            self._store(window, page)

    def _next_to_search(self) -> Window | None:
        """The window under way, else the newest."""
        under_way = [window for window in self._windows(SEARCHED) if self._is_due(window)]
        fresh = [window for window in self._windows(NEW) if self._is_due(window)]
        # One begun page by page is gone on with first: its token does not live for ever.
        under_way.sort(key=lambda window: window.page_token is not None)
        return (fresh[-1:] + under_way)[-1] if fresh or under_way else None

    def _query(self, window: Window) -> SearchQuery:
        return SearchQuery(
            created_after=window.since,
            before=window.until,
            marketplace_ids=self.account.marketplace_ids,
            included=self.account.included,
        )

    def _store(self, window: Window, page: Page) -> None:
        """Keep a page and where to go on, together."""
        moment, ledger = self.now(), self.ledger
        ids = [order.order_id for order in (*page.orders, *page.heads)]
        at = window.at or moment if page.next_token else None
        after = replace(
            window,
            state=SEARCHED if page.next_token else DONE,
            page_token=page.next_token,
            at=at,
            found=window.found + len(ids),
        )
        with ledger.transaction():
            known = ledger.backfills.known(self.account.name, ids)
            ledger.backfills.brought(self.backfill, [order_id for order_id in ids if order_id not in known])
            changed = sum(ledger.orders.store_one(seen(self.account, order), moment) for order in page.orders)
            heads = [
                Wanted(self.account.name, head.order_id, BACKFILL, head.content, head.updated_at) for head in page.heads
            ]
            ledger.wanted.add(heads, moment)
            self._put(after)
        self.report = replace(
            self.report,
            pages=self.report.pages + 1,
            orders=self.report.orders + len(page.orders),
            changed=self.report.changed + changed,
            problems=(*self.report.problems, *page.problems),
        )

    # -------------------- what both share

    def _halve(self, window: Window, problem: str) -> None:
        """Go on with smaller windows: a smaller report, or fewer pages than a token lives."""
        if window.until - window.since < 2 * _SMALLEST:
            self._put(Window(window.since, window.until, SEARCHED, tries=window.tries + 1))
            self._tell(f"{problem}; {_shown(window)} is searched through from its beginning")
            return
        self._put(*split(window))

    def _windows(self, state: str) -> list[Window]:
        return [window for window in self.ledger.backfills.windows(self.backfill.number) if window.state == state]

    def _is_due(self, window: Window) -> bool:
        if window.not_before is None or window.not_before <= self.now():
            return True
        self._again((window.not_before - self.now()).total_seconds())
        return False

    def _is_open(self) -> bool:
        return self.ledger.backfills.get(self.backfill.number).state == OPEN

    def _goes_on(self) -> bool:
        return not self.stopped() and self._is_open()

    def _put(self, *windows: Window) -> None:
        self.ledger.backfills.put(self.backfill.number, *windows)

    def _fail(self, problem: str) -> None:
        self._tell(problem)
        self.ledger.backfills.end(self.backfill.number, FAILED, self.now(), problem)

    def _tell(self, problem: str) -> None:
        self.report = replace(self.report, problems=(*self.report.problems, problem))

    def _again(self, seconds: float) -> None:
        """Go on at the latest after so many seconds."""
        known = self.report.again_seconds
        again = max(1.0, seconds)
        self.report = replace(self.report, again_seconds=min(known, again) if known else again)


def _shown(window: Window) -> str:
    return f"{window.since:%Y-%m-%d} to {window.until:%Y-%m-%d}"
