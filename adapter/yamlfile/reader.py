"""From the events of ruamel.yaml to plain data, with the place of each value and everything that is not used here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from adapter.problems import MAX_PROBLEMS, Location, Position, Problem, Span
from adapter.yamlfile.slips import plain_or_message, syntax_message
from adapter.yamlfile.text import ODD, line_and_column

MAX_VALUES: Final = 50_000
MAX_DEPTH: Final = 40
MAX_FOREIGNERS: Final = 10  # anchors, aliases, tags: who writes ten of them needs no longer list
_NO_CHARACTER = re.compile(r"\\U(?!000|0010)[0-9a-fA-F]{8}")


@dataclass(slots=True)
class _Open:
    """A section or list that is not closed yet."""

    value: dict[str, Any] | list[Any]
    location: Location
    key: str | None = None
    start: int | None = None  # of brackets in the text; None for a block
    skip: bool = False  # the key was a duplicate or no text: its value is read, but kept nowhere


class _Stop(Exception):
    """Reading on would only produce problems that follow from the last one."""


class Reader:
    """Builds plain data from events and collects the problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Any = None
        self.problems: list[Problem] = []
        self.keys: dict[Location, Position] = {}
        self.values: dict[Location, Position] = {}
        self.spans: dict[Location, Span] = {}
        self._open: list[_Open] = []
        self._documents = 0
        self._count = 0
        self._foreigners = 0

    def read(self, text: str) -> None:
        """Read a whole file; afterwards `root` is its data, as far as there are no problems."""
        try:
            for event in YAML(typ="safe", pure=True).parse(text):
                self._take(event)
        except _Stop:
            pass
        except MarkedYAMLError as error:
            self._syntax(error)
        except (ValueError, OverflowError):  # ruamel.yaml trips over "\U00110000": there is no such character
            escape = _NO_CHARACTER.search(text)
            position = line_and_column(text, escape.start()) if escape else (1, 1)
            self._problem(position, "there is no character with this number")
        except YAMLError as error:
            self._problem((1, 1), f"this is not valid YAML: {str(error).splitlines()[0]}")

    def _problem(self, position: Position, message: str) -> None:
        self.problems.append(Problem(self.file, *position, message))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _Stop

    def _take(self, event: Any) -> None:
        position = (event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._fatal(position, "a second document begins here; one file holds one document, take out the ---")
            if event.version or event.tags:
                self._problem(position, "lines beginning with % are not used here; take them out")
        elif isinstance(event, CollectionEndEvent):
            closed = self._open.pop()
            if closed.start is not None:
                self.spans.setdefault(closed.location, (closed.start, event.end_mark.index))
        elif isinstance(event, NodeEvent):
            self._node(event, position)

    def _node(self, event: NodeEvent, position: Position) -> None:
        self._count += 1
        if self._count > MAX_VALUES:
            self._fatal(position, f"the file holds more than {MAX_VALUES} values; keep large tables in a CSV file")
        if message := _foreign(event):
            self._problem(position, message)
            self._foreigners += 1
            if self._foreigners >= MAX_FOREIGNERS:
                raise _Stop
        parent = self._open[-1] if self._open else None
        if parent is not None and isinstance(parent.value, dict) and parent.key is None:
            self._key(parent, event, position)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            if len(self._open) >= MAX_DEPTH:
                self._fatal(position, f"sections stand in one another more than {MAX_DEPTH} deep")
            value: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
            start = event.start_mark.index if event.flow_style else None
            self._open.append(_Open(value, self._place(value, position), start=start))
        else:
            value_of_key = parent is not None and isinstance(parent.value, dict)
            if isinstance(event, ScalarEvent) and event.value == "" and not event.style and value_of_key:
                position = self._key_position(parent) or position  # the mark stands on the next line
            location = self._place(self._scalar(event, position), position)
            self.spans.setdefault(location, (event.start_mark.index, event.end_mark.index))

    def _key(self, parent: _Open, event: NodeEvent, position: Position) -> None:
        if not isinstance(event, ScalarEvent):
            self._fatal(position, "a key has to be a text")
        name, plain = event.value, not event.style
        parent.key, parent.skip = name, True
        location = (*parent.location, name)
        assert isinstance(parent.value, dict)  # noqa: S101 - the caller looked
        if plain and name == "<<":
            self._problem(position, "<< is a YAML merge key; it is not used here: write the keys out")
        elif name in parent.value or location in self.keys:
            line = self.keys[location][0]
            self._problem(position, f'the key "{name}" stands here a second time; the first is in line {line}')
        elif not name.strip():
            self._problem(position, "a key is missing before the colon")
        elif plain and not isinstance(plain_or_message(name)[0], str):
            self._problem(position, f'a key is a text; put {name} in quotes: "{name}"')
        else:
            self._text(name, position)
            parent.skip = False
        if not parent.skip:
            self.keys[location] = position

    def _key_position(self, parent: _Open | None) -> Position | None:
        return self.keys.get((*parent.location, parent.key)) if parent and parent.key is not None else None

    def _place(self, value: Any, position: Position) -> Location:
        """Put a value where it belongs; its location."""
        if not self._open:
            self.root = value
            self.values[()] = position
            return ()
        parent = self._open[-1]
        if isinstance(parent.value, list):
            location: Location = (*parent.location, len(parent.value))
            parent.value.append(value)
        else:
            assert parent.key is not None  # noqa: S101 - a key came first
            location = (*parent.location, parent.key)
            if not parent.skip:
                parent.value[parent.key] = value
            parent.key = None
        self.values.setdefault(location, position)
        return location

    def _scalar(self, event: NodeEvent, position: Position) -> Any:
        if not isinstance(event, ScalarEvent):
            return ""
        if event.style:
            self._text(event.value, position)
            return event.value
        value, message = plain_or_message(event.value)
        if message:
            self._problem(position, message)
        return "" if value is None else value

    def _text(self, text: str, position: Position) -> None:
        if odd := ODD.search(text):
            self._problem(position, f"the text holds the invisible character U+{ord(odd.group()):04X}; take it out")

    def _fatal(self, position: Position, message: str) -> NoReturn:
        self._problem(position, message)
        raise _Stop

    def _syntax(self, error: MarkedYAMLError) -> None:
        message, at_context = syntax_message(error)
        mark = (error.context_mark if at_context else None) or error.problem_mark or error.context_mark
        self.problems.append(
            Problem(self.file, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, message),
        )


def _foreign(event: NodeEvent) -> str:
    """What to say about an anchor, an alias or a tag."""
    if isinstance(event, AliasEvent):
        return f"*{event.anchor} is a YAML alias; aliases are not used here: repeat the value"
    if event.anchor:
        return f"&{event.anchor} is a YAML anchor; anchors are not used here: take it out"
    tag = getattr(event, "tag", None)
    if tag is not None:
        shown = str(tag).replace("tag:yaml.org,2002:", "!!")
        return f"{shown} is a YAML tag; tags are not used here: take it out or quote the text"
    return ""
