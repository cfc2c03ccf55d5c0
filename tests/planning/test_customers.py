"""Whose order it is."""

from __future__ import annotations

import pytest

from adapter.model.document import NewElement
from adapter.model.order import Buyer
from adapter.planning.customers import Decided, Undecided, decide_customer

ORDER = "302-1234567-1234567"
CREATE = {"customers/otherwise": "create"}
RETAIL = {"pooled": {"lookup": "Catalog_Customers", "where": {"Description": "Amazon retail"}}}
FIRM = 'ООО "Ромашка Трейд"'


@pytest.fixture
def decide(shop):
    """Decides for a buyer."""

    def decide(name=None, company=None, changes=None, *, chosen=None, **inputs):
        made = shop.inputs(changes, chosen=chosen, **inputs)
        context = shop.context(shop.order(buyer=Buyer(name=name, company=company)), made)
        return decide_customer(context, made.rules, made)

    return decide


@pytest.mark.parametrize(
    ("name", "company", "customer", "how"),
    [
        (None, None, "Amazon retail", "pooled"),
        ("  ", "", "Amazon retail", "pooled"),
        ("ALICE  example", None, "Alice Example", "same name"),
        ("Example, Alice", None, "Alice Example", "same name"),
        ("Sergey Ivanov", None, "Иванов Сергей Петрович", "name (1.0000)"),
        ("Иванов Сергей Петрович", None, "Иванов Сергей Петрович", "same name"),
        ("Alice Example", "ромашка трейд ООО", FIRM, "same name"),
        ("Nobody Known", "ООО Ромашка-Трейд", FIRM, "same name"),
        ("Nobody Known", "OOO Romashka Trejd", FIRM, "name (1.0000)"),
        (None, "ООО Ромашка Трейд", FIRM, "same name"),
    ],
    ids=["nobody", "blanks", "same name", "other order", "other script", "patronymic", "company first",
         "unknown contact", "company in Latin", "company alone"],
)  # fmt: skip
def test_found(shop, decide, name, company, customer, how):
    assert decide(name, company) == Decided(shop.ref(customer), customer, how)


def ask(shop, customer):
    return f"Choose one: amazon1c held choose-customer {ORDER} REF_KEY, such as {shop.ref(customer)} ({customer})"


@pytest.mark.parametrize(
    ("name", "company", "customers", "reason", "candidates"),
    [
        ("Alice Example", None, ("Alice Example", "EXAMPLE ALICE"), '2 customers are called "Alice Example"', 2),
        ("Alice", None, ("Alice",), '"Alice" is too little of a name to tell who it is', 1),
        ("A. Example", None, ("Alice Example",),
         '"A. Example" is like Alice Example (1.00), but an initial does not tell the name', 1),
        ("Alice Exampel", None, ("Alice Example",),
         '"Alice Exampel" is like Alice Example (1.00), but exampel is only similar to example', 1),
        ("Alice Maria Example", None, ("Alice Example",),
         '"Alice Maria Example" is like Alice Example (1.00), but only the order has maria', 1),
        ("Alice Example", "Example GmbH", ("Alice Example",),
         'the company "Example GmbH" is not among the customers, but its contact "Alice Example" seems to be', 1),
        (None, "Ромашка Трейд", (FIRM,),
         f'"Ромашка Трейд" is like {FIRM}, but only one of them shows a legal form', 1),
        ("Sergey Ivanov", None, ("Иванов Сергей Петрович", "Иванов Сергей Павлович"),
         'two customers match "Sergey Ivanov" equally well (Иванов Сергей Павлович 0.50, Иванов Сергей Петрович 0.50)',
         2),
    ],
    ids=["namesakes", "one word", "initial", "slip of the pen", "one word more", "contact of an unknown company",
         "form on one side", "patronymics"],
)  # fmt: skip
@pytest.mark.parametrize("changes", [{}, CREATE, {"customers/otherwise": RETAIL}], ids=["hold", "create", "pool"])
def test_doubt_is_left_to_a_person(shop, decide, name, company, customers, reason, candidates, changes):
    found = decide(name, company, changes, customers=customers)
    assert isinstance(found, Undecided)
    (text,) = found.reasons
    assert text.startswith(f"{reason}. Choose one: amazon1c held choose-customer {ORDER} REF_KEY, such as ")
    assert [customer for customer in customers if f"{shop.ref(customer)} ({customer})" in text] == list(customers)
    assert text.count("(") - reason.count("(") == candidates


def test_a_pooled_customer_after_a_doubt_does_not_swallow_it(decide):
    match = [{"exact_name": True}, RETAIL]
    assert isinstance(
        decide("Bob Smith", changes={"customers/match": match}, customers=("Bob Smith", "Smith, Bob")), Undecided
    )
    assert decide("Bob Smith", changes={"customers/match": match}).how == "pooled"


def test_policies_are_asked_in_turn(shop, decide):
    match = [RETAIL | {"when": {"fulfilled_by": "MERCHANT"}}, {"exact_name": True}]
    assert decide("Alice Example", changes={"customers/match": match}).how == "pooled"
    match[0]["when"] = {"fulfilled_by": "AMAZON"}
    assert decide("Alice Example", changes={"customers/match": match}).how == "same name"


# -------------------- otherwise


