"""Kits: the rows of a line add up to it exactly, whatever it is made of."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.mapping.aliases import Alias, Kit
from adapter.matching.products import ProductIndex
from adapter.model.catalog import Product
from adapter.model.details import LineDetails
from adapter.model.money import Money, apportion
from adapter.model.order import Charge, ChargeKind, OrderLine
from adapter.planning.kits import split_parcel
from adapter.planning.rows import Parcel

KITS = {
    "GIFT": Kit((Alias("A", Decimal(1), weight=Decimal(60)), Alias("B", Decimal(2), weight=Decimal(40)))),
    "HALF": Alias("A", Decimal("0.5")),
    "MIXED": Kit(
        (Alias("A", Decimal("0.125"), weight=Decimal("1.25")), Alias("B", Decimal(3), weight=Decimal("6.75")))
    ),
    "FREE": Kit((Alias("A", weight=Decimal(1)), Alias("B", weight=Decimal(0)))),
    "LOST": Kit((Alias("A"), Alias("X", place="products.csv:7"), Alias("Y"))),
}


def inputs(shop, changes=None, **fields):
    """The usual inputs with kits among the aliases."""
    made = shop.inputs(changes, **fields)
    products = [Product(shop.ref(sku), sku, f"Product {sku}") for sku in ("A", "B", "AMZ-SHIPPING", "AMZ-COD")]
    return replace(made, books=replace(made.books, products=ProductIndex(products, KITS)))


def rows(shop, order, changes=None):
    step = shop.step(order, inputs=inputs(shop, changes))
    assert step.verb == "create", step
    return step.document.sections["Products"]


def row(shop, number, sku, quantity, price, amount):
    return {
        "LineNumber": number, "Product_Key": str(shop.ref(sku)), "Quantity": Decimal(quantity),
        "Price": Decimal(price), "Amount": Decimal(amount),
    }  # fmt: skip


def test_a_kit_becomes_rows(shop):
    order = shop.order(shop.line("GIFT", "10.01", 3), shop.line("B", "5.00"))
    assert rows(shop, order) == (
        row(shop, 1, "A", 3, "2.00", "6.01"),
        row(shop, 2, "B", 6, "0.67", "4.00"),
        row(shop, 3, "B", 1, "5.00", "5.00"),
    )


def test_the_plan_says_so(shop):
    step = shop.step(shop.order(shop.line("GIFT"), shop.line("MIXED")), inputs=inputs(shop))
    assert step.notes == (
        'line 1: SKU "GIFT" is a kit: 1 x Product A, 2 x Product B',
        'line 2: SKU "MIXED" is a kit: 0.125 x Product A, 3 x Product B',
    )


def test_parts_of_a_unit(shop):
    """Half a box is half a box, to the cent and in exact decimals; the price is that of 1C's unit."""
    order = shop.order(shop.line("HALF", "10.01", 3), shop.line("MIXED", "8.00", 3))
    assert rows(shop, order) == (
        row(shop, 1, "A", "1.5", "6.67", "10.01"),
        row(shop, 2, "A", "0.375", "3.33", "1.25"),
        row(shop, 3, "B", 9, "0.75", "6.75"),
    )


def test_a_part_for_nothing(shop):
    order = shop.order(shop.line("FREE", "10.00", 1, shop.charge("goods_discount", "-9.99")))
    assert [row["Amount"] for row in rows(shop, order)] == [Decimal("0.01"), Decimal(0)]


def test_every_missing_part_is_named(shop):
    step = shop.step(shop.order(shop.line("LOST")), inputs=inputs(shop))
    assert step.reasons == (
        'line 1: SKU "LOST" (alias of "X" in products.csv:7) is not among the products of the infobase; correct the '
        "alias, or add it in 1C",
        'line 1: SKU "LOST" (alias of "Y") is not among the products of the infobase; correct the alias, or add it in '
        "1C",
    )


def test_rows_have_ids_of_their_own(shop):
    changes = {"documents/sales_order/rows/Products/Row": {"from": "line.uuid"}}
    order = shop.order(shop.line("GIFT", "10.00"), shop.line("A", "5.00"))
    ids = [row["Row"] for row in rows(shop, order, changes)]
    assert len(set(ids)) == 3
    assert ids == [row["Row"] for row in rows(shop, order, changes)]


def test_yens_have_no_cents(shop):
    order = shop.order(shop.line("GIFT", "101", currency="JPY"))
    assert [row["Amount"] for row in rows(shop, order)] == [Decimal(61), Decimal(40)]


