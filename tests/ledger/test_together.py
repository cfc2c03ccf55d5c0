"""Moves that share a commit: one commit for many, each with its own result, and nothing is read past what waits."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine, event

from adapter.ledger import Ledger
from adapter.ledger.database import LedgerBroken, NotOurs
from adapter.ledger.elements import ElementEntry
from adapter.model.entry import Entry, Key, State

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
THREADS = 4


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(tmp_path) as ledger:
        yield ledger.own(NOW)


@contextmanager
def commits():
    """Counts commits: the list grows by one with each."""
    seen = []

    def committed(connection):
        seen.append(connection)

    event.listen(Engine, "commit", committed)
    yield seen
    event.remove(Engine, "commit", committed)


def key(number):
    return Key("shop", f"302-{number}", "sales_order")


def planned(ledger, number):
    return ledger.entries.move(None, Entry(key(number), State.PLANNED), "planned", NOW)


def intend(ledger, entry, **options):
    return ledger.entries.move(entry, replace(entry, state=State.INTENT), "intent", NOW, **options)


def pragma(ledger, text):
    with ledger.transaction() as connection:
        return connection.exec_driver_sql(f"PRAGMA {text}").scalar()


def at_once(ledger, *changes):
    """Makes these changes in threads that all wait while the ledger is in use; what each came to."""
    with ThreadPoolExecutor(len(changes)) as pool:
        with ledger.transaction():
            made = [pool.submit(change) for change in changes]
            while ledger.waiting < len(changes) and not any(future.done() for future in made):
                pass
        return [future.exception() for future in made]


def after_a_crash(ledger, tmp_path, number):
    """What another process finds on the disk now."""
    with Ledger.open(tmp_path) as fresh:
        (entry,) = fresh.entries.of_order(f"302-{number}")
        return entry.state


def test_moves_of_threads_that_waited_share_a_commit(ledger, tmp_path):
    entries = [planned(ledger, number) for number in range(THREADS)]
    with commits() as seen:
        failed = at_once(ledger, *(lambda entry=entry: intend(ledger, entry) for entry in entries))
        assert len(seen) == 2  # that of the transaction for which all waited, and one for all
    assert failed == [None] * THREADS
    for number in range(THREADS):
        assert after_a_crash(ledger, tmp_path, number) is State.INTENT
        assert [event.cause for event in ledger.entries.history(f"302-{number}")] == ["planned", "intent"]


def test_one_that_fails_does_not_touch_the_others(ledger, tmp_path):
    entries = [planned(ledger, number) for number in range(THREADS)]
    ledger.entries.move(entries[1], replace(entries[1], state=State.HELD), "somebody else", NOW)
    failed = at_once(ledger, *(lambda entry=entry: intend(ledger, entry) for entry in entries))
    assert [type(problem) for problem in failed] == [type(None), NotOurs, type(None), type(None)]
    states = [after_a_crash(ledger, tmp_path, number) for number in range(THREADS)]
    assert states == [State.INTENT, State.HELD, State.INTENT, State.INTENT]
    assert len(ledger.entries.history("302-1")) == 2


def test_a_commit_that_fails_fails_for_all_who_were_in_it(ledger, tmp_path):
    """A full disk; with space again, work goes on."""
    large = [replace(planned(ledger, number), wanted={"properties": "x" * 9000}) for number in range(THREADS)]
    pages = pragma(ledger, "page_count")
    pragma(ledger, f"max_page_count = {pages}")
    failed = at_once(ledger, *(lambda entry=entry: intend(ledger, entry) for entry in large))
    assert [type(problem) for problem in failed] == [LedgerBroken] * THREADS
    assert {after_a_crash(ledger, tmp_path, number) for number in range(THREADS)} == {State.PLANNED}
    pragma(ledger, "max_page_count = 10000")
    assert at_once(ledger, *(lambda entry=entry: intend(ledger, entry) for entry in large)) == [None] * THREADS


def test_a_taken_over_ledger_fails_for_all(ledger, tmp_path):
    entries = [planned(ledger, number) for number in range(THREADS)]
    (tmp_path / "lock").unlink()
    with Ledger.open(tmp_path) as other:
        other.own(NOW)
        failed = at_once(ledger, *(lambda entry=entry: intend(ledger, entry) for entry in entries))
    assert [type(problem) for problem in failed] == [NotOurs] * THREADS
    assert {after_a_crash(ledger, tmp_path, number) for number in range(THREADS)} == {State.PLANNED}


def test_many_threads_and_many_moves(ledger):
    """Whoever commits, nobody waits for ever and nothing is lost."""
    begin = threading.Barrier(8)

    def work(worker):
        begin.wait()
        for number in range(worker * 100, worker * 100 + 25):
            entry = intend(ledger, planned(ledger, number))
            ledger.entries.move(entry, replace(entry, state=State.DONE), "done", NOW, wait=False)

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(work, worker) for worker in range(8)]:
            future.result()
    ledger.flush()
    assert ledger.entries.counts() == {State.DONE: 200}
    for worker in range(8):
        causes = [event.cause for event in ledger.entries.history(f"302-{worker * 100}")]
        assert causes == ["planned", "intent", "done"]


def test_a_move_that_need_not_wait_comes_with_the_next(ledger, tmp_path):
    first, second = intend(ledger, planned(ledger, 1)), planned(ledger, 2)
    with commits() as seen:
        done = ledger.entries.move(first, replace(first, state=State.DONE), "done", NOW, wait=False)
        assert (done.state, ledger.waiting, len(seen)) == (State.DONE, 1, 0)
        assert after_a_crash(ledger, tmp_path, 1) is State.INTENT
        seen.clear()
        intend(ledger, second)
        assert (ledger.waiting, len(seen)) == (0, 1)
    assert after_a_crash(ledger, tmp_path, 1) is State.DONE
    assert [event.cause for event in ledger.entries.history("302-1")] == ["planned", "intent", "done"]


@pytest.mark.parametrize(
    "look",
    [
        lambda ledger: ledger.entries.of_order("302-1")[0].state,
        lambda ledger: ledger.entries.history("302-1")[-1].state_to,
        lambda ledger: (ledger.flush(), ledger.entries.of_order("302-1")[0].state)[1],
    ],
    ids=["entry", "history", "flush"],
)
def test_nothing_is_read_past_what_waits(ledger, tmp_path, look):
    entry = intend(ledger, planned(ledger, 1))
    ledger.entries.move(entry, replace(entry, state=State.DONE), "done", NOW, wait=False)
    assert look(ledger) is State.DONE
    assert after_a_crash(ledger, tmp_path, 1) is State.DONE


def test_within_a_transaction_it_is_all_or_nothing(ledger):
    entry = planned(ledger, 1)

    def all_or_nothing():
        with ledger.transaction():
            moved = intend(ledger, entry, wait=False)
            ledger.flush()
            assert ledger.entries.of_order("302-1") == [moved]
            intend(ledger, entry)

    with pytest.raises(NotOurs):
        all_or_nothing()
    assert ledger.entries.of_order("302-1") == [entry]


def test_what_failed_unwaited_is_told_once_by_flush(ledger):
    entry = intend(ledger, planned(ledger, 1))
    ledger.entries.move(entry, replace(entry, state=State.HELD), "somebody else", NOW)
    ledger.entries.move(entry, replace(entry, state=State.DONE), "done", NOW, wait=False)
    other = planned(ledger, 2)
    assert other.state is State.PLANNED
    with pytest.raises(NotOurs):
        ledger.flush()
    ledger.flush()
    assert ledger.entries.of_order("302-1")[0].state is State.HELD


def test_a_move_that_is_not_allowed_is_refused_at_once(ledger):
    entry = planned(ledger, 1)
    with pytest.raises(ValueError, match="no way leads"):
        ledger.entries.move(entry, replace(entry, state=State.UNKNOWN), "", NOW, wait=False)
    assert ledger.waiting == 0


def test_elements_share_a_commit_too(ledger):
    element = ElementEntry("Catalog_X", "anna", UUID(int=7), "Anna", State.INTENT)
    entry = planned(ledger, 1)
    with commits() as seen:
        failed = at_once(ledger, lambda: ledger.elements.record(element, NOW), lambda: intend(ledger, entry))
        assert len(seen) == 2
    assert failed == [None, None]
    assert ledger.elements.find("Catalog_X", "anna") == element
