"""Messages of a queue: what they say is read, whatever else comes is foreign, and nothing breaks."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.amazon.messages import Foreign, NewSecret, OrderChange, SecretExpiry, read_message
from adapter.simulators.amazon import generate
from adapter.simulators.amazon.order_change import order_change

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def changed(**payload):
    order = generate(1, 1, AT)[0] | {"orderId": "302-1234567-1234567"}
    message = order_change(order, "A0SELLER", "sub", "note-1", AT)
    message["Payload"]["OrderChangeNotification"] |= payload
    return message


def about_application(kind, **payload):
    """As the application's own messages are spelt."""
    name = {"APPLICATION_OAUTH_CLIENT_NEW_SECRET": "applicationOAuthClientNewSecret"}.get(
        kind, "applicationOAuthClientSecretExpiry"
    )
    return {
        "notificationVersion": "1.0",
        "notificationType": kind,
        "payloadVersion": "2023-11-30",
        "eventTime": "2026-11-21T09:30:00Z",
        "payload": {name: {"clientId": "amzn1.application-oa2-client.1", **payload}},
        "notificationMetadata": {"applicationId": "amzn1.sp.solution.1", "notificationId": "note-2"},
    }


EXPIRY = about_application(
    "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY",
    clientSecretExpiryTime="2026-12-10T12:00:00.5Z",
    clientSecretExpiryReason="PERIODIC_ROTATION",
)
NEW = about_application(
    "APPLICATION_OAUTH_CLIENT_NEW_SECRET",
    newClientSecret="amzn1.oa2-cs.v1.fresh",
    newClientSecretExpiryTime="2027-05-20T00:00:00Z",
    oldClientSecretExpiryTime="2026-11-28T00:00:00Z",
)


@pytest.mark.parametrize(
    ("message", "read"),
    [
        (changed(), OrderChange("note-1", "A0SELLER", "302-1234567-1234567", "A1PA6795UKMFR9", AT)),
        (
            changed(OrderChangeTrigger={"TimeOfOrderChange": None, "ChangeReason": "?"}, OrderChangeType="NewKind"),
            OrderChange("note-1", "A0SELLER", "302-1234567-1234567", "A1PA6795UKMFR9", None),
        ),
        (
            changed(Summary={"OrderStatus": "UpComing"}),
            OrderChange("note-1", "A0SELLER", "302-1234567-1234567", "", AT),
        ),
        (
            EXPIRY,
            SecretExpiry(
                "note-2", "amzn1.application-oa2-client.1", datetime(2026, 12, 10, 12, 0, 0, 500000, tzinfo=UTC)
            ),
        ),
        (
            NEW,
            NewSecret(
                "note-2", "amzn1.application-oa2-client.1", "amzn1.oa2-cs.v1.fresh", datetime(2026, 11, 28, tzinfo=UTC)
            ),
        ),
        (changed(AmazonOrderId="../../v0/orders"), Foreign("ORDER_CHANGE of another form")),
        (changed(SellerId=7), Foreign("ORDER_CHANGE of another form")),
        (
            about_application("APPLICATION_OAUTH_CLIENT_NEW_SECRET"),
            Foreign("APPLICATION_OAUTH_CLIENT_NEW_SECRET of another form"),
        ),
        (changed() | {"NotificationType": "PRICING_HEALTH"}, Foreign("PRICING_HEALTH")),
        (changed() | {"NotificationType": "Anna Muster, Berlin"}, Foreign("no notification of Amazon")),
        ([], Foreign("no notification of Amazon")),
        (None, Foreign("no notification of Amazon")),
    ],
)
def test_what_a_message_says(message, read):
    if isinstance(read, OrderChange) and read.marketplace_id:
        message["Payload"]["OrderChangeNotification"]["Summary"]["MarketplaceId"] = read.marketplace_id
    assert read_message(json.dumps(message)) == read


def test_a_secret_is_never_shown():
    assert "fresh" not in repr(read_message(json.dumps(NEW)))


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '"', "\ud800", "nan"])
def test_what_is_no_message(text):
    assert isinstance(read_message(text), Foreign)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(
    message=st.sampled_from([changed(), EXPIRY, NEW]),
    path=st.lists(st.integers(0, 6), min_size=1, max_size=4),
    instead=anything,
)
def test_no_value_breaks_it(message, path, instead):
    """Any part of a message replaced by anything."""
    message = json.loads(json.dumps(message))
    place = message
    for step in path:
        names = sorted(place)
        name = names[step % len(names)]
        if not isinstance(place[name], dict) or not place[name] or step == path[-1]:
            place[name] = instead
            break
        place = place[name]
    read_message(json.dumps(message))
