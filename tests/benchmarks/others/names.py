"""Who there is: given names and surnames of eleven languages, and companies."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, TypeVar

SHARES: Final = {
    **{"ru": 0.26, "uk": 0.2, "kk": 0.05, "de": 0.16, "fr": 0.07, "pl": 0.08, "tr": 0.05, "es": 0.05, "en": 0.05},
    **{"it": 0.02, "nl": 0.01},
}
COUNTRIES: Final = {code: code.upper() for code in SHARES} | {"uk": "UA", "kk": "KZ", "en": "GB"}
MALE, FEMALE = 0, 1
_OF_WOMEN: Final = (
    *(("ский", "ская"), ("цкий", "цкая"), ("ський", "ська"), ("цький", "цька"), ("ов", "ова"), ("ев", "ева")),
    *(("ин", "ина"), ("ski", "ska"), ("cki", "cka")),
)
_Item = TypeVar("_Item")
_PATRONYMIC: Final = {"ru": ("ович", "овна"), "uk": ("ович", "івна"), "kk": ("ұлы", "қызы")}
# Rare surnames of Russia, which lists do not have, are put together of these.
_BEGINNINGS: Final = (
    "Бал Бар Бел Бор Бул Вар Вел Верх Вол Гор Гул Дем Дол Дуб Ерм Жар Зав Зел Зим Кал Кам Кар Кол Кор Кос Куз Лап "
    "Лен Лоб Лук Мал Мар Мед Мел Мор Мят Нов Ног Овч Ост Пар Пер Пест Плет Под Рог Роз Руд Сав Сел Сид Скор Сол Ста "
    "Сур Тар Тим Тих Том Тур Уст Фил Хал Хар Цап Чар Чер Чув Шал Шам Шев Шир Шум Щер Юд Яр"
).split()
_MIDDLES: Final = (
    "ад ак ал ам ан ар ас ат ев ег ел ен ер ет иг ик ил им ин ир ит об ов ог ок ол он ор ос от уб ун ут ыш".split()
)
_ENDINGS: Final = (
    ("ов", "ова"),
    ("ин", "ина"),
    ("кин", "кина"),
    ("ский", "ская"),
    ("ков", "кова"),
    ("ников", "никова"),
)
_CORES: Final = {
    "ru": "Ромашка Альянс Вектор Стройтех Промсервис Гарант Меридиан Орион Сигма Технолюкс Лидер Арсенал Рассвет "
    "Глобус Империал Кристалл Магнат Олимп Паритет Радуга Спектр Триумф Формула Энергия Эталон Атлант Базис Каскад "
    "Лотос Мегаполис",
    "uk": "Світанок Мрія Козак Дніпро Карпати Україна Будсервіс Промінь Вулик Калина Обрій Веселка Зоря Лан Криниця "
    "Гетьман Десна Хортиця Злагода Добробут",
    "de": "Adler Nord Süd Berg Stein Elbe Rhein Technik Bauer Handel Licht Werk Haus Garten Metall Holz Druck Optik "
    "Brücke Linde",
    "en": "Smart Blue River Oak Stone Bright North Star Silver Prime Global Next Solid Urban Pixel Green Logic Vertex "
    "Atlas Quantum",
}
FORMS: Final = {
    "ru": ("ООО", "ЗАО", "АО", "ИП"),
    "uk": ("ТОВ", "ПП", "ФОП", "ПрАТ"),
    "de": ("GmbH", "UG", "GmbH & Co. KG", "AG"),
    "en": ("Ltd", "LLC", "Inc.", "PLC"),
}
LATIN_FORMS: Final = {
    "ООО": "OOO", "ЗАО": "ZAO", "АО": "AO", "ИП": "IP", "ТОВ": "TOV", "ПП": "PP", "ФОП": "FOP", "ПрАТ": "PrAT",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody; `surnames` are the man's and the woman's form of theirs, `patronymic` may be empty."""

    language: str
    sex: int
    given: str
    surnames: tuple[str, str]
    patronymic: str

    @property
    def surname(self) -> str:
        """As this person bears it."""
        return self.surnames[self.sex]


