"""What infobases do differently: keys, numbers, periods, rights; one document comes of it, or a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from adapter.errors import ConfigurationError
from adapter.model.entry import HoldCause, State
from adapter.operators import retry


@pytest.mark.parametrize("answer", ["500/-1", "400/15"])
def test_a_repeated_key_is_adopted(world, answer):
    """The document is there already, as after a lost ledger: not doubled, whatever 1C says to the second creation."""
    world.order()
    world.run()
    order = world.order()
    world.run()
    world.modes(repeated_key=answer)
    world.lose_ledger()
    report = world.run()
    assert report.outcome.counts == {"create": 2}
    assert world.state(order) is State.DONE
    assert len(world.infobase.rows("Document_SalesOrder")) == 2


def test_keys_that_the_infobase_replaces(world):
    """As УНФ may do. The order id takes the key's place: one document, posted, changed and cancelled under its own."""
    world.modes(replaces_key=True)
    world.probed(keeps_chosen_key="no")
    order = world.order()
    world.run()
    assert str(world.entry(order).ref_key) == world.document(order)["Ref_Key"]
    assert (world.state(order), world.document(order)["Posted"]) == (State.DONE, True)
    world.change(order, quantity=2)
    world.run()
    assert world.document(order)["Products"][0]["Quantity"] == 2
    world.account.cancel(order)
    world.run()
    assert world.document(order)["DeletionMark"]
    world.lose_ledger()
    world.probed(keeps_chosen_key="no")
    second = world.order()
    world.run()
    assert (world.state(order), world.state(second)) == (State.CLOSED, State.DONE)
    world.lose_ledger()
    world.run()
    assert (world.state(second), len(world.documents(second))) == (State.DONE, 1)


@pytest.mark.parametrize("after_commit", [False, True])
@pytest.mark.parametrize("number", ["Number", "Comment"])
def test_a_replaced_key_and_a_lost_answer(open_world, after_commit, number):
    """Found by the order id, alone in a number or within a comment of unlimited length."""
    world = open_world(("    order_id: Number", f"    order_id: {number}"))
    world.modes(replaces_key=True)
    world.probed(keeps_chosen_key="no")
    world.fault(action="lost", method="POST", after_commit=after_commit)
    order = world.order()
    world.run()
    assert world.state(order) is State.UNKNOWN
    world.run()
    assert world.state(order) is (State.DONE if after_commit else State.UNKNOWN)
    world.settle()
    assert (world.state(order), world.document(order)["Posted"]) == (State.DONE, True)
    world.lose_ledger()
    world.run()
    assert (world.state(order), len(world.documents(order))) == (State.DONE, 1)


def test_keys_that_are_replaced_from_one_day_on(world):
    """What was learnt of the infobase is outdated, and the very first answer is lost: still one document."""
    world.order()
    world.run()
    world.modes(replaces_key=True)
    world.fault(action="lost", method="POST", after_commit=True)
    order = world.order()
    world.run()
    world.settle()
    assert (world.state(order), len(world.documents(order))) == (State.DONE, 1)


def test_a_number_that_the_infobase_replaces_is_held(world):
    """The order id is not where it could be found again."""
    world.modes(replaces_number=True)
    order = world.order()
    world.run()
    entry = world.entry(order)
    assert (entry.state, entry.hold, entry.written) == (State.HELD, HoldCause.DIFFERENT, True)
    assert "was stored otherwise than it was sent" in entry.reasons[0]
    assert entry.reasons[1].startswith(f"Number: '{order}' was sent, ")
    world.settle()
    assert len(world.documents(order)) == 1


@pytest.mark.parametrize("number", range(3), ids=["unpost", "replace", "post"])
@pytest.mark.parametrize("after_commit", [False, True])
def test_a_property_that_the_infobase_makes_its_own(open_world, number, after_commit):
    """What can do no harm is remembered, and is taken for nobody's edit, not even when an update is cut off."""
    world = open_world(("    order_id: Number", "    order_id: Comment"))
    world.modes(replaces_number=True)
    order = world.order()
    world.run()
    assert (world.state(order), world.entry(order).summary["differs"]) == (State.DONE, ["Number"])
    world.change(order, quantity=2)
    world.fault(action="lost", method="PATCH", skip=number, after_commit=after_commit)
    world.run()
    assert world.state(order) is State.UNKNOWN
    world.settle()
    assert (world.state(order), world.document(order)["Products"][0]["Quantity"]) == (State.DONE, 2)
    assert "differs" not in world.entry(order).summary


