from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.amazon.errors import UnreadableOrder
from adapter.amazon.read import read_order
from adapter.errors import Refused
from adapter.model.details import NO_DETAILS, NO_LINE_DETAILS
from adapter.model.money import Money
from adapter.model.order import (
    Address,
    Buyer,
    Charge,
    ChargeKind,
    Marketplace,
    Order,
    OrderLine,
    TaxRegistration,
)
from adapter.model.proof import prove

EUR_20 = {"amount": "20.00", "currencyCode": "EUR"}
ORDER: dict[str, Any] = {
    "orderId": "302-1234567-1234567",
    "orderAliases": [{"aliasId": "other", "aliasType": "X"}, {"aliasId": "WEB-1", "aliasType": "SELLER_ORDER_ID"}],
    "createdTime": "2026-05-01T08:00:00.123Z",
    "lastUpdatedTime": "2026-05-01T12:00:00+02:00",
    "programs": ["PRIME", "SOMETHING_NEW"],
    "associatedOrders": [],
    "salesChannel": {"channelName": "AMAZON", "marketplaceId": "A1PA6795UKMFR9", "marketplaceName": "Amazon.de"},
    "buyer": {
        "buyerName": "  Jana\tNovák ",
        "buyerEmail": "x1@marketplace.amazon.de",
        "buyerCompanyName": "Novák s.r.o.",
        "buyerPurchaseOrderNumber": "PO-7",
    },
    "recipient": {
        "deliveryAddress": {
            "name": "J. Novák",
            "companyName": "",
            "addressLine1": "Lange Gasse 5",
            "addressLine2": " ",
            "addressLine3": "Hinterhaus",
            "city": "Berlin",
            "stateOrRegion": "Berlin",
            "postalCode": "01069",
            "countryCode": "de",
            "phone": "+49 30 1",
            "addressType": "RESIDENTIAL",
        }
    },
    "proceeds": {"grandTotal": EUR_20},
    "payment": {
        "paymentExecutions": [
            {"paymentMethod": "CreditCard", "paymentAmount": EUR_20},
            {"paymentMethod": "GiftCard"},
            {"paymentMethod": "CreditCard"},
        ]
    },
    "tax": {
        "taxRegistrations": [
            {"entityType": "MERCHANT", "taxRegistrationType": "VAT", "taxRegistrationNumber": "DE1"},
            {"entityType": "BUYER", "taxRegistrationType": "VAT", "taxRegistrationNumber": "CZ2", "legalName": "Novák"},
            {"entityType": "BUYER", "taxRegistrationType": "CPF"},
        ]
    },
    "fulfillment": {
        "fulfillmentStatus": "UNSHIPPED",
        "fulfilledBy": "MERCHANT",
        "fulfillmentServiceLevel": "NEXT_DAY",
        "shipByWindow": {"earliestDateTime": "2026-05-01T22:00:00Z", "latestDateTime": "2026-05-02T21:59:59Z"},
        "deliverByWindow": {"latestDateTime": "2026-05-04T21:59:59Z"},
    },
    "orderItems": [
        {
            "orderItemId": "11",
            "quantityOrdered": 2,
            "product": {
                "asin": "B000000001",
                "title": "Tea\u0000pot",
                "sellerSku": "TK-20",
                "price": {"unitPrice": {"amount": "10.00", "currencyCode": "EUR"}},
            },
            "proceeds": {"proceedsTotal": EUR_20, "breakdowns": [{"type": "ITEM", "subtotal": EUR_20}]},
            "fulfillment": {"quantityFulfilled": 1, "quantityUnfulfilled": 1},
            "cancellation": {"cancellationRequest": {"requester": "BUYER", "cancelReason": "too late"}},
        }
    ],
    "somethingNew": {"a": [1, 2.5, None]},
}


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


READ = Order(
    order_id="302-1234567-1234567",
    account="de",
    seller_id="A1SELLER",
    status="UNSHIPPED",
    purchased_at=datetime(2026, 5, 1, 8, tzinfo=UTC),
    updated_at=datetime(2026, 5, 1, 10, tzinfo=UTC),
    lines=(
        OrderLine(
            line_id="11",
            quantity=2,
            sku="TK-20",
            asin="B000000001",
            title="Tea pot",
            shop_price=eur("10.00"),
            charges=(Charge(ChargeKind.GOODS, eur("20.00")),),
            total=eur("20.00"),
            quantity_shipped=1,
            cancel_requested=True,
        ),
    ),
    total=eur("20.00"),
    fulfilled_by="MERCHANT",
    channel="AMAZON",
    marketplace=Marketplace("A1PA6795UKMFR9", "Amazon.de", "DE", "EUR"),
    buyer=Buyer(
        name="Jana Novák",
        email="x1@marketplace.amazon.de",
        company="Novák s.r.o.",
        purchase_order="PO-7",
        tax_registrations=(TaxRegistration("VAT", "CZ2", "Novák"),),
    ),
    ship_to=Address(
        name="J. Novák",
        street="Lange Gasse 5, Hinterhaus",
        city="Berlin",
        region="Berlin",
        postal_code="01069",
        country="DE",
        phone="+49 30 1",
    ),
    seller_order_id="WEB-1",
    service_level="NEXT_DAY",
    ship_by=datetime(2026, 5, 2, 21, 59, 59, tzinfo=UTC),
    deliver_by=datetime(2026, 5, 4, 21, 59, 59, tzinfo=UTC),
    programs=("PRIME", "SOMETHING_NEW"),
    payment_methods=("CreditCard", "GiftCard"),
)
MISSING = object()


