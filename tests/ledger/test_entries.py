"""Entries: which moves there are, that each is conditional, and that each leaves an event."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from adapter.ledger import Ledger
from adapter.ledger.database import NotOurs
from adapter.ledger.entries import Event
from adapter.model.entry import ALLOWED, Entry, HoldCause, Key, Operation, State

NOW = datetime(2026, 5, 4, 9, 0, 0, 123456, tzinfo=UTC)
KEY = Key("shop", "302-1", "sales_order")
FULL = Entry(
    KEY,
    State.INTENT,
    entity_set="Document_X",
    ref_key=UUID(int=7),
    operation=Operation.CREATE,
    attempt=2,
    wanted={"properties": {"Имя": "Ä \x00'"}, "sections": {}},
    written=True,
    posted=True,
    marked=True,
    data_version="AAA=",
    order_hash="hash",
    material="material",
    mapping_version="1",
    reasons=("one", "two"),
    hold=HoldCause.DIFFERENT,
    not_before=NOW + timedelta(minutes=2),
    summary={"customer": "Аня", "total": {"amount": "1.10"}},
)
PATHS = {
    None: (),
    State.WAITING: (State.WAITING,),
    State.PLANNED: (State.PLANNED,),
    State.INTENT: (State.INTENT,),
    State.UNKNOWN: (State.INTENT, State.UNKNOWN),
    State.DONE: (State.INTENT, State.DONE),
    State.CLOSED: (State.CLOSED,),
    State.HELD: (State.HELD,),
}


@pytest.fixture
def ledger():
    with Ledger.open(None) as ledger:
        yield ledger.own(NOW)


def brought_to(ledger: Ledger, state: State | None) -> Entry | None:
    entry = None
    for step in PATHS[state]:
        entry = ledger.entries.move(entry, replace(entry or Entry(KEY, step), state=step), "on the way", NOW)
    return entry


ALL = list(product([None, *State], State))


def named(case):
    return f"{case[0] or 'none'}-{case[1]}"


@pytest.mark.parametrize("case", [case for case in ALL if case[1] in ALLOWED[case[0]]], ids=named)
def test_allowed_moves(ledger, case):
    before, after = case
    entry = brought_to(ledger, before)
    moved = ledger.entries.move(entry, replace(entry or Entry(KEY, after), state=after), "because", NOW)
    assert ledger.entries.of_orders([("shop", "302-1")]) == {KEY: moved}
    assert ledger.entries.history("302-1")[-1] == Event(NOW, KEY, before, after, None, 0, 1, "because")


@pytest.mark.parametrize("case", [case for case in ALL if case[1] not in ALLOWED[case[0]]], ids=named)
def test_forbidden_moves_change_nothing(ledger, case):
    before, after = case
    entry = brought_to(ledger, before)
    history = ledger.entries.history("302-1")
    with pytest.raises(ValueError, match="no way leads"):
        ledger.entries.move(entry, replace(entry or Entry(KEY, after), state=after), "because", NOW)
    assert ledger.entries.of_order("302-1") == ([entry] if entry else [])
    assert ledger.entries.history("302-1") == history


def test_what_only_looking_may_leave():
    """An unanswered write is never forgotten, and what is in the books never becomes unwritten without a person."""
    assert ALLOWED[State.UNKNOWN] == {State.UNKNOWN, State.INTENT, State.PLANNED, State.DONE, State.HELD}
    assert ALLOWED[State.DONE] == {State.DONE, State.INTENT, State.HELD}


def test_every_field_survives(ledger):
    entry = ledger.entries.move(None, FULL, "because", NOW)
    assert entry == replace(FULL, epoch=1, updated_at=NOW)
    assert ledger.entries.of_order("302-1") == [entry]
    assert ledger.entries.in_states(State.INTENT) == [entry]
    assert ledger.entries.in_states(State.DONE, State.HELD) == []
    assert ledger.entries.counts() == {State.INTENT: 1}


def test_a_second_new_entry_is_not_ours(ledger):
    ledger.entries.move(None, Entry(KEY, State.PLANNED), "first", NOW)
    with pytest.raises(NotOurs):
        ledger.entries.move(None, Entry(KEY, State.INTENT), "second", NOW)
    assert [event.cause for event in ledger.entries.history("302-1")] == ["first"]


def test_an_entry_that_somebody_moved_is_not_ours(ledger):
    planned = ledger.entries.move(None, Entry(KEY, State.PLANNED), "first", NOW)
    ledger.entries.move(planned, replace(planned, state=State.HELD), "somebody else", NOW)
    with pytest.raises(NotOurs):
        ledger.entries.move(planned, replace(planned, state=State.INTENT), "too late", NOW)
    assert ledger.entries.of_order("302-1")[0].state is State.HELD


def test_an_entry_of_another_epoch_is_not_ours(ledger):
    stale = ledger.entries.move(None, Entry(KEY, State.PLANNED), "first", NOW)
    ledger.own(NOW)
    ledger.entries.move(stale, stale, "the new owner", NOW)
    with pytest.raises(NotOurs):
        ledger.entries.move(stale, replace(stale, state=State.INTENT), "too late", NOW)


def test_a_process_that_was_replaced_writes_nothing(tmp_path):
    """Two ledgers on one file: the lock forbids it, but a lock may fail; the epoch then stops the older one."""
    with Ledger.open(tmp_path) as old, Ledger.open(tmp_path) as new:
        old.own(NOW)
        entry = old.entries.move(None, Entry(KEY, State.PLANNED), "first", NOW)
        (tmp_path / "lock").unlink()
        new.own(NOW)
        for write in (
            lambda: old.entries.move(entry, replace(entry, state=State.INTENT), "zombie", NOW),
            lambda: old.orders.settle([("shop", "302-1", "hash")]),
            lambda: old.orders.reopen("shop", "302-1"),
            lambda: old.notes.decide("shop", "302-1", "customer", "x", NOW),
            lambda: old.notes.keep_capability("Document_X", "keeps", "yes", NOW),
        ):
            with pytest.raises(NotOurs, match="taken over"):
                write()
        assert new.entries.of_order("302-1") == [entry]


def test_the_oldest_change_comes_first_and_many_orders_are_found(ledger):
    keys = [Key("shop", f"302-{number}", "sales_order") for number in range(700)]
    with ledger.transaction():
        for number, key in enumerate(keys):
            ledger.entries.move(None, Entry(key, State.PLANNED), "", NOW - timedelta(seconds=number))
    assert [entry.key for entry in ledger.entries.in_states(State.PLANNED)] == keys[::-1]
    found = ledger.entries.of_orders({("shop", key.order_id) for key in keys} | {("other", "302-1")})
    assert set(found) == set(keys)
