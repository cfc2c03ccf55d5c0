"""Texts of Amazon's answers, made fit to be kept."""

from __future__ import annotations

import unicodedata


def plain_text(value: str | None) -> str | None:
    """The text without control characters and lone surrogates, which neither XML nor a database takes; never empty."""
    if value is None:
        return None
    if not value.isprintable():
        value = "".join(" " if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} else letter for letter in value)
    return value.strip() or None


def joined(*parts: str | None, by: str = ", ") -> str | None:
    """The parts that say something, in one text."""
    return by.join(text for part in parts if (text := plain_text(part))) or None
