"""What of an order has to be on the disk, and when: every intent before its request, the end of it a little later."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import Engine, event

from adapter.errors import Unavailable
from adapter.ledger.database import FILE_NAME
from adapter.model.entry import State


@pytest.fixture
def world(open_world, tmp_path):
    """A world with its ledger on the disk."""
    world = open_world(directory=tmp_path)
    world.run()
    return world


def on_disk(tmp_path, order):
    """The state that a crash would leave behind."""
    file = sqlite3.connect(f"file:{tmp_path / FILE_NAME}?mode=ro", uri=True)
    try:
        return file.execute("SELECT state FROM entries WHERE order_id = ?", [order]).fetchone()[0]
    finally:
        file.close()


def commits_of(world, orders):
    """How many commits a run takes that writes so many orders."""
    seen = []

    def committed(connection):
        seen.append(connection)

    placed = [world.order() for _ in range(orders)]
    event.listen(Engine, "commit", committed)
    world.run()
    event.remove(Engine, "commit", committed)
    assert {world.state(order) for order in placed} == {State.DONE}
    return len(seen)


def test_an_order_costs_a_commit_for_each_of_its_requests(world):
    for _ in range(2):  # from then on it is known what the infobase can do and which copies are of use
        commits_of(world, 1)
    assert commits_of(world, 12) - commits_of(world, 5) == 2 * (12 - 5)


def test_the_end_of_an_order_comes_with_the_next_intent(world, tmp_path):
    first, second = world.order(), world.order()
    seen = []
    world.on_write = lambda moment, _: seen.append(on_disk(tmp_path, first)) if moment == "before" else None
    world.run()
    assert seen == [State.INTENT, State.INTENT, State.DONE, State.DONE]
    assert (on_disk(tmp_path, second), world.ledger.waiting) == (State.DONE, 0)


def test_a_crash_may_forget_the_end_of_an_order(world, tmp_path):
    """The next run finds it out by looking; nothing is written again."""
    order = world.order()

    def die(_):
        raise world.Crash

    world.clock.forward(minutes=3)
    with pytest.raises(world.Crash):
        world.sync(progress=die).run()
    assert on_disk(tmp_path, order) == State.INTENT
    world.restart()
    world.requests()
    world.run()
    assert world.requests() == ["GET Document_SalesOrder"]
    assert world.state(order) is State.DONE
    assert [move.state_to for move in world.ledger.entries.history(order)] == [State.INTENT, State.INTENT, State.DONE]


def test_a_run_that_fails_forgets_nothing(world, tmp_path):
    """The first order is done, the second cannot be looked at: nobody has to look at the first again."""
    second, first = world.order(), world.order()
    world.run()
    world.change(first, quantity=2)
    world.clock.forward(seconds=5)
    world.change(second, quantity=2)
    world.fault(action="status", status=503, method="GET", path="Document_SalesOrder", skip=1, times=0)
    with pytest.raises(Unavailable):
        world.run()
    assert on_disk(tmp_path, first) == State.DONE
    assert world.ledger.waiting == 0
    world.onec.faults.clear()
    world.run()
    assert world.document(second)["Products"][0]["Quantity"] == 2