def test_a_closed_period(world):
    """Refused with 1C's words; once it is open again, a person's retry writes it."""
    world.modes(closed_before=date(2027, 1, 1), closed_text="Период закрыт")
    order = world.order()
    world.run()
    entry = world.entry(order)
    assert (entry.state, entry.hold, entry.written) == (State.HELD, HoldCause.REFUSED, False)
    assert "1C refused to write it" in entry.reasons[0]
    assert "Период закрыт" in entry.reasons[0]
    world.requests()
    world.run()
    assert world.requests() == []
    world.modes(closed_before=None)
    retry(world.ledger, order, world.clock())
    world.run()
    assert (world.state(order), len(world.documents(order))) == (State.DONE, 1)


@pytest.mark.parametrize("event", ["change", "cancel"])
def test_a_period_closed_after_it_was_written(world, event):
    """Neither an update nor a cancellation is tried again and again."""
    order = world.order()
    world.run()
    world.modes(closed_before=date(2027, 1, 1))
    world.change(order, quantity=2) if event == "change" else world.account.cancel(order)
    world.run()
    assert (world.state(order), world.entry(order).hold) == (State.HELD, HoldCause.REFUSED)
    world.requests()
    for _ in range(3):
        world.run()
    assert world.requests() == []
    retry(world.ledger, order, world.clock())
    world.run()
    assert world.state(order) is State.HELD
    assert sum(not line.startswith("GET") for line in world.requests()) == 1
    world.modes(closed_before=None)
    retry(world.ledger, order, world.clock())
    world.run()
    assert world.state(order) is State.DONE
    document = world.document(order)
    assert document["Posted"] == (event == "change")
    assert document["Products"][0]["Quantity"] == (2 if event == "change" else 1)


def test_a_person_enters_what_was_refused(open_world):
    """By hand, under a key of 1C's own: a retry looks for the order's id before it writes, and takes that document."""
    world = open_world(("    order_id: Number", "    order_id: Comment"))
    model = world.order()
    world.run()
    world.fault(action="status", status=500, method="POST")
    order = world.order()
    world.run()
    assert world.state(order) is State.HELD
    by_hand = {name: world.document(model)[name] for name in ("Date", "Customer_Key", "Products")}
    by_hand |= {"Number": order, "Comment": f"Amazon {order}, DE", "Posted": True}
    entered = world.infobase.add("Document_SalesOrder", by_hand)
    retry(world.ledger, order, world.clock())
    world.requests()
    world.run()
    assert world.requests() == ["GET Document_SalesOrder"]
    assert (world.state(order), str(world.entry(order).ref_key)) == (State.DONE, entered["Ref_Key"])
    assert world.documents(order) == [entered]


def test_a_posting_that_is_refused_leaves_a_draft(open_world):
    world = open_world(("      Customer_Key: {from: customer}\n", ""))
    order = world.order()
    world.run()
    entry = world.entry(order)
    assert (entry.state, entry.hold, entry.written, entry.posted) == (State.HELD, HoldCause.REFUSED, True, False)
    assert "1C refused to post it" in entry.reasons[0]
    world.edit(order, Customer_Key=world.ANNA)
    retry(world.ledger, order, world.clock())
    world.run()
    assert (world.state(order), world.document(order)["Posted"]) == (State.DONE, True)


def test_a_wrong_password_stops_before_anything(world):
    world.order()
    world.run()
    order = world.order()
    world.password = "changed"
    world.restart()
    world.requests()
    with pytest.raises(ConfigurationError, match="user or password"):
        world.run()
    assert world.requests() == ["POST Document_SalesOrder"]
    assert (world.state(order), world.documents(order)) == (State.PLANNED, [])
    world.password = "odata"
    world.restart()
    world.run()
    assert world.state(order) is State.DONE


def test_a_missing_right_stops_the_run_and_leaves_nothing_unknown(world):
    order = world.order()
    (user,) = world.infobase.users
    world.infobase.users = (replace(user, denied=frozenset({("*", "Posting")})),)
    with pytest.raises(ConfigurationError, match="lacks a right"):
        world.run()
    assert (world.state(order), world.entry(order).written) == (State.PLANNED, True)
    world.infobase.users = (user,)
    world.run()
    assert (world.state(order), len(world.documents(order))) == (State.DONE, 1)


def test_that_keys_are_replaced_is_not_forgotten(world):
    """A document found again under its own key proves nothing: the next one is still looked for first."""
    world.modes(replaces_key=True)
    world.probed(keeps_chosen_key="no")
    order = world.order()
    world.run()
    comment = world.document(order)["Comment"]
    world.edit(order, Comment=f"{order}: call first")
    world.change(order, quantity=2)
    world.run()
    world.edit(order, Comment=comment)
    retry(world.ledger, order, world.clock())
    world.run()
    assert world.state(order) is State.DONE
    world.order()
    world.requests()
    world.run()
    assert world.requests()[:2] == ["GET Document_SalesOrder", "POST Document_SalesOrder"]
