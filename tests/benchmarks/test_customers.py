"""Made-up customers and orders: always the same ones, with labels that keep their promises; and their judge."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from adapter.matching.files import CustomersFile, read_queries
from tests.benchmarks.customers.catalog import SHARED_MAIL, Catalog
from tests.benchmarks.customers.companies import Company
from tests.benchmarks.customers.files import write
from tests.benchmarks.customers.labels import MAY, MUST, NONE, REVIEW, UNTOLD, label
from tests.benchmarks.customers.languages import FEMALE, MALE, feminine, patronymic, use_own_lists
from tests.benchmarks.customers.orders import draft
from tests.benchmarks.customers.spellings import SCHEMES, attested, cyrillic, latin
from tests.benchmarks.judge import Decision, judge, upper_bound

SIZE, ORDERS = 1500, 1000


@pytest.fixture(scope="module", autouse=True)
def _own_lists():
    use_own_lists()


@pytest.fixture(scope="module")
def catalog():
    return Catalog(seed=7, size=SIZE)


@pytest.fixture(scope="module")
def orders(catalog):
    return label(catalog, ORDERS)


def test_a_seed_makes_the_same_customers_and_orders(catalog):
    again = Catalog(seed=7, size=SIZE)
    assert list(again.entries()) == list(catalog.entries())
    assert [draft(again, number) for number in range(100)] == [draft(catalog, number) for number in range(100)]
    assert Catalog(seed=8, size=SIZE).entry(3) != catalog.entry(3)


def test_a_larger_catalog_begins_with_the_smaller_one(catalog):
    assert Catalog(seed=7, size=10**6).entry(1234) == catalog.entry(1234)


def test_customers_are_mixed_as_they_should(catalog):
    entries = list(catalog.entries())
    assert 0.20 < sum(isinstance(entry.who, Company) for entry in entries) / SIZE < 0.28
    assert len({entry.who.language for entry in entries}) == 11
    assert {"household", "father and son", "namesake elsewhere", "twice"} <= {entry.relation for entry in entries}
    assert any(entry.known.email == SHARED_MAIL for entry in entries)


def test_orders_are_mixed_as_they_should(orders):
    labels = Counter(order.label for order in orders)
    assert 0.34 < labels[NONE] / ORDERS < 0.42
    assert labels[MUST] > ORDERS / 2
    assert labels[REVIEW] + labels[UNTOLD] > 5 < labels[MAY]
    assert 0.4 < sum("lookalike" in order.strata[0] for order in orders if order.label == NONE) / labels[NONE] < 0.6


def test_labels_keep_their_promises(catalog, orders):
    known = {entry.customer_id: entry.customer.evidence for entry in catalog.entries()}
    for order in orders:
        assert bool(order.truth) == (order.label != NONE) or order.label == UNTOLD
        if order.label == MUST:
            theirs = [known[customer_id] for customer_id in order.truth]
            assert any(_shares(order.asked.evidence, each) for each in theirs)


def _shares(asked, known):
    def digits(phones):
        return {"".join(filter(str.isdigit, phone))[-7:] for phone in phones}

    def code(values):
        return {"".join(filter(str.isalnum, value)).upper()[-4:] for value in values}

    return bool(
        set(asked.emails) & set(known.emails)
        or digits(asked.phones) & digits(known.phones)
        or set(asked.tax_ids) & set(known.tax_ids)
        or code(asked.postal_codes) & code(known.postal_codes)
        or any(value.count("-") and len(value) == 10 for value in asked.postal_codes)  # ZIP and four digits
    )


def test_files_say_the_same(tmp_path, catalog, orders):
    write(tmp_path, catalog, ORDERS)
    found = list(CustomersFile(tmp_path / "customers.csv").customers())
    made = list(catalog.customers())
    assert [(each.name, each.full_name, each.kind, each.evidence) for each in found] == [
        (each.name, each.full_name, each.kind, each.evidence) for each in made
    ]
    assert [query.asked for query in read_queries(tmp_path / "queries.csv")] == [order.asked for order in orders]
    with (tmp_path / "truth.csv").open(encoding="utf-8", newline="") as file:
        assert [row["label"] for row in csv.DictReader(file)] == [order.label for order in orders]


@pytest.mark.parametrize(
    ("scheme", "written"),
    [
        ("icao", "Shcherbakov Evgenii"),
        ("bgn", "Shcherbakov Yevgeny"),
        ("scholarly", "Ščerbakov Evgenij"),
        ("iso9", "Ŝerbakov Evgenij"),
        ("german", "Schtscherbakow Jewgenij"),
        ("french", "Chtcherbakov Evgeniï"),
        ("polish", "Szczerbakow Ewgeni"),
    ],
)
def test_schemes(scheme, written):
    assert " ".join(latin(word, "ru", scheme) for word in ("Щербаков", "Евгений")) == written


def test_attested_spellings_are_more_than_the_schemes():
    found = attested()
    assert len(found) > 300
    names = [name for name in found if not set(name.lower()) & set("іїєґәғқңөұүһ")]
    by_scheme = {(name, latin(name, "ru", scheme)) for name in names for scheme in SCHEMES}
    assert sum((name, each) not in by_scheme for name in names for each in found[name]) > 300


def test_names_follow_their_language():
    assert patronymic("Илья", MALE, "ru") == "Ильич"
    assert patronymic("Дмитрий", FEMALE, "ru") == "Дмитриевна"
    assert patronymic("Сергій", FEMALE, "uk") == "Сергіївна"
    assert feminine("Вишневский", "ru") == "Вишневская"
    assert feminine("Kowalski", "pl") == "Kowalska"
    assert cyrillic("Schreiber", "de") == "Шрайбер"


def test_judging(orders):
    must = next(order for order in orders if order.label == MUST)
    none = next(order for order in orders if order.label == NONE)
    right, wrong = Decision("accept", tuple(must.truth)), Decision("accept", ("K99999999",))
    found = judge([must, none], {must.query_id: right, none.query_id: Decision("none")})
    assert (found.decidable.hits, found.top5.hits, found.wrong.hits, found.strangers.hits) == (1, 1, 0, 0)
    found = judge([must, none], {must.query_id: wrong, none.query_id: wrong})
    assert (found.decidable.hits, found.top5.hits, found.wrong.hits, found.strangers.hits) == (0, 0, 1, 1)
    assert [order for order, _ in found.errors] == [must, none]


@pytest.mark.parametrize(("errors", "trials", "bound"), [(0, 3000, 0.000998), (1, 10_000, 0.000474), (3, 3, 1.0)])
def test_upper_bound(errors, trials, bound):
    assert upper_bound(errors, trials) == pytest.approx(bound, rel=0.01)
