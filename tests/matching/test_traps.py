"""What names are mistaken for each other by: MATCHING 7, one trap after another."""

from __future__ import annotations

import pytest

from adapter.matching.asked import Asked
from adapter.matching.endings import feminine, is_patronymic
from adapter.matching.folds import folds
from adapter.matching.forms import Relation, form_class, relation
from adapter.matching.frequencies import UNKNOWN, background
from adapter.matching.given_names import equivalent, forms, gender
from adapter.matching.hypotheses import hypotheses
from adapter.matching.initials import initial_of
from adapter.matching.names import Name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("олександр", "александр"),
        ("oleksandr", "alexander"),
        ("микола", "николай"),
        ("mykola", "nikolai"),
        ("микола", "nicholas"),
        ("ганна", "анна"),
        ("hanna", "анна"),
        ("євген", "евгений"),
        ("євген", "eugene"),
        ("дмитро", "dmitri"),
        ("екатерина", "catherine"),
        ("михайло", "michael"),
        ("осип", "giuseppe"),
        ("мұхаммед", "mehmet"),
    ],
)
def test_forms_of_one_given_name(one, other):
    assert equivalent(one, other)
    assert equivalent(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("александр", "александра"), ("саша", "александр"), ("sasha", "alexandra"), ("юрий", "егор"), ("иванов", "john")],
)
def test_names_of_two_people(one, other):
    assert not equivalent(one, other)


def test_the_forms_of_a_given_name():
    assert {"николай", "nicholas", "микола"} <= {*forms("микола")} & {*forms("mykola")}
    assert forms("иванов") == ()


@pytest.mark.parametrize(
    ("word", "whose"),
    [
        ("александр", "m"),
        ("aleksandra", "f"),
        ("michael", "m"),
        ("michaela", "f"),
        ("daniel", "m"),
        ("daniela", "f"),
        ("andrea", ""),
        ("саша", ""),
        ("иванов", ""),
    ],
)
def test_gender(word, whose):
    assert gender(word) == whose


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("иванов", "иванова"),
        ("иванов", "ivanova"),
        ("ivanov", "иванова"),
        ("iwanow", "ivanova"),
        ("зеленский", "зеленская"),
        ("zelensky", "zelenska"),
        ("толстой", "tolstaya"),
        ("dvorak", "dvorakova"),
    ],
)
def test_feminine_surnames(one, other):
    assert feminine(one, other)
    assert feminine(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("martin", "martina"), ("александр", "александра"), ("gabriel", "gabriele"), ("ivanov", "ivanov")],
)
def test_no_feminine_surnames(one, other):
    assert not feminine(one, other)


@pytest.mark.parametrize(
    "word",
    "иванович ivanovna iwanowitsch ivanovitch iwanowicz юріївна yuriivna ильич iljitsch серікұлы serikuly нұрланқызы "
    "nurlankyzy rasimqizi rasimoglu sergeyevich алексеевна oleksandrivna никитична leonidovic".split(),
)
def test_patronymics(word):
    assert is_patronymic(word)


@pytest.mark.parametrize("word", "кузнецов ivanova martin шевченко қызы улы anna schmidt".split())
def test_no_patronymics(word):
    assert not is_patronymic(word)


@pytest.mark.parametrize(
    ("letter", "word", "may"),
    [
        ("е", "yevgeny", True),
        ("e", "евгений", True),
        ("y", "евгений", True),
        ("j", "евгений", True),
        ("y", "evgeny", True),
        ("s", "евгений", False),
        ("s", "yevgeny", False),
        ("г", "hanna", True),
        ("s", "шамиль", True),
        ("с", "shamil", False),
        ("ш", "shamil", True),
        ("х", "khariton", True),
        ("к", "khariton", False),
        ("o", "anna", False),
        ("e", "яна", False),
    ],
)
def test_initials(letter, word, may):
    assert initial_of(letter, word) is may


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("ООО Ромашка", "Romashka GmbH", Relation.TRANSLATED),
        ("ТОВ Ромашка", "Romashka Sp. z o.o.", Relation.TRANSLATED),
        ("ТОО Ромашка", "Romashka S.L.", Relation.TRANSLATED),
        ("ООО Ромашка", "OOO Romashka", Relation.SAME),
        ("ЗАО Ромашка", "АО Ромашка", Relation.RELATED),
        ("ПАО Ромашка", "Romashka PJSC", Relation.TRANSLATED),
        ("ПАТ Ромашка", "Romashka Public Joint Stock Company", Relation.TRANSLATED),
        ("ЗАО Ромашка", "Romashka CJSC", Relation.TRANSLATED),
        ("ПрАТ Ромашка", "PrJSC Romashka", Relation.TRANSLATED),
        ("АО Ромашка", "JSC Romashka", Relation.TRANSLATED),
        ("ЗАО Ромашка", "Romashka JSC", Relation.TRANSLATED),
        ("ЗАО Ромашка", "Romashka PJSC", Relation.RELATED),
        ("ЗАО Ромашка", "ПАО Ромашка", Relation.OTHER),
        ("Romashka PJSC", "CJSC Romashka", Relation.OTHER),
        ("ООО Ромашка", "ЗАО Ромашка", Relation.OTHER),
        ("Nord GmbH", "Nord GmbH & Co. KG", Relation.OTHER),
        ("ИП Иванов", "ООО Иванов", Relation.OTHER),
        ("Nord GmbH", "Nord", Relation.NEUTRAL),
    ],
)
def test_legal_forms(one, other, how):
    assert relation(Name.of(one).forms, Name.of(other).forms) is how


def test_form_classes():
    assert {form_class(form) for form in ("ooo", "tov", "too", "gmbh", "ltd", "spzoo", "sl", "sarl")} == {"llc"}