@dataclass(frozen=True, slots=True)
class Company:
    """A company; `core` is its name without the legal form."""

    language: str
    core: tuple[str, ...]
    form: str


Who = Person | Company


@dataclass(frozen=True, slots=True)
class Language:
    """Names of a language by sex, the usual ones first; surnames as pairs of a man's and a woman's form."""

    given: tuple[tuple[str, ...], tuple[str, ...]]
    surnames: tuple[tuple[str, str], ...]


class Names:
    """All names there are, and people and companies made of them."""

    def __init__(self, languages: dict[str, Language]) -> None:
        self._languages = languages
        self._shares = [SHARES[code] for code in languages]
        self._cores = {code: cores.split() for code, cores in _CORES.items() if code in languages}

    @classmethod
    def usual(cls) -> Names:
        """Those of mimesis, which comes with `./dev bench`; how usual each is, is drawn once and for all."""
        return cls({code: _language(code) for code in SHARES})

    def person(
        self, random: Random, code: str = "", sex: int | None = None, surnames: tuple[str, str] | None = None
    ) -> Person:
        """Somebody, of a language, a sex and a family if need be."""
        code = code or random.choices(list(self._languages), self._shares)[0]
        language = self._languages[code]
        sex = random.choice((MALE, FEMALE)) if sex is None else sex
        if surnames is None:
            surnames = _rare(random) if code == "ru" and random.random() < 0.5 else _usual(language.surnames, random)
        given = _usual(language.given[sex], random)
        patronymic = ""
        if code in _PATRONYMIC and random.random() < 0.75:
            father = _usual(language.given[MALE], random)
            if code != "kk" and father[-1] in "йьаяоеі":
                father = father[:-1]
            patronymic = father + _PATRONYMIC[code][sex]
        return Person(code, sex, given, surnames, patronymic)

    def company(self, random: Random, code: str = "") -> Company:
        """A company."""
        code = code or random.choice(list(self._cores))
        core = random.sample(self._cores[code], 1 if random.random() < 0.25 else 2)
        if random.random() < 0.6:
            core.append(_rare(random)[0] if code in {"ru", "uk"} else _usual(self._languages[code].surnames, random)[0])
        if random.random() < 0.05:
            number = random.randint(2, 60)
            core.append(f"№{number}" if code in {"ru", "uk"} else str(number))
        return Company(code, tuple(core), random.choice(FORMS[code]))


def _usual(items: Sequence[_Item], random: Random) -> _Item:
    """One of many, the first ones much more often."""
    share = random.random()
    at = int((len(items) ** 0.1 * share + (1 - share)) ** 10)
    return items[min(len(items), max(at, 1)) - 1]


def _rare(random: Random) -> tuple[str, str]:
    stem = random.choice(_BEGINNINGS) + random.choice(_MIDDLES)
    man, woman = random.choice(_ENDINGS)
    return stem + man, stem + woman


def _language(code: str) -> Language:
    mimesis = importlib.import_module("mimesis")
    data = mimesis.Person(getattr(mimesis.Locale, code.upper()), seed=1)._dataset
    random = Random(5)
    men, women = (
        _shuffled([name for name in data["names"][sex] if len(name) > 2], random) for sex in ("male", "female")
    )
    surnames = data["surnames"]
    families = surnames["male"] if isinstance(surnames, dict) else surnames
    return Language((men, women), _shuffled([(name, womans(name)) for name in families], random))


def _shuffled(items: Sequence[_Item], random: Random) -> tuple[_Item, ...]:
    found = list(dict.fromkeys(items))
    random.shuffle(found)
    return tuple(found)


def womans(surname: str) -> str:
    """A surname as women bear it."""
    for ending, of_women in _OF_WOMEN:
        if surname.endswith(ending):
            return surname[: len(surname) - len(ending)] + of_women
    return surname
