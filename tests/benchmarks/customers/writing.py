"""How a buyer's name comes out of Amazon: spelt by somebody, shortened, mistyped, mixed with other things."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tests.benchmarks.customers import companies, spellings
from tests.benchmarks.customers.catalog import Person
from tests.benchmarks.customers.companies import Company
from tests.benchmarks.customers.languages import FEMALE, language

FULL, INITIAL, MISSING = "full", "initial", "missing"

_TITLES = {
    "ru": ("г-н", "Mr", "Herr", "Frau"), "uk": ("пан", "Mr", "Ms"), "kk": ("Mr",), "de": ("Herr", "Dr.", "Prof. Dr."),
    "fr": ("M.", "Mme"), "pl": ("Pan", "dr"), "tr": ("Sayın",), "es": ("Sr.", "Don"), "en": ("Mr", "Mrs", "Dr"),
    "it": ("Sig.", "Dott."), "nl": ("Dhr.", "Mevr."),
}  # fmt: skip
_EQUIVALENT = {
    "Олександр": "Александр", "Сергій": "Сергей", "Володимир": "Владимир", "Андрій": "Андрей", "Микола": "Николай",
    "Василь": "Василий", "Михайло": "Михаил", "Юрій": "Юрий", "Олексій": "Алексей", "Дмитро": "Дмитрий",
    "Віктор": "Виктор", "Віталій": "Виталий", "Анатолій": "Анатолий", "Ігор": "Игорь", "Петро": "Пётр",
    "Павло": "Павел", "Євген": "Евгений", "Григорій": "Григорий", "Олена": "Елена", "Наталія": "Наталья",
    "Ірина": "Ирина", "Тетяна": "Татьяна", "Марія": "Мария", "Світлана": "Светлана", "Ганна": "Анна",
    "Катерина": "Екатерина", "Юлія": "Юлия", "Вікторія": "Виктория", "Надія": "Надежда", "Софія": "София",
}  # fmt: skip
_TO_UKRAINIAN = {russian: ukrainian for ukrainian, russian in _EQUIVALENT.items()}
_KAZAKH_AS_RUSSIAN = str.maketrans("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноуухиАГКНОУУХИ")
_KEYS = "qwertyuiopasdfghjklzxcvbnm"
_KEYS_CYRILLIC = "йцукенгшщзхфывапролджэячсмитьбю"


def same_given(one: str, other: str) -> bool:
    """Whether two given names are forms of one name in Russian and Ukrainian, or written the same without marks."""
    one, other = (_EQUIVALENT.get(name, name).translate(_KAZAKH_AS_RUSSIAN) for name in (one, other))
    return one == other


@dataclass(slots=True)
class Shown:
    """A name as written, and how much of the truth it shows."""

    text: str
    given: str = FULL
    middle: bool = False
    form: bool = False
    slips: int = 0
    tags: list[str] = field(default_factory=list)


def write(who: Person | Company, random: Random, attested: float) -> Shown:
    """The name as one writer writes it."""
    if isinstance(who, Person):
        return _person(who, random, attested)
    tags: list[str] = []
    scheme = spellings.any_scheme(who.language, random) if language(who.language).is_cyrillic else ""
    text, form = companies.as_buyer(who, random, scheme, tags, attested)
    shown = Shown(text, form=form, tags=tags)
    if random.random() < 0.05:
        _slip(shown, random)
    return shown


def _person(person: Person, random: Random, attested: float) -> Shown:
    shown = Shown("")
    surname, given, middle = _spelt(person, random, attested, shown.tags)
    text = _arranged(surname, given, middle, random, shown)
    chance = random.random()
    if chance < 0.09:
        text = text.upper()
        shown.tags.append("case")
    elif chance < 0.13:
        text = text.lower()
        shown.tags.append("case")
    if random.random() < 0.03:
        text = f"{random.choice(_TITLES[person.language])} {text}"
        shown.tags.append("title")
    shown.text = text
    chance = random.random()
    if chance < 0.07:
        _slip(shown, random)
    if chance < 0.008:
        _slip(shown, random)
    return shown


def _spelt(person: Person, random: Random, attested: float, tags: list[str]) -> tuple[str, str, str]:
    code, surname, given, middle = person.language, person.own_surname, person.given, person.middle
    if person.sex == FEMALE and surname != person.surname and random.random() < 0.03:
        surname = person.surname
        tags.append("masculine surname")
    if language(code).is_cyrillic:
        if code == "uk" and given in _EQUIVALENT and random.random() < 0.06:
            code, given, middle = "ru", _EQUIVALENT[given], ""
            tags.append("equivalent given name")
        elif code == "ru" and given in _TO_UKRAINIAN and random.random() < 0.03:
            code, given, middle = "uk", _TO_UKRAINIAN[given], ""
            tags.append("equivalent given name")
        if random.random() < 0.2:
            return surname, given, middle
        scheme = spellings.any_scheme(code, random)
        tags.extend(("script", f"scheme {scheme}"))
        if attested:
            tags.append("attested")
        return (
            spellings.spelt(surname, code, scheme, random, attested),
            spellings.spelt(given, code, scheme, random, attested),
            spellings.latin(middle, code, scheme) if middle else "",
        )
    if code == "es" and " " in surname and random.random() < 0.3:
        surname = surname.split(" ")[0]
        tags.append("one surname of two")
    chance = random.random()
    if chance < 0.15:
        surname, given, middle = (spellings.without_marks(word) for word in (surname, given, middle))
    elif chance < 0.25 and code == "de":
        surname, given, middle = (spellings.german_marks(word) for word in (surname, given, middle))
    return surname, given, middle


def _arranged(surname: str, given: str, middle: str, random: Random, shown: Shown) -> str:
    """The parts in an order, some shortened or left out."""
    chance = random.random()
    if chance < 0.045:
        shown.given = INITIAL
        shown.tags.append("initial")
        initials = f"{given[0]}.{middle[0]}." if middle and random.random() < 0.4 else f"{given[0]}."
        return f"{initials} {surname}" if random.random() < 0.6 else f"{surname} {initials}"
    if middle and random.random() < (0.3 if shown.given == FULL and len(middle) > 5 else 0.15):
        shown.middle = True
        if random.random() < 0.5:
            return f"{surname} {given} {middle}"
        if random.random() < 0.3:
            shown.tags.append("middle initial")
            return f"{given} {middle[0]}. {surname}"
        return f"{given} {middle} {surname}"
    if middle:
        shown.tags.append("middle missing")
    if random.random() < 0.25:
        shown.tags.append("surname first")
        return f"{surname}, {given}" if random.random() < 0.2 else f"{surname} {given}"
    return f"{given} {surname}"


def _slip(shown: Shown, random: Random) -> None:
    """One letter wrong, missing, doubled or in the other's place, in a word of five letters at least."""
    words = shown.text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    if not long:
        return
    at = random.choice(long)
    word = words[at]
    where = random.randrange(1, len(word) - 1)
    kind = random.randrange(4)
    keys = _KEYS if word[where].isascii() else _KEYS_CYRILLIC
    if kind == 0:
        changed = word[:where] + word[where + 1 :]
    elif kind == 1:
        changed = word[:where] + random.choice(keys) + word[where + 1 :]
    elif kind == 2:
        changed = word[:where] + word[where + 1] + word[where] + word[where + 2 :]
    else:
        changed = word[:where] + random.choice(keys) + word[where:]
    if changed != word:
        words[at] = changed
        shown.text = " ".join(words)
        shown.slips += 1
        if "typo" in shown.tags:
            shown.tags.append("two typos")
        else:
            shown.tags.append("typo")
