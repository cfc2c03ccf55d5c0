"""What python-amazon-sp-api does with the same backlog, on the same stand-in and the same virtual clock.

Its requests go to the stand-in in process, its pauses move the virtual clock. It is used as its documentation shows
(`load_all_pages`, `throttle_retry`), in the order in which a retry covers each page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import httpx

from adapter.simulators.amazon import SellerAccount
from adapter.simulators.amazon.wire import Wire, timestamp
from adapter.simulators.server import StandIn
from tests.conftest import StandInTransport
from tests.world import GERMANY


def compare(clock: Any, orders: Sequence[Wire], since: datetime, hours: float) -> None:
    """Print what it has read of a backlog after some hours, with its defaults and with its option for rates."""
    for words, options in (
        ("python-amazon-sp-api, its defaults", {}),
        ("python-amazon-sp-api, use_rate_limit_header", {"use_rate_limit_header": True}),
    ):
        start = clock.now
        stand_in = StandIn(SellerAccount(orders, clock=clock))
        read: Counter[str] = Counter()
        end = "all read"
        try:
            for page in _pages(clock, stand_in, since, options):
                read.update(order["orderId"] for order in page["orders"])
                if clock.now - start > timedelta(hours=hours):
                    end = f"still reading after {hours:g} h"
                    break
        except Exception as problem:  # whatever it raises is its result
            end = f"ended with {type(problem).__name__}"
        minutes = (clock.now - start) / timedelta(minutes=1)
        refused = sum(entry.status == 429 for entry in stand_in.log)
        print(
            f"{words}: {len(read):,} of {len(orders):,} orders in {minutes:.0f} min "
            f"({len(read) / max(minutes, 1):.1f} a minute from the start), {refused} throttled of "
            f"{len(stand_in.log)} calls; {end}; a restart begins anew"
        )
        clock.now = start


def _pages(clock: Any, stand_in: StandIn, since: datetime, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    from sp_api.base import Marketplaces
    from sp_api.util import load_all_pages, throttle_retry

    with _led_to(clock, stand_in) as client_class:
        credentials = {
            "refresh_token": "Atzr|demo",
            "lwa_app_id": "amzn1.application-oa2-client.demo",
            "lwa_client_secret": "amzn1.oa2-cs.v1.demo",
        }
        client = client_class(marketplace=Marketplaces.DE, credentials=credentials)

        @load_all_pages(next_token_param="paginationToken", **options)  # type: ignore[untyped-decorator]
        @throttle_retry()  # type: ignore[untyped-decorator]
        def search(**parameters: Any) -> Any:
            return client.search_orders(**parameters)

        for page in search(
            lastUpdatedAfter=timestamp(since),
            marketplaceIds=[GERMANY],
            includedData=["FULFILLMENT"],
            maxResultsPerPage=100,
        ):
            yield page.payload


@contextmanager
def _led_to(clock: Any, stand_in: StandIn) -> Iterator[Callable[..., Any]]:
    """Its client class, with transport, pauses and the age of tokens replaced; nothing leaves the process."""
    from cachetools import TTLCache
    from sp_api.api.orders.orders_2026_01_01 import OrdersV20260101
    from sp_api.base._transport_httpx import HttpxTransport

    def transport(**_: Any) -> Any:
        return HttpxTransport(client=httpx.Client(transport=StandInTransport(stand_in)))

    def sleep(seconds: float) -> None:
        clock.now += timedelta(seconds=seconds)

    with ExitStack() as patches:
        for module in ("sp_api.base.client", "sp_api.auth.access_token_client"):
            patches.enter_context(patch(f"{module}.HttpxTransport", transport))
        for module in ("sp_api.util.load_all_pages", "sp_api.util.retry"):
            patches.enter_context(_module_time(module, sleep))
        cache = TTLCache(maxsize=10, ttl=3200, timer=clock.monotonic)
        patches.enter_context(patch("sp_api.auth.access_token_client.cache", cache))
        yield OrdersV20260101


def _module_time(name: str, sleep: Callable[[float], None]) -> Any:
    # The package gives its functions the names of their modules, which hides those.
    import importlib
    import sys

    importlib.import_module(name)
    return patch.object(sys.modules[name], "time", SimpleNamespace(sleep=sleep))
