"""Contents of the older Orders API as neutral orders."""

from __future__ import annotations

import contextlib
import copy
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.amazon.errors import UnreadableOrder
from adapter.amazon.orders import VERSION as NEW
from adapter.amazon.orders_v0 import VERSION as OLD
from adapter.amazon.read_v0 import read_order
from adapter.amazon.saved import read_saved
from adapter.amazon.translate_v0 import STATUSES, as_new_version
from adapter.amazon.versions import read_order as read_any
from adapter.amazon.wire.orders_v0 import parse_content
from adapter.model.money import Money
from adapter.model.order import (
    Address,
    Buyer,
    Charge,
    ChargeKind,
    Marketplace,
    Order,
    OrderLine,
    OrderStatus,
    TaxRegistration,
)
from adapter.model.proof import prove

MODEL = Path(__file__).parents[2].parent / "shared" / "spapi" / "models" / "ordersV0.json"
AMERICA = {"MarketplaceId": "ATVPDKIKX0DER", "SalesChannel": "Amazon.com"}
ELSEWHERE = {"MarketplaceId": "A38D8NSA03LJTC"}


def eur(amount: str) -> dict[str, str]:
    return {"CurrencyCode": "EUR", "Amount": amount}


ITEM: dict[str, Any] = {
    "ASIN": "B000000001",
    "SellerSKU": "TK-20",
    "OrderItemId": "11",
    "Title": "Teapot",
    "QuantityOrdered": 2,
    "QuantityShipped": 1,
    "ItemPrice": eur("23.80"),
    "ItemTax": eur("3.80"),
    "PromotionDiscount": eur("0.00"),
    "IsGift": "false",
    "BuyerRequestedCancel": {"IsBuyerRequestedCancel": "true", "BuyerCancelReason": "too late"},
}
ORDER: dict[str, Any] = {
    "AmazonOrderId": "302-1234567-1234567",
    "SellerOrderId": "WEB-1",
    "PurchaseDate": "2026-05-01T08:00:00Z",
    "LastUpdateDate": "2026-05-01T10:00:00Z",
    "OrderStatus": "PartiallyShipped",
    "FulfillmentChannel": "MFN",
    "SalesChannel": "Amazon.de",
    "MarketplaceId": "A1PA6795UKMFR9",
    "OrderTotal": eur("23.80"),
    "PaymentMethod": "Other",
    "PaymentMethodDetails": ["CreditCard", "GiftCertificate"],
    "ShipmentServiceLevelCategory": "NextDay",
    "OrderType": "Preorder",
    "LatestShipDate": "2026-05-02T21:59:59Z",
    "LatestDeliveryDate": "1.777931999E9",
    "IsBusinessOrder": True,
    "IsPrime": "true",
    "IsPremiumOrder": False,
    "IsISPU": True,
    "IsReplacementOrder": "false",
    "BuyerInfo": {
        "BuyerEmail": "x1@marketplace.amazon.de",
        "BuyerName": " Jana\tNovák",
        "PurchaseOrderNumber": "PO-7",
        "BuyerTaxInfo": {"CompanyLegalName": "Novák", "TaxClassifications": [{"Name": "CNPJ", "Value": "12"}]},
    },
    "ShippingAddress": {
        "Name": "J. Novák",
        "AddressLine1": "Lange Gasse 5",
        "AddressLine2": "Hinterhaus",
        "City": "Berlin",
        "StateOrRegion": "Berlin",
        "PostalCode": "01069",
        "CountryCode": "de",
        "Phone": "+49 30 1",
    },
}
CONTENT = {"Order": ORDER, "OrderItems": [ITEM], "Address": {"BuyerCompanyName": "Novák s.r.o."}}


def content(order: dict[str, Any] | None = None, *items: dict[str, Any]) -> dict[str, Any]:
    """The usual order with something in it changed."""
    return {"Order": ORDER | (order or {}), "OrderItems": [ITEM | item for item in items] or [ITEM]}


