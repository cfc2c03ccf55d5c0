"""What is unknown is looked at: absence proves nothing too early, and one silent document stops no other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapter.model.entry import HoldCause, Operation, State
from adapter.onec.sessions import Gate
from adapter.simulators.server import Request


def test_absence_within_the_quarantine_repeats_nothing(world):
    """Nobody knows yet whether this infobase keeps our keys: the request may still be carried out."""
    order = world.order()
    world.fault(action="lost", method="POST")
    world.run()
    for _ in range(3):
        report = world.run(minutes=3)
        assert (report.unknown, world.state(order), world.writes()) == (1, State.UNKNOWN, 1)
    report = world.run(minutes=1)
    assert (report.unknown, world.state(order), len(world.documents(order))) == (0, State.DONE, 1)


@pytest.mark.parametrize(("seconds", "moves"), [(4, 1), (30, 2)])
def test_an_intent_is_never_much_older_than_its_request(world, monkeypatch, seconds, moves):
    """After a crash the quarantine counts from the intent, and that may have waited for its session."""
    request, sent_at = Gate.request, []

    def wait(gate, session, failures):
        world.clock.forward(seconds=seconds)
        sent_at.append(world.clock())
        return request(gate, session, failures)

    world.order()
    world.run()
    monkeypatch.setattr(Gate, "request", wait)
    order = world.order()
    world.run()
    intents = [
        event
        for event in world.ledger.entries.history(order)
        if (event.state_to, event.operation) == (State.INTENT, Operation.CREATE)
    ]
    assert (len(intents), {event.attempt for event in intents}) == (moves, {1})
    assert sent_at[0] - intents[-1].at < timedelta(seconds=5)
    assert world.state(order) is State.DONE


@pytest.mark.parametrize("after_commit", [False, True])
@pytest.mark.parametrize("event", ["change", "cancel"])
def test_an_edit_while_nobody_knows(world, event, after_commit):
    """A person changes the document while its unposting is unknown: nothing more is written."""
    order = world.order()
    world.run()
    world.change(order, quantity=2) if event == "change" else world.account.cancel(order)
    world.fault(action="lost", method="PATCH", after_commit=after_commit)
    world.run()
    assert world.state(order) is State.UNKNOWN
    world.edit(order, Comment=f"{order}: call first")
    before = world.document(order)
    world.requests()
    world.settle()
    entry = world.entry(order)
    assert (entry.state, entry.hold) == (State.HELD, HoldCause.DIFFERENT)
    assert f"Comment: 'Amazon {order}, DE' was sent, '{order}: call first' is stored" in entry.reasons
    assert [line for line in world.requests() if not line.startswith("GET")] == []
    assert world.document(order) == before


def test_a_late_commit_is_found(world):
    """1C carries the creation out long after the client gave up."""
    order = world.order()
    world.fault(action="lost", method="POST")
    late = []
    world.on_write = lambda moment, request: late.append(request) if moment == "before" else None
    world.run()
    world.run(minutes=5)
    request = late[0]
    headers = {name.lower(): value for name, value in request.headers.items()}
    world.infobase.handle(Request("POST", request.url.raw_path.decode(), headers, request.content))
    world.run(minutes=3)
    assert (world.state(order), len(world.documents(order))) == (State.DONE, 1)
    assert sum(entry.method == "POST" for entry in world.onec.log) == 1


def test_where_keys_are_kept_nothing_waits(world):
    world.order()
    world.run()
    order = world.order()
    world.fault(action="lost", method="POST")
    world.run()
    world.run(minutes=1)
    assert (world.state(order), len(world.documents(order))) == (State.DONE, 1)


def test_an_unposting_that_may_still_come_true_is_waited_for(world):
    """Else it could undo the posting that follows it."""
    order = world.order()
    world.run()
    world.change(order, quantity=2)
    world.fault(action="lost", method="PATCH")
    world.run()
    world.requests()
    report = world.run(minutes=3)
    assert (report.unknown, world.state(order)) == (1, State.UNKNOWN)
    assert world.requests() == ["GET Document_SalesOrder"]
    world.edit(order, Posted=False)  # here it comes
    world.run(minutes=3)
    document = world.document(order)
    assert (world.state(order), document["Posted"], document["Products"][0]["Quantity"]) == (State.DONE, True, 2)


def test_reads_that_are_refused_in_recovery_stop_nothing(world):
    """One document that 1C does not show keeps no other from being written."""
    world.order()
    world.run()
    bad = world.order()
    world.fault(action="lost", method="POST", after_commit=True)
    world.run()
    ref_key = str(world.entry(bad).ref_key)
    good = world.order()
    world.fault(action="status", status=500, method="GET", path=ref_key, times=0)
    report = world.run()
    assert (world.state(bad), world.state(good)) == (State.UNKNOWN, State.DONE)
    assert report.outcome.counts["create"] == 1
    world.settle()
    assert (world.state(bad), len(world.documents(bad))) == (State.DONE, 1)


def test_a_read_that_is_refused_after_a_refused_write(world):
    """Nobody knows then; the run goes on, and the next one looks."""
    world.order()
    world.run()
    bad = world.order()
    world.fault(action="status", status=500, method="POST")
    world.fault(action="status", status=500, method="GET", path="Document_", times=0)
    good = world.order()
    world.run()
    assert (world.state(bad), world.state(good)) == (State.INTENT, State.DONE)
    world.settle()
    assert (world.state(bad), len(world.documents(bad))) == (State.DONE, 1)


@pytest.mark.parametrize("event", ["change", "cancel"])
def test_a_read_that_is_refused_before_a_change(world, event):
    bad = world.order()
    world.run()
    world.change(bad, quantity=2) if event == "change" else world.account.cancel(bad)
    world.fault(action="status", status=500, method="GET", path="Document_", times=0)
    good = world.order()
    report = world.run()
    assert (report.outcome.counts["later"], world.state(bad), world.state(good)) == (1, State.DONE, State.DONE)
    world.onec.faults.clear()
    world.run()
    assert world.document(bad)["DeletionMark"] == (event == "cancel")
    assert world.document(bad)["Products"][0]["Quantity"] == (2 if event == "change" else 1)