@pytest.mark.parametrize(
    ("name", "match", "reason"),
    [
        ("Nobody Known", [{"exact_name": True}],
         f'no customer is called "Nobody Known"; add the customer in 1C, or choose one: amazon1c held choose-customer '
         f"{ORDER} REF_KEY, or let the mapping create them (customers.otherwise: create)"),
        (None, [{"exact_name": True}],
         "Amazon gave no buyer name; name a pooled customer for such orders under customers.match in the mapping"),
    ],
    ids=["unknown", "no name"],
)  # fmt: skip
def test_otherwise_hold(decide, name, match, reason):
    assert decide(name, changes={"customers/match": match}) == Undecided((reason,))


def test_otherwise_pooled(shop, decide):
    pooled = {"customers/otherwise": RETAIL | {"when": {"fulfilled_by": "MERCHANT"}}}
    assert decide("Nobody Known", changes=pooled) == Decided(shop.ref("Amazon retail"), "Amazon retail", "pooled")
    pooled = {"customers/otherwise": RETAIL | {"when": {"fulfilled_by": "AMAZON"}}}
    assert isinstance(decide("Nobody Known", changes=pooled), Undecided)


def test_a_pooled_customer_that_is_not_read_is_called_as_in_the_mapping(shop, decide):
    assert decide(customers=()) == Decided(shop.ref("Amazon retail"), "Amazon retail", "pooled")
    assert decide(unknown=("Amazon retail",)) == Undecided(
        ("Catalog_Customers with Description Amazon retail was not found in the infobase; see: amazon1c check",)
    )


def test_otherwise_create(shop, decide):
    key = shop.identity.element_key("Catalog_Customers", "known nobody")
    element = NewElement("Catalog_Customers", key, "known nobody", "Description", {"Description": "Nobody Known"})
    assert decide("Nobody Known", changes=CREATE) == Decided(key, "Nobody Known", "new customer", element)
    assert element.name == "Nobody Known"


def test_one_customer_for_one_name_however_it_is_written(decide):
    keys = {decide(name, changes=CREATE).ref_key for name in ("Nobody Known", "KNOWN, nobody", " Nobody  Knöwn")}
    assert len(keys) == 1


def test_companies_of_other_legal_forms_are_created_apart(decide):
    changes = CREATE | {"customers/create/Description": {"from": "buyer.company"}}
    keys = {decide(company=name, changes=changes).ref_key for name in ("ООО Вектор", "ЗАО Вектор", "Вектор ООО")}
    assert len(keys) == 2


def test_a_customer_of_ours_is_found_again(shop, decide):
    created = {("Catalog_Customers", "known nobody"): shop.ref("given by 1C")}
    assert decide("Nobody Known", changes=CREATE, created=created) == Decided(
        shop.ref("given by 1C"), "Nobody Known", "created by us"
    )


@pytest.mark.parametrize(
    ("name", "company", "create", "reason"),
    [
        ("Anna", None, {"from": "buyer.name"}, '"Anna" is too little of a name for a new customer; '),
        ("A. Petrov", None, {"from": "buyer.name"}, '"A. Petrov" is too little of a name for a new customer; '),
        ("***", None, {"from": "buyer.name"}, '"***" is too little of a name for a new customer; '),
        (None, "privat", {"from": "buyer.company"}, '"privat" is too little of a name for a new customer; '),
        (None, "***", {"from": "buyer.company"}, '"***" is too little of a name for a new customer; '),
        ("Nobody Known", None, {"from": "buyer.company"},
         "the new customer would have no Description; see customers.create in the mapping"),
        ("Nobody Known", "Known GmbH", {"from": "buyer.name"},
         'the buyer is the company "Known GmbH", but the mapping would call the new customer "Nobody Known"; '
         "name it by buyer.company_or_name under customers.create"),
        ("Nobody Known", None, {"map": "order.channel", "table": {"X": "1"}},
         'Description: the mapping has no entry for "" in its table of order.channel; add one'),
    ],
    ids=["one word", "initial", "no letters", "junk", "no letters of a company", "no name",
         "contact of a company", "no entry"],
)  # fmt: skip
def test_what_is_not_created(decide, name, company, create, reason):
    found = decide(name, company, CREATE | {"customers/create/Description": create})
    assert isinstance(found, Undecided)
    assert found.reasons[0].startswith(reason)


@pytest.mark.parametrize(
    ("company", "create"),
    [
        ("Known GmbH", {"from": "buyer.company"}),
        ("Siemens AG", {"from": "buyer.company"}),
        ("Siemens AG", {"from": "buyer.company_or_name"}),
        ("Nobody Known", {"from": "buyer.name"}),
        ("Known GmbH", {"text": "{buyer.company}, {buyer.name}"}),
    ],
)
def test_companies_that_are_created(decide, company, create):
    found = decide("Nobody Known", company, CREATE | {"customers/create/Description": create})
    assert found.how == "new customer"


# -------------------- a person's word


def test_chosen(shop, decide):
    alice = shop.ref("Alice Example")
    assert decide("Somebody Else", chosen=alice) == Decided(alice, "Alice Example", "chosen by a person")
    assert decide(chosen=shop.ref("X")) == Undecided(
        (
            f"the chosen customer {shop.ref('X')} is not among the customers of the infobase; wait for the next "
            f"reading of the catalog if it is new, or choose another: amazon1c held choose-customer {ORDER} REF_KEY",
        )
    )
