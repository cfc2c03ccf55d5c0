"""Orders of the shop's customers and of strangers, with what somebody careful would be sure of.

The labels are those of `customers.labels`, judged by this shop's own rules, which know nothing of the matcher:

`must`: from a customer; surname and given name are shown in full, with one slip at most (a company's only where more
  than the postal code agrees); e-mail, phone or tax id agree, or the postal code does and no phone contradicts; and
  nobody else of the name could be meant.
`may`: from a customer, but an initial, a popular company's name (of five and more) or too little else tells who it is,
  or the postal code alone does and of somebody of the name none is known.
`review`: somebody else could be meant as well, since something agrees of theirs too.
`untold`: from a stranger of a customer's name and in a customer's postal code, whom nothing tells apart; accepts are
  counted by themselves.
`none`: from a stranger.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from adapter.matching.asked import Asked
from adapter.model.catalog import Evidence
from tests.benchmarks.customers.labels import MAY, MUST, NONE, REVIEW, UNTOLD, Order
from tests.benchmarks.others.names import FEMALE, FORMS, LATIN_FORMS, Company, Person, Who
from tests.benchmarks.others.shop import Contact, Entry, Shop, country

KNOWN_SHARE = 0.62
POPULAR = 5
_CYRILLIC = ("ru", "uk", "kk")


@dataclass(slots=True)
class _Shown:
    """A name as an order has it, and what happened to it."""

    text: str
    tags: list[str]


class Orders:
    """Orders to a shop, drawn after its customers from the same seed."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._random = shop.random
        self._alike: defaultdict[object, list[Entry]] = defaultdict(list)
        self._families: defaultdict[object, list[Entry]] = defaultdict(list)
        self._cores: Counter[tuple[str, ...]] = Counter()
        for entry in shop.entries:
            self._alike[_key(entry.who)].append(entry)
            if isinstance(entry.who, Person):
                self._families[entry.who.surnames].append(entry)
            else:
                self._cores[entry.who.core] += 1

    def made(self, count: int) -> Iterator[Order]:
        """So many orders."""
        for number in range(count):
            yield self._known(number) if self._random.random() < KNOWN_SHARE else self._strange(number)

    # -------------------- from whom

    def _known(self, number: int) -> Order:
        random = self._random
        entry = random.choice(self._shop.entries)
        home = entry.contact
        moved = random.random() < 0.18
        if moved:
            home = replace(home, postal_code=self._shop.postal_code(entry.who.language))
        contact = self._carried(home, entry.who)
        shown = self._name(entry.who)
        label = self._label(entry, contact, shown.tags)
        tags = [*shown.tags, *(["moved"] if moved else [])]
        return self._order(number, entry.who, contact, shown, label, frozenset({entry.customer_id}), ["known", *tags])

    def _strange(self, number: int) -> Order:
        who, home, kind = self._stranger()
        contact = self._carried(home, who)
        shown = self._name(who)
        there = [entry for entry in self._alike[_key(who)] if self._could_be(entry.who, who)]
        same_place = any(_agreeing(entry, contact) for entry in there)
        label = UNTOLD if same_place else NONE
        return self._order(number, who, contact, shown, label, frozenset(), [kind, *shown.tags])

    def _stranger(self) -> tuple[Who, Contact, str]:
        """Somebody new; half of them have something in common with a customer."""
        random, shop = self._random, self._shop
        if random.random() < 0.5:
            who: Who = shop.names.person(random) if random.random() < 0.76 else shop.names.company(random)
            return who, shop.contact(who), "stranger"
        entry = random.choice(shop.entries)
        if isinstance(entry.who, Company):
            form = random.choice([form for form in FORMS[entry.who.language] if form != entry.who.form])
            core = entry.who.core
            if random.random() < 0.5:
                core = (core[0], *shop.names.company(random, entry.who.language).core[1:])
            company = Company(entry.who.language, core, form)
            return company, shop.contact(company), "lookalike: company"
        chance = random.random()
        if chance < 0.4:
            relative, contact = shop.relative(entry.who, entry.contact)
            return relative, contact, "lookalike: household"
        if chance < 0.8 or entry.who.sex == FEMALE:
            namesake = shop.names.person(random, entry.who.language, entry.who.sex, entry.who.surnames)
            namesake = replace(namesake, given=entry.who.given)
            return namesake, shop.contact(namesake), "lookalike: namesake"
        given = entry.who.given + ("а" if entry.who.language in _CYRILLIC else "a")
        sister = replace(entry.who, sex=FEMALE, given=given, patronymic="")
        return sister, replace(shop.contact(sister), postal_code=entry.contact.postal_code), "lookalike: gender"

    # -------------------- what the order shows

    def _carried(self, home: Contact, who: Who) -> Contact:
        random = self._random
        return Contact(
            home.email if random.random() < 0.6 else "",
            home.phone if random.random() < 0.5 else "",
            home.vat if isinstance(who, Company) and random.random() < 0.4 else "",
            home.postal_code if random.random() < 0.92 else "",
        )

    def _name(self, who: Who) -> _Shown:
        return self._name_of_company(who) if isinstance(who, Company) else self._name_of_person(who)

    def _name_of_company(self, company: Company) -> _Shown:
        random, shown = self._random, _Shown("", [])
        core, form = list(company.core), company.form
        if company.language in _CYRILLIC and random.random() < 0.75:
            scheme = self._shop.latin.any(random)
            core = [self._shop.latin.spelt(w, company.language, scheme) if "№" not in w else w[1:] for w in core]
            form = LATIN_FORMS[form]
            shown.tags.append("latin")
        if random.random() < 0.15:
            form = ""
            shown.tags.append("no form")
        if random.random() < 0.06:
            at = random.randrange(len(core))
            core[at] = slip(core[at], random)
            shown.tags.append("typo")
        parts = [" ".join(core), form]
        if random.random() < 0.3:
            parts.reverse()
        shown.text = " ".join(filter(None, parts))
        return shown

    def _name_of_person(self, person: Person) -> _Shown:
        random, shown = self._random, _Shown("", [])
        given, surname, patronymic = person.given, person.surname, person.patronymic
        if person.language in _CYRILLIC and random.random() < 0.8:
            scheme = self._shop.latin.any(random)
            given, surname, patronymic = (
                self._shop.latin.spelt(word, person.language, scheme) for word in (given, surname, patronymic)
            )
            shown.tags.append("latin")
        if random.random() < 0.06:
            if random.random() < 0.5:
                given = slip(given, random)
            else:
                surname = slip(surname, random)
            shown.tags.append("typo")
        if random.random() < 0.03:
            given = given[0] + "."
            shown.tags.append("initial")
        words = [given, surname] if random.random() < 0.6 else [surname, given]
        if patronymic and random.random() < 0.15:
            words.append(patronymic)
            shown.tags.append("patronymic")
        shown.text = " ".join(words)
        if random.random() < 0.1:
            shown.text = shown.text.upper()
        return shown

    def _order(
        self, number: int, who: Who, contact: Contact, shown: _Shown, label: str, truth: frozenset[str], tags: list[str]
    ) -> Order:
        random = self._random
        buyer, recipient, company = shown.text, shown.text, ""
        if isinstance(who, Company):
            employee = self._name(self._shop.names.person(random, who.language)).text
            if random.random() < 0.6:
                company, buyer = shown.text, employee
                recipient = shown.text if random.random() < 0.3 else employee
        asked = Asked(
            buyer,
            recipient,
            company,
            Evidence(
                *(
                    (value,) if value else ()
                    for value in (contact.email, contact.phone, contact.vat, contact.postal_code)
                ),
                "",
                country(who),
            ),
        )
        kind = "company" if isinstance(who, Company) else "person"
        return Order(f"Q{number:06}", asked, truth, label, (tags[0], kind, f"language {who.language}", *tags[1:]))

    # -------------------- what is sure

    def _label(self, entry: Entry, contact: Contact, tags: list[str]) -> str:
        agreeing = _agreeing(entry, contact)
        strong = agreeing - {"postal"}
        rivals = [
            other
            for other in self._alike[_key(entry.who)]
            if other is not entry and self._could_be(other.who, entry.who, shown="patronymic" in tags)
        ]
        if "initial" in tags and isinstance(entry.who, Person):
            rivals += [
                other
                for other in self._families[entry.who.surnames]
                if other is not entry and _agreeing(other, contact) and other.who != entry.who
            ]
        if any(_agreeing(other, contact) - ({"postal"} if strong else set()) for other in rivals):
            return REVIEW
        if not strong and not all(other.known.postal_code for other in rivals):
            return MAY
        if not agreeing or (not strong and _contradicts(entry, contact, "phone")):
            return MAY
        if "initial" in tags and not strong & {"email", "vat"}:
            return MAY
        if isinstance(entry.who, Company) and not strong:
            return MAY if "typo" in tags or self._cores[entry.who.core] >= POPULAR else MUST
        return MUST

    def _could_be(self, who: Who, other: Who, *, shown: bool = False) -> bool:
        """Whether two of one name may be told apart by nothing else that both show."""
        if isinstance(who, Person) and isinstance(other, Person):
            return not (shown and who.patronymic and other.patronymic and who.patronymic != other.patronymic)
        return True


def _key(who: Who) -> object:
    """What two have in common who are of one name."""
    if isinstance(who, Company):
        return tuple(sorted(word.lower() for word in who.core))
    return (who.surnames[0].lower(), who.given.lower(), who.sex)


def _agreeing(entry: Entry, contact: Contact) -> set[str]:
    known = entry.known.values
    return {kind for kind, value in contact.values.items() if known.get(kind) == value}


def _contradicts(entry: Entry, contact: Contact, kind: str) -> bool:
    known, value = entry.known.values.get(kind), contact.values.get(kind)
    return bool(known and value and known != value)


def slip(word: str, random: Random) -> str:
    """The word with a letter left out, doubled, exchanged with the next one or another one; short ones stay."""
    if len(word) < 5:
        return word
    at = random.randint(1, len(word) - 2)
    match random.randint(0, 3):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case 2:
            return word[: at + 1] + word[at:]
        case _:
            letters = "aeiounrst" if word.isascii() else "аеиоунрст"
            return word[:at] + random.choice(letters) + word[at + 1 :]
