"""Catalog elements that are created: one for each natural key, whatever crashes and whoever was first."""

from __future__ import annotations

import pytest

from adapter.model.entry import HoldCause, State
from adapter.operators import retry

NEW_CUSTOMERS = ("  otherwise: hold\n  create:\n    Description", "  otherwise: create\n  create:\n    Description")
NO_NAMES = (("    - exact_name:", "    # exact_name:"), ("    - fuzzy_name:", "    # fuzzy_name:"))
CUSTOMERS = "Catalog_Customers"


def called(world, name: str) -> list[str]:
    return [row["Ref_Key"] for row in world.infobase.rows(CUSTOMERS) if row["Description"] == name]


@pytest.fixture
def creating(open_world):
    """A world whose unknown buyers become customers."""
    world = open_world(NEW_CUSTOMERS)
    world.order()
    world.run()
    return world


def test_one_customer_for_all_orders_of_a_new_buyer(creating):
    world = creating
    orders = [world.order(buyer=name) for name in ("Berta Neu", "NEU, Berta", "Carl Neu", "Berta Neu")]
    world.run()
    assert [len(called(world, name)) for name in ("Berta Neu", "NEU, Berta", "Carl Neu")] == [1, 0, 1]
    keys = [world.document(order)["Customer_Key"] for order in orders]
    assert keys[0] == keys[1] == keys[3] != keys[2]
    later = world.order(buyer="Berta Neu")
    world.requests()
    world.run()
    assert world.document(later)["Customer_Key"] == keys[0]
    assert world.requests() == ["POST Document_SalesOrder", "PATCH Document_SalesOrder"]


def test_a_customer_that_a_person_made_meanwhile(creating):
    """Our copy of the catalog is old: the infobase is asked before anything is created, and the order planned anew."""
    world = creating
    made = world.infobase.add(CUSTOMERS, {"Description": "Berta Neu"})
    order = world.order(buyer="Berta Neu")
    report = world.run()
    assert (world.state(order), report.outcome.stale) == (State.DONE, set())
    assert world.document(order)["Customer_Key"] == made["Ref_Key"]
    assert called(world, "Berta Neu") == [made["Ref_Key"]]


def test_the_same_where_no_policy_asks_for_names(open_world):
    """The element found takes the place of the one that would be created; nothing is planned anew for ever."""
    world = open_world(NEW_CUSTOMERS, *NO_NAMES)
    made = world.infobase.add(CUSTOMERS, {"Description": "Berta Neu"})
    orders = [world.order(buyer="Berta Neu") for _ in range(2)]
    report = world.run()
    assert ([world.state(order) for order in orders], report.outcome.stale) == ([State.DONE] * 2, set())
    assert {world.document(order)["Customer_Key"] for order in orders} == {made["Ref_Key"]}


def test_several_customers_of_that_name(open_world):
    """None is picked; the order is held, and nothing is asked again until a person decides."""
    world = open_world(NEW_CUSTOMERS, *NO_NAMES)
    for _ in range(2):
        world.infobase.add(CUSTOMERS, {"Description": "Berta Neu"})
    order = world.order(buyer="Berta Neu")
    world.run()
    entry = world.entry(order)
    assert (entry.state, entry.hold) == (State.HELD, HoldCause.REFUSED)
    assert "Catalog_Customers has 2 elements with Description 'Berta Neu'" in entry.reasons[0]
    world.onec.log.clear()
    world.run()
    assert world.onec.log == []
    assert len(called(world, "Berta Neu")) == 2


def test_a_lost_ledger_finds_its_customers_again(creating):
    world = creating
    order = world.order(buyer="Berta Neu")
    world.run()
    world.lose_ledger()
    second = world.order(buyer="Berta Neu")
    world.run()
    assert [world.state(found) for found in (order, second)] == [State.DONE, State.DONE]
    assert len(called(world, "Berta Neu")) == 1
    assert len(world.documents(order)) == 1


def test_a_lost_ledger_and_a_renamed_customer(open_world):
    """The key is taken, under another name: it is the customer we made."""
    world = open_world(NEW_CUSTOMERS)
    order = world.order(buyer="Berta Neu")
    world.run()
    (key,) = called(world, "Berta Neu")
    world.infobase.edit(CUSTOMERS, key, {"Description": "Frau B. Neumann"})
    world.lose_ledger()
    second = world.order(buyer="Berta Neu")
    world.run()
    assert [world.state(found) for found in (order, second)] == [State.DONE, State.DONE]
    assert world.document(second)["Customer_Key"] == key
    assert called(world, "Berta Neu") == []


def test_a_refused_customer_holds_its_orders_only(creating):
    world = creating
    world.fault(action="status", status=500, method="POST", path=CUSTOMERS, times=0)
    first, second, other = world.order(buyer="Berta Neu"), world.order(buyer="Berta Neu"), world.order()
    world.run()
    assert [world.state(order) for order in (first, second, other)] == [State.HELD, State.HELD, State.DONE]
    assert 'refused to create "Berta Neu" in Catalog_Customers' in world.entry(first).reasons[0]
    world.onec.log.clear()
    world.run()
    assert world.writes() == 0
    world.onec.faults.clear()
    for order in (first, second):
        retry(world.ledger, order, world.clock())
    world.run()
    assert [world.state(order) for order in (first, second)] == [State.DONE, State.DONE]
    assert len(called(world, "Berta Neu")) == 1


@pytest.mark.parametrize("after_commit", [False, True])
def test_while_the_answer_is_missing_its_orders_wait(open_world, after_commit):
    """Whether keys are kept is not known yet: looked up, and created again only after the quarantine."""
    world = open_world(NEW_CUSTOMERS)
    world.fault(action="lost", method="POST", path=CUSTOMERS, after_commit=after_commit)
    orders = [world.order(buyer="Berta Neu") for _ in range(2)]
    report = world.run()
    assert report.outcome.counts == {"unknown": 1, "later" if not after_commit else "create": 1}
    world.run(minutes=5)
    assert len(called(world, "Berta Neu")) == after_commit
    world.settle()
    assert [world.state(order) for order in orders] == [State.DONE, State.DONE]
    assert len(called(world, "Berta Neu")) == 1


def test_products_are_created_by_their_sku(open_world):
    world = open_world(("  otherwise: hold\n  create:\n    sku", "  otherwise: create\n  create:\n    sku"))
    orders = [world.order(sku=sku) for sku in ("COFFEE", "coffee ", "TEA")]
    world.run()
    assert [world.state(order) for order in orders] == [State.DONE] * 3
    skus = [row["sku"] for row in world.infobase.rows("Catalog_Products")]
    assert (skus.count("COFFEE"), skus.count("coffee"), skus.count("TEA")) == (1, 0, 1)
