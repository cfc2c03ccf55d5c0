"""The customers of an infobase, each made from its number alone: a million need no memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from adapter.model.catalog import Customer, Evidence, Kind
from tests.benchmarks.customers import companies, spellings
from tests.benchmarks.customers.companies import Company, any_company
from tests.benchmarks.customers.languages import FEMALE, MALE, any_language, feminine, language
from tests.benchmarks.customers.places import Place, any_place, place_in

_MAIL = ("amazon.de", "amazon.com", "amazon.fr", "amazon.co.uk", "amazon.pl", "amazon.es", "amazon.it", "amazon.nl")
_DIAL = {"DE": "+49", "AT": "+43", "CH": "+41", "FR": "+33", "PL": "+48", "TR": "+90", "ES": "+34", "IT": "+39"}
_DIAL |= {"NL": "+31", "BE": "+32", "GB": "+44", "US": "+1", "UA": "+380", "KZ": "+7", "RU": "+7"}
SHARED_MAIL = "no-reply-business@marketplace.amazon.de"
SHARED_PHONES = ("+49 800 3301000", "+48 600 5000500", "+380 800 500609")
"""What many unrelated buyers come with: Amazon's own invoicing, couriers."""
_NAMESPACE = uuid5(NAMESPACE_URL, "made-up customers")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody. `surname` is as men bear it; `given` and `middle` are as their language writes them."""

    language: str
    sex: int
    given: str
    middle: str
    surname: str

    @property
    def own_surname(self) -> str:
        return feminine(self.surname, self.language) if self.sex == FEMALE else self.surname


Who = Person | Company


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody is reached, as it truly is; "" for what they do not have."""

    email: str
    phone: str
    vat: str
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """A customer: who it is, and what the infobase has of them (`known`), in the clerk's writing."""

    number: int
    who: Who
    contact: Contact
    known: Contact
    name: str
    full_name: str
    relation: str

    @property
    def customer_id(self) -> str:
        return f"K{self.number:08}"

    @property
    def customer(self) -> Customer:
        known = self.known
        return Customer(
            ref_key(self.customer_id),
            self.name,
            full_name=self.full_name,
            kind=Kind.PERSON if isinstance(self.who, Person) else Kind.COMPANY,
            evidence=Evidence(
                emails=(known.email,) if known.email else (),
                phones=(known.phone,) if known.phone else (),
                tax_ids=(known.vat,) if known.vat else (),
                postal_codes=(known.place.postal_code,) if known.place.postal_code else (),
                city=known.place.city,
                country=known.place.country,
            ),
        )


def ref_key(customer_id: str) -> UUID:
    """The key that a customer of these has in an infobase."""
    return uuid5(_NAMESPACE, customer_id)


class Catalog:
    """Customers 0 to size - 1 of a seed. A larger catalog of the same seed begins with the smaller one."""

    def __init__(self, seed: int, size: int) -> None:
        self.seed = seed
        self.size = size

    def random(self, what: int, number: int) -> Random:
        """Chance for one customer or order, independent of all others."""
        return Random((self.seed << 44) ^ (what << 40) ^ number)

    def entries(self) -> Iterator[Entry]:
        """All customers in order."""
        return map(self.entry, range(self.size))

    def customers(self) -> Iterator[Customer]:
        """All customers as an infobase has them."""
        return (entry.customer for entry in self.entries())

    def entry(self, number: int) -> Entry:
        """One customer; one in twelve is related to an earlier one."""
        random = self.random(1, number)
        chance = random.random()
        if number and chance < 0.085:
            return self._related(number, chance, random)
        who, contact = stranger(random)
        return _enter(number, who, contact, "", random)

    def _related(self, number: int, chance: float, random: Random) -> Entry:
        other = self.entry(random.randrange(number))
        if chance < 0.004:  # entered twice, with what the clerk knew of it then
            return _enter(number, other.who, other.contact, "twice", random)
        if isinstance(other.who, Company):
            if chance < 0.03:
                who: Company = companies.other_form(other.who, random)
                contact = fresh_contact(who, random)
                if random.random() < 0.4:
                    contact = replace(contact, place=other.contact.place)
                return _enter(number, who, contact, "same core, other form", random)
            contact = fresh_contact(other.who, random)
            return _enter(number, other.who, contact, "same company name elsewhere", random)
        person, relation, contact = relative(other.who, other.contact, chance, random)
        return _enter(number, person, contact, relation, random)


def relative(person: Person, contact: Contact, chance: float, random: Random) -> tuple[Person, str, Contact]:
    """Somebody of the family in the same house, or one of the same name elsewhere. `chance` is from 0 to 0.085."""
    own_mail = f"{_alias(random)}@marketplace.{random.choice(_MAIL)}"
    if chance < 0.009:
        junior = replace(person, sex=person.sex, middle=_middle(person.language, person.sex, random))
        return junior, "father and son", replace(contact, email=own_mail)
    if chance < 0.055:
        sex = random.choice((MALE, FEMALE))
        given = language(person.language).given[sex].pick(random)
        other = Person(person.language, sex, given, _middle(person.language, sex, random), person.surname)
        if given == person.given:
            return other, "father and son", replace(contact, email=own_mail)
        phone = contact.phone if random.random() < 0.6 else _phone(contact.place, random)
        return other, "household", replace(contact, email=own_mail, phone=phone)
    namesake = person if random.random() < 0.5 else replace(person, middle=_middle(person.language, person.sex, random))
    return namesake, "namesake elsewhere", fresh_contact(namesake, random)


