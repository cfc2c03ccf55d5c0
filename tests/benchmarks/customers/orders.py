"""Orders of customers and of strangers, each made from its number alone; labels come in `labels`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from adapter.matching.asked import Asked
from adapter.model.catalog import Evidence
from tests.benchmarks.customers import companies, spellings
from tests.benchmarks.customers.catalog import (
    SHARED_MAIL,
    SHARED_PHONES,
    Catalog,
    Contact,
    Entry,
    Person,
    Who,
    fresh_contact,
    moved,
    relative,
    stranger,
)
from tests.benchmarks.customers.companies import Company
from tests.benchmarks.customers.languages import FEMALE, MALE, language
from tests.benchmarks.customers.places import written
from tests.benchmarks.customers.writing import FULL, Shown, write

KNOWN_SHARE = 0.62
NEIGHBOUR = " in one postal code"
"""Ends the stratum of those who cannot be told from a customer with a slip in the name."""
_GENDER_PAIRS = (
    "Александр Александра, Евгений Евгения, Валентин Валентина, Виктор Виктория, Валерий Валерия, Олександр "
    "Олександра, "
    "Віктор Вікторія, Євген Євгенія, Michael Michaela, Andreas Andrea, Gabriel Gabriele, Christian Christiane, "
    "Daniel Daniela, Stefan Stefanie, Martin Martina, Julian Juliane, Paweł Pawlina, Jan Jana, Mario Maria, Carlo "
    "Carla, "
    "Francesco Francesca, Paolo Paola, Antonio Antonia, Juan Juana, Manuel Manuela, Jean Jeanne, René Renée, Paul "
    "Paula, "
    "Aleksander Aleksandra, Patrick Patricia, Robert Roberta, Eric Erica, Simon Simone, Нурлан Нұрлана, Роман Романа"
)
_PAIRS = dict(pair.split(" ") for pair in _GENDER_PAIRS.split(", "))


@dataclass(frozen=True, slots=True)
class Draft:
    """An order and what its maker knows of it, before the catalog has been looked at for rivals.

    Attributes:
        target: number of the entry that it is from; None: from somebody who is not in the catalog.
        who: who it truly is from.
        home: how they are truly reached, as far as the catalog could know.
        contact: the evidence that the order carries, canonical; "" for what it does not.
        shown: the clearest name it shows of `who`.
        clouded: it shows other names too, so that a clerk may ask themselves whose order it is.
    """

    number: int
    asked: Asked
    target: int | None
    who: Who
    home: Contact
    contact: Contact
    shown: Shown
    clouded: bool
    strata: tuple[str, ...]

    @property
    def query_id(self) -> str:
        return f"Q{self.number:07}"


def draft(catalog: Catalog, number: int, attested: float = 0.0) -> Draft:
    """Order `number` of a catalog.

    Args:
        attested: share of the words from Cyrillic that are in spellings people use rather than a scheme's.
    """
    random = catalog.random(2, number)
    chance = random.random()
    target: int | None = None
    if chance < KNOWN_SHARE:
        entry = _known(catalog, random)
        target = entry.number
        who, contact = entry.who, entry.contact
        origin = f"known, {entry.relation}" if entry.relation else "known"
    elif chance < KNOWN_SHARE + (1 - KNOWN_SHARE) / 2:
        who, contact, origin = _lookalike(catalog, random)
    else:
        who, contact = stranger(random)
        origin = "stranger"
    return _order(number, who, contact, target, origin, random, attested)


def _known(catalog: Catalog, random: Random) -> Entry:
    """Any customer; every thirtieth time one who has a double in the catalog, if one is soon found."""
    entry = catalog.entry(random.randrange(catalog.size))
    if random.random() < 1 / 30:
        for _ in range(200):
            if entry.relation in {"father and son", "twice"}:
                break
            entry = catalog.entry(random.randrange(catalog.size))
    return entry


# -------------------- who is like a customer, and none


def _lookalike(catalog: Catalog, random: Random) -> tuple[Who, Contact, str]:
    entry = catalog.entry(random.randrange(catalog.size))
    chance = random.random()
    if isinstance(entry.who, Company):
        return _company_like(entry.who, entry.contact, chance, random)
    person = entry.who
    if chance < 0.4:
        other, kind, contact = relative(person, entry.contact, random.uniform(0.009, 0.055), random)
        return other, contact, f"lookalike: {kind}"
    if chance < 0.65:
        other, kind, contact = relative(person, entry.contact, 0.08, random)
        return other, contact, f"lookalike: {kind}"
    if chance < 0.8 and person.given in _PAIRS:
        other = replace(person, sex=FEMALE, given=_PAIRS[person.given])
        same_house = random.random() < 0.5
        contact = fresh_contact(other, random)
        if same_house:
            contact = replace(contact, place=entry.contact.place)
        return other, contact, "lookalike: gender pair"
    other = replace(person, surname=_near(person.surname, random))
    contact = fresh_contact(other, random)
    if random.random() < 0.1:
        return other, replace(contact, place=entry.contact.place), f"lookalike: near surname{NEIGHBOUR}"
    return other, contact, "lookalike: near surname"


def _company_like(company: Company, contact: Contact, chance: float, random: Random) -> tuple[Who, Contact, str]:
    kind = "same company name elsewhere"
    near = random.random() < 0.35
    if chance < 0.4:
        company, kind = companies.other_form(company, random), "same core, other form"
    elif chance < 0.65:
        company, kind = replace(company, core=_near(company.core, random), popular=False), "near company name"
        near = near and random.random() < 0.3
        kind += NEIGHBOUR if near else ""
    else:
        near = False
    fresh = fresh_contact(company, random)
    return company, replace(fresh, place=contact.place) if near else fresh, f"lookalike: {kind}"


_OTHERS = {"з": "с", "с": "з", "ж": "ч", "о": "а", "а": "о", "к": "г", "б": "п", "и": "ы", "р": "л", "т": "д", "н": "м"}
_OTHERS |= {
    "a": "o",
    "o": "a",
    "e": "i",
    "m": "n",
    "n": "m",
    "t": "d",
    "d": "t",
    "b": "p",
    "s": "z",
    "k": "g",
    "r": "l",
}


def _near(name: str, random: Random) -> str:
    """Another name, one or two letters away."""
    places = [at for at, letter in enumerate(name) if letter.lower() in _OTHERS and at > 0]
    if not places:
        return name + ("ко" if not name[-1].isascii() else "er")
    at = random.choice(places)
    return name[:at] + _OTHERS[name[at].lower()] + name[at + 1 :]


# -------------------- what the order shows


def _order(
    number: int, who: Who, contact: Contact, target: int | None, origin: str, random: Random, attested: float
) -> Draft:
    strata = [origin, "person" if isinstance(who, Person) else "company", f"language {who.language}"]
    carried, evidence_tags = _carried(contact, isinstance(who, Company), random)
    shown = write(who, random, attested)
    buyer, recipient, company, clouded = _fields(who, shown, random, attested)
    strata += dict.fromkeys(shown.tags + evidence_tags)
    asked = Asked(
        buyer=buyer,
        recipient=recipient,
        company=company,
        evidence=Evidence(
            emails=(carried.email,) if carried.email else (),
            phones=(_respelt(carried.phone, random),) if carried.phone else (),
            tax_ids=(carried.vat,) if carried.vat else (),
            postal_codes=(written(carried.place, random),) if carried.place.postal_code else (),
            city=_city(carried.place.city, random),
            country=carried.place.country,
        ),
    )
    if clouded:
        strata.append("other names beside")
    return Draft(number, asked, target, who, contact, carried, shown, clouded, tuple(strata))


def _carried(contact: Contact, company: bool, random: Random) -> tuple[Contact, list[str]]:
    """The evidence an order carries: some absent, some of it changed since, some shared by many."""
    tags = []
    if random.random() < 0.18:
        contact = moved(contact, random)
        tags.append("moved")
    if random.random() < 0.05:
        contact = replace(contact, phone=fresh_contact(_NOBODY, random).phone)
        tags.append("other phone")
    if random.random() < 0.04:
        contact = replace(contact, email=fresh_contact(_NOBODY, random).email)
        tags.append("other account")
    if random.random() < 0.03:
        contact = replace(contact, phone=random.choice(SHARED_PHONES))
        tags.append("shared phone")
    if random.random() < (0.06 if company else 0.01):
        contact = replace(contact, email=SHARED_MAIL)
        tags.append("shared e-mail")
    if random.random() < 0.03:
        return replace(contact, email="", phone="", vat="", place=replace(contact.place, postal_code="")), [
            *tags,
            "no evidence",
        ]
    if random.random() > 0.86:
        contact = replace(contact, email="")
    if random.random() > 0.6:
        contact = replace(contact, phone="")
    if random.random() > 0.6:
        contact = replace(contact, vat="")
    if random.random() > 0.96:
        contact = replace(contact, place=replace(contact.place, postal_code=""))
    return contact, tags


_NOBODY = Person("de", MALE, "", "", "")


def _respelt(phone: str, random: Random) -> str:
    country, area, local = phone.split(" ")
    shapes = (
        phone,
        f"{country}{area}{local}",
        f"0{area} {local}",
        f"00{country[1:]}{area}{local}",
        f"{country} (0){area} {local}",
    )
    return random.choices(shapes, (30, 35, 20, 10, 5))[0]


def _city(city: str, random: Random) -> str:
    if city and not city[0].isascii() and random.random() < 0.8:
        return spellings.latin(city, "kk", "bgn_kk")
    return spellings.without_marks(city) if random.random() < 0.3 else city


def _fields(who: Who, shown: Shown, random: Random, attested: float) -> tuple[str, str, str, bool]:
    """Buyer, recipient, company, and whether other names stand beside the one that counts."""
    if isinstance(who, Person):
        return _fields_of_person(who, shown, random, attested)
    return (*_fields_of_company(shown, random, attested), False)


def _fields_of_person(who: Person, shown: Shown, random: Random, attested: float) -> tuple[str, str, str, bool]:
    chance = random.random()
    if chance < 0.72:
        return shown.text, shown.text, "", False
    if chance < 0.80:
        return "", shown.text, "", False
    if chance < 0.84:
        return shown.text.split(" ")[0].lower(), shown.text, "", False
    if chance < 0.92:  # the same person, written twice by different hands
        second = write(who, random, attested)
        if second.given == FULL:
            shown.given, shown.middle = FULL, shown.middle or second.middle
        return shown.text, second.text, "", False
    if chance < 0.955:
        shown.tags.append("gift")
        return shown.text, _somebody(random, attested), "", True
    if chance < 0.97:
        shown.tags.append("c/o")
        return shown.text, f"{shown.text} c/o {_somebody(random, attested).split(' ')[-1]}", "", False
    shown.tags.append("at work")
    return shown.text, shown.text, write(companies.any_company(random), random, attested).text, True


def _fields_of_company(shown: Shown, random: Random, attested: float) -> tuple[str, str, str]:
    chance = random.random()
    somebody = _somebody(random, attested)
    if chance < 0.35:
        return somebody, somebody, shown.text
    if chance < 0.55:
        return shown.text, shown.text, ""
    if chance < 0.7:
        return somebody, shown.text, ""
    if chance < 0.84:
        shown.tags.append("mixed line")
        return somebody, f"{shown.text} {random.choice(('/', '/', 'z.Hd.', 'c/o'))} {somebody}", ""
    if chance < 0.88:
        shown.tags.append("proxy buyer")
        return "Amazon Business EU SARL", shown.text, shown.text
    return shown.text, somebody, shown.text


def _somebody(random: Random, attested: float) -> str:
    """Another person's name."""
    code = random.choice(("de", "ru", "uk", "pl", "fr"))
    names, sex = language(code), random.choice((MALE, FEMALE))
    person = Person(code, sex, names.given[sex].pick(random), "", names.surname(random))
    return write(person, random, attested).text
