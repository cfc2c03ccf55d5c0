"""A document as we sent it against the document as the infobase has it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any
from uuid import UUID

from adapter.model.document import Document, Row, Scalar, StoredDocument
from adapter.onec.text import SIGNIFICANT_DIGITS

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# What 1C gives back for nothing, depending on the type. JSON null stands for all of them.
_EMPTY = ("", "00000000-0000-0000-0000-000000000000", "0001-01-01T00:00:00")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was sent.

    Attributes:
        path: such as `Products[2].Quantity`, 2 being the `LineNumber`, or `Products[3]` for a whole row.
        wanted: what was sent; None for a row that should not be there.
        stored: what the infobase has; None for a property, row or section that is missing.
    """

    path: str
    wanted: object
    stored: object

    def __str__(self) -> str:
        return f"{self.path}: {_shown(self.wanted)} was sent, {_shown(self.stored)} is stored{self._cut()}"

    def _cut(self) -> str:
        """1C cuts texts to the attribute's length without a word. Source: measured on a live УТ 11."""
        if not isinstance(self.wanted, str) or not isinstance(self.stored, str) or not self.stored.rstrip():
            return ""
        return f" (cut to {len(self.stored)} characters)" if self.wanted.startswith(self.stored.rstrip()) else ""


def differences(wanted: Document, stored: StoredDocument) -> tuple[Difference, ...]:
    """Everything that was sent and is stored otherwise; what was not sent is not looked at.

    Numbers are equal if they are within the 15 digits that survive as a binary double, whether they came as numbers or
    as texts; texts if they differ in trailing blanks only; references whatever the case of their letters. A missing
    property is a difference even if nothing was sent for it: 1C does not know it.
    """
    return tuple(_differences(wanted, stored))


def _differences(wanted: Document, stored: StoredDocument) -> Iterator[Difference]:
    yield from _in_row("", wanted.properties, stored.properties)
    for name, rows in wanted.sections.items():
        there = stored.sections.get(name)
        if there is None:
            yield Difference(name, rows, None)
            continue
        ordered = sorted(there, key=_line)
        for line in range(1, max(len(rows), len(ordered)) + 1):
            if line > len(ordered):
                yield Difference(f"{name}[{line}]", rows[line - 1], None)
            elif line > len(rows):
                yield Difference(f"{name}[{line}]", None, ordered[line - 1])
            else:
                yield from _in_row(f"{name}[{line}].", rows[line - 1], ordered[line - 1])


def _in_row(prefix: str, wanted: Row, stored: Mapping[str, object]) -> Iterator[Difference]:
    for name, value in wanted.items():
        if name not in stored:
            yield Difference(f"{prefix}{name}", value, None)
        elif not _same(value, stored[name]):
            yield Difference(f"{prefix}{name}", value, stored[name])


def _same(wanted: Scalar, stored: object) -> bool:
    if stored is None:
        return _is_empty(wanted)
    if isinstance(wanted, bool) or isinstance(stored, bool):
        return wanted is stored
    if isinstance(wanted, str) and isinstance(stored, str):
        if _GUID.fullmatch(wanted.strip()) and _GUID.fullmatch(stored.strip()):
            return UUID(wanted.strip()) == UUID(stored.strip())
        return wanted.rstrip() == stored.rstrip()
    left, right = _number(wanted), _number(stored)
    return left is not None and left == right


def _is_empty(wanted: Scalar) -> bool:
    return wanted.rstrip() in _EMPTY if isinstance(wanted, str) else not wanted


def _number(value: object) -> Decimal | None:
    """A number of JSON, or an Int64, which 1C sends as text, without what lies beyond the digits of a double."""
    if not isinstance(value, int | Decimal | str):
        return None
    try:
        exact = Decimal(value)
        return Context(prec=SIGNIFICANT_DIGITS).plus(exact) if exact.is_finite() else None
    except ArithmeticError:
        return None


def _line(row: Mapping[str, Any]) -> Decimal:
    return _number(row.get("LineNumber")) or Decimal(0)


def _shown(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case str():
            return repr(value)
        case Mapping():
            return "a row of " + ", ".join(f"{name} {inner}" for name, inner in value.items())
        case tuple():
            return f"{len(value)} rows"
    return str(value)
