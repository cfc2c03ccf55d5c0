"""Whose names an order may show: a company, the recipient, the buyer, and the pieces of lines that mix them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from adapter.matching.asked import Asked
from adapter.matching.given_names import is_given_name
from adapter.matching.letters import plain
from adapter.matching.names import Name

# Who buys or ships on behalf of somebody: Amazon invoices its business customers itself (SP-API issue 5030).
_PROXIES = re.compile(
    r"amazon(?:\s+(?:business|eu|services?|europe|com|de|fr|it|es|pl|nl|co|uk|sarl|s\.?\s?a\.?\s?r\.?\s?l\.?|gmbh|llc|inc|"
    r"ltd|core|seller|customer|locker|hub|counter|fulfillment|logistics|deutschland|online|germany|retail|payments))+\W*"
    r"|amazon|n/?a|none|null|unknown|unbekannt|kunde|customer|buyer|guest|gast|test|покупатель|клиент|-+"
)
_PROXY_BEGINS: Final = ("amazon", "n", "unknown", "unbekannt", "kunde", "customer", "buyer", "gu", "ga", "test", "-")
# A company and its contact, in either order.
_PARTING: Final = re.compile(
    r"\s+(?:/|\||–|—|-|;)\s+|\s*[|;]\s*|\s*/\s*(?!\s*o\b)|\s*,\s*(?=(?:z\.?\s?hd|attn?|fao|c\s?/\s?o)\b)|\n+",
    re.IGNORECASE,
)
_CONTACT: Final = re.compile(
    r"[\s,]*\b(?:z\.?\s?hd\b\.?(?:\s?v\b\.?)?|zu\s+h(?:ä|ae?)nden(?:\s+v(?:on|\.))?|attn?\b[.:]?|attention\b:?|f\.?a\.?o\b\.?:?|"
    r"a\s?l['’]attention\s+de|à\s+l['’]attention\s+de|dla\b|do\s+r[ąa]k|a/a\b|a\s+la\s+atenci[oó]n\s+de|dikkatine\b|"
    r"контактное\s+лицо\b:?|контактна\s+особа\b:?|для\b|вниманию\b)\s*",
    re.IGNORECASE,
)
_CARE_OF: Final = re.compile(
    r"[\s,]*(?:\bc\s?/\s?o\b|\bcare\s+of\b|\bbei\b(?=\s+(?:familie|fam|firma)\b)|\bchez\b)\s*", re.I
)
_INITIALS: Final = re.compile(r"\b\w\.\w\.")
"""Andreev A.S. is a person or, in Prague and Oslo, a company."""
_MARKERS: Final = frozenset(
    "z zhd hd zu att attn attention fao f dla do a dikkatine контактное контактна для вниманию care bei chez".split()
)
"""Words that a contact or a host may begin with: without them a line of nothing but letters is one name."""
_MOST: Final = 6
"""So many hypotheses are looked at; an order with more is no name but an address."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A name that the buyer in 1C may have.

    Attributes:
        text: as written, without what belongs to other hypotheses.
        source: `company`, `recipient` or `buyer`.
        company: known to be a company's; None where either is possible.
        piece: one of the names of a mixed line.
        host: named after "c/o": who takes the parcel in, and seldom the buyer.
    """

    text: str
    name: Name
    source: str
    company: bool | None = None
    piece: bool = False
    host: bool = False


def hypotheses(asked: Asked) -> tuple[Hypothesis, ...]:
    """The names of an order, the likeliest first: company, recipient, buyer; each one once.

    A buyer's name of one word is none by itself, nor are those who buy for others (Amazon Business EU SARL).
    """
    found: dict[tuple[tuple[str, ...], frozenset[str]], Hypothesis] = {}
    for each in _all(asked):
        if each.name.words and not is_proxy(each.text) and _is_name(each):
            found.setdefault((each.name.sorted_words, each.name.forms), each)
    return tuple(found.values())[:_MOST]


def is_proxy(text: str) -> bool:
    """Whether this is somebody who buys for others, or nobody: Amazon itself, "n/a"."""
    if text.isascii() and not text.casefold().lstrip().startswith(_PROXY_BEGINS):
        return False  # sooner told so than by a search
    return _PROXIES.fullmatch(plain(text).strip()) is not None


def _all(asked: Asked) -> Iterator[Hypothesis]:
    buyer = asked.buyer if asked.buyer != asked.recipient else ""
    for source, text in (("company", asked.company), ("recipient", asked.recipient), ("buyer", buyer)):
        if not text:
            continue
        pieces = list(_pieces(text))
        shown = any(_name(piece).forms for piece, _, _ in pieces)
        attended = any(contact for _, contact, _ in pieces)
        for piece, contact, host in pieces:
            forms = _name(piece).forms
            # Where one piece shows a legal form, one without is the contact's.
            company = True if forms or (source == "company" and not (contact or host or shown)) else None
            if attended and not (contact or host or shown) and len(_name(piece).words) == 1:
                company = True  # Lyoform, z.Hd. Anna Schmidt
            yield Hypothesis(piece, _name(piece, company), source, company, len(pieces) > 1, host)
            if forms and _INITIALS.search(piece) and len(_name(piece).words) == 1:
                name = _name(piece.replace(".", ". "), False)
                yield Hypothesis(piece, name, source, None, len(pieces) > 1, host)


@lru_cache(maxsize=64)
def _name(text: str, company: bool | None = None) -> Name:
    """An order's lines are mostly one name, asked for more than once."""
    return Name.of(text, company)


