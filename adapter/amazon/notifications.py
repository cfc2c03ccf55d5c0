"""The Notifications API v1: where Amazon sends messages (destinations), and which (subscriptions).

Source: SP-API model notifications. Destinations belong to the application, subscriptions to a seller and application;
a seller has one subscription of a type and payload version.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from adapter.amazon.calls import Calls, TokenSource
from adapter.amazon.errors import BadAnswer
from adapter.errors import Refused

_BASE = "/notifications/v1"
PAYLOAD_VERSION = "1.0"
QUEUE_ARN = re.compile(r"arn:aws:sqs:([a-z]{2}(?:-[a-z]+)+-\d):(\d{12}):([A-Za-z0-9_-]{1,80})")
"""The name of a standard queue: region, account, name. Queues in order (`.fifo`) are not served by Amazon."""


class AlreadyThere(Refused):
    """Somebody has made it meanwhile (409)."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A queue that Amazon may send to; `arn` is empty for another kind of destination."""

    destination_id: str
    name: str
    arn: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """A type of messages on its way to a destination."""

    subscription_id: str
    destination_id: str
    payload_version: str


class Notifications:
    """Destinations and subscriptions of one seller account. Every method raises what `Calls.send` raises.

    Args:
        grantless: tokens of the application itself, with the scope for notifications.
    """

    def __init__(self, calls: Calls, grantless: TokenSource) -> None:
        self._calls = calls
        self._grantless = grantless

    def destinations(self) -> tuple[Destination, ...]:
        """All destinations of the application in this region."""
        what = self._calls.what("getDestinations")
        answer = self._calls.send("getDestinations", "GET", f"{_BASE}/destinations", what, tokens=self._grantless)
        found = self._calls.data(answer, what).get("payload")
        return tuple(_destination(one, what) for one in (found if isinstance(found, list) else ()))

    def create_destination(self, name: str, arn: str) -> Destination:
        """Make a queue known to Amazon.

        Raises:
            AlreadyThere: it is known.
            BadRequest: Amazon may not send to this queue, or it is not of the right kind.
        """
        what = self._calls.what("createDestination")
        body = {"name": name, "resourceSpecification": {"sqs": {"arn": arn}}}
        return _destination(self._create("createDestination", "destinations", body, what, self._grantless), what)

    def delete_destination(self, destination_id: str) -> bool:
        """Whether there was one to delete."""
        return self._delete("deleteDestination", f"destinations/{quote(destination_id, safe='')}")

    def subscription(self, kind: str) -> Subscription | None:
        """The seller's subscription of this type."""
        what = self._calls.what("getSubscription", kind)
        answer = self._calls.send("getSubscription", "GET", _subscriptions(kind), what)
        if answer.status == 404 and not answer.is_html:
            return None
        return _subscription(self._calls.data(answer, what).get("payload"), what)

    def subscribe(self, kind: str, destination_id: str) -> Subscription:
        """Have messages of this type about the seller sent to a destination.

        Raises:
            AlreadyThere: the seller has a subscription of this type.
        """
        what = self._calls.what("createSubscription", kind)
        body = {"payloadVersion": PAYLOAD_VERSION, "destinationId": destination_id}
        return _subscription(self._create("createSubscription", f"subscriptions/{kind}", body, what, None), what)

    def unsubscribe(self, kind: str, subscription_id: str) -> bool:
        """Whether there was one to delete."""
        return self._delete("deleteSubscriptionById", f"subscriptions/{kind}/{quote(subscription_id, safe='')}")

    def _create(
        self, operation: str, path: str, body: Mapping[str, Any], what: str, tokens: TokenSource | None
    ) -> object:
        # A second attempt meets at worst what the first has made, and says so.
        answer = self._calls.send(operation, "POST", f"{_BASE}/{path}", what, body=body, tokens=tokens)
        if answer.status == 409 and not answer.is_html:
            raise AlreadyThere(f"{what}: Amazon has one already")
        return self._calls.data(answer, what).get("payload")

    def _delete(self, operation: str, path: str) -> bool:
        what = self._calls.what(operation)
        answer = self._calls.send(operation, "DELETE", f"{_BASE}/{path}", what, tokens=self._grantless)
        if answer.status == 404 and not answer.is_html:
            return False
        self._calls.demand_success(answer, what)
        return True


def _subscriptions(kind: str) -> str:
    return f"{_BASE}/subscriptions/{kind}?payloadVersion={PAYLOAD_VERSION}"


def _destination(data: object, what: str) -> Destination:
    if isinstance(data, Mapping) and isinstance(data.get("destinationId"), str):
        resource = data.get("resource")
        queue = resource.get("sqs") if isinstance(resource, Mapping) else None
        arn = queue.get("arn") if isinstance(queue, Mapping) else None
        return Destination(data["destinationId"], str(data.get("name") or ""), arn if isinstance(arn, str) else "")
    raise BadAnswer(f"{what}: the answer holds no destination")


def _subscription(data: object, what: str) -> Subscription:
    if isinstance(data, Mapping):
        values = [data.get(name) for name in ("subscriptionId", "destinationId")]
        if all(isinstance(value, str) and value for value in values):
            return Subscription(str(values[0]), str(values[1]), str(data.get("payloadVersion") or ""))
    raise BadAnswer(f"{what}: the answer holds no subscription")
