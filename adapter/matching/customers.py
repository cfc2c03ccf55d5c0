"""Buyer to customer: the exact name, then the most similar one if it is similar enough and stands alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import fuzz, process

from adapter.matching.names import folded_words, is_cyrillic, normalised, words
from adapter.model.catalog import Customer

_FEMININE = ("a", "а")
_DOUBT = 0.06
"""A likeness this much below the required one is doubt: too like for a new customer, not like enough for this one."""


@dataclass(frozen=True, slots=True)
class Matched:
    """The customer is found. `how` says by what, `likeness` is from 0 to 1."""

    customer: Customer
    how: str
    likeness: float = 1.0


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several customers, or one that is not similar enough: a person decides. The best come first."""

    candidates: tuple[tuple[Customer, float], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Unmatched:
    """No customer has a name like this."""


CustomerMatch = Matched | Ambiguous | Unmatched


@dataclass(frozen=True, slots=True)
class _Word:
    plain: str
    folded: str
    cyrillic: bool

    @classmethod
    def of(cls, name: str) -> tuple[_Word, ...]:
        return tuple(cls(plain, folded, is_cyrillic(plain)) for plain, folded in folded_words(name))


class CustomerIndex:
    """The infobase's customers, ready to be asked for a name."""

    def __init__(self, customers: Iterable[Customer]) -> None:
        self._by_name: defaultdict[str, list[Customer]] = defaultdict(list)
        self._by_ref: dict[UUID, Customer] = {}
        self._customers: list[Customer] = []
        self._words: list[tuple[_Word, ...]] = []
        self._folded: list[str] = []
        for customer in customers:
            self._by_ref[customer.ref_key] = customer
            self._by_name[normalised(customer.name)].append(customer)
            self._customers.append(customer)
            self._words.append(_Word.of(customer.name))
            self._folded.append(_joined(self._words[-1]))

    def __len__(self) -> int:
        return len(self._customers)

    def by_ref(self, ref_key: UUID) -> Customer | None:
        """The customer with this key."""
        return self._by_ref.get(ref_key)

    def exact(self, name: str) -> CustomerMatch:
        """The customer whose name is the same but for case, marks, punctuation and order of words."""
        found = self._by_name.get(normalised(name), []) if words(name) else []
        if len(found) == 1:
            return Matched(found[0], "same name")
        if found:
            alike = tuple((customer, 1.0) for customer in found)
            return Ambiguous(alike, f'{len(found)} customers are called "{found[0].name}"')
        return Unmatched()

    def fuzzy(self, name: str, sure: float, margin: float) -> CustomerMatch:
        """The most similar name, if it reaches `sure` and the next one is `margin` behind.

        A name of one word never decides, and neither does one whose given name or surname is another word: such names
        are similar to the machine only.
        """
        asked = _Word.of(name)
        if len(asked) < 2:
            return Unmatched()
        scored = self._scored(asked, sure - _DOUBT)
        if not scored:
            return Unmatched()
        best, likeness = scored[0]
        rivals = [pair for pair in scored if likeness - pair[1] < margin]
        if len(rivals) > 1:
            return Ambiguous(tuple(rivals[:5]), _tie(name, rivals))
        if likeness < sure:
            reason = f'"{name}" is like {best.name} ({likeness:.2f}), but not surely the same ({sure:.2f} is needed)'
            return Ambiguous(tuple(scored[:5]), reason)
        return Matched(best, "similar name", likeness)

    def _scored(self, asked: tuple[_Word, ...], floor: float) -> list[tuple[Customer, float]]:
        """Customers from `floor` up, the best first; the rough search is wide, the word-by-word score decides."""
        rough = process.extract(
            _joined(asked), self._folded, scorer=fuzz.token_set_ratio, limit=40, score_cutoff=floor * 85
        )
        scored = ((self._customers[at], _likeness(asked, self._words[at])) for _, _, at in rough)
        return sorted(
            (pair for pair in scored if pair[1] >= floor),
            key=lambda pair: (-pair[1], pair[0].name, str(pair[0].ref_key)),
        )


def _joined(name: tuple[_Word, ...]) -> str:
    return " ".join(sorted(word.folded for word in name))


def _tie(name: str, rivals: list[tuple[Customer, float]]) -> str:
    shown = ", ".join(f"{customer.name} {score:.2f}" for customer, score in rivals[:5])
    equally = "equally" if rivals[0][1] - rivals[1][1] < 0.005 else "almost equally"
    count = "two" if len(rivals) == 2 else str(len(rivals))
    return f'{count} customers match "{name}" {equally} well ({shown})'


def _likeness(asked: tuple[_Word, ...], known: tuple[_Word, ...]) -> float:
    """How alike two names are, 0 to 1: every word of the shorter one needs its own partner in the longer.

    A word left over (a patronymic that Amazon does not show) costs little; a word without a good partner costs all.
    """
    short, long = sorted((asked, known), key=len)
    if len(short) < 2:
        return 0.0
    left = list(long)
    score = 1.0
    for word in sorted(short, key=lambda word: -len(word.plain)):
        likenesses = [_word_likeness(word, other) for other in left]
        score = min(score, max(likenesses))
        left.pop(likenesses.index(max(likenesses)))
    return max(0.0, score - 0.03 * min(len(left), 2))


def _word_likeness(one: _Word, other: _Word) -> float:
    if one.cyrillic == other.cyrillic:
        mine, theirs = _undigraphed(one.plain), _undigraphed(other.plain)
    else:
        mine, theirs = one.folded, other.folded
    if mine == theirs:
        return 1.0
    if min(len(mine), len(theirs)) < 4 or mine.endswith(_FEMININE) != theirs.endswith(_FEMININE):
        return 0.0  # short words collide with everything; Ivanov and Ivanova are two people
    return fuzz.ratio(mine, theirs) / 100


def _undigraphed(plain: str) -> str:
    """Mueller as Müller is written without its mark."""
    return plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")
