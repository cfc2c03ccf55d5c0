"""Tokens of OData expressions and keys, as 1C writes them: `'text'`, `guid'…'`, `datetime'…'`, numbers, names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal as Kindly

from adapter.simulators.onec import errors
from adapter.simulators.onec.values import GUID

TokenKind = Kindly["string", "guid", "datetime", "number", "name", "sign", "end"]

TOKEN = re.compile(
    r"""[ \t]*(?:
      (?P<typed>(?P<type>guid|datetime)'(?P<typed_text>(?:[^']|'')*)')
    | '(?P<string>(?:[^']|'')*)'
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[LlMmFfDd]?(?!\w))
    | (?P<name>[^\W\d]\w*)
    | (?P<sign>[(),/:=-])
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
DATE_LITERAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?\Z")


class NotAToken(ValueError):
    """The text holds something that is no token."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `value` is the literal's value, the name, or the sign."""

    kind: TokenKind
    value: str | Decimal


def tokenize(text: str) -> list[Token]:
    """All tokens, the last one of kind `end`.

    Raises:
        NotAToken: the text cannot be cut into tokens.
        ODataError: 400 code 1, a guid or date that is none.
    """
    tokens: list[Token] = []
    place = 0
    while True:
        match = TOKEN.match(text, place)
        if match is None:
            raise NotAToken(text[place:])
        place = match.end()
        tokens.append(_token(match))
        if tokens[-1].kind == "end":
            return tokens


def _token(match: re.Match[str]) -> Token:
    if match["typed"] is not None:
        text = match["typed_text"]
        if match["type"] == "guid":
            if not GUID.match(text):
                raise errors.bad_literal(text, "Edm.Guid")
            return Token("guid", text.lower())
        return Token("datetime", read_datetime_literal(text))
    if match["string"] is not None:
        return Token("string", match["string"].replace("''", "'"))
    if match["number"] is not None:
        return Token("number", Decimal(match["number"].rstrip("LlMmFfDd")))
    if match["name"] is not None:
        return Token("name", match["name"])
    if match["sign"] is not None:
        return Token("sign", match["sign"])
    return Token("end", "")


def read_datetime_literal(text: str) -> str:
    """The inside of `datetime'…'` in full form; the text of a bad one is not echoed.

    Raises:
        ODataError: 400 code 1.
    """
    try:
        if DATE_LITERAL.match(text):
            return datetime.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise errors.ODataError(400, 1, "Не удалось разобрать строку как значение типа Edm.DateTime!")
