"""Names and evidence together: when a machine may decide, and every trap in which it must not."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.matching.answers import Ambiguous, Matched, Unmatched
from adapter.matching.asked import Asked
from adapter.matching.customers import CustomerIndex
from adapter.matching.decision import Sureness
from adapter.matching.index import Index
from adapter.matching.rough import UNSURE
from adapter.matching.selection import Selection
from adapter.model.catalog import Customer, Evidence, Kind

NEVER = Sureness(name_alone="never")
MAIL, OTHER_MAIL = "a1b2@marketplace.amazon.de", "c3d4@marketplace.amazon.de"
PHONE, OTHER_PHONE = "+49 170 5551234", "+49 171 5559876"
CROWD = (
    "Nowak Anna, Hans Becker, Petra Wolf, Кузнецов Сергей Петрович, Коваленко Олена, Marie Dupont, Luca Rossi, "
    "Mehmet Yılmaz, John Brown, Орлова Ольга, Piotr Zieliński, Jan de Vries, Carmen Ruiz López, Шевчук Тарас"
).split(", ")


def told(mail="", phone="", tax_id="", code="", country="DE", city=""):
    return Evidence(*((each,) if each else () for each in (mail, phone, tax_id, code)), city, country)


UNKNOWN = Evidence()


def somebody(number, name, evidence=UNKNOWN, kind=Kind.PERSON, full_name=""):
    return Customer(UUID(int=number << 64), name, {}, full_name, kind, evidence)


def index(*customers):
    crowd = [somebody(900 + at, name, told(code=f"{10200 + 7 * at}")) for at, name in enumerate(CROWD)]
    return CustomerIndex([*crowd, *customers])


def found(asked, *customers, sureness=NEVER):
    return index(*customers).find(asked, sureness)


HOUSE = told(code="10117")
ANNA = somebody(1, "Schmidt Anna", told(MAIL, PHONE, code="10117"))
COMPANY = somebody(2, "ООО Ромашка Трейд", told("", "", "7701234567", "101000", "RU"), Kind.COMPANY)


@pytest.mark.parametrize(
    ("asked", "customer", "how"),
    [
        (Asked("Anna Schmidt", "", "", HOUSE), ANNA, "name and postal code"),
        (Asked("Anna Schmidt", "", "", told(MAIL)), ANNA, "name and e-mail"),
        (Asked("ANNA SCHMIDT", "", "", told("", "0170/555-12-34")), ANNA, "name and phone"),
        (Asked("Anna Schmitd", "", "", told(MAIL)), ANNA, "name and e-mail"),
        (Asked("A. Schmidt", "", "", told(MAIL)), ANNA, "name and e-mail"),
        (Asked("Anna Shcmidt", "", "", told(MAIL)), ANNA, "name and e-mail"),
        (Asked("", "", "Romashka Trejd OOO", told(tax_id="RU 7701234567")), COMPANY, "name and tax id"),
        (Asked("", "", "Ромашка Трейд", told(tax_id="7701 234567")), COMPANY, "name and tax id"),
        (Asked("Ivan Petrov", "ООО Ромашка Трейд / Ivan Petrov", "", told(code="101000", country="RU")), COMPANY,
         "name and postal code"),
    ],
)  # fmt: skip
def test_a_name_and_one_value_decide(asked, customer, how):
    match = found(asked, ANNA, COMPANY)
    assert isinstance(match, Matched)
    assert (match.customer, match.how) == (customer, how)
    assert match.likeness >= 0.99


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        (Asked("Anna Schmidt", "", "", HOUSE), "Schmidt Anna Quendoline"),
        (Asked("Anna Schmidt", "", "", HOUSE), "Anna Schmidt Quendoline"),
        (Asked("Irina Bubov", "", "", HOUSE), "Бубова Ирина"),
        (Asked("Lukyn Vasyl", "", "", HOUSE), "Лукин Василий"),
        (Asked("Андрій Котов", "", "", told(MAIL)), "Котов Андрей Алексеевич"),
        (Asked("Don Carlos Quinteiro", "", "", HOUSE), "Carlos Quinteiro"),
        (Asked("Vagif Murtuz ogly Aliyev", "", "", HOUSE), "Алиев Вагиф Муртузоглы"),
        (Asked("Petr Kuznetcov", "", "", HOUSE), "Кузнецов Пётр"),
        (Asked("María Sánchez", "", "", HOUSE), "Санчес Мария"),
        (Asked("Andreev A.S.", "", "", told(MAIL)), "Андреев Андрей Сергеевич"),
        (Asked("N. Migon", "", "", told(MAIL)), "Nicolas Mignon"),
        (Asked("Jan Piet", "Lyoform z.Hd. Jan Piet", "", told("", PHONE)), "Lyoform Ltd"),
    ],
)
def test_one_name_in_two_forms(asked, known):
    evidence = told(MAIL, PHONE if asked.evidence.phones else "", code="10117")
    customer = somebody(1, known, evidence, Kind.COMPANY if known.endswith("Ltd") else Kind.PERSON)
    match = found(asked, customer)
    assert isinstance(match, Matched), match
    assert match.customer == customer


BROTHER = somebody(3, "Schmidt Peter", told(OTHER_MAIL, PHONE, code="10117"))
DEAR_PEOPLE = {
    "nothing agrees": (Asked("Anna Schmidt"), [ANNA]),
    "city and country only": (
        Asked("Anna Schmidt", "", "", told(city="Berlin")),
        [replace(ANNA, evidence=told(city="Berlin"))],
    ),
    "household": (Asked("Peter Schmidt", "", "", told("", PHONE, code="10117")), [ANNA]),
    "an initial in a household": (Asked("A. Schmidt", "", "", HOUSE), [ANNA]),
    "a like name in a household": (
        Asked("Martaes Jeanne", "", "", told("", PHONE, code="10117")),
        [somebody(1, "Sanne Martaes", told("", PHONE, code="10117")), somebody(2, "Jeanne Huisman")],
    ),
    "father and son": (
        Asked("Иванов Сергей", "", "", HOUSE),
        [somebody(1, "Иванов Сергей Петрович", HOUSE), somebody(2, "Иванов Сергей Сергеевич", HOUSE)],
    ),
    "a twin": (Asked("Anna Schmidt", "", "", told(MAIL)), [ANNA, replace(ANNA, ref_key=UUID(int=77))]),
    "a twin of whom nothing is known": (
        Asked("Anna Zwetkovsky", "", "", HOUSE),
        [somebody(1, "Anna Zwetkovsky", HOUSE), somebody(2, "Zwetkovsky Anna")],
    ),
    "another phone beside the postal code": (
        Asked("Anna Schmidt", "", "", told("", OTHER_PHONE, code="10117")),
        [ANNA],
    ),
    "another letter beside the postal code": (Asked("Anna Schmist", "", "", HOUSE), [ANNA]),
    "another tax id": (
        Asked("", "", "ООО Ромашка Трейд", told(tax_id="7709999999", code="101000", country="RU")),
        [COMPANY],
    ),
    "another legal form": (Asked("", "", "АО Ромашка Трейд", told(code="101000", country="RU")), [COMPANY]),
    "another number": (
        Asked("", "", "Школа №5 Киев", told("", PHONE)),
        [somebody(1, "Школа №6 Киев", told("", PHONE), Kind.COMPANY)],
    ),
    "a person of a company's name": (
        Asked("Anna Schmidt", "", "", HOUSE),
        [somebody(1, "Anna Schmidt GmbH", HOUSE, Kind.COMPANY)],
    ),
    "gender": (
        Asked("Aleksandra Chernenko", "", "", told("", PHONE, code="10117")),
        [somebody(1, "Черненко Александр", told("", PHONE, code="10117"))],
    ),
    "the e-mail is another customer's": (
        Asked("Anna Schmidt", "", "", told(OTHER_MAIL, "", code="10117")),
        [replace(ANNA, evidence=HOUSE), somebody(2, "Petra Wolff", told(OTHER_MAIL))],
    ),
    "values that point to two customers of one name": (
        Asked("Anna Schmidt", "", "", told(MAIL, OTHER_PHONE)),
        [replace(ANNA, evidence=told(MAIL)), somebody(2, "Anna Schmidt", told("", OTHER_PHONE))],
    ),
    "buyer and recipient are two customers": (
        Asked("Anna Schmidt", "Karl Weber", "", told(MAIL, OTHER_PHONE)),
        [ANNA, somebody(2, "Weber Karl", told("", OTHER_PHONE))],
    ),
    "a value that many share": (
        Asked("Anna Schmidt", "", "", told("info@example.com")),
        [somebody(at, name, told("info@example.com")) for at, name in enumerate(["Anna Schmidt", *CROWD[:9]])],
    ),
    "Amazon's own address": (
        Asked("Anna Schmidt", "", "", told("no-reply@amazon.de")),
        [replace(ANNA, evidence=told("no-reply@amazon.de"))],
    ),
    "one word": (Asked("Anna", "", "", told(MAIL)), [somebody(1, "Anna", told(MAIL))]),
}


@pytest.mark.parametrize(("asked", "customers"), DEAR_PEOPLE.values(), ids=DEAR_PEOPLE)
def test_traps(asked, customers):
    match = found(asked, *customers)
    assert not isinstance(match, Matched), match
    assert match.reason


def test_a_popular_company_needs_more_than_a_postal_code():
    many = [somebody(at, "ООО Вектор", told(code=f"1010{at:02}", country="RU"), Kind.COMPANY) for at in range(6)]
    first = replace(many[0], evidence=told("", PHONE, code="101000", country="RU"))
    asked = Asked("", "", "ООО Вектор", told(code="101000", country="RU"))
    assert isinstance(found(asked, first, *many[1:]), Ambiguous)
    strong = replace(asked, evidence=replace(asked.evidence, phones=(PHONE,)))
    assert found(strong, first, *many[1:]).customer == first


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (Asked("", "", "", told(MAIL, PHONE, code="10117", city="Berlin")), "Amazon gave no name"),
        (Asked("Amazon Business EU SARL", "", "", HOUSE), "Amazon gave no name"),
        (Asked("Somebody Else"), 'no customer has a name like "Somebody Else"'),
    ],
)
def test_nobody(asked, reason):
    match = found(asked, ANNA)
    assert isinstance(match, Unmatched)
    assert match.reason.startswith(reason)


def test_twins_are_called_so():
    match = found(Asked("Anna Schmidt", "", "", told(MAIL)), ANNA, replace(ANNA, ref_key=UUID(int=77)))
    assert match.reason == (
        'two customers match "Anna Schmidt" equally well (Schmidt Anna 0.50, Schmidt Anna 0.50); '
        "probably one customer entered twice"
    )


def test_a_full_name_says_more_than_the_name_for_lists():
    known = somebody(1, "Иванов С.П.", HOUSE, full_name="Иванов Сергей Петрович")
    assert found(Asked("Sergei Ivanov", "", "", HOUSE), known).customer == known
    assert not isinstance(found(Asked("Иванов Сергей Павлович", "", "", HOUSE), known), Matched)


NAMESAKE = somebody(5, "Петренко Іван Степанович")
IVAN = somebody(4, "Петренко Іван Олексійович")


@pytest.mark.parametrize(
    ("name", "known", "alone", "accepted"),
    [
        ("Petrenko Ivan", [IVAN], "sure", True),
        ("Petrenko Ivan", [IVAN, NAMESAKE], "sure", False),
        ("Petrenko Ivan", [IVAN], "exact", False),
        ("Петренко Іван Олексійович", [IVAN], "exact", True),
        ("Петренко Іван Олексійович", [IVAN], "never", False),
        ("Petrenko I.", [IVAN], "sure", False),
        ("Petrenka Ivan", [IVAN], "sure", False),
    ],
)
def test_name_alone_where_the_catalog_holds_names_only(name, known, alone, accepted):
    crowd = [somebody(900 + at, each) for at, each in enumerate(CROWD)]
    match = CustomerIndex([*crowd, *known]).find(Asked(name), Sureness(name_alone=alone))
    assert isinstance(match, Matched) == accepted


def test_customers_can_be_passed_over():
    asked = Asked("Anna Schmidt", "", "", told(MAIL))
    whole = index(ANNA)
    assert whole.find(asked, NEVER).customer == ANNA
    assert not isinstance(whole.find(asked, NEVER, without={ANNA.ref_key}), Matched)
    assert not isinstance(whole.removed([ANNA.ref_key]).find(asked, NEVER), Matched)


WORDS = st.sampled_from("Anna Anne A. Schmidt Schmitd Petrova Петрова Иван Ivan GmbH ООО Ромашка №5 de".split())
VALUES = st.sampled_from(["", MAIL, PHONE, "10117", "7701234567"])


@settings(max_examples=150, derandomize=True, deadline=None)
@given(names=st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=6), data=st.data())
def test_the_sums_of_an_explanation_add_up(names, data):
    def evidence():
        return told(*(data.draw(st.sampled_from(["", value])) for value in (MAIL, PHONE, "7701234567", "10117")))

    customers = [somebody(at, " ".join(words), evidence()) for at, words in enumerate(names)]
    asked = Asked(" ".join(data.draw(st.lists(WORDS, min_size=1, max_size=4))), "", "", evidence())
    explanation = CustomerIndex(customers).find(asked, NEVER).explanation
    for judged in explanation.candidates:
        assert judged.total() == pytest.approx(judged.bits, abs=1e-9)
    shares = [judged.posterior for judged in explanation.candidates]
    assert sum(shares) + explanation.others + explanation.unknown == pytest.approx(1, abs=1e-9)
    assert shares == sorted(shares, reverse=True)
    assert "not in the catalog" in "\n".join(explanation.text())


@settings(max_examples=200, derandomize=True, deadline=None)
@given(names=st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=6, max_size=12), data=st.data())
def test_whoever_is_weighed_later_changes_no_decision(names, data):
    def evidence():
        return told(*(data.draw(st.sampled_from(["", value])) for value in (MAIL, PHONE, "7701234567", "10117")))

    customers = [somebody(at, " ".join(words), evidence()) for at, words in enumerate(names)]
    asked = Asked(" ".join(data.draw(st.lists(WORDS, min_size=1, max_size=4))), "", "", evidence())
    found = CustomerIndex(customers).find(asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Selection, "deciding", lambda selection, *_: [True] * len(selection.rows))
        at_once = CustomerIndex(customers).find(asked)
    assert type(found) is type(at_once)
    assert found.explanation == at_once.explanation
    if isinstance(found, Matched):
        assert found.customer == at_once.customer
    else:
        assert [each for each, _ in found.candidates] == [each for each, _ in at_once.candidates]


def test_an_explanation_shows_those_too_who_were_not_worth_weighing():
    others = [somebody(at, f"Anna {name.split()[0]}") for at, name in enumerate(CROWD[:6], 2)]
    sure = somebody(1, "Anna Wisniewska", told(mail=MAIL, code="10117"))
    found = index(sure, *others).find(Asked("Anna Wisniewska", "", "", told(mail=MAIL, code="10117")), NEVER)
    assert isinstance(found, Matched)
    assert len(found.explanation.candidates) == 5
    assert found.explanation.candidates[0].customer == sure


NAMES = """Anna A. Anne Schmidt Schmitd de la Petrovna П. Петровна Петров Иван Ivan Ивановна GmbH ООО Ромашка №5 &
Hotel""".split()


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    names=st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=8), min_size=1, max_size=6),
    asked=st.lists(st.sampled_from(NAMES), min_size=1, max_size=5),
    kinds=st.lists(st.sampled_from(Kind), min_size=6, max_size=6),
)
def test_no_name_is_worth_more_than_its_rough_bits_allow(names, asked, kinds):
    customers = [
        somebody(at, " ".join(words), told(code="10117"), kind)
        for at, (words, kind) in enumerate(zip(names, kinds, strict=False))
    ]
    weigh = Index._weigh

    def one_by_one(self, asked, place, evidence, rows):
        rows = list(rows)
        for row in rows:
            (candidate,) = weigh(self, asked, place, evidence, [row])
            assert candidate.bits <= row.bits + UNSURE
        return weigh(self, asked, place, evidence, rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Selection, "deciding", lambda selection, *_: [True] * len(selection.rows))
        patch.setattr(Index, "_weigh", one_by_one)
        CustomerIndex(customers).find(Asked(" ".join(asked), "", "", told(code="10117")))
