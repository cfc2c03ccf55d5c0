from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest

from adapter.simulators import shop
from adapter.simulators.amazon import MoneyStyle, OrderOptions, generate

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
STYLES = [MoneyStyle(sign, inside) for sign, inside in product((-1, 1), (True, False))]
REGIONS = ("EU", "NA", "FE")


def amount(money: dict) -> Decimal:
    return Decimal(money["amount"])


def is_collected(item: dict) -> bool:
    return bool(item.get("tax", {}).get("taxCollections"))


def expected_total(item: dict, style: MoneyStyle) -> Decimal:
    """The total of a line from its breakdowns alone."""
    total = Decimal(0)
    for part in item["proceeds"]["breakdowns"]:
        if part["type"] == "DISCOUNT":
            total -= style.discount_sign * amount(part["subtotal"])
        elif part["type"] != "TAX" or style.collected_tax_inside or not is_collected(item):
            total += amount(part["subtotal"])
    return total


@pytest.fixture(scope="module")
def many() -> list[dict]:
    return generate(2000, 1, NOW)


@pytest.mark.parametrize("seed", range(1, 21))
def test_sums_add_up(seed):
    style, region = STYLES[seed % 4], REGIONS[seed % 3]
    orders = generate(100, seed, NOW, OrderOptions(region=region, style=style))
    assert len({order["orderId"] for order in orders}) == 100
    item_ids = [item["orderItemId"] for order in orders for item in order["orderItems"]]
    assert len(item_ids) == len(set(item_ids))
    for order in orders:
        if "proceeds" not in order:
            continue
        for item in order["orderItems"]:
            assert amount(item["proceeds"]["proceedsTotal"]) == expected_total(item, style)
        parts = order["proceeds"]["breakdowns"]
        tip = sum(amount(part["subtotal"]) for part in parts if part["type"] == "DELIVERY_TIP")
        lines = sum(amount(item["proceeds"]["proceedsTotal"]) for item in order["orderItems"])
        assert amount(order["proceeds"]["grandTotal"]) == lines + tip
        for part in parts:
            if part["type"] != "DELIVERY_TIP":
                assert amount(part["subtotal"]) == sum(
                    amount(line["subtotal"])
                    for item in order["orderItems"]
                    for line in item["proceeds"]["breakdowns"]
                    if line["type"] == part["type"]
                )


@pytest.mark.parametrize("sign", [-1, 1])
def test_details_add_up(sign):
    for order in generate(300, 3, NOW, OrderOptions(style=MoneyStyle(sign))):
        for item in order["orderItems"]:
            for part in item.get("proceeds", {}).get("breakdowns", []):
                details = {detail["subtype"]: amount(detail["value"]) for detail in part.get("detailedBreakdowns", [])}
                if part["type"] == "DISCOUNT":
                    assert set(details) <= {"ITEM", "SHIPPING"}
                    assert all(value * sign > 0 for value in details.values())
                if part["type"] == "TAX":
                    details["DISCOUNT"] = details.get("DISCOUNT", Decimal(0)) * -sign
                if details:
                    assert amount(part["subtotal"]) == sum(details.values())


def test_paid_is_what_the_buyer_owed():
    for inside in (True, False):
        options = OrderOptions(region="NA", style=MoneyStyle(collected_tax_inside=inside))
        for order in generate(100, 4, NOW, options):
            if "payment" not in order:
                continue
            paid = sum(amount(part["paymentAmount"]) for part in order["payment"]["paymentExecutions"])
            owed = amount(order["proceeds"]["grandTotal"])
            if not inside:
                owed += sum(
                    amount(part["subtotal"]) for part in order["proceeds"]["breakdowns"] if part["type"] == "TAX"
                )
            assert paid == owed


def test_same_arguments_same_orders():
    assert generate(50, 9, NOW) == generate(50, 9, NOW)
    assert generate(50, 9, NOW) != generate(50, 10, NOW)


@pytest.mark.parametrize("spread", [timedelta(hours=3), timedelta(days=30)])
def test_times(spread):
    latest = NOW - timedelta(minutes=3)
    for order in generate(300, 2, NOW, OrderOptions(spread=spread)):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", order["createdTime"])
        created, updated = (datetime.fromisoformat(order[name]) for name in ("createdTime", "lastUpdatedTime"))
        assert latest - spread - timedelta(milliseconds=1) <= created <= updated <= latest


def test_order_ids_have_their_form(many):
    assert all(re.fullmatch(r"\d{3}-\d{7}-\d{7}", order["orderId"]) for order in many)


def test_statuses_have_their_shares(many):
    shares = Counter(order["fulfillment"]["fulfillmentStatus"] for order in many)
    assert 0.03 < shares["PENDING"] / 2000 < 0.07
    assert 0.03 < shares["CANCELLED"] / 2000 < 0.055
    assert 0.008 < shares["PARTIALLY_SHIPPED"] / 2000 < 0.025
    assert shares["SHIPPED"] + shares["UNSHIPPED"] > 0.85 * 2000


def test_what_a_state_hides(many):
    hidden = {
        "PENDING": {"buyer", "recipient", "proceeds", "payment", "tax", "packages"},
        "PENDING_AVAILABILITY": {"buyer", "recipient", "proceeds", "payment", "tax", "packages"},
        "CANCELLED": {"recipient", "proceeds", "payment", "packages"},
        "UNFULFILLABLE": {"proceeds", "payment"},
    }
    for order in many:
        absent = hidden.get(order["fulfillment"]["fulfillmentStatus"], set())
        assert absent.isdisjoint(order)
        if "proceeds" in absent:
            assert all("proceeds" not in item for item in order["orderItems"])
        else:
            assert {"proceeds", "recipient"} <= set(order)


