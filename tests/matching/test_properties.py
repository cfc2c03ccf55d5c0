"""What has to hold for any catalog and any order: who is accepted must not hang on chance, nor on how it is written.

Catalogs and orders are made (tests/benchmarks/customers), so that the truth is known. The soak tests hunt in larger
catalogs and on many seeds for an order that goes to somebody else.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from adapter.matching.answers import Ambiguous, Matched
from adapter.matching.customers import CustomerIndex
from adapter.matching.decision import Sureness
from adapter.matching.self_check import as_order, leave_one_out
from adapter.model.catalog import Evidence, Kind
from tests.benchmarks.customers import languages
from tests.benchmarks.customers.catalog import Catalog, ref_key
from tests.benchmarks.customers.labels import DOUBLE, label
from tests.benchmarks.customers.spellings import SCHEMES, latin
from tests.benchmarks.judge import Decision, judge

SEED, SIZE, ORDERS = 11, 1500, 400
SURENESS = Sureness(name_alone="never")


@pytest.fixture(scope="module", autouse=True)
def _own_lists():
    languages.use_own_lists()


@pytest.fixture(scope="module")
def catalog():
    return Catalog(SEED, SIZE)


@pytest.fixture(scope="module")
def orders(catalog):
    return label(catalog, ORDERS)


@pytest.fixture(scope="module")
def index(catalog):
    return CustomerIndex(catalog.customers())


@pytest.fixture(scope="module")
def accepted(index, orders):
    """The orders that are accepted, with their customers; of those who have no double (a father and his son)."""
    answers = ((order.asked, index.find(order.asked, SURENESS)) for order in single(orders))
    found = [(asked, answer.customer) for asked, answer in answers if isinstance(answer, Matched)]
    assert len(found) > ORDERS / 3
    return found


def single(orders):
    return [order for order in orders if DOUBLE not in order.strata and len(order.truth) < 2]


def accepted_for(index, asked):
    answer = index.find(asked, SURENESS)
    return answer.customer.ref_key if isinstance(answer, Matched) else None


# -------------------- nobody is taken for somebody else


def decisions(index, orders):
    ids = {ref_key(f"K{number:08}"): f"K{number:08}" for number in range(len(index))}
    found = {}
    for order in orders:
        answer = index.find(order.asked, SURENESS)
        if isinstance(answer, Matched):
            found[order.query_id] = Decision("accept", (ids[answer.customer.ref_key],))
        else:
            kind = "review" if isinstance(answer, Ambiguous) else "none"
            found[order.query_id] = Decision(kind, tuple(ids[each.ref_key] for each, _ in answer.candidates))
    return found


def told(found):
    return [(order, decision) for order, decision in found.errors]


def test_nobody_is_taken_for_somebody_else(index, orders):
    found = judge(orders, decisions(index, orders))
    assert (found.wrong.hits, found.strangers.hits) == (0, 0), told(found)
    assert found.decidable.share >= 0.95
    assert found.top5.share >= 0.98


def test_leave_one_out(index, orders):
    checked = leave_one_out(index, (order.asked for order in single(orders)), SURENESS)
    assert checked.accepted > ORDERS / 3
    assert checked.mistaken == ()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 140))
@pytest.mark.parametrize("attested", [0.0, 0.5])
def test_nobody_is_taken_for_somebody_else_on_many_seeds(seed, attested):
    catalog = Catalog(seed, 8000)
    orders = label(catalog, 4000, attested)
    index = CustomerIndex(catalog.customers())
    found = judge(orders, decisions(index, orders))
    checked = leave_one_out(index, (order.asked for order in single(orders)), SURENESS)
    assert (found.wrong.hits, found.strangers.hits) == (0, 0), told(found)
    assert checked.mistaken == ()


# -------------------- twins


def test_a_twin_makes_it_a_persons_decision_until_it_is_gone(catalog, index, accepted):
    twins = [replace(customer, ref_key=UUID(int=at)) for at, (_, customer) in enumerate(accepted)]
    both = index.extended(twins)
    for (asked, customer), twin in zip(accepted, twins, strict=True):
        answer = both.find(asked, SURENESS)
        assert isinstance(answer, Ambiguous), (asked, answer)
        assert {customer.ref_key, twin.ref_key} <= {each.ref_key for each, _ in answer.candidates}, (asked, answer)
    alone = both.removed({twin.ref_key for twin in twins})
    assert [accepted_for(alone, asked) for asked, _ in accepted] == [customer.ref_key for _, customer in accepted]


def test_an_order_without_its_customer_is_nobodys(index, accepted):
    for asked, customer in accepted:
        answer = index.find(asked, SURENESS, without=frozenset({customer.ref_key}))
        assert not isinstance(answer, Matched), (asked, answer)


# -------------------- evidence


def blanked(evidence):
    """The evidence less one value, less two, and so on."""
    parts = [name for name in ("emails", "phones", "tax_ids", "postal_codes") if getattr(evidence, name)]
    for count in range(1, 2 ** len(parts)):
        yield replace(evidence, **{name: () for bit, name in enumerate(parts) if count >> bit & 1})


def test_less_evidence_never_makes_another_customer(index, accepted):
    for asked, customer in accepted:
        for evidence in blanked(asked.evidence):
            assert accepted_for(index, replace(asked, evidence=evidence)) in {customer.ref_key, None}


def test_a_name_alone_is_not_enough_where_evidence_must_agree(index, accepted):
    for asked, _ in accepted:
        assert not isinstance(index.find(replace(asked, evidence=Evidence()), SURENESS), Matched)


def test_another_address_is_accepted_only_for_what_is_personal(index, accepted):
    moved = {"DE": "26789", "FR": "24470", "PL": "58-573", "UA": "89613"}
    for asked, customer in accepted:
        country = next(country for country in moved if country != asked.evidence.country)
        elsewhere = replace(asked.evidence, postal_codes=(moved[country],), country=country)
        stripped = replace(elsewhere, emails=(), phones=(), tax_ids=())
        assert accepted_for(index, replace(asked, evidence=elsewhere)) in {customer.ref_key, None}
        assert accepted_for(index, replace(asked, evidence=stripped)) is None


def test_other_peoples_evidence_is_never_enough(index, accepted):
    """With the name of one and the evidence of another, both customers, nobody is accepted for sure."""
    for (asked, customer), (other, owner) in pairwise(accepted):
        swapped = accepted_for(index, replace(asked, evidence=other.evidence))
        assert swapped in {customer.ref_key, owner.ref_key, None}
        if not set(words(asked)) & set(words(other)):
            assert swapped is None


def words(asked):
    return f"{asked.buyer} {asked.recipient} {asked.company}".lower().split()


# -------------------- ways of writing


def respelt(asked, change):
    return replace(asked, buyer=change(asked.buyer), recipient=change(asked.recipient), company=change(asked.company))


WRITINGS = {
    "upper case": str.upper,
    "lower case": str.lower,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "composed": lambda text: unicodedata.normalize("NFC", text),
    "spaces": lambda text: "  " + text.replace(" ", "   ") + " ",
    "unbreakable spaces": lambda text: text.replace(" ", "\u00a0"),
    "apostrophes": lambda text: text.replace("’", "'").replace("'", "\u02bc"),
    "zero width": lambda text: text.replace(" ", "\u200b ") + "\ufeff",
}


@pytest.mark.parametrize("change", WRITINGS.values(), ids=WRITINGS.keys())
def test_writing_changes_nothing(index, orders, change):
    for order in orders:
        assert accepted_for(index, respelt(order.asked, change)) == accepted_for(index, order.asked), order


def test_order_of_words_changes_nothing(catalog, index, orders):
    """For a name that is a person's alone; in a mixed line the order tells who is who."""
    random = Random(5)
    plain = [order for order in orders if "person" in order.strata and not {"c/o", "at work"} & set(order.strata)]
    for order in plain:
        if "," in order.asked.recipient + order.asked.buyer:
            continue

        def shuffled(text):
            return " ".join(random.sample(text.split(), len(text.split())))

        assert accepted_for(index, respelt(order.asked, shuffled)) == accepted_for(index, order.asked), order


