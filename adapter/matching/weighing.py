"""What an order's evidence says of customers: which share its values, and what a shared or another value is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log2

import numpy as np

from adapter.matching import rules
from adapter.matching.evidence import ALIAS, Keys, Sort, value_key
from adapter.matching.hashing import Bits, Numbers, hashes
from adapter.matching.segments import HAS_ALIAS, Segment

_WORTH = {Sort.EMAIL: rules.EMAIL, Sort.PHONE: rules.PHONE, Sort.TAX_ID: rules.TAX_ID}
_OTHER = {
    Sort.EMAIL: rules.OTHER_EMAIL,
    Sort.PHONE: rules.OTHER_PHONE,
    Sort.TAX_ID: rules.OTHER_TAX_ID,
    Sort.POSTAL_CODE: rules.OTHER_POSTAL_CODE,
}
_FLAG = {sort: 1 << sort for sort in Sort}
_FEW = 16
"""So many customers are sooner marked one by one."""
SORTS = tuple(Sort)
STRONG = (Sort.EMAIL, Sort.PHONE, Sort.TAX_ID)


@dataclass(frozen=True, slots=True)
class SharedValue:
    """Who shares a value of the order.

    Attributes:
        holders: by segment, ascending.
        bits: what sharing it is worth.
        counts: whether it may decide; a value of many customers may not.
    """

    sort: Sort
    holders: tuple[Numbers, ...]
    bits: float
    counts: bool


@dataclass(frozen=True, slots=True)
class AskedEvidence:
    """An order's evidence, looked up.

    In the scratch of a segment a customer is marked with `1 << place` for each of the shared values that it has.

    Attributes:
        given: flags of what the order shows, and can be contradicted; `counted` the flags of customers that do so.
        telling: the marks of values that may decide.
        worth: bits by mark.
        told: scores by flags and mark, as they were made.
    """

    shared: tuple[SharedValue, ...] = ()
    given: int = 0
    counted: int = 0
    telling: int = 0
    worth: Bits = field(default_factory=lambda: np.zeros(1, np.float32))
    told: dict[tuple[int, int], EvidenceScore] = field(default_factory=dict)

    def mark(self, segments: Sequence[Segment]) -> None:
        """Mark who shares something."""
        for at, segment in enumerate(segments):
            held = segment.scratch.held
            for place, each in enumerate(self.shared):
                holders = each.holders[at]
                if len(holders) > _FEW:
                    held[holders] |= 1 << place
                    continue
                single = held.data
                for holder in holders.tolist():
                    single[holder] |= 1 << place

    def unmark(self, segments: Sequence[Segment]) -> None:
        """Leave the scratch as it was."""
        for at, segment in enumerate(segments):
            for each in self.shared:
                if len(holders := each.holders[at]):
                    segment.scratch.held[holders] = 0

    def score(self, flags: int, held: int) -> EvidenceScore:
        """What it says of a customer with these flags and marks."""
        signs = flags & self.counted, held
        score = self.told.get(signs)
        if score is None:
            score = self.told[signs] = _score(self, *signs)
        return score


@dataclass(frozen=True, slots=True)
class EvidenceScore:
    """What the evidence says of one customer.

    Attributes:
        agrees: sorts that agree and may decide; `contradicts` those of which both sides have others.
    """

    lines: tuple[tuple[str, float], ...]
    agrees: frozenset[Sort]
    contradicts: frozenset[Sort]

    @property
    def strong(self) -> bool:
        """Whether something agrees that hardly two customers share."""
        return any(sort in self.agrees for sort in STRONG)


def look_up(
    asked: Keys, country: int, segments: Sequence[Segment], gone: Sequence[Numbers], customers: int
) -> AskedEvidence:
    """Find who shares the values of an order.

    Args:
        country: of its postal code; 0 if unknown.
        gone: customers by segment that are not there any more.
    """
    values = [value_key(sort, value) for sort in SORTS for value in asked[sort]]
    if not values:
        return AskedEvidence()
    wanted = hashes(values)
    by_segment = [segment.evidence.find(wanted) for segment in segments]
    shared: list[SharedValue] = []
    given = telling = end = 0
    for sort in SORTS:
        if not asked[sort]:
            continue
        start, end = end, end + len(asked[sort])
        only = country if sort is Sort.POSTAL_CODE else 0
        holders = tuple(
            [
                _here(segment, without, _merged(found[start:end]), only)
                for segment, without, found in zip(segments, gone, by_segment, strict=True)
            ]
        )
        count = sum(map(len, holders))
        bits, counts = (_postal_code(count, customers), True) if sort is Sort.POSTAL_CODE else _worth(sort, count)
        if counts and (sort is not Sort.EMAIL or any(map(ALIAS.search, asked[sort]))):
            given |= _FLAG[sort]
        telling |= counts << len(shared)
        shared.append(SharedValue(sort, holders, bits, counts))
    counted = given & ~_FLAG[Sort.EMAIL] | (HAS_ALIAS if given & _FLAG[Sort.EMAIL] else 0)
    return AskedEvidence(tuple(shared), given, counted, telling, _worth_by_mark([each.bits for each in shared]))


def _worth_by_mark(bits: Sequence[float]) -> Bits:
    worth = [0.0]
    for each in bits:
        worth += [other + each for other in worth]
    return np.array(worth, np.float32)


def _merged(found: list[Numbers]) -> Numbers:
    return found[0] if len(found) == 1 else np.unique(np.concatenate(found))


def _here(segment: Segment, gone: Numbers, holders: Numbers, country: int) -> Numbers:
    if len(gone) and len(holders):
        holders = holders[~np.isin(holders, gone)]
    if country and len(holders):
        theirs = segment.countries.take(holders)
        holders = holders[(theirs == 0) | (theirs == country)]
    return holders


def _worth(sort: Sort, count: int) -> tuple[float, bool]:
    if count > rules.SHARED_BY_MANY:
        return 0.0, False
    if count > rules.SHARED_BY_FEW:
        return _WORTH[sort] / 2, False
    return _WORTH[sort] - log2(max(count, 1)), True


def _postal_code(count: int, customers: int) -> float:
    usual = rules.BACKGROUND_PEOPLE * rules.POSTAL_CODE_BACKGROUND
    share = (max(count - 1, 0) + usual) / (customers + rules.BACKGROUND_PEOPLE)
    bits = log2(rules.POSTAL_CODE_KEPT / share)
    return min(max(bits, rules.POSTAL_CODE_LEAST), rules.POSTAL_CODE_MOST)


def holding(values: Numbers, customers: Numbers) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which of the customers are among the holders; these ascend."""
    if not len(values):
        return np.zeros(len(customers), np.bool_)
    at = np.minimum(values.searchsorted(customers), len(values) - 1)
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = values[at] == customers
    return found


def _score(evidence: AskedEvidence, flags: int, held: int) -> EvidenceScore:
    """What it says of customers with these flags who share these values."""
    lines: list[tuple[str, float]] = []
    agrees, contradicts = set(), set()
    for place, each in enumerate(evidence.shared):
        sort = each.sort
        if held >> place & 1:
            few = "" if each.counts else ", which many share"
            lines.append((f"{sort.shown} agrees{few}", each.bits))
            if each.counts:
                agrees.add(sort)
        elif evidence.given & _FLAG[sort] and flags & (HAS_ALIAS if sort is Sort.EMAIL else _FLAG[sort]):
            lines.append((f"another {sort.shown}", _OTHER[sort]))
            contradicts.add(sort)
    return EvidenceScore(tuple(lines), frozenset(agrees), frozenset(contradicts))
