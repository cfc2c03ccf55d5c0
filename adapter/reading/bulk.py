"""Known orders that can wait, a hundred a call: with the searches that polling leaves over.

A report tells when an order changed last. So a search for the times of the hundred oldest wishes brings them all, but
for those that have changed since; these are then asked for one by one. Meanwhile single calls begin with the newest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from adapter.amazon.errors import Throttled
from adapter.amazon.page import Page
from adapter.amazon.query import MOST_ORDERS, SearchQuery
from adapter.ledger import Ledger
from adapter.ledger.wanted import Wanted
from adapter.reading.account import Account, ReadReport
from adapter.reading.single import seen

FEW = 50
"""With fewer wishes single calls are quicker than the next search; with fewer on a page, too."""

_SETTLED = timedelta(hours=1)
"""Orders that changed more recently may not be shown yet, and belong to the sweeps anyway."""

_SECOND = timedelta(seconds=1)


def search_wanted(
    account: Account, ledger: Ledger, now: Callable[[], datetime], stopped: Callable[[], bool] = lambda: False
) -> ReadReport:
    """Search for wanted orders as long as there are many, and searches to spare.

    Raises:
        Unavailable, ConfigurationError: Amazon cannot be asked; what was read is stored, the rest stays wanted.
    """
    report = ReadReport()
    while account.pace is not None and account.pace.whole_pages and account.pace.may_search_more() and not stopped():
        wishes = ledger.wanted.oldest(account.name, now() - _SETTLED, MOST_ORDERS)
        if len(wishes) < FEW:
            break
        try:
            page = account.client.search(_query(account, wishes))
        except Throttled:
            break
        orders = [seen(account, order) for order in page.orders]
        with ledger.transaction():
            found = ledger.orders.store_several(account.name, orders, now())
            # Those that have changed since would only be searched for again.
            ledger.wanted.unknown_time(_passed(wishes, page) if found >= FEW else wishes)
        report = replace(
            report,
            pages=report.pages + 1,
            orders=report.orders + found,
            changed=report.changed + found,
            problems=(*report.problems, *page.problems),
        )
    return report


def _passed(wishes: list[Wanted], page: Page) -> list[Wanted]:
    """Those that this page would have shown."""
    if page.next_token is None:
        return wishes
    shown = max((order.updated_at for order in page.orders if order.updated_at is not None), default=None)
    return [wish for wish in wishes if shown is None or (wish.updated_at is not None and wish.updated_at < shown)]


def _query(account: Account, wishes: list[Wanted]) -> SearchQuery:
    times = [wish.updated_at for wish in wishes if wish.updated_at is not None]
    # A report may cut off parts of seconds.
    return SearchQuery(
        updated_after=times[0].replace(microsecond=0),
        before=times[-1].replace(microsecond=0) + _SECOND,
        marketplace_ids=account.marketplace_ids,
        included=account.included,
    )
