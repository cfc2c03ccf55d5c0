"""Given names, surnames and how often they occur, for eleven languages.

The commonest names and the parts of rare surnames are own work (names.txt). Faker's lists (MIT licence) come between
them, with true counts where it has them; without it, as in tests, the own lists do, and more people share a name.
"""

from __future__ import annotations

import importlib
from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

MALE, FEMALE = 0, 1
SHARES = {"ru": 24, "uk": 14, "kk": 7, "de": 19, "fr": 8, "pl": 7, "tr": 4, "es": 5, "en": 6, "it": 4, "nl": 2}
"""Of the persons, in per cent."""
_RARE = {
    "ru": 0.45,
    "uk": 0.4,
    "kk": 0.5,
    "de": 0.25,
    "en": 0.3,
    "fr": 0.2,
    "tr": 0.5,
    "it": 0.2,
    "nl": 0.15,
    "es": 0.1,
}
"""The share of the people whose surname is put together."""
_UNHEARD_OF = 0.3
"""The share of those whose surname is in no list at all."""
_LOCALES = {
    "ru": "ru_RU", "uk": "uk_UA", "kk": "", "de": "de_DE de_AT", "fr": "fr_FR fr_BE", "pl": "pl_PL", "tr": "tr_TR",
    "es": "es_ES es_MX", "en": "en_US en_GB", "it": "it_IT", "nl": "nl_NL nl_BE",
}  # fmt: skip
_lists = {"faker": True}


@dataclass(frozen=True, slots=True)
class Weighted:
    """Names and their cumulated weights."""

    names: tuple[str, ...]
    cumulated: tuple[float, ...]

    @classmethod
    def of(cls, weights: Mapping[str, float]) -> Weighted:
        return cls(tuple(weights), tuple(accumulate(weights.values())))

    def pick(self, random: Random) -> str:
        return self.names[bisect(self.cumulated, random.random() * self.cumulated[-1], 0, len(self.names) - 1)]


