"""Messages of changed orders: each brings its order at once, is deleted only then, and none does any harm."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.amazon.errors import AmazonUnavailable
from adapter.amazon.marketplaces import Region
from adapter.amazon.page import Page
from adapter.errors import ConfigurationError, Unavailable
from adapter.reading import inbox
from adapter.reading.account import Account
from adapter.reading.inbox import Recipient
from adapter.simulators.faults import Fault
from adapter.sync import Sync
from tests.queues import FakeQueue, change_of, listening

POLL = timedelta(minutes=5)


class Told:
    """A world whose orders are told of in a queue; `step` is what thread and service do after a message."""

    def __init__(self, world):
        self.world = world
        self.queue = FakeQueue()
        self.numbers = 0
        self.restart()

    def restart(self):
        self.parts, self.line = listening(self.world.parts, self.queue)
        self.sync = Sync(self.parts)

    def tell(self, order_id, **more):
        """Amazon tells of an order as it is now."""
        self.numbers += 1
        account = self.world.account
        message = change_of(account.order(order_id), account.seller_id, f"note-{self.numbers}", self.world.clock())
        message["Payload"]["OrderChangeNotification"] |= more
        self.queue.put(message)
        return message

    def step(self):
        """Receive, run, delete."""
        arrived = self.line.step()
        report = self.sync.run(poll_every=POLL)
        self.line._delete(self.queue)
        return arrived, report

    def calls(self):
        """The orders asked for one by one, and the searches, since the last time."""
        found = [entry.target.partition("?")[0].rpartition("/")[2] for entry in self.world.amazon.log]
        self.world.amazon.log.clear()
        return [name for name in found if name not in {"token", "marketplaceParticipations"}]


@pytest.fixture
def told(world):
    told = Told(world)
    told.step()  # the first reading after a start asks for everything
    assert told.calls() == ["orders"]
    return told


def test_an_order_is_in_1c_one_step_after_its_message(told):
    order = told.world.order()
    told.tell(order)
    assert told.step()[0] is True
    assert told.world.document(order)["Posted"]
    assert told.calls() == [order]
    assert told.queue.left == 0


def test_a_message_is_followed_while_another_account_is_silent(told):
    """Amazon tells of an order while a run waits for an account that gives no answer before that is in 1C."""
    order, written = told.world.order(), threading.Event()
    told.world.on_write = lambda *_: written.set()

    class Silent:
        version = "another"

        def search(self, *_):
            told.tell(order)
            told.line.step()
            told.sync.wake()
            assert written.wait(30), "the other account's message was kept waiting"
            return Page((), None, told.world.clock(), ())

    silent = Account("silent", "A2SILENT", Silent(), told.world.clock())
    told.sync = Sync(replace(told.parts, accounts=[*told.parts.accounts, silent]))
    report = told.sync.run(poll_every=POLL)
    assert report.failed == {}
    assert written.is_set()
    assert told.world.document(order)["Posted"]
    assert told.calls() == [order]
    told.line._delete(told.queue)
    assert told.queue.left == 0


def test_a_message_is_deleted_only_when_its_order_is_stored(told):
    told.world.amazon.faults.add(Fault("status", path="/orders/", status=503, times=0))
    order = told.world.order()
    told.tell(order)
    _, report = told.step()
    assert isinstance(report.failed["shop"], AmazonUnavailable)
    assert (told.queue.left, told.world.state(order)) == (1, None)
    told.world.amazon.faults.clear()
    told.queue.show_again()
    told.step()
    assert (told.queue.left, len(told.world.documents(order))) == (0, 1)


def test_a_restart_between_message_and_order(told):
    """What was received and not read comes again, and is wanted already."""
    order = told.world.order()
    told.tell(order)
    told.line.step()
    told.parts.inbox.take_in(told.parts.ledger, told.world.clock())
    assert told.queue.left == 1
    told.world.restart()
    told.restart()
    told.queue.show_again()
    told.step()
    assert (told.queue.left, len(told.world.documents(order))) == (0, 1)


@pytest.mark.parametrize("apart", [False, True], ids=["in one go", "after it is done"])
def test_a_doubled_message_is_one(told, apart):
    order = told.world.order()
    message = told.tell(order)
    if apart:
        told.step()
    told.queue.put(message, times=3)
    told.step()
    assert (told.calls(), told.queue.left) == ([order], 0)


def test_an_old_message_asks_for_nothing(told):
    """The ledger has this version already, by polling."""
    order = told.world.order()
    message = told.tell(order)
    told.queue.visible.clear()
    told.world.clock.forward(minutes=31)
    told.step()
    told.calls()
    told.queue.put(message)
    told.step()
    assert (told.calls(), told.queue.left) == ([], 0)


def test_a_message_without_a_moment_is_believed(told):
    order = told.world.order()
    told.tell(order, OrderChangeTrigger={"TimeOfOrderChange": None, "ChangeReason": "?"})
    told.step()
    assert told.calls() == [order]


def test_what_is_not_for_us_stays_and_holds_nobody_up(told):
    account, order = told.world.account, told.world.order()
    foreign = [
        "no JSON",
        {"NotificationType": "PRICING_HEALTH"},
        change_of(account.order(order), "A0SOMEBODYELSE", "x", told.world.clock()),
    ]
    for message in foreign * 6:
        told.queue.put(message)
    told.tell(order)
    while told.step()[0]:
        pass
    assert (told.queue.left, told.calls()) == (18, [order])
    assert told.parts.inbox.left == {
        ("orders", "no JSON"): 6,
        ("orders", "PRICING_HEALTH"): 6,
        ("orders", "ORDER_CHANGE of another seller"): 6,
    }
    assert not told.line.full


def test_an_order_of_another_marketplace_is_let_go(told):
    order = told.world.order()
    message = told.tell(order)
    message["Payload"]["OrderChangeNotification"]["Summary"]["MarketplaceId"] = "ATVPDKIKX0DER"
    told.queue.visible.clear()
    told.queue.put(message)
    told.step()
    assert (told.calls(), told.queue.left) == ([], 0)


@pytest.mark.parametrize(
    ("chosen", "marketplace", "wants"),
    [
        ((), "A1PA6795UKMFR9", True),
        ((), "ATVPDKIKX0DER", False),
        ((), "UNKNOWN", True),
        ((), "", True),
        (("A1PA6795UKMFR9",), "A1PA6795UKMFR9", True),
        (("A1PA6795UKMFR9",), "A13V1IB3VIYZZH", False),
        (("A1PA6795UKMFR9",), "", True),
    ],
)
def test_which_marketplaces_are_wanted(chosen, marketplace, wants):
    assert Recipient("shop", "A1", Region.EU, frozenset(chosen)).wants(marketplace) is wants


def test_amazon_shows_the_change_later_than_it_tells(told):
    """Its own message is quicker than its answers: the order is asked for again until it shows the change."""
    told.world.account._book.visible_after = timedelta(minutes=2)
    order = told.world.order()
    told.tell(order)
    _, report = told.step()
    assert (told.calls(), told.queue.left, report.read["shop"].again_seconds) == ([order], 1, 30.0)
    told.world.clock.forward(seconds=29)
    told.step()
    assert told.calls() == []
    for forward in (1, 60, 120):
        told.world.clock.forward(seconds=forward)
        told.step()
    assert (told.calls(), told.queue.left) == ([order] * 3, 0)
    assert len(told.world.documents(order)) == 1


def test_the_version_before_the_change_is_not_taken_for_it(told):
    order = told.world.order()
    told.tell(order)
    told.step()
    told.world.account._book.visible_after = timedelta(minutes=2)
    told.world.clock.forward(minutes=10)
    told.world.change(order, quantity=3)
    told.tell(order)
    told.step()
    assert told.queue.left == 1
    told.world.clock.forward(minutes=3)
    told.step()
    (row,) = told.world.document(order)["Products"]
    assert (row["Quantity"], told.queue.left) == (3, 0)


def test_an_order_that_never_shows_is_given_up(told):
    gone = told.world.order()
    message = told.tell(gone)
    message["Payload"]["OrderChangeNotification"]["AmazonOrderId"] = "999-0000000-0000000"
    told.queue.visible.clear()
    told.queue.put(message)
    for _ in range(7):
        told.step()
        told.world.clock.forward(minutes=20)
    assert told.queue.left == 0
    assert told.calls().count("999-0000000-0000000") == 6


def test_polling_is_seldom_while_the_queue_is_heard_and_usual_while_it_is_not(told):
    for _ in range(6):
        told.world.clock.forward(minutes=4)
        told.step()
    assert told.calls() == []
    told.world.clock.forward(minutes=7)
    told.step()
    assert told.calls() == ["orders"]
    told.queue.broken = Unavailable("no answer")
    for _ in range(3):
        told.world.clock.forward(minutes=6)
        with pytest.raises(Unavailable):
            told.line.step()
        told.sync.run(poll_every=POLL)
    assert told.calls() == ["orders"] * 3


def test_after_a_start_everything_is_asked_for_once(told):
    told.world.clock.forward(minutes=6)
    told.restart()
    told.step()
    assert told.calls() == ["orders"]


def test_a_flood_stays_in_the_queue(told, monkeypatch):
    monkeypatch.setattr(inbox, "MOST_HELD", 20)
    for _ in range(25):
        told.tell(told.world.order())
    told.world.amazon.faults.add(Fault("status", path="/orders/", status=503, times=0))
    while told.line.step():
        pass
    assert (told.line.full, len(told.queue.visible)) == (True, 5)
    told.world.amazon.faults.clear()
    while told.queue.left:
        told.world.clock.forward(minutes=1)
        told.step()
    assert (told.queue.left, told.line.full) == (0, False)


def test_a_broken_delete_is_made_good(told):
    order = told.world.order()
    told.tell(order)
    told.line.step()
    told.sync.run(poll_every=POLL)
    told.queue.broken = Unavailable("no answer")
    with pytest.raises(Unavailable):
        told.line.step()
    told.queue.broken = None
    told.line.step()
    assert told.queue.deleted
    assert told.queue.left == 0


def test_a_queue_that_cannot_be_opened_ends_the_start(world):
    def refuse():
        raise ConfigurationError("install boto3")

    told = Told(world)
    told.line._open_queue = refuse
    with pytest.raises(ConfigurationError, match="boto3"):
        told.parts.inbox.open()


def test_a_thread_listens_until_it_is_stopped(told):
    """The one test with real threads: woken by a message, deleted by the thread, and gone after a stop."""
    import threading

    woken = threading.Event()
    order = told.world.order()
    told.tell(order)
    told.parts.inbox.start(woken.set)
    assert woken.wait(10)
    deleted = threading.Event()
    inner = told.queue.delete

    def delete(receipts):
        inner(receipts)
        if told.queue.deleted:
            deleted.set()

    told.queue.delete = delete
    told.sync.run(poll_every=POLL)
    assert deleted.wait(10)
    told.parts.inbox.stop()
    assert not any(thread.is_alive() for thread in told.parts.inbox._threads)


# -------------------- the same result as polling alone

EVENTS = ("order", "change", "cancel", "run", "run", "later")
TROUBLES = ("once", "twice", "late", "never", "broken", "garbage", "again")


def documents(world):
    """What stands in 1C, without what only tells how it came about."""
    return {
        row["Number"]: (row["Ref_Key"], row["Posted"], [(each["Quantity"], each["Amount"]) for each in row["Products"]])
        for row in world.infobase.rows("Document_SalesOrder")
        if not row["DeletionMark"]
    }


def contents(world):
    return {order_id: world.ledger.orders.by_id(order_id)[0].content_hash for order_id in world.account.order_ids()}


@given(
    history=st.lists(
        st.tuples(st.sampled_from(EVENTS), st.integers(0, 9), st.sampled_from(TROUBLES)), min_size=3, max_size=14
    ),
    shuffled=st.randoms(use_true_random=False),
    lag=st.sampled_from([0, 2]),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_messages_change_nothing_but_the_moment(open_world, history, shuffled, lag):
    """Messages doubled, late, lost, out of order, unreadable; a queue silent or broken: as polling alone."""
    polled, told = open_world(), Told(open_world())
    late = []
    for world in (polled, told.world):
        world.account._book.visible_after = timedelta(minutes=lag)
    for event, number, trouble in history:
        for world in (polled, told.world):
            _happen(world, event, number)
        if event in {"order", "change", "cancel"} and (ids := told.world.account.order_ids()):
            before = len(told.queue.visible)
            told.tell(ids[number % len(ids)] if event != "order" else ids[-1])
            message = told.queue.visible[before]
            told.queue.visible[before:] = {
                "once": [message], "again": [message], "twice": [message] * 2, "broken": [message[: len(message) // 2]],
                "garbage": [message, "[]", "\x00"],
            }.get(trouble, [])  # fmt: skip
            late += [message] if trouble == "late" else []
        shuffled.shuffle(told.queue.visible)
        if event == "run":
            polled.sync().run(poll_every=POLL)
            told.step()
            if trouble == "again":
                told.queue.show_again()
    for message in late:
        told.queue.put(message)
    for _ in range(4):
        for world in (polled, told.world):
            world.clock.forward(minutes=31)
        polled.sync().run(poll_every=POLL)
        told.step()
    assert contents(told.world) == contents(polled)
    assert documents(told.world) == documents(polled)


def _happen(world, event, number):
    ids = world.account.order_ids()
    world.clock.forward(minutes=31 if event == "later" else 1)
    if event == "order":
        world.order(quantity=number + 1)
    elif event == "change" and ids:
        world.change(ids[number % len(ids)], quantity=number + 1)
    elif event == "cancel" and ids:
        world.account.cancel(ids[number % len(ids)])