def stranger(random: Random) -> tuple[Who, Contact]:
    """Somebody related to nobody."""
    if random.random() < 0.24:
        company = any_company(random)
        return company, fresh_contact(company, random)
    code = any_language(random)
    sex = random.choice((MALE, FEMALE))
    names = language(code)
    surname = names.surname(random)
    if code == "es":
        surname = f"{surname} {names.surname(random)}"
    elif not names.is_cyrillic and random.random() < 0.02:
        surname = f"{surname}-{names.surname(random)}"
    given = names.given[sex].pick(random)
    person = Person(code, sex, given, _middle(code, sex, random), surname)
    return person, fresh_contact(person, random)


def _middle(code: str, sex: int, random: Random) -> str:
    names = language(code)
    if names.middle is not None:
        return names.middle[sex].pick(random)
    return names.given[sex].pick(random) if random.random() < 0.06 else ""


def fresh_contact(who: Who, random: Random) -> Contact:
    """An address, a phone and an Amazon alias that nobody else has."""
    place = any_place(who.language, random)
    vat = _vat(place.country, random) if isinstance(who, Company) else ""
    return Contact(f"{_alias(random)}@marketplace.{random.choice(_MAIL)}", _phone(place, random), vat, place)


def moved(contact: Contact, random: Random) -> Contact:
    """The same buyer at another address, mostly in the same country."""
    country = contact.place.country if random.random() < 0.9 else random.choice(("DE", "FR", "PL", "ES"))
    return replace(contact, place=place_in(country, random))


def _alias(random: Random) -> str:
    return f"{random.getrandbits(60):015x}"


def _phone(place: Place, random: Random) -> str:
    return f"{_DIAL[place.country]} {random.randrange(150, 800)} {random.randrange(1_000_000, 9_999_999)}"


def _vat(country: str, random: Random) -> str:
    number = random.randrange(10**9, 10**10)
    if country == "RU":
        return str(number)
    return f"{country}{number // 10 if country != 'NL' else f'{number // 10}B01'}"


# -------------------- as the clerk writes it down


def _enter(number: int, who: Who, contact: Contact, relation: str, random: Random) -> Entry:
    """Enter somebody: which of their values the clerk had, and how the name was written."""
    company = isinstance(who, Company)
    place = contact.place if random.random() < 0.94 else Place("", "", "")
    known = Contact(
        email=contact.email if random.random() < 0.62 else "",
        phone=_phone_written(contact.phone, random) if random.random() < 0.66 else "",
        vat=contact.vat if company and random.random() < 0.72 else "",
        place=place,
    )
    if random.random() < 0.012:
        known = replace(known, email=SHARED_MAIL)
    elif random.random() < 0.008:
        known = replace(known, phone=random.choice(SHARED_PHONES))
    name, full_name = companies.in_catalog(who, random) if isinstance(who, Company) else _person_written(who, random)
    return Entry(number, who, contact, known, name, full_name, relation)


def _phone_written(phone: str, random: Random) -> str:
    chance = random.random()
    if chance < 0.6:
        return phone
    if chance < 0.8:
        return phone.replace(" ", "")
    country, area, local = phone.split(" ")
    return f"0{area}/{local}" if chance < 0.9 else f"00{country[1:]} ({area}) {local[:3]}-{local[3:]}"


def _person_written(person: Person, random: Random) -> tuple[str, str]:
    """The name for lists and, for some, the name for documents."""
    surname, given, middle = person.own_surname, person.given, person.middle
    if language(person.language).is_cyrillic:
        if random.random() < 0.22:
            scheme = spellings.any_scheme(person.language, random)
            surname, given, middle = (
                " ".join(spellings.latin(part, person.language, scheme) for part in word.split(" "))
                for word in (surname, given, middle)
            )
            middle = middle if random.random() < 0.3 else ""
        full = f"{surname} {given} {middle}".strip()
        name, chance = full, random.random()
        if chance < 0.3:
            name = f"{surname} {given}"
        elif chance < 0.48:
            name = f"{given} {surname}"
        elif chance < 0.52:
            name = f"{surname} {given[0]}.{middle[:1]}{'.' if middle else ''}"
        return name, full if random.random() < 0.35 else ""
    if spellings.has_transcription(person.language) and random.random() < 0.08:
        surname, given, middle = (
            " ".join(spellings.cyrillic(part, person.language) for part in word.split(" "))
            for word in (surname, given, middle)
        )
    elif random.random() < 0.1:
        surname, given, middle = (spellings.without_marks(word) for word in (surname, given, middle))
    both = f"{given} {middle}".strip()
    name, chance = f"{both} {surname}", random.random()
    if chance < 0.35:
        name = f"{surname} {both}" if chance < 0.25 else f"{surname}, {both}"
    elif chance < 0.5:
        name = f"{given} {surname}"
    return name, f"{both} {surname}" if random.random() < 0.15 else ""
