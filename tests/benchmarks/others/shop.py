"""The customers that a shop's infobase has, and how they are known there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from tests.benchmarks.others.latin import Latin
from tests.benchmarks.others.names import COUNTRIES, Company, Names, Person, Who

CODES = 3000
"""Postal codes of a country."""
_HOUSEHOLD, _NAMESAKE_SON = 0.04, 0.004


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody is reached; "" for what is not known."""

    email: str
    phone: str
    vat: str
    postal_code: str

    @property
    def values(self) -> dict[str, str]:
        """What is known, by what it is."""
        found = {"email": self.email, "phone": self.phone, "vat": self.vat, "postal": self.postal_code}
        return {kind: value for kind, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Entry:
    """A customer: who it is, how they are reached, what of it the infobase has, and the name that it shows."""

    customer_id: str
    who: Who
    contact: Contact
    known: Contact
    name: str


class Shop:
    """A shop of a size, always the same for a seed."""

    def __init__(self, seed: int, size: int, names: Names, latin: Latin) -> None:
        self.names = names
        self.latin = latin
        self.random = Random(seed)
        people = list(self._everybody(size))
        self.random.shuffle(people)
        self.entries = [self._entry(f"C{at:07}", who, contact) for at, (who, contact) in enumerate(people[:size])]

    def contact(self, who: Who) -> Contact:
        """How somebody new is reached."""
        random = self.random
        email = f"{random.getrandbits(60):x}@marketplace.amazon.example"
        vat = str(random.randint(10**9, 10**10 - 1)) if isinstance(who, Company) else ""
        return Contact(email, f"+{random.randint(10**10, 10**11 - 1)}", vat, self.postal_code(who.language))

    def postal_code(self, language: str) -> str:
        """Where somebody lives: towns differ in size."""
        return str(10_000 + (hash_of(language) + int(CODES * self.random.random() ** 1.5) * 29) % 90_000)

    def relative(self, person: Person, contact: Contact) -> tuple[Person, Contact]:
        """Another one of the family, in the same house, who may use the same phone."""
        other = self.names.person(self.random, person.language, None, person.surnames)
        phone = contact.phone if self.random.random() < 0.5 else self.contact(other).phone
        return other, replace(self.contact(other), phone=phone, postal_code=contact.postal_code)

    def _everybody(self, size: int) -> Iterator[tuple[Who, Contact]]:
        random, count = self.random, 0
        while count < size:
            who: Who = self.names.company(random) if random.random() < 0.24 else self.names.person(random)
            contact = self.contact(who)
            yield who, contact
            count += 1
            if isinstance(who, Person) and random.random() < _HOUSEHOLD:
                yield self.relative(who, contact)
                count += 1
            if isinstance(who, Person) and random.random() < _NAMESAKE_SON:
                son = replace(self.names.person(random, who.language, who.sex, who.surnames), given=who.given)
                yield son, replace(self.contact(son), postal_code=contact.postal_code)
                count += 1

    def _entry(self, customer_id: str, who: Who, contact: Contact) -> Entry:
        random = self.random
        known = Contact(
            contact.email if random.random() < 0.55 else "",
            contact.phone if random.random() < 0.6 else "",
            contact.vat if random.random() < 0.7 else "",
            contact.postal_code if random.random() < 0.8 else "",
        )
        return Entry(customer_id, who, contact, known, self._shown(who))

    def _shown(self, who: Who) -> str:
        """The name as the clerk writes it."""
        random = self.random
        if isinstance(who, Company):
            core = " ".join(who.core)
            chance = random.random()
            if who.language not in {"ru", "uk"} or 0.4 < chance < 0.8:
                return f"{core} {who.form}"
            return f'{who.form} "{core}"' if chance < 0.4 else f"{who.form} «{core}»"
        words = [who.surname, who.given, *filter(None, [who.patronymic])]
        if who.language in {"ru", "uk", "kk"} and random.random() < 0.12:
            scheme = self.latin.any(random)
            words = [self.latin.spelt(word, who.language, scheme) for word in words]
        return " ".join(words)


def hash_of(language: str) -> int:
    """A number for each country, so that their postal codes differ."""
    return ord(language[0]) * 997 + ord(language[1]) * 89


def country(who: Who) -> str:
    """Where somebody lives."""
    return COUNTRIES[who.language]
