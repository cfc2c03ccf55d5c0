"""Which orders can be decided: what somebody careful would be sure of who had the whole catalog before them.

`must`: the buyer is in the catalog, and all of these hold.
  - The order shows surname and given name, or the company's name, with a slip in one word at most; an initial will do
    if e-mail or tax id agree.
  - E-mail, phone or tax id agree, or the postal code does; values that more than three entries carry prove nothing.
  - Tax ids do not contradict each other. Where the postal code is all that agrees, phone and postal code do not either,
    the company's name is not one that five entries have, and no other person's or company's name stands beside.
  - Nobody else in the catalog could be meant: no other entry whose name reads the same, as far as the order and the
    entry show it, agrees in what is as personal as what agrees here: e-mail or tax id before phone before postal code.
`review`: somebody else in the catalog could be meant as well: father and son, an initial in a household, a company
  without its form beside another of its name. Any accept is a guess.
`may`: from one who is in the catalog, perhaps twice, and cannot be mistaken, but too little agrees to be sure; a right
  accept is no fault, and none is expected.
`untold`: nobody could tell, for what would tell is not in the catalog: a stranger of a customer's name at the
  customer's address, or a customer of whom less is known than of his son. Accepts are counted by themselves.
`none`: from somebody who is not in the catalog. Any accept is an error.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adapter.matching.asked import Asked
from tests.benchmarks.customers import spellings
from tests.benchmarks.customers.catalog import Catalog, Contact, Entry, Person
from tests.benchmarks.customers.companies import Company
from tests.benchmarks.customers.orders import NEIGHBOUR, Draft, draft
from tests.benchmarks.customers.writing import FULL, same_given

MUST, REVIEW, MAY, UNTOLD, NONE = "must", "review", "may", "untold", "none"
DOUBLE = "double in the catalog"
"""Stratum of orders beside whose customer there is another of the name with something that agrees: without the one,
nobody could tell the other."""
_STRONG = {"email", "phone", "vat"}
_PUNCTUATION = str.maketrans("", "", " +-/()")


@dataclass(frozen=True, slots=True)
class Order:
    """An order with its truth.

    Attributes:
        truth: ids of the entries that are the buyer, several where they were entered twice; none: not in the catalog.
        label: must, review, may, untold or none, as above.
        strata: what is particular about it.
    """

    query_id: str
    asked: Asked
    truth: frozenset[str]
    label: str
    strata: tuple[str, ...]


def values(contact: Contact) -> Iterator[tuple[str, str]]:
    """What can agree, made comparable."""
    if contact.email:
        yield "email", contact.email
    if contact.phone:
        yield "phone", contact.phone.translate(_PUNCTUATION)[-9:]
    if contact.vat:
        yield "vat", contact.vat
    if contact.place.postal_code:
        yield "postal", f"{contact.place.country} {contact.place.postal_code}"


class Watch:
    """Looks at every entry of the catalog once, for those that share a value with an order."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        self.drafts = list(drafts)
        self._asked: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for at, each in enumerate(self.drafts):
            for value in values(each.contact):
                self._asked[value].append(at)
        self._hits: list[list[Entry]] = [[] for _ in self.drafts]
        self._carriers: Counter[tuple[str, str]] = Counter()
        self._cores: Counter[str] = Counter()

    def look(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Hand the entries on, having looked at each."""
        for entry in entries:
            if isinstance(entry.who, Company):
                self._cores[_core(entry.who)] += 1
            found = {at for value in values(entry.known) for at in self._shared(value)}
            for at in found:
                if _reads_alike(self.drafts[at], entry) or entry.number == self.drafts[at].target:
                    self._hits[at].append(entry)
            yield entry

    def _shared(self, value: tuple[str, str]) -> list[int]:
        orders = self._asked.get(value)
        if orders is None:
            return []
        self._carriers[value] += 1
        return orders

    def orders(self) -> list[Order]:
        """The orders with their labels; the whole catalog has to have been looked at."""
        return [self._labelled(draft, hits) for draft, hits in zip(self.drafts, self._hits, strict=True)]

    def _labelled(self, draft: Draft, hits: list[Entry]) -> Order:
        agreeing = {entry.number: self._agreeing(draft, entry) for entry in hits}
        same = [entry for entry in hits if entry.who == draft.who and entry.contact == draft.home]
        truth = frozenset({draft.target} if draft.target is not None else ()) | {entry.number for entry in same}
        hits = [entry for entry in hits if agreeing[entry.number]]
        target = next((entry for entry in hits if entry.number == draft.target), None)
        agreed = agreeing[target.number] if target else set()
        others = [
            entry for entry in hits if entry.number not in truth and _rank(agreeing[entry.number]) >= _rank(agreed)
        ]
        rivals = [each for each in others if not (target and self._rather_another(draft, each, target))]
        outshone = any(agreed < agreeing[each.number] for each in others)
        label = self._label(draft, target, agreed, len(rivals), outshone=outshone)
        if label == MUST and (len(truth) > 1 or len(others) > len(rivals)):
            label = MAY
        double = any(entry.number not in truth for entry in hits)
        ids = frozenset(f"K{number:08}" for number in truth)
        strata = (*draft.strata, DOUBLE) if double else draft.strata
        return Order(draft.query_id, draft.asked, ids, label, strata)

    def _label(self, draft: Draft, target: Entry | None, agreeing: set[str], rivals: int, *, outshone: bool) -> str:
        if draft.target is None:
            neighbour = draft.strata[0].endswith(NEIGHBOUR)
            return UNTOLD if neighbour or (rivals and draft.shown.given == FULL) else NONE
        if rivals or outshone:
            return UNTOLD if outshone else REVIEW
        if target is None or draft.shown.slips > 1 or "vat" in self._contradicting(draft, target):
            return MAY
        initial = draft.shown.given != FULL or not _shows_given(target)
        if agreeing & ({"email", "vat"} if initial else _STRONG):
            return MUST
        if initial or self._contradicting(draft, target) & {"phone", "postal"} or draft.clouded:
            return MAY
        common = isinstance(target.who, Company) and self._cores[_core(target.who)] >= 5
        return MAY if common else MUST

    def _agreeing(self, draft: Draft, entry: Entry) -> set[str]:
        both = set(values(draft.contact)) & set(values(entry.known))
        return {kind for kind, value in both if kind == "postal" or self._carriers[kind, value] <= 3}

    def _contradicting(self, draft: Draft, entry: Entry) -> set[str]:
        """What order and entry both have and is not the same; what many carry says nothing."""
        mine, theirs = dict(values(draft.contact)), dict(values(entry.known))
        return {
            kind
            for kind in mine.keys() & theirs.keys()
            if mine[kind] != theirs[kind] and (kind == "postal" or self._carriers[kind, mine[kind]] <= 8)
        }

    def _rather_another(self, draft: Draft, entry: Entry, target: Entry) -> bool:
        """Whether the target is nearer: the entry, and not it, has another account or shows less of the name."""
        if "email" in self._contradicting(draft, entry) and "email" not in self._contradicting(draft, target):
            return True
        shows_more = draft.shown.middle and _shows_middle(target) and not _shows_middle(entry)
        return shows_more or (draft.shown.given == FULL and _shows_given(target) and not _shows_given(entry))


def label(catalog: Catalog, count: int, attested: float = 0.0) -> list[Order]:
    """`count` orders with labels; makes the whole catalog once."""
    watch = Watch(draft(catalog, number, attested) for number in range(count))
    for _ in watch.look(catalog.entries()):
        pass
    return watch.orders()


def _rank(agreeing: set[str]) -> int:
    """How personal what agrees is: an account or a tax id, a phone, an address."""
    return 3 if agreeing & {"email", "vat"} else 2 if "phone" in agreeing else bool(agreeing)


def _reads_alike(draft: Draft, entry: Entry) -> bool:
    """Whether the order's name could be the entry's, as far as both show it."""
    who, other = draft.who, entry.who
    if isinstance(who, Company) or isinstance(other, Company):
        if not (isinstance(who, Company) and isinstance(other, Company)) or _core(who) != _core(other):
            return False
        shows_form = other.form in entry.name or bool(entry.full_name)
        return who.form_class == other.form_class or not draft.shown.form or not shows_form
    if _plain(who.surname) != _plain(other.surname):
        return False
    full = draft.shown.given == FULL and _shows_given(entry)
    if not (same_given(who.given, other.given) if full else same_given(who.given[:1], other.given[:1])):
        return False
    if draft.shown.middle and who.middle and other.middle and _shows_middle(entry):
        return who.middle == other.middle
    return True


def _shows_given(entry: Entry) -> bool:
    return isinstance(entry.who, Company) or bool(entry.full_name) or "." not in entry.name


def _shows_middle(entry: Entry) -> bool:
    return isinstance(entry.who, Person) and max(entry.name.count(" "), entry.full_name.count(" ")) > 1


def _core(company: Company) -> str:
    return company.core.lower().replace("-", " ")


def _plain(surname: str) -> str:
    """The surname so that spellings of one are equal: Spanish ones by the first, without marks."""
    return spellings.without_marks(surname.lower().replace("ё", "е")).split(" ")[0]
