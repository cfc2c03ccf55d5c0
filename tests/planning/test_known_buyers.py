"""Buyers who are known again: by what a person chose before, and by their tax number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from adapter.matching.customers import CustomerIndex
from adapter.matching.marks import marks_of
from adapter.model.catalog import Customer, Evidence
from adapter.model.order import Address, Buyer, TaxRegistration
from adapter.model.remembered import Decision, Remembered
from adapter.planning.asking import asked_of
from adapter.planning.customers import Decided, Undecided, decide_customer

AT = datetime(2026, 5, 1, tzinfo=UTC)
ALICE, BOB = UUID(int=1), UUID(int=2)
ALIAS, PHONE = "a1@marketplace.amazon.de", "+49 170 1234567"
EVIDENCE = {"customers/read": {"name": "Description", "phone": "phone"}}


def order(shop, name="Somebody Else", email=ALIAS, phone=PHONE, company=None, tax_id=None):
    taxes = (TaxRegistration("VAT", tax_id),) if tax_id else ()
    buyer = Buyer(name=name, email=email, company=company, tax_registrations=taxes)
    return shop.order(buyer=buyer, ship_to=Address(name=name, phone=phone, country="DE"))


@pytest.fixture
def decide(shop):
    def decide(made, *earlier, changes=None, customers=None):
        """Whose order it is, when people have chosen for earlier ones: pairs of an order and a customer."""
        decisions = {}
        for number, (seen, ref_key) in enumerate(earlier, start=1):
            for mark in marks_of(asked_of(seen)):
                decision = Decision(number, mark, ref_key, "de", f"302-{number}", "ada", AT)
                decisions[mark] = (*decisions.get(mark, ()), decision)
        inputs = shop.inputs(changes)
        known = customers or [Customer(ALICE, "Alice Example"), Customer(BOB, "Bob Beispiel")]
        books = replace(inputs.books, customers=CustomerIndex(known))
        inputs = replace(inputs, books=books, remembered=Remembered(decisions))
        return decide_customer(shop.context(made, inputs), inputs.rules, inputs)

    return decide


def test_the_alias_is_enough(shop, decide):
    found = decide(order(shop, "S. Else", phone=None), (order(shop), ALICE))
    assert found == Decided(ALICE, "Alice Example", "chosen by ada on 2026-05-01 for 302-1")


def test_an_alias_seen_with_two_customers_is_not(shop, decide):
    earlier = [(order(shop, "One Name"), ALICE), (order(shop, "Other Name"), BOB)]
    assert isinstance(decide(order(shop, "Third Name", phone=None), *earlier), Undecided)


@pytest.mark.parametrize(("changes", "alone"), [({}, True), (EVIDENCE, False)], ids=["names only", "evidence"])
def test_a_name_alone_is_enough_where_names_may_decide(shop, decide, changes, alone):
    found = decide(order(shop, email="other@marketplace.amazon.de", phone=None), (order(shop), ALICE), changes=changes)
    assert isinstance(found, Decided) is alone


def test_name_and_telephone_together_are(shop, decide):
    made = order(shop, email="other@marketplace.amazon.de")
    assert decide(made, (order(shop), ALICE), changes=EVIDENCE).ref_key == ALICE
    assert isinstance(decide(replace(made, buyer=Buyer("New Name")), (order(shop), ALICE), changes=EVIDENCE), Undecided)


def test_a_customer_who_is_gone_is_nobody(shop, decide):
    assert isinstance(decide(order(shop), (order(shop), UUID(int=9))), Undecided)


def test_what_speaks_against_it_is_left_to_a_person(shop, decide):
    """Another tax number, or a name that surely is somebody else's."""
    customers = [
        Customer(ALICE, "Alice GmbH", evidence=Evidence(tax_ids=("DE111111125",))),
        Customer(BOB, "Bob Beispiel"),
    ]
    found = decide(order(shop, tax_id="DE136695976"), (order(shop), ALICE), customers=customers)
    assert "has another tax number. Choose one: amazon1c held choose-customer" in found.reasons[0]
    found = decide(order(shop, "Bob Beispiel"), (order(shop), ALICE))
    assert found.reasons[0].startswith("ada chose Alice Example for 302-1, but this order of the same buyer fits Bob")


def test_a_tax_number_is_enough(shop, decide):
    customers = [
        Customer(ALICE, "Ganz anders AG", evidence=Evidence(tax_ids=("136 695 976",))),
        Customer(BOB, "Bob Beispiel"),
    ]
    changes = {"customers/match": [{"tax_id": True}]}
    made = order(shop, company="Muster GmbH", tax_id="DE136695976")
    assert decide(made, changes=changes, customers=customers) == Decided(ALICE, "Ganz anders AG", "tax number")
    double = [*customers, Customer(UUID(int=3), "Filiale AG", evidence=Evidence(tax_ids=("DE136695976",)))]
    found = decide(made, changes=changes, customers=double)
    assert found.reasons[0].startswith("2 customers have the buyer's tax number. Choose one: ")
    assert isinstance(decide(order(shop), changes=changes, customers=customers), Undecided)


def test_city_and_postal_code_alone_are_never_asked_about(shop, decide):
    there = Evidence(postal_codes=("10115",), city="Berlin", country="DE")
    nobody = shop.order(buyer=Buyer(), ship_to=Address(city="Berlin", postal_code="10115", country="DE"))
    changes = {"customers/match": [{"fuzzy_name": {}}], **EVIDENCE}
    found = decide(nobody, changes=changes, customers=[Customer(ALICE, "Alice Example", evidence=there)])
    assert found.reasons[0].startswith("Amazon gave no buyer name; name a pooled customer")