@dataclass(frozen=True, slots=True)
class Language:
    """How people are called. `given` and `middle`, which is for patronymics, are by sex."""

    code: str
    given: tuple[Weighted, Weighted]
    surnames: Weighted
    middle: tuple[Weighted, Weighted] | None = None

    def surname(self, random: Random) -> str:
        """A surname as men bear it; some are so rare that no list has them."""
        name = self.surnames.pick(random)
        if random.random() > _UNHEARD_OF:
            return name
        other = self.surnames.pick(random)
        return name[: len(name) // 2 + 1].rstrip(" -'") + other[len(other) // 2 :].lstrip(" -'").lower()

    @property
    def is_cyrillic(self) -> bool:
        return self.code in {"ru", "uk", "kk"}


def use_own_lists() -> None:
    """From now on in this process, do without Faker: where it is missing or must not count."""
    _lists["faker"] = False
    language.cache_clear()


@cache
def language(code: str) -> Language:
    """A language with its names, ready to pick from."""
    locales = _LOCALES[code].split() if _lists["faker"] else []
    people = [importlib.import_module(f"faker.providers.person.{locale}").Provider for locale in locales]
    given = (
        _given(code, "male", [person.first_names_male for person in people]),
        _given(code, "female", [person.first_names_female for person in people]),
    )
    return Language(code, given, _surnames(code, people), _patronymics(code, given[MALE]))


@cache
def _own() -> dict[str, tuple[str, ...]]:
    """names.txt: what it lists, by language and kind."""
    lines = Path(__file__).with_name("names.txt").read_text(encoding="utf-8").splitlines()
    parts = (line.partition(":") for line in lines if not line.startswith("#"))
    return {what: tuple(name.replace("_", " ") for name in dict.fromkeys(names.split())) for what, _, names in parts}


def _given(code: str, sex: str, lists: list[Iterable[str]]) -> Weighted:
    """The common names by rank; the rest of Faker's are as rare as their counts say, or equally."""
    weights = _zipf(_own()[f"{code} {sex}"], 3, 0.85, 1.0)
    for names in lists:
        counts = dict(names) if isinstance(names, Mapping) else {name: 1.0 for name in names if name}
        total = sum(counts.values()) * len(lists) * 4
        for name, count in counts.items():
            weights.setdefault(name, count / total)
    return Weighted.of(weights)


def _surnames(code: str, people: list[Any]) -> Weighted:
    rare = _RARE.get(code, 0.0 if people else 0.4)
    weights = _zipf(_own()[f"{code} surname"], 8, 0.8, (1 - rare) * (0.35 if people else 1.0))
    for person in people:
        lists = [getattr(person, name, ()) for name in ("unisex_last_names", "male_last_names", "last_names_male")]
        names = next((names for names in lists if names), getattr(person, "last_names", ()))
        if not isinstance(names, Mapping):
            ranked = list(dict.fromkeys(names))
            Random(code).shuffle(ranked)  # in alphabetical order there: any other is nearer to life
            names = _zipf(ranked, 10, 0.8, 1.0)
        total = sum(names.values()) * len(people) / (0.65 * (1 - rare))
        for name, count in names.items():
            weights[name] = weights.get(name, 0.0) + count / total
    made = list(dict.fromkeys(head + tail for head in _own()[f"{code} head"] for tail in _own()[f"{code} tail"]))
    made = [name if " " in name else name[0].upper() + name[1:] for name in made]
    Random(code).shuffle(made)
    for name, weight in _zipf([name for name in made if name not in weights], 200, 0.8, rare).items():
        weights[name] = weight
    return Weighted.of(weights)


def _zipf(names: Iterable[str], offset: int, exponent: float, total: float) -> dict[str, float]:
    """Weights by rank that add up to `total`."""
    weights = {name: 1 / (rank + offset) ** exponent for rank, name in enumerate(names)}
    scale = total / sum(weights.values()) if weights else 0.0
    return {name: weight * scale for name, weight in weights.items()}


def _patronymics(code: str, fathers: Weighted) -> tuple[Weighted, Weighted] | None:
    """Patronymics, as frequent as fathers of the name."""
    if code not in {"ru", "uk", "kk"}:
        return None
    found: tuple[dict[str, float], dict[str, float]] = ({}, {})
    before = 0.0
    for father, cumulated in zip(fathers.names, fathers.cumulated, strict=True):
        for sex in (MALE, FEMALE):
            found[sex][patronymic(father, sex, code)] = cumulated - before
        before = cumulated
    return Weighted.of(found[MALE]), Weighted.of(found[FEMALE])


_IRREGULAR = {
    "Павел": "Павл", "Пётр": "Петр", "Лев": "Льв", "Илья": "Ильи", "Никита": "Никит", "Дмитрий": "Дмитри",
    "Михаил": "Михайл", "Микола": "Микол", "Петро": "Петр", "Павло": "Павл", "Дмитро": "Дмитр", "Ігор": "Ігор",
}  # fmt: skip


@cache
def patronymic(father: str, sex: int, code: str) -> str:
    """The name after the father's, by the rules of the language."""
    if code == "kk":
        return father + ("ұлы", "қызы")[sex]
    stem = _IRREGULAR.get(father, father)
    if code == "uk":
        soft = stem.endswith("й")
        stem = stem.rstrip("йьоа")
        return stem + (("йович", "ївна") if soft else ("ович", "івна"))[sex]
    if stem == "Ильи":
        return ("Ильич", "Ильинична")[sex]
    if stem.endswith("ий") and len(stem) > 4:
        return stem[:-2] + ("ьевич", "ьевна")[sex]
    if stem[-1] in "йьи":
        return (stem if stem.endswith("и") else stem[:-1]) + ("евич", "евна")[sex]
    return stem.rstrip("ая") + (("ич", "ична") if stem[-1] in "ая" else ("ович", "овна"))[sex]


def feminine(surname: str, code: str) -> str:
    """The surname as a woman bears it."""
    if code in {"ru", "kk"}:
        if surname.endswith(("ов", "ев", "ёв", "ин", "ын")):
            return surname + "а"
        if surname.endswith(("ский", "цкий")):
            return surname[:-2] + "ая"
        if surname.endswith("ұлы"):
            return surname[:-3] + "қызы"
    if code == "uk":
        if surname.endswith(("ов", "єв", "ев", "ін", "їн")):
            return surname + "а"
        if surname.endswith(("ський", "цький")):
            return surname[:-2] + "а"
    if code == "pl" and surname.endswith(("ski", "cki", "dzki")):
        return surname[:-1] + "a"
    return surname


_CODES = Weighted.of({code: float(share) for code, share in SHARES.items()})


def any_language(random: Random) -> str:
    """A language, as frequent as it is among customers."""
    return _CODES.pick(random)
