"""A part of the catalog as arrays: names by their words, customers by evidence. It never changes once it is built.

A customer is known by two names where 1C keeps a full one beside the one for lists; each is a row here. A name that
says no more than the other is only there to be found by `exact`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from adapter.matching import records
from adapter.matching.evidence import Sort
from adapter.matching.hashing import HashIndex, Numbers
from adapter.matching.names import Name
from adapter.matching.rows import ABOUT, CUSTOMER, LONGEST, NO_WORD, WIDTH, forms_of, length_of
from adapter.matching.vocabulary import Vocabulary
from adapter.model.catalog import Customer, Kind

HAS_ALIAS = 1 << len(Sort)
IS_COMPANY = {Kind.UNKNOWN: None, Kind.PERSON: False, Kind.COMPANY: True}


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
            words = Name.of(text, IS_COMPANY[customer.kind]).words
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
