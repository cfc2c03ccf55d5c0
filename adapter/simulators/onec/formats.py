"""Which format an answer has, and which body a write may have. Source: 1C:Enterprise developer guide 17.4.7."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from adapter.simulators.onec import errors

Level = Literal["minimalmetadata", "nometadata", "fullmetadata"]
LEVELS: tuple[Level, ...] = ("minimalmetadata", "nometadata", "fullmetadata")


@dataclass(frozen=True, slots=True)
class Format:
    """JSON with its amount of metadata, or Atom."""

    json: bool
    level: Level = "minimalmetadata"

    @property
    def content_type(self) -> str:
        """The header of an answer with entities."""
        if self.json:
            return f"application/json;odata={self.level};charset=utf-8"
        return "application/atom+xml;charset=utf-8"


ATOM = Format(json=False)


def choose_format(options: Mapping[str, str], accept: str, atom_only: bool) -> Format:
    """`$format` before `Accept`, Atom without either.

    Raises:
        ODataError: code 3, a format that is not served.
    """
    asked = options.get("$format", "")
    if asked:
        chosen = _read(asked)
        if chosen is None:
            raise errors.representation(asked)
    else:
        chosen = _accepted(accept)
        if chosen is None:
            raise errors.representation(accept)
    return ATOM if atom_only else chosen


def error_format(options: Mapping[str, str], accept: str, atom_only: bool) -> Format:
    """The format of an error, which must not fail itself."""
    try:
        return choose_format(options, accept, atom_only)
    except errors.ODataError:
        return ATOM


def _accepted(accept: str) -> Format | None:
    """The first entry of `Accept` that can be served."""
    if not accept.strip():
        return ATOM
    found = (_read(entry) for entry in accept.split(","))
    return next((entry for entry in found if entry is not None), None)


def _read(text: str) -> Format | None:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    if name in {"json", "application/json"}:
        level = next((one for one in LEVELS if f"odata={one}" in parameters), LEVELS[0])
        return Format(json=True, level=level)
    if name in {"atom", "xml", "*/*", "application/*", "application/atom+xml", "application/xml", "text/xml"}:
        return ATOM
    return None
