"""Destinations, subscriptions and messages, each answer against Amazon's own model where a copy is at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft4Validator, Draft7Validator

MODELS = Path(__file__).parents[3].parent / "shared" / "spapi" / "models"
ARN = "arn:aws:sqs:eu-west-1:123456789012:orders"
QUEUE = {"name": "orders", "resourceSpecification": {"sqs": {"arn": ARN}}}
DESTINATIONS = "/notifications/v1/destinations"
SUBSCRIPTION = "/notifications/v1/subscriptions/ORDER_CHANGE"


def model(name):
    file = MODELS / name
    if not file.is_file():
        pytest.skip(f"no copy of Amazon's model {name} in a folder shared beside the checkout")
    return json.loads(file.read_text())


@pytest.fixture(scope="module")
def valid():
    """Checks a body against a definition of the Notifications API, if there is a copy of it."""
    definitions = model("notifications.json")["definitions"]

    def valid(definition, body):
        Draft4Validator({"$ref": f"#/definitions/{definition}", "definitions": definitions}).validate(body)

    return valid


@pytest.fixture
def subscribed(open_account):
    """An account whose changes of orders go into `caller.heard`."""
    caller = open_account()
    caller.heard = []
    caller.account.notifications.deliver = lambda arn, message: caller.heard.append((arn, message))
    made = caller.send("POST", DESTINATIONS, QUEUE, grantless=True)
    wish = {"payloadVersion": "1.0", "destinationId": made.body["payload"]["destinationId"]}
    assert caller.send("POST", SUBSCRIPTION, wish).status == 200
    return caller


def test_answers_have_the_form_of_the_model(open_account, valid):
    caller = open_account()
    made = caller.send("POST", DESTINATIONS, QUEUE, grantless=True)
    valid("CreateDestinationResponse", made.body)
    destination_id = made.body["payload"]["destinationId"]
    valid("GetDestinationsResponse", caller.send("GET", DESTINATIONS, grantless=True).body)
    valid("GetDestinationResponse", caller.send("GET", f"{DESTINATIONS}/{destination_id}", grantless=True).body)
    wish = {"payloadVersion": "1.0", "destinationId": destination_id}
    subscription = caller.send("POST", SUBSCRIPTION, wish)
    valid("CreateSubscriptionResponse", subscription.body)
    by_id = f"{SUBSCRIPTION}/{subscription.body['payload']['subscriptionId']}"
    valid("GetSubscriptionResponse", caller.send("GET", SUBSCRIPTION).body)
    valid("GetSubscriptionsResponse", caller.send("GET", "/notifications/v1/subscriptions").body)
    valid("GetSubscriptionByIdResponse", caller.send("GET", by_id, grantless=True).body)
    for answer in (caller.send("POST", SUBSCRIPTION, wish), caller.send("POST", DESTINATIONS, QUEUE, grantless=True)):
        assert answer.status == 409
        valid("CreateSubscriptionResponse", answer.body)
    valid("DeleteSubscriptionByIdResponse", caller.send("DELETE", by_id, grantless=True).body)
    valid("DeleteDestinationResponse", caller.send("DELETE", f"{DESTINATIONS}/{destination_id}", grantless=True).body)
    assert caller.send("GET", SUBSCRIPTION).status == 404
    assert caller.send("GET", DESTINATIONS, grantless=True).body == {"payload": []}


@pytest.mark.parametrize(
    ("method", "path", "grantless"),
    [("GET", DESTINATIONS, False), ("POST", DESTINATIONS, False), ("POST", SUBSCRIPTION, True)],
)
def test_each_operation_wants_its_kind_of_token(open_account, method, path, grantless):
    assert open_account().send(method, path, QUEUE, grantless=grantless).status == 403


@pytest.mark.parametrize(
    "resource",
    [
        {"sqs": {"arn": f"{ARN}.fifo"}},
        {"sqs": {"arn": "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"}},
        {"sqs": {"arn": ARN}, "eventBridge": {"region": "eu-west-1", "accountId": "1"}},
        {"sqs": {}},
        {},
    ],
    ids=["fifo", "an address", "two kinds", "no arn", "nothing"],
)
def test_what_is_no_destination(open_account, resource):
    wish = {"name": "orders", "resourceSpecification": resource}
    assert open_account().send("POST", DESTINATIONS, wish, grantless=True).status == 400


def test_a_destination_in_use_stays(subscribed):
    (destination,) = subscribed.send("GET", DESTINATIONS, grantless=True).body["payload"]
    address = f"{DESTINATIONS}/{destination['destinationId']}"
    assert subscribed.send("DELETE", address, grantless=True).status == 400


def test_every_change_of_an_order_is_told(subscribed):
    schema = Draft7Validator(model("OrderChangeNotification.json"))
    account = subscribed.account
    for status in ("PENDING", "UNSHIPPED"):
        order_id = account.place_order(status)
        account.change_status(order_id, "SHIPPED")
        account.cancel(order_id)
    assert [arn for arn, _ in subscribed.heard] == [ARN] * 6
    for _, message in subscribed.heard:
        schema.validate(message)
    ids = {message["NotificationMetadata"]["NotificationId"] for _, message in subscribed.heard}
    assert len(ids) == 6


def test_who_has_not_subscribed_hears_nothing(open_account):
    caller, heard = open_account(), []
    caller.account.notifications.deliver = lambda *message: heard.append(message)
    caller.account.place_order()
    assert heard == []


def test_a_test_notification(subscribed):
    (destination,) = subscribed.send("GET", DESTINATIONS, grantless=True).body["payload"]
    wish = {"destinationId": destination["destinationId"], "testNotification": {"payloadVersion": "1.0"}}
    address = f"{SUBSCRIPTION}/testNotification"
    assert subscribed.send("POST", address, wish, grantless=True).status == 400
    wish["testNotification"]["testScenario"] = "any"
    assert subscribed.send("POST", address, wish, grantless=True).status == 200
    assert [message["NotificationType"] for _, message in subscribed.heard] == ["ORDER_CHANGE"]
