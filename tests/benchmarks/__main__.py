"""`./dev bench [NAME ...]`: measures, prints figures, decides nothing."""

from __future__ import annotations

import sys

from tests.benchmarks import backfill, delivery, ingest, messages, metadata, start, thousand

BENCHMARKS = {
    "start": start.main,
    "thousand": thousand.main,
    "delivery": delivery.main,
    "metadata": metadata.main,
    "messages": messages.main,
    "backfill": backfill.main,
    "ingest": ingest.main,
}


def main(names: list[str]) -> int:
    """Run the benchmarks named, or all of them."""
    if unknown := [name for name in names if name not in BENCHMARKS]:
        print(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
        return 2
    for name in names or BENCHMARKS:
        print(f"== {name}")
        BENCHMARKS[name]()
    return 0


sys.exit(main(sys.argv[1:]))
