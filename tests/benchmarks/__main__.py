"""`./dev bench [NAME ...]`, `./dev bench match --customers N`: measures, prints figures, decides nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from tests.benchmarks import backfill, catalog, delivery, ingest, match, messages, metadata, start, thousand

BENCHMARKS: dict[str, Callable[[], None]] = {
    "start": start.main,
    "thousand": thousand.main,
    "delivery": delivery.main,
    "metadata": metadata.main,
    "messages": messages.main,
    "backfill": backfill.main,
    "ingest": ingest.main,
    "match": match.main,
    "catalog": catalog.main,
}
WITH_OPTIONS: dict[str, Callable[[Sequence[str]], None]] = {"match": match.main, "catalog": catalog.main}


def main(arguments: list[str]) -> int:
    """Run the benchmarks named, or all of them; what begins with a dash goes to the one that has options."""
    count = next((at for at, each in enumerate(arguments) if each.startswith("-")), len(arguments))
    names, options = arguments[:count], arguments[count:]
    if unknown := [name for name in names if name not in BENCHMARKS]:
        print(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
        return 2
    if options:
        if len(names) != 1 or names[0] not in WITH_OPTIONS:
            print(f"options belong to one benchmark that has some: {', '.join(WITH_OPTIONS)}")
            return 2
        WITH_OPTIONS[names[0]](options)
        return 0
    for name in names or BENCHMARKS:
        print(f"== {name}")
        BENCHMARKS[name]()
    return 0


sys.exit(main(sys.argv[1:]))
