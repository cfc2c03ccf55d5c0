"""Buyer to customer: whoever it surely is, or those whom a person has to choose from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import UUID

import numpy as np

from adapter.matching import decision, snapshot
from adapter.matching.answers import Ambiguous, CustomerMatch, Matched, Unmatched
from adapter.matching.asked import Asked
from adapter.matching.building import build
from adapter.matching.decision import Shares, Sureness
from adapter.matching.evidence import country_code, keys
from adapter.matching.explanation import Explanation, Judged, Line
from adapter.matching.hashing import Numbers
from adapter.matching.hypotheses import hypotheses
from adapter.matching.index import Candidate, Found, Index
from adapter.matching.names import Name
from adapter.matching.rules import KNOWN_BY_NAMES, SHOWN
from adapter.matching.scoring import AskedName
from adapter.matching.segments import Segment
from adapter.model.catalog import Customer

DEFAULT = Sureness()
_NONE: Numbers = np.empty(0, np.int32)
_MERGED = 32
"""A segment is merged with the next when that has grown to this part of it."""
_WHOLE = 8
"""The same for the first one, which holds the catalog."""


class CustomerIndex:
    """The infobase's customers, ready to be asked for. The order in which they come does not count.

    An index never changes; `extended` and `removed` give another one. Several threads may ask at once.
    """

    def __init__(self, customers: Iterable[Customer] = ()) -> None:
        self._set((build(customers),), (_NONE,))

    def _set(self, parts: tuple[Segment, ...], gone: tuple[Numbers, ...]) -> None:
        self._index = Index(parts, gone)

    @classmethod
    def _of(cls, parts: tuple[Segment, ...], gone: tuple[Numbers, ...]) -> CustomerIndex:
        index = cls.__new__(cls)
        index._set(parts, gone)
        return index

    # -------------------- what is kept

    def save(self, path: Path) -> None:
        """Write the index to a file; it is there whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        parts, gone = self._index.segments, self._index.gone
        whole = parts[0] if len(parts) == 1 and not len(gone[0]) else build(self.customers())
        snapshot.save(whole, path)

    @classmethod
    def load(cls, path: Path) -> CustomerIndex:
        """The index of a file that `save` wrote, by mapping it into memory.

        Raises:
            SnapshotUnusable: a ValueError; it is no such file, or damaged, or of another version.
            OSError: it cannot be read.
        """
        return cls._of((snapshot.load(path),), (_NONE,))

    def extended(self, customers: Iterable[Customer]) -> CustomerIndex:
        """The index with new customers, and with what is new of those that it has.

        One customer is there in about a millisecond: it comes into a small segment of its own, and small segments are
        merged into larger ones as they grow.
        """
        fresh = {customer.ref_key: customer for customer in customers}
        if not fresh:
            return self
        parts, gone = list(self._index.segments), list(self._with(self._index.gone, fresh.keys()))
        new = list(fresh.values())
        while parts and len(parts[-1]) - len(gone[-1]) < len(new) * (_MERGED if len(parts) > 1 else _WHOLE):
            new = [*_left(parts.pop(), gone.pop()), *new]
        return self._of((*parts, build(new)), (*gone, _NONE))

    def removed(self, ref_keys: Collection[UUID]) -> CustomerIndex:
        """The index without some customers; keys that it does not have count for nothing."""
        return self._of(self._index.segments, self._with(self._index.gone, ref_keys))

    def _with(self, gone: tuple[Numbers, ...], ref_keys: Collection[UUID]) -> tuple[Numbers, ...]:
        """Customers by segment, with those of some keys added."""
        if not ref_keys:
            return gone
        added = []
        for segment, already in zip(self._index.segments, gone, strict=True):
            found = [at for ref_key in ref_keys if (at := segment.find(ref_key)) is not None]
            added.append(np.union1d(already, np.array(found, np.int32)).astype(np.int32) if found else already)
        return tuple(added)

    # -------------------- whom it has

    def __len__(self) -> int:
        return self._index.customers

    def by_ref(self, ref_key: UUID) -> Customer | None:
        """The customer with this key."""
        for segment, gone in zip(self._index.segments, self._index.gone, strict=True):
            at = segment.find(ref_key)
            if at is not None and at not in gone.tolist():
                return segment.customer(at)
        return None

    def customers(self) -> Iterator[Customer]:
        """All customers; they are made one by one."""
        for segment, gone in zip(self._index.segments, self._index.gone, strict=True):
            yield from _left(segment, gone)

    # -------------------- who is asked for

    def with_tax_id(self, numbers: Iterable[str]) -> list[Customer]:
        """Customers with one of these tax numbers, however it is written: with the country before it or without."""
        return self._index.with_tax_id([*numbers])

    def exact(self, name: str, *, company: bool = False) -> CustomerMatch:
        """The customer whose name is the same but for case, marks, punctuation and order of words.

        Legal forms have to be the same; one that only one of the names shows leaves a doubt. So does a name of a
        single word or of a word with initials, unless a legal form says that it is a company's.

        Args:
            company: the name is known to be a company's.
        """
        asked = Name.of(name)
        alike = self._index.with_words(asked) if asked.words else []
        same = [customer for customer, forms in alike if asked.forms in forms][: 50 + 1]
        if len(same) > 1:
            return _equal(same, f'{len(same)} customers are called "{same[0].name}"')
        if same and not asked.tells_who(company=company):
            return _equal(same, f'"{name}" is too little of a name to tell who it is')
        if same:
            return Matched(same[0], "same name")
        half = [customer for customer, forms in alike if not asked.forms or frozenset() in forms]
        if half:
            return _equal(half, f'"{name}" is like {half[0].name}, but only one of them shows a legal form')
        return Unmatched(f'no customer is called "{name}"')

    def find(
        self, asked: Asked, sureness: Sureness = DEFAULT, *, without: Collection[UUID] = frozenset()
    ) -> CustomerMatch:
        """Whom an order is from, by names and evidence together.

        Args:
            without: customers to be passed over as if they were not there, as a self-check does.
        """
        names = self._names(asked)
        if not names:
            return Unmatched("Amazon gave no name; city and postal code alone never tell a customer")
        evidence = asked.evidence
        none = tuple(_NONE for _ in self._index.segments)
        customers = len(self) - len(without)
        if self._index.names_only:
            sureness = replace(sureness, known_share=max(sureness.known_share, KNOWN_BY_NAMES))
        found = self._index.search(
            names,
            keys(evidence),
            country_code(evidence.country),
            self._with(none, without) if without else none,
            decision.bits_of_unknown(customers, sureness.known_share),
        )
        shares = decision.shares(found, customers, sureness.known_share)
        match = self._decide(names[0].text, found, shares, sureness, customers)
        if isinstance(match, Matched) or found.whole is None or not decision.may_be_likely(found, shares):
            return match
        found = found.whole()  # a person sees everybody
        shares = decision.shares(found, customers, sureness.known_share)
        return self._decide(names[0].text, found, shares, sureness, customers)

    def _names(self, asked: Asked) -> list[AskedName]:
        word_fits = self._index.word_fits
        return [
            AskedName(
                each.source,
                each.text,
                tuple(map(word_fits, each.name.words)),
                each.name.forms,
                bool(each.company or each.name.forms),
            )
            for each in hypotheses(asked)
            if not each.host
        ]

    def _decide(self, text: str, found: Found, shares: Shares, sureness: Sureness, customers: int) -> CustomerMatch:
        shown = _Shown(self._index, found)
        explain = partial(self._explained, found, sureness, customers)
        worth = decision.likely(found.candidates[:SHOWN], shares.unknown_bits)
        if not worth:
            return Unmatched(f'no customer has a name like "{text}"', explain=explain)
        best = found.candidates[0]
        if objections := _objections(found, shares, sureness, 0):
            reason = _reason(found, shares, shown, objections[0])
        elif not (reason := self._hindrance(found, shares, shown, customers, sureness)):
            return Matched(shown[0], _how(best), shares.candidates[0], explain=explain)
        keys = {(each.segment, each.number) for each in worth}
        kept = [at for at, each in enumerate(found.candidates[:SHOWN]) if (each.segment, each.number) in keys]
        return Ambiguous(tuple((shown[at], shares.candidates[at]) for at in kept), reason, explain=explain)

    def _explained(self, found: Found, sureness: Sureness, customers: int) -> Explanation:
        found = found.whole() if found.whole is not None else found
        shares = decision.shares(found, customers, sureness.known_share)
        judged = tuple(
            _judged(self._index.customer(candidate), candidate, share, _objections(found, shares, sureness, at))
            for at, (candidate, share) in enumerate(zip(found.candidates, shares.candidates[:SHOWN], strict=False))
        )
        others = shares.others + sum(shares.candidates[SHOWN:])
        return Explanation(judged, shares.unknown, others, shares.unknown_bits, customers)

    def _hindrance(self, found: Found, shares: Shares, shown: _Shown, customers: int, sureness: Sureness) -> str:
        """Why the best candidate is not taken though nothing speaks against itself; empty if it is."""
        best = found.candidates[0]
        for other in decision.resolved(found, customers, sureness):
            if (other.segment, other.number) != (best.segment, best.number):
                one, two = (self._index.customer(each).name for each in (best, other))
                return (
                    f'the {best.asked.where} "{best.asked.text}" seems to be {one}, '
                    f'but the {other.asked.where} "{other.asked.text}" seems to be {two}'
                )
        if veto := decision.contradicted(found):
            return f'"{best.asked.text}" is like {shown[0].name}, but the order also shows {veto}'
        match decision.rival(found, customers):
            case "evidence":
                return f'"{best.asked.text}" is {shown[0].name}, but e-mail, phone or tax id are another customer\'s'
            case "twice":
                names = ", ".join(f"{shown[at].name} {share:.2f}" for at, share in enumerate(shares.candidates[:2]))
                which = "relatives, or probably one customer entered twice"
                return f'two customers match "{best.asked.text}" ({names}); {which}'
        return ""


