"""Who may be meant: candidates from all segments, weighed in bits against each other and against everybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import compress
from math import fsum, inf

import numpy as np

from adapter.matching.evidence import Keys, keys
from adapter.matching.hashing import Numbers
from adapter.matching.names import Name
from adapter.matching.rows import ABOUT, CUSTOMER, NO_WORD, WIDTH, forms_of, is_company
from adapter.matching.scoring import AskedName, KnownName, NameScore, compare
from adapter.matching.segments import Segment
from adapter.matching.selection import Row, Selection, select, weight
from adapter.matching.weighing import AskedEvidence, EvidenceScore, holding, look_up
from adapter.matching.wordfits import WordFits, word_fits
from adapter.model.catalog import Customer, Evidence

_CACHED_WORDS = 4096


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
        namesakes: how many have all the words of each name of the order that is a company's, and no others.
        whole: gives the same with those candidates too that can change no accept; None if there are none.
        put_off: the best rough bits of these.
    """

    candidates: tuple[Candidate, ...]
    rest: float
    evidence: AskedEvidence
    by_name: tuple[tuple[Candidate, ...], ...] = ()
    namesakes: tuple[int, ...] = ()
    whole: Callable[[], Found] | None = None
    put_off: float = -inf


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

    def search(
        self, names: Sequence[AskedName], keys: Keys, country: int, without: Sequence[Numbers], unknown_bits: float
    ) -> Found:
        """Everybody who may be meant by one of the names, or has the same e-mail address, phone or tax id.

        Args:
            without: customers by segment that are to be passed over besides those that are gone.
            unknown_bits: of "not in the catalog".
        """
        gone = [np.union1d(*both) if len(both[1]) else both[0] for both in zip(self.gone, without, strict=True)]
        evidence = look_up(keys, country, self.segments, gone, self.customers)
        evidence.mark(self.segments)
        try:
            selections = [select(asked, evidence, self.segments, gone, self.customers) for asked in names]
        finally:
            evidence.unmark(self.segments)
        return self._decisive(selections, evidence, unknown_bits)

    def _decisive(self, selections: Sequence[Selection], evidence: AskedEvidence, unknown_bits: float) -> Found:
        """Those who can change an accept."""
        best = max([each.best for each in selections], default=-inf)
        deciding = [each.deciding(unknown_bits, best, evidence.telling) for each in selections]
        if len(selections) > 1:
            # What one name says of the customer that another one points to may contradict it.
            known = {
                row.customer for each, now in zip(selections, deciding, strict=True) for row in compress(each.rows, now)
            }
            deciding = [[row.customer in known for row in each.rows] for each in selections]
        by_name: list[list[Candidate]] = []
        later: list[list[Row]] = []
        for place, (selection, now) in enumerate(zip(selections, deciding, strict=True)):
            weighed = self._weigh(selection.asked, place, evidence, compress(selection.rows, now))
            left = [row for row, here in zip(selection.rows, now, strict=True) if not here]
            if left and weighed and not selection.near(max([each.bits for each in weighed])):
                weighed, left = self._weigh(selection.asked, place, evidence, selection.rows), []
            by_name.append(weighed)
            later.append(left)
        rest = max([each.beyond + weight(left) for each, left in zip(selections, later, strict=True)], default=0.0)
        put_off = max([row.bits for left in later for row in left], default=-inf)
        whole = partial(self._whole, selections, evidence) if any(later) else None
        return self._found(by_name, rest, evidence, selections, whole, put_off)

    def _found(
        self,
        by_name: list[list[Candidate]],
        rest: float,
        evidence: AskedEvidence,
        selections: Sequence[Selection],
        whole: Callable[[], Found] | None = None,
        put_off: float = -inf,
    ) -> Found:
        namesakes = tuple([each.namesakes for each in selections])
        if len(by_name) == 1:
            only = tuple(sorted(by_name[0], key=self._rank))
            return Found(only, rest, evidence, (only,), namesakes, whole, put_off)
        best: dict[tuple[int, int], Candidate] = {}
        for candidates in by_name:
            candidates.sort(key=self._rank)
            for candidate in candidates:
                key = candidate.segment, candidate.number
                if key not in best or best[key].bits < candidate.bits:
                    best[key] = candidate
        ranked = tuple(sorted(best.values(), key=self._rank))
        return Found(ranked, rest, evidence, tuple(map(tuple, by_name)), namesakes, whole, put_off)

    def _whole(self, selections: Sequence[Selection], evidence: AskedEvidence) -> Found:
        by_name = [self._weigh(each.asked, place, evidence, each.rows) for place, each in enumerate(selections)]
        rest = max([each.beyond for each in selections], default=0.0)
        return self._found(by_name, rest, evidence, selections)

    def customer(self, candidate: Candidate) -> Customer:
        """A candidate with all that was read of it."""
        return self.segments[candidate.segment].customer(candidate.number)

    def with_words(self, name: Name) -> list[tuple[Customer, set[frozenset[str]]]]:
        """Customers whose name has the very same words, by name and key, with the forms of such names."""
        found: dict[tuple[int, int], set[frozenset[str]]] = {}
        for at, (segment, gone) in enumerate(zip(self.segments, self.gone, strict=True)):
            for row in segment.rows_with_words(name.words):
                number, forms = segment.name_of(row)
                if not holding(gone, np.array([number], np.int32))[0]:
                    found.setdefault((at, number), set()).add(forms)
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

    def _weigh(self, asked: AskedName, place: int, evidence: AskedEvidence, rows: Iterable[Row]) -> list[Candidate]:
        best: dict[tuple[int, int], Candidate] = {}
        scores: dict[tuple[int, ...], NameScore] = {}
        for row in rows:
            at, _, packed, _, held = row
            segment = self.segments[at]
            # Namesakes are weighed once.
            same = at, *packed[:WIDTH], packed[ABOUT]
            name = scores.get(same)
            if name is None:
                name = compare(asked, self._known(row), at, segment.vocabulary.words)
                if packed[WIDTH - 1] == NO_WORD:
                    scores[same] = name
            number = packed[CUSTOMER]
            of_evidence = evidence.score(segment.flags_of(number), held)
            bits = fsum([name.bits, *[bits for _, bits in of_evidence.lines]])
            if (at, number) not in best or best[at, number].bits < bits:
                best[at, number] = Candidate(at, number, place, asked, name, of_evidence, bits)
        return list(best.values())

    def _known(self, row: Row) -> KnownName:
        segment, packed = self.segments[row.segment], row.packed
        numbers, about = packed[:WIDTH], packed[ABOUT]
        long = None if numbers[-1] == NO_WORD else segment.long_name(row.number)
        if numbers[-1] == NO_WORD:
            del numbers[numbers.index(NO_WORD) :]
        return KnownName(numbers, long, segment.form_sets[forms_of(about)], is_company(about))
