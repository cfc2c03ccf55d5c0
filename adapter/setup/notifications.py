"""Has Amazon tell of changed orders: destination and subscription made, looked at, or ended; each may be repeated."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from adapter.amazon.errors import BadRequest, Throttled
from adapter.amazon.marketplaces import Region
from adapter.amazon.messages import ORDER_CHANGE
from adapter.amazon.notifications import AlreadyThere, Destination, Notifications
from adapter.errors import Refused, Unavailable
from adapter.settings import NotificationSettings

# Source: SP-API documentation, "SP-API endpoints": the AWS region behind each endpoint.
AWS_REGIONS = {Region.NA: "us-east-1", Region.EU: "eu-west-1", Region.FE: "us-west-2"}
_TRIES = 5
_T = TypeVar("_T")


def queue_policy(queues: Sequence[NotificationSettings]) -> dict[str, Any]:
    """What to set as policy of a queue, so that Amazon can send to it. `queues` are the same queue's settings.

    Source: SP-API documentation, "Set up notifications": SendMessage and GetQueueAttributes for Amazon's AWS account.
    """
    senders = sorted({queue.sender for queue in queues})
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AmazonSellingPartnerNotifications",
                "Effect": "Allow",
                "Principal": {"AWS": [f"arn:aws:iam::{sender}:root" for sender in senders]},
                "Action": ["sqs:SendMessage", "sqs:GetQueueAttributes"],
                "Resource": queues[0].queue,
            }
        ],
    }


def policy_text(queues: Sequence[NotificationSettings]) -> str:
    """The policy with what is sure about it and what is not."""
    return "\n".join(
        (
            f"Policy of the queue {queues[0].queue}, to be set first, in the AWS console (SQS, Access policy);",
            "keep the statements that it has already:",
            "",
            json.dumps(queue_policy(queues), indent=2),
            "",
            "Sure: the two actions, and that 437568002678 is the account that Amazon's own guide names.",
            "Not sure: whether Amazon sends from other AWS accounts in some regions (507733088537 for EU and",
            "137659890050 for FE have been seen elsewhere). If no messages come, compare with Amazon's current guide",
            "and write the account into the settings (notifications.sender). If the queue is encrypted with a key of",
            "your own (KMS), allow this account kms:GenerateDataKey and kms:Decrypt on that key too.",
        )
    )


def region_hint(region: str, queue: str) -> str | None:
    """A word about a queue in an unusual region of AWS; None where it is the usual one."""
    usual, given = AWS_REGIONS[Region(region)], queue.split(":")[3]
    if given == usual:
        return None
    return f"the queue is in {given}, Amazon serves {region} from {usual}; make a queue there if this one is refused"


@dataclass(frozen=True, slots=True)
class Found:
    """How an account stands: `destination` and `subscribed` for the queue of the settings, `elsewhere` another one."""

    destination: Destination | None
    subscription_id: str | None
    elsewhere: str | None = None

    @property
    def complete(self) -> bool:
        """Whether changed orders are told of in the queue of the settings."""
        return self.destination is not None and self.subscription_id is not None and self.elsewhere is None


class Subscribing:
    """Sets up the queue of one account.

    Args:
        sleep: waits so many seconds until Amazon allows the next call.
    """

    def __init__(self, api: Notifications, arn: str, sleep: Callable[[float], None]) -> None:
        self._api = api
        self._arn = arn
        self._sleep = sleep

    def look(self) -> Found:
        """How it stands now."""
        known = self._patiently(self._api.destinations)
        ours = next((one for one in known if one.arn == self._arn), None)
        subscription = self._patiently(lambda: self._api.subscription(ORDER_CHANGE))
        if subscription is None:
            return Found(ours, None)
        if ours is not None and subscription.destination_id == ours.destination_id:
            return Found(ours, subscription.subscription_id)
        other = next((one for one in known if one.destination_id == subscription.destination_id), None)
        place = (other.arn or other.name) if other else subscription.destination_id
        return Found(ours, subscription.subscription_id, place)

    def set_up(self) -> tuple[str, ...]:
        """Make what is missing.

        Returns:
            What was done, in words; nothing if all was there.

        Raises:
            Refused: the seller's messages go to another queue.
            BadRequest: Amazon may not use the queue.
        """
        found = self.look()
        if found.elsewhere is not None:
            raise Refused(
                f"Amazon already tells of this seller's orders in {found.elsewhere}; end that first (amazon1c "
                "notifications remove), or name that queue in the settings"
            )
        done = []
        destination = found.destination
        if destination is None:
            destination = self._patiently(self._make_destination)
            done.append(f"destination made ({destination.destination_id})")
        if found.subscription_id is None:
            there = destination.destination_id
            try:
                made = self._patiently(lambda: self._api.subscribe(ORDER_CHANGE, there))
                done.append(f"subscription to {ORDER_CHANGE} made ({made.subscription_id})")
            except AlreadyThere:
                if not self.look().complete:
                    raise
                done.append(f"subscription to {ORDER_CHANGE} made")
        return tuple(done)

    def remove(self, *, destination: bool) -> tuple[str, ...]:
        """End the subscription, and with `destination` Amazon's knowledge of the queue, which other sellers may use.

        Returns:
            What was done, in words.
        """
        found = self.look()
        done = []
        if (subscription := found.subscription_id) is not None and self._patiently(
            lambda: self._api.unsubscribe(ORDER_CHANGE, subscription)
        ):
            done.append(f"subscription to {ORDER_CHANGE} ended")
        if (
            destination
            and (ours := found.destination) is not None
            and self._patiently(lambda: self._api.delete_destination(ours.destination_id))
        ):
            done.append("destination deleted")
        return tuple(done)

    def _make_destination(self) -> Destination:
        try:
            return self._api.create_destination(f"amazon1c-{self._arn.rpartition(':')[2]}", self._arn)
        except AlreadyThere:
            # The answer to an attempt of ours was lost, or somebody else was quicker.
            for known in self._api.destinations():
                if known.arn == self._arn:
                    return known
            raise
        except BadRequest as problem:
            raise BadRequest(f"{problem}. Has the queue the policy above, and is it a standard queue?") from problem

    def _patiently(self, call: Callable[[], _T]) -> _T:
        for _ in range(_TRIES):
            try:
                return call()
            except Throttled as later:
                self._sleep(later.seconds)
        raise Unavailable("Amazon allows no more calls at present; later")
