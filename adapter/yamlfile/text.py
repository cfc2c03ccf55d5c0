"""The text of a file that a person wrote: its bytes, its encoding, characters that do not belong into it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from adapter.errors import ConfigurationError
from adapter.problems import MAX_PROBLEMS, Position, Problem

MAX_BYTES: Final = 5_000_000
MAX_LINE: Final = 20_000


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
        line, column = line_and_column(before, len(before))
        raise ConfigurationError(f"{path}:{line}:{column} this is not UTF-8; save the file as UTF-8") from error


ODD = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_TAB = re.compile(r"^ *\t", re.MULTILINE)
_LONG_LINE = re.compile(rf"^[^\r\n]{{{MAX_LINE}}}", re.MULTILINE)


def odd_characters(file: str, text: str) -> list[Problem]:
    """Every invisible character, tab before a line and overlong line, as far as there is room to tell them."""
    problems = []
    for pattern, message in (
        (ODD, "the invisible character U+{:04X} does not belong here; delete it"),
        (_TAB, "the line is indented with a tab; use blanks"),
        (_LONG_LINE, f"the line is longer than {MAX_LINE} characters"),
    ):
        for match in pattern.finditer(text):
            line, column = line_and_column(text, match.end() - 1 if pattern is not _LONG_LINE else match.start())
            problems.append(Problem(file, line, column, message.format(ord(match.group()[-1]))))
            if len(problems) >= MAX_PROBLEMS:
                return problems
    return problems


def line_and_column(text: str, index: int) -> Position:
    """Where a character stands, both from 1; a line may end in any of the three ways."""
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")
