"""Who may be meant: candidates from all segments, weighed in bits against each other and against everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum, log2

import numpy as np
from numpy.typing import NDArray

from adapter.matching import rules
from adapter.matching.evidence import Keys, Sort, keys
from adapter.matching.hashing import Bits, Numbers
from adapter.matching.names import Name
from adapter.matching.scoring import AskedName, KnownName, NameScore, compare
from adapter.matching.segments import NO_WORD, WIDTH, Segment
from adapter.matching.weighing import AskedEvidence, EvidenceScore, evidence_scores, holding, look_up
from adapter.matching.wordfits import WordFits, word_fits
from adapter.model.catalog import Customer, Evidence

_ENOUGH_ROWS = 3000
"""So many rows are looked at; the next word's are left out if they would be more."""
_CANDIDATES = 40
_LEAST = 6
_WITHIN = 16.0
_MARGIN = 3.0
_ALIKE = 6.0
_CACHED_WORDS = 2048
_COMPANY = 2
_NO_ROWS: Numbers = np.empty(0, np.int32)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer that may be meant.

    Attributes:
        segment, number: where it is.
        place: of the name that fits best among those of the order; `asked` is that name.
    """

    segment: int
    number: int
    place: int
    asked: AskedName
    name: NameScore
    evidence: EvidenceScore
    bits: float


@dataclass(frozen=True, slots=True)
class Found:
    """Who was found.

    Attributes:
        candidates: the best first.
        rest: the weight of all who are not among them, as a sum of 2^bits.
        by_name: candidates by each name of the order.
        namesakes: how many have all the words of each name of the order, and no others.
    """

    candidates: tuple[Candidate, ...]
    rest: float
    evidence: AskedEvidence
    by_name: tuple[tuple[Candidate, ...], ...] = ()
    namesakes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rough:
    """Rows of a segment with their bits, as far as can be said of many at once.

    Attributes:
        whole: bits of the words of rows that have all words of the order and no others; 0 for the rest.
    """

    rows: Numbers
    bits: Bits
    whole: Bits


class Index:
    """Segments searched together.

    Attributes:
        names_only: no customer has any evidence that could be compared.

    Args:
        gone: customers by segment that a later segment has anew, or that were removed; ascending.
    """

    def __init__(self, segments: Sequence[Segment], gone: Sequence[Numbers]) -> None:
        self.segments = tuple(segments)
        self.gone = tuple(gone)
        self.names_only = not any(len(segment.evidence.keys) for segment in segments)
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
        by_name, namesakes = [], []
        rest = 0.0
        for place, asked in enumerate(names):
            found, others, whole = self._search_name(asked, place, evidence, gone)
            rest = max(rest, others)
            namesakes.append(whole)
            for candidate in found:
                key = candidate.segment, candidate.number
                if key not in best or best[key].bits < candidate.bits:
                    best[key] = candidate
            by_name.append(tuple(sorted(found, key=self._rank)))
        return Found(tuple(sorted(best.values(), key=self._rank)), rest, evidence, tuple(by_name), tuple(namesakes))

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

    def with_tax_id(self, numbers: Sequence[str]) -> list[Customer]:
        """Customers with one of these tax numbers, however it is written, by name and key."""
        asked = look_up(keys(Evidence(tax_ids=tuple(numbers))), 0, self.segments, self.gone, self.customers)
        found = [
            self.segments[at].customer(number)
            for shared in asked.shared
            for at, holders in enumerate(shared.holders)
            for number in holders.tolist()
        ]
        return sorted(found, key=lambda each: (each.name, each.ref_key))

    def _rank(self, candidate: Candidate) -> tuple[float, int | bytes]:
        if len(self.segments) == 1:
            return -candidate.bits, candidate.number  # they ascend by key
        return -candidate.bits, self.segments[candidate.segment].ref_key(candidate.number).bytes

    def _search_name(
        self, asked: AskedName, place: int, evidence: AskedEvidence, gone: Sequence[Numbers]
    ) -> tuple[list[Candidate], float, int]:
        """Candidates by one name, the weight of the others, and how many have all its words."""
        words = self._words_to_look_up(asked)
        roughs = [self._rough_segment(asked, words, evidence, at, gone[at]) for at in range(len(self.segments))]
        bits = np.concatenate([rough.bits for rough in roughs])
        if not len(bits):
            return [], 0.0, 0
        chosen = self._worth_weighing(bits, roughs)
        weights = np.exp2(bits.astype(np.float64))
        weights[chosen] = 0.0
        found: list[Candidate] = []
        start = 0
        for at, rough in enumerate(roughs):
            here = chosen[(chosen >= start) & (chosen < start + len(rough.bits))] - start
            found += self._weigh(asked, place, evidence, at, rough.rows[here]) if len(here) else []
            start += len(rough.bits)
        whole = np.concatenate([rough.whole for rough in roughs])
        alike = int(np.count_nonzero(whole >= whole.max() - _ALIKE)) if whole.max() > 0 else 0
        # fsum, so that it does not count in which order they come.
        return found, fsum(weights.tolist()), alike

    def _words_to_look_up(self, asked: AskedName) -> list[int]:
        """The places of the rarest word, and of the next ones as long as they are few."""
        rows = {at: sum(fits.rows for fits in word.segments) for at, word in enumerate(asked.fits)}
        chosen: list[int] = []
        total = 0
        for at in sorted((at for at, count in rows.items() if count), key=lambda at: (rows[at], asked.fits[at].text)):
            if chosen and total + rows[at] > _ENOUGH_ROWS:
                break
            total += rows[at]
            chosen.append(at)
        return chosen

    def _rough_segment(
        self, asked: AskedName, words: Sequence[int], evidence: AskedEvidence, at: int, gone: Numbers
    ) -> _Rough:
        segment = self.segments[at]
        rows = self._rows(asked, words, evidence, at)
        customers = segment.customer_of[rows]
        keep = ~segment.short[rows]
        if len(gone):
            keep &= ~holding(gone, customers)
        if not keep.all():
            rows, customers = rows[keep], customers[keep]
        if not len(rows):
            return _Rough(rows, np.empty(0, np.float32), np.empty(0, np.float32))
        bits, whole = self._rough(asked, at, rows)
        return _Rough(rows, bits + _rough_evidence(evidence, at, customers), whole)

    def _worth_weighing(self, bits: Bits, roughs: Sequence[_Rough]) -> NDArray[np.int64]:
        """The best, as far as they are near the very best or likelier than somebody unknown."""
        least = max(float(bits.max()) - _WITHIN, log2(max(self.customers, 1)) - rules.NONE_BELOW - _MARGIN)
        chosen = np.flatnonzero(bits >= least)
        if _LEAST <= len(chosen) <= _CANDIDATES or len(chosen) == len(bits) <= _CANDIDATES:
            return chosen
        most = _LEAST if len(chosen) < _LEAST else _CANDIDATES
        if len(bits) > 4 * most:
            chosen = np.flatnonzero(bits >= np.partition(bits, -most)[-most])
        elif len(chosen) < _LEAST:
            chosen = np.arange(len(bits))
        refs = np.concatenate(
            [self.segments[at].heads[self.segments[at].customer_of[rough.rows]] for at, rough in enumerate(roughs)]
        )
        best: NDArray[np.int64] = np.sort(chosen[np.lexsort((refs[chosen], -bits[chosen]))[:most]])
        return best

    def _rows(self, asked: AskedName, words: Sequence[int], evidence: AskedEvidence, at: int) -> Numbers:
        """Rows of a segment with one of the words, and those of customers with the same values."""
        segment = self.segments[at]
        found = [
            segment.rows_of(number)
            for place in words
            for number, each in asked.fits[place].segments[at].by_word.items()
            if each.fit is not rules.Fit.INITIAL
        ]
        for each in evidence.shared:
            holders = each.holders[at]
            if each.sort is not Sort.POSTAL_CODE and each.bits and len(holders):
                found.append(segment.rows_of_customers(holders))
        if not found:
            return _NO_ROWS
        return found[0] if len(found) == 1 else np.unique(np.concatenate(found))

    def _rough(self, asked: AskedName, at: int, rows: Numbers) -> tuple[Bits, Bits]:
        """Bits of many rows at once, not minding that two words may have one partner; and of those with all words."""
        segment = self.segments[at]
        table = segment.scratch.bits
        fits = [word.segments[at] for word in asked.fits]
        for fit in fits:
            if len(fit.words):
                table[fit.words] = np.maximum(table[fit.words], fit.bits)
        worth = table[np.ascontiguousarray(segment.tokens[rows].T)]
        for fit in fits:
            table[fit.words] = 0.0
        lengths = segment.lengths[rows].astype(np.int16)
        paired = np.count_nonzero(worth, axis=0)
        if initials := sum(len(word.text) == 1 for word in asked.fits):
            # An initial has no bits in the table; it may be any word that is left.
            more = np.clip(lengths - paired, 0, initials)
            paired += more
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
        total: Bits = worth.sum(axis=0)
        whole: Bits = np.where((paired == len(fits)) & (lengths == paired), total, np.float32(0))
        total += left.astype(np.float32)
        if initials:
            total += rules.INITIAL * more
        return total, whole

    def _weigh(self, asked: AskedName, place: int, evidence: AskedEvidence, at: int, rows: Numbers) -> list[Candidate]:
        segment = self.segments[at]
        customers = segment.customer_of[rows]
        told = evidence_scores(evidence, at, segment, customers)
        best: dict[int, Candidate] = {}
        for row, number, evidence_score in zip(rows.tolist(), customers.tolist(), told, strict=True):
            name = compare(asked, self._known(segment, row, number), at, segment.vocabulary.words)
            bits = fsum([name.bits, *(bits for _, bits in evidence_score.lines)])
            if number not in best or best[number].bits < bits:
                best[number] = Candidate(at, number, place, asked, name, evidence_score, bits)
        return list(best.values())

    def _known(self, segment: Segment, row: int, number: int) -> KnownName:
        numbers = tuple(word for word in segment.tokens[row].tolist() if word != NO_WORD)
        forms = segment.form_sets[segment.forms[row]]
        words = segment.long_name(row) if len(numbers) == WIDTH else None
        return KnownName(numbers, words, forms, bool(forms) or segment.kinds[number] == _COMPANY)


def _rough_evidence(evidence: AskedEvidence, at: int, customers: Numbers) -> Bits:
    bits = np.zeros(len(customers), np.float32)
    for each in evidence.shared:
        if each.bits and len(each.holders[at]):
            starts = customers.searchsorted(each.holders[at], "left")
            ends = customers.searchsorted(each.holders[at], "right")
            for more in range(int((ends - starts).max(initial=0))):
                bits[starts[ends - starts > more] + more] += each.bits
    return bits
