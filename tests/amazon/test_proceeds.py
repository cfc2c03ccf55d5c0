"""Money: Amazon's proceeds become charges that add up, whatever signs and forms Amazon chooses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.amazon.read import read_order
from adapter.model.money import Money
from adapter.model.order import Charge, ChargeKind, Order
from adapter.model.proof import prove

TAX_BY_AMAZON = {"taxCollections": [{"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon"}]}
PLAIN = {
    "ITEM": ChargeKind.GOODS,
    "SHIPPING": ChargeKind.SHIPPING,
    "GIFT_WRAP": ChargeKind.GIFT_WRAP,
    "COD_FEE": ChargeKind.COD_FEE,
    "OTHER": ChargeKind.OTHER,
}


def eur(amount: str | Decimal) -> dict[str, str]:
    return {"amount": str(amount), "currencyCode": "EUR"}


def part(name: str, amount: str | Decimal, **details: str | Decimal) -> dict[str, Any]:
    """A breakdown; `details` by subtype."""
    listed = [{"subtype": subtype, "value": eur(value)} for subtype, value in details.items()]
    return {"type": name, "subtotal": eur(amount)} | ({"detailedBreakdowns": listed} if listed else {})


def line(number: int, total: str | Decimal | None, *parts: dict[str, Any], tax: Any = None) -> dict[str, Any]:
    proceeds = {"breakdowns": list(parts)} | ({} if total is None else {"proceedsTotal": eur(total)})
    return {
        "orderItemId": str(number),
        "quantityOrdered": 1,
        "product": {"sellerSku": "A"},
        "proceeds": proceeds,
        "fulfillment": {"quantityFulfilled": 0},
        "tax": tax,
    }


def read(total: str | Decimal | None, *lines: dict[str, Any], parts: tuple[dict[str, Any], ...] = ()) -> Order:
    proceeds: dict[str, Any] = {"breakdowns": list(parts)} if parts else {}
    if total is not None:
        proceeds["grandTotal"] = eur(total)
    content = {
        "orderId": "111-1111111-1111111",
        "createdTime": "2026-05-01T08:00:00.000Z",
        "lastUpdatedTime": "2026-05-01T09:00:00.000Z",
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": "A1PA6795UKMFR9"},
        "fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"},
        "proceeds": proceeds,
        "orderItems": list(lines),
    }
    return read_order(content, "de", "A1SELLER")


def charges(by_marketplace: bool = False, **amounts: str | Decimal) -> tuple[Charge, ...]:
    """Charges by kind, in the kinds' order."""
    return tuple(
        Charge(kind, Money(Decimal(amounts[kind.value]), "EUR"), by_marketplace and kind.is_tax)
        for kind in ChargeKind
        if kind.value in amounts
    )


