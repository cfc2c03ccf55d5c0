"""Who may be meant: candidates from all segments, weighed in bits against each other and against everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum

import numpy as np

from adapter.matching import rules
from adapter.matching.evidence import Keys, Sort
from adapter.matching.hashing import Bits, Numbers
from adapter.matching.names import Name
from adapter.matching.scoring import AskedName, KnownName, NameScore, compare
from adapter.matching.segments import Segment
from adapter.matching.weighing import AskedEvidence, EvidenceScore, evidence_scores, holding, look_up
from adapter.matching.wordfits import WordFits, word_fits
from adapter.model.catalog import Customer

_ENOUGH_ROWS = 3000
"""So many rows are looked at; the next word's are left out if they would be more."""
_CANDIDATES = 40
_WITHIN = 24.0
_CACHED_WORDS = 4096
_COMPANY = 2
_NO_ROWS: Numbers = np.empty(0, np.int32)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer that may be meant.

    Attributes:
        segment, number: where it is.
        asked: the name of the order that fits best.
    """

    segment: int
    number: int
    asked: AskedName
    name: NameScore
    evidence: EvidenceScore
    bits: float


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates, the best first, and the weight of all who are not among them, as a sum of 2^bits."""

    candidates: tuple[Candidate, ...]
    rest: float
    evidence: AskedEvidence
    by_name: tuple[tuple[Candidate, ...], ...] = ()


