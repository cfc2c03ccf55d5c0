"""A back-fill of 10,000 orders of two years by each way, on a virtual clock: calls and hours, beside regular sweeps."""

from __future__ import annotations

import resource
import time
from collections import Counter
from datetime import timedelta

from adapter.ledger.backfills import DONE
from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_path
from adapter.reading.backfill import BOTH, REPORTS, SEARCH, beside, carry_on, windows_for
from adapter.reading.backfill_run import pause_after
from adapter.reading.single import read_wanted
from adapter.reading.sweep import read_orders
from adapter.simulators.amazon import OrderOptions, generate
from adapter.simulators.amazon.buckets import PUBLISHED_RATES
from tests.conftest import StandInTransport
from tests.world import START, World

ORDERS = 10_000
DAYS = 729
SWEEP = timedelta(minutes=5)
_OPERATIONS = {"createdAfter": "searches of old orders", "lastUpdatedAfter": "searches of new orders"}


def main() -> None:
    """Read the same account by each way, and print what it took."""
    made = generate(ORDERS, 7, START - timedelta(minutes=10), OrderOptions(spread=timedelta(days=DAYS - 1)))
    print(f"{ORDERS:,} orders of {DAYS} days, a regular sweep every {SWEEP.total_seconds() / 60:.0f} minutes")
    for way in (SEARCH, REPORTS, BOTH):
        _measure(way, made)
    print(f"peak memory of this process, the stand-in included: {_peak():.0f} MB")


def _measure(way: str, made: list[dict[str, object]]) -> None:
    world = World(load_mapping(preset_path("training")), StandInTransport)
    for operation, rate in PUBLISHED_RATES.items():
        world.account.set_rate(operation, rate)
    for order in made:
        world.account.put(order)
    since, until = START - timedelta(days=DAYS), START - timedelta(minutes=5)
    backfill = world.ledger.backfills.ask("shop", since, until, way, windows_for(since, until, way), START)
    begun = time.perf_counter()
    sweeps = _until_over(world)
    seconds = time.perf_counter() - begun
    ended = world.ledger.backfills.get(backfill.number)
    read = world.ledger.orders.counts()["shop"]
    hours = (world.clock() - START).total_seconds() / 3600
    calls = Counter(_operation(entry.method, entry.target) for entry in world.amazon.log)
    whole = sum(count for name, count in calls.items() if name != _OPERATIONS["lastUpdatedAfter"])
    print(
        f"{way:>8}: {hours:5.1f} virtual hours, {read / hours / 60:.1f} orders a minute, {whole:,} calls "
        f"({whole / read:.3f} an order), {sweeps} sweeps meanwhile, throttled {sum(world.account.throttled.values())}; "
        f"{'done' if ended.state == DONE else ended.words}, {read:,} orders in the ledger, {seconds:.0f} s of real time"
    )
    print(f"{'':>10}" + ", ".join(f"{name}: {count:,}" for name, count in sorted(calls.items())))
    world.ledger.close()


def _until_over(world: World) -> int:
    """Go on as the service does, without writing to 1C; how often new orders were looked for."""
    account, ledger, clock = world.parts.accounts[0], world.ledger, world.clock
    sweeps, next_sweep = 0, clock()
    while ledger.backfills.open("shop") is not None:
        filled = carry_on(account, ledger, clock)
        if clock() >= next_sweep:
            read = read_orders(account, ledger, clock)
            sweeps, next_sweep = sweeps + 1, clock() + SWEEP
        else:
            read = read_wanted(account, ledger, clock)
        pause = pause_after(beside(read, filled))
        clock.forward(seconds=min(pause, max(1.0, (next_sweep - clock()).total_seconds())))
    return sweeps


def _operation(method: str, target: str) -> str:
    path, _, query = target.partition("?")
    for parameter, name in _OPERATIONS.items():
        if parameter in query:
            return name
    if path.startswith("/orders/2026-01-01/orders/"):
        return "getOrder"
    if path.startswith("/report-documents/"):
        return "downloads"
    if "/documents/" in path:
        return "getReportDocument"
    if "/reports" in path:
        return "createReport" if method == "POST" else "getReport"
    return "access tokens" if "/auth/" in path else "others"


def _peak() -> float:
    """Megabytes. Source: getrusage(2), kilobytes on Linux."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
