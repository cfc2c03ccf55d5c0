"""One way to come to a schema, in a process of its own: prints seconds, processor seconds, megabytes, entity sets.

Arguments: `parse`, `store` or `load`; the file with `$metadata`; a folder for the ledger.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from adapter.books import Copies, read_schema
from adapter.http import HttpClient
from adapter.ledger import Ledger
from adapter.model.schema import Schema
from adapter.onec.client import InfobaseClient
from adapter.onec.metadata import parse_metadata


class Pieces(httpx.SyncByteStream):
    """A file as it comes over the network."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        with self._file.open("rb") as file:
            while piece := file.read(65_536):
                yield piece


class Metadata(httpx.BaseTransport):
    """Answers everything with a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Whatever is asked for."""
        return httpx.Response(200, headers={"content-type": "application/xml"}, stream=Pieces(self._file))


def through_the_ledger(file: Path, ledger: Ledger) -> Schema:
    """As a run does it: the kept schema, or the infobase's, which is kept then."""
    client = InfobaseClient(HttpClient("http://1c.test", transport=Metadata(file)), "http://1c.test/x", "u", "p")
    return read_schema(Copies(ledger, client, lambda: datetime.now(UTC), timedelta(hours=1)))


def peak() -> float:
    """Megabytes that this process has needed so far. (`ru_maxrss` begins with what the parent had.)"""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


def main(way: str, file: Path, folder: Path) -> None:
    """Measure one way."""
    ledger = None if way == "parse" else Ledger.open(folder).own(datetime.now(UTC))
    before, begun, used = peak(), time.perf_counter(), time.process_time()
    schema = parse_metadata(file) if ledger is None else through_the_ledger(file, ledger)
    seconds, used = time.perf_counter() - begun, time.process_time() - used
    print(seconds, used, peak() - before, len(schema.entity_sets))


main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
