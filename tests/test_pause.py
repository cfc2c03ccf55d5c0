"""No free session, no free licence: one attempt a minute, whatever is asked for, in one process or in many."""

from __future__ import annotations

import contextlib
import itertools
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from adapter.errors import AdapterError
from adapter.model.entry import State
from adapter.onec.sessions import Gate
from tests.world import SECOND_DOCUMENT

NO_LICENCE = "Не обнаружено свободной лицензии!"
CLOSED = "Начало сеанса с информационной базой запрещено. Обновление"
FULL_POOL = {"action": "html", "status": 406}


def nothing_there(world):
    """The first start: the infobase's schema is not known."""
    world.order()


def books_too_old(world):
    """Catalogs have to be read anew."""
    world.run()
    world.order()
    world.parts = replace(world.parts, refresh=timedelta(0))


def document_unknown(world):
    """A write got no answer: recovery has to look."""
    world.run()
    world.order()
    world.fault(action="lost", method="POST", path="Document_")
    world.run()
    world.onec.faults.clear()


def element_unknown(world):
    """The creation of a customer got no answer."""
    world.run()
    world.order(buyer="Berta Neu")
    world.fault(action="lost", method="POST", path="Catalog_")
    world.run()
    world.onec.faults.clear()


def written_in_part(world):
    """A document that is not posted yet."""
    world.run()
    world.order()
    world.fault(action="html", status=503, method="PATCH", path="Document_", times=1)
    world.run()
    world.clock.forward(minutes=11)
    world.onec.faults.clear()


def orders_only(world):
    """Only writing is left to do."""
    world.run()
    for _ in range(3):
        world.order()


BEFORE = [nothing_there, books_too_old, document_unknown, element_unknown, written_in_part, orders_only]
NEW_CUSTOMERS = ("  otherwise: hold\n  create:\n    Description", "  otherwise: create\n  create:\n    Description")


def again_and_again(world, minutes, *, restarted):
    """Runs as a daemon makes them, or a loop of commands; the moments at which the infobase was asked anything."""
    sync, asked = world.sync(), []
    for _ in range(minutes * 4):
        if restarted:
            world.restart()
            sync = world.sync()
        world.onec.log.clear()
        with contextlib.suppress(AdapterError):
            sync.run()
        asked += [world.clock()] * len(world.onec.log)
        world.clock.forward(seconds=15)
    return asked


@pytest.mark.parametrize("restarted", [False, True], ids=["one process", "a loop of commands"])
@pytest.mark.parametrize("before", BEFORE, ids=lambda before: before.__name__)
@pytest.mark.parametrize(
    "full",
    [lambda world: world.fault(**FULL_POOL, times=0), lambda world: world.modes(failure=NO_LICENCE)],
    ids=["406", "licence"],
)
def test_one_attempt_a_minute(open_world, tmp_path, full, before, restarted):
    world = open_world(NEW_CUSTOMERS, directory=tmp_path if restarted else None)
    before(world)
    world.clock.forward(minutes=3)
    full(world)
    asked = again_and_again(world, 3, restarted=restarted)
    assert len(asked) == 3
    assert all(later - earlier >= timedelta(minutes=1) for earlier, later in itertools.pairwise(asked))
    world.modes(failure="")
    world.settle()
    assert set(world.ledger.entries.counts()) == {State.DONE}
    assert len(world.infobase.rows("Document_SalesOrder")) == world.ledger.entries.counts()[State.DONE]


def test_what_a_proxy_says_of_it_counts_too(world):
    """Sessions that are closed for an update."""
    world.order()
    world.modes(failure=CLOSED)
    assert len(again_and_again(world, 3, restarted=False)) == 3


def test_only_writes_refused(world):
    """Reads are served: still one refused attempt a minute."""
    orders_only(world)
    world.clock.forward(minutes=3)
    world.fault(**FULL_POOL, method="POST", times=0)
    refused = []
    sync = world.sync()
    for _ in range(12):
        world.onec.log.clear()
        with pytest.raises(AdapterError):
            sync.run()
        refused += [world.clock() for entry in world.onec.log if entry.status == 406]
        world.clock.forward(seconds=15)
    assert len(refused) == 3


