"""Customers read as the service reads them, in a process of its own, so that time and memory are its alone.

Arguments: the address of the publication, the preset, the folder of the ledger, and what to do: `read` them twice, as a
service does that serves by the first index while it makes the second; or `load` what the last process kept.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapter.books import read_schema
from adapter.copies import Copies
from adapter.customer_copy import CustomerCopy
from adapter.http import HttpClient
from adapter.ledger import Ledger
from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_path
from adapter.onec.client import InfobaseClient


def main(address: str, preset: str, folder: Path, step: str) -> None:
    """Print what it took as JSON: seconds, processor seconds, MB before, after and at the peak, customers."""
    rules = load_mapping(preset_path(preset)).rules
    origin = "/".join(address.split("/")[:3])
    with Ledger.open(folder) as ledger, HttpClient(origin) as http:
        ledger.own(_now())
        client = InfobaseClient(http, address, "odata", "odata")
        anew = Copies(ledger, client, _now, timedelta(0))
        schema = read_schema(anew)
        copy = CustomerCopy(anew if step == "read" else Copies(ledger, client, _now, timedelta(days=1)), rules)
        told = []
        for _ in range(2 if step == "read" else 1):
            before, wall, used = _megabytes("VmRSS"), time.perf_counter(), time.process_time()
            index = copy.index(schema)
            wall, used = time.perf_counter() - wall, time.process_time() - used
            told.append([wall, used, before, _megabytes("VmRSS"), _megabytes("VmHWM"), len(index)])
        print(json.dumps(told))


def _megabytes(line: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split(f"{line}:")[1].split()[0]) / 1024


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4])