def changed(path: str, value: Any) -> dict[str, Any]:
    """ORDER with one value replaced or taken out; `path` as in `orderItems.0.product.asin`."""
    order: dict[str, Any] = json.loads(json.dumps(ORDER))
    *way, last = (int(name) if name.isdigit() else name for name in path.split("."))
    place: Any = order
    for name in way:
        place = place[name]
    if value is MISSING:
        del place[last]
    else:
        place[last] = value
    return order


def read(content: Any) -> Order:
    """The order without its details, which have tests of their own."""
    order = read_order(content, "de", "A1SELLER")
    lines = tuple(replace(line, details=NO_LINE_DETAILS) for line in order.lines)
    return replace(order, lines=lines, details=NO_DETAILS)


@pytest.mark.parametrize(
    ("tax", "collected"),
    [
        ({"taxCollections": [{"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon"}]}, True),
        ({"taxCalculationBreakdowns": [{"reportingScheme": "IOSS"}]}, True),
        ({"taxCollections": [], "taxCalculationBreakdowns": []}, False),
        (MISSING, False),
    ],
    ids=["facilitator", "IOSS", "nobody said", "nothing"],
)
def test_tax_that_amazon_collects(tax, collected):
    """Told even where there is no tax to collect."""
    content = ORDER if tax is MISSING else changed("orderItems.0.tax", tax)
    order = read(content)
    assert (order.tax_collected, [line.tax_collected for line in order.lines]) == (collected, [collected])


def test_a_whole_order():
    assert read(ORDER) == READ
    assert read(json.dumps(ORDER)) == READ


def test_an_order_with_the_bare_minimum():
    order = read(
        {
            "orderId": "1",
            "createdTime": "2026-05-01T08:00:00Z",
            "lastUpdatedTime": "2026-05-01T08:00:00Z",
            "salesChannel": {"channelName": "AMAZON"},
            "fulfillment": {"fulfillmentStatus": "PENDING"},
            "orderItems": [{"orderItemId": "11", "quantityOrdered": 1, "product": {}}],
        }
    )
    moment = datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert order == Order(
        "1",
        "de",
        "A1SELLER",
        "PENDING",
        moment,
        moment,
        (OrderLine("11", 1),),
        channel="AMAZON",
        marketplace=Marketplace(),
    )
    assert order.currency is None


LINE = READ.lines[0]
NO_ADDRESS = "recipient.deliveryAddress"


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("salesChannel.marketplaceName", MISSING,
         {"marketplace": Marketplace("A1PA6795UKMFR9", "Amazon.de", "DE", "EUR")}),
        ("salesChannel.marketplaceId", "A1F83G8C2ARO7P",
         {"marketplace": Marketplace("A1F83G8C2ARO7P", "Amazon.de", "GB", "GBP")}),
        ("salesChannel", {"channelName": "NON_AMAZON", "marketplaceId": "A38D8NSA03LJTC"},
         {"channel": "NON_AMAZON", "marketplace": Marketplace("A38D8NSA03LJTC")}),
        ("buyer", MISSING, {"buyer": Buyer(tax_registrations=READ.buyer.tax_registrations)}),
        ("recipient", None, {"ship_to": Address()}),
        (NO_ADDRESS, {"countryCode": "UK"}, {"ship_to": Address(country="GB")}),
        (NO_ADDRESS, {"municipality": "Ilhéus", "extendedFields": {"streetName": "Rua A", "streetNumber": "5"}},
         {"ship_to": Address(city="Ilhéus", street="Rua A, 5")}),
        ("associatedOrders", [{"orderId": "9", "associationType": "REPLACEMENT_ORIGINAL_ID"}], {"replaces": "9"}),
        ("associatedOrders", [{"orderId": "9", "associationType": "EXCHANGE_ORIGINAL_ID"}], {"replaces": "9"}),
        ("orderItems.0.cancellation", {"cancellationExecution": {"cancelledBy": "BUYER"}},
         {"lines": (replace(LINE, cancel_requested=False),)}),
        ("orderItems.0.orderItemId", 11, {}),
        ("orderItems.0.quantityOrdered", "2", {}),
        ("orderItems.0.quantityOrdered", 0, {"lines": (replace(LINE, quantity=0),)}),
        ("orderItems.0.product", None,
         {"lines": (replace(LINE, sku=None, asin=None, title=None, shop_price=None),)}),
        ("orderItems.0.fulfillment", MISSING, {"lines": (replace(LINE, quantity_shipped=None),)}),
        ("buyer.buyerName", "\u0416\u0430\ud800\u043d\u0430\u202e", {"buyer": replace(READ.buyer, name="Жа на\u202e")}),
        ("fulfillment.fulfillmentStatus", "INVOICE_UNCONFIRMED", {"status": "INVOICE_UNCONFIRMED"}),
        ("proceeds.grandTotal.amount", 20, {}),
        ("proceeds.grandTotal.amount", 20.0, {"total": eur("20.0")}),
    ],
)  # fmt: skip
def test_what_amazon_may_do(path, value, expected):
    assert read(changed(path, value)) == replace(READ, **expected)


