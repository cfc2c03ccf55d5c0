"""Keys that the infobase replaces though nobody said so: held until a probe has told, and never doubled."""

from __future__ import annotations

from uuid import UUID

import pytest

from adapter.delivery.target import KEEPS_KEY
from adapter.model.entry import HoldCause, State
from adapter.operators import accept, retry

SET = "Document_SalesOrder"
SEARCHED = [f"GET {SET}", f"POST {SET}", f"PATCH {SET}"]


def known(world):
    return world.ledger.notes.capability(SET, KEEPS_KEY)


def surprised(world, **modes):
    """An order whose document has got another key than the one sent."""
    world.modes(replaces_key=True, **modes)
    order = world.order()
    world.run()
    return order


@pytest.mark.parametrize("before", [None, "yes", "yes of the probe", "yes of a document"])
def test_a_replaced_key_is_held(world, before):
    """Whatever was known before, but for what a probe has found out about this very thing."""
    if before == "yes of a document":
        world.order()
        world.run()
        assert known(world) == "yes"
    elif before:
        world.probed(keeps_chosen_key="yes")
    order = surprised(world)
    entry, document = world.entry(order), world.document(order)
    assert (entry.state, entry.hold, entry.written, entry.posted) == (State.HELD, HoldCause.DIFFERENT, True, False)
    assert (entry.ref_key, document["Posted"]) == (UUID(document["Ref_Key"]), False)
    assert entry.reasons == (
        "1C gave the document another key than the one that was sent; it stands there as "
        f"{SET} {order} ({document['Ref_Key']}), not posted. Run amazon1c probe once: it finds out whether this "
        "infobase chooses its own keys, and later orders are not held for it; then: amazon1c held retry "
        f"{order} goes on with this document and creates no second one",
    )
    assert known(world) == "doubtful"


def test_the_next_orders_are_searched_for_and_held_too(world):
    surprised(world)
    world.requests()
    orders = [world.order() for _ in range(2)]
    world.run()
    assert world.requests() == [f"GET {SET}", f"POST {SET}"] * 2
    assert [world.state(order) for order in orders] == [State.HELD] * 2
    world.requests()
    world.run()
    assert world.requests() == []


@pytest.mark.parametrize("found", ["no", "sometimes"])
def test_after_the_probe_they_go_on_and_later_ones_are_not_held(world, found):
    orders = [surprised(world), surprised(world)]
    world.probed(keeps_chosen_key=found)
    for order in orders:
        retry(world.ledger, order, world.clock())
    world.requests()
    world.run()
    assert world.requests() == [f"GET {SET}", f"PATCH {SET}"] * 2
    later = world.order()
    world.run()
    assert world.requests() == SEARCHED
    for order in (*orders, later):
        assert (world.state(order), world.document(order)["Posted"]) == (State.DONE, True)
    assert known(world) == found


def test_a_retry_without_a_probe_finishes_this_document_only(world):
    order = surprised(world)
    retry(world.ledger, order, world.clock())
    world.run()
    assert (world.state(order), world.document(order)["Posted"]) == (State.DONE, True)
    assert world.state(surprised(world)) is State.HELD


def test_a_doubt_outlives_documents_that_keep_their_keys(world):
    """As in УНФ, where it depends on the document: each is searched for until a probe has told."""
    surprised(world)
    world.modes(replaces_key=False)
    order = world.order()
    world.requests()
    world.run()
    assert (world.requests(), world.state(order), known(world)) == (SEARCHED, State.DONE, "doubtful")
    assert world.state(surprised(world)) is State.HELD


def test_what_the_probe_found_outlives_documents_that_keep_their_keys(world):
    world.probed(keeps_chosen_key="no")
    order = world.order()
    world.run()
    assert (world.state(order), known(world)) == (State.DONE, "no")
    assert world.state(surprised(world)) is State.DONE


def test_a_held_document_that_is_accepted_is_left_alone(world):
    order = surprised(world)
    accept(world.parts, order)
    before = world.document(order)
    world.run()
    assert (world.state(order), world.document(order)) == (State.DONE, before)


def test_it_is_told_beside_contents_that_differ(world):
    order = surprised(world, replaces_number=True)
    reasons = world.entry(order).reasons
    assert "was stored otherwise than it was sent" in reasons[0]
    assert reasons[1].startswith(f"Number: '{order}' was sent")
    assert reasons[2].startswith("1C gave the document another key")


def test_a_lost_answer_to_a_creation_under_another_key(world):
    """Found by the order id and as it was sent, it is gone on with; nothing was told about its key, so all doubt it."""
    world.order()
    world.run()
    world.fault(action="lost", method="POST", after_commit=True)
    order = surprised(world)
    world.settle()
    assert (world.state(order), len(world.documents(order)), known(world)) == (State.DONE, 1, "doubtful")
    assert world.state(surprised(world)) is State.HELD


def test_posting_at_once_is_left_until_it_is_known_what_becomes_of_keys(world):
    """So that a document which is held is not posted; where the probe has told, one write is enough."""
    world.probed(posts_on_create="yes")
    assert world.document(surprised(world))["Posted"] is False
    world.probed(keeps_chosen_key="no")
    order = world.order()
    world.requests()
    world.run()
    assert world.requests() == [f"GET {SET}", f"POST {SET}"]
    assert (world.state(order), world.document(order)["Posted"]) == (State.DONE, True)
