"""Every write under every fault: what the ledger says at once, and that in the end one document is there, as wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from adapter.errors import Unavailable
from adapter.model.entry import HoldCause, State
from adapter.operators import retry

SET_ON_CANCEL = ("    on_cancel: unpost_and_mark", '    on_cancel: {set: {Comment: {text: "Cancelled, {order.id}"}}}')
NEW_CUSTOMERS = ("  otherwise: hold\n  create:\n    Description", "  otherwise: create\n  create:\n    Description")


@dataclass(frozen=True)
class Write:
    """A write, and how to come to it: what has happened before, which request it is, what there is in the end."""

    before: str  # "", "written", "written, changed", "written, cancelled"
    method: str
    number: int = 0
    path: str = "Document_SalesOrder"
    mapping: tuple[tuple[str, str], ...] = ()

    @property
    def nth(self) -> int:
        """Which write of its run it is, from 1."""
        return self.number + (2 if self.method == "PATCH" and not self.before else 1)

    @property
    def end(self) -> dict[str, Any]:
        """What the document is when all is over."""
        cancelled = "cancelled" in self.before
        marked = cancelled and not self.mapping
        return {
            "Posted": not marked,
            "DeletionMark": marked,
            "Quantity": 2 if "changed" in self.before else 1,
            "cancelled": cancelled and not marked,
        }


WRITES = {
    "create": Write("", "POST"),
    "post": Write("", "PATCH"),
    "unpost": Write("written, changed", "PATCH", 0),
    "replace": Write("written, changed", "PATCH", 1),
    "post again": Write("written, changed", "PATCH", 2),
    "unpost to cancel": Write("written, cancelled", "PATCH", 0),
    "mark": Write("written, cancelled", "PATCH", 1),
    "set": Write("written, cancelled", "PATCH", 0, mapping=(SET_ON_CANCEL,)),
    "element": Write("", "POST", 0, "Catalog_Customers", mapping=(NEW_CUSTOMERS,)),
}
UNANSWERED = {
    "lost": {"action": "lost"},
    "lost after commit": {"action": "lost", "after_commit": True},
    "502 page": {"action": "html", "status": 502},
    "502 page after commit": {"action": "html", "status": 502, "after_commit": True},
    "503 of the service": {"action": "status", "status": 503},
    "200 page": {"action": "html", "status": 200},
    "200 page after commit": {"action": "html", "status": 200, "after_commit": True},
    "empty": {"action": "empty"},
    "empty after commit": {"action": "empty", "after_commit": True},
    "cut": {"action": "cut"},
}
REFUSED = {
    "500 of 1C": {"action": "status", "status": 500},
    "500 of 1C after commit": {"action": "status", "status": 500, "after_commit": True},
}


def come_to(open_world, write: Write):
    """The world just before the write, and the order."""
    world = open_world(*write.mapping)
    world.run()
    order = world.order(buyer="Berta Neu" if write.path != "Document_SalesOrder" else "Anna Muster")
    if write.before:
        world.run()
        assert world.state(order) is State.DONE
    if "changed" in write.before:
        world.change(order, quantity=2)
    if "cancelled" in write.before:
        world.account.cancel(order)
    world.requests()
    return world, order


def as_it_is(world, order):
    document = world.document(order)
    (row,) = document["Products"]
    return {
        "Posted": document["Posted"],
        "DeletionMark": document["DeletionMark"],
        "Quantity": row["Quantity"],
        "cancelled": document["Comment"].startswith("Cancelled"),
    }


def strike(world, write: Write, fault: dict[str, Any], times: int = 1) -> None:
    world.fault(method=write.method, path=write.path, skip=write.number, times=times, **fault)
    world.run()


@pytest.mark.parametrize("fault", UNANSWERED.values(), ids=UNANSWERED)
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_write_without_an_answer(open_world, write, fault):
    """UNKNOWN at once, nothing repeated unseen; one document, and all is done, once the faults are over."""
    world, order = come_to(open_world, write)
    strike(world, write, fault)
    if write.path == "Document_SalesOrder":
        entry = world.entry(order)
        assert (entry.state, entry.not_before) == (State.UNKNOWN, world.clock() + world.QUARANTINE)
        assert entry.written == (write.method == "PATCH")
    else:
        (element,) = world.ledger.elements.in_state(State.UNKNOWN)
        assert element.not_before == world.clock() + world.QUARANTINE
        assert world.state(order) is None
    assert sum(not line.startswith("GET") for line in world.requests()) == write.nth

    world.settle()
    assert world.state(order) is State.DONE
    assert as_it_is(world, order) == write.end
    assert world.ledger.orders.open() == []
    assert [row["Description"] for row in world.infobase.rows("Catalog_Customers")].count("Berta Neu") == (
        write.path != "Document_SalesOrder"
    )
    world.requests()
    world.run()
    assert world.requests() == []


@pytest.mark.parametrize("fault", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_write_that_is_refused(open_world, write, fault):
    """1C's own 500 is a no: it is looked up, then held with its words; never repeated until a person says so."""
    world, order = come_to(open_world, write)
    strike(world, write, fault)
    found_there = fault.get("after_commit") and write.method == "POST"
    if found_there:
        assert world.state(order) is State.DONE
    else:
        entry = world.entry(order)
        assert (entry.state, entry.hold) == (State.HELD, HoldCause.REFUSED)
        assert "Ошибка при выполнении операции" in entry.reasons[0]
        assert f"amazon1c held retry {order}" in entry.reasons[0]
        world.requests()
        world.settle()
        assert [line for line in world.requests() if not line.startswith("GET")] == []
        retry(world.ledger, order, world.clock())
        world.run()
    assert world.state(order) is State.DONE
    assert as_it_is(world, order) == write.end
    assert world.ledger.orders.open() == []