@pytest.mark.parametrize(
    ("path", "value", "doubts", "expected"),
    [
        ("fulfillment.fulfillmentStatus", "TELEPORTED", ("the status 'TELEPORTED' is unknown",),
         {"status": "TELEPORTED"}),
        ("fulfillment.fulfillmentStatus", MISSING,
         ("Amazon gives no status; the data set FULFILLMENT has to be asked for",), {"status": "UNKNOWN"}),
        ("fulfillment.fulfilledBy", "ROBOTS", ("the fulfiller 'ROBOTS' is unknown",), {"fulfilled_by": "ROBOTS"}),
        ("salesChannel.channelName", "MARS", ("the sales channel 'MARS' is unknown",), {"channel": "MARS"}),
        ("salesChannel", MISSING, ("Amazon gives no sales channel",), {"channel": None, "marketplace": Marketplace()}),
        ("createdTime", "yesterday", ("the time of purchase is 'yesterday', which is no time",),
         {"purchased_at": READ.updated_at}),
        ("createdTime", "2026-05-01T08:00:00", ("the time of purchase is '2026-05-01T08:00:00', which is no time",),
         {"purchased_at": READ.updated_at}),
        ("createdTime", MISSING, ("the time of purchase is missing",), {"purchased_at": READ.updated_at}),
        ("createdTime", "1970-01-19T03:58:30Z", ("the time of purchase is 1970-01-19, which cannot be",),
         {"purchased_at": datetime(1970, 1, 19, 3, 58, 30, tzinfo=UTC)}),
        ("createdTime", "0001-01-01T00:00:00+14:00",
         ("the time of purchase is '0001-01-01T00:00:00+14:00', which is no time",), {"purchased_at": READ.updated_at}),
        ("lastUpdatedTime", "1.569521782042E9",
         ("the time of the last update is '1.569521782042E9', which is no time",), {"updated_at": READ.purchased_at}),
        ("fulfillment.shipByWindow.latestDateTime", "soon", ("the time to ship by is 'soon', which is no time",),
         {"ship_by": None}),
        ("orderItems", [], ("Amazon gives no lines; the order has to be read again later",), {"lines": ()}),
        ("orderItems", None, ("Amazon gives no lines; the order has to be read again later",), {"lines": ()}),
        ("orderItems.0.orderItemId", "", ("line number 1 has no id",), {"lines": (replace(LINE, line_id=""),)}),
        ("orderItems", ORDER["orderItems"] * 2, ("line 11 comes 2 times",), {"lines": (LINE, LINE)}),
        ("orderItems.0.quantityOrdered", -2, ("line 11: the quantity ordered is -2",),
         {"lines": (replace(LINE, quantity=-2),)}),
        ("orderItems.0.quantityOrdered", MISSING, ("line 11: Amazon gives no quantity",),
         {"lines": (replace(LINE, quantity=0),)}),
        ("orderItems.0.quantityOrdered", 2.5,
         ("OrderItem.quantityOrdered has an unexpected form", "line 11: Amazon gives no quantity"),
         {"lines": (replace(LINE, quantity=0),)}),
        ("orderItems.0.fulfillment.quantityFulfilled", -1, ("line 11: the quantity shipped is -1",),
         {"lines": (replace(LINE, quantity_shipped=-1),)}),
        ("orderItems.0.proceeds", MISSING, ("line 11: Amazon gives no amounts; it may do so later",),
         {"lines": (replace(LINE, charges=(), total=None),)}),
        ("proceeds", MISSING, ("Amazon gives no total of the order; it may do so later",), {"total": None}),
        ("proceeds.grandTotal.amount", "much", ("order, total: 'much' is no amount",), {"total": None}),
        ("orderItems.0.product.price.unitPrice.currencyCode", "USD",
         ("line 11, price in the shop: 10.00 USD is left out, the order being in EUR",),
         {"lines": (replace(LINE, shop_price=None),)}),
        ("associatedOrders", [{"orderId": "9", "associationType": "TWIN"}],
         ("the order is associated with another one in an unknown way, 'TWIN'",), {}),
        ("associatedOrders", [{"associationType": "EXCHANGE_ORIGINAL_ID"}],
         ("the order replaces another one, but Amazon does not tell which",), {}),
        ("associatedOrders", [{"orderId": number, "associationType": "EXCHANGE_ORIGINAL_ID"} for number in "89"],
         ("the order replaces several others: 8, 9",), {"replaces": "8"}),
        ("programs", "PRIME", ("Order.programs has an unexpected form",), {"programs": ()}),
        ("programs", ["PRIME", {"a": 1}], ("Order.programs has an unexpected form",), {"programs": ("PRIME",)}),
        ("buyer", ["Jana"], ("Order.buyer has an unexpected form",),
         {"buyer": Buyer(tax_registrations=READ.buyer.tax_registrations)}),
        ("recipient.deliveryAddress.city", {"de": "Berlin"}, ("CustomerAddress.city has an unexpected form",),
         {"ship_to": replace(READ.ship_to, city=None)}),
    ],
)  # fmt: skip
def test_what_is_odd_becomes_doubt(path, value, doubts, expected):
    assert read(changed(path, value)) == replace(READ, doubts=doubts, **expected)


