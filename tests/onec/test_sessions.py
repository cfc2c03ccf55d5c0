"""The number of sessions follows what the infobase bears."""

from __future__ import annotations

import threading

import pytest

from adapter.onec.errors import AccessDenied, InfobaseUnavailable, Locked, NoSession, NotAsked, UnknownOutcome
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


def risen(most=8, present=None):
    """A gate that was told of quick answers until it allowed all of its sessions."""
    gate = Gate(most, lambda: 0.0)
    for _ in range(200):
        gate.answered(0.05)
    assert gate.pace.allowed == most
    gate.open(range(most) if present is None else present)
    return gate


def refuse(gate, session):
    """A request of this session finds none; whether that leaves none at all."""
    with pytest.raises(NoSession), gate.request(session, gate.enter(session)):
        raise NoSession("none")
    return gate.none_left


class Waiting:
    """A thread that waits at a gate, or was let in at once."""

    def __init__(self, gate, session, *, ahead=False):
        self.let_in = "waits"
        self._thread = threading.Thread(target=self._enter, args=(gate, session, ahead))
        self._thread.start()

    def _enter(self, gate, session, ahead):
        self.let_in = gate.enter(session, ahead=ahead)

    def end(self):
        self._thread.join()
        return self.let_in


def test_gate_lets_no_more_sessions_in_than_allowed():
    gate = Gate(2)
    assert gate.enter(0) == 0
    second = Waiting(gate, 1)
    assert second.let_in == "waits"
    for _ in range(4):
        gate.answered(0.05)
    assert second.end() == 0
    gate.strained()
    third = Waiting(gate, 1)
    assert third.let_in == "waits"
    assert gate.enter(0) == 0
    gate.close()
    assert third.end() is None


def test_nobody_works_ahead_while_one_session_is_all_that_is_known_to_be_borne():
    gate = Gate(2)
    ahead = Waiting(gate, 0, ahead=True)
    assert gate.enter(0) == 0
    assert ahead.let_in == "waits"
    for _ in range(4):
        gate.answered(0.05)
    assert ahead.end() == 0


def test_a_session_that_was_refused_makes_way_for_the_others():
    gate = risen(2)
    assert not refuse(gate, 0)
    assert gate.enter(1) == 0
    refused = Waiting(gate, 0)
    assert refused.let_in == "waits"
    gate.close()
    assert refused.end() is None


@pytest.mark.parametrize("problem", [NoSession, InfobaseUnavailable, AccessDenied])
def test_what_was_prepared_before_the_session_failed_is_not_sent(problem):
    """Whether it waits for the session already or is still being prepared; what begins afterwards is sent."""
    gate = risen()
    begun = gate.enter(0), gate.enter(0, ahead=True)
    with pytest.raises(problem), gate.request(0, begun[0]):
        raise problem("no")
    with pytest.raises(NotAsked), gate.request(0, begun[1]):
        pytest.fail("it was sent")
    with gate.request(1, gate.enter(1)):
        pass
    if problem is not NoSession:
        with gate.request(0, gate.enter(0)):
            pass


@pytest.mark.parametrize("problem", [Locked("POST", 500), UnknownOutcome("lost")], ids=["one object", "one write"])
def test_a_failure_of_one_order_concerns_no_other(problem):
    gate = risen()
    begun = gate.enter(0)
    with pytest.raises(type(problem)), gate.request(0, begun):
        raise problem
    with gate.request(0, begun):
        pass


def test_requests_of_one_session_follow_each_other():
    gate, inside = risen(), threading.Event()

    def send():
        with gate.request(0, 0):
            inside.set()

    with gate.request(0, 0):
        second = threading.Thread(target=send)
        second.start()
        assert not inside.is_set()
        with gate.request(1, 0):
            pass
    second.join()
    assert inside.is_set()


def test_a_gate_opens_again():
    gate = Gate(1)
    gate.close()
    assert gate.enter(0) is None
    gate.open([0])
    assert gate.enter(0) == 0


def test_a_session_that_takes_part_alone_is_let_in_after_its_refusal():
    """The next plan may have one order only, and nobody else could ever make way."""
    gate = risen()
    refuse(gate, 0)
    gate.open([0])
    assert gate.enter(0) == 1


def test_no_further_session_for_a_minute_after_a_refusal():
    seconds = [0.0]
    gate = Gate(8, lambda: seconds[0])

    def answers(count):
        for _ in range(count):
            gate.answered(0.05)
        return gate.pace.allowed

    assert answers(200) == 8
    assert not refuse(gate, 0)
    assert answers(5000) == 4
    seconds[0] = 59.9
    assert answers(5000) == 4
    seconds[0] = 60.0
    assert answers(5000) == 8


def test_going_on_makes_sense_while_others_have_a_session():
    gate = risen()
    begun = [gate.enter(session) for session in range(5)]

    def refused(session):
        with pytest.raises(NoSession), gate.request(session, begun[session]):
            raise NoSession("none")
        return gate.none_left

    assert [refused(session) for session in range(5)] == [False, False, False, True, True]


def test_of_few_that_take_part_the_last_one_decides():
    """However many sessions were borne before."""
    gate = risen(8, present=[0, 1])
    begun = gate.enter(1)
    assert not refuse(gate, 0)
    with pytest.raises(NoSession), gate.request(1, begun):
        raise NoSession("none")
    assert gate.none_left
