"""Rows of a segment, each a customer's name in 32 bytes: one look into the memory fetches all that is weighed of many.

A row is `WIDTH` numbers of words, the number of the customer, and a number in which the rest is packed.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adapter.matching.hashing import Numbers

WIDTH: Final = 6
"""Words of a name that are held side by side; longer names are read again from the text."""
NO_WORD: Final = -1
CUSTOMER: Final = WIDTH
ABOUT: Final = WIDTH + 1
COLUMNS: Final = WIDTH + 2

LONGEST: Final = 31
"""Names of more words count as so long."""
SHAPES: Final = 1 << 10
"""The lower bits of the last number are the shape of a row, with room for up to `WIDTH` words that have a partner."""
_WEIGHTY: Final = 3
_MOST_WEIGHTY: Final = 15
_COMPANY: Final = 1 << 7
_SHORT: Final = 1 << 8
_LONG: Final = 1 << 9
_LENGTH: Final = 10
_FORMS: Final = 15


class Shape(NamedTuple):
    """What rough bits need to know of a row besides its words, for many at once.

    Attributes:
        weighty: how many words it has, those beyond `WIDTH` too, but without those that are worth nothing.
        company: it is a company's, by its kind or by a legal form.
        short: the customer's other name says more.
        long: it has words that are not held side by side.
    """

    weighty: NDArray[Any]
    company: NDArray[Any]
    short: NDArray[Any]
    long: NDArray[Any]


def packed(tokens: Numbers, customers: Numbers, shape: Shape, lengths: NDArray[Any], forms: NDArray[Any]) -> Numbers:
    """Rows from their parts.

    Args:
        tokens: numbers of words, `WIDTH` a row, then `NO_WORD`.
        lengths: how many words each has; at most `LONGEST`.
        forms: the number of each row's legal forms.
    """
    rows = np.empty((len(tokens), COLUMNS), np.int32)
    rows[:, :WIDTH] = tokens
    rows[:, CUSTOMER] = customers
    about = np.minimum(shape.weighty, _MOST_WEIGHTY).astype(np.int32) << _WEIGHTY
    about |= np.where(shape.company, np.int32(_COMPANY), np.int32(0))
    about |= np.where(shape.short, np.int32(_SHORT), np.int32(0))
    about |= np.where(shape.long, np.int32(_LONG), np.int32(0))
    about |= lengths.astype(np.int32) << _LENGTH
    rows[:, ABOUT] = about | forms.astype(np.int32) << _FORMS
    return rows


def shapes() -> tuple[NDArray[np.intp], Shape]:
    """All there can be, by the lower bits of the last number, and how many words have a partner in each."""
    every = np.arange(SHAPES)
    weighty = every >> _WEIGHTY & _MOST_WEIGHTY
    return every & ((1 << _WEIGHTY) - 1), Shape(weighty, *((every & flag) != 0 for flag in (_COMPANY, _SHORT, _LONG)))


def length_of(about: Any) -> Any:
    """How many words a row has, by its last number."""
    return about >> _LENGTH & LONGEST


def forms_of(about: int) -> int:
    """The number of a row's legal forms, by its last number."""
    return about >> _FORMS


def is_company(about: int) -> bool:
    """Whether a row is a company's name, by its last number."""
    return about & _COMPANY != 0
