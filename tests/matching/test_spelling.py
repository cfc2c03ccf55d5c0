"""Cyrillic names in Latin letters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.matching.folds import folds, skeleton
from adapter.matching.initials import first_letters
from adapter.matching.names import Name
from adapter.matching.spelling import can_spell, same
from adapter.matching.wordfits import may_begin
from tests.matching.attested import PAIRS

OTHERS = {
    "диана": "dana",
    "дана": "diana",
    "мария": "mara mariana",
    "мара": "maria",
    "захаров": "sakharov",
    "сахаров": "zakharov",
    "жуков": "chukov",
    "зуков": "zhukov",
    "чумаков": "shumakov",
    "шумаков": "chumakov",
    "анна": "ana",
    "иванов": "ivanova ivano",
    "иванова": "ivanov",
    "александр": "alexandra",
    "юлиан": "ulan",
    "ким": "kin",
    "краевски": "krajewzki",
    "сотов": "zotov",
    "зотов": "sotov",
    "касин": "cazin",
    "самойлов": "zamoilov",
    "петринко": "petrineko",
    "": "a",
    "山本": "yamamoto",
}


@pytest.mark.parametrize(("cyrillic", "latin"), PAIRS)
def test_a_usual_spelling(cyrillic, latin):
    assert can_spell(latin, cyrillic)


@pytest.mark.parametrize(
    ("cyrillic", "latin"), [(name, word) for name, all_ in OTHERS.items() for word in all_.split()]
)
def test_another_name(cyrillic, latin):
    assert not can_spell(latin, cyrillic)


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("санчес", "sanchez"),
        ("гонсалес", "gonzalez"),
        ("родригес", "rodriguez"),
        ("васкес", "vazquez"),
        ("ортис", "ortiz"),
        ("перес", "perez"),
        ("гутьеррес", "gutierrez"),
        ("гарсия", "garcia"),
        ("кузнецов", "kuznetcov"),
        ("цветкова", "tcvetkova"),
        ("зотов", "sotow"),
        ("путин", "poutine"),
        ("иванов", "ivanoff"),
    ],
)
def test_a_spelling_of_one_country(cyrillic, latin):
    assert can_spell(latin, cyrillic)


def test_long_words_take_no_time():
    assert not can_spell("i" * 2000 + "x", "и" * 2000)


@pytest.mark.parametrize(("cyrillic", "latin"), PAIRS)
def test_spellings_share_a_fold(cyrillic, latin):
    assert set(folds(cyrillic)) & set(folds(latin))


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("асхат", "askhat ashat aschat"),
        ("восход", "voskhod voshod woschod voskhod"),
        ("білоус", "bilous"),
        ("сәтжан", "satzhan"),
    ],
)
def test_letters_that_meet(cyrillic, latin):
    for each in latin.split():
        assert set(folds(cyrillic)) & set(folds(each))
        assert same(cyrillic, each)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("захаров", "сахаров"),
        ("жуков", "чуков"),
        ("диана", "дана"),
        ("мария", "мара"),
        ("захаров", "sakharov"),
        ("жуков", "chukov"),
        ("zakharov", "sakharov"),
        ("zhukov", "chukov"),
        ("diana", "dana"),
        ("hofmann", "hoffmann"),
    ],
)
def test_one_fold_and_two_names(one, other):
    assert set(folds(one)) & set(folds(other))
    assert not same(one, other)
    assert not same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("shcherbakov", "schtscherbakow"),
        ("shcherbakov", "szczerbakow"),
        ("yuriy", "jurij"),
        ("youri", "iurii"),
        ("evgeny", "yevgeniy"),
        ("aleksey", "alexei"),
        ("joukov", "zhukov"),
        ("khrushchev", "chruschtschow"),
        ("zelenskyy", "selenskyj"),
        ("poutine", "putin"),
        ("kuznetcov", "kuznetsov"),
        ("sacharow", "zakharov"),
        ("muller", "mueller"),
        ("зеленський", "зеленский"),
        ("қасымов", "касымов"),
        ("соловйов", "соловьов"),
    ],
)
def test_spellings_in_one_script(one, other):
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("meyer", "mayer"),
        ("rosa", "rossa"),
        ("bauer", "baur"),
        ("gabriel", "gabriele"),
        ("antonie", "antonio"),
        ("sakharov", "zacharow"),
    ],
)
def test_names_in_one_script(one, other):
    assert not same(one, other)


def test_skeletons():
    assert skeleton("Serbakov") == skeleton("Sirbokav") == "Srbkv"
    assert skeleton("ivanov") == skeleton("evanov") == "Avnv"
    assert skeleton("") == ""


SCHEMES = {
    "passport": "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y - e iu ia",
    "bgn": "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya",
    "scientific": "a b v g d e ž z i j k l m n o p r s t u f ch c č š šč - y - è ju ja",
    "iso 9": "a b v g d e ž z i j k l m n o p r s t u f h c č š ŝ - y - è û â",
    "gost b": "a b v g d e zh z i j k l m n o p r s t u f x cz ch sh shh - y - e yu ya",
    "german": "a b w g d e sch s i i k l m n o p r s t u f ch z tsch sch schtsch - y - e ju ja",
    "french": "a b v g d e j z i i k l m n o p r s t ou f kh ts tch ch chtch - y - e iou ia",
    "polish": "a b w g d e ż z i j k l m n o p r s t u f ch c cz sz szcz - y - e ju ja",
}
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
STEMS = st.sampled_from(
    "иван петр щерб жук чайков хрущ цветк мельнич шевч горбач захар федор юрьев яковл леонтьев емельян тихомир".split()
)
ENDINGS = st.sampled_from("ов ев ский енко ук ин ова ева ская ина ович овна ий".split())


@settings(max_examples=300, derandomize=True, deadline=None)
@given(stem=STEMS, ending=ENDINGS, scheme=st.sampled_from(sorted(SCHEMES)))
def test_a_word_spelled_by_a_scheme(stem, ending, scheme):
    letters = dict(zip(CYRILLIC, SCHEMES[scheme].replace("-", "").split(" "), strict=True))
    word = stem + ending
    (latin,) = Name.of("".join(letters[letter] for letter in word)).words
    assert set(folds(word)) & set(folds(latin))
    assert same(word, latin)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(one=st.text("aeiouyjhgszckwvtrnлвиеюящжсзц", max_size=12), other=st.text("aeiouyjhgszckwлвиещжс", max_size=12))
def test_any_two_words(one, other):
    assert folds(one) == tuple(dict.fromkeys(folds(one)))
    assert same(one, one)
    assert same(one, other) == same(other, one)


def test_whoever_an_initial_may_stand_for_begins_with_one_of_its_letters():
    words = {word for pair in PAIRS for word in pair}
    letters = "abcdefghijklmnopqrstuvwxyzабвгґдеєжзиіїйклмнопрстуфхцчшщыэюяәқғұү"
    pairs = [(letter, word) for letter in letters for word in words if may_begin(letter, word)]
    assert len(pairs) > len(words)
    assert [(letter, word) for letter, word in pairs if word[0] not in first_letters(letter)] == []
