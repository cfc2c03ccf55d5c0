"""Readings at the side: none waits for another, and those that have ended are begun again in time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from adapter.errors import Unavailable
from adapter.ledger.database import LedgerBroken
from adapter.reading.account import Account, ReadReport
from adapter.reading.jobs import Jobs
from adapter.reading.readings import Readings

EVERY = timedelta(minutes=5)


def account(name):
    return Account(name, f"SELLER-{name}", None, datetime(2026, 5, 1, tzinfo=UTC))


A, B = account("a"), account("b")


class Amazon:
    """Reads accounts; `hanging` ones wait until they are let go."""

    def __init__(self):
        self.answers = {"a": ReadReport(complete=True), "b": ReadReport(complete=True)}
        self.go_on = {"a": threading.Event(), "b": threading.Event()}
        self.read = []
        self.go_on["a"].set()
        self.go_on["b"].set()

    def __call__(self, account):
        self.read.append(account.name)
        assert self.go_on[account.name].wait(60)
        answer = self.answers[account.name]
        if isinstance(answer, BaseException):
            raise answer
        return answer


@pytest.fixture
def amazon():
    amazon = Amazon()
    yield amazon
    for event in amazon.go_on.values():
        event.set()


def test_one_hangs_and_the_other_is_done(amazon):
    readings = Readings(amazon)
    amazon.go_on["a"].clear()
    readings.start([A, B])
    assert readings.finished().read == {"b": ReadReport(complete=True)}
    assert readings.under_way == {"a"}
    readings.start([A])  # still the same reading
    amazon.go_on["a"].set()
    assert readings.finished().read == {"a": ReadReport(complete=True)}
    assert sorted(amazon.read) == ["a", "b"]
    assert readings.finished().read == {}


def test_faults(amazon):
    amazon.answers = {"a": Unavailable("later"), "b": ZeroDivisionError()}
    readings = Readings(amazon)
    readings.start([A, B])
    failed, defects = {}, []
    while readings.under_way:
        found = readings.finished()
        failed |= found.failed
        defects += [found.defect] if found.defect else []
    assert {name: str(problem) for name, problem in failed.items()} == {"a": "later"}
    assert [type(defect) for defect in defects] == [ZeroDivisionError]


def test_a_broken_ledger_ends_everything(amazon):
    amazon.answers["a"] = LedgerBroken("full")
    readings = Readings(amazon)
    readings.start([A])
    with pytest.raises(LedgerBroken):
        readings.finished()


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (ReadReport(complete=True), 300),
        (ReadReport(complete=False, wait_seconds=179), 179),
        (Unavailable("later"), 300),
    ],
)
def test_others_are_read_again_while_one_hangs(amazon, answer, seconds):
    now = [1000.0]
    readings = Readings(amazon, lambda: now[0])
    amazon.answers["b"] = answer
    amazon.go_on["a"].clear()
    readings.start([A, B])
    readings.finished(EVERY)
    now[0] += seconds
    again = readings.finished(EVERY)  # it is due: begun again, and waited for
    assert (set(again.read) | set(again.failed), amazon.read.count("b")) == ({"b"}, 2)
    readings.rest()
    amazon.go_on["a"].set()
    assert set(readings.finished(EVERY).read) == {"a"}


def test_jobs_are_told_once():
    jobs = Jobs()
    jobs.start("x", lambda: 1)
    assert jobs.finished() == {"x": 1}
    assert (jobs.finished(), jobs.under_way) == ({}, frozenset())
