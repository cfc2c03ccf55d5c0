"""Plans are carried out: few requests, one bad order alone, and a silent infobase is left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapter.books import read_schema
from adapter.copies import Copies
from adapter.delivery.deliver import Deliverer
from adapter.delivery.target import Target
from adapter.errors import Unavailable
from adapter.model.entry import Operation, State
from adapter.onec.catalogs import Catalogs
from adapter.onec.documents import Documents

ONE_DOCUMENT = ["POST Document_SalesOrder", "PATCH Document_SalesOrder"]


def test_two_writes_and_no_read_for_a_document(world):
    world.order()
    world.run()
    world.requests()
    orders = [world.order() for _ in range(5)]
    report = world.run()
    assert world.requests() == ONE_DOCUMENT * 5
    assert report.outcome.counts == {"create": 5}
    assert all(world.document(order)["Posted"] for order in orders)
    world.run()
    assert world.requests() == []


def test_the_first_document_is_looked_for_once(world):
    """Nothing is known of the infobase yet: a lost ledger, or keys that are not kept."""
    world.order(), world.order()
    world.run()
    assert world.requests() == ["GET Document_SalesOrder", *ONE_DOCUMENT, *ONE_DOCUMENT]


def test_the_history_of_a_document(world):
    order = world.order()
    world.run()
    moves = [(event.state_from, event.state_to, event.operation) for event in world.ledger.entries.history(order)]
    assert moves == [
        (None, State.INTENT, Operation.CREATE),
        (State.INTENT, State.INTENT, Operation.POST),
        (State.INTENT, State.DONE, Operation.POST),
    ]
    entry = world.entry(order)
    document = world.document(order)
    assert (str(entry.ref_key), entry.data_version) == (document["Ref_Key"], document["DataVersion"])
    assert (entry.written, entry.posted, entry.marked, entry.reasons) == (True, True, False, ())
    assert entry.summary == {
        "customer": "Anna Muster",
        "matched": "same name",
        "total": {"amount": "10.00", "currency": "EUR"},
        "order_id_property": "Number",
        "order_id_search": "equals",
    }


def test_an_update_unposts_writes_and_posts(world):
    order = world.order()
    world.run()
    world.change(order, quantity=3)
    world.requests()
    report = world.run()
    assert report.outcome.counts == {"update": 1}
    assert world.requests() == ["GET Document_SalesOrder"] + ["PATCH Document_SalesOrder"] * 3
    document = world.document(order)
    assert (document["Products"][0]["Amount"], document["Posted"]) == (30, True)
    assert "before" not in world.entry(order).summary


def test_a_cancellation_unposts_and_marks(world):
    order = world.order()
    world.run()
    world.account.cancel(order)
    world.run()
    document = world.document(order)
    assert (document["Posted"], document["DeletionMark"]) == (False, True)
    assert (world.state(order), world.entry(order).summary["cancelled"]) == (State.DONE, True)
    world.requests()
    world.run()
    assert world.requests() == []


def test_an_order_cancelled_in_time_is_closed_and_one_not_paid_waits(world):
    early, waiting = world.order(), world.order("PENDING")
    world.account.cancel(early)
    world.run()
    assert (world.state(early), world.state(waiting)) == (State.CLOSED, State.WAITING)
    assert world.infobase.rows("Document_SalesOrder") == []
    world.account.change_status(waiting, "UNSHIPPED")
    world.run()
    assert world.state(waiting) is State.DONE


def test_one_bad_order_never_stops_the_rest(world):
    """Unreadable, unknown, refused by 1C, of another shape: each is held, the others are written."""
    first = world.order()
    unknown_sku, nobody, odd_status = world.order(sku="?"), world.order(buyer="Nobody"), world.order("EXPLODED")
    shapeless = world.order()
    world.account.edit(shapeless, lambda order: order.update(proceeds=["ten"], recipient=7))
    refused = world.order()
    world.fault(action="status", status=500, method="POST", path="Document_", skip=1, times=1)
    last = world.order()
    report = world.run()
    assert [world.state(order) for order in (first, last)] == [State.DONE, State.DONE]
    for order in (unknown_sku, nobody, odd_status, shapeless, refused):
        assert world.state(order) is State.HELD
        assert world.entry(order).reasons
    assert report.outcome.counts == {"held": 5, "create": 2}


def test_three_writes_in_a_row_without_an_answer_end_the_run(world):
    orders = [world.order() for _ in range(5)]
    world.fault(action="lost", method="POST", path="Document_", times=0)
    with pytest.raises(Unavailable, match="does not answer writes"):
        world.run()
    assert [world.state(order) for order in orders] == [State.UNKNOWN] * 3 + [None, None]
    assert world.writes() == 3
    world.settle()
    assert [world.state(order) for order in orders] == [State.DONE] * 5


def test_three_in_a_row_end_the_recovery_too(world):
    orders = [world.order() for _ in range(5)]
    world.fault(action="lost", method="PATCH", skip=2, times=0, after_commit=False)
    with pytest.raises(Unavailable):
        world.run()
    world.requests()
    with pytest.raises(Unavailable, match="does not answer writes"):
        world.run()
    assert sum(line.startswith("PATCH") for line in world.requests()) == 3
    world.settle()
    assert [world.state(order) for order in orders] == [State.DONE] * 5


def test_two_without_an_answer_and_one_with_do_not(world):
    orders = [world.order() for _ in range(6)]
    for skip in (0, 1):
        world.fault(action="lost", method="POST", path="Document_", skip=skip, times=2)
    report = world.run()
    states = [State.UNKNOWN, State.UNKNOWN, State.DONE, State.UNKNOWN, State.UNKNOWN, State.DONE]
    assert [world.state(order) for order in orders] == states
    assert report.outcome.counts == {"unknown": 4, "create": 2}


def test_a_plan_that_has_been_overtaken_writes_nothing(world):
    """A write of it has got no answer since: only looking leads on."""
    order = world.order()
    world.clock.forward(minutes=3)
    plan, _ = world.sync().plan()
    world.fault(action="lost", method="POST")
    world.run()
    schema = read_schema(Copies(world.ledger, world.parts.infobase, world.clock, timedelta(days=1)))
    documents, catalogs = Documents(world.parts.infobase, schema), Catalogs(world.parts.infobase, schema)
    world.requests()
    outcome = Deliverer([Target(world.ledger, documents, catalogs, world.QUARANTINE, world.clock)]).carry_out(plan)
    assert (outcome.counts, world.state(order), world.requests()) == ({"later": 1}, State.UNKNOWN, [])


def test_a_stop_ends_after_the_order_in_hand(world):
    orders = [world.order() for _ in range(3)]
    world.clock.forward(minutes=3)
    done = []
    world.sync(stopped=lambda: bool(done), progress=done.append).run()
    assert [world.state(order) for order in orders] == [State.DONE, None, None]
    world.run()
    assert [world.state(order) for order in orders] == [State.DONE] * 3
