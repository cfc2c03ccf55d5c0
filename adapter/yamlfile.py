"""YAML with positions: every problem in a file that people edit is told as `file:line:column path: what to do`.

Only what a person can read without a YAML handbook is accepted: sections, lists, texts, whole numbers, decimals,
true and false. Anchors, aliases, tags and merge keys are refused while the events arrive, before anything is expanded.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
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

from adapter.errors import ConfigurationError
from adapter.plainwords import problems_of
from adapter.problems import (
    MAX_PROBLEMS,
    Location,
    Position,
    Problem,
    Span,
    YamlDocument,
    did_you_mean,
    nearest,
    path_text,
    refuse,
)

__all__ = [
    "MAX_PROBLEMS",
    "Location",
    "Position",
    "Problem",
    "Span",
    "YamlDocument",
    "decode_text",
    "did_you_mean",
    "load_yaml",
    "nearest",
    "parse_yaml",
    "path_text",
    "read_bytes",
    "refuse",
    "validate",
]

MAX_BYTES: Final = 5_000_000
MAX_VALUES: Final = 50_000
MAX_LINES: Final = 100_000
MAX_DEPTH: Final = 40
MAX_LINE: Final = 20_000
MAX_FOREIGNERS: Final = 10  # anchors, aliases, tags: who writes ten of them needs no longer list

ModelT = TypeVar("ModelT", bound=BaseModel)


def validate(document: YamlDocument, model: type[ModelT]) -> ModelT:
    """The document as a model.

    Raises:
        ConfigurationError: all that does not fit, in plain words, each with its place.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        refuse(problems_of(error, document, model))


def load_yaml(path: Path) -> YamlDocument:
    """Read a file whose top level is a section (`key: value`).

    Raises:
        ConfigurationError: it cannot be read, is not plain YAML in UTF-8, or holds something ambiguous; as many
            problems at once as can be told apart.
    """
    return parse_yaml(path, read_bytes(path))