@pytest.mark.parametrize(
    ("text", "company", "words"),
    [
        ("Рога и Копыта", True, "рога & копыта"),
        ("Рога и Копыта", None, "рога & копыта"),
        ("Roga i Kopyta OOO", None, "roga & kopyta"),
        ("John I Smith", None, "john i smith"),
        ("Gomez Y Lopez", False, "gomez y lopez"),
        ("A. Петров", None, "а петров"),
        ("AO Smith", False, "ao smith"),
        ("г. Иванов Иван", None, "иванов иван"),
        ("Г. Иванов", None, "г иванов"),
        ("г-жа Иванова Анна", None, "иванова анна"),
        ("Иванов И.И. (оптовик)", None, "иванов и и"),
        ("Anna Schmidt Packstation 123", None, "anna schmidt"),
        ("Anna Schmidt 1234567", None, "anna schmidt"),
        ("Иванов Иван, кв. 5", None, "иванов иван"),
        ("Школа №5", True, "школа 5"),
        ("Pat Smith", None, "pat smith"),
        ("Åsa Lindqvist", None, "asa lindqvist"),
        ("Bayan Seitkali", None, "bayan seitkali"),
        ("Bayan Elif Kaya", None, "elif kaya"),
        ("Pan Li", None, "pan li"),
        ("Алиев Вагиф Муртуз оглы", None, "алиев вагиф муртузоглы"),
        ("Mammadova Leyla Rasim qizi", None, "mammadova leyla rasimqizi"),
        ("Оңдасын қызы Айбала Марданқызы", None, "оңдасынқызы айбала марданқызы"),
        ("Hasan Oğlu", None, "hasan oglu"),
    ],
)
def test_words(text, company, words):
    kept = Name.of(text, company).words
    # A Latin A before a Cyrillic name is left as it is: initials of either script are compared by what they stand for.
    assert " ".join(kept).replace("a петров", "а петров") == words


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Asked(company="ООО Ромашка / Ivan Petrov"), ["ООО Ромашка", "Ivan Petrov"]),
        (
            Asked(buyer="Amazon Business EU SARL", recipient="Müller GmbH z.Hd. Anna Schmidt"),
            ["Müller GmbH", "Anna Schmidt"],
        ),
        (Asked(buyer="Amazon EU S.à r.l.", recipient="Anna Müller"), ["Anna Müller"]),
        (Asked(buyer="Anna", recipient="Anna Müller c/o Familie Weber"), ["Anna Müller", "Familie Weber"]),
        (Asked(buyer="Zhdanov Ivan"), ["Zhdanov Ivan"]),
        (Asked(buyer="Anna Zhdanova"), ["Anna Zhdanova"]),
        (Asked(buyer="Kovács, Attila"), ["Kovács, Attila"]),
        (Asked(buyer="Faolán, Ann"), ["Faolán, Ann"]),
        (Asked(company="Adler GmbH, zHd Anna Schmidt"), ["Adler GmbH", "Anna Schmidt"]),
        (Asked(company="Adler GmbH att Anna Schmidt"), ["Adler GmbH", "Anna Schmidt"]),
        (Asked(company="Адлер ООО для Анны Шмидт"), ["Адлер ООО", "Анны Шмидт"]),
        (Asked(buyer="Anna Bei"), ["Anna Bei"]),
        (Asked(buyer="Anna Müller", recipient="Müller, Anna"), ["Müller, Anna"]),
        (Asked(company="Büro Nord GmbH, Anna Schmidt"), ["Büro Nord GmbH", "Anna Schmidt"]),
        (Asked(recipient="ООО Ромашка (Иванов Иван)"), ["ООО Ромашка", "Иванов Иван"]),
        (Asked(company="A/S Dansk", recipient="Anna-Maria Müller"), ["A/S Dansk", "Anna-Maria Müller"]),
        (Asked(recipient="Lyoform z.Hd. Anna Schmidt"), ["Lyoform", "Anna Schmidt"]),
        (Asked(recipient="Lyoform / Anna Schmidt"), ["Lyoform", "Anna Schmidt"]),
        (Asked(recipient="Maria / Anna Schmidt"), ["Anna Schmidt"]),
        (Asked(recipient="Andreev A.S."), ["Andreev A.S.", "Andreev A.S."]),
        (Asked(recipient="Nord Sol S.A."), ["Nord Sol S.A."]),
        (Asked(recipient="Lyoform c/o Anna Schmidt"), ["Lyoform", "Anna Schmidt"]),
        (Asked(buyer="n/a", recipient="-"), []),
        (Asked(), []),
    ],
)
def test_hypotheses(asked, expected):
    assert [each.text for each in hypotheses(asked)] == expected


def test_whoever_has_a_contact_is_a_company():
    company, contact = hypotheses(Asked(recipient="Lyoform z.Hd. Anna Schmidt"))
    assert (company.company, contact.company) == (True, None)
    alone, _ = hypotheses(Asked(recipient="Lyoform / Anna Schmidt"))
    assert alone.company is None


def test_initials_may_look_like_a_legal_form():
    company, person = hypotheses(Asked(recipient="A.S. Andreev"))
    assert (company.name.words, company.company) == (("andreev",), True)
    assert (person.name.words, person.company) == (("a", "s", "andreev"), None)


def test_a_contact_is_no_company():
    company, contact = hypotheses(Asked(company="ООО Ромашка / Ivan Petrov"))
    assert (company.company, contact.company) == (True, None)


def test_usual_names():
    assert background(folds("smith")[0]) > background(folds("ackermann")[0]) > UNKNOWN
    assert background(folds("иванов")[0]) == background(folds("ivanov")[0])
    assert background("qqqq") == UNKNOWN
