"""Data sets that Amazon refuses: fewer are asked for, nothing is booked wrongly, and nobody loses the rest."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from adapter.amazon.errors import AmazonUnavailable, BadRequest, PageTokenExpired, Throttled
from adapter.amazon.page import Page, WireOrder
from adapter.amazon.query import SearchQuery
from adapter.ledger import Ledger
from adapter.model.entry import State
from adapter.reading.refusals import YieldingReader, refusal_of
from tests.world import START, Clock

QUERY = SearchQuery(updated_after=START, included=("BUYER", "PROCEEDS", "CANCELLATION", "FULFILLMENT", "TAX"))


@dataclass
class Refusing:
    """A client that refuses some data sets and remembers what it was asked for."""

    refused: set[str] = field(default_factory=set)
    words: str = "Invalid Input"
    asked: list[str] = field(default_factory=list)
    version: str = "orders/2026-01-01"

    def search(self, query, page_token=None):
        self._refuse(query.included)
        return Page(())

    def get_order(self, order_id, included=(), head=None):
        self._refuse(included)
        return WireOrder(order_id, None, "{}")

    def _refuse(self, included):
        self.asked.append("".join(name[0] for name in included))
        if "throttled" in self.refused and len(self.asked) > 1:
            raise Throttled("later", 179)
        if self.refused & set(included) or "everything" in self.refused:
            raise BadRequest(f"HTTP 400: {self.words}")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ledger(clock):
    with Ledger.open(None) as ledger:
        yield ledger.own(clock())


@pytest.fixture
def reader(ledger, clock):
    def reader(*refused, words="Invalid Input"):
        inner = Refusing(set(refused), words)
        return YieldingReader(inner, "shop", ledger, clock, {"CANCELLATION"}), inner

    return reader


@pytest.mark.parametrize(
    ("refused", "words", "asked", "gone"),
    [
        ((), "", ["BPCFT"], None),
        (("TAX",), "includedData: TAX", ["BPCFT", "BPCF"], ("TAX",)),
        (("CANCELLATION",), "Invalid Input", ["BPCFT", "BPFT"], ("CANCELLATION",)),
        (("BUYER",), "Invalid Input", ["BPCFT", "BPFT", "PF"], ("BUYER", "CANCELLATION", "TAX")),
        (("BUYER", "TAX"), "TAX", ["BPCFT", "BPCF", "BPF", "PF"], ("BUYER", "CANCELLATION", "TAX")),
    ],
)
def test_what_is_given_up(reader, ledger, refused, words, asked, gone):
    """What Amazon names first, then what the mapping can do without, then everything but status and amounts."""
    reading, inner = reader(*refused, words=words)
    page = reading.search(QUERY)
    assert inner.asked == asked
    refusal = refusal_of(ledger, "shop")
    assert (refusal.data_sets if refusal else None) == gone
    assert [gone and ", ".join(gone) in problem for problem in page.problems] == [True] * (gone is not None)


def test_it_is_remembered_and_tried_again(reader, ledger, clock):
    reading, inner = reader("TAX", words="TAX")
    reading.search(QUERY)
    reading.search(QUERY)
    reading.get_order("1", QUERY.included)
    assert inner.asked == ["BPCFT", "BPCF", "BPCF", "BPCF"]
    again = YieldingReader(inner, "shop", ledger, clock)  # after a restart too
    again.search(QUERY)
    clock.forward(hours=6)
    inner.asked.clear()
    again.search(QUERY, "token")  # in the middle of a sweep nothing changes
    again.search(QUERY)
    assert inner.asked == ["BPCF", "BPCFT", "BPCF"]
    clock.forward(hours=6)
    inner.asked.clear()
    inner.refused.clear()
    assert again.search(QUERY).problems == ()
    assert (inner.asked, refusal_of(ledger, "shop")) == (["BPCFT"], None)


@pytest.mark.parametrize(
    ("refused", "words", "calls"),
    [("FULFILLMENT", "includedData FULFILLMENT", 1), ("FULFILLMENT", "Invalid Input", 4), ("PROCEEDS", "PROCEEDS", 1)],
)
def test_without_status_or_amounts_nothing_is_read(reader, ledger, clock, refused, words, calls):
    """Amazon's own fault, not a mistake: the watermark stays, and it is asked again later."""
    reading, inner = reader(refused, words=words)
    with pytest.raises(AmazonUnavailable, match="Nothing is lost"):
        reading.search(QUERY)
    assert len(inner.asked) == calls
    with pytest.raises(AmazonUnavailable):
        reading.search(QUERY)
    assert len(inner.asked) == calls + 1  # no more calls are spent on finding out what is known
    assert refusal_of(ledger, "shop") is None
    inner.refused.clear()
    reading.search(QUERY)


