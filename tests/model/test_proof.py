from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.model.money import Money
from adapter.model.order import Charge, ChargeKind, Order, OrderLine
from adapter.model.proof import Proof, prove

MOMENT = datetime(2026, 5, 1, tzinfo=UTC)


def eur(amount: int | str | Decimal) -> Money:
    return Money(Decimal(amount), "EUR")


def goods(amount: int) -> Charge:
    return Charge(ChargeKind.GOODS, eur(amount))


def tax(amount: int, by_marketplace: bool = False) -> Charge:
    return Charge(ChargeKind.GOODS_TAX, eur(amount), by_marketplace)


def order(total: Money | None, *lines: tuple[Charge, ...], own: tuple[Charge, ...] = ()) -> Order:
    return Order(
        order_id="1",
        account="de",
        seller_id="A1",
        status="UNSHIPPED",
        purchased_at=MOMENT,
        updated_at=MOMENT,
        lines=tuple(OrderLine(str(number), 1, charges=charges) for number, charges in enumerate(lines)),
        total=total,
        charges=own,
    )


TIP = Charge(ChargeKind.TIP, eur(5))
DOLLAR = Charge(ChargeKind.GOODS, Money(Decimal(1), "USD"))
AMAZONS = tax(2, by_marketplace=True)


@pytest.mark.parametrize(
    ("sold", "proof", "proven"),
    [
        (order(eur(12), (goods(10), tax(2))), Proof(eur(12), eur(12), eur(0), None, eur(0)), True),
        (order(eur(17), (goods(10),), (tax(2),), own=(TIP,)), Proof(eur(17), eur(17), eur(0), None, eur(0)), True),
        (order(eur(12), (goods(10), AMAZONS)), Proof(eur(12), eur(10), eur(2), True, eur(0)), True),
        (order(eur(10), (goods(10), AMAZONS)), Proof(eur(10), eur(10), eur(2), False, eur(0)), True),
        (order(eur(11), (goods(10), AMAZONS)), Proof(eur(11), eur(10), eur(2), None, eur(-1)), False),
        (order(eur(11), (goods(10),)), Proof(eur(11), eur(10), eur(0), None, eur(1)), False),
        (order(eur(0), (goods(0),)), Proof(eur(0), eur(0), eur(0), None, eur(0)), True),
        (order(eur(0)), Proof(eur(0), eur(0), eur(0), None, eur(0)), True),
        (order(None, (goods(10), AMAZONS)), Proof(None, eur(10), eur(2), None, None), None),
        (order(None), Proof(None, None, None, None, None), None),
        (order(eur(10), (goods(10), DOLLAR)), Proof(eur(10), None, None, None, None), False),
    ],
    ids=["adds up", "lines and order", "marketplace tax inside", "outside", "neither", "does not add up", "nothing",
         "no charges", "no total", "no amounts", "two currencies"],
)  # fmt: skip
def test_prove(sold, proof, proven):
    assert prove(sold) == proof
    assert prove(sold).proven is proven


amounts = st.integers(-10_000, 10_000)


@given(lines=st.lists(st.lists(amounts, max_size=4), max_size=4), own=st.lists(amounts, max_size=3), error=amounts)
def test_only_the_right_total_is_proven(lines, own, error):
    total = sum(map(sum, lines)) + sum(own) + error
    sold = order(eur(total), *(tuple(map(goods, line)) for line in lines), own=tuple(map(goods, own)))
    assert (prove(sold).difference, prove(sold).proven) == (eur(error), error == 0)
