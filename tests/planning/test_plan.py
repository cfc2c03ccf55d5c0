"""A plan as a value and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.model.document import Document, NewElement
from adapter.model.entry import HoldCause, Key
from adapter.planning.plan import (
    Cancel,
    Create,
    Hold,
    Plan,
    Skip,
    Source,
    Totals,
    Update,
    Wait,
    digest,
    document_as_json,
    document_from_json,
    plan_as_json,
    step_as_json,
)

KEY = Key("de", "302-1", "sales_order")
SOURCE = Source("hash", "material", "v1")
DOCUMENT = Document("Document_X", UUID(int=1), {"Number": "302-1", "Sum": Decimal("1.50"), "Paid": True}, {"Rows": ()})
ELEMENT = NewElement("Catalog_X", UUID(int=2), "bob", "Description", {"Description": "Bob", "Rate": Decimal("0.5")})


@pytest.fixture
def steps(shop):
    euro = shop.money("1.50")
    made = {
        "document": DOCUMENT, "totals": Totals(euro, {}, euro), "customer": "Bob", "matched": "new customer",
        "new_elements": (ELEMENT,), "order_id_property": "Number", "notes": ("a note",),
    }  # fmt: skip
    return [
        Create(KEY, SOURCE, **made),
        Update(KEY, SOURCE, **made, changes=("Sum: 1 -> 1.50",)),
        Cancel(KEY, SOURCE, {"State": "x", "Share": Decimal("0.5")}),
        Wait(KEY, SOURCE, "PENDING at Amazon"),
        Skip(KEY, SOURCE, "nothing", written=True),
        Hold(KEY, SOURCE, ("one", "two"), "Bob", euro, HoldCause.REFUSED),
        Hold(KEY, SOURCE, ("one",)),
    ]


BODY = {
    "entity_set": "Document_X",
    "ref_key": "00000000-0000-0000-0000-000000000001",
    "posted": True,
    "properties": {"Number": "302-1", "Sum": {"number": "1.50"}, "Paid": True},
    "sections": {"Rows": []},
}
WRITTEN = {
    "customer": "Bob",
    "matched": "new customer",
    "total": {"amount": "1.50", "currency": "EUR"},
    "totals": "1.50 EUR",
    "body": BODY,
    "new_elements": [
        {
            "entity_set": "Catalog_X",
            "ref_key": "00000000-0000-0000-0000-000000000002",
            "natural_key": "bob",
            "name": "Bob",
            "properties": {"Description": "Bob", "Rate": {"number": "0.5"}},
            "sections": {},
        }
    ],
    "notes": ["a note"],
}


def test_steps_as_json(steps):
    head = {"account": "de", "order_id": "302-1", "document": "sales_order", "mapping_version": "v1"}
    assert [step_as_json(step) for step in steps] == [
        {"verb": "create"} | head | WRITTEN,
        {"verb": "update"} | head | WRITTEN | {"changes": ["Sum: 1 -> 1.50"]},
        {"verb": "cancel"} | head | {"set_properties": {"State": "x", "Share": {"number": "0.5"}}},
        {"verb": "wait"} | head | {"reason": "PENDING at Amazon"},
        {"verb": "skip"} | head | {"reason": "nothing"},
        {"verb": "hold"}
        | head
        | {"reasons": ["one", "two"], "customer": "Bob", "total": {"amount": "1.50", "currency": "EUR"}},
        {"verb": "hold"} | head | {"reasons": ["one"], "customer": ""},
    ]


def test_a_plan_as_json_survives_a_file(steps):
    data = plan_as_json(Plan(tuple(steps)))
    assert json.loads(json.dumps(data)) == data
    assert [step["digest"] for step in data["steps"]] == [digest(step) for step in steps]
    assert len({step["digest"] for step in data["steps"]}) == len(steps)


@pytest.mark.parametrize(
    "change",
    [
        {"document": replace(DOCUMENT, posted=False)},
        {"document": replace(DOCUMENT, ref_key=UUID(int=9))},
        {"document": replace(DOCUMENT, properties={"Sum": Decimal("1.5")})},
        {"customer": "Alice"},
        {"new_elements": ()},
        {"key": replace(KEY, account="fr")},
        {"source": replace(SOURCE, mapping_version="v2")},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_digest_tells_steps_apart(steps, change):
    assert digest(replace(steps[0], **change)) != digest(steps[0])


def test_a_digest_does_not_tell_what_does_the_same(steps):
    assert digest(replace(steps[0], source=replace(SOURCE, order_hash="other"))) == digest(steps[0])


SCALARS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.booleans(),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
)
VALUES = st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), SCALARS, max_size=4)
DOCUMENTS = st.builds(
    Document,
    st.just("Document_X"),
    st.uuids(),
    VALUES,
    st.dictionaries(st.sampled_from(["Goods", "Services"]), st.lists(VALUES, max_size=3).map(tuple)),
    st.booleans(),
)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(document=DOCUMENTS)
def test_a_document_survives_the_ledger(document):
    back = document_from_json(json.loads(json.dumps(document_as_json(document))))
    assert back == document
    assert document_as_json(back) == document_as_json(document)


# -------------------- the plan itself


def test_what_a_plan_consists_of(shop, steps):
    plan = Plan(tuple(steps))
    assert (len(plan), plan.count(Create), plan.count(Update, Cancel), plan.count(Hold)) == (7, 1, 2, 2)
    assert plan.new_elements() == {ELEMENT.ref_key: ELEMENT}
    assert list(plan) == steps
    other = replace(steps[0], key=replace(KEY, order_id="302-2"))
    assert Plan((steps[0], other)).only(frozenset(["302-2"])) == Plan((other,))


@pytest.mark.parametrize(
    ("left_out", "text"),
    [
        ({}, "100.00 EUR"),
        ({"marketplace tax": "19.00"}, "119.00 EUR - 19.00 EUR marketplace tax = 100.00 EUR"),
        ({"tax": "21.00", "discount": "-2.00"}, "119.00 EUR - 21.00 EUR tax + 2.00 EUR discount = 100.00 EUR"),
    ],
)
def test_totals_in_words(shop, left_out, text):
    amazon = "119.00" if left_out else "100.00"
    out = {name: shop.money(amount) for name, amount in left_out.items()}
    assert Totals(shop.money(amazon), out, shop.money("100.00")).explain() == text


# -------------------- keys


DOCUMENT_KEY = "adf2c024-17b0-5d5d-9578-c37279740077"
ELEMENT_KEY = "e39e84e4-c06a-579c-8892-ca2c845e1e16"


def test_keys_never_change(shop):
    assert str(shop.identity.document_key("SELLER", "302-1", "sales_order")) == DOCUMENT_KEY
    assert str(shop.identity.element_key("Catalog_X", "bob")) == ELEMENT_KEY


def test_keys_differ_wherever_a_document_does(shop):
    identity = shop.identity
    keys = {
        identity.document_key("SELLER", "302-1", "sales_order"),
        identity.document_key("OTHER", "302-1", "sales_order"),
        identity.document_key("SELLER", "302-2", "sales_order"),
        identity.document_key("SELLER", "302-1", "invoice"),
        replace(identity, installation="other").document_key("SELLER", "302-1", "sales_order"),
        replace(identity, infobase="other").document_key("SELLER", "302-1", "sales_order"),
        identity.element_key("SELLER", "302-1"),
    }
    assert len(keys) == 7
