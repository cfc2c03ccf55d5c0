"""Old orders on their whole way: read beside the sweeps, planned, and written once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from adapter.ledger.backfills import DONE
from adapter.model.entry import State
from adapter.reading.backfill import BOTH, REPORTS, windows_for
from adapter.reading.backfill_run import read_old
from adapter.sync import UnusualPlan
from tests.world import ORDERS, START


def ask(world, days, way=REPORTS):
    since, until = world.clock() - timedelta(days=days), world.clock() - timedelta(minutes=5)
    return world.ledger.backfills.ask("shop", since, until, way, windows_for(since, until), world.clock())


def until_over(world, **options):
    """Runs of a service."""
    for _ in range(50):
        if world.ledger.backfills.open("shop") is None:
            return
        world.run(minutes=5, poll_every=timedelta(minutes=5), **options)
    raise AssertionError("never over")


@pytest.mark.parametrize("way", [REPORTS, BOTH])
def test_the_service_reads_and_writes_old_orders_beside_new_ones(world, way):
    old = [world.old_order(days) for days in (3, 40, 80)]
    backfill = ask(world, 90, way)
    new = world.order()
    world.run(minutes=5, poll_every=timedelta(minutes=5))
    assert world.state(new) is State.DONE
    until_over(world)
    assert [world.state(order_id) for order_id in old] == [State.DONE] * 3
    assert world.ledger.backfills.get(backfill.number).state == DONE
    assert all(len(world.documents(order_id)) == 1 for order_id in (*old, new))


def test_a_restart_in_the_middle(open_world, tmp_path):
    world = open_world(directory=tmp_path)
    old = [world.old_order(days) for days in range(3, 60, 7)]
    ask(world, 60)
    for _ in range(50):
        if world.ledger.backfills.open("shop") is None:
            break
        world.run(minutes=1)
        world.restart()
    world.run()
    assert [len(world.documents(order_id)) for order_id in old] == [1] * len(old)
    assert [world.state(order_id) for order_id in old] == [State.DONE] * len(old)


def test_twice_over_the_same_range_writes_nothing_twice(world):
    old = [world.old_order(days) for days in (3, 40)]
    for _ in range(2):
        ask(world, 60)
        until_over(world)
    writes = world.writes()
    world.run()
    assert (world.writes(), [len(world.documents(order_id)) for order_id in old]) == (writes, [1, 1])


def test_an_order_that_is_in_1c_from_before_the_ledger(world):
    """The keys of documents are made of the order's id: a lost ledger and a back-fill double nothing."""
    old = [world.old_order(days) for days in (3, 40)]
    ask(world, 60)
    until_over(world)
    world.lose_ledger()
    ask(world, 60)
    until_over(world)
    assert [len(world.documents(order_id)) for order_id in old] == [1, 1]


def test_an_order_that_a_clerk_has_typed(world):
    order_id = world.old_order(20)
    world.infobase.add(ORDERS, {"Number": order_id, "Date": "2026-04-14T12:00:00", "Comment": "typed by hand"})
    ask(world, 30)
    until_over(world)
    assert len(world.documents(order_id)) == 1
    assert world.document(order_id)["Comment"] == "typed by hand"
    assert world.state(order_id) is State.HELD


def test_a_closed_accounting_period_holds_the_old_ones_only(world):
    world.modes(closed_before=date(2026, 4, 1), closed_text="Период закрыт")
    closed, free = world.old_order(60), world.old_order(10)
    ask(world, 70)
    until_over(world, accept_unusual=True)
    assert (world.state(closed), world.state(free)) == (State.HELD, State.DONE)
    (entry,) = world.ledger.entries.of_order(closed)
    assert "Период закрыт" in entry.reasons[0]
    writes = world.writes()
    world.run()
    assert world.writes() == writes  # a refusal is not tried again by itself


def test_what_the_mapping_does_not_want(open_world):
    world = open_world(("status: [UNSHIPPED, PARTIALLY_SHIPPED, SHIPPED, INVOICE_UNCONFIRMED]", "status: [UNSHIPPED]"))
    order_id = world.old_order(20)
    ask(world, 30)
    until_over(world)
    assert (world.state(order_id), world.writes()) == (State.CLOSED, 0)


def test_odd_old_orders_do_not_keep_new_ones_waiting(world):
    """The safety check judges them apart."""
    for _ in range(30):
        world.old_order(20, sku="UNKNOWN")
    ask(world, 30)
    while world.ledger.backfills.open("shop") is not None:
        read_old(world.parts.accounts[0], world.ledger, world.clock)
        world.clock.forward(minutes=1)
    new = world.order()
    with pytest.raises(UnusualPlan, match="Nothing of the back-fill was written, for this plan is unusual: 30 of 30"):
        world.run(minutes=5)
    assert world.state(new) is State.DONE
    world.run(accept_unusual=True)
    assert world.ledger.entries.counts()[State.HELD] == 30


def test_a_dry_run_goes_on_with_no_backfill(world):
    world.old_order(20)
    ask(world, 30)
    world.amazon.log.clear()
    plan, _ = world.sync().plan()
    assert len(plan) == 0
    assert not any("/reports/" in entry.target for entry in world.amazon.log)


def test_the_sweep_goes_on_while_amazon_makes_no_reports(world):
    from adapter.simulators.faults import Fault

    world.amazon.faults.add(Fault(action="status", status=503, path="/reports/", times=0))
    ask(world, 30)
    new = world.order()
    report = world.run(minutes=5, poll_every=timedelta(minutes=5))
    assert (world.state(new), report.failed) == (State.DONE, {})
    assert any("Amazon is unavailable" in problem for problem in report.read["shop"].problems)
    assert world.ledger.orders.cursor("shop").polled_at > START
