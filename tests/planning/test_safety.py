"""What is so unusual that a person should look first."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from adapter.model.document import NewElement
from adapter.model.entry import HoldCause, Key, State
from adapter.planning.plan import Cancel, Hold, Plan, Skip, Update
from adapter.planning.safety import unusual

LIMITS = {"max_new_customers": 2, "max_new_products": 1, "max_changes": 3, "max_held_share": 0.5}


@pytest.fixture
def judge(shop):
    """Judges a plan of so many steps of each kind."""
    create = shop.step()

    def made(count, first, make):
        return [make(Key("de", f"302-{number}", "sales_order")) for number in range(first, first + count)]

    def judge(creates=0, updates=0, cancels=0, holds=0, skips=0, customers=0, products=0, entries=()):
        elements = [NewElement("Catalog_Customers", UUID(int=n), str(n), "D", {}) for n in range(customers)]
        elements += [NewElement("Catalog_Products", UUID(int=99 + n), str(n), "D", {}) for n in range(products)]
        fields = {name: getattr(create, name) for name in ("document", "totals", "customer", "matched")}
        steps = [
            *made(creates, 0, lambda key: replace(create, key=key, new_elements=tuple(elements))),
            *made(updates, 100, lambda key: Update(key, create.source, **fields, changes=("x",))),
            *made(cancels, 200, lambda key: Cancel(key, create.source)),
            *made(holds, 300, lambda key: Hold(key, create.source, ("x",))),
            *made(skips, 400, lambda key: Skip(key, create.source, "x")),
        ]
        known = {entry.key: entry for entry in entries}
        return unusual(Plan(tuple(steps)), known, shop.rules({"safety": LIMITS}))

    return judge


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        ({}, ()),
        ({"creates": 50}, ()),
        ({"creates": 5, "customers": 2, "products": 1}, ()),
        ({"creates": 5, "customers": 3, "products": 2},
         ("3 customers would be created (safety.max_new_customers: 2)",
          "2 products would be created (safety.max_new_products: 1)")),
        ({"updates": 2, "cancels": 1}, ()),
        ({"updates": 2, "cancels": 2}, ("4 written documents would be changed (safety.max_changes: 3)",)),
        ({"holds": 19}, ()),
        ({"holds": 20}, ("20 of 20 new orders would be held (safety.max_held_share: 0.5)",)),
        ({"holds": 10, "creates": 10}, ()),
        ({"holds": 11, "creates": 9}, ("11 of 20 new orders would be held (safety.max_held_share: 0.5)",)),
    ],
)  # fmt: skip
def test_unusual(judge, plan, found):
    assert judge(**plan) == found


def test_who_is_held_already_has_been_seen(shop, judge):
    seen = [
        replace(shop.unwritten(State.HELD, HoldCause.PLAN), key=Key("de", f"302-{number}", "sales_order"))
        for number in range(300, 330)
    ]
    assert judge(holds=30, creates=20, entries=seen) == ()
    assert judge(holds=30, creates=20, entries=seen[:5]) == (
        "25 of 45 new orders would be held (safety.max_held_share: 0.5)",
    )
