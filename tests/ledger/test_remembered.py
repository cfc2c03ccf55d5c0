"""What people decided about buyers: in force until it is revoked, and of no weight once it says two things."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from adapter.ledger import Ledger
from adapter.model.remembered import Mark, MarkKind

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
ALIAS, NAME = Mark(MarkKind.ALIAS, "d1", "an...@x"), Mark(MarkKind.NAME, "d2", "A. M.")
ANNA, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture
def remembered():
    with Ledger.open(None) as ledger:
        yield ledger.own(NOW).remembered


def test_a_decision_is_found_by_its_marks(remembered):
    remembered.keep([ALIAS, NAME], ANNA, ("shop", "302-1"), "ada", NOW)
    found = remembered.in_force().of(Mark(MarkKind.ALIAS, "d1"))
    assert (found.ref_key, found.order_id, found.decided_by, found.decided_at) == (ANNA, "302-1", "ada", NOW)
    assert found.mark.hint == "an...@x"
    assert remembered.in_force().of(Mark(MarkKind.PHONE, "d1")) is remembered.in_force().of(None) is None


def test_a_mark_that_was_seen_with_two_customers_tells_nothing(remembered):
    remembered.keep([ALIAS, NAME], ANNA, ("shop", "302-1"), "ada", NOW)
    remembered.keep([ALIAS], OTHER, ("shop", "302-2"), "bob", NOW)
    in_force = remembered.in_force()
    assert in_force.of(ALIAS) is None
    assert in_force.of(NAME).ref_key == ANNA


def test_the_last_word_about_an_order_counts(remembered):
    remembered.keep([ALIAS], ANNA, ("shop", "302-1"), "ada", NOW)
    remembered.keep([ALIAS], OTHER, ("shop", "302-1"), "bob", NOW + timedelta(hours=1))
    assert remembered.in_force().of(ALIAS).ref_key == OTHER
    assert [decision.decided_by for decision in remembered.all()] == ["bob"]


def test_what_is_revoked_is_no_longer_in_force(remembered):
    remembered.keep([ALIAS, NAME], ANNA, ("shop", "302-1"), "ada", NOW)
    remembered.keep([NAME], OTHER, ("shop", "302-2"), "ada", NOW)
    first = remembered.all()[0]
    assert remembered.revoke("", first.number, "bob", NOW) == [first]
    assert [decision.order_id for decision in remembered.revoke("302-1", None, "bob", NOW)] == ["302-1"]
    assert remembered.revoke("302-1", None, "bob", NOW) == []
    assert remembered.in_force().of(NAME).ref_key == OTHER
