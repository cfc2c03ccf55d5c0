"""The service with a queue: messages over SQS's real protocol, orders in 1C, settings and credentials as installed."""

from __future__ import annotations

import json
import signal

import pytest

from adapter.simulators.amazon.order_change import order_change

QUEUE = """
    notifications: {{queue: "{arn}", endpoint: {address}}}
"""


@pytest.fixture
def with_queue(open_shop, aws):
    """A shop whose account has a queue."""
    shop = open_shop(5)
    arn = aws.make("orders")
    file = shop.folder / "adapter.yaml"
    file.write_text(file.read_text().rstrip() + QUEUE.format(arn=arn, address=aws.address), encoding="utf-8")
    for name, value in {"aws-access-key-id": "AKIAEXAMPLE", "aws-secret-access-key": "example-key"}.items():
        secret = shop.folder / "credentials" / name
        secret.write_text(value, encoding="utf-8")
        secret.chmod(0o600)
    shop.arn = arn
    return shop


def tell(shop, aws, order_id, number):
    order = shop.account.order(order_id)
    aws.put(shop.arn, order_change(order, shop.account.seller_id, "subscription", number, shop.account._clock()))


def place_order(shop):
    """An order whose customer is beyond doubt: Amazon tells no name, and the mapping has a customer for those."""
    order_id = shop.account.place_order("UNSHIPPED")
    order = shop.account.order(order_id)
    order.pop("buyer", None)
    order["recipient"]["deliveryAddress"].pop("name", None)
    shop.account.put(order)
    return order_id


def wait_for_document(shop, daemon, number):
    while not any(document["Number"] == number and document["Posted"] for document in shop.documents):
        daemon.wait_for("STATUS=last run")


def test_a_message_brings_its_order_into_1c(with_queue, aws, service):
    """The service would ask again in five minutes only: what comes sooner comes by the message."""
    shop = with_queue
    shop.account._book.visible_after *= 0
    daemon = service(shop.config).start()
    daemon.wait_for("STATUS=last run")
    before = len(shop.documents)
    aws.put(shop.arn, "not for us")
    order = place_order(shop)
    tell(shop, aws, order, "1")
    daemon.wait_for("STATUS=last run")
    wait_for_document(shop, daemon, order)
    assert len(shop.documents) == before + 1
    second = place_order(shop)
    tell(shop, aws, order, "1")
    tell(shop, aws, second, "2")
    wait_for_document(shop, daemon, second)
    daemon.process.send_signal(signal.SIGTERM)
    assert daemon.process.wait(timeout=10) == 0
    log = daemon.log()
    assert log[-1]["message"] == "stopped"
    assert [line["message"] for line in log if line["level"] != "INFO"] == [
        "queue orders: a message that is not for us stays in it (no JSON)"
    ]
    searches = [entry for entry in shop.amazon.log if entry.target.startswith("/orders/2026-01-01/orders?")]
    assert len(searches) == 1


def test_a_stop_does_not_wait_for_messages(with_queue, service):
    daemon = service(with_queue.config).start()
    daemon.wait_for("STATUS=last run")
    daemon.process.send_signal(signal.SIGTERM)
    daemon.wait_for("STOPPING=1")
    assert daemon.process.wait(timeout=9) == 0  # a request for messages takes ten seconds


@pytest.mark.parametrize("missing", ["aws-access-key-id", "aws-secret-access-key"])
def test_a_missing_key_is_told_at_the_start(with_queue, service, amazon1c, missing):
    (with_queue.folder / "credentials" / missing).unlink()
    assert missing in amazon1c("check", "-c", with_queue.config)[1]
    daemon = service(with_queue.config).start()
    assert daemon.process.wait(timeout=30) == 78


def test_a_queue_that_is_gone_leaves_polling(with_queue, aws, service):
    shop = with_queue
    shop.edit("adapter.yaml", ':orders"', ':nowhere"')
    daemon = service(shop.config).start()
    daemon.wait_for("STATUS=last run")
    assert shop.documents
    while not any(line["level"] == "ERROR" for line in daemon.log()):
        assert daemon.process.poll() is None
    daemon.process.send_signal(signal.SIGTERM)
    assert daemon.process.wait(timeout=10) == 0
    (trouble,) = [line for line in daemon.log() if line["level"] == "ERROR"]
    assert "queue nowhere: AWS refuses" in trouble["message"]


def test_one_set_of_keys_or_one_for_each_account(with_queue, amazon1c):
    shop = with_queue
    folder = shop.folder / "credentials"
    (folder / "aws-access-key-id").rename(folder / "aws-demo-access-key-id")
    (folder / "aws-secret-access-key").rename(folder / "aws-demo-secret-access-key")
    assert "aws" not in amazon1c("check", "-c", shop.config)[1]


def test_check_tells_in_json_too(with_queue, amazon1c):
    assert json.loads(amazon1c("check", "-c", with_queue.config, "--json")[1])["ok"] is True