class _Shown:
    """Candidates by place as customers with all that was read of them, each when first asked for."""

    def __init__(self, index: Index, found: Found) -> None:
        self._index = index
        self._candidates = found.candidates
        self._read: dict[int, Customer] = {}

    def __getitem__(self, at: int) -> Customer:
        if at not in self._read:
            self._read[at] = self._index.customer(self._candidates[at])
        return self._read[at]


def _left(segment: Segment, gone: Numbers) -> Iterator[Customer]:
    passed = set(gone.tolist())
    return (segment.customer(at) for at in range(len(segment)) if at not in passed)


def _objections(found: Found, shares: Shares, sureness: Sureness, at: int) -> list[str]:
    candidate = found.candidates[at]
    return decision.objections(candidate, shares.candidates[at], found.namesakes[candidate.place], sureness)


def _judged(customer: Customer, candidate: Candidate, share: float, why: list[str]) -> Judged:
    name = candidate.name
    lines = tuple(Line(what, bits) for what, bits in (*name.lines, *candidate.evidence.lines))
    return Judged(
        customer,
        candidate.asked.text,
        candidate.asked.where,
        tuple(name.pairs),
        lines,
        candidate.bits,
        share,
        tuple(name.vetoes),
        tuple(each for each in why if each not in name.vetoes),
    )