def read(order: dict[str, Any] | None = None, *items: dict[str, Any]) -> Order:
    return read_order(content(order, *items), "de", "A1SELLER")


def amounts(order: Order) -> dict[str, str]:
    return {charge.kind.value: str(charge.amount.amount) for charge in order.all_charges()}


def test_a_whole_order():
    assert read_order(json.dumps(CONTENT), "de", "A1SELLER") == Order(
        order_id="302-1234567-1234567",
        account="de",
        seller_id="A1SELLER",
        status="PARTIALLY_SHIPPED",
        purchased_at=datetime(2026, 5, 1, 8, tzinfo=UTC),
        updated_at=datetime(2026, 5, 1, 10, tzinfo=UTC),
        lines=(
            OrderLine(
                line_id="11",
                quantity=2,
                sku="TK-20",
                asin="B000000001",
                title="Teapot",
                shop_price=Money(Decimal("11.90"), "EUR"),
                charges=(
                    Charge(ChargeKind.GOODS, Money(Decimal("20.00"), "EUR")),
                    Charge(ChargeKind.GOODS_TAX, Money(Decimal("3.80"), "EUR")),
                ),
                quantity_shipped=1,
                cancel_requested=True,
            ),
        ),
        total=Money(Decimal("23.80"), "EUR"),
        fulfilled_by="MERCHANT",
        channel="AMAZON",
        marketplace=Marketplace("A1PA6795UKMFR9", "Amazon.de", "DE", "EUR"),
        buyer=Buyer(
            name="Jana Novák",
            email="x1@marketplace.amazon.de",
            company="Novák s.r.o.",
            purchase_order="PO-7",
            tax_registrations=(TaxRegistration("CNPJ", "12", "Novák"),),
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
        programs=("AMAZON_BUSINESS", "PRIME", "PREORDER", "IN_STORE_PICK_UP"),
        payment_methods=("CreditCard", "GiftCertificate"),
    )


@pytest.mark.parametrize(("old", "new"), STATUSES.items())
def test_statuses(old, new):
    order = read({"OrderStatus": old})
    assert (order.status, order.doubts) == (new, ())
    assert new in set(OrderStatus)


def test_a_new_status_holds():
    order = read({"OrderStatus": "Teleported"})
    assert (order.status, order.doubts) == ("Teleported", ("the status 'Teleported' is unknown",))


@pytest.mark.parametrize(
    ("told", "methods"),
    [
        ({"PaymentMethodDetails": [], "PaymentMethod": "COD"}, ("CashOnDelivery",)),
        ({"PaymentMethodDetails": None, "PaymentMethod": "Other"}, ()),
        ({"PaymentExecutionDetail": [{"PaymentMethod": "COD"}, {"PaymentMethod": "GC"}]},
         ("CashOnDelivery", "GiftCard")),
    ],
)  # fmt: skip
def test_payment_methods(told, methods):
    assert read(told).payment_methods == methods


@pytest.mark.parametrize(
    ("told", "channel", "name"),
    [
        ({"SalesChannel": "Non-Amazon DE"}, "NON_AMAZON", "Amazon.de"),
        ({"SalesChannel": "Non-Amazon", "MarketplaceId": None}, "NON_AMAZON", None),
        ({"SalesChannel": None}, "AMAZON", "Amazon.de"),
    ],
)
def test_sales_channels(told, channel, name):
    order = read(told)
    assert (order.channel, order.marketplace.name, order.doubts) == (channel, name, ())


def test_a_replacement():
    order = read({"IsReplacementOrder": True, "ReplacedOrderId": "302-0000000-0000001", "OrderTotal": None})
    assert (order.replaces, order.doubts) == ("302-0000000-0000001", ())


def test_tax_numbers_of_turkey():
    order = read(
        {"BuyerInfo": {}, "BuyerTaxInformation": {"BuyerTaxRegistrationId": "7", "BuyerLegalCompanyName": "A.Ş."}}
    )
    assert order.buyer.tax_registrations == (TaxRegistration("VAT", "7", "A.Ş."),)


def test_what_only_some_mappings_ask_for_is_told_in_the_newer_words():
    """The whole of it is JSON of the newer version, so that whoever reads that reads this."""
    order = ORDER | {
        "IsAccessPointOrder": True,
        "ElectronicInvoiceStatus": "NotFound",
        "BuyerInvoicePreference": "BUSINESS",
        "BuyerTaxInformation": {"BuyerTaxOffice": "Kadıköy", "BuyerBusinessAddress": "Moda 1"},
    }
    item = ITEM | {
        "IsGift": "true",
        "BuyerInfo": {
            "GiftMessageText": "Hi",
            "GiftWrapLevel": "Classic",
            "BuyerCustomizedInfo": {"CustomizedURL": "u"},
        },
        "PromotionIds": ["P1"],
        "PointsGranted": {"PointsNumber": 5, "PointsMonetaryValue": eur("5")},
        "IossNumber": "IM1",
        "SerialNumbers": ["S1"],
        "ConditionId": "New",
        "Measurement": {"Unit": "GRAMS", "Value": 0.5},
    }
    address = {"DeliveryPreferences": {"DropOffLocation": "FRONT_DOOR", "AddressInstructions": "Ring twice"}}
    parsed, notes = parse_content({"Order": order, "OrderItems": [item], "Address": address})
    assert notes == ()
    told = as_new_version("302-1234567-1234567", parsed, "EUR")
    assert told["recipient"]["deliveryAddress"]["addressType"] == "PICKUP_POINT"
    assert told["recipient"]["deliveryPreference"] == {
        "dropOffLocation": "FRONT_DOOR",
        "addressInstruction": "Ring twice",
    }
    assert told["tax"]["taxInvoicing"] == {"invoiceStatus": "NOT_FOUND", "buyerInvoicePreference": "BUSINESS"}
    assert told["tax"]["taxRegistrations"][1]["taxRegistrationAttributes"] == [
        {"key": "TAX_OFFICE", "value": "Kadıköy"}
    ]
    (line,) = told["orderItems"]
    assert line["product"]["condition"] == {"conditionType": "NEW"}
    assert line["product"]["serialNumbers"] == ["S1"]
    assert line["product"]["customization"] == {"customizedUrl": "u"}
    assert line["fulfillment"]["packing"] == {"giftOption": {"giftMessage": "Hi", "giftWrapLevel": "Classic"}}
    assert line["fulfillment"]["shipping"] == {"internationalShipping": {"iossNumber": "IM1"}}
    assert line["promotion"] == {"breakdowns": [{"promotionId": "P1"}]}
    assert line["expense"]["pointsCost"]["pointsGranted"]["pointsMonetaryValue"]["amount"] == "5"
    assert line["measurement"] == {"unit": "GRAMS", "value": "0.5"}
    json.dumps(told)


# -------------------- money


@pytest.mark.parametrize(
    ("order", "item", "expected"),
    [
        # Europe, tax within the prices: amzn/selling-partner-api-models issue 4858.
        ({}, {}, {"goods": "20.00", "goods_tax": "3.80"}),
        # America, tax on top: sandbox answer of getOrder and getOrderItems.
        (AMERICA | {"OrderTotal": eur("27.60")}, {}, {"goods": "23.80", "goods_tax": "3.80"}),
        # The total decides, not the country.
        (AMERICA, {}, {"goods": "20.00", "goods_tax": "3.80"}),
        ({"OrderTotal": eur("27.60")}, {}, {"goods": "23.80", "goods_tax": "3.80"}),
        # No tax told apart.
        ({}, {"ItemTax": eur("0.00")}, {"goods": "23.80"}),
        ({}, {"ItemTax": None}, {"goods": "23.80"}),
        # Discounts, whatever their sign, with their tax in them and apart.
        ({"OrderTotal": eur("11.90")}, {"PromotionDiscount": eur("11.90"), "PromotionDiscountTax": eur("1.90")},
         {"goods": "20.00", "goods_discount": "-10.00", "goods_tax": "3.80", "discount_tax": "-1.90"}),
        ({"OrderTotal": eur("11.90")}, {"PromotionDiscount": eur("-11.90"), "PromotionDiscountTax": eur("-1.90")},
         {"goods": "20.00", "goods_discount": "-10.00", "goods_tax": "3.80", "discount_tax": "-1.90"}),
        ({"OrderTotal": eur("11.90")}, {"PromotionDiscount": eur("10.00"), "PromotionDiscountTax": eur("1.90")},
         {"goods": "20.00", "goods_discount": "-10.00", "goods_tax": "3.80", "discount_tax": "-1.90"}),
        ({"OrderTotal": eur("13.70")}, {"PromotionDiscount": eur("10.00"), "PromotionDiscountTax": eur("3.90"),
                                        "ItemPrice": eur("23.80"), "ItemTax": eur("3.80")},
         {"goods": "23.80", "goods_discount": "-10.00", "goods_tax": "3.80", "discount_tax": "-3.90"}),
        # Everything at once; the taxes on both discounts become one, as in the newer version.
        ({"OrderTotal": eur("29.90")},
         {"ShippingPrice": eur("5.95"), "ShippingTax": eur("0.95"), "ShippingDiscount": eur("5.95"),
          "ShippingDiscountTax": eur("0.95"), "PromotionDiscount": eur("1.19"), "PromotionDiscountTax": eur("0.19"),
          "CODFee": eur("5.00"), "CODFeeDiscount": eur("1.28"),
          "BuyerInfo": {"GiftWrapPrice": eur("3.57"), "GiftWrapTax": eur("0.57")}},
         {"goods": "20.00", "shipping": "5.00", "gift_wrap": "3.00", "cod_fee": "5.00", "goods_discount": "-1.00",
          "shipping_discount": "-5.00", "cod_fee_discount": "-1.28", "goods_tax": "3.80", "shipping_tax": "0.95",
          "gift_wrap_tax": "0.57", "discount_tax": "-1.14"}),
        # Free of charge is known to be free.
        ({"OrderTotal": eur("0.00")}, {"ItemPrice": eur("0.00"), "ItemTax": eur("0")}, {"goods": "0.00"}),
        ({"OrderTotal": eur("0.00")}, {"PromotionDiscount": eur("23.80"), "PromotionDiscountTax": eur("3.80")},
         {"goods": "20.00", "goods_discount": "-20.00", "goods_tax": "3.80", "discount_tax": "-3.80"}),
    ],
)  # fmt: skip
def test_the_reading_that_adds_up(order, item, expected):
    made = read(order, item)
    assert amounts(made) == expected
    assert (prove(made).proven, made.doubts) == (True, ())


FACILITATED = {"TaxCollection": {"Model": "MarketplaceFacilitator", "ResponsibleParty": "Amazon Services, Inc."}}


@pytest.mark.parametrize(
    ("order", "goods", "inside"),
    [
        (AMERICA | {"OrderTotal": eur("27.60")}, "23.80", True),
        (AMERICA | {"OrderTotal": eur("23.80")}, "23.80", False),
        ({"OrderTotal": eur("23.80")}, "20.00", True),
        ({"OrderTotal": eur("20.00")}, "20.00", False),
    ],
)
def test_tax_that_amazon_collects_in_the_total_and_beside_it(order, goods, inside):
    made = read(order, FACILITATED)
    assert amounts(made) == {"goods": goods, "goods_tax": "3.80"}
    assert [charge.by_marketplace for charge in made.all_charges()] == [False, True]
    assert (prove(made).marketplace_tax_inside, made.doubts) == (inside, ())


def test_two_readings_in_an_unknown_marketplace_are_a_doubt():
    order = read(ELSEWHERE, {"DeemedResellerCategory": "IOSS"})
    assert len(order.doubts) == 1
    assert order.doubts[0].startswith("the total can be explained with the tax within the prices and on top of them")
    assert read(ELSEWHERE | {"OrderTotal": eur("27.60")}).doubts == ()


def test_what_does_not_add_up_is_left_to_the_proof():
    order = read({"OrderTotal": eur("99.00")})
    assert (prove(order).proven, order.doubts) == (False, ())
    assert prove(order).difference == Money(Decimal("75.20"), "EUR")


def test_a_gift_wrap_that_is_not_told_is_named():
    order = read({"OrderTotal": eur("27.30")}, {"IsGift": "true", "BuyerInfo": {}})
    assert prove(order).proven is False
    assert order.doubts[0].startswith("it is a gift, and Amazon tells the price of its wrapping only to applications")
    assert read({}, {"IsGift": "true"}).doubts == ()


@pytest.mark.parametrize(
    ("order", "item", "doubt"),
    [
        ({}, {"ItemPrice": None}, "line 11: Amazon gives no amounts; it may do so later"),
        ({"OrderTotal": None}, {}, "Amazon gives no total of the order; it may do so later"),
        ({}, {"ItemTax": eur("much")}, "line 11, ItemTax: 'much' is no amount"),
        ({}, {"ShippingPrice": {"CurrencyCode": "USD", "Amount": "1"}},
         "line 11, ShippingPrice: 1 USD is left out, the order being in EUR"),
        ({}, {"TaxCollection": {"Model": "Tithe"}}, "line 11: the tax is collected by an unknown model, 'Tithe'"),
        ({}, {"QuantityOrdered": "many"}, "OrderItem.QuantityOrdered has an unexpected form"),
        ({"PurchaseDate": "NaN"}, {}, "the time of purchase is 'NaN', which is no time"),
        ({"LastUpdateDate": None}, {}, "the time of the last update is missing"),
        ({"IsReplacementOrder": True}, {}, "the order replaces another one, but Amazon does not tell which"),
    ],
)  # fmt: skip
def test_what_is_odd_becomes_a_doubt(order, item, doubt):
    assert doubt in read(order, item).doubts


def test_pending_orders_have_no_amounts_and_no_doubts():
    item = dict.fromkeys(("ItemPrice", "ItemTax", "PromotionDiscount"))
    order = read({"OrderStatus": "Pending", "OrderTotal": None, "SalesChannel": None}, item)
    assert (order.total, amounts(order), order.doubts) == (None, {}, ())


@pytest.mark.parametrize(
    ("price", "quantity", "single"), [("23.80", 0, None), ("10.00", 3, None), ("9.99", 3, "3.33"), ("1", -1, None)]
)
def test_the_price_of_a_piece(price, quantity, single):
    (line,) = read({}, {"ItemPrice": eur(price), "QuantityOrdered": quantity}).lines
    assert line.shop_price == (None if single is None else Money(Decimal(single), "EUR"))


def test_digits_do_not_matter():
    plain, long = read({}, {}), read({"OrderTotal": eur("23.8")}, {"ItemPrice": eur("23.8000"), "ItemTax": eur("3.8")})
    assert repr(plain) == repr(long)


# -------------------- robustness


def test_forms_that_no_order_has():
    for odd in ("", "[]", "{}", '{"Order": {}}', '{"Order": {"AmazonOrderId": "a b"}}', "[" * 100_000):
        with pytest.raises(UnreadableOrder):
            read_order(odd, "de", "A1SELLER")


def test_each_form_has_its_reader():
    assert read_any(OLD, json.dumps(CONTENT), "de", "A1").order_id == ORDER["AmazonOrderId"]
    assert read_any(NEW, '{"orderId": "1"}', "de", "A1").order_id == "1"
    for version, text in ((OLD, '{"orderId": "1"}'), (NEW, json.dumps(CONTENT)), ("orders/2031", "{}")):
        with pytest.raises(UnreadableOrder):
            read_any(version, text, "de", "A1")


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
    st.sampled_from(["1e400", "-1E9", "inf"]),
    st.lists(st.text(max_size=3), max_size=2), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, part in inner for place in places(part, (*path, key)))]


