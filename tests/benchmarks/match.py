"""Matching customers: time, memory and accuracy at several sizes, and beside it what one would do without an index."""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from adapter.matching.files import CustomersFile, id_of, read_queries
from tests.benchmarks.customers.catalog import Catalog
from tests.benchmarks.customers.files import write
from tests.benchmarks.customers.labels import DOUBLE, Order
from tests.benchmarks.judge import Decision, Judgement, judge, upper_bound
from tests.benchmarks.others import files as others
from tests.benchmarks.scans import Scan, scans

SIZES = [10_000, 100_000]
TARGETS = {
    10_000: (0.7, 2, 80, 1, 0.1, 0.96, 0.995, 0.0005),
    100_000: (1, 3, 120, 6, 0.2, 0.97, 0.988, 0.0003),
    1_000_000: (1.5, 5, 350, 45, 1, 0.955, 0.96, 0.0003),
}
"""What is to be reached: p50, p99 ms; resident MB; build, start s; decidable accepted, top five, strangers at most."""


def main(arguments: Sequence[str] = ()) -> None:
    """Measure at every size asked for, from fresh seeds."""
    parser = argparse.ArgumentParser(prog="./dev bench match", description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=SIZES, metavar="N")
    parser.add_argument("--orders", type=int, default=10_000, metavar="N")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000, help="a fresh one by default")
    parser.add_argument(
        "--generator", choices=("own", "other"), default="own", help="which of the two made-up shops: own or other"
    )
    parser.add_argument("--attested", type=float, default=0.5, help="share of attested spellings in the second round")
    parser.add_argument("--no-scans", action="store_true", help="leave the comparison out")
    parser.add_argument("--strata", action="store_true", help="print every stratum, not only the weak ones")
    parser.add_argument("--errors", type=Path, help="write wrong accepts to this file")
    options = parser.parse_args(arguments)
    for size in options.customers:
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder), size, options)


def _measure(folder: Path, size: int, options: argparse.Namespace) -> None:
    print(f"-- {size:,} customers, {options.orders:,} orders, seed {options.seed}, {options.generator} generator")
    begun = time.process_time()
    own = options.generator == "own"
    if own:
        orders = write(folder, Catalog(options.seed, size), options.orders)
    else:
        orders = others.write(folder, options.seed, size, options.orders)
    print(f"made in {time.process_time() - begun:.0f} s of CPU")
    known = {order.query_id: sorted(order.truth) for order in orders if order.truth and DOUBLE not in order.strata}
    (folder / "known.json").write_text(json.dumps(known))
    built = _process("build", folder)
    looked = _process("look", folder, "queries.csv")
    target = TARGETS.get(size)
    _print_speed(built, looked, target)
    judgement = judge(orders, _decisions(looked))
    _print_judgement(judgement, target, strata=options.strata)
    _print_left_out(_process("leave_one_out", folder, "queries.csv"))
    if options.errors:
        _write_errors(options.errors, size, options.seed, judgement)
    if own and options.attested:
        _attested(folder, size, options)
    if not options.no_scans:
        _compare(folder, orders, statistics.median(looked["wall"]), judgement)