class Index:
    """Segments searched together.

    Args:
        gone: customers by segment that a later segment has anew, or that were removed; ascending.
    """

    def __init__(self, segments: Sequence[Segment], gone: Sequence[Numbers]) -> None:
        self.segments = tuple(segments)
        self.gone = tuple(gone)
        self.customers = sum(map(len, segments)) - sum(map(len, gone))
        self.word_fits = lru_cache(maxsize=_CACHED_WORDS)(self._word_fits)

    def _word_fits(self, word: str) -> WordFits:
        return word_fits(word, self.segments, self.customers)

    def search(self, names: Sequence[AskedName], keys: Keys, country: int, without: Sequence[Numbers]) -> Found:
        """Everybody who may be meant by one of the names, or has the same e-mail address, phone or tax id.

        Args:
            without: customers by segment that are to be passed over besides those that are gone.
        """
        gone = [np.union1d(*both) if len(both[1]) else both[0] for both in zip(self.gone, without, strict=True)]
        evidence = look_up(keys, country, self.segments, gone, self.customers)
        best: dict[tuple[int, int], Candidate] = {}
        by_name = []
        rest = 0.0
        for asked in names:
            found = []
            for at in range(len(self.segments)):
                candidates, left = self._search_segment(asked, evidence, at, gone[at])
                found += candidates
                rest = max(rest, left)
            for candidate in found:
                key = candidate.segment, candidate.number
                if key not in best or best[key].bits < candidate.bits:
                    best[key] = candidate
            by_name.append(tuple(sorted(found, key=self._rank)))
        return Found(tuple(sorted(best.values(), key=self._rank)), rest, evidence, tuple(by_name))

    def customer(self, candidate: Candidate) -> Customer:
        """A candidate with all that was read of it."""
        return self.segments[candidate.segment].customer(candidate.number)

    def with_words(self, name: Name) -> list[tuple[Customer, set[frozenset[str]]]]:
        """Customers whose name has the very same words, by name and key, with the forms of such names."""
        found: dict[tuple[int, int], set[frozenset[str]]] = {}
        for at, (segment, gone) in enumerate(zip(self.segments, self.gone, strict=True)):
            for row in segment.rows_with_words(name.words):
                number = int(segment.customer_of[row])
                if not holding(gone, segment.customer_of[row : row + 1])[0]:
                    found.setdefault((at, number), set()).add(segment.form_sets[segment.forms[row]])
        alike = [(self.segments[at].customer(number), forms) for (at, number), forms in found.items()]
        return sorted(alike, key=lambda each: (each[0].name, each[0].ref_key))

    def _rank(self, candidate: Candidate) -> tuple[float, bytes]:
        return -candidate.bits, self.segments[candidate.segment].ref_key(candidate.number).bytes

    def _search_segment(
        self, asked: AskedName, evidence: AskedEvidence, at: int, gone: Numbers
    ) -> tuple[list[Candidate], float]:
        segment = self.segments[at]
        rows = self._rows(asked, evidence, at)
        if not len(rows):
            return [], 0.0
        customers = segment.customer_of[rows]
        keep = ~segment.short[rows]
        if len(gone):
            keep &= ~holding(gone, customers)
        if not keep.all():
            rows, customers = rows[keep], customers[keep]
        if not len(rows):
            return [], 0.0
        bits = self._rough(asked, at, rows) + _rough_evidence(evidence, at, customers)
        chosen = np.flatnonzero(bits >= bits.max() - _WITHIN)
        if len(chosen) > _CANDIDATES:
            order = np.lexsort((chosen, -bits[chosen]))
            chosen = np.sort(chosen[order[:_CANDIDATES]])
        weights = np.exp2(bits.astype(np.float64))
        weights[chosen] = 0.0
        return self._weigh(asked, evidence, at, rows[chosen]), float(weights.sum())

    def _rows(self, asked: AskedName, evidence: AskedEvidence, at: int) -> Numbers:
        """Rows with the rarest word, and the next ones as long as they are few; and of those with the same values."""
        segment = self.segments[at]
        fits = sorted((word.segments[at] for word in asked.fits if word.segments[at].rows), key=lambda fit: fit.rows)
        found: list[Numbers] = []
        total = 0
        for fit in fits:
            if found and total + fit.rows > _ENOUGH_ROWS:
                break
            total += fit.rows
            found += [
                segment.rows_of(number) for number, each in fit.by_word.items() if each.fit is not rules.Fit.INITIAL
            ]
        for each in evidence.shared:
            holders = each.holders[at]
            if each.sort is not Sort.POSTAL_CODE and each.bits and len(holders):
                found.append(segment.rows_of_customers(holders))
        if not found:
            return _NO_ROWS
        return found[0] if len(found) == 1 else np.unique(np.concatenate(found))

    def _rough(self, asked: AskedName, at: int, rows: Numbers) -> Bits:
        """Bits of many rows at once, not minding that two words may have one partner."""
        segment = self.segments[at]
        table = segment.scratch.bits
        fits = [word.segments[at] for word in asked.fits]
        for fit in fits:
            if len(fit.words):
                table[fit.words] = np.maximum(table[fit.words], fit.bits)
        worth = table[segment.tokens[rows]]
        for fit in fits:
            table[fit.words] = 0.0
        lengths = segment.lengths[rows].astype(np.int16)
        paired = np.count_nonzero(worth, axis=1)
        asked_left = np.maximum(len(fits) - paired, 0)
        known_left = np.maximum(lengths - paired, 0)
        both = (asked_left > 0) & (known_left > 0)
        company = asked.company | (segment.kinds[segment.customer_of[rows]] == _COMPANY)
        alone = np.where(
            company,
            rules.CORE_DIFFERS * (asked_left + known_left),
            rules.EXTRA_IN_ORDER * asked_left + rules.NO_PATRONYMIC * known_left,
        )
        left = np.where(both, np.where(company, alone, rules.BOTH_LEFT * (asked_left + known_left)), alone)
        total: Bits = worth.sum(axis=1) + left.astype(np.float32)
        return total

    def _weigh(self, asked: AskedName, evidence: AskedEvidence, at: int, rows: Numbers) -> list[Candidate]:
        segment = self.segments[at]
        customers = segment.customer_of[rows]
        told = evidence_scores(evidence, at, segment, customers)
        best: dict[int, Candidate] = {}
        for row, number, evidence_score in zip(rows.tolist(), customers.tolist(), told, strict=True):
            name = compare(asked, self._known(segment, row, number), at)
            bits = fsum([name.bits, *(bits for _, bits in evidence_score.lines)])
            if number not in best or best[number].bits < bits:
                best[number] = Candidate(at, number, asked, name, evidence_score, bits)
        return list(best.values())

    def _known(self, segment: Segment, row: int, number: int) -> KnownName:
        words = segment.words_of(row)
        numbers = segment.tokens[row].tolist()[: len(words)]
        numbers += [-1] * (len(words) - len(numbers))
        forms = segment.form_sets[segment.forms[row]]
        return KnownName(words, tuple(numbers), forms, bool(forms) or segment.kinds[number] == _COMPANY)


def _rough_evidence(evidence: AskedEvidence, at: int, customers: Numbers) -> Bits:
    bits = np.zeros(len(customers), np.float32)
    for each in evidence.shared:
        if each.bits and len(each.holders[at]):
            starts = customers.searchsorted(each.holders[at], "left")
            ends = customers.searchsorted(each.holders[at], "right")
            for more in range(int((ends - starts).max(initial=0))):
                bits[starts[ends - starts > more] + more] += each.bits
    return bits