@pytest.mark.parametrize(
    ("total", "parts", "expected"),
    [
        ("10", [part("ITEM", "10")], charges(goods="10")),
        ("0", [part("ITEM", "0"), part("SHIPPING", "0"), part("TAX", "0.00")], charges(goods="0")),
        ("17", [part("ITEM", "10"), part("SHIPPING", "3"), part("GIFT_WRAP", "2"), part("COD_FEE", "1"),
                part("OTHER", "1")],
         charges(goods="10", shipping="3", gift_wrap="2", cod_fee="1", other="1")),
        ("12", [part("ITEM", "4"), part("ITEM", "6"), part("TAX", "1", ITEM="1"), part("TAX", "1", ITEM="1")],
         charges(goods="10", goods_tax="2")),
        ("8", [part("ITEM", "10"), part("DISCOUNT", "2")], charges(goods="10", discount="-2")),
        ("8", [part("ITEM", "10"), part("DISCOUNT", "-2")], charges(goods="10", discount="-2")),
        ("7", [part("ITEM", "10"), part("DISCOUNT", "3", ITEM="2", SHIPPING="1")],
         charges(goods="10", goods_discount="-2", shipping_discount="-1")),
        ("7", [part("ITEM", "10"), part("DISCOUNT", "-3", ITEM="-2", COD_FEE="-1")],
         charges(goods="10", goods_discount="-2", cod_fee_discount="-1")),
        ("7", [part("ITEM", "10"), part("DISCOUNT", "3", ITEM="2")],
         charges(goods="10", goods_discount="-2", discount="-1")),
        ("12", [part("ITEM", "10"), part("TAX", "2")], charges(goods="10", tax="2")),
        ("12", [part("ITEM", "10"), part("TAX", "2", ITEM="1.50")], charges(goods="10", goods_tax="1.50", tax="0.50")),
        ("11", [part("ITEM", "10"), part("DISCOUNT", "1", ITEM="1"), part("TAX", "2", ITEM="2.20", DISCOUNT="0.20")],
         charges(goods="10", goods_discount="-1", goods_tax="2.20", discount_tax="-0.20")),
        ("11", [part("ITEM", "10"), part("DISCOUNT", "1", ITEM="1"), part("TAX", "2", ITEM="2.20", DISCOUNT="-0.20")],
         charges(goods="10", goods_discount="-1", goods_tax="2.20", discount_tax="-0.20")),
        ("11", [part("ITEM", "10"), part("DISCOUNT", "1", ITEM="1"), part("TAX", "2.20", ITEM="2.20", DISCOUNT="0.20")],
         charges(goods="10", goods_discount="-1", goods_tax="2.20", discount_tax="-0.20")),
        ("11", [part("ITEM", "10"), part("DISCOUNT", "1", ITEM="1"), part("TAX", "2.40", ITEM="2.20", DISCOUNT="0.20")],
         charges(goods="10", goods_discount="-1", goods_tax="2.20", discount_tax="-0.20")),
        ("11.40", [part("ITEM", "10"), part("DISCOUNT", "1"), part("TAX", "2.40", ITEM="2.20", DISCOUNT="0.20")],
         charges(goods="10", discount="-1", goods_tax="2.20", discount_tax="0.20")),
    ],
    ids=["goods", "free", "all kinds", "a type twice", "discount plus", "discount minus", "discount details",
         "discount details minus", "discount with a rest", "tax", "tax with a rest", "tax after discounts",
         "tax after discounts, minus", "tax before discounts", "tax of both added", "tax on discounts owed"],
)  # fmt: skip
def test_charges_of_a_line(total, parts, expected):
    order = read(total, line(1, total, *parts))
    assert order.lines[0].charges == expected
    assert (order.charges, order.doubts, prove(order).proven) == ((), (), True)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([part("ITEM", "10"), part("TAX", "2", ITEM="2.20", DISCOUNT="0.20")],
         charges(goods="10", goods_tax="2.20", discount_tax="-0.20")),
        ([part("ITEM", "10"), part("TAX", "2.20", ITEM="2.20", DISCOUNT="0.20")],
         charges(goods="10", goods_tax="2.20", discount_tax="-0.20")),
        ([part("ITEM", "10"), part("TAX", "2.40", ITEM="2.20", DISCOUNT="0.20")],
         charges(goods="10", goods_tax="2.20", discount_tax="-0.20")),
        ([part("ITEM", "10"), part("TAX", "5", ITEM="2.20", DISCOUNT="0.20")],
         charges(goods="10", goods_tax="2.20", discount_tax="-0.20", tax="3.00")),
    ],
    ids=["after discounts", "before discounts", "both added", "neither"],
)  # fmt: skip
def test_without_a_total_of_the_line_the_details_decide(parts, expected):
    assert read("12", line(1, None, *parts)).lines[0].charges == expected


def test_what_adds_up_in_no_reading_is_left_to_the_total_check():
    order = read("99", line(1, "99", part("ITEM", "10"), part("TAX", "2", ITEM="2.20", DISCOUNT="0.20")))
    assert order.doubts == ()
    assert prove(order).difference == Money(Decimal("87.00"), "EUR")


@pytest.mark.parametrize(
    ("tax", "total", "inside"),
    [
        (TAX_BY_AMAZON, "12", True),
        (TAX_BY_AMAZON, "10", False),
        ({"taxCalculationBreakdowns": [{"reportingScheme": "IOSS"}]}, "10", False),
        ({"taxCalculationBreakdowns": [{"reportingScheme": "UOSS"}]}, "12", True),
    ],
    ids=["inside", "outside", "IOSS outside", "UOSS inside"],
)
def test_tax_that_amazon_collects(tax, total, inside):
    order = read(total, line(1, total, part("ITEM", "10"), part("TAX", "2", ITEM="2"), tax=tax))
    assert order.lines[0].charges == charges(by_marketplace=True, goods="10", goods_tax="2")
    assert (order.doubts, prove(order).proven, prove(order).marketplace_tax_inside) == ((), True, inside)


