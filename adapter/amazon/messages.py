"""Notifications as they lie in a queue: what each message says, in as few words as we need of it.

Amazon writes the envelope in two spellings: `NotificationType` for changes of orders, `notificationType` for messages
about the application. Sources: SP-API schema OrderChangeNotification; SP-API use case guide of the Application
Management API 2023-11-30, which describes the messages about client secrets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from adapter.amazon.times import read_time

ORDER_CHANGE = "ORDER_CHANGE"
SECRET_EXPIRY = "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY"  # noqa: S105 - names of notifications
NEW_SECRET = "APPLICATION_OAUTH_CLIENT_NEW_SECRET"  # noqa: S105

_TYPE = re.compile(r"[A-Z][A-Z0-9_]{0,79}")
_ORDER_ID = re.compile(r"[0-9A-Z]{3}-[0-9]{7}-[0-9]{7}")


@dataclass(frozen=True, slots=True)
class Received:
    """A message as a queue gave it: `receipt` deletes it. The body may hold a postal code or a secret."""

    receipt: str
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OrderChange:
    """Something about an order is different; what, the order itself will tell.

    Attributes:
        marketplace_id: empty where the message names none.
        changed_at: aware, UTC; None where Amazon knows none.
    """

    notification_id: str
    seller_id: str
    order_id: str
    marketplace_id: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SecretExpiry:
    """A client secret ends at `expires_at`, aware, UTC."""

    notification_id: str
    client_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A new client secret; the old one is good until `old_expires_at`, aware, UTC, where Amazon says when."""

    notification_id: str
    client_id: str
    secret: str = field(repr=False)
    old_expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Foreign:
    """A message that is not for us, or that cannot be read; `kind` may stand in a log, the message may not."""

    kind: str


Message: TypeAlias = OrderChange | SecretExpiry | NewSecret | Foreign


def read_message(body: str) -> Message:
    """What a message says. Never fails: whatever it cannot read is `Foreign`."""
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        return Foreign("no JSON")
    kind = _text(envelope, "NotificationType")
    notification_id = _text(_value(envelope, "NotificationMetadata"), "NotificationId")
    payload = _value(envelope, "Payload")
    if kind == ORDER_CHANGE:
        found: Message | None = _order_change(notification_id, _value(payload, "OrderChangeNotification"))
    elif kind == SECRET_EXPIRY:
        found = _secret_expiry(notification_id, _value(payload, "ApplicationOAuthClientSecretExpiry"))
    elif kind == NEW_SECRET:
        found = _new_secret(notification_id, _value(payload, "ApplicationOAuthClientNewSecret"))
    else:
        return Foreign(kind if _TYPE.fullmatch(kind) else "no notification of Amazon")
    return found or Foreign(f"{kind} of another form")


def _order_change(notification_id: str, change: Any) -> OrderChange | None:
    seller_id, order_id = _text(change, "SellerId"), _text(change, "AmazonOrderId")
    # The id becomes part of an address and of a message: nothing else than an id may.
    if not seller_id or not _ORDER_ID.fullmatch(order_id):
        return None
    return OrderChange(
        notification_id,
        seller_id,
        order_id,
        _text(_value(change, "Summary"), "MarketplaceId"),
        read_time(_value(_value(change, "OrderChangeTrigger"), "TimeOfOrderChange")),
    )


def _secret_expiry(notification_id: str, told: Any) -> SecretExpiry | None:
    client_id, expires_at = _text(told, "ClientId"), read_time(_value(told, "ClientSecretExpiryTime"))
    return SecretExpiry(notification_id, client_id, expires_at) if client_id and expires_at else None


def _new_secret(notification_id: str, told: Any) -> NewSecret | None:
    client_id, secret = _text(told, "ClientId"), _text(told, "NewClientSecret")
    if not client_id or not secret or not secret.isascii() or not secret.isprintable():
        return None
    return NewSecret(notification_id, client_id, secret, read_time(_value(told, "OldClientSecretExpiryTime")))


def _value(data: Any, name: str) -> Any:
    """A member in either spelling: with a capital first letter or without."""
    if not isinstance(data, Mapping):
        return None
    return data.get(name, data.get(name[0].lower() + name[1:]))


def _text(data: Any, name: str) -> str:
    value = _value(data, name)
    return value if isinstance(value, str) else ""