FULL = {
    **CONTENT,
    "OrderItems": [
        ITEM | FACILITATED | {"BuyerInfo": {"GiftWrapPrice": eur("1"), "GiftWrapTax": eur("0")}, "CODFee": eur("1")}
    ],
}


@settings(max_examples=100, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_comes_it_is_an_order_or_unreadable(data):
    spoilt = copy.deepcopy(FULL)
    for _ in range(data.draw(st.integers(1, 3))):
        *path, last = data.draw(st.sampled_from([place for place in places(spoilt) if place]))
        owner = spoilt
        for key in path:
            owner = owner[key]
        owner[last] = data.draw(ODD)
    try:
        order = read_order(json.dumps(spoilt), "de", "A1SELLER")
    except UnreadableOrder:
        return
    assert order.order_id
    prove(order)


@settings(max_examples=100, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(["Order", "OrderItems", "Address"]), ODD | st.lists(ODD, max_size=3)) | ODD)
def test_any_json(value):
    with contextlib.suppress(UnreadableOrder):
        read_order(json.dumps(value), "de", "A1SELLER")


# -------------------- Amazon's own examples


@pytest.fixture(scope="module")
def official():
    if not MODEL.is_file():
        pytest.skip("Amazon's model ordersV0.json is not beside the checkout")
    return json.loads(MODEL.read_text(encoding="utf-8"))["paths"]


