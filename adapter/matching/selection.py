"""Which rows of the catalog are worth weighing exactly for one name of an order, and what all the others weigh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, inf, log2
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adapter.matching import rules
from adapter.matching.hashing import Bits, Numbers
from adapter.matching.names import NO_NAMES
from adapter.matching.rough import UNSURE, Rough, left_over, rough
from adapter.matching.rows import CUSTOMER
from adapter.matching.scoring import AskedName
from adapter.matching.segments import Segment
from adapter.matching.weighing import AskedEvidence

_ENOUGH_ROWS = 3000
"""So many rows are looked at; the next word's are left out if they would be more."""
_CANDIDATES = 40
_LEAST = 6
_WITHIN = 16.0
_MARGIN = 3.0
_ALIKE = 6.0
_RIVAL = 24.0
"""No rival is so far below the best: a postal code, a form and a word that does not count make less."""
_NOTHING = 40.0
"""Bits below the best, or below "not in the catalog", at which even all customers together weigh nothing."""


class Row(NamedTuple):
    """A row that is worth weighing.

    Attributes:
        packed: its numbers, see `rows`.
        bits: rough ones.
        held: the marks of its customer, see `AskedEvidence`.
    """

    segment: int
    number: int
    packed: list[int]
    bits: float
    held: int

    @property
    def customer(self) -> tuple[int, int]:
        """Whose it is."""
        return self.segment, self.packed[CUSTOMER]


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows for one name of an order.

    Attributes:
        best: rough bits of the best.
        beyond: the weight of all who are not among the rows, as a sum of 2^bits.
        namesakes: how many have all the words of a company's name, and no others.
    """

    asked: AskedName
    rows: list[Row]
    best: float = -inf
    beyond: float = 0.0
    namesakes: int = 0

    def deciding(self, unknown_bits: float, best: float, telling: int) -> list[bool]:
        """For each row whether it can change a decision, but for what it weighs.

        Where somebody may be accepted it does so if it stands in the way: its name fits as well as that of the best,
        and it lacks at most the postal code, unless it has evidence of its own. Otherwise if it is worth a look.

        Args:
            unknown_bits: of "not in the catalog". Nobody below is accepted.
            best: rough bits of the best by any name of the order.
            telling: marks of evidence.
        """
        if self.best < unknown_bits - UNSURE:
            likely = max(unknown_bits - rules.NONE_BELOW - UNSURE, best - _RIVAL)
            return [row.bits >= likely for row in self.rows]
        least = self.best - _RIVAL
        return [row.bits >= least or row.held & telling != 0 for row in self.rows]

    def near(self, exact: float) -> bool:
        """Whether those who decide are all within reach of the best, now that its exact bits are known."""
        return exact >= self.best - _RIVAL + _WITHIN


def weight(rows: Sequence[Row]) -> float:
    """What rows weigh by their rough bits."""
    return fsum([2.0**row.bits for row in rows])


def select(
    asked: AskedName,
    evidence: AskedEvidence,
    segments: Sequence[Segment],
    gone: Sequence[Numbers],
    customers: int,
) -> Selection:
    """Look for a name in all segments.

    Args:
        evidence: marked in the segments.
        gone: customers by segment that are to be passed over; ascending.
        customers: how many there are.
    """
    words = _words_to_look_up(asked)
    left = left_over(asked)
    roughs = [rough(segment, at, asked, left, words, evidence, gone[at]) for at, segment in enumerate(segments)]
    bits = _together([each.bits for each in roughs])
    best = float(bits.max()) if len(bits) else -inf
    if best == -inf:
        return Selection(asked, [])
    unknown = log2(max(customers, 1))
    chosen = _worth_weighing(bits, best, unknown, segments, roughs)
    rows = _rows(chosen, roughs)
    bits[chosen] = -inf
    others = bits[bits > max(best, unknown) - _NOTHING]
    others.sort()  # so that it does not count in which order they come
    beyond = float(np.exp2(others, dtype=np.float64).sum()) if len(others) else 0.0
    return Selection(asked, rows, best, beyond, _namesakes(roughs))


def _words_to_look_up(asked: AskedName) -> list[int]:
    """The places of the rarest word, and of the next ones as long as they are few."""
    counts = sorted(
        (count, word.text, at)
        for at, word in enumerate(asked.fits)
        if (count := sum([fits.rows for fits in word.segments])) and word.text not in NO_NAMES
    )
    chosen: list[int] = []
    total = 0
    for count, _, at in counts:
        if chosen and total + count > _ENOUGH_ROWS:
            break
        total += count
        chosen.append(at)
    return chosen


def _worth_weighing(
    bits: Bits, best: float, unknown: float, segments: Sequence[Segment], roughs: Sequence[Rough]
) -> NDArray[np.int64]:
    """The best, as far as they are near the very best or likelier than somebody unknown; some more to be shown."""
    least = max(best - _WITHIN, unknown - rules.NONE_BELOW - _MARGIN)
    chosen = (bits >= least).nonzero()[0]
    if _LEAST <= len(chosen) <= _CANDIDATES:
        return chosen
    most = _LEAST if len(chosen) < _LEAST else _CANDIDATES
    if len(bits) > 4 * most:
        least = np.partition(bits, -most)[-most]
        chosen = ((bits >= least) & (bits > -inf)).nonzero()[0]
    elif len(chosen) < _LEAST:
        chosen = (bits > -inf).nonzero()[0]
    if len(chosen) <= most:
        return chosen
    if len(roughs) == 1:  # rows ascend by key
        order = np.argsort(-bits[chosen], kind="stable")
    else:
        heads = [segment.heads[each.rows[:, CUSTOMER]] for segment, each in zip(segments, roughs, strict=True)]
        order = np.lexsort((np.concatenate(heads)[chosen], -bits[chosen]))
    found: NDArray[np.int64] = np.sort(chosen[order[:most]])
    return found


def _rows(chosen: NDArray[np.int64], roughs: Sequence[Rough]) -> list[Row]:
    found: list[Row] = []
    start = 0
    for at, each in enumerate(roughs):
        end = start + len(each.bits)
        here = chosen if len(roughs) == 1 else chosen[(chosen >= start) & (chosen < end)] - start
        start = end
        if not len(here):
            continue
        packed = each.rows.take(here, 0)
        parts = (each.numbers.take(here), packed, each.bits.take(here), each.held.take(here))
        found += [Row(at, *row) for row in zip(*[part.tolist() for part in parts], strict=True)]
    return found


def _namesakes(roughs: Sequence[Rough]) -> int:
    whole = _together([each.whole for each in roughs])
    if not len(whole) or (most := float(whole.max())) <= 0:
        return 0
    return int(np.count_nonzero(whole >= most - _ALIKE))


def _together(arrays: Sequence[Bits]) -> Bits:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