def parse_yaml(path: Path, content: bytes) -> YamlDocument:
    """What `load_yaml` makes of a file with this content; `path` is what messages call it.

    Raises:
        ConfigurationError: as for `load_yaml`.
    """
    text = decode_text(path, content)
    if text.count("\n") > MAX_LINES:
        raise ConfigurationError(f"{path}: the file has more than {MAX_LINES} lines; keep large tables in a CSV file")
    if problems := _odd_characters(str(path), text):
        refuse(problems)
    if not text.strip():
        raise ConfigurationError(f"{path}:1:1 the file is empty")
    reader = _Reader(str(path))
    reader.read(text)
    if reader.problems:
        refuse(reader.problems)
    if reader.root is None:
        raise ConfigurationError(f"{path}:1:1 the file holds nothing but comments")
    if not isinstance(reader.root, dict):
        raise ConfigurationError(f"{path}:1:1 the file has to consist of lines such as `key: value`")
    return YamlDocument(
        path, reader.root, hashlib.sha256(content).hexdigest(), reader.keys, reader.values, reader.spans
    )


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The content of a file that a person wrote.

    Raises:
        ConfigurationError: there is none, it is not a plain file, not readable, or larger than `limit`.
    """
    try:
        if path.exists() and not path.is_file():
            raise ConfigurationError(f"{path}: this is not a file")
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: there is no such file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ConfigurationError(f"{path}: the file cannot be read: {reason}") from error
    if len(content) > limit:
        raise ConfigurationError(f"{path}: the file is larger than {limit // 1_000_000} MB")
    return content


def decode_text(path: Path, content: bytes) -> str:
    """UTF-8 to text, a byte order mark taken off.

    Raises:
        ConfigurationError: another encoding, with the place of the first byte that is not UTF-8.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ConfigurationError(f"{path}:1:1 the file is in UTF-16; save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The codec counts from behind the byte order mark; `object` is what it counted in.
        before = error.object[: error.start].decode("utf-8", "replace")
        line, column = _line_and_column(before, len(before))
        raise ConfigurationError(f"{path}:{line}:{column} this is not UTF-8; save the file as UTF-8") from error


_ODD = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_NO_CHARACTER = re.compile(r"\\U(?!000|0010)[0-9a-fA-F]{8}")
_TAB = re.compile(r"^ *\t", re.MULTILINE)
_LONG_LINE = re.compile(rf"^[^\r\n]{{{MAX_LINE}}}", re.MULTILINE)


def _odd_characters(file: str, text: str) -> list[Problem]:
    problems = []
    for pattern, message in (
        (_ODD, "the invisible character U+{:04X} does not belong here; delete it"),
        (_TAB, "the line is indented with a tab; use blanks"),
        (_LONG_LINE, f"the line is longer than {MAX_LINE} characters"),
    ):
        for match in pattern.finditer(text):
            line, column = _line_and_column(text, match.end() - 1 if pattern is not _LONG_LINE else match.start())
            problems.append(Problem(file, line, column, message.format(ord(match.group()[-1]))))
            if len(problems) >= MAX_PROBLEMS:
                return problems
    return problems


def _line_and_column(text: str, index: int) -> Position:
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


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


class _Reader:
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
        try:
            for event in YAML(typ="safe", pure=True).parse(text):
                self._take(event)
        except _Stop:
            pass
        except MarkedYAMLError as error:
            self._syntax(error)
        except (ValueError, OverflowError):  # ruamel.yaml trips over "\U00110000": there is no such character
            escape = _NO_CHARACTER.search(text)
            position = _line_and_column(text, escape.start()) if escape else (1, 1)
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
        elif plain and not isinstance(_plain_or_message(name)[0], str):
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
        value, message = _plain_or_message(event.value)
        if message:
            self._problem(position, message)
        return "" if value is None else value

    def _text(self, text: str, position: Position) -> None:
        if odd := _ODD.search(text):
            self._problem(position, f"the text holds the invisible character U+{ord(odd.group()):04X}; take it out")

    def _fatal(self, position: Position, message: str) -> NoReturn:
        self._problem(position, message)
        raise _Stop

    def _syntax(self, error: MarkedYAMLError) -> None:
        message, at_context = _syntax_message(error)
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


# What ruamel.yaml says about a slip ("context | problem"), what a person is told, and whether at the place where the
# thing began instead of where it went wrong. The first that fits is told.
_SLIPS: Final[tuple[tuple[re.Pattern[str], str, bool], ...]] = tuple(
    (re.compile(pattern), message, at_context)
    for pattern, message, at_context in (
        (r"directive|incompatible YAML", "a line cannot begin with % here; put a text in quotes", False),
        (r"block scalar", "a text cannot begin with | or > unless it is in quotes", True),
        (r"sequence entries are not", "an entry of a list (-) cannot begin here; give it a line of its own", False),
        (r"mapping keys are not", "a text cannot begin with ? unless it is in quotes", False),
        (
            r"mapping values are not",
            "a colon too many: put a text that holds a colon in quotes, else check the indentation",
            False,
        ),
        (r"quoted scalar \| found unexpected", "the quote that opens here is never closed", True),
        (
            r"unknown escape character|expected escape sequence",
            "a backslash has a meaning between double quotes; use single quotes, or write it twice",
            False,
        ),
        (r"found character '\\t' that", "a tab stands here; use blanks", False),
        (r"found character '(.+)' that", r"a text cannot begin with \1 unless it is in quotes", False),
        (r"expected ',' or '(.)'", r"a comma or \1 is missing before this place", False),
        (r"expected the node content, but found '<stream end>", "the file ends within brackets", False),
        (r"expected the node content", "a value is missing before this place", False),
        (r"an alias|an anchor", "a text cannot begin with * or & unless it is in quotes", True),
        (r"\btag\b", "YAML tags (!...) are not used here: take it out or quote the text", False),
        (r"could not find expected ':'", "a colon is missing behind the key that begins here", True),
        (r"expected <block end>, but found '[]}]'", "this bracket was never opened", False),
        (
            r"expected <block end>|expected '<document start>'",
            "this does not line up with what stands above: check the indentation and the quotes",
            False,
        ),
    )
)


def _syntax_message(error: MarkedYAMLError) -> tuple[str, bool]:
    """What to tell about a slip in the syntax, and whether its place is where the thing began."""
    said = f"{error.context or ''} | {error.problem or ''}"
    for pattern, message, at_context in _SLIPS:
        if match := pattern.search(said):
            return match.expand(message) if match.groups() else message, at_context
    return f"this is not valid YAML: {error.problem or error.context or 'check the line'}", False


# Forms that YAML readers disagree about: a person who wrote them without quotes meant a text, or nothing sure.
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_SWITCHES = frozenset({"y", "n", "yes", "no", "on", "off"})
_UNCLEAR = (
    (re.compile(r"[-+]?[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?"), "a date"),
    (re.compile(r"[-+]?[0-9]+(:[0-9]+)+(\.[0-9]*)?"), "a time"),
    (re.compile(r"[-+]?(0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+)"), "a number"),
    (re.compile(r"[-+]?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|[-+]?\.[0-9_]+([eE][-+]?[0-9]+)?"), "a number"),
    (re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"), "a number"),
)
_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+")


def _plain_or_message(text: str) -> tuple[Any, str]:
    """The value of a scalar without quotes, or None and what is unclear about it."""
    if text in _NULLS:
        return None, "a value is missing: write one, or take the key out"
    if text.lower() in {"true", "false"}:
        return text.lower() == "true", ""
    if len(text) <= 18 and _INTEGER.fullmatch(text):
        return int(text), ""
    if len(text) <= 36 and _DECIMAL.fullmatch(text):
        return Decimal(text), ""
    if text.lower() in _SWITCHES:
        return None, f'{text} is not clear: write true or false, or put a text in quotes: "{text}"'
    if _COMMA.fullmatch(text):
        return None, f"{text} is not clear: a decimal has a point ({text.replace(',', '.')}), a text stands in quotes"
    for pattern, sort in _UNCLEAR:
        if pattern.fullmatch(text):
            return None, f'{text[:40]} can be misread as {sort}; put it in quotes: "{text[:40]}"'
    return text, ""
