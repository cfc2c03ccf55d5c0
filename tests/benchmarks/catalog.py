"""How long the service needs to read all customers from 1C, and how much memory: at first, anew, after a restart."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PRESET = "ut-11.5"
"""Names, numbers, and three rows of contact information with each customer."""
SIZES = [10_000, 100_000]


def main(arguments: Sequence[str] = ()) -> None:
    """Measure at every size asked for, from a fresh seed."""
    parser = argparse.ArgumentParser(prog="./dev bench catalog", description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=SIZES, metavar="N")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000, help="a fresh one by default")
    options = parser.parse_args(arguments)
    for size in options.customers:
        print(f"-- {size:,} customers of {PRESET}, seed {options.seed}")
        with tempfile.TemporaryDirectory() as folder, _infobase(size, options.seed) as (address, process):
            _measure(address, process, folder)


@contextmanager
def _infobase(size: int, seed: int) -> Iterator[tuple[str, int]]:
    """The address of the infobase, and the id of its process."""
    command = [sys.executable, "-m", "tests.benchmarks.catalog_pages", PRESET, str(size), str(seed)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield process.stdout.readline().strip(), process.pid
        process.stdin.close()


def _measure(address: str, process: int, folder: str) -> None:
    theirs = _used(process)
    first, again = _step(address, folder, "read")
    theirs = _used(process) - theirs
    (loaded,) = _step(address, folder, "load")
    pages = int(first[5]) // 1_000 + 1  # the last one tells that there are no more
    for what, (wall, used, before, after, peak, _) in (
        ("read from 1C", first),
        ("read anew, the old index serving meanwhile", again),
        ("loaded by the next process", loaded),
    ):
        print(
            f"{what}: {wall:.1f} s, of them {used:.1f} s of our processor; {before:.0f} MB before, "
            f"{after:.0f} MB after, {peak:.0f} MB at the peak"
        )
    print(f"the stand-in took {theirs / 2 / pages:.2f} s of its processor for each of {pages:,} pages")


def _step(address: str, folder: str, step: str) -> list[list[float]]:
    command = [sys.executable, "-m", "tests.benchmarks.catalog_alone", address, PRESET, folder, step]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    told: list[list[float]] = json.loads(done.stdout)
    return told


def _used(process: int) -> float:
    """Processor seconds that a process has used so far."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
