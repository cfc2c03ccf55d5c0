"""The number of sessions follows what the infobase bears."""

from __future__ import annotations

import pytest

from adapter.onec.sessions import Gate, Pace


def after(pace, answers, seconds):
    """The pace after so many answers, whose time may depend on the number of sessions."""
    for _ in range(answers):
        pace = pace.answered(seconds(pace.allowed) if callable(seconds) else seconds)
    return pace


def test_begins_with_one():
    assert Pace(10).allowed == 1


def test_rises_while_answers_stay_quick():
    assert after(Pace(8), 200, 0.05).allowed == 8


def test_a_file_infobase_is_left_at_few():
    """It works on one request at a time: twice the sessions, twice the wait."""
    assert after(Pace(10), 500, lambda sessions: 0.05 * sessions).allowed <= 3


def test_settles_where_the_server_is_saturated():
    """Four cores there: up to four sessions cost nothing, beyond that they queue."""
    pace = after(Pace(10), 1000, lambda sessions: 0.05 * max(1.0, sessions / 4) ** 2)
    assert 4 <= pace.allowed <= 7


@pytest.mark.parametrize("allowed", [1, 2, 5, 8])
def test_halves_when_strained(allowed):
    assert Pace(8, allowed=allowed).strained().allowed == max(1, allowed // 2)


def test_recovers_slowly():
    strained = after(Pace(8), 200, 0.05).strained()
    assert strained.allowed == 4
    assert after(strained, 100, 0.05).allowed == 4
    assert after(strained, 3000, 0.05).allowed == 8


def test_never_above_what_was_given():
    assert after(Pace(1), 500, 0.01).allowed == 1


def test_gate_lets_no_more_through_than_allowed():
    gate = Gate(2)
    with gate.session():
        for _ in range(4):
            gate.answered(0.05)
        assert gate.pace.allowed == 2
        with gate.session():
            gate.strained()
            assert gate.pace.allowed == 1
    with gate.session():
        assert gate.pace.allowed == 1