def _process(step: str, folder: Path, *arguments: str) -> dict[str, Any]:
    """A step in a fresh process."""
    command = [sys.executable, "-m", "tests.benchmarks.matching_process", step, str(folder), *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _decisions(looked: dict[str, Any]) -> dict[str, Decision]:
    return {
        query_id: Decision(decision, tuple(filter(None, candidates.split("|"))))
        for query_id, decision, _, candidates in looked["results"]
    }


def _print_speed(built: dict[str, Any], looked: dict[str, Any], target: tuple[float, ...] | None) -> None:
    wall, cpu = looked["wall"], looked["cpu"]
    print(
        f"look-up, wall: p50 {statistics.median(wall):.2f} ms, p95 {_at(wall, 0.95):.2f}, p99 {_at(wall, 0.99):.2f}; "
        f"CPU: p50 {statistics.median(cpu):.2f}, p99 {_at(cpu, 0.99):.2f}{_aim(target, 0, 1, 'ms')}"
    )
    print(
        f"resident after {len(wall):,} look-ups: {looked['resident_mb']:.0f} MB (loaded {looked['loaded_mb']:.0f}, "
        f"Python and libraries {looked['process_mb']:.0f}){_aim(target, 2, 2, 'MB')}"
    )
    print(
        f"build {built['build']:.1f} s (CPU {built['build_cpu']:.1f}), load {looked['load']:.2f} s, snapshot "
        f"{built['snapshot_mb']:.0f} MB{_aim(target, 3, 4, 's')}"
    )


def _print_judgement(found: Judgement, target: tuple[float, ...] | None, *, strata: bool) -> None:
    print(f"decidable orders accepted {found.decidable}{_aim(target, 5, 5)}")
    print(f"right entry among five {found.top5}{_aim(target, 6, 6)}")
    print(f"wrong among accepts {found.wrong}, at most {found.wrong.at_most:.5f} [0.0001]")
    print(f"strangers accepted {found.strangers}, at most {found.strangers.at_most:.5f}{_aim(target, 7, 7)}")
    print(f"accepted though a person has to decide {found.ambiguous} [0.01]")
    print(f"accepted for somebody else, which nobody could have told: {found.untold.hits}")
    for name, rate in sorted(found.by_stratum.items(), key=lambda item: item[1].share):
        if strata or (rate.of >= 20 and rate.share < found.decidable.share - 0.01):
            print(f"    {name:<32}{rate.share:.3f} of {rate.of:,}")


def _print_left_out(found: dict[str, Any]) -> None:
    wrong = len(found["accepted"])
    bound = upper_bound(wrong, found["asked"])
    print(f"leave-one-out: {wrong} of {found['asked']:,} accepted for somebody else, at most {bound:.5f} [0]")
    for row in found["accepted"][:10]:
        print(f"    {row[0]} {row[2]}")


def _attested(folder: Path, size: int, options: argparse.Namespace) -> None:
    """The same catalog; orders in which words from Cyrillic are spelt as people do."""
    other = folder / "attested"
    other.mkdir()
    orders = write(other, Catalog(options.seed, size), options.orders, options.attested)
    (other / "index").symlink_to(folder / "index")
    found = judge(orders, _decisions(_process("look", other, "queries.csv")))
    print(f"with {options.attested:.0%} attested spellings: decidable accepted {found.decidable} [0.93 at 100,000]")
    print(f"    across scripts {found.by_stratum['script']}; wrong {found.wrong}; strangers {found.strangers}")
    if options.errors:
        _write_errors(options.errors, size, options.seed, found, f" attested {options.attested}")


def _compare(folder: Path, orders: Sequence[Order], ours: float, judgement: Judgement) -> None:
    """The scans over the same catalog, for some of the orders."""
    rows = [(id_of(customer), customer.name) for customer in CustomersFile(folder / "customers.csv").customers()]
    some = orders[:500]
    asked = [query.asked for query in read_queries(folder / "queries.csv")[: len(some)]]
    found = scans([key for key, _ in rows], [name for _, name in rows], asked)
    for scan in found:
        _print_scan(scan, orders, ours)
    best = min(statistics.median(scan.milliseconds) for scan in found if scan.name != "TF-IDF char-3")
    print(f"pace against the best scan of all names: {best / ours:.0f} times [40 at 1,000,000]")
    right = judgement.decidable.share
    print(f"ours: {ours:.2f} ms at p50, decidable accepted {right:.3f}, wrong and strangers {_faults(judgement)}")


def _print_scan(scan: Scan, orders: Sequence[Order], ours: float) -> None:
    asked = orders[: len(scan.decisions)]
    decisions = {order.query_id: decision for order, decision in zip(asked, scan.decisions, strict=True)}
    found = judge(asked, decisions)
    p50 = statistics.median(scan.milliseconds)
    print(
        f"{scan.name}: p50 {p50:.1f} ms, p99 {_at(scan.milliseconds, 0.99):.1f} ({p50 / ours:.0f} times ours, "
        f"{len(asked)} orders), decidable accepted {found.decidable.share:.3f}, wrong and strangers {_faults(found)}"
    )


def _faults(found: Judgement) -> str:
    accepts = found.wrong.of + found.strangers.hits
    return f"{found.wrong.hits + found.strangers.hits} of {accepts} accepts"


def _write_errors(path: Path, size: int, seed: int, found: Judgement, note: str = "") -> None:
    with path.open("a", encoding="utf-8") as file:
        for order, decision in found.errors:
            file.write(f"{size} customers, seed {seed}{note}: {order} -> {decision}\n")


def _at(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, math.ceil(len(values) * share) - 1)]


def _aim(target: tuple[float, ...] | None, first: int, last: int, unit: str = "") -> str:
    if target is None:
        return ""
    figures = " / ".join(f"{target[at]:g}" for at in dict.fromkeys((first, last)))
    return f" [{figures}{' ' if unit else ''}{unit}]"
