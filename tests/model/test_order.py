"""What an order knows about itself."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from adapter.model.money import Money
from adapter.model.order import Charge, ChargeKind, Order, OrderLine

MOMENT = datetime(2026, 5, 1, tzinfo=UTC)
# kind -> what it belongs to, whether it is a tax, whether it is a discount
KINDS = {
    "goods": ("goods", False, False),
    "shipping": ("shipping", False, False),
    "gift_wrap": ("gift_wrap", False, False),
    "cod_fee": ("cod_fee", False, False),
    "tip": ("tip", False, False),
    "other": ("other", False, False),
    "discount": ("goods", False, True),
    "goods_discount": ("goods", False, True),
    "shipping_discount": ("shipping", False, True),
    "gift_wrap_discount": ("gift_wrap", False, True),
    "cod_fee_discount": ("cod_fee", False, True),
    "other_discount": ("other", False, True),
    "tax": ("goods", True, False),
    "goods_tax": ("goods", True, False),
    "shipping_tax": ("shipping", True, False),
    "gift_wrap_tax": ("gift_wrap", True, False),
    "cod_fee_tax": ("cod_fee", True, False),
    "other_tax": ("other", True, False),
    "discount_tax": ("goods", True, False),
}


def test_kinds_of_charges():
    assert {kind.value: (kind.of.value, kind.is_tax, kind.is_discount) for kind in ChargeKind} == KINDS


def charge(amount, currency="EUR"):
    return Charge(ChargeKind.GOODS, Money(Decimal(amount), currency))


def order(*lines, own=(), total=None):
    made = tuple(OrderLine(str(at), 1, charges=charges) for at, charges in enumerate(lines))
    return Order("302-1", "de", "S", "UNSHIPPED", MOMENT, MOMENT, made, total, own)


def test_all_charges_come_in_order():
    one, two, three = charge(1), charge(2), charge(3)
    assert list(order((one,), (), (two,), own=(three,)).all_charges()) == [one, two, three]


@pytest.mark.parametrize(
    ("made", "currency"),
    [
        (order((charge(1, "USD"),), total=Money(Decimal(1), "EUR")), "EUR"),
        (order((), (charge(1, "USD"),), own=(charge(1),)), "USD"),
        (order((), own=(charge(1, "JPY"),)), "JPY"),
        (order(()), None),
        (order(), None),
    ],
    ids=["total", "first line", "order", "no charges", "no lines"],
)
def test_currency(made, currency):
    assert made.currency == currency
