"""Holds orders as pages, in a process of its own: prints how many, and megabytes at the end and at the peak.

Argument: the address of a stand-in whose budget has no end.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

from adapter.amazon.auth import LwaTokens
from adapter.amazon.budget import LIMITS, Budget, Limit
from adapter.amazon.calls import Calls
from adapter.amazon.orders import OrdersClient
from adapter.amazon.page import Page
from adapter.amazon.query import DATA_SETS, SearchQuery
from adapter.http import HttpClient
from adapter.ledger import Ledger


def main(address: str) -> None:
    """Read everything, all data sets, and keep every page."""
    http = HttpClient(address)
    tokens = LwaTokens(
        http, "amzn1.application-oa2-client.demo", "amzn1.oa2-cs.v1.demo", "Atzr|demo", _now, account="demo"
    )
    with Ledger.open(None) as ledger:
        limits = dict.fromkeys(LIMITS, Limit(900.0, 900))
        budget = Budget("demo", ledger.own(_now()).notes, now=_now, monotonic=time.monotonic, limits=limits)
        calls = Calls(http, tokens, budget, account="demo", user_agent="Test/1 (Language=Python)", now=_now)
        client = OrdersClient(calls)
        query = SearchQuery(updated_after=datetime(2020, 1, 1, tzinfo=UTC), included=DATA_SETS)
        pages: list[Page] = [client.search(query)]
        while pages[-1].next_token is not None:
            pages.append(client.search(query, pages[-1].next_token))
        size = sum(len(order.content) for page in pages for order in page.orders)
        print(sum(len(page.orders) for page in pages), size / 1e6, *_megabytes())


def _megabytes() -> tuple[float, float]:
    """Resident memory now and at its peak."""
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
        lines = dict(line.split(":", 1) for line in status)
    return tuple(int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))  # type: ignore[return-value]


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main(sys.argv[1])
