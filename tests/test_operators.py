"""What a person does: edits in 1C that are never overwritten, and the three decisions about a held order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from adapter.errors import ConfigurationError, Refused
from adapter.model.entry import HoldCause, State
from adapter.operators import accept, choose_customer, retry

NEW_CUSTOMERS = ("  otherwise: hold\n  create:\n    Description", "  otherwise: create\n  create:\n    Description")
OTHER = "5f0c0000-0000-4000-8000-00000000000f"
EDITS: dict[str, tuple[dict[str, Any], str]] = {
    "text": ({"Comment": "call first"}, "Comment: 'Amazon {order}, DE' was sent, 'call first' is stored"),
    "row": (
        {"Products": [{"Product_Key": OTHER, "Quantity": 1, "Price": 10, "Amount": 9}]},
        "Products[1].Amount: 10.00 was sent, 9 is stored",
    ),
    "customer": ({"Customer_Key": OTHER}, f"Customer_Key: '{{anna}}' was sent, '{OTHER}' is stored"),
    "unposted": ({"Posted": False}, "Posted: True -> False"),
}


def written(world) -> str:
    order = world.order()
    world.run()
    assert world.state(order) is State.DONE
    return order


def happens(world, order: str, event: str) -> None:
    world.change(order, quantity=2) if event == "change" else world.account.cancel(order)


def left_alone(world, order: str, before: dict[str, Any]) -> None:
    """Three more runs write nothing and change nothing."""
    world.requests()
    for _ in range(3):
        world.run()
    assert world.requests() == []
    assert world.documents(order) == [before]


@pytest.mark.parametrize("event", ["change", "cancel"])
@pytest.mark.parametrize(("edit", "shown"), EDITS.values(), ids=EDITS)
def test_an_edit_is_never_overwritten(world, event, edit, shown):
    """Held with the difference, field by field, until the person accepts; then it stays as it is."""
    order = written(world)
    number = world.entry(order).ref_key
    world.edit(order, **edit)
    before = world.infobase.row("Document_SalesOrder", str(number))
    happens(world, order, event)
    world.requests()
    world.run()
    entry = world.entry(order)
    assert (entry.state, entry.hold) == (State.HELD, HoldCause.DIFFERENT)
    assert f"amazon1c held accept {order}" in entry.reasons[0]
    assert shown.format(order=order, anna=world.ANNA) in entry.reasons[1:]
    assert [line for line in world.requests() if not line.startswith("GET")] == []
    left_alone(world, order, before)

    accept(world.parts, order)
    assert world.state(order) is State.DONE
    left_alone(world, order, before)
    assert world.ledger.orders.open() == []


@pytest.mark.parametrize(("edit", "shown"), EDITS.values(), ids=EDITS)
def test_what_was_accepted_stays_when_the_order_changes_again(world, edit, shown):
    order = written(world)
    world.edit(order, **edit)
    world.change(order, quantity=2)
    world.run()
    accept(world.parts, order)
    before = world.infobase.row("Document_SalesOrder", str(world.entry(order).ref_key))
    world.change(order, quantity=3)
    world.run()
    assert world.state(order) is State.HELD
    assert shown.format(order=order, anna=world.ANNA) in world.entry(order).reasons[1:]
    left_alone(world, order, before)


@pytest.mark.parametrize("event", ["change", "cancel"])
def test_an_edit_that_the_person_takes_back(world, event):
    """The document is again as we left it: a retry carries the change out."""
    order = written(world)
    world.edit(order, Comment="call first")
    happens(world, order, event)
    world.run()
    world.infobase.edit("Document_SalesOrder", str(world.entry(order).ref_key), {"Comment": f"Amazon {order}, DE"})
    retry(world.ledger, order, world.clock())
    world.run()
    document = world.document(order)
    assert world.state(order) is State.DONE
    assert (document["Products"][0]["Quantity"], document["DeletionMark"]) == (
        (2, False) if event == "change" else (1, True)
    )


@pytest.mark.parametrize("event", ["change", "cancel"])
def test_a_retry_without_a_remedy_writes_nothing(world, event):
    order = written(world)
    world.edit(order, Comment=f"{order}: call first")
    before = world.document(order)
    happens(world, order, event)
    world.run()
    for _ in range(3):
        world.requests()
        retry(world.ledger, order, world.clock())
        world.run()
        assert world.state(order) is State.HELD
        assert [line for line in world.requests() if not line.startswith("GET")] == []
    left_alone(world, order, before)


def test_somebody_wrote_it_without_changing_what_is_ours(world):
    order = written(world)
    world.edit(order)
    world.change(order, quantity=2)
    world.run()
    assert world.entry(order).reasons[1:] == ("nothing that we wrote differs",)


def test_a_document_that_a_person_has_marked_needs_no_cancelling(world):
    order = written(world)
    world.edit(order, Posted=False, DeletionMark=True)
    before = world.document(order)
    world.account.cancel(order)
    world.run()
    assert world.state(order) is State.DONE
    left_alone(world, order, before)


@pytest.mark.parametrize("event", ["change", "cancel"])
def test_a_deleted_document(world, event):
    """Held; it is written anew only if a person says so, and stays deleted for good if the person says that."""
    order, other = written(world), written(world)
    for deleted in (order, other):
        world.infobase.remove("Document_SalesOrder", world.document(deleted)["Ref_Key"])
        happens(world, deleted, event)
    world.run()
    for deleted in (order, other):
        assert world.state(deleted) is State.HELD
        assert "somebody has deleted the document" in world.entry(deleted).reasons[0]

    accept(world.parts, order)
    assert world.state(order) is State.CLOSED
    retry(world.ledger, other, world.clock())
    world.run()
    assert (world.state(order), world.documents(order)) == (State.CLOSED, [])
    if event == "change":
        assert (world.state(other), world.document(other)["Products"][0]["Quantity"]) == (State.DONE, 2)
    else:
        assert (world.state(other), world.documents(other)) == (State.CLOSED, [])
    assert world.ledger.orders.open() == []


def test_a_deletion_that_was_accepted_is_for_good(world):
    order = written(world)
    world.infobase.remove("Document_SalesOrder", world.document(order)["Ref_Key"])
    world.change(order, quantity=2)
    world.run()
    accept(world.parts, order)
    for event in (lambda: world.account.change_status(order, "SHIPPED"), lambda: world.change(order, quantity=3)):
        event()
        world.run()
        assert (world.state(order), world.documents(order)) == (State.CLOSED, [])


def test_two_documents_with_one_order_id(open_world):
    """Nothing is chosen silently; what the person leaves unmarked is the right one."""
    world = open_world(("    order_id: Number", "    order_id: Comment"))
    order = world.order()
    world.modes(replaces_key=True)
    world.fault(action="lost", method="POST", after_commit=True)
    world.run()
    (ours,) = world.documents(order)
    copy = world.infobase.add(
        "Document_SalesOrder", {name: ours[name] for name in ("Date", "Customer_Key", "Comment", "Products")}
    )
    world.run()
    assert (world.state(order), len(world.documents(order))) == (State.HELD, 2)
    assert "2 documents in the infobase carry this order id" in world.entry(order).reasons[0]
    with pytest.raises(Refused, match="no document of it in 1C to keep"):
        accept(world.parts, order)
    world.infobase.edit("Document_SalesOrder", copy["Ref_Key"], {"DeletionMark": True})
    retry(world.ledger, order, world.clock())
    world.run()
    assert (world.state(order), str(world.entry(order).ref_key)) == (State.DONE, ours["Ref_Key"])
    assert len(world.documents(order)) == 2


def test_a_document_with_other_contents_under_our_key(world):
    """The ledger is lost, and a person has edited the document since: held with the difference, then kept."""
    order = written(world)
    world.edit(order, Comment=f"{order}: call first")
    before = world.document(order)
    world.lose_ledger()
    world.run()
    entry = world.entry(order)
    assert (entry.state, entry.hold, entry.written) == (State.HELD, HoldCause.DIFFERENT, True)
    assert entry.reasons[1] == f"Comment: 'Amazon {order}, DE' was sent, '{order}: call first' is stored"
    accept(world.parts, order)
    left_alone(world, order, before)
    assert world.state(order) is State.DONE


def test_choosing_a_customer(world):
    order = world.order(buyer="Ana Mustre")
    other = world.order(buyer="Ana Mustre")
    world.run()
    assert world.state(order) is State.HELD
    choose_customer(world.ledger, order, world.ANNA.upper(), world.clock())
    world.run()
    assert (world.state(order), world.document(order)["Customer_Key"]) == (State.DONE, world.ANNA)
    assert world.entry(order).summary["matched"] == "chosen by a person"
    # The buyer's next orders go there too: it is remembered.
    assert (world.state(other), world.document(other)["Customer_Key"]) == (State.DONE, world.ANNA)


def test_a_choice_for_one_order_alone(world):
    order, other = world.order(buyer="Ana Mustre"), world.order(buyer="Ana Mustre")
    world.run()
    assert choose_customer(world.ledger, order, world.ANNA, world.clock(), remember=False) == ()
    world.run()
    assert (world.state(order), world.state(other)) == (State.DONE, State.HELD)


def test_choosing_another_customer_for_a_written_order(world):
    other = world.infobase.add("Catalog_Customers", {"Description": "Anna Muster-Neu"})["Ref_Key"]
    order = written(world)
    choose_customer(world.ledger, order, other, world.clock())
    world.run()
    document = world.document(order)
    assert (world.state(order), document["Customer_Key"], document["Posted"]) == (State.DONE, other, True)


def test_choosing_a_customer_that_is_none(world):
    order = world.order(buyer="Nobody")
    world.run()
    with pytest.raises(ConfigurationError, match="'Anna' is no Ref_Key"):
        choose_customer(world.ledger, order, "Anna", world.clock())
    with pytest.raises(Refused, match="has not shown an order 999"):
        choose_customer(world.ledger, "999", world.ANNA, world.clock())
    choose_customer(world.ledger, order, str(UUID(int=1)), world.clock())
    world.run()
    assert world.state(order) is State.HELD
    assert "is not among the customers" in world.entry(order).reasons[0]


def test_a_held_plan_and_its_retry(world):
    """Nothing was written; the next run plans it anew, and again says why."""
    order = world.order(sku="COFFEE")
    world.run()
    reasons = world.entry(order).reasons
    with pytest.raises(Refused, match="there is no document of it in 1C to keep"):
        accept(world.parts, order)
    retry(world.ledger, order, world.clock())
    assert world.state(order) is State.PLANNED
    world.run()
    assert (world.state(order), world.entry(order).reasons) == (State.HELD, reasons)


def test_what_is_not_held_is_refused(world):
    order = written(world)
    with pytest.raises(Refused, match="is not held"):
        retry(world.ledger, order, world.clock())
    with pytest.raises(Refused, match="is not held"):
        accept(world.parts, order)


def test_an_update_whose_new_customer_is_refused(open_world):
    """Held before anything is written; a retry plans the update anew, the customer first."""
    world = open_world(NEW_CUSTOMERS)
    order = written(world)
    before = world.document(order)
    world.change(order, quantity=2, buyer="Berta Neu")
    world.fault(action="status", status=500, method="POST", path="Catalog_Customers")
    world.run()
    entry = world.entry(order)
    assert (entry.state, entry.hold) == (State.HELD, HoldCause.REFUSED)
    assert 'refused to create "Berta Neu"' in entry.reasons[0]
    left_alone(world, order, before)
    retry(world.ledger, order, world.clock())
    world.run()
    customers = {row["Ref_Key"]: row["Description"] for row in world.infobase.rows("Catalog_Customers")}
    document = world.document(order)
    assert world.state(order) is State.DONE
    assert (customers[document["Customer_Key"]], document["Products"][0]["Quantity"]) == ("Berta Neu", 2)
    assert document["Posted"]
