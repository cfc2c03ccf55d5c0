"""A thousand orders over real sockets, with the ledger on the disk: documents, requests, time."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from adapter.assembly import open_parts
from adapter.demo import write_settings
from adapter.ledger import Ledger
from adapter.settings import load_settings
from adapter.simulators.amazon import SellerAccount
from adapter.simulators.onec import Infobase, fill_training, load_model
from adapter.simulators.server import RunningServer, StandIn
from adapter.sync import Sync

ORDERS = 1000


def main() -> None:
    """Write a thousand orders and print what it took."""
    account = SellerAccount(ORDERS, seed=11)
    infobase = Infobase(load_model("training"))
    fill_training(infobase)
    amazon, onec = StandIn(account), StandIn(infobase)
    with (
        tempfile.TemporaryDirectory() as folder,
        RunningServer(amazon) as sp_api,
        RunningServer(onec) as odata,
    ):
        config = write_settings(Path(folder), sp_api.address, odata.address + infobase.publication)
        loaded = load_settings(config)
        with Ledger.open(loaded.state_directory) as ledger, open_parts(loaded, ledger.own(datetime.now(UTC))) as parts:
            begun = time.perf_counter()
            counts = Sync(parts).run().outcome.counts
            seconds = time.perf_counter() - begun
    documents = infobase.rows("Document_SalesOrder")
    numbers = Counter(document["Number"] for document in documents)
    writes = sum(entry.method != "GET" for entry in onec.log)
    reads = len(onec.log) - writes
    print(f"orders: {ORDERS}; outcome: {dict(counts)}")
    print(f"documents: {len(documents)}, doubled: {sum(numbers.values()) - len(numbers)}")
    print(f"at 1C: {writes / len(documents):.3f} writes and {reads / len(documents):.3f} reads a document")
    print(f"at Amazon: {sum('/orders' in entry.target for entry in amazon.log)} searches, 429: {account.throttled}")
    print(f"{seconds:.1f} s, {len(documents) / seconds:.0f} documents a second with up to 4 sessions")
