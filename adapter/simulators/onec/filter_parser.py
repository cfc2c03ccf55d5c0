"""`$filter` text -> syntax tree; knows the language, but neither entity types nor data.

Source: 1C:Enterprise developer guide 17.4.6. What it does not list (`in`, `contains`, `tolower`, `length` …) is
refused with 400 code 14, as measured on live infobases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal as Kindly

from adapter.simulators.onec import errors
from adapter.simulators.onec.tokens import NotAToken, Token, TokenKind, tokenize

FUNCTIONS: Mapping[str, tuple[int, int]] = {
    "substringof": (2, 2),
    "startswith": (2, 2),
    "endswith": (2, 2),
    "concat": (2, 2),
    "substring": (2, 3),
    "like": (2, 2),
    "year": (1, 1),
    "quarter": (1, 1),
    "month": (1, 1),
    "day": (1, 1),
    "dayofyear": (1, 1),
    "dayofweek": (1, 1),
    "hour": (1, 1),
    "minute": (1, 1),
    "second": (1, 1),
    "dateadd": (3, 3),
    "datedifference": (3, 3),
    "cast": (2, 2),
    "isof": (2, 2),
    "round": (1, 2),
}
"""Every function with the least and greatest number of its arguments."""

# From weak to strong. The guide's list is read as the groups of OData v3: operators of one group run left to right.
BINARY: tuple[frozenset[str], ...] = (
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"eq", "ne"}),
    frozenset({"gt", "ge", "lt", "le"}),
    frozenset({"add", "sub"}),
    frozenset({"mul", "div"}),
)
WORDS = frozenset().union(*BINARY) | {"not"}

LiteralKind = Kindly["string", "guid", "datetime", "number", "boolean"]
MAX_DEPTH = 200


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. Dates are text in full form, guids lower-case text."""

    kind: LiteralKind
    value: str | Decimal | bool


@dataclass(frozen=True, slots=True)
class Path:
    """`A/B/C`, from a property of the row, a lambda's variable, or the value of `root`."""

    names: tuple[str, ...]
    root: Expression | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A function of `FUNCTIONS`."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """`not x` or `-x`."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Lambda:
    """`Section/any(d: …)`; without variable and body it asks whether the section has rows."""

    path: Path
    quantifier: str
    variable: str = ""
    body: Expression | None = None


Expression = Literal | Path | Call | Unary | Binary | Lambda


def parse_filter(text: str, option: str = "$filter") -> Expression:
    """Parse a whole filter.

    Raises:
        ODataError: 400 code 14, or code 1 for a guid or date literal that is none.
    """
    try:
        return _Parser(tokenize(text)).whole()
    except (NotAToken, _SyntaxProblem, RecursionError):
        raise errors.bad_option(option) from None


class _SyntaxProblem(Exception):
    """The tokens do not make an expression."""


class _Parser:
    """Recursive descent; one object for one text."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0

    def whole(self) -> Expression:
        expression = self._binary(0)
        if self._next.kind != "end":
            raise _SyntaxProblem
        return expression

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _advance(self) -> Token:
        token = self._next
        self._place += 1
        return token

    def _is(self, kind: TokenKind, value: str) -> bool:
        return self._next == Token(kind, value)

    def _expect(self, sign: str) -> None:
        if not self._is("sign", sign):
            raise _SyntaxProblem
        self._advance()

    def _name(self) -> str:
        token = self._advance()
        if token.kind != "name":
            raise _SyntaxProblem
        return str(token.value)

    def _binary(self, level: int) -> Expression:
        if level == len(BINARY):
            return self._unary()
        left = self._binary(level + 1)
        while self._next.kind == "name" and self._next.value in BINARY[level]:
            operator = str(self._advance().value)
            left = Binary(operator, left, self._binary(level + 1))
        return left

    def _unary(self) -> Expression:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _SyntaxProblem
        try:
            if self._is("sign", "-"):
                self._advance()
                return Unary("-", self._unary())
            if self._is("name", "not"):
                self._advance()
                return Unary("not", self._unary())
            return self._primary()
        finally:
            self._depth -= 1

    def _primary(self) -> Expression:
        token = self._advance()
        match token.kind:
            case "string" | "guid" | "datetime" | "number":
                return Literal(token.kind, token.value)
            case "sign" if token.value == "(":
                inner = self._binary(0)
                self._expect(")")
                return inner
            case "name":
                return self._named(str(token.value))
        raise _SyntaxProblem

    def _named(self, name: str) -> Expression:
        if name in {"true", "false"}:
            return Literal("boolean", name == "true")
        if name in WORDS:
            raise _SyntaxProblem
        if not self._is("sign", "("):
            return self._path((name,), None)
        if name not in FUNCTIONS:
            raise _SyntaxProblem
        call = Call(name, self._arguments())
        least, most = FUNCTIONS[name]
        if not least <= len(call.arguments) <= most:
            raise _SyntaxProblem
        return self._path((), call) if self._is("sign", "/") else call

    def _arguments(self) -> tuple[Expression, ...]:
        self._expect("(")
        found = [self._binary(0)]
        while self._is("sign", ","):
            self._advance()
            found.append(self._binary(0))
        self._expect(")")
        return tuple(found)

    def _path(self, names: tuple[str, ...], root: Expression | None) -> Expression:
        while self._is("sign", "/"):
            self._advance()
            name = self._name()
            if name in {"any", "all"} and self._is("sign", "("):
                return self._lambda(Path(names, root), name)
            names = (*names, name)
        return Path(names, root)

    def _lambda(self, path: Path, quantifier: str) -> Lambda:
        self._expect("(")
        if self._is("sign", ")") and quantifier == "any":
            self._advance()
            return Lambda(path, quantifier)
        variable = self._name()
        self._expect(":")
        body = self._binary(0)
        self._expect(")")
        return Lambda(path, quantifier, variable, body)


def equal_values(expression: Expression) -> tuple[str, tuple[str, ...]] | None:
    """A property and the texts of which it must equal one, where the filter says so; None where it does not.

    `A eq 'x' or A eq 'y'` gives A with both; of terms joined by `and` one is enough. It narrows the rows to look at,
    the whole filter still has to be applied.
    """
    match expression:
        case Binary("eq", Path((name,), None), Literal("string" | "guid", str() as value)):
            return name, (value,)
        case Binary("and", left, right):
            return equal_values(left) or equal_values(right)
        case Binary("or", left, right):
            one, other = equal_values(left), equal_values(right)
            if one and other and one[0] == other[0]:
                return one[0], one[1] + other[1]
    return None
