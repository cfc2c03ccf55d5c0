"""The figures by which names are weighed: bits, that is log2 of how much likelier something is of the same customer.

Source: MATCHING 5.5 and 5.6, unless said otherwise.
"""

from __future__ import annotations

from enum import IntEnum
from math import log2
from typing import Final

RULES: Final = "2026.12"
"""Version of rules and folds, kept in explanations and snapshots; to be changed with them."""


class Fit(IntEnum):
    """How a word of the order is the word of a customer's name, the surest first."""

    SAME = 0
    SPELLING = 1
    EQUIVALENT = 2
    SOUND = 3
    ENDING = 4
    SIMILAR = 5
    INITIAL = 6

    @property
    def shown(self) -> str:
        """In the words of an explanation."""
        return (
            "same word",
            "same in another spelling",
            "form of the same given name",
            "sounds the same",
            "other ending",
            "similar",
            "initial",
        )[self]


SPELLING: Final = 0.3
OTHER_READING: Final = 0.7
EQUIVALENT: Final = 4.0
SOUND: Final = 3.0
"""The fold is the same, but the letters are no spelling of each other: Захаров and Сахаров."""
VOWELS: Final = 6.0
ENDING: Final = 9.0
EDIT: Final = 10.5
FURTHER_EDIT: Final = 5.5

INITIAL: Final = 2.5
BOTH_LEFT: Final = -10.0
EXTRA_IN_ORDER: Final = -4.0
EXTRA_IN_CATALOG: Final = -2.5
NO_PATRONYMIC: Final = -0.6
CORE_DIFFERS: Final = -5.0
SAME_FORM: Final = 1.5
TRANSLATED_FORM: Final = 0.0
RELATED_FORM: Final = -2.0
OTHER_FORM: Final = -13.0
"""More than MATCHING's -8: an accept is forbidden anyway, and the company of the right form should be free of it."""

EMAIL: Final = 20.0
PHONE: Final = 17.0
TAX_ID: Final = 20.0
OTHER_EMAIL: Final = -4.0
OTHER_PHONE: Final = -1.2
OTHER_TAX_ID: Final = -10.0
OTHER_POSTAL_CODE: Final = -2.5
POSTAL_CODE_KEPT: Final = 0.8
POSTAL_CODE_LEAST: Final = 4.0
POSTAL_CODE_MOST: Final = 14.0
POSTAL_CODE_BACKGROUND: Final = 2.0**-12
SHARED_BY_FEW: Final = 3
SHARED_BY_MANY: Final = 8

_LEAST_SHARE: Final = 8.0
_LEAST_AT_MOST: Final = 2.0


def least(customers: int) -> float:
    """Bits of a word that is only similar, below which it tells nothing: an eighth of those that tell one customer.

    Such words are the most by far, and so are the rows that have them.
    """
    return min(log2(max(customers, 1)) / _LEAST_SHARE, _LEAST_AT_MOST)


BACKGROUND_PEOPLE: Final = 2000
"""How many customers the background list of names counts for, beside those of the catalog."""
POPULAR: Final = 5
"""So many companies of one name, and a postal code is not enough."""

NAME_ALONE: Final = 0.9999
KNOWN_BY_NAMES: Final = 0.99
"""Share of orders from known customers that is assumed at least where the catalog holds names and nothing else.

Nothing else can ever decide there, and with the 0.6 of other catalogs even 50 customers would be too many for a usual
full name. As it is, 15 bits (a usual given name and surname) are enough among 300 customers, and not among 3,000.
"""
NONE_BELOW: Final = 5.0
"""Bits below "not in the catalog" from which nobody is shown as likely."""
SHOWN: Final = 5