@pytest.mark.parametrize(
    ("tax", "doubt"),
    [
        ({"taxCollections": [{"model": "STATE_X"}]}, "line 1: the tax is collected by an unknown model, 'STATE_X'"),
        ({"taxCalculationBreakdowns": [{"reportingScheme": "XOSS"}]},
         "line 1: the tax reporting scheme 'XOSS' is unknown"),
    ],
)  # fmt: skip
def test_an_unknown_way_of_collecting_a_tax_is_doubt(tax, doubt):
    order = read("12", line(1, "12", part("ITEM", "10"), part("TAX", "2"), tax=tax))
    assert (order.doubts, order.lines[0].charges) == ((doubt,), charges(goods="10", tax="2"))


TIP = {"type": "DELIVERY_TIP", "status": "PENDING", "subtotal": eur("5")}
LINES = (
    line(1, "12", part("ITEM", "10"), part("TAX", "2", ITEM="2")),
    line(2, "8", part("ITEM", "9"), part("DISCOUNT", "1", ITEM="1")),
)


@pytest.mark.parametrize(
    ("total", "parts", "expected"),
    [
        ("20", (), ()),
        ("20", (part("ITEM", "19"), part("TAX", "2"), part("DISCOUNT", "1")), ()),
        ("20", (part("ITEM", "19"), part("TAX", "2"), part("DISCOUNT", "-1")), ()),
        ("25", (TIP,), charges(tip="5")),
        ("25", (part("ITEM", "19"), TIP), charges(tip="5")),
        ("26", (part("SHIPPING", "4"), part("TAX", "4")), charges(shipping="4", tax="2")),
        ("18", (part("DISCOUNT", "3"),), charges(discount="-2")),
        ("22", (part("OTHER", "1"), part("OTHER", "1")), charges(other="2")),
    ],
    ids=["none", "aggregates", "aggregates, minus", "tip", "tip and an aggregate", "parts of no line",
         "discount of no line", "a type twice"],
)  # fmt: skip
def test_charges_of_the_order_are_what_its_lines_do_not_tell(total, parts, expected):
    order = read(total, *LINES, parts=parts)
    assert (order.charges, order.doubts, prove(order).proven) == (expected, (), True)


@pytest.mark.parametrize("told", ["3.80", "4", "1.80", "2"], ids=["after", "before", "own after", "own before"])
def test_an_aggregate_of_taxes_may_be_before_or_after_discounts_and_without_amazons(told):
    own = line(1, "11.80", part("ITEM", "10"), part("TAX", "2", ITEM="2", DISCOUNT="0.20"))
    amazons = line(2, "10", part("ITEM", "10"), part("TAX", "2", ITEM="2"), tax=TAX_BY_AMAZON)
    order = read("21.80", own, amazons, parts=(part("TAX", told),))
    assert (order.charges, prove(order).proven) == ((), True)


@pytest.mark.parametrize(
    ("parts", "doubts", "kept"),
    [
        ([part("ITEM", "10"), part("LOYALTY", "2")],
         ("line 1, LOYALTY: this part of the price is unknown; 2.00 EUR is left out",), charges(goods="10")),
        ([part("ITEM", "10"), part("DISCOUNT", "2", COUPON="1", ITEM="1")],
         ("line 1, DISCOUNT of COUPON: 1.00 EUR are for something unknown",),
         charges(goods="10", goods_discount="-1", discount="-1")),
        ([part("ITEM", "10"), part("TAX", "2", STAMP="1", ITEM="1")],
         ("line 1, TAX of STAMP: 1.00 EUR are for something unknown",),
         charges(goods="10", goods_tax="1", tax="1")),
        ([part("ITEM", "ten")], ("line 1, ITEM: 'ten' is no amount",), ()),
        ([part("ITEM", "NaN")], ("line 1, ITEM: 'NaN' is no amount",), ()),
        ([part("ITEM", "1E+400000")], ("line 1, ITEM: '1E+400000' is no amount",), ()),
        ([part("ITEM", "1,50")], ("line 1, ITEM: '1,50' is no amount",), ()),
        ([part("ITEM", "-10")], ("line 1, ITEM: -10.00 EUR is less than nothing",), charges(goods="-10")),
        ([{"type": "ITEM", "subtotal": {"amount": "10", "currencyCode": "USD"}}],
         ("line 1, ITEM: 10 USD is left out, the order being in EUR",), ()),
        ([{"type": "ITEM", "subtotal": {"amount": "10"}}], ("line 1, ITEM: 10 has no currency",), ()),
        ([{"type": "ITEM"}], ("line 1, ITEM: Amazon gives no amount",), ()),
        ([{"subtotal": eur("1")}],
         ("line 1, a part without a type: this part of the price is unknown; 1.00 EUR is left out",), ()),
        ([], ("line 1: Amazon gives a total of 10.00 EUR, but not its parts",), ()),
    ],
    ids=["unknown part", "unknown discount", "unknown tax", "word", "NaN", "huge", "comma", "negative", "dollars",
         "no currency", "no amount", "no type", "no parts"],
)  # fmt: skip
def test_odd_money_is_doubt(parts, doubts, kept):
    order = read("10", line(1, "10", *parts))
    assert (order.doubts, order.lines[0].charges) == (doubts, kept)