def _reason(found: Found, shares: Shares, shown: _Shown, objection: str) -> str:
    """One line: why the best candidate is not simply taken."""
    best = found.candidates[0]
    text = best.asked.text
    rivals = [at for at, each in enumerate(found.candidates[:SHOWN]) if best.bits - each.bits < 5]
    if len(rivals) > 1 and not best.name.vetoes:
        names = ", ".join(f"{shown[at].name} {shares.candidates[at]:.2f}" for at in rivals)
        second = found.candidates[rivals[1]]
        equally = "equally" if best.bits - second.bits < 0.2 else "almost equally"
        count = "two" if len(rivals) == 2 else "several" if len(rivals) == SHOWN else str(len(rivals))
        twice = "; probably one customer entered twice" if decision.twins(best, second) else ""
        return f'{count} customers match "{text}" {equally} well ({names}){twice}'
    return f'"{text}" is like {shown[0].name} ({shares.candidates[0]:.2f}), but {objection}'


def _how(best: Candidate) -> str:
    agrees = [sort.shown for sort in sorted(best.evidence.agrees)]
    return f"name and {_and(agrees)}" if agrees else "name"


def _and(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _equal(customers: list[Customer], reason: str) -> Ambiguous:
    return Ambiguous(tuple((customer, 1.0) for customer in customers[:SHOWN]), reason)
