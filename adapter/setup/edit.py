"""Changes in the text of a YAML file at the places that its `YamlDocument` knows: all else stays byte for byte."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from adapter.errors import ConfigurationError
from adapter.model.document import Scalar
from adapter.problems import Location, YamlDocument, did_you_mean, path_text

MARK: Final = "(*) "
"""Stands in the comment of a value that an administrator has to fill in."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Text to put in place of the characters from `start` to before `end`."""

    start: int
    end: int
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; they do not overlap."""
    for edit in sorted(set(edits), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def locate(document: YamlDocument, path: str) -> Location:
    """The location that a path such as `customers.match[1].pooled` names.

    Raises:
        ConfigurationError: the file has no such place.
    """
    known = {path_text(location): location for location in document.locations}
    if path not in known:
        raise ConfigurationError(f"{document.path}: there is no {path} in this mapping{did_you_mean(path, known)}")
    return known[path]


def replace_value(document: YamlDocument, location: Location, value: str) -> Edit:
    """Put a text from a command line in place of a value, in the form that the value has.

    Raises:
        ConfigurationError: the value is a section or list over several lines.
    """
    old = document.value(location)
    if isinstance(old, dict) and set(old) == {"const"}:
        return replace_value(document, (*location, "const"), value)
    span = document.span(location)
    if span is None:
        below = ", ".join(path_text((*location, key)) for key in old) if isinstance(old, dict) else "the file itself"
        raise ConfigurationError(f"{path_text(location)} is not a single value; set what stands below it: {below}")
    keeps_form = not isinstance(old, str | dict | list) or _PLAIN.fullmatch(value)
    return Edit(*span, value if keeps_form else scalar(value))


def replace_where(document: YamlDocument, location: Location, where: Mapping[str, Scalar]) -> Iterator[Edit]:
    """Let the lookup at a location find its element by these values; properties that it has not are added."""
    below = (*location, "where")
    old = document.value(below)
    end = 0
    for name in old:
        span = document.span((*below, name))
        assert span is not None  # noqa: S101 - the values of `where` are single ones
        end = max(end, span[1])
        if where[name] != old[name]:
            yield Edit(*span, scalar(where[name]))
    added = [f"{name}: {scalar(value)}" for name, value in where.items() if name not in old]
    if added:
        column = document.position((*below, next(iter(old))), of_key=True)[1]
        separator = ", " if document.span(below) else "\n" + " " * (column - 1)
        yield Edit(end, end, "".join(separator + each for each in added))


def aligned(text: str, edit: Edit) -> Edit:
    """The same edit with as many blanks behind it that a comment in its line stays where it is, if there is room."""
    blanks = len(text) - edit.end - len(text[edit.end :].lstrip(" "))
    if not blanks or text[edit.end + blanks : edit.end + blanks + 1] != "#":
        return edit
    wanted = edit.end - edit.start + blanks - len(edit.text)
    return Edit(edit.start, edit.end + blanks, edit.text + " " * max(1, wanted))


def unmark(text: str, document: YamlDocument, location: Location) -> Iterator[Edit]:
    """Take `MARK` out of the comment behind a value that has been filled in."""
    span = document.span(location)
    if span is None:
        return
    line_end = text.find("\n", span[1])
    found = text.find(MARK, span[1], line_end if line_end >= 0 else len(text))
    if found >= 0:
        yield Edit(found, found + len(MARK), "")


def scalar(value: Scalar) -> str:
    """A value as YAML writes it: texts in double quotes, so that none is taken for something else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


# Texts that no reader of YAML takes for anything else.
_PLAIN: Final = re.compile(r"(?!(?i:y|n|yes|no|on|off|true|false|null)$)/?[A-Za-z][A-Za-z0-9_]*([/-][A-Za-z0-9_]+)*")
