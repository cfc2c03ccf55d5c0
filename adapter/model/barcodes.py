"""EAN, UPC and GTIN: one number in several lengths, proven by its last digit.

Source: GS1 General Specifications 7.9, check digit; 3.3.2 and 3.3.3, GTIN-8, GTIN-12 and GTIN-13 in 14 digits.
"""

from __future__ import annotations

import re
from typing import Final

LENGTHS: Final = (14, 13, 12, 8)
_DIGITS: Final = re.compile(r"[0-9]{8}|[0-9]{12,14}")


def gtin(text: str) -> str | None:
    """The 14 digits of a barcode, equal for every length in which it is written; None for what is no such barcode.

    A GTIN-14 of a case of many pieces differs from the GTIN of a piece, and stays different.
    """
    digits = text.strip()
    if not _DIGITS.fullmatch(digits) or not digits.strip("0"):
        return None
    whole = digits.zfill(14)
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(whole[:-1]))
    return whole if -total % 10 == int(whole[-1]) else None


def spellings(code: str) -> tuple[str, ...]:
    """The lengths in which a `gtin` may be stored, the longest first: zeros in front can be left out."""
    return tuple(code[-length:] for length in LENGTHS if not code[:-length].strip("0"))