def test_quantities(many):
    for order in many:
        status = order["fulfillment"]["fulfillmentStatus"]
        for item in order["orderItems"]:
            done, left = (item["fulfillment"][name] for name in ("quantityFulfilled", "quantityUnfulfilled"))
            assert done + left == item["quantityOrdered"]
            assert (item["quantityOrdered"] == 0) == (status == "CANCELLED")
        packed = Counter()
        for parcel in order.get("packages", []):
            for entry in parcel["packageItems"]:
                packed[entry["orderItemId"]] += entry["quantity"]
        if order["fulfillment"]["fulfilledBy"] == "MERCHANT":
            fulfilled = {
                item["orderItemId"]: item["fulfillment"]["quantityFulfilled"]
                for item in order["orderItems"]
                if item["fulfillment"]["quantityFulfilled"]
            }
            assert packed == fulfilled
        else:
            assert not packed


def test_amazon_ships_without_personal_data(many):
    named = 0
    shipped_by_amazon = [order for order in many if order["fulfillment"]["fulfilledBy"] == "AMAZON"]
    for order in shipped_by_amazon:
        named += "buyerName" in order.get("buyer", {})
        assert "buyerEmail" not in order.get("buyer", {})
        assert set(order.get("recipient", {}).get("deliveryAddress", {})) <= {"city", "postalCode", "countryCode"}
    assert 0 < named < 0.2 * len(shipped_by_amazon)


def test_everything_occurs(many):
    seen = Counter()
    for order in many:
        seen.update(list(order))
        seen.update(order.get("programs", []))
        seen.update(f"buyer.{key}" for key in order.get("buyer", {}))
        seen.update(part["type"] for part in order.get("proceeds", {}).get("breakdowns", []))
        seen[order["salesChannel"]["channelName"]] += 1
        seen["zero"] += order.get("proceeds", {}).get("grandTotal", {}).get("amount") == "0.00"
        seen["several lines"] += len(order["orderItems"]) > 1
        for item in order["orderItems"]:
            seen.update(list(item))
            seen.update(list(item.get("tax", {})))
            seen.update(list(item.get("cancellation", {})))
            seen["giftOption"] += "packing" in item["fulfillment"]
            seen["iossNumber"] += "shipping" in item["fulfillment"]
            seen["BUSINESS_PRICE"] += "priceDesignation" in item["product"].get("price", {})
            seen["tax within"] += "proceeds" in item and not any(
                part["type"] == "TAX" for part in item["proceeds"]["breakdowns"]
            )
            seen["several units"] += item["quantityOrdered"] > 1
    wanted = """
        orderAliases associatedOrders buyer recipient proceeds payment tax packages AMAZON_BUSINESS PRIME PREORDER
        buyer.buyerName buyer.buyerEmail buyer.buyerCompanyName buyer.buyerPurchaseOrderNumber ITEM SHIPPING
        GIFT_WRAP COD_FEE TAX DISCOUNT DELIVERY_TIP AMAZON NON_AMAZON zero promotion cancellation taxCollections
        taxCalculationBreakdowns cancellationRequest cancellationExecution giftOption iossNumber BUSINESS_PRICE
    """.split()
    assert [name for name in (*wanted, "several lines", "several units", "tax within") if not seen[name]] == []


def test_replacements_are_free(many):
    known: set[str] = set()
    for order in many:
        for other in order.get("associatedOrders", []):
            assert other["orderId"] in known
            assert order["proceeds"]["grandTotal"]["amount"] == "0.00"
            assert "payment" not in order
        known.add(order["orderId"])


def test_products_outside_the_books_are_rare(many):
    unknown = {product.sku for product in shop.products() if not product.in_books}
    skus = [item["product"]["sellerSku"] for order in many for item in order["orderItems"]]
    assert 0.03 < sum(sku in unknown for sku in skus) / len(skus) < 0.055


@pytest.mark.parametrize(
    ("region", "currencies"), [("NA", {"USD", "CAD", "MXN", "BRL"}), ("FE", {"JPY", "AUD", "SGD"})]
)
def test_other_regions(region, currencies):
    orders = generate(200, 1, NOW, OrderOptions(region=region))
    totals = [order["proceeds"]["grandTotal"] for order in orders if "proceeds" in order]
    assert {total["currencyCode"] for total in totals} == currencies
    assert all("." not in total["amount"] for total in totals if total["currencyCode"] == "JPY")
    assert any("expense" in item for order in orders for item in order["orderItems"]) == (region == "FE")


def test_shown_prices_hold_the_tax_in_europe(many):
    for order in many:
        for item in order["orderItems"]:
            parts = {part["type"]: part for part in item.get("proceeds", {}).get("breakdowns", [])}
            if "TAX" in parts:
                tax = {detail["subtype"]: amount(detail["value"]) for detail in parts["TAX"]["detailedBreakdowns"]}
                shown = amount(item["product"]["price"]["unitPrice"]) * item["quantityOrdered"]
                assert amount(parts["ITEM"]["subtotal"]) + tax.get("ITEM", 0) == shown
