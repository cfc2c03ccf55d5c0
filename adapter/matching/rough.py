"""Bits of many rows of a segment at once: enough to tell whom it is worth to weigh exactly."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adapter.matching import rows, rules
from adapter.matching.endings import is_patronymic
from adapter.matching.evidence import Sort
from adapter.matching.hashing import Bits, Numbers
from adapter.matching.initials import first_letters
from adapter.matching.names import NO_NAMES
from adapter.matching.rows import ABOUT, CUSTOMER, SHAPES, WIDTH
from adapter.matching.scoring import AskedName
from adapter.matching.segments import Segment
from adapter.matching.weighing import AskedEvidence, holding

_PAIR: Final = 256.0
"""Added to the bits of each word that has a partner: more than the words of a name are worth, so that the sum tells how
many there are."""
_NO_ROWS: Numbers = np.empty(0, np.int32)
_NO_BITS: Bits = np.empty(0, np.float32)
_NOT_SHOWN = -np.inf
UNSURE: Final = rules.SAME_FORM + 0.5
"""How much the exact bits of a row may be above the rough ones: those of a legal form, and of rounding."""


@dataclass(frozen=True, slots=True)
class Rough:
    """Rows of a segment with their bits, as far as can be said of many at once.

    No row's exact bits are more than `UNSURE` above these.

    Attributes:
        numbers: of the rows, ascending.
        rows: as `rows` packs them.
        bits: minus infinity for those to be passed over.
        held: values of the order that the customer shares, as `AskedEvidence.scratch` marks them.
        whole: bits of the words of those rows that have all words of a company's name and no others.
    """

    numbers: Numbers
    rows: Numbers
    bits: Bits
    held: NDArray[np.uint8]
    whole: Bits


class Left(NamedTuple):
    """By the shape of a row, with how many of its words are in pairs added.

    Attributes:
        bits: of all that is left, without the `_PAIR` of those in pairs.
        complete: whether nothing is.
    """

    bits: Bits
    complete: NDArray[np.bool_]


def rough(
    segment: Segment,
    at: int,
    asked: AskedName,
    left: Left,
    words: Sequence[int],
    evidence: AskedEvidence,
    gone: Numbers,
) -> Rough:
    """Who has one of the words, or the same evidence, in a segment.

    Args:
        at: which segment it is.
        left: of `left_over`.
        words: places of the words in the order's name.
        evidence: marked in the segment.
        gone: customers that are to be passed over; ascending.
    """
    numbers = _numbers(segment, at, asked, words, evidence)
    found = segment.rows.take(numbers, 0)
    customers = found[:, CUSTOMER]
    held = segment.scratch.held.take(customers)
    if not len(numbers):
        return Rough(numbers, found, _NO_BITS, held, _NO_BITS)
    paired, shape = _paired(segment, at, asked, found)
    bits: Bits = paired + left.bits.take(shape)
    if len(gone):
        bits[holding(gone, customers)] = _NOT_SHOWN
    whole = _NO_BITS
    if asked.company:
        alike = (left.complete.take(shape) & (bits != _NOT_SHOWN)).nonzero()[0]
        whole = np.remainder(paired.take(alike), np.float32(_PAIR))
    theirs = held.nonzero()[0]
    if len(theirs):
        bits[theirs] += evidence.worth.take(held.take(theirs))
    return Rough(numbers, found, bits, held, whole)


def _numbers(segment: Segment, at: int, asked: AskedName, words: Sequence[int], evidence: AskedEvidence) -> Numbers:
    """Rows of a segment with one of the words, and those of customers with the same values."""
    found = [each for place in words for each in segment.rows_of_words(asked.fits[place].segments[at].full)]
    for each in evidence.shared:
        holders = each.holders[at]
        if each.sort is not Sort.POSTAL_CODE and each.bits and len(holders):
            found.append(segment.rows_of_customers(holders))
    if not found:
        return _NO_ROWS
    if len(found) == 1:
        return found[0]
    numbers = np.concatenate(found)
    numbers.sort()
    fresh = np.empty(len(numbers), np.bool_)
    fresh[:1] = True
    np.not_equal(numbers[1:], numbers[:-1], out=fresh[1:])
    return numbers[fresh]


def _paired(segment: Segment, at: int, asked: AskedName, found: Numbers) -> tuple[Bits, NDArray[Any]]:
    """Bits of the words that have a partner, with `_PAIR` for each of these; and the places in `Left`.

    It is not minded that two words may have one partner, nor which words an initial may be left for.
    """
    table = segment.scratch.bits
    words = [word for word in asked.fits if word.text not in NO_NAMES]
    spans = [span for word in words if _is_initial(word.text) for span in _beginning_with(word.text, segment)]
    fits = [fits for word in words if (fits := word.segments[at]).by_word]
    for span in spans:
        table[span] = rules.INITIAL + _PAIR
    fresh = not spans
    for fit in fits:
        bits = np.maximum(fit.bits, 0.0) + np.float32(_PAIR)
        table[fit.words] = bits if fresh else np.maximum(table[fit.words], bits)
        fresh = False
    paired: Bits = table.take(found[:, :WIDTH].T).sum(axis=0)
    for span in spans:
        table[span] = 0.0
    for fit in fits:
        table[fit.words] = 0.0
    # How many words have a partner, and how many the row has, tell all that is left.
    shape = (paired * np.float32(1 / _PAIR)).astype(np.int32)
    shape += found[:, ABOUT] & (SHAPES - 1)
    return paired, shape


def _is_initial(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def _beginning_with(initial: str, segment: Segment) -> Iterator[slice]:
    """The words for which an initial may stand: runs of them, since they ascend."""
    words = segment.vocabulary.words
    for letter in first_letters(initial):
        start = bisect_left(words, letter)
        end = bisect_left(words, chr(ord(letter) + 1), start)
        if start < end:
            yield slice(start, end)


def left_over(asked: AskedName) -> Left:
    """What is left of a name of the order and of a row, by how much it is."""
    words = [word.text for word in asked.fits if word.text not in NO_NAMES]
    initials = sum(map(_is_initial, words))
    usual = 0 if asked.company else sum([len(word) == 1 or is_patronymic(word) for word in words])
    return _left(len(words), initials, usual, asked.company)


@lru_cache(maxsize=256)
def _left(words: int, initials: int, usual: int, company: bool) -> Left:
    """See `left_over`.

    Args:
        words: how many the order's name has.
        initials: how many of them are; in a long name they may stand for words that are not looked at.
        usual: how many of them are often left out: initials and patronymics.
        company: the order's name is a company's, whatever the row is.
    """
    paired, row = rows.shapes()
    more = np.where(row.long, np.clip(words - paired, 0, initials), 0)
    asked_left = np.maximum(words - paired - more, 0)
    known_left = np.maximum(row.weighty - paired - more, 0)
    often = np.minimum(asked_left, usual)
    of_person = np.where(
        (asked_left > 0) & (known_left > 0),
        rules.BOTH_LEFT * (asked_left + known_left),
        rules.EXTRA_IN_ORDER * (asked_left - often) + rules.NO_PATRONYMIC * (often + known_left),
    )
    bits = np.where(row.company | company, rules.CORE_DIFFERS * (asked_left + known_left), of_person)
    bits += rules.INITIAL * more - _PAIR * paired
    bits[row.short] = _NOT_SHOWN
    complete = (asked_left == 0) & (known_left == 0) & ~row.short
    return Left(bits.astype(np.float32), complete)