def answers(operation: dict[str, Any]) -> list[dict[str, Any]]:
    cases = operation["get"]["responses"]["200"]["x-amzn-api-sandbox"]["static"]
    return [case["response"]["payload"] for case in cases]


def test_all_sandbox_orders_are_read(official):
    pages = [order for page in answers(official["/orders/v0/orders"]) for order in page["Orders"]]
    single = answers(official["/orders/v0/orders/{orderId}"])
    (items,) = (page["OrderItems"] for page in answers(official["/orders/v0/orders/{orderId}/orderItems"]))
    for order in (*pages, *single):
        made = read_order({"Order": order, "OrderItems": items}, "us", "A1")
        assert made.status in set(OrderStatus)
        # Their dates are of 1970, and one is in euro, where the lines, of another one, are in dollars.
        expected = ("which cannot be", "is left out", "Amazon gives no amounts")
        assert all(any(words in doubt for words in expected) for doubt in made.doubts)


def test_the_sandbox_order_with_its_lines_adds_up(official):
    order = answers(official["/orders/v0/orders/{orderId}"])[0]
    (page,) = answers(official["/orders/v0/orders/{orderId}/orderItems"])
    made = read_order({"Order": order, "OrderItems": page["OrderItems"]}, "us", "A1")
    assert amounts(made) == {"goods": "10.00", "goods_tax": "1.01"}
    assert prove(made).proven is True


def test_the_whole_model_is_read_from_its_file(official):
    saved = read_saved(MODEL.read_text(encoding="utf-8"))
    assert [order.order_id for order in saved] == [
        "902-1845936-5435065",
        "902-8745147-1934268",
        "902-3159896-1390916",
        "921-3175655-0452641",
    ]
    first = read_any(saved[0].version, saved[0].content, "us", "A1")
    assert (first.buyer.name, first.ship_to.city) == ("MFNIntegrationTestMerchant", "SEATTLE")
    assert prove(first).proven is True
