"""The number of sessions follows what the infobase bears."""

from __future__ import annotations

import threading

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


def test_a_file_infobase_is_left_at_one():
    """It works on one request at a time: twice the sessions, twice the wait. A second is tried now and then."""
    pace, more = Pace(10), 0
    for _ in range(1000):
        pace = pace.answered(0.05 * pace.allowed)
        more += pace.allowed > 1
        assert pace.allowed <= 2
    assert more < 200


def test_a_slow_first_call_is_normal():
    """Half a minute after a pause, then as always."""
    pace = after(Pace(8).answered(35.0), 150, 0.5)
    assert pace.allowed == 8


def test_a_single_quick_answer_says_nothing():
    pace = after(Pace(8).answered(0.0001), 150, 0.05)
    assert pace.allowed == 8


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


def risen(most=8):
    """A gate that was told of quick answers until it allowed all of its sessions."""
    gate = Gate(most, lambda: 0.0)
    for _ in range(200):
        gate.answered(0.05)
    assert gate.pace.allowed == most
    return gate


class Waiting:
    """A thread that waits at a gate, or was let in at once."""

    def __init__(self, gate, session, *, ahead=False):
        self.let_in = None
        self._thread = threading.Thread(target=self._enter, args=(gate, session, ahead))
        self._thread.start()

    def _enter(self, gate, session, ahead):
        self.let_in = gate.enter(session, ahead=ahead)

    def end(self):
        self._thread.join()
        return self.let_in


def test_gate_lets_no_more_sessions_in_than_allowed():
    gate = Gate(2)
    assert gate.enter(0)
    second = Waiting(gate, 1)
    assert second.let_in is None
    for _ in range(4):
        gate.answered(0.05)
    assert second.end() is True
    gate.strained()
    third = Waiting(gate, 1)
    assert third.let_in is None
    assert gate.enter(0)
    gate.close()
    assert third.end() is False


def test_nobody_works_ahead_while_one_session_is_all_that_is_known_to_be_borne():
    gate = Gate(2)
    ahead = Waiting(gate, 0, ahead=True)
    assert gate.enter(0)
    assert ahead.let_in is None
    for _ in range(4):
        gate.answered(0.05)
    assert ahead.end() is True


def test_a_session_that_was_refused_makes_way_for_the_others():
    """One that 1C has opened already goes on; with sessions of our own the refused one would be refused again."""
    gate = risen(2)
    assert gate.refused(0)
    assert gate.enter(1)
    refused = Waiting(gate, 0)
    assert refused.let_in is None
    gate.close()
    assert refused.end() is False


def test_a_gate_opens_again():
    gate = Gate(1)
    gate.close()
    assert not gate.enter(0)
    gate.open()
    assert gate.enter(0)


def test_no_further_session_for_a_minute_after_a_refusal():
    seconds = [0.0]
    gate = Gate(8, lambda: seconds[0])

    def answers(count):
        for _ in range(count):
            gate.answered(0.05)
        return gate.pace.allowed

    assert answers(200) == 8
    assert gate.refused(0)
    assert answers(5000) == 4
    seconds[0] = 59.9
    assert answers(5000) == 4
    seconds[0] = 60.0
    assert answers(5000) == 8


def test_going_on_makes_sense_while_others_have_a_session():
    gate = risen()
    assert [gate.refused(session) for session in range(5)] == [True, True, True, False, False]
