from __future__ import annotations

import heapq
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.amazon.budget import DISTRUST, LIMITS, LONGEST_FLIGHT, SANDBOX_LIMITS, Budget, Limit
from adapter.model.bucket import Bucket

SEARCH, GET = "searchOrders", "getOrder"
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass
class Store:
    """Buckets in memory, and how many were there when each request left."""

    buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)

    def load_bucket(self, seller: str, operation: str) -> Bucket | None:
        return self.buckets.get((seller, operation))

    def save_bucket(self, seller: str, operation: str, bucket: Bucket) -> None:
        self.buckets[seller, operation] = bucket


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def start(store, clock):
    """Starts the daemon: a new budget on the same store."""
    return lambda seller="A1": Budget(seller, store, now=clock.now, monotonic=clock.monotonic)


def taken(budget: Budget, operation: str) -> int:
    """How many calls may be sent at once."""
    return next(count for count in range(1000) if budget.take(operation) > 0)


@pytest.mark.parametrize(
    ("bucket", "seconds", "now", "expected"),
    [
        (Bucket(1.0, NOON, 0.5), 4.0, NOON + timedelta(seconds=4), Bucket(3.0, NOON + timedelta(seconds=4), 0.5)),
        (Bucket(1.0, NOON, 0.5), 100.0, NOON, Bucket(10.0, NOON, 0.5)),
        (Bucket(1.0, NOON, 0.5), -100.0, NOON - timedelta(seconds=100), Bucket(1.0, NOON, 0.5)),
        (Bucket(12.0, NOON, 0.5), 0.0, NOON, Bucket(10.0, NOON, 0.5)),
    ],
    ids=["refills", "never over its size", "clock stepped back", "a smaller size than before"],
)
def test_refilled(bucket, seconds, now, expected):
    assert bucket.refilled(seconds, now, capacity=10.0) == expected


@pytest.mark.parametrize(("tokens", "left"), [(2.5, 1.5), (1.0, 0.0), (0.5, None), (0.0, None)])
def test_taken(tokens, left):
    bucket = Bucket(tokens, NOON, 0.5)
    assert bucket.taken() == (None if left is None else Bucket(left, NOON, 0.5))


def test_the_whole_burst_may_be_spent_at_once(start):
    budget = start()
    assert (taken(budget, SEARCH), taken(budget, GET)) == (20, 30)


def test_a_bucket_fills_no_further_than_amazon_may_have_counted(start, clock):
    """A call that is still on its way may be counted in a minute, from a bucket that is full until then."""
    budget = start()
    budget.take(GET)
    clock.advance(60)
    assert budget.level(GET) == (29.0, 0.49, 30)
    budget.landed(GET)
    assert budget.level(GET)[0] == 29.0
    clock.advance(60)
    assert budget.level(GET)[0] == 30.0


def test_a_call_without_an_answer_ends_by_itself(start, clock):
    budget = start()
    budget.take(GET)
    clock.advance(LONGEST_FLIGHT)
    assert budget.level(GET)[0] == 29.0
    clock.advance(3)
    assert budget.level(GET)[0] == 30.0


def test_a_restart_counts_with_calls_that_are_still_on_their_way(start, clock):
    start().take(GET)
    clock.advance(10)
    budget = start()
    assert budget.level(GET)[0] == 29.0
    clock.advance(LONGEST_FLIGHT)
    assert budget.level(GET)[0] == 30.0


def test_how_long_until_so_many_tokens(start):
    budget = start()
    assert budget.seconds_until(GET, 30) == 0.0
    taken(budget, GET)
    assert budget.seconds_until(GET, 10) == pytest.approx(10 / 0.49)
    assert budget.seconds_until(GET, 1000) == pytest.approx(30 / 0.49)


def test_a_token_comes_back_a_little_later_than_at_amazon(start, clock):
    budget = start()
    taken(budget, GET)
    wait = budget.take(GET)
    assert wait == pytest.approx(2 / 0.98)
    clock.advance(wait - 0.001)
    assert budget.take(GET) == pytest.approx(0.001)
    clock.advance(0.001)
    assert budget.take(GET) == 0.0
    assert budget.take(GET) > 0


def test_a_restart_knows_what_was_used(start, clock):
    taken(start(), SEARCH)
    assert taken(start(), SEARCH) == 0
    clock.advance(400)
    assert taken(start(), SEARCH) == 2


def test_the_token_is_gone_before_the_request_leaves(start, store):
    start().take(SEARCH)
    assert store.buckets["A1", SEARCH].tokens == 19.0


def test_sellers_and_operations_have_their_own_buckets(start):
    taken(start("A1"), SEARCH)
    assert taken(start("A1"), GET) == 30
    assert taken(start("A2"), SEARCH) == 20


