"""Texts and numbers on their way over the border, in both directions."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from adapter.onec.errors import Unsendable

SIGNIFICANT_DIGITS = 15  # what a binary double keeps exactly; numbers with a fraction are Edm.Double
LONGEST_MESSAGE = 500
_LARGEST_EXPONENT = 28
_LINE_ENDS = "\t\n\r"


def checked(text: str, *, line_ends: bool = False) -> str:
    """The text itself, if it can be sent.

    Args:
        line_ends: whether tabs and line ends may be part of it, as in a comment.

    Raises:
        Unsendable: it holds a control character, a lone surrogate or a non-character. Such texts would break the
            XML in which 1C exchanges data.
    """
    for position, character in enumerate(text):
        if character.isprintable() or character == " " or (line_ends and character in _LINE_ENDS):
            continue
        point = ord(character)
        if unicodedata.category(character) in {"Cc", "Cs"} or point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF:
            raise Unsendable(f"character U+{point:04X} at position {position + 1} cannot be sent to 1C; remove it")
    return text


def number(value: Decimal | int) -> str:
    """A number in plain digits, exactly as it is: never an exponent, never a trace of binary fractions.

    Raises:
        Unsendable: it is not finite or has more than 15 significant digits.
    """
    exact = Decimal(value)
    if not exact.is_finite():
        raise Unsendable(f"{value} is no number")
    if not exact:
        return "0"
    digits = "".join(map(str, exact.as_tuple().digits)).strip("0")
    if len(digits) > SIGNIFICANT_DIGITS or abs(exact.adjusted()) > _LARGEST_EXPONENT:
        raise Unsendable(f"{exact:.20g} has more than {SIGNIFICANT_DIGITS} significant digits; round it")
    return f"{exact:f}"


def one_line(text: object, longest: int = LONGEST_MESSAGE) -> str:
    """Foreign text made fit for a message: no control or direction characters, one line, shortened."""
    clean = "".join(" " if unicodedata.category(character)[0] == "C" else character for character in str(text))
    clean = " ".join(clean.split())
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"