@pytest.mark.parametrize("after_commit", [False, True], ids=["before commit", "after commit"])
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_crash_at_a_write(open_world, write, after_commit, tmp_path):
    """The process dies as the request leaves, or as its answer comes: the next one looks and goes on."""
    world, order = come_to(open_world, write)
    seen = []

    def die(moment, request):
        if request.method != write.method or write.path not in request.url.path:
            return
        seen.append(moment)
        if seen.count("before") == write.number + 1 and moment == ("after" if after_commit else "before"):
            raise world.Crash

    world.on_write = die
    with pytest.raises(world.Crash):
        world.run()
    world.on_write = lambda *_: None
    world.restart()
    world.settle()
    assert world.state(order) is State.DONE
    assert as_it_is(world, order) == write.end


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_an_infobase_that_is_away(open_world, write):
    """Not sent, or refused by a proxy's 406: recorded as still to be done, the run ends, the next one goes on."""
    world, order = come_to(open_world, write)
    world.fault(action="html", status=406, method=write.method, path=write.path, skip=write.number, times=1)
    with pytest.raises(Unavailable, match="no free session"):
        world.run()
    assert world.state(order) in {State.PLANNED, None}
    world.requests()
    world.run()
    assert world.state(order) is State.DONE
    assert as_it_is(world, order) == write.end


@pytest.mark.parametrize("write", [write for name, write in WRITES.items() if name != "element"])
def test_a_locked_document_waits_alone(open_world, write):
    """Somebody has it open in a form: later, without a person; the orders behind it are not delayed."""
    world, order = come_to(open_world, write)
    behind = world.order()
    lock = "Ошибка блокировки объекта. Объект уже заблокирован: Иванов"
    met = []

    def block(moment, request):
        mine = moment == "before" and request.method == write.method
        met.extend([request] * mine)
        world.modes(failure=lock if mine and len(met) == write.number + 1 else "")

    world.on_write = block
    report = world.run()
    assert report.outcome.counts["later"] == 1
    assert world.state(order) is State.PLANNED
    assert world.state(behind) is State.DONE
    world.run()
    assert world.state(order) is State.DONE
    assert as_it_is(world, order) == write.end