def test_a_wrong_request_stays_one(reader, clock):
    reading, inner = reader("everything")
    with pytest.raises(BadRequest):
        reading.search(QUERY)
    assert inner.asked == ["BPCFT", "BPFT", "PF", ""]
    with pytest.raises(BadRequest):
        reading.search(QUERY)
    assert len(inner.asked) == 5
    clock.forward(minutes=30)
    with pytest.raises(BadRequest):
        reading.search(QUERY)
    assert len(inner.asked) == 9


def test_the_budget_may_end_in_between(reader, ledger):
    reading, _ = reader("TAX", "throttled", words="TAX")
    with pytest.raises(Throttled):
        reading.search(QUERY)
    assert refusal_of(ledger, "shop") is None


def test_an_expired_token_is_no_refusal(reader, ledger):
    class Expired(Refusing):
        def search(self, query, page_token=None):
            raise PageTokenExpired("gone")

    with pytest.raises(PageTokenExpired):
        YieldingReader(Expired(), "shop", ledger, Clock()).search(QUERY, "token")


# -------------------- the whole way


def test_a_needed_data_set_is_refused(world):
    """The order is held with the reason, asked for again by itself, and booked to the cent once Amazon tells all."""
    early = world.order()
    world.account.refuse_data("TAX")
    report = world.run()
    assert "Amazon refuses the data sets TAX" in report.read["shop"].problems[0]
    assert world.entry(early).state is State.HELD
    assert "read without TAX" in world.entry(early).reasons[0]
    assert world.documents(early) == []
    world.clock.forward(hours=7)  # it goes on: tried again, refused again
    world.run()
    assert world.documents(early) == []
    world.account.refuse_data()
    world.clock.forward(hours=7)
    world.run()
    world.run()
    assert world.entry(early).state is State.DONE
    assert world.document(early)["Posted"] is True
    assert world.run().read["shop"].problems == ()


def test_buyers_are_refused_and_nobody_is_taken_for_a_stranger(world):
    """Without BUYER every order would look like one of a buyer without a name, and go to the pooled customer."""
    order = world.order(buyer="Anna Muster")
    world.account.refuse_data("BUYER", named=False)
    world.run()
    assert world.documents(order) == []
    world.account.refuse_data()
    world.clock.forward(hours=7)
    world.run()
    world.run()
    assert world.document(order)["Customer_Key"] == world.ANNA


def test_a_written_order_is_not_touched(world):
    order = world.order()
    world.run()
    before = world.document(order)
    world.account.refuse_data("BUYER")
    world.account.change_status(order, "SHIPPED")
    world.run()
    assert world.document(order) == before
    world.account.refuse_data()
    world.clock.forward(hours=7)
    world.run()
    world.run()
    assert world.entry(order).state is State.DONE
    assert world.document(order)["Customer_Key"] == world.ANNA


def test_what_the_mapping_can_do_without_holds_nothing(world):
    order = world.order()
    world.account.refuse_data("CANCELLATION", named=False)
    report = world.run()
    assert "CANCELLATION" in report.read["shop"].problems[0]
    assert world.entry(order).state is State.DONE


def test_status_is_refused(world):
    """As in the outage of August 2026: the watermark stays, and everything comes in when it is over."""
    order = world.order()
    cursor = world.ledger.orders.cursor("shop")
    world.account.refuse_data("FULFILLMENT", named=False)
    assert isinstance(world.run().failed["shop"], AmazonUnavailable)
    assert world.ledger.orders.cursor("shop") == cursor
    world.account.refuse_data()
    world.run()
    assert world.entry(order).state is State.DONE


def test_a_mapping_that_needs_more_than_it_did(open_world, tmp_path):
    """Orders that were read before the mapping was changed are asked for again, not booked without."""
    world = open_world(directory=tmp_path)
    order = world.order(sku="NOT YET")
    world.run()
    world.run(minutes=60)
    assert world.entry(order).state is State.HELD
    world.infobase.add("Catalog_Products", {"Description": "New", "sku": "NOT YET"})
    account = world.parts.accounts[0]
    more = (*account.included, "PAYMENT")
    wider = replace(account, included=more, needed=account.needed | {"PAYMENT"})
    world.parts = replace(world.parts, accounts=[wider])
    world.run()
    assert any("read without PAYMENT" in reason for reason in world.entry(order).reasons)
    assert world.ledger.wanted.counts() == {"shop": 1}
    world.run()
    assert not any("PAYMENT" in reason for reason in world.entry(order).reasons)
    assert world.ledger.wanted.counts() == {}