def _pieces(text: str) -> Iterator[tuple[str, bool, bool]]:
    """Pieces of a line, each with whether it is a contact and whether it is a host; a whole line if none parts it."""
    if text.replace(" ", "").isalpha() and _MARKERS.isdisjoint(text.casefold().split()):
        yield text.strip(), False, False
        return
    own, *hosts = _CARE_OF.split(text)
    for of_host, part in [(False, own), *((True, host) for host in hosts)]:
        whole, *contacts = _CONTACT.split(part)
        for line in _parted(whole):
            yield line, False, of_host
        for contact in contacts:
            for line in _parted(contact):
                yield line, True, of_host


def _parted(text: str) -> list[str]:
    """Two names in one line: "ООО Ромашка / Ivan Petrov", "ООО Ромашка (Иван Петров)"; each has to be a name."""
    pieces = [piece.strip(" ,") for piece in _PARTING.split(text) if piece and piece.strip(" ,")]
    if len(pieces) > 1 and all(_tells(piece) for piece in pieces):
        return pieces
    if (company := _with_person(text)) is not None:
        return list(company)
    return [text.strip(" ,")] if text.strip(" ,") else []


_BRACKETED = re.compile(r"(.+?)\s*\(([^()]+)\)\s*")
_COMMA = re.compile(r"(.+?),\s*([^,]+)")


def _with_person(text: str) -> tuple[str, str] | None:
    """A company and a person in brackets or after a comma; "Müller, Anna" is one person."""
    for form in (_BRACKETED, _COMMA):
        if found := form.fullmatch(text):
            one, other = found[1], found[2]
            first, second = _name(one), _name(other)
            person = second if first.forms else first
            if bool(first.forms) != bool(second.forms) and len(person.words) > 1:
                return one, other
    return None


def _tells(text: str) -> bool:
    return any(len(word) > 1 and word.isalpha() for word in _name(text).words)


def _is_name(each: Hypothesis) -> bool:
    """A single word is a company's name or nothing: nobody is found by a given name alone.

    Nor by one beside another name: "Start / Helmut Grünbauer" may be a company, "Anna / Helmut Grünbauer" is none.
    """
    if each.source == "company" or each.name.forms or each.company or len(each.name.words) > 1:
        return True
    word = each.name.words[0]
    return each.source == "recipient" and len(word) > 1 and not (each.piece and (each.host or is_given_name(word)))
