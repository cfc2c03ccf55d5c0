"""The dry run as text."""

from __future__ import annotations

from dataclasses import replace

from adapter.model.document import NewElement
from adapter.model.entry import Key
from adapter.planning.plan import Cancel, Hold, Plan, Skip, Totals, Update, Wait
from adapter.planning.report import plan_as_text, summary


def plan(shop):
    create = shop.step()
    totals = Totals(shop.money("11.00"), {"tip": shop.money("1.00")}, shop.money("10.00"))
    element = NewElement("Catalog_Customers", shop.ref("x"), "x", "Description", {"Description": "[b]Bob"})
    fields = {name: getattr(create, name) for name in ("document", "totals", "customer", "matched")}

    def key(number):
        return Key("de", f"302-{number}", "sales_order")

    return Plan(
        (
            replace(create, key=key(1), totals=totals, new_elements=(element,), notes=("a note",), customer="[red]Bob"),
            Update(key(2), create.source, **fields, changes=("Sum: 1 -> 2", "Name: [x] -> y")),
            Cancel(key(3), create.source),
            Cancel(key(4), create.source, {"State": "x", "Sum": 1}),
            Hold(key(5), create.source, ("one", "two [/b]"), "Eve", shop.money(0)),
            Hold(key(6), create.source, ("three",)),
            Wait(key(7), create.source, "PENDING at Amazon"),
            Skip(key(8), create.source, "already in the infobase", written=True),
            Skip(key(9), create.source, "the mapping wants none"),
        )
    )


SUMMARY = [
    "9 documents: 1 to create, 1 to update, 2 to take back, 2 held, 1 waiting for Amazon, 1 already in 1C, 1 with "
    "nothing to do",
    "to create: 10.00 EUR",
]
TABLE = """\
Order  Document     What    Customer           Total  Why
302-1  sales_order  create  [red]Bob       10.00 EUR  same name; 1 row
                                                      11.00 EUR - 1.00 EUR tip = 10.00 EUR
                                                      a note
302-2  sales_order  update  Alice Example  10.00 EUR  Sum: 1 -> 2
                                                      Name: [x] -> y
302-3  sales_order  cancel                            cancelled at Amazon: unpost and mark for deletion
302-4  sales_order  cancel                            cancelled at Amazon: State = x, Sum = 1
302-5  sales_order  hold    Eve             0.00 EUR  one
                                                      two [/b]
302-6  sales_order  hold                              three
302-7  sales_order  wait                              PENDING at Amazon"""
SKIPS = """
302-8  sales_order  skip                              already in the infobase
302-9  sales_order  skip                              the mapping wants none"""


def lines(text):
    return [line.rstrip() for line in text.splitlines()]


def test_plan_as_text(shop):
    tail = ["new in Catalog_Customers: [b]Bob", *SUMMARY]
    assert lines(plan_as_text(plan(shop))) == [*lines(TABLE), *tail]
    assert lines(plan_as_text(plan(shop), all_steps=True)) == [*lines(TABLE + SKIPS), *tail]


def test_nothing_to_do():
    assert plan_as_text(Plan()) == "0 documents: none\n"


def test_colours_are_a_matter_of_terminals(shop):
    assert "\x1b[" in plan_as_text(plan(shop), color=True)
    assert "\x1b[" not in plan_as_text(plan(shop))


def test_sums_are_told_by_currency(shop):
    yen = shop.step(shop.order(shop.line("A", "1500", currency="JPY")))
    assert summary(Plan((shop.step(), yen, shop.step()))) == [
        "3 documents: 3 to create",
        "to create: 20.00 EUR, 1,500 JPY",
    ]