def test_a_clock_that_was_put_back_does_not_lengthen_the_pause(world):
    world.order()
    world.fault(**FULL_POOL)
    with pytest.raises(AdapterError, match="no free session"):
        world.run()
    world.clock.forward(hours=-5)
    world.run()


def test_a_plan_may_be_looked_at_meanwhile(world):
    world.run()
    world.order()
    world.fault(**FULL_POOL, method="POST")
    with pytest.raises(AdapterError, match="no free session"):
        world.run()
    plan, _ = world.sync().plan()
    assert [step.verb for step in plan] == ["create"]


def test_a_first_call_of_half_a_minute_is_normal(world):
    """Nothing is taken for lost, and nothing is asked twice."""
    world.infobase.sleep = lambda seconds: world.clock.forward(seconds=seconds)
    world.modes(slow_first=45.0)
    order = world.order()
    report = world.run()
    assert (world.state(order), report.unknown) == (State.DONE, 0)
    assert world.writes() == 2


@pytest.mark.parametrize("skip", [20, 21, 22, 23])
def test_an_order_of_two_documents_waits_as_a_whole(open_world, skip):
    """Where the first found no session, the second does not try at once; other orders go on.

    The refused order waits, and perhaps the one that was ready to follow it in its session.
    """
    world = open_world(SECOND_DOCUMENT)
    world.run()
    orders = [world.order() for _ in range(20)]
    world.parts = replace(world.parts, sessions=[world.parts.infobase, world.client()])
    world.fault(**FULL_POOL, method="POST", skip=skip)
    later = world.run().outcome.counts["later"]
    assert sum(entry.status == 406 for entry in world.onec.log) == 1
    states = [[entry.state for entry in world.ledger.entries.of_order(order)] for order in orders]
    assert later == 40 - sum(found.count(State.DONE) for found in states)
    waiting = [found for found in states if found != [State.DONE, State.DONE]]
    assert 1 <= len(waiting) <= 2
    assert all(found.count(State.PLANNED) == 1 for found in waiting)
    world.run()
    assert world.ledger.entries.counts() == {State.DONE: 40}


class Crowd:
    """Sixteen threads at eight sessions: once it is `gathering`, requests wait until each thread has got to one.

    Then the pool is full, while eight requests are on their way and eight more wait for their session.
    """

    def __init__(self, world, monkeypatch):
        self._world = world
        self._handle = world.infobase.handle
        self._gathered: set[threading.Thread] = set()
        self._changed = threading.Condition()
        self.gathering = False
        request = Gate.request

        def arrive(gate, session, failures):
            self._arrived()
            return request(gate, session, failures)

        monkeypatch.setattr("adapter.onec.sessions._PROBE", 1)  # eight sessions after 28 orders
        monkeypatch.setattr(Gate, "request", arrive)
        monkeypatch.setattr(world.infobase, "handle", self._answer)

    def _arrived(self):
        with self._changed:
            if self.gathering:
                self._gathered.add(threading.current_thread())
                self._changed.notify_all()

    def _answer(self, request):
        with self._changed:
            if self.gathering:
                assert self._changed.wait_for(lambda: len(self._gathered) == 16, timeout=60)
                self._world.modes(pool_size=0, pool_wait=0.0)
        return self._handle(request)


def test_a_pool_that_fills_refuses_each_session_once(world, monkeypatch):
    """What waited for its session meanwhile is not sent, and nothing about it is in doubt."""
    crowd, written = Crowd(world, monkeypatch), []
    world.run()
    orders = [world.order() for _ in range(70)]
    world.clock.forward(minutes=3)
    world.parts = replace(world.parts, sessions=[world.parts.infobase, *(world.client() for _ in range(7))])

    def progress(step):
        written.append(step)
        crowd.gathering = len(written) >= 30

    with pytest.raises(AdapterError, match="no free session"):
        world.sync(progress=progress).run()
    assert sum(entry.status == 406 for entry in world.onec.log) == 8
    causes = [event.cause for order in orders for event in world.ledger.entries.history(order)]
    assert sum("it was not sent" in cause for cause in causes) == 8
    assert world.ledger.entries.counts().keys() == {State.DONE, State.PLANNED}

    crowd.gathering = False
    world.modes(pool_size=10)
    world.settle()
    assert world.ledger.entries.counts() == {State.DONE: len(orders)}
    assert len(world.infobase.rows("Document_SalesOrder")) == len(orders)
