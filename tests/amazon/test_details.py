"""Every block of the Orders API that no sum depends on; what is odd in it counts as absent and holds nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.amazon.details import line_details, read_details
from adapter.amazon.read import read_order
from adapter.amazon.saved import read_saved
from adapter.model.details import NO_DETAILS, NO_LINE_DETAILS, LineDetails, OrderDetails, Package
from adapter.model.money import Money

ORDER: dict[str, Any] = {
    "orderId": "302-1234567-1234567",
    "createdTime": "2026-05-01T08:00:00.000Z",
    "lastUpdatedTime": "2026-05-01T08:00:00.000Z",
    "salesChannel": {"channelName": "AMAZON"},
    "recipient": {
        "deliveryAddress": {"districtOrCounty": "Mitte", "addressType": "PICKUP_POINT"},
        "deliveryPreference": {"dropOffLocation": "Porch", "addressInstruction": "Ring twice"},
    },
    "tax": {
        "taxRegistrations": [
            {"entityType": "MARKETPLACE", "taxRegistrationAddress": {"city": "Luxembourg"}},
            {
                "entityType": "BUYER",
                "taxRegistrationNumber": "1",
                "taxRegistrationAddress": {
                    "name": "ACME Inc.", "addressLine1": "Street 2", "postalCode": "34000", "city": "Istanbul",
                    "countryCode": "TR",
                },
                "taxRegistrationAttributes": [
                    {"key": "OTHER", "value": "?"}, {"key": "TAX_OFFICE", "value": "Kadikoy"}
                ],
            },
        ],
        "taxInvoicing": {"buyerInvoicePreference": "BUSINESS", "invoiceStatus": "ACCEPTED"},
    },
    "fulfillment": {
        "fulfillmentStatus": "SHIPPED",
        "shipByWindow": {"earliestDateTime": "2026-05-01T22:00:00.000Z"},
        "deliverByWindow": {"earliestDateTime": "2026-05-03T22:00:00.000Z"},
    },
    "packages": [
        {
            "packageReferenceId": "1", "carrier": "DHL", "shippingService": "Paket", "trackingNumber": "T1",
            "shipTime": "2026-05-02T08:00:00.000Z", "packageStatus": {"status": "SHIPPED"},
            "packageItems": [{"orderItemId": "11", "quantity": 1}],
        },
        {"packageReferenceId": "2"},
    ],
    "fulfillmentOrders": [{"fulfillmentOrderId": "E1"}, {"fulfillmentOrderId": "E1"}, {}],
    "orderItems": [
        {
            "orderItemId": "11",
            "quantityOrdered": 1,
            "measurement": {"unit": "KILOGRAMS", "value": 1.5},
            "product": {
                "condition": {"conditionType": "NEW"},
                "serialNumbers": ["S1", "S2"],
                "customization": {"customizedUrl": "https://amazon.test/c"},
            },
            "expense": {
                "pointsCost": {
                    "pointsGranted": {
                        "pointsNumber": 5, "pointsMonetaryValue": {"amount": "5", "currencyCode": "JPY"}
                    }
                }
            },
            "promotion": {"breakdowns": [{"promotionId": "P1"}, {"promotionId": "P1"}, {"promotionId": "P2"}]},
            "cancellation": {"cancellationExecution": {"cancelledBy": "BUYER", "cancelReason": "?"}},
            "fulfillment": {
                "packing": {"giftOption": {"giftMessage": "Enjoy!", "giftWrapLevel": "PREMIUM"}},
                "shipping": {"internationalShipping": {"iossNumber": "IM0000000001"}},
            },
            "tax": {
                "taxCalculationBreakdowns": [{"reportingScheme": "IOSS"}],
                "taxCollections": [{"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon Services, Inc."}],
            },
        },
        {"orderItemId": "12", "quantityOrdered": 1, "product": {}},
    ],
}  # fmt: skip
DETAILS = OrderDetails(
    ship_not_before=datetime(2026, 5, 1, 22, tzinfo=UTC),
    deliver_not_before=datetime(2026, 5, 3, 22, tzinfo=UTC),
    invoice_status="ACCEPTED",
    invoice_preference="BUSINESS",
    tax_address="ACME Inc., Street 2, 34000, Istanbul, TR",
    tax_office="Kadikoy",
    cancelled_by="BUYER",
    packages=(
        Package("1", "SHIPPED", "DHL", "Paket", "T1", datetime(2026, 5, 2, 8, tzinfo=UTC)),
        Package("2"),
    ),
    fulfillment_orders=("E1",),
    district="Mitte",
    address_type="PICKUP_POINT",
    instructions="Porch, Ring twice",
)
LINE = LineDetails(
    condition="NEW",
    serial_numbers=("S1", "S2"),
    promotions=("P1", "P2"),
    points=5,
    points_value=Money(Decimal("5"), "JPY"),
    tax_scheme="IOSS",
    tax_collector="Amazon Services, Inc.",
    ioss="IM0000000001",
    measure=Decimal("1.5"),
    measure_unit="KILOGRAMS",
    gift_wrap="PREMIUM",
    gift_message="Enjoy!",
    customization="https://amazon.test/c",
)


def test_every_block():
    assert read_details(ORDER) == DETAILS
    order = read_order(json.dumps(ORDER), "de", "A1")
    assert order.details == DETAILS
    assert [line.details for line in order.lines] == [LINE, NO_LINE_DETAILS]


def test_nothing_told():
    assert read_details({}) == NO_DETAILS
    assert line_details({"orderItems": [{"orderItemId": "1"}]}) == {"1": NO_LINE_DETAILS}


def test_lines_keep_their_own_details():
    """A line that cannot be read is left out, with a doubt, and does not shift the others."""
    odd = ORDER | {"orderItems": [7, {"orderItemId": "12"}, ORDER["orderItems"][0]]}
    order = read_order(odd, "de", "A1")
    assert {line.line_id: line.details for line in order.lines} == {"12": NO_LINE_DETAILS, "11": LINE}


def broken(data: Any) -> list[Any]:
    """The order with each of its values replaced by something else, one at a time."""
    if isinstance(data, dict):
        parts: list[Any] = [{**data, name: odd} for name, value in data.items() for odd in (*broken(value), 7, "?", [])]
        return parts
    if isinstance(data, list):
        return [[*data[:at], odd, *data[at + 1 :]] for at, value in enumerate(data) for odd in (*broken(value), None)]
    return [{}, None, True]


def test_odd_details_never_fail():
    for odd in broken(ORDER):
        read_details(odd)
        line_details(odd)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["tax", "orderItems", "packages", "recipient", "product", "value", "breakdowns"]), inner
            )
        ),
    )
)
def test_anything_at_all(data):
    details = read_details({"orderItems": [data], "tax": data, "packages": data, "recipient": data})
    assert isinstance(details, OrderDetails)


@pytest.mark.parametrize("path", ["invoice_status", "cancelled_by", "packages"])
def test_an_odd_detail_is_no_doubt(path):
    parts: dict[str, Any] = {
        "invoice_status": {"tax": {"taxInvoicing": {"invoiceStatus": ["ACCEPTED"]}}},
        "cancelled_by": {"orderItems": [{"orderItemId": "11", "cancellation": {"cancellationExecution": 5}}]},
        "packages": {"packages": "none"},
    }
    before, after = read_order(ORDER, "de", "A1"), read_order(ORDER | parts[path], "de", "A1")
    assert getattr(after.details, path) in (None, ())
    assert not any("unexpected" in doubt and path in doubt for doubt in set(after.doubts) - set(before.doubts))


def test_amazons_own_answers_have_details(model_text):
    """Points of Japan, a store pick-up, promotions: all in the official sandbox answers."""
    orders = [read_order(order.content, "x", "A1") for order in read_saved(model_text)]
    assert any(order.details != replace(NO_DETAILS) for order in orders)
    assert any(line.details.condition for order in orders for line in order.lines)
