"""A part of the catalog as arrays: names by their words, customers by evidence. It never changes once it is built.

A customer is known by two names where 1C keeps a full one beside the one for lists; each is a row here. A name that
says no more than the other is only there to be found by `exact`.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from adapter.matching import records
from adapter.matching.evidence import ALIAS, Sort, country_code, keys, value_key
from adapter.matching.hashing import Hashes, HashIndex, Numbers, hashes
from adapter.matching.names import NO_NAMES, Name, NameReader
from adapter.matching.rows import ABOUT, CUSTOMER, LONGEST, NO_WORD, WIDTH, Shape, forms_of, length_of, packed
from adapter.matching.vocabulary import Vocabulary
from adapter.model.catalog import Customer, Kind

HAS_ALIAS = 1 << len(Sort)
_KINDS = {Kind.UNKNOWN: 0, Kind.PERSON: 1, Kind.COMPANY: 2}
_IS_COMPANY = {Kind.UNKNOWN: None, Kind.PERSON: False, Kind.COMPANY: True}
_NO_WORDS = [NO_WORD] * WIDTH
_BATCH = 4096


class Scratch(threading.local):
    """Room for one look-up in one thread; all zero between look-ups.

    Attributes:
        bits: by word; the last place is that of `NO_WORD`.
        held: by customer, what it shares with the order.
    """

    def __init__(self, words: int, customers: int) -> None:
        self.bits = np.zeros(words + 1, np.float32)
        self.held = np.zeros(customers, np.uint8)


class Segment:
    """Customers by number, ascending by key; rows by number, ascending by customer.

    Attributes:
        rows: as `rows` packs them; the legal forms of a row are those of `form_sets` with its number.
        heads: the first half of each customer's key.
        flags: for each customer, `1 << Sort` for what evidence there is, and `HAS_ALIAS`.
    """

    def __init__(self, kept: Mapping[str, NDArray[Any]], form_sets: list[frozenset[str]], lines: records.Lines) -> None:
        self.kept = kept
        self.form_sets = form_sets
        self.lines = lines
        self.vocabulary = Vocabulary.from_arrays(kept)
        self.rows: Numbers = kept["rows"]
        self.flags: NDArray[np.uint8] = kept["flags"]
        self._single_flags = self.flags.data
        self.scratch = Scratch(len(self.vocabulary.words), len(self.flags))
        self.countries: NDArray[np.int16] = kept["countries"]
        self.evidence = HashIndex(kept["evidence_keys"], kept["evidence_customers"])
        self.letters = {letter: at for at, letter in self._one_letter_words()}
        self._first_rows: Numbers = kept["first_rows"]
        self._rows_at: Numbers = kept["rows_at"]
        self._rows_by_word: Numbers = kept["rows_by_word"]
        self._fold_counts = self._count_folds().data
        self._refs: NDArray[np.void] = kept["refs"]
        self.heads: NDArray[np.uint64] = kept["heads"]
        self._starts: NDArray[np.int64] = kept["line_starts"]
        self._ends: NDArray[np.int64] = kept["line_ends"]

    def __len__(self) -> int:
        return len(self.flags)

    def rows_of(self, word: int) -> Numbers:
        """The rows with a word, ascending."""
        return self._rows_by_word[self._rows_at[word] : self._rows_at[word + 1]]

    def rows_of_words(self, words: Numbers) -> list[Numbers]:
        """The rows with each of the words, ascending."""
        starts, ends = self._rows_at.take(words).tolist(), self._rows_at.take(words + 1).tolist()
        return [self._rows_by_word[start:end] for start, end in zip(starts, ends, strict=True)]

    def count_of(self, sound: str) -> int:
        """How many rows have a word whose first fold it is."""
        number = self.vocabulary.fold_number(sound)
        return self._fold_counts[number] if number is not None else 0

    def count_rows(self, words: Iterable[int]) -> int:
        """How many rows have each of the words, taken together."""
        starts = self._rows_at.data
        return sum([starts[word + 1] - starts[word] for word in words])

    def rows_of_customers(self, customers: Numbers) -> Numbers:
        """The rows of customers, in no order."""
        starts, ends = self._first_rows.take(customers), self._first_rows.take(customers + 1)
        second = starts[ends - starts > 1] + np.int32(1)
        return np.concatenate([starts, second]) if len(second) else starts

    def find(self, ref_key: UUID) -> int | None:
        """The number of a customer."""
        at = int(self.heads.searchsorted(np.uint64(ref_key.int >> 64), "left"))
        wanted = ref_key.bytes
        while at < len(self) and self.heads[at] == ref_key.int >> 64:
            if self._refs[at].tobytes() == wanted:
                return at
            at += 1
        return None

    def flags_of(self, customer: int) -> int:
        """The flags of a customer."""
        found: int = self._single_flags[customer]
        return found

    def ref_key(self, customer: int) -> UUID:
        """The key of a customer."""
        return UUID(bytes=self._refs[customer].tobytes())

    def customer(self, number: int) -> Customer:
        """A customer with all that was read of it."""
        line = self.lines.read(int(self._starts[number]), int(self._ends[number]))
        return records.read(self.ref_key(number), line)

    def customers(self) -> Iterator[Customer]:
        """All customers by key."""
        return map(self.customer, range(len(self)))

    def _count_folds(self) -> Numbers:
        """How many rows have a word whose first fold it is, by fold."""
        vocabulary = self.vocabulary
        counts = np.bincount(vocabulary.fold_of, np.diff(self._rows_at), len(vocabulary.folds))
        return counts.astype(np.int32)

    def _one_letter_words(self) -> Iterator[tuple[int, str]]:
        return ((at, word) for at, word in enumerate(self.vocabulary.words) if len(word) == 1)

    def name_of(self, row: int) -> tuple[int, frozenset[str]]:
        """Whose name a row is, and its legal forms."""
        found: list[int] = self.rows[row].tolist()
        return found[CUSTOMER], self.form_sets[forms_of(found[ABOUT])]

    def long_name(self, row: int) -> tuple[str, ...] | None:
        """The words of a row with more than `WIDTH` of them, in the order written; None for others."""
        *tokens, number, about = self.rows[row].tolist()
        length = length_of(about)
        if length <= WIDTH:
            return None
        customer = self.customer(number)
        for text in (customer.name, customer.full_name):
            words = Name.of(text, _IS_COMPANY[customer.kind]).words
            if min(len(words), LONGEST) == length and self._begin(tokens, words):
                return words
        return tuple(self.vocabulary.words[word] for word in tokens)

    def words_of(self, row: int) -> tuple[str, ...]:
        """The words of a row, in the order written."""
        words = self.vocabulary.words
        tokens = self.rows[row, :WIDTH].tolist()
        return self.long_name(row) or tuple(words[word] for word in tokens if word != NO_WORD)

    def rows_with_words(self, words: Sequence[str]) -> list[int]:
        """The rows with these words in any order, and no others."""
        numbers = [self.vocabulary.number(word) for word in words]
        if None in numbers or not numbers:
            return []
        rarest = min((number for number in numbers if number is not None), key=lambda each: len(self.rows_of(each)))
        rows = self.rows_of(rarest)
        rows = rows[length_of(self.rows[rows, ABOUT]) == min(len(words), LONGEST)]
        wanted = sorted(words)
        return [row for row in np.unique(rows).tolist() if sorted(self.words_of(row)) == wanted]

    def _begin(self, tokens: list[int], words: tuple[str, ...]) -> bool:
        return all(self.vocabulary.words[number] == word for number, word in zip(tokens, words, strict=False))


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
        company = _IS_COMPANY[customer.kind]
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