@pytest.mark.parametrize(
    ("status", "replaced", "quantity", "doubts"),
    [
        ("UNSHIPPED", False, 1, 2),
        ("SHIPPED", False, 1, 2),
        ("SHIPPED", False, 0, 1),
        ("SHIPPED", True, 1, 0),
        ("PENDING", False, 1, 0),
        ("PENDING_AVAILABILITY", False, 1, 0),
        ("CANCELLED", False, 0, 0),
        ("UNFULFILLABLE", False, 1, 0),
    ],
)
def test_missing_amounts_are_doubt_only_where_there_should_be_some(status, replaced, quantity, doubts):
    order = changed("proceeds", MISSING)
    order["fulfillment"]["fulfillmentStatus"] = status
    order["orderItems"][0] |= {"proceeds": None, "quantityOrdered": quantity}
    order["associatedOrders"] = [{"orderId": "9", "associationType": "EXCHANGE_ORIGINAL_ID"}] if replaced else []
    assert (len(read(order).doubts), read(order).total) == (doubts, None)


def test_a_cancelled_order_may_have_no_lines():
    order = changed("orderItems", [])
    order["fulfillment"]["fulfillmentStatus"] = "CANCELLED"
    assert read(order).doubts == ()


def test_all_doubts_are_told_at_once():
    order = changed("createdTime", None)
    order["fulfillment"]["fulfillmentStatus"] = "TELEPORTED"
    order["orderItems"][0]["quantityOrdered"] = -1
    assert len(read(order).doubts) == 3


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", "5", '"302-1234567-1234567"', "{}", {"orderId": None}, {"orderId": ""}, {"orderId": "a b"},
     {"orderId": ["302-1234567-1234567"]}, {"orderId": "../302"}, "[" * 100_000],
)  # fmt: skip
def test_what_does_not_tell_its_id_is_refused(content):
    with pytest.raises(UnreadableOrder) as caught:
        read(content)
    assert isinstance(caught.value, Refused)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=12)
    | st.sampled_from(["-0", "1e999", "NaN", "9" * 30, "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["amount", "currencyCode", "type", "subtotal", "a"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def places(value: Any, path: str = "") -> list[str]:
    """Every path in ORDER but the order id's."""
    found = []
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        inner = f"{path}.{name}".lstrip(".")
        found += [inner, *places(child, inner)]
    return [name for name in found if name != "orderId"]


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for child in value.values() for text in texts(child)]
    if isinstance(value, tuple):
        return [text for child in value for text in texts(child)]
    return [value] if isinstance(value, str) else []


@settings(max_examples=300, deadline=None)
@given(path=st.sampled_from(places(ORDER)), value=json_values | st.just(MISSING))
def test_no_value_anywhere_breaks_the_reader(path, value):
    order = read(changed(path, value))
    assert order.order_id == ORDER["orderId"]
    # Every charge that was kept can be added, and every text be stored.
    assert {charge.amount.currency for charge in order.all_charges()} <= {order.currency}
    assert (prove(order).charges is None) == (order.currency is None)
    assert [text.encode() for text in texts(asdict(order))]


@settings(max_examples=100, deadline=None)
@given(content=st.dictionaries(st.sampled_from(sorted(ORDER)), json_values))
def test_no_object_breaks_the_reader(content):
    try:
        order = read(content)
    except UnreadableOrder:
        return
    assert order.doubts
