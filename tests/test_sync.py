"""The whole way: dry runs write nothing, saved plans are carried out only unchanged, a lost ledger doubles nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapter.books import Copies
from adapter.errors import ConfigurationError, Refused, Unavailable
from adapter.ledger import Ledger
from adapter.model.entry import HoldCause, State
from adapter.planning.plan import Create, Plan, Skip, plan_as_json
from adapter.setup.check import check_infobase
from adapter.sync import Sync, UnusualPlan
from tests.world import SECOND_DOCUMENT


def everything(ledger: Ledger) -> dict[str, object]:
    """The ledger's tables, but for kept copies and Amazon's budget."""
    with ledger.transaction() as connection:
        names = ("orders", "entries", "events", "elements", "cursors", "decisions", "capabilities")
        return {name: connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in names}  # noqa: S608


def test_a_dry_run_writes_nothing(world):
    done, held = world.order(), world.order(sku="?")
    world.run()
    world.change(done, quantity=2)
    new = world.order()
    world.clock.forward(minutes=3)
    before, rows = everything(world.ledger), world.infobase.rows("Document_SalesOrder")
    world.onec.log.clear()
    plan, report = world.sync().plan()
    assert {step.key.order_id: step.verb for step in plan} == {done: "update", held: "hold", new: "create"}
    assert report.read["shop"].complete
    assert world.writes() == 0
    assert everything(world.ledger) == before
    assert world.infobase.rows("Document_SalesOrder") == rows


def test_a_shipped_order_whose_invoice_is_not_confirmed_is_booked(world):
    """FACTS 4.3: all of it is shipped, and nothing is missing."""
    order = world.order("INVOICE_UNCONFIRMED")
    world.run()
    assert (world.state(order), world.document(order)["Posted"]) == (State.DONE, True)


def test_a_dry_run_beside_a_running_service(tmp_path, open_world):
    """Another process owns the ledger: what it has read is planned, Amazon is not asked."""
    world = open_world(directory=tmp_path)
    order = world.order()
    world.clock.forward(minutes=3)
    world.fault(action="lost", method="POST")
    world.run()
    asked = len(world.amazon.log)
    with Ledger.open(tmp_path) as ledger:
        parts = replace(world.parts, ledger=ledger, refresh=timedelta(0))
        plan, _ = Sync(parts).plan(peek=False)
        assert [(step.verb, step.key.order_id) for step in plan] == [("wait", order)]
        copies = Copies(ledger, parts.infobase, parts.now, timedelta(0))
        assert check_infobase(copies, parts.mapping)[1] == "2 customers, 5 products"
    assert len(world.amazon.log) == asked


def test_what_is_planned_is_what_is_done(world):
    order = world.order()
    world.clock.forward(minutes=3)
    (step,), _ = world.sync().plan()
    assert isinstance(step, Create)
    world.run()
    document = world.document(order)
    assert document["Ref_Key"] == str(step.document.ref_key)
    assert {name: document[name] for name in step.document.properties} == step.document.properties


def test_an_order_is_settled_once_every_document_of_it_is(open_world, tmp_path):
    """The run ends between the two documents of an order: the second one is not forgotten."""
    world = open_world(SECOND_DOCUMENT, directory=tmp_path)
    order = world.order()
    posts = []

    def die(moment, request):
        posts.extend([request] * (moment == "before" and request.method == "POST"))
        if len(posts) == 2:
            raise world.Crash

    world.on_write = die
    with pytest.raises(world.Crash):
        world.run()
    world.on_write = lambda *_: None
    world.restart()
    assert [seen.order_id for seen in world.ledger.orders.open()] == [order]
    world.settle()
    assert [entry.state for entry in world.ledger.entries.of_order(order)] == [State.DONE, State.DONE]
    assert sorted(row["Comment"] for row in world.infobase.rows("Document_SalesOrder")) == [
        f"Amazon {order}, DE",
        f"Slip {order}",
    ]
    assert world.ledger.orders.open() == []


def test_two_documents_of_one_set_are_not_taken_for_each_other(open_world):
    """Both carry the order's id; with keys that are replaced, each is still found as itself."""
    world = open_world(SECOND_DOCUMENT)
    world.modes(replaces_key=True)
    world.probed(keeps_chosen_key="no")
    world.fault(action="lost", method="POST", skip=1, after_commit=True)
    order = world.order()
    world.run()
    world.settle()
    entries = world.ledger.entries.of_order(order)
    assert [entry.state for entry in entries] == [State.DONE, State.DONE]
    assert {str(entry.ref_key) for entry in entries} == {
        row["Ref_Key"] for row in world.infobase.rows("Document_SalesOrder")
    }


def test_a_document_that_waits_keeps_its_order_open(open_world):
    world = open_world(SECOND_DOCUMENT)
    order = world.order()
    world.fault(action="lost", method="POST", skip=1)
    world.run()
    assert len(world.ledger.orders.open()) == 1
    world.settle()
    assert world.ledger.orders.open() == []
    assert len(world.infobase.rows("Document_SalesOrder")) == 2
    assert world.ledger.entries.of_order(order)[1].state is State.DONE