def test_odd_money_of_the_order_is_doubt():
    order = read("10", line(1, "10", part("ITEM", "10")), parts=(part("LOYALTY", "2"), part("ITEM", "x")))
    assert order.charges == ()
    assert order.doubts == (
        "order, LOYALTY: this part of the price is unknown; 2.00 EUR is left out",
        "order, ITEM: 'x' is no amount",
    )


cents = st.integers(0, 100_000).map(lambda number: Decimal(number) / 100)


@st.composite
def sold_lines(draw, number: int):
    """A line as Amazon may send it, with its true charges by kind, and what it adds to the order's total."""
    plain = {name: draw(cents) for name in ("ITEM", *draw(st.sets(st.sampled_from(list(PLAIN)[1:]))))}
    discounts = {name: draw(cents) for name in draw(st.sets(st.sampled_from(list(PLAIN))))}
    taxes = {name: draw(cents) for name in draw(st.sets(st.sampled_from(list(PLAIN))))}
    of_discounts = draw(cents) if discounts and taxes else Decimal(0)
    sign = draw(st.sampled_from([1, -1]))
    detailed = draw(st.booleans())
    told_before = draw(st.booleans()) and detailed
    collected = draw(st.booleans())
    outside = collected and draw(st.booleans())

    gross, off = sum(taxes.values(), Decimal(0)), sum(discounts.values(), Decimal(0))
    tax = gross - of_discounts
    parts = [part(name, amount) for name, amount in plain.items()]
    if discounts:
        details = {name: sign * amount for name, amount in discounts.items()}
        parts.append(part("DISCOUNT", sign * off, **(details if detailed else {})))
    if taxes:
        details = dict(taxes) | ({"DISCOUNT": sign * of_discounts} if of_discounts else {})
        parts.append(part("TAX", gross if told_before else tax, **(details if detailed else {})))
    truth = {PLAIN[name]: amount for name, amount in plain.items()}
    if detailed:
        truth |= {ChargeKind(f"{PLAIN[name].value}_discount"): -amount for name, amount in discounts.items()}
        truth |= {ChargeKind(f"{PLAIN[name].value}_tax"): amount for name, amount in taxes.items()}
        truth[ChargeKind.DISCOUNT_TAX] = -of_discounts
    else:
        truth |= {ChargeKind.DISCOUNT: -off, ChargeKind.TAX: tax}
    total = sum(plain.values()) - off + (0 if outside else tax)
    drawn = draw(st.permutations(parts))
    return line(number, total, *drawn, tax=TAX_BY_AMAZON if collected else None), truth, total, outside


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_split_into_kinds_is_read_as_it_was_meant(data):
    outside = None
    lines, truths, total = [], [], Decimal(0)
    for number in range(1, data.draw(st.integers(1, 3)) + 1):
        sold, truth, line_total, line_outside = data.draw(sold_lines(number))
        # One order has its marketplace tax either inside or outside of its totals.
        if sold["tax"] and outside not in {None, line_outside}:
            continue
        outside = line_outside if sold["tax"] else outside
        lines.append(sold)
        truths.append(truth)
        total += line_total
    order = read(total, *lines)
    read_kinds = [{charge.kind: charge.amount.amount for charge in entry.charges} for entry in order.lines]
    meant = [{kind: amount for kind, amount in truth.items() if amount or kind is ChargeKind.GOODS} for truth in truths]
    assert read_kinds == meant
    assert (order.charges, order.doubts, prove(order).proven) == ((), (), True)
    assert not [charge for charge in order.all_charges() if charge.kind.is_discount and charge.amount.amount > 0]


@settings(max_examples=200, deadline=None)
@given(
    told=st.integers(-1000, 1000).map(Decimal),
    details=st.dictionaries(
        st.sampled_from(["ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE", "OTHER"]), st.integers(-1000, 1000).map(Decimal)
    ),
    name=st.sampled_from(["DISCOUNT", "TAX"]),
)
def test_details_never_change_the_subtotal(told, details, name):
    order = read("1", line(1, None, part("ITEM", "0"), part(name, told, **details)))
    added = sum(charge.amount.amount for charge in order.all_charges())
    assert added == (-abs(told) if name == "DISCOUNT" else told)
