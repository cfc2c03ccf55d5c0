"""The address of a request: which set, which key, what behind it, with which options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import unquote

from adapter.simulators.onec import errors
from adapter.simulators.onec.schema import EntityType
from adapter.simulators.onec.tokens import NotAToken, Token, tokenize

OPTIONS = frozenset(
    {"$select", "$filter", "$orderby", "$top", "$skip", "$inlinecount", "$expand", "$format", "$allowedOnly"}
)

KeyValue = str | Decimal | bool
Literals = Mapping[str, Token]
"""Values in brackets by name; a value without a name has the name ``."""


@dataclass(frozen=True, slots=True)
class Address:
    """A decoded path below the service's root.

    Attributes:
        first: the set, or `$metadata`, or nothing for the service document.
        key: what stood in brackets behind the set; None without brackets.
        rest: further segments, without brackets.
        arguments: what stood in brackets behind the last of them.
    """

    first: str
    key: Literals | None = None
    rest: tuple[str, ...] = ()
    arguments: Literals = field(default_factory=dict)


def parse_path(path: str) -> Address:
    """Read a path that is still percent-encoded and starts behind the service's root.

    Raises:
        ODataError: 400 codes 1 or 2, brackets that cannot be read.
    """
    segments = [segment for segment in _split(unquote(path)) if segment]
    if not segments:
        return Address("")
    first, inside = _brackets(segments[0])
    key = None if inside is None else read_literals(inside)
    arguments: Literals = {}
    rest = []
    for segment in segments[1:]:
        name, inside = _brackets(segment)
        rest.append(name)
        arguments = read_literals(inside) if inside else {}
    return Address(first, key, tuple(rest), arguments)


def _split(path: str) -> list[str]:
    """Cut at slashes outside of quotes; a doubled quote opens and closes at once."""
    parts, quoted = [""], False
    for letter in path:
        if letter == "/" and not quoted:
            parts.append("")
            continue
        quoted ^= letter == "'"
        parts[-1] += letter
    return parts


def _brackets(segment: str) -> tuple[str, str | None]:
    name, opened, inside = segment.partition("(")
    if not opened:
        return name, None
    if not inside.endswith(")"):
        raise errors.bad_request(f"Неверный формат сегмента {segment}")
    return name, inside[:-1]


def read_literals(text: str) -> Literals:
    """`guid'…'` or `A=1,B='x'`; names are kept in their order.

    Raises:
        ODataError: 400 code 1 for a literal that is none, code 2 for another form.
    """
    try:
        tokens = tokenize(text)
    except NotAToken:
        raise errors.bad_literal(text, "Edm.Guid") from None
    found: dict[str, Token] = {}
    place = 0
    while tokens[place].kind != "end":
        name = ""
        if tokens[place].kind == "name" and tokens[place + 1] == Token("sign", "="):
            name = str(tokens[place].value)
            place += 2
        token = tokens[place]
        if token.kind == "name" and token.value not in {"true", "false"}:
            raise errors.bad_literal(str(token.value), "Edm.Guid")
        if token.kind in {"sign", "end"}:
            raise errors.bad_request(f"Неверный формат ключа {text}")
        found[name] = token
        place += 1
        if tokens[place] == Token("sign", ","):
            place += 1
        elif tokens[place].kind != "end":
            raise errors.bad_request(f"Неверный формат ключа {text}")
    return found


def key_values(entity: EntityType, literals: Literals) -> dict[str, str]:
    """The values of all parts of a key as the store writes them.

    Raises:
        ODataError: 400 code 7 for a missing part, code 1 for one of another type.
    """
    if len(entity.key) == 1 and "" in literals:
        literals = {entity.key[0]: literals[""]}
    found = {}
    for name in entity.key:
        if name not in literals:
            raise errors.key_missing(name)
        attribute = entity.by_name.get(name)
        found[name] = _key_text(attribute.edm if attribute else "Edm.String", literals[name])
    return found


def _key_text(edm: str, token: Token) -> str:
    wanted = {"Edm.Guid": {"guid"}, "Edm.DateTime": {"datetime"}, "Edm.String": {"string", "guid"}}
    text = str(token.value)
    if token.kind not in wanted.get(edm, {"number", "name", "string"}):
        raise errors.bad_literal(text, edm)
    return text


def parse_options(query: str) -> dict[str, str]:
    """Query options, decoded; a plus stays a plus, since the interface takes only `%20` for a space."""
    pairs = [part.partition("=") for part in query.split("&") if part]
    return {unquote(name): unquote(value) for name, _, value in pairs}


def check_options(options: Mapping[str, str]) -> None:
    """Refuse `$` options that the interface does not know.

    Raises:
        ODataError: code 0.
    """
    for name in options:
        if name.startswith("$") and name not in OPTIONS:
            raise errors.not_supported(name)
