"""Slips in the writing of YAML, in plain words: of the syntax, and of values that readers disagree about."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from ruamel.yaml.error import MarkedYAMLError

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


def syntax_message(error: MarkedYAMLError) -> tuple[str, bool]:
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


def plain_or_message(text: str) -> tuple[Any, str]:
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
