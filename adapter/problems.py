"""Problems in files that people edit: where each one is, what to do, and which name was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

from rapidfuzz import fuzz

from adapter.errors import ConfigurationError

MAX_PROBLEMS: Final = 100

Location = tuple[str | int, ...]
Position = tuple[int, int]
Span = tuple[int, int]
"""First character and the one behind the last, counted from 0 behind a byte order mark."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to correct. Problems sort by file, line and column; `str()` is what a person reads.

    Attributes:
        column: from 1; 0 where only the line is known, as in a table.
        path: of the value within the file, as `path_text` writes it.
    """

    file: str
    line: int
    column: int
    message: str
    path: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column or ''}"
        return f"{place} {self.path}: {self.message}" if self.path else f"{place} {self.message}"


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """The plain data of a file and where each piece of it stands.

    Attributes:
        path: as the user wrote it; messages show it unchanged.
        data: dicts with text keys, lists, `str`, `int`, `bool`, `Decimal`; never `None`, never `float`.
        digest: SHA-256 of the file's bytes, hexadecimal.
    """

    path: Path
    data: dict[str, Any]
    digest: str = ""
    _keys: Mapping[Location, Position] = field(default_factory=dict, repr=False)
    _values: Mapping[Location, Position] = field(default_factory=dict, repr=False)
    _spans: Mapping[Location, Span] = field(default_factory=dict, repr=False)

    @property
    def locations(self) -> tuple[Location, ...]:
        """Of every value in the file, in its order."""
        return tuple(self._values)

    def span(self, location: Sequence[str | int]) -> Span | None:
        """Where a value stands in the text, to put another there; None for a section or list without brackets."""
        return self._spans.get(tuple(location))

    def position(self, location: Sequence[str | int], *, of_key: bool = False) -> Position:
        """Line and column, both from 1: of the value if it is a single one, else of the key it stands below.

        A location that is not in the file falls back to the longest part of it that is.
        """
        known = tuple(location)
        while known and known not in self._values:
            known = known[:-1]
        inside = known == tuple(location) and not of_key and not isinstance(self.value(known), dict | list)
        if not inside and known in self._keys:
            return self._keys[known]
        return self._values.get(known, (1, 1))

    def where(self, location: Sequence[str | int], *, of_key: bool = False) -> str:
        """`file:line:column` of a location; see `position`."""
        line, column = self.position(location, of_key=of_key)
        return f"{self.path}:{line}:{column}"

    def problem(self, location: Sequence[str | int], message: str, *, of_key: bool = False) -> Problem:
        """A problem at a location, its path written out before the message."""
        line, column = self.position(location, of_key=of_key)
        return Problem(str(self.path), line, column, message, path_text(location))

    def value(self, location: Sequence[str | int]) -> Any:
        """The data at a location that exists.

        Raises:
            LookupError: it does not.
        """
        value: Any = self.data
        for part in location:
            value = value[part]
        return value


def path_text(location: Sequence[str | int]) -> str:
    """A location as an administrator reads it: `customers.match[2].pooled`, entries of a list counted from 1."""
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def refuse(problems: Iterable[Problem]) -> NoReturn:
    """Raise all problems as one `ConfigurationError`, in the order of the file, each told once."""
    found = sorted(set(problems))
    lines: list[Problem | str] = list(found[:MAX_PROBLEMS])
    if len(found) > MAX_PROBLEMS:
        lines.append(f"{found[0].file}: and {len(found) - MAX_PROBLEMS} more problems")
    raise ConfigurationError(lines)


def nearest(name: str, known: Iterable[str], least: float = 62.0) -> str | None:
    """The known name that a person most probably meant: a slip of the finger, or an abbreviation such as `Qty`.

    Args:
        least: how alike, of 100, another name has to be; an abbreviation counts 70, one name within another 75.
    """
    wanted = name.casefold()
    best, best_score = None, least
    for candidate in known:
        folded = candidate.casefold()
        score = _likeness(wanted, folded)
        if wanted and folded[:1] == wanted[:1] and len(wanted) > 1 and _abbreviates(wanted, folded):
            score = max(score, 70.0)
        if len(folded) > 3 and (folded in wanted or (len(wanted) > 3 and wanted in folded)):
            score = max(score, 75.0)
        if score > best_score:
            best, best_score = candidate, score
    return best


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?`, or nothing where no known name is near."""
    meant = nearest(name, known)
    return f'; did you mean "{meant}"?' if meant is not None else ""


def _likeness(wanted: str, known: str) -> float:
    """From 0 to 100. A beginning that whole families of names share (`Catalog_`) makes no two names alike."""
    wanted_family, _, wanted_rest = wanted.partition("_")
    known_family, _, known_rest = known.partition("_")
    if wanted_family == known_family and wanted_rest and known_rest:
        return fuzz.ratio(wanted_rest, known_rest)
    return fuzz.ratio(wanted, known)


def _abbreviates(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)