@pytest.mark.parametrize("step", [-86400.0, 86400.0])
def test_a_clock_step_makes_no_tokens(start, clock, step):
    budget = start()
    taken(budget, SEARCH)
    clock.step(step)
    assert taken(budget, SEARCH) == 0
    assert taken(start(), SEARCH) == 0
    clock.step(-step)
    assert taken(start(), SEARCH) == 0


def test_a_clock_put_back_does_not_stop_the_refill_of_a_running_daemon(start, clock):
    clock.step(86400.0 * 365)
    budget = start()
    taken(budget, SEARCH)
    clock.step(-86400.0 * 365)
    clock.advance(400)
    assert taken(start(), SEARCH) == 0
    assert taken(budget, SEARCH) == 2


def test_a_clock_put_forward_before_the_first_call_makes_no_tokens(start, clock):
    taken(start(), SEARCH)
    budget = start()
    clock.step(86400.0)
    assert taken(budget, SEARCH) == 0


def test_a_refill_is_not_counted_again_when_the_clock_is_put_right(start, clock):
    budget = start()
    taken(budget, SEARCH)
    clock.step(-3600.0)
    clock.advance(1800.0)
    assert taken(budget, SEARCH) == 9
    clock.step(3600.0)
    assert taken(start(), SEARCH) == 0


def test_a_bucket_that_another_machine_used_is_believed(start, clock, store):
    budget = start()
    budget.take(SEARCH)
    store.save_bucket("A1", SEARCH, replace(store.buckets["A1", SEARCH], tokens=0.5, at=clock.now()))
    assert taken(budget, SEARCH) == 0


@pytest.mark.parametrize(
    ("header", "rate"),
    [
        ("0.0167", 0.0167),
        ("0.0056", 0.0056),
        ("0.001", 0.001),
        (" 2 ", 2.0),
        (None, 0.0056),
        ("", 0.0056),
        ("fast", 0.0056),
        ("0", 0.0056),
        ("-1", 0.0056),
        ("nan", 0.0056),
        ("inf", 0.0056),
        ("1e9", 0.0056),
    ],
)
def test_the_rate_is_the_one_that_amazon_tells(start, clock, header, rate):
    budget = start()
    taken(budget, SEARCH)
    budget.correct(SEARCH, header)
    assert budget.take(SEARCH) == pytest.approx(1 / rate / 0.98)
    assert start().take(SEARCH) == pytest.approx(1 / rate / 0.98)


def test_a_new_rate_counts_from_now_on(start, clock):
    budget = start()
    taken(budget, SEARCH)
    clock.advance(100)
    budget.correct(SEARCH, "1")
    assert budget.take(SEARCH) == pytest.approx((1 - 100 * 0.0056 * 0.98) / 0.98)


def test_after_a_429_the_bucket_counts_as_empty(start):
    budget = start()
    assert budget.drained(SEARCH) == pytest.approx(1 / 0.0056 / 0.98 / 0.8)
    assert taken(budget, SEARCH) == 0
    assert taken(start(), SEARCH) == 0


def test_429s_in_a_row_slow_down_and_the_next_rate_that_is_told_counts(start):
    budget = start()
    waits = [budget.drained(GET) for _ in range(20)]
    assert waits[:3] == pytest.approx([2 / 0.98 / 0.8, 2 / 0.98 / 0.64, 2 / 0.98 / 0.512])
    assert waits[-1] == pytest.approx(20 / 0.98)
    budget.correct(GET, "0.5")
    assert budget.take(GET) == pytest.approx(2 / 0.98)


def test_without_a_rate_that_is_told_answers_bring_the_published_one_back(start):
    budget = start()
    for _ in range(2):
        budget.drained(GET)
    for _ in range(3):
        budget.correct(GET, None)
    assert budget.take(GET) == pytest.approx(2 / 0.98)


def test_a_rate_that_led_to_a_429_is_not_believed_for_a_while(start, clock):
    budget = start()
    budget.correct(SEARCH, "5")
    assert budget.level(SEARCH)[1] == pytest.approx(4.9)
    assert budget.drained(SEARCH) == pytest.approx(1 / 0.0056 / 0.98)
    budget.correct(SEARCH, "5")
    assert budget.take(SEARCH) == pytest.approx(1 / 0.0056 / 0.98)
    budget.correct(SEARCH, "0.003")
    assert budget.level(SEARCH)[1] == pytest.approx(0.003 * 0.98)
    clock.advance(DISTRUST.total_seconds())
    budget.correct(SEARCH, "5")
    assert budget.level(SEARCH)[1] == pytest.approx(4.9)


def test_a_rate_of_almost_nothing_does_not_stop_us_for_days(start):
    budget = start()
    taken(budget, SEARCH)
    budget.correct(SEARCH, "0.0000001")
    assert budget.take(SEARCH) == pytest.approx(1 / 0.00056 / 0.98)


