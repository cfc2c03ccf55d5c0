"""Which moves an entry may make."""

from __future__ import annotations

import pytest

from adapter.model.entry import ALLOWED, Entry, Key, State

MOVES = """
none:    waiting planned intent closed held
waiting: waiting planned intent closed held
planned: planned intent waiting closed held done
intent:  intent planned unknown done held
unknown: unknown intent planned done held
done:    done intent held
closed:  closed waiting planned intent held
held:    held waiting planned intent closed done
"""


def name(state):
    return "none" if state is None else state.value


def test_moves():
    table = dict(line.split(":") for line in MOVES.strip().splitlines())
    found = {name(start): {name(state) for state in states} for start, states in ALLOWED.items()}
    assert found == {start: set(states.split()) for start, states in table.items()}


def test_only_looking_leads_out_of_unknown():
    """No state in which something may be forgotten or written blindly follows an unknown outcome."""
    assert not ALLOWED[State.UNKNOWN] & {State.WAITING, State.CLOSED}
    assert [start for start, states in ALLOWED.items() if State.UNKNOWN in states] == [State.INTENT, State.UNKNOWN]


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_reached_and_left(state):
    assert any(state in states for start, states in ALLOWED.items() if start is not state)
    assert ALLOWED[state] - {state}


def test_a_key_as_text():
    assert str(Key("de", "302-1", "sales_order")) == "de/302-1/sales_order"


def test_a_new_entry_knows_nothing():
    entry = Entry(Key("de", "302-1", "sales_order"), State.PLANNED)
    assert (entry.written, entry.wanted, entry.summary, entry.reasons) == (False, None, {}, ())
