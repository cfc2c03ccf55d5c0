"""The second shop: always the same one, with labels that keep their promises."""

from __future__ import annotations

from collections import Counter

import pytest

from adapter.matching.files import CustomersFile, read_queries
from tests.benchmarks.customers.labels import MAY, MUST, NONE, REVIEW, UNTOLD
from tests.benchmarks.others.files import write_shop
from tests.benchmarks.others.latin import Latin, french, german, ukrainian
from tests.benchmarks.others.names import Language, Names, Person, womans
from tests.benchmarks.others.orders import Orders, slip
from tests.benchmarks.others.shop import Shop

SIZE, ORDERS = 1500, 1000
RUSSIAN = Language(
    (("Иван", "Пётр", "Фёдор", "Тимур", "Родион"), ("Анна", "Дина", "Эмма", "Юлия", "Жанна")),
    tuple((name, womans(name)) for name in ("Вежин", "Грошев", "Хвощов", "Юрцев", "Яский", "Щекин")),
)
GERMAN = Language(
    (("Jonas", "Emil", "Bruno", "Anton"), ("Greta", "Ida", "Lotte", "Frieda")),
    tuple(
        (f"{one}{other}", f"{one}{other}") for one in ("Ober", "Nieder", "Hinter") for other in ("mann", "huber", "lin")
    ),
)
NAMES = Names({"ru": RUSSIAN, "de": GERMAN})


def shop(seed=7):
    return Shop(seed, SIZE, NAMES, Latin())


@pytest.fixture(scope="module")
def made():
    found = shop()
    return found, list(Orders(found).made(ORDERS))


def test_a_seed_makes_the_same_customers_and_orders(made):
    again = shop()
    assert again.entries == made[0].entries
    assert list(Orders(again).made(ORDERS)) == made[1]
    assert shop(8).entries != made[0].entries


def test_orders_are_mixed_as_they_should(made):
    labels = Counter(order.label for order in made[1])
    assert {MUST, MAY, REVIEW, NONE, UNTOLD} == labels.keys()
    assert 0.34 < (labels[NONE] + labels[UNTOLD]) / ORDERS < 0.42
    kinds = Counter(order.strata[0] for order in made[1])
    assert {"known", "stranger", "lookalike: company", "lookalike: household", "lookalike: gender"} < kinds.keys()


def test_labels_keep_their_promises(made):
    entries = {entry.customer_id: entry for entry in made[0].entries}
    for order in made[1]:
        assert bool(order.truth) == (order.label not in {NONE, UNTOLD})
        evidence = order.asked.evidence
        shown = {*evidence.emails, *evidence.phones, *evidence.tax_ids}
        if order.label != MUST:
            continue
        entry = entries[next(iter(order.truth))]
        assert (shown | {*evidence.postal_codes}) & set(entry.known.values.values())
        if shown & set(entry.known.values.values()) or not isinstance(entry.who, Person):
            continue
        namesakes = [
            other
            for other in made[0].entries
            if isinstance(other.who, Person)
            and other is not entry
            and (other.who.given, other.who.surnames, other.who.sex)
            == (entry.who.given, entry.who.surnames, entry.who.sex)
            and (not other.known.postal_code or other.known.postal_code in evidence.postal_codes)
        ]
        assert not namesakes or "patronymic" in order.strata


def test_files_say_the_same(tmp_path, made):
    orders = write_shop(tmp_path, shop(), ORDERS)
    assert orders == made[1]
    customers = list(CustomersFile(tmp_path / "customers.csv").customers())
    assert [each.name for each in customers] == [entry.name for entry in made[0].entries]
    queries = read_queries(tmp_path / "queries.csv")
    assert [query.asked for query in queries] == [order.asked for order in orders]


@pytest.mark.parametrize(
    ("spelt", "word"),
    [
        (german("щекин"), "schtschekin"),
        (german("хвощов"), "chwoschtschow"),
        (french("жуцев"), "joutsev"),
        (ukrainian("згурський"), "zghurskyi"),
        (ukrainian("єва"), "yeva"),
        (ukrainian("марія"), "mariia"),
        (Latin().spelt("Ақжан", "kk", german), "Akschan"),
        (Latin().spelt("Jonas", "de", german), "Jonas"),
    ],
)
def test_spellings(spelt, word):
    assert spelt == word


def test_a_slip_changes_one_letter(made):
    random = made[0].random
    assert slip("Иван", random) == "Иван"
    for _ in range(100):
        assert abs(len(slip("Хвощов", random)) - len("Хвощов")) <= 1