def test_the_sandbox_has_limits_of_its_own(store, clock):
    budget = Budget("A1", store, now=clock.now, monotonic=clock.monotonic, limits=SANDBOX_LIMITS)
    assert taken(budget, SEARCH) == 15


def test_the_published_limits_are_those_of_the_model(model):
    def stated(path: str) -> Limit:
        text = model["paths"][path]["get"]["description"]
        row = next(line for line in text.splitlines() if line.startswith("|") and "0." in line)
        rate, burst = (part.strip() for part in row.strip("| ").split("|"))
        return Limit(float(rate), int(burst))

    assert LIMITS[SEARCH] == stated("/orders/2026-01-01/orders")
    assert LIMITS[GET] == stated("/orders/2026-01-01/orders/{orderId}")


class Amazon:
    """Amazon's bucket: exact, on the true time."""

    def __init__(self, limit: Limit) -> None:
        self.limit, self.tokens, self.at = limit, float(limit.burst), 0.0

    def lets_pass(self, at: float) -> bool:
        self.tokens = min(float(self.limit.burst), self.tokens + (at - self.at) * self.limit.rate)
        self.at = at
        self.tokens -= 1
        return self.tokens >= -1e-9


events = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.floats(0, 2000)),
        st.tuples(st.just("call"), st.floats(0, 60)),
        st.tuples(st.just("burst"), st.integers(1, 40)),
        st.tuples(st.just("step"), st.floats(-1e6, 1e6)),
        st.tuples(st.just("restart"), st.floats(0, 500)),
    ),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(events=events, operation=st.sampled_from([SEARCH, GET]))
def test_amazon_never_has_a_reason_for_a_429(events, operation):
    """Whatever the times, answers' delays, restarts and clock steps: each call finds a token at Amazon."""
    true, offset = 0.0, 0.0
    store, amazon = Store(), Amazon(LIMITS[operation])

    def started() -> Budget:
        return Budget("A1", store, now=lambda: NOON + timedelta(seconds=true + offset), monotonic=lambda: true)

    budget = started()
    sent, refused = 0, 0
    for event, amount in events:
        if event == "wait":
            true += amount
        elif event == "step":
            offset += amount
            # The one thing that nobody can know is a clock put forward while the daemon is down.
            if budget.take(operation) == 0.0:
                sent, refused = sent + 1, refused + (not amazon.lets_pass(true))
        elif event == "restart":
            true += amount
            budget = started()
        else:
            for _ in range(1 if event == "call" else amount):
                if budget.take(operation) == 0.0:
                    true += amount if event == "call" else 0.0  # how long the request is on its way
                    sent, refused = sent + 1, refused + (not amazon.lets_pass(true))
                    budget.landed(operation)
    assert refused == 0, f"{refused} of {sent} calls"


@settings(max_examples=100, deadline=None)
@given(
    flights=st.lists(st.tuples(st.floats(0, 20), st.floats(0, 60), st.floats(0, 1)), min_size=1, max_size=80),
    operation=st.sampled_from([SEARCH, GET]),
)
def test_calls_of_several_threads_at_once(flights, operation):
    """Calls overlap, and each is counted at some moment of its flight."""
    true = 0.0
    store, amazon = Store(), Amazon(LIMITS[operation])
    budget = Budget("A1", store, now=lambda: NOON + timedelta(seconds=true), monotonic=lambda: true)
    agenda = []  # (when, what, length of the flight, when in it Amazon counts)
    at = 0.0
    for pause, length, share in flights:
        at += pause
        agenda.append((at, 0, length, share))
    heapq.heapify(agenda)
    refused = 0
    while agenda:
        true, what, length, share = heapq.heappop(agenda)
        if what == 0 and budget.take(operation) == 0.0:
            heapq.heappush(agenda, (true + length * share, 1, 0.0, 0.0))
            heapq.heappush(agenda, (true + length, 2, 0.0, 0.0))
        elif what == 1:
            refused += not amazon.lets_pass(true)
        elif what == 2:
            budget.landed(operation)
    assert refused == 0


@settings(max_examples=50, deadline=None)
@given(waits=st.lists(st.floats(0, 400), min_size=1, max_size=40))
def test_waiting_as_told_is_enough(waits):
    true, store = 0.0, Store()
    budget = Budget("A1", store, now=lambda: NOON + timedelta(seconds=true), monotonic=lambda: true)
    for wait in waits:
        taken(budget, SEARCH)
        true += wait
        true += budget.take(SEARCH)
        taken_now = taken(budget, SEARCH)
        assert taken_now <= 1 + wait * 0.0056
        assert budget.take(SEARCH) > 0