def test_a_lost_ledger_doubles_nothing(world):
    """Documents are adopted; one that a person has edited since is held; one that was cancelled stays cancelled."""
    orders = [world.order() for _ in range(4)]
    edited, cancelled = world.order(), world.order()
    world.run()
    world.edit(edited, Comment=f"{edited}: call first")
    world.account.cancel(cancelled)
    world.run()
    before = world.infobase.rows("Document_SalesOrder")
    world.lose_ledger()
    world.onec.log.clear()
    world.run()
    assert [world.state(order) for order in orders] == [State.DONE] * 4
    assert (world.state(edited), world.entry(edited).hold) == (State.HELD, HoldCause.DIFFERENT)
    assert world.state(cancelled) is State.CLOSED
    assert world.infobase.rows("Document_SalesOrder") == before
    world.change(orders[0], quantity=2)
    world.run()
    assert world.document(orders[0])["Products"][0]["Quantity"] == 2


def test_a_saved_plan(world):
    order, held = world.order(), world.order(sku="?")
    world.clock.forward(minutes=3)
    saved = plan_as_json(world.sync().plan()[0])
    report = world.sync().apply(saved)
    assert report.outcome.counts == {"create": 1, "held": 1}
    assert (world.state(order), world.state(held)) == (State.DONE, State.HELD)
    with pytest.raises(Refused, match=rf"1 of 2 steps would be different now \({order}\)"):
        world.sync().apply(saved)


def change_it(world, order):
    world.change(order, quantity=2)
    world.clock.forward(minutes=3)


@pytest.mark.parametrize("meanwhile", [change_it, lambda world, order: world.run()], ids=["changed", "written"])
def test_a_saved_plan_that_is_outdated(world, meanwhile):
    order = world.order()
    world.clock.forward(minutes=3)
    saved = plan_as_json(world.sync().plan()[0])
    meanwhile(world, order)
    before = world.infobase.rows("Document_SalesOrder")
    with pytest.raises(Refused, match=f"1 of 1 steps would be different now .{order}.; make a new plan"):
        world.sync().apply(saved)
    assert world.infobase.rows("Document_SalesOrder") == before


def test_a_saved_plan_that_lacks_a_document_of_an_order(open_world):
    world = open_world(SECOND_DOCUMENT)
    world.order()
    world.clock.forward(minutes=3)
    saved = plan_as_json(world.sync().plan()[0])
    saved["steps"].pop()
    with pytest.raises(Refused, match="would be different now"):
        world.sync().apply(saved)
    assert world.infobase.rows("Document_SalesOrder") == []


def test_an_unusual_plan_is_not_carried_out(world):
    orders = [world.order(sku="?") for _ in range(25)]
    with pytest.raises(UnusualPlan, match="25 of 25 new orders would be held"):
        world.run()
    assert world.ledger.entries.of_orders(("shop", order) for order in orders) == {}
    world.run(accept_unusual=True)
    assert {world.state(order) for order in orders} == {State.HELD}
    world.run()


def test_a_mapping_that_the_infobase_does_not_know_stops_before_the_first_write(open_world):
    world = open_world(("      Comment: {text:", "      Remark: {text:"))
    world.order()
    with pytest.raises(ConfigurationError, match="Remark"):
        world.run()
    assert world.writes() == 0
    assert len(world.ledger.orders.open()) == 1


def test_an_account_that_fails_never_delays_another(world):
    first = world.order()
    broken = replace(world.parts.accounts[0], name="broken", included=("NONSENSE",))
    world.parts = replace(world.parts, accounts=[broken, *world.parts.accounts])
    report = world.run()
    assert list(report.failed) == ["broken"]
    assert world.state(first) is State.DONE


def test_an_account_that_is_no_longer_in_the_settings_is_left_alone(world):
    order = world.order()
    world.clock.forward(minutes=3)
    world.fault(action="html", status=503, method="GET", times=0)
    with pytest.raises(Unavailable):
        world.run()
    world.onec.faults.clear()
    world.parts = replace(world.parts, accounts=[])
    assert (len(world.run().plan), world.state(order)) == (0, None)


def test_amazon_is_not_asked_more_often_than_wanted(world):
    world.run()
    asked = len(world.amazon.log)
    world.run(minutes=1, poll_every=timedelta(minutes=5))
    assert len(world.amazon.log) == asked
    world.run(minutes=5, poll_every=timedelta(minutes=5))
    assert len(world.amazon.log) > asked


def test_a_clock_that_was_put_back_does_not_keep_us_from_asking(world):
    world.run()
    asked = len(world.amazon.log)
    world.run(minutes=-600, poll_every=timedelta(minutes=5))
    assert len(world.amazon.log) > asked


def test_the_infobase_is_away_for_a_day(world):
    """Everything is read, nothing is lost, and the oldest order is written first."""
    world.order()
    world.run()
    world.away = True
    orders = []
    for _ in range(24):
        orders.append(world.order())
        with pytest.raises(Unavailable):
            world.run(minutes=60)
    assert {world.state(order) for order in orders} == {State.PLANNED, None}
    assert len(world.ledger.orders.open()) == 24
    world.away = False
    world.run()
    rows = [row["Number"] for row in world.infobase.rows("Document_SalesOrder")]
    assert rows[1:] == orders
    assert {world.state(order) for order in orders} == {State.DONE}


def test_an_empty_plan_is_carried_out(world):
    """The first run sees whether the mapping fits; a later one with nothing to do asks nothing."""
    sync = world.sync()
    assert sync.run().plan == Plan()
    assert {entry.method for entry in world.onec.log} == {"GET"}
    world.onec.log.clear()
    assert sync.run().plan == Plan()
    assert world.onec.log == []


def test_what_needs_nothing_is_said_to_be_there(world):
    order = world.order()
    world.run()
    world.account.change_status(order, "SHIPPED")
    (step,) = world.run().plan
    assert isinstance(step, Skip)
    assert step.written
