"""Who may be meant: candidates from all segments, weighed in bits against each other and against everybody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import compress
from math import fsum, inf, log2

import numpy as np
from numpy.typing import NDArray

from adapter.matching import rules
from adapter.matching.evidence import Keys, keys
from adapter.matching.hashing import Bits, Numbers
from adapter.matching.names import Name
from adapter.matching.rough import COMPANY, Rough, rough
from adapter.matching.scoring import NO_NAMES, AskedName, KnownName, NameScore, compare
from adapter.matching.segments import NO_WORD, Segment
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
_RIVAL = 24.0
"""No rival is so far below the best: a postal code, a form and a word that does not count make less."""
_UNSURE = 11.0
"""How much the exact bits of a name may be above the rough ones."""
_CACHED_WORDS = 2048


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
        whole: gives the same with those candidates too that can change no decision, to be shown.
    """

    candidates: tuple[Candidate, ...]
    rest: float
    evidence: AskedEvidence
    by_name: tuple[tuple[Candidate, ...], ...] = ()
    namesakes: tuple[int, ...] = ()
    whole: Callable[[], Found] | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """Rows of a segment to be weighed, with what the evidence says of their customers."""

    segment: int
    rows: Numbers
    evidence: Sequence[EvidenceScore]


@dataclass(frozen=True, slots=True)
class _Searched:
    """Who was found by one name.

    Attributes:
        later: rows that can change no decision, and are weighed only to be shown.
        rest: the weight of all who are not candidates, and `beyond` of those who are not among `later` either.
    """

    candidates: list[Candidate]
    later: tuple[_Told, ...] = ()
    rest: float = 0.0
    beyond: float = 0.0
    namesakes: int = 0


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
        # A word that counts for nothing is missed by the rough bits all the same.
        lazy = len(names) == 1 and NO_NAMES.isdisjoint([word.text for word in names[0].fits])
        searched = [self._search_name(asked, place, evidence, gone, lazy=lazy) for place, asked in enumerate(names)]
        rest = max((each.rest for each in searched), default=0.0)
        found = self._found(
            [each.candidates for each in searched], rest, evidence, [each.namesakes for each in searched]
        )
        if not (lazy and searched[0].later):
            return found
        return replace(found, whole=partial(self._whole, names[0], searched[0], evidence))

    def _found(
        self, by_name: list[list[Candidate]], rest: float, evidence: AskedEvidence, namesakes: list[int]
    ) -> Found:
        best: dict[tuple[int, int], Candidate] = {}
        for candidates in by_name:
            candidates.sort(key=self._rank)
            for candidate in candidates:
                key = candidate.segment, candidate.number
                if key not in best or best[key].bits < candidate.bits:
                    best[key] = candidate
        ranked = sorted(best.values(), key=self._rank) if len(by_name) > 1 else best.values()
        return Found(tuple(ranked), rest, evidence, tuple(map(tuple, by_name)), tuple(namesakes))

    def _whole(self, asked: AskedName, searched: _Searched, evidence: AskedEvidence) -> Found:
        later = [candidate for told in searched.later for candidate in self._weigh(asked, 0, told)]
        return self._found([[*searched.candidates, *later]], searched.beyond, evidence, [searched.namesakes])

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
        self, asked: AskedName, place: int, evidence: AskedEvidence, gone: Sequence[Numbers], *, lazy: bool
    ) -> _Searched:
        words = self._words_to_look_up(asked)
        roughs = [rough(segment, at, asked, words, evidence, gone[at]) for at, segment in enumerate(self.segments)]
        bits = _together([each.bits for each in roughs])
        if not len(bits):
            return _Searched([])
        chosen = self._worth_weighing(bits, roughs)
        least = self._least_to_matter(float(bits.max())) if lazy else -np.inf
        found: list[Candidate] = []
        later: list[_Told] = []
        put_off: list[float] = []
        start = 0
        for at, each in enumerate(roughs):
            here = chosen - start if len(roughs) == 1 else _between(chosen, start, start + len(each.bits))
            start += len(each.bits)
            if not len(here):
                continue
            told = evidence_scores(evidence, at, self.segments[at], each.customers[here])
            now = [
                bits >= least or bool(score.agrees) for bits, score in zip(each.bits[here].tolist(), told, strict=True)
            ]
            if all(now):
                found += self._weigh(asked, place, _Told(at, each.rows[here], told))
                continue
            rows = each.rows[here]
            later_here = [not matters for matters in now]
            put_off += each.bits[here[later_here]].tolist()
            found += self._weigh(asked, place, _Told(at, rows[now], [*compress(told, now)]))
            later.append(_Told(at, rows[later_here], [*compress(told, later_here)]))
        whole = _together([each.whole for each in roughs])
        most = float(whole.max())
        alike = int(np.count_nonzero(whole >= most - _ALIKE)) if most > 0 else 0
        left = fsum(2.0**bits for bits in put_off)
        bits[chosen] = -np.inf
        bits.sort()  # so that it does not count in which order they come
        beyond = float(np.exp2(bits, dtype=np.float64).sum()) if len(chosen) < len(bits) else 0.0
        return _Searched(found, tuple(later), beyond + left, beyond, alike)

    def _least_to_matter(self, best: float) -> float:
        """Rough bits below which nobody without evidence changes what is decided of the best.

        Nobody there is shown as likely, nor is a rival: whose name fits as well as that of the best, and who lacks at
        most its postal code.
        """
        likely = log2(max(self.customers, 1)) - rules.NONE_BELOW - _UNSURE
        return min(best - _RIVAL, likely) if best >= likely else -inf

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

    def _worth_weighing(self, bits: Bits, roughs: Sequence[Rough]) -> NDArray[np.int64]:
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
        if len(roughs) == 1:  # rows ascend by key
            order = np.argsort(-bits[chosen], kind="stable")
        else:
            heads = [self.segments[at].heads[each.customers] for at, each in enumerate(roughs)]
            order = np.lexsort((np.concatenate(heads)[chosen], -bits[chosen]))
        best: NDArray[np.int64] = np.sort(chosen[order[:most]])
        return best

    def _weigh(self, asked: AskedName, place: int, told: _Told) -> list[Candidate]:
        at, rows = told.segment, told.rows
        segment = self.segments[at]
        customers = segment.customer_of[rows]
        words = segment.vocabulary.words
        best: dict[int, Candidate] = {}
        for row, number, tokens, forms, kind, evidence_score in zip(
            rows.tolist(),
            customers.tolist(),
            segment.tokens[rows].tolist(),
            segment.forms[rows].tolist(),
            segment.kinds[customers].tolist(),
            told.evidence,
            strict=True,
        ):
            long = segment.long_name(row) if tokens[-1] != NO_WORD else None
            numbers = tuple(tokens[: tokens.index(NO_WORD)] if tokens[-1] == NO_WORD else tokens)
            form_set = segment.form_sets[forms]
            name = compare(asked, KnownName(numbers, long, form_set, bool(form_set) or kind == COMPANY), at, words)
            bits = fsum([name.bits, *(bits for _, bits in evidence_score.lines)])
            if number not in best or best[number].bits < bits:
                best[number] = Candidate(at, number, place, asked, name, evidence_score, bits)
        return list(best.values())


def _between(numbers: NDArray[np.int64], start: int, end: int) -> NDArray[np.int64]:
    """Those of the numbers within bounds, counted from the first bound."""
    return numbers[(numbers >= start) & (numbers < end)] - start


def _together(arrays: Sequence[Bits]) -> Bits:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
