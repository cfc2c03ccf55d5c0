"""Customers as they come, gathered into a segment."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapter.matching import records
from adapter.matching.evidence import ALIAS, country_code, keys, value_key
from adapter.matching.hashing import Hashes, HashIndex, Numbers, hashes
from adapter.matching.names import NO_NAMES, Name, NameReader
from adapter.matching.rows import LONGEST, NO_WORD, WIDTH, Shape, packed
from adapter.matching.segments import HAS_ALIAS, IS_COMPANY, Segment
from adapter.matching.vocabulary import Vocabulary
from adapter.model.catalog import Customer, Kind

_KINDS = {Kind.UNKNOWN: 0, Kind.PERSON: 1, Kind.COMPANY: 2}
_NO_WORDS = [NO_WORD] * WIDTH
_BATCH = 4096


def build(customers: Iterable[Customer]) -> Segment:
    """Make a segment. Of two customers with one key the one whose text comes last counts."""
    rows = _Rows()
    rest = iter(customers)
    while batch := list(islice(rest, _BATCH)):
        rows.add(batch)
    return rows.segment()


class _Numbered(dict[str, int]):
    """Words by their numbers, in the order in which they came."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


class _Rows:
    """What is gathered of customers in the order in which they come."""

    def __init__(self) -> None:
        self.names = NameReader()
        self.words = _Numbered()
        self.form_sets: dict[frozenset[str], int] = {frozenset(): 0}
        self.tokens = array("i")
        self.lengths = array("B")
        self.weighty = array("B")
        self.forms = array("h")
        self.short = array("b")
        self.row_counts = array("B")
        self.kinds = array("B")
        self.flags = array("B")
        self.countries = array("h")
        self.refs = bytearray()
        self.lines = bytearray()
        self.line_lengths = array("q")
        self.keys: list[Hashes] = []
        self.holders = array("i")

    def add(self, batch: Sequence[Customer]) -> None:
        first = len(self.kinds)
        for customer in batch:
            self._add_names(customer)
        self.kinds.extend([_KINDS[customer.kind] for customer in batch])
        self.countries.extend([country_code(customer.evidence.country) for customer in batch])
        self.refs += b"".join([customer.ref_key.bytes for customer in batch])
        lines = list(map(records.written, batch))
        self.lines += b"".join(lines)
        self.line_lengths.extend(map(len, lines))
        self._add_evidence(batch, first)

    def _add_names(self, customer: Customer) -> None:
        company = IS_COMPANY[customer.kind]
        name = self.names.read(customer.name, company)
        if customer.full_name and customer.full_name != customer.name:
            full = self.names.read(customer.full_name, company)
            if full.words and (full.sorted_words, full.forms) != (name.sorted_words, name.forms):
                self._add_name(name, _says_less(name, full))
                self._add_name(full, _says_less(full, name))
                self.row_counts.append(2)
                return
        self._add_name(name, False)
        self.row_counts.append(1)

    def _add_name(self, name: Name, short: bool) -> None:
        words = name.words
        row = [*map(self.words.__getitem__, words[:WIDTH]), *_NO_WORDS[len(words) :]]
        self.tokens.extend(row)
        self.lengths.append(min(len(words), LONGEST))
        light = 0 if NO_NAMES.isdisjoint(words) else sum([word in NO_NAMES for word in words])
        self.weighty.append(min(len(words) - light, LONGEST))
        forms = self.form_sets
        self.forms.append(forms.setdefault(name.forms, len(forms)) if name.forms else 0)
        self.short.append(short)

    def _add_evidence(self, batch: Sequence[Customer], first: int) -> None:
        found: list[str] = []
        for number, customer in enumerate(batch, first):
            flags = 0
            if customer.evidence:
                before = len(found)
                for sort, values in enumerate(keys(customer.evidence)):
                    for value in values:
                        flags |= 1 << sort
                        if sort == 0 and ALIAS.search(value):  # e-mail
                            flags |= HAS_ALIAS
                        found.append(value_key(sort, value))
                self.holders.extend([number] * (len(found) - before))
            self.flags.append(flags)
        self.keys.append(hashes(found))

    def segment(self) -> Segment:
        """All that was gathered, in the order of the keys."""
        order, kept = self._customers()
        place = np.full(len(self.kinds), -1, np.int64)
        place[order] = np.arange(len(order))
        kept |= self._evidence(place)
        form_sets, forms = self._sorted_forms()
        vocabulary, tokens = self._sorted_words()
        kept |= self._packed(tokens, forms, [bool(each) for each in form_sets], place)
        kept |= dict(vocabulary.arrays())
        kept |= _postings(kept["rows"], len(vocabulary.words))
        return Segment(kept, form_sets, records.MemoryLines(self.lines))

    def _customers(self) -> tuple[NDArray[np.int64], dict[str, NDArray[Any]]]:
        ends = np.cumsum(_numpy(self.line_lengths, np.int64))
        starts = np.concatenate([np.zeros(1, np.int64), ends])[:-1]
        halves = np.frombuffer(bytes(self.refs), ">u8").astype(np.uint64).reshape(-1, 2)
        order = np.lexsort((halves[:, 1], halves[:, 0]))
        order = self._without_doubles(order, halves, starts, ends)
        refs = np.frombuffer(bytes(self.refs), "V16")[order]
        return order, {
            "refs": refs,
            "heads": np.ascontiguousarray(halves[order, 0]),
            "line_starts": starts[order],
            "line_ends": ends[order],
            "flags": _numpy(self.flags, np.uint8)[order],
            "countries": _numpy(self.countries, np.int16)[order],
        }

    def _without_doubles(
        self,
        order: NDArray[np.int64],
        halves: NDArray[np.uint64],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """The order with each key once."""
        same = np.flatnonzero((halves[order[1:]] == halves[order[:-1]]).all(axis=1))
        if not len(same):
            return order
        last: dict[bytes, tuple[bytes, int]] = {}
        for number in order.tolist():
            line = bytes(self.lines[starts[number] : ends[number]])
            key = bytes(self.refs[number * 16 : number * 16 + 16])
            last[key] = max(last.get(key, (b"", -1)), (line, number))
        return np.array([number for _, number in last.values()], np.int64)

    def _evidence(self, place: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
        holders = place[_numpy(self.holders, np.int32)]
        found = np.concatenate([*self.keys, np.empty(0, np.int64)])
        index = HashIndex.of(found[holders >= 0], holders[holders >= 0].astype(np.int32))
        return {"evidence_keys": index.keys, "evidence_customers": index.values}

    def _sorted_forms(self) -> tuple[list[frozenset[str]], NDArray[np.int16]]:
        found = list(self.form_sets)
        order = sorted(range(len(found)), key=lambda at: sorted(found[at]))
        rank = np.empty(len(found), np.int16)
        rank[order] = np.arange(len(found))
        return [found[at] for at in order], rank

    def _sorted_words(self) -> tuple[Vocabulary, Numbers]:
        found = list(self.words)
        order = sorted(range(len(found)), key=found.__getitem__)
        rank = np.full(len(found) + 1, NO_WORD, np.int32)  # the last is that of NO_WORD
        rank[order] = np.arange(len(found))
        tokens = rank[_numpy(self.tokens, np.int32)].reshape(-1, WIDTH)
        return Vocabulary.of([found[at] for at in order]), tokens

    def _packed(
        self, tokens: Numbers, forms: NDArray[np.int16], shown: list[bool], place: NDArray[np.int64]
    ) -> dict[str, Numbers]:
        """The rows by customer, and where those of each begin.

        Args:
            forms: the new numbers of sets of legal forms.
            shown: for each of these whether there are any.
            place: the new numbers of customers; -1 where there is another of the same key.
        """
        counts = _numpy(self.row_counts, np.uint8)
        came = np.repeat(np.arange(len(counts)), counts)
        owners = place[came]
        order = np.argsort(owners, kind="stable")
        order = order[np.searchsorted(owners[order], 0) :]
        form_sets = forms[_numpy(self.forms, np.int16)[order]]
        of_company = _numpy(self.kinds, np.uint8)[came[order]] == _KINDS[Kind.COMPANY]
        lengths = _numpy(self.lengths, np.uint8)[order]
        shape = Shape(
            _numpy(self.weighty, np.uint8)[order],
            of_company | np.array(shown, np.bool_)[form_sets],
            _numpy(self.short, np.int8)[order].astype(np.bool_),
            lengths > WIDTH,
        )
        customers = owners[order].astype(np.int32)
        starts = np.searchsorted(customers, np.arange(np.count_nonzero(place >= 0) + 1)).astype(np.int32)
        return {"rows": packed(tokens[order], customers, shape, lengths, form_sets), "first_rows": starts}


def _says_less(one: Name, other: Name) -> bool:
    """Whether a name adds nothing to another: all its words are there, or their initials are."""
    if one.forms and one.forms != other.forms:
        return False
    left = list(other.words)
    for word in sorted(one.words, key=len, reverse=True):
        found = next((each for each in left if each == word or (len(word) == 1 and each.startswith(word))), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _postings(rows: Numbers, words: int) -> dict[str, NDArray[Any]]:
    flat = rows[:, :WIDTH].ravel()
    order = np.argsort(flat, kind="stable")
    order = order[np.searchsorted(flat[order], 0) :]
    starts = np.searchsorted(flat[order], np.arange(words + 1)).astype(np.int32)
    return {"rows_at": starts, "rows_by_word": (order // WIDTH).astype(np.int32)}


def _numpy(values: array[Any], kind: Any) -> NDArray[Any]:
    return np.frombuffer(values, kind) if len(values) else np.empty(0, kind)
