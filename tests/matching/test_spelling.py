"""Cyrillic names in Latin letters."""

from __future__ import annotations

import pytest
from rapidfuzz import fuzz

from adapter.matching.folds import folds
from adapter.matching.spelling import can_spell

SPELLINGS = {
    "щербаков": "shcherbakov schtscherbakow chtcherbakov szczerbakow",
    "иванов": "ivanov iwanow ivanoff",
    "сергей": "sergei sergey sergej serguei",
    "дмитрий": "dmitri dmitry dmitriy dmitrii dmitrij",
    "юрий": "yuri yury yuriy iurii jurij",
    "юлия": "yulia yuliya iuliia julia juliya",
    "наталья": "natalia natalya nataliya",
    "наталія": "natalia nataliia nataliya natalija",
    "татьяна": "tatiana tatyana tatjana",
    "александр": "alexander alexandre aleksandr alexandr",
    "олександр": "oleksandr olexandr",
    "ксения": "ksenia xenia kseniya",
    "петр": "petr pyotr piotr peter",
    "евгений": "evgeny yevgeny evgenii jewgenij",
    "зайцев": "zaitsev zaytsev zajcev zaicew",
    "жуков": "zhukov joukov",
    "шевченко": "shevchenko schewtschenko szewczenko",
    "харченко": "kharchenko harchenko",
    "гриценко": "hrytsenko gritsenko",
    "диана": "diana",
    "мария": "maria mariya mariia marija",
    "гофман": "hofmann hoffmann gofman",
    "мюллер": "muller mueller myuller",
    "тарас": "taras",
}
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
    "": "a",
    "山本": "yamamoto",
}


PAIRS = [(name, word) for name, all_ in SPELLINGS.items() for word in all_.split()]


@pytest.mark.parametrize(("cyrillic", "latin"), PAIRS)
def test_a_usual_spelling(cyrillic, latin):
    assert can_spell(latin, cyrillic)


@pytest.mark.parametrize(
    ("cyrillic", "latin"), [(name, word) for name, all_ in OTHERS.items() for word in all_.split()]
)
def test_another_name(cyrillic, latin):
    assert not can_spell(latin, cyrillic)


def test_long_words_take_no_time():
    assert not can_spell("i" * 2000 + "x", "и" * 2000)


@pytest.mark.parametrize(("cyrillic", "latin"), PAIRS)
def test_a_spelling_is_found_by_its_fold(cyrillic, latin):
    assert fuzz.ratio(folds(cyrillic)[0], folds(latin)[0]) >= 75


@pytest.mark.parametrize("cyrillic", ["щербаков", "диана", "мария", "юлия", "шевченко", "тарас", "жуков"])
def test_most_spellings_share_a_fold(cyrillic):
    assert {folds(latin)[0] for latin in SPELLINGS[cyrillic].split()[:1]} == {folds(cyrillic)[0]}


def test_a_fold_is_coarse():
    assert folds("диана") == folds("дана") == ("dana",)
    assert folds("захаров") == folds("сахаров")