RUSSIAN = re.compile("[А-Яа-яЁё]+")


@cache
def in_latin(text, scheme):
    return RUSSIAN.sub(lambda word: latin(word[0], "ru", scheme), text)


@pytest.fixture(scope="module")
def russians(catalog, index):
    """Customers whose name stands in Russian letters, each with an order under that name that is accepted."""
    named = (each for each in catalog.customers() if each.kind is Kind.PERSON and RUSSIAN.match(each.name))
    orders = ((as_order(each), each) for each in named if not set(each.name.lower()) & set("іїєґәғқңөұүһ.'’ʼ"))
    return [(asked, each) for asked, each in orders if accepted_for(index, asked) == each.ref_key][:80]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_scheme_makes_nobody_somebody_else(index, russians, scheme):
    """The same name in Latin letters is the same customer's; few may become doubtful, none another's."""
    answers = [
        (accepted_for(index, respelt(asked, lambda text: in_latin(text, scheme))), customer)
        for asked, customer in russians
    ]
    assert len(answers) == 80
    assert {found == customer.ref_key for found, customer in answers if found is not None} == {True}
    assert sum(found is not None for found, _ in answers) >= 72


# -------------------- always the same answer


def as_text(index, orders):
    return [repr(index.find(order.asked, SURENESS)) for order in orders]


def test_answers_do_not_hang_on_the_order_of_the_catalog(catalog, index, orders):
    customers = list(catalog.customers())
    Random(1).shuffle(customers)
    assert as_text(CustomerIndex(customers), orders) == as_text(index, orders)


def test_answers_are_the_same_after_loading(tmp_path, index, orders):
    before = as_text(index, orders)
    index.save(tmp_path / "index")
    assert as_text(CustomerIndex.load(tmp_path / "index"), orders) == before == as_text(index, orders)


def test_answers_are_the_same_in_pieces(catalog, index, orders):
    """Half of the customers in a second segment: who is accepted does not change."""
    customers = list(catalog.customers())
    pieces = CustomerIndex(customers[::2]).extended(customers[1::2])
    assert [accepted_for(pieces, order.asked) for order in orders] == [
        accepted_for(index, order.asked) for order in orders
    ]


def test_answers_are_the_same_in_another_process(tmp_path, index, orders):
    index.save(tmp_path / "index")
    script = (
        "import sys; from tests.matching.test_properties import *; languages.use_own_lists();"
        "print(json.dumps(as_text(CustomerIndex.load(Path(sys.argv[1])), label(Catalog(SEED, SIZE), 100))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "index"],
        capture_output=True,
        check=True,
        env={"PYTHONHASHSEED": "77", "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert json.loads(done.stdout) == as_text(index, orders[:100])
