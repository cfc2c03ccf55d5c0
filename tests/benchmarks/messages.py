"""How old an order is when it is planned, counted from its message in a queue of SQS (moto's server)."""

from __future__ import annotations

import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from adapter.amazon.queue import SqsQueue
from adapter.demo import write_settings
from adapter.ledger import Ledger
from adapter.simulators.amazon import SellerAccount
from adapter.simulators.amazon.order_change import order_change
from adapter.simulators.onec import Infobase, fill_training, load_model
from adapter.simulators.server import RunningServer, StandIn

ORDERS = 20
KEYS = ("AKIAEXAMPLE", "example-key")


def main() -> None:
    """The service as installed; Amazon would be polled after half an hour."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    sqs = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    sqs.start()
    aws = "http://{}:{}".format(*sqs.get_host_and_port())
    account = SellerAccount(5, visible_after=timedelta(0))
    infobase = Infobase(load_model("training"))
    fill_training(infobase)
    amazon, onec = StandIn(account), StandIn(infobase)
    with (
        tempfile.TemporaryDirectory(prefix="amazon1c-bench-") as folder,
        RunningServer(amazon) as shop,
        RunningServer(onec) as books,
    ):
        client = SqsQueue("arn:aws:sqs:eu-west-1:123456789012:orders", *KEYS, endpoint=aws)._client
        url = client.create_queue(QueueName="orders")["QueueUrl"]
        config = write_settings(Path(folder), shop.address, books.address + infobase.publication)
        queue = f'    notifications: {{queue: "arn:aws:sqs:eu-west-1:123456789012:orders", endpoint: {aws}}}\n'
        config.write_text(config.read_text(encoding="utf-8").rstrip() + "\n" + queue, encoding="utf-8")
        for name, value in zip(("aws-access-key-id", "aws-secret-access-key"), KEYS, strict=True):
            file = Path(folder) / "credentials" / name
            file.touch(0o600)
            file.write_text(value, encoding="utf-8")
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        service = subprocess.Popen(
            [sys.executable, "-m", "adapter", "run", "--config", str(config)],
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        ledger = Ledger.open(Path(folder) / "state")
        try:
            ages = [age(account, ledger, client, url, number) for number in range(ORDERS + 1)][1:]
        finally:
            ledger.close()
            service.terminate()
            service.wait()
            sqs.stop()
    print(
        f"{ORDERS} orders, one by one, from message to plan: median {statistics.median(ages):.2f} s, "
        f"worst {max(ages):.2f} s; searches at Amazon meanwhile: "
        f"{sum('/orders?' in entry.target for entry in amazon.log) - 1}"
    )


def age(account: SellerAccount, ledger: Ledger, client: object, url: str, number: int) -> float:
    """Seconds from the message to the plan; the first order also waits for the start of the service."""
    order_id = account.place_order("UNSHIPPED")
    message = order_change(
        account.order(order_id), account.seller_id, "subscription", f"note-{number}", account._clock()
    )
    begun = time.perf_counter()
    client.send_message(QueueUrl=url, MessageBody=json.dumps(message))  # type: ignore[attr-defined]
    while not ledger.entries.of_order(order_id):
        time.sleep(0.02)
    return time.perf_counter() - begun
