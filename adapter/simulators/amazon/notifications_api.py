"""The operations of the Notifications API v1, and the messages that its subscriptions bring.

Source: SP-API model notifications. Nothing is sent anywhere from here: whoever wants the messages sets `deliver`.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from adapter.simulators.amazon.answers import ApiError, invalid_input
from adapter.simulators.amazon.order_book import Version
from adapter.simulators.amazon.order_change import APPLICATION, order_change
from adapter.simulators.amazon.routes import Call, Route
from adapter.simulators.amazon.wire import Wire
from adapter.simulators.server import Response

BASE = "/notifications/v1"
ORDER_CHANGE = "ORDER_CHANGE"
TYPES = frozenset({ORDER_CHANGE, "FEED_PROCESSING_FINISHED", "REPORT_PROCESSING_FINISHED", "TRANSACTION_UPDATE"})
"""Those that can be subscribed to here; messages about the application itself are set up in the developer console."""

ARN = re.compile(r"^arn:aws:sqs:\S+:\S+:\S+")
LONGEST_ARN = 1000

Deliver = Callable[[str, Wire], None]
"""Takes a message on its way to a queue, named by its ARN."""


@dataclass(frozen=True, slots=True)
class _Subscription:
    kind: str
    version: str
    destination_id: str


class NotificationsApi:
    """Destinations and subscriptions of one application and seller.

    Not safe for several threads: the account holds its lock.

    Attributes:
        deliver: is given every message; None drops them.
    """

    def __init__(self, seller_id: str) -> None:
        self.deliver: Deliver | None = None
        self._seller_id = seller_id
        self._destinations: dict[str, Wire] = {}
        self._subscriptions: dict[str, _Subscription] = {}
        self._made = 0

    def routes(self) -> tuple[Route, ...]:
        """The operations for the routing table."""
        one, subscription = f"{BASE}/destinations/{{id}}", f"{BASE}/subscriptions/{{type}}"
        return (
            Route("getDestinations", "GET", f"{BASE}/destinations", self.get_destinations, grantless=True),
            Route("createDestination", "POST", f"{BASE}/destinations", self.create_destination, grantless=True),
            Route("getDestination", "GET", one, self.get_destination, grantless=True),
            Route("deleteDestination", "DELETE", one, self.delete_destination, grantless=True),
            Route("getSubscriptions", "GET", f"{BASE}/subscriptions", self.get_subscriptions),
            Route("getSubscription", "GET", subscription, self.get_subscription),
            Route("createSubscription", "POST", subscription, self.create_subscription),
            Route("sendTestNotification", "POST", f"{subscription}/testNotification", self.send_test, grantless=True),
            Route("getSubscriptionById", "GET", f"{subscription}/{{id}}", self.get_subscription_by_id, grantless=True),
            Route("deleteSubscriptionById", "DELETE", f"{subscription}/{{id}}", self.delete_by_id, grantless=True),
        )  # fmt: skip

    def changed(self, version: Version) -> None:
        """An order has another version: those who have subscribed hear of it."""
        for subscription_id, subscription in self._subscriptions.items():
            if subscription.kind == ORDER_CHANGE and self.deliver is not None:
                self._made += 1
                message = order_change(
                    version.seen, self._seller_id, subscription_id, self._id("notification"), version.updated_at
                )
                self.deliver(self._arn(subscription), message)

    # -------------------- destinations

    def get_destinations(self, call: Call) -> Response:
        """GET /notifications/v1/destinations."""
        return _payload(list(self._destinations.values()))

    def get_destination(self, call: Call) -> Response:
        """GET /notifications/v1/destinations/{id}."""
        return _payload(self._destination(call.path["id"]))

    def create_destination(self, call: Call) -> Response:
        """POST /notifications/v1/destinations."""
        body = _body(call)
        name, specification = body.get("name"), body.get("resourceSpecification")
        if not isinstance(name, str) or not name or not isinstance(specification, dict):
            raise invalid_input("name and resourceSpecification are required.")
        if set(specification) != {"sqs"}:
            raise invalid_input("Use one resource type (sqs or eventBridge) per destination.")
        queue = specification["sqs"]
        arn = queue.get("arn") if isinstance(queue, dict) else None
        if not isinstance(arn, str) or not ARN.match(arn) or len(arn) > LONGEST_ARN:
            raise invalid_input("The ARN of the queue is invalid.")
        if arn.endswith(".fifo"):
            raise invalid_input("FIFO queues are not supported.")
        if any(known["resource"] == {"sqs": {"arn": arn}} for known in self._destinations.values()):
            raise ApiError(409, "A destination for this resource already exists.")
        self._made += 1
        destination_id = self._id("destination")
        made = {"name": name, "destinationId": destination_id, "resource": {"sqs": {"arn": arn}}}
        self._destinations[destination_id] = made
        return _payload(made)

    def delete_destination(self, call: Call) -> Response:
        """DELETE /notifications/v1/destinations/{id}."""
        destination_id = self._destination(call.path["id"])["destinationId"]
        if any(one.destination_id == destination_id for one in self._subscriptions.values()):
            raise invalid_input("The destination still has subscriptions.")
        del self._destinations[destination_id]
        return Response.json(200, {})

    # -------------------- subscriptions

    def get_subscriptions(self, call: Call) -> Response:
        """GET /notifications/v1/subscriptions."""
        found = [self._wire(one) for one in self._subscriptions]
        return _payload({"subscriptions": found})

    def get_subscription(self, call: Call) -> Response:
        """GET /notifications/v1/subscriptions/{type}."""
        kind = _kind(call)
        for subscription_id, known in self._subscriptions.items():
            if known.kind == kind:
                return _payload(self._wire(subscription_id))
        raise ApiError(404, "There is no subscription of this type.")

    def create_subscription(self, call: Call) -> Response:
        """POST /notifications/v1/subscriptions/{type}."""
        kind, body = _kind(call), _body(call)
        version, destination_id = body.get("payloadVersion"), body.get("destinationId")
        if version != "1.0" or not isinstance(destination_id, str):
            raise invalid_input("payloadVersion 1.0 and destinationId are required.")
        self._destination(destination_id)
        if any((known.kind, known.version) == (kind, version) for known in self._subscriptions.values()):
            raise ApiError(409, "A subscription of this type already exists.")
        self._made += 1
        subscription_id = self._id("subscription")
        self._subscriptions[subscription_id] = _Subscription(kind, version, destination_id)
        return _payload(self._wire(subscription_id))

    def get_subscription_by_id(self, call: Call) -> Response:
        """GET /notifications/v1/subscriptions/{type}/{id}."""
        return _payload(self._wire(self._subscription_id(call)))

    def delete_by_id(self, call: Call) -> Response:
        """DELETE /notifications/v1/subscriptions/{type}/{id}."""
        del self._subscriptions[self._subscription_id(call)]
        return Response.json(200, {})

    def send_test(self, call: Call) -> Response:
        """POST /notifications/v1/subscriptions/{type}/testNotification."""
        kind, body = _kind(call), _body(call)
        test = body.get("testNotification")
        if not isinstance(test, dict) or not test.get("testScenario"):
            raise invalid_input("testScenario is required.")
        arn = self._destination(str(body.get("destinationId")))["resource"]["sqs"]["arn"]
        if self.deliver is not None:
            self._made += 1
            self.deliver(arn, _test_message(kind, self._id("notification"), call.now))
        return Response.json(200, {})

    # -------------------- what there is

    def _destination(self, destination_id: str) -> Wire:
        if destination_id not in self._destinations:
            raise ApiError(404, "There is no such destination.")
        return self._destinations[destination_id]

    def _subscription_id(self, call: Call) -> str:
        found = self._subscriptions.get(call.path["id"])
        if found is None or found.kind != _kind(call):
            raise ApiError(404, "There is no such subscription.")
        return call.path["id"]

    def _wire(self, subscription_id: str) -> Wire:
        known = self._subscriptions[subscription_id]
        return {
            "subscriptionId": subscription_id,
            "payloadVersion": known.version,
            "destinationId": known.destination_id,
        }

    def _arn(self, subscription: _Subscription) -> str:
        return str(self._destinations[subscription.destination_id]["resource"]["sqs"]["arn"])

    def _id(self, kind: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self._seller_id}/{kind}/{self._made}"))


def _kind(call: Call) -> str:
    kind = call.path["type"]
    if kind not in TYPES:
        raise invalid_input(f"{kind} is no type of notifications.")
    return kind


def _payload(data: object) -> Response:
    return Response.json(200, {"payload": data})


def _body(call: Call) -> Wire:
    try:
        body = json.loads(call.request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise invalid_input("The body must be a JSON object.")
    return body


def _test_message(kind: str, notification_id: str, now: datetime) -> Wire:
    """A message of a type without a content that would mean anything."""
    moment = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "NotificationVersion": "1.0",
        "NotificationType": kind,
        "PayloadVersion": "1.0",
        "EventTime": moment,
        "Payload": {},
        "NotificationMetadata": {
            "ApplicationId": APPLICATION,
            "SubscriptionId": "",
            "PublishTime": moment,
            "NotificationId": notification_id,
        },
    }
