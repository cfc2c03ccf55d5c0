"""Bits of many rows of a segment at once: enough to tell whom it is worth to weigh exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from adapter.matching import rules
from adapter.matching.evidence import Sort
from adapter.matching.hashing import Bits, Numbers
from adapter.matching.scoring import AskedName
from adapter.matching.segments import WIDTH, Segment
from adapter.matching.weighing import AskedEvidence, holding

COMPANY = 2
_LENGTHS = 256
"""A row's length is a byte."""
_NO_ROWS: Numbers = np.empty(0, np.int32)
_NO_BITS: Bits = np.empty(0, np.float32)


@dataclass(frozen=True, slots=True)
class Rough:
    """Rows of a segment with their bits, as far as can be said of many at once.

    Attributes:
        whole: bits of the words of rows that have all words of the order and no others; 0 for the rest.
    """

    rows: Numbers
    customers: Numbers
    bits: Bits
    whole: Bits


def rough(
    segment: Segment, at: int, asked: AskedName, words: Sequence[int], evidence: AskedEvidence, gone: Numbers
) -> Rough:
    """Who has one of the words, or the same evidence, in a segment.

    Args:
        at: which segment it is.
        words: places of the words in the order's name.
        gone: customers that are to be passed over; ascending.
    """
    rows = _rows(segment, at, asked, words, evidence)
    customers = segment.customer_of[rows]
    keep = ~segment.short[rows]
    if len(gone):
        keep &= ~holding(gone, customers)
    if not keep.all():
        rows, customers = rows[keep], customers[keep]
    if not len(rows):
        return Rough(rows, customers, _NO_BITS, _NO_BITS)
    bits, whole = _bits(segment, at, asked, rows, customers)
    _add_evidence(bits, evidence, at, customers)
    return Rough(rows, customers, bits, whole)


def _rows(segment: Segment, at: int, asked: AskedName, words: Sequence[int], evidence: AskedEvidence) -> Numbers:
    """Rows of a segment with one of the words, and those of customers with the same values."""
    found = [rows for place in words for rows in segment.rows_of_words(asked.fits[place].segments[at].full)]
    for each in evidence.shared:
        holders = each.holders[at]
        if each.sort is not Sort.POSTAL_CODE and each.bits and len(holders):
            found.append(segment.rows_of_customers(holders))
    if not found:
        return _NO_ROWS
    if len(found) == 1:
        return found[0]
    rows = np.concatenate(found)
    rows.sort()
    fresh = np.empty(len(rows), np.bool_)
    fresh[:1] = True
    np.not_equal(rows[1:], rows[:-1], out=fresh[1:])
    return rows[fresh]


def _bits(segment: Segment, at: int, asked: AskedName, rows: Numbers, customers: Numbers) -> tuple[Bits, Bits]:
    """Bits of many rows at once, not minding that two words may have one partner; and of those with all words."""
    table = segment.scratch.bits
    fits = [fit for word in asked.fits if len((fit := word.segments[at]).words)]
    for fit in fits:
        table[fit.words] = np.maximum(table[fit.words], fit.bits)
    worth = table[np.ascontiguousarray(segment.tokens[rows].T)]
    for fit in fits:
        table[fit.words] = 0.0
    # How many words have a partner, and how many the row has, tell all that is left.
    left = np.count_nonzero(worth, axis=0)
    left += segment.lengths[rows].astype(np.intp) * (WIDTH + 1)
    if not asked.company:
        left += (segment.kinds[customers] == COMPANY) * (_LENGTHS * (WIDTH + 1))
    alone, complete = _left(len(asked.fits), sum(len(word.text) == 1 for word in asked.fits), asked.company)
    total: Bits = worth.sum(axis=0)
    whole: Bits = total * complete[left]
    total += alone[left]
    return total, whole


@lru_cache(maxsize=64)
def _left(words: int, initials: int, company: bool) -> tuple[Bits, Bits]:
    """What is left of both names, in bits, and 1 where nothing is.

    Both by `paired + length * (WIDTH + 1)` for a person's row, and behind these once more for a company's.

    Args:
        words: how many the order's name has.
        initials: how many of them are. They have no bits in the table, and may be any word that is left.
        company: the order's name is a company's, whatever the row is.
    """
    lengths, paired = np.indices((_LENGTHS, WIDTH + 1))
    more = np.clip(lengths - paired, 0, initials)
    asked_left = np.maximum(words - paired - more, 0)
    known_left = np.maximum(lengths - paired - more, 0)
    of_company = rules.CORE_DIFFERS * (asked_left + known_left)
    of_person = np.where(
        (asked_left > 0) & (known_left > 0),
        rules.BOTH_LEFT * (asked_left + known_left),
        rules.EXTRA_IN_ORDER * asked_left + rules.NO_PATRONYMIC * known_left,
    )
    bits = np.concatenate([of_company if company else of_person, of_company]) + rules.INITIAL * np.tile(more, (2, 1))
    complete = (paired + more == words) & (lengths == paired + more)
    return bits.ravel().astype(np.float32), np.tile(complete, (2, 1)).ravel().astype(np.float32)


def _add_evidence(bits: Bits, evidence: AskedEvidence, at: int, customers: Numbers) -> None:
    for each in evidence.shared:
        holders = each.holders[at]
        if each.bits and len(holders):
            starts = customers.searchsorted(holders, "left")
            ends = customers.searchsorted(holders, "right")
            ends -= starts
            for more in range(int(ends.max())):
                bits[starts[ends > more] + more] += each.bits