def test_a_changed_and_a_cancelled_order(shop):
    known, first = inputs(shop), shop.order(shop.line("GIFT", "10.00"))
    entry = shop.written(first, known)
    changed = shop.step(shop.order(shop.line("GIFT", "20.00", 2)), entry, known)
    assert changed.verb == "update"
    assert [row["Amount"] for row in changed.document.sections["Products"]] == [Decimal(12), Decimal(8)]
    assert shop.step(first, entry, known).verb == "skip"
    cancelled = shop.step(shop.order(shop.line("GIFT", None, 0), status="CANCELLED", total=None), entry, known)
    assert cancelled.verb == "cancel"


def test_points_and_prices_of_the_line(shop):
    details = LineDetails(points=7, points_value=Money(Decimal("0.07"), "EUR"), condition="NEW")
    line = OrderLine("L", 1, "KIT", shop_price=shop.money(10), details=details)
    weights = [Decimal(2), Decimal(1)]
    parts = split_parcel(Parcel(ChargeKind.GOODS, line, (shop.charge("goods", 10),)), weights, "EUR")
    told = [(part.line.details.points, part.line.details.points_value, part.line.shop_price) for part in parts]
    assert told == [(5, shop.money("0.05"), None), (2, shop.money("0.02"), None)]
    assert {part.line.details.condition for part in parts} == {"NEW"}


# -------------------- whatever the line is made of

WEIGHTS = st.lists(st.decimals(0, 10_000, places=2), min_size=1, max_size=6).filter(any)
KINDS = ("goods_tax", "shipping", "goods_discount", "shipping_discount", "discount_tax", "gift_wrap")


@st.composite
def lines(draw):
    """Charges of a line that comes to nothing less than nothing, in a currency."""
    currency, digits = draw(st.sampled_from([("EUR", 2), ("JPY", 0), ("KWD", 3), ("EUR", 4)]))
    of = st.decimals(0, 100_000, places=digits)
    amounts = [("goods", draw(of))]
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=5)):
        amount = draw(of)
        left = sum(part for _, part in amounts)
        amounts.append((kind, -min(amount, left) if "discount" in kind else amount))
    return currency, [Charge(ChargeKind(kind), Money(amount, currency)) for kind, amount in amounts]


@given(lines(), WEIGHTS)
def test_the_rows_add_up(line, weights):
    currency, charges = line
    whole = Parcel(ChargeKind.GOODS, OrderLine("L", 1), tuple(charges))
    parts = split_parcel(whole, weights, currency)
    for number, charge in enumerate(charges):
        split = [part.charges[number] for part in parts]
        assert sum(each.amount.amount for each in split) == charge.amount.amount
        assert {(each.kind, each.amount.currency) for each in split} == {(charge.kind, currency)}
    for name in ("amount", "gross", "discount", "tax"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)
    assert all(part.amount >= 0 and part.gross >= 0 and part.discount >= 0 for part in parts)


@given(
    st.decimals(-100_000, 100_000, places=3),
    st.lists(st.decimals(0, 1000, places=3), min_size=1, max_size=8),
    st.integers(0, 3),
)
def test_apportion(amount, weights, digits):
    parts = apportion(amount, weights, digits)
    assert sum(parts) == amount
    assert all(part * amount >= 0 for part in parts)
    unit = Decimal(1).scaleb(-max(digits, -amount.as_tuple().exponent))
    whole = sum(weights) or len(weights)
    for part, weight in zip(parts, weights if any(weights) else [1] * len(weights), strict=True):
        assert abs(part - amount * weight / whole) < unit
        assert weight or not part
    assert all(part == part.quantize(unit) for part in parts)


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        ("10.00", [1, 1, 1], ["3.34", "3.33", "3.33"]),
        ("-10.00", [1, 1, 1], ["-3.34", "-3.33", "-3.33"]),
        ("0.02", [1, 1, 1], ["0.01", "0.01", "0.00"]),
        ("1.00", [1, 0, 2], ["0.33", "0.00", "0.67"]),
        ("0.00", [1, 2], ["0.00", "0.00"]),
        ("1.00", [0, 0], ["0.50", "0.50"]),
        ("0.005", [1, 1], ["0.003", "0.002"]),
    ],
)
def test_largest_remainders(amount, weights, parts):
    found = apportion(Decimal(amount), [Decimal(weight) for weight in weights], 2)
    assert found == [Decimal(part) for part in parts]
