"""Under which names an order may be known: company, recipient, buyer, and the pieces of a line that mixes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from adapter.matching.asked import Asked
from adapter.matching.names import Name

# "ООО Ромашка / Ivan Petrov", "Müller GmbH, z. Hd. Anna Schmidt", "c/o", "attn": what stands on both sides is a name.
_CARE_OF = re.compile(
    r"(?<!\w)(?:c\s?/\s?o|z\s?\.?\s?h(?:d|dn)?\s?\.|zhd|zu\s+h[aä]nden|attn?|attention|f\.?a\.?o|"
    r"à\s+l['’]attention\s+de|para|dla|для|на\s+имя|на\s+ім['’]я|контакт|contact|ansprechpartner)(?!\w)\s*[.:]*\s*",
    re.IGNORECASE,
)
_SLASH = re.compile(r"\s*(?:/|\||;|\s[-–—]\s|,\s*(?=z\.))\s*")
# Amazon's own companies, which stand as buyers of business orders that Amazon invoices itself (MATCHING 7).
_PROXY = re.compile(
    r"amazon\s*(?:\.\s*\w+|business|eu|europe|services|com|logistics|payments|locker|hub)?\b", re.IGNORECASE
)
_COMPANY, _RECIPIENT, _BUYER = "company", "recipient", "buyer"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One name under which the customer may stand in the catalog.

    Attributes:
        where: the field that shows it: company, recipient or buyer.
        text: as it was written, or the piece of it.
        company: it is known to be a company's.
    """

    where: str
    text: str
    name: Name
    company: bool


def hypotheses(asked: Asked) -> tuple[Hypothesis, ...]:
    """The names of an order, the surest first: the company, then recipient and buyer; each name once.

    A word alone tells nobody unless it is a company's; Amazon's own companies are nobody's customers.
    """
    found: list[Hypothesis] = []
    for where, text in ((_COMPANY, asked.company), (_RECIPIENT, asked.recipient), (_BUYER, asked.buyer)):
        for piece in _pieces(text):
            name = Name.of(piece)
            company = bool(name.forms) or (where == _COMPANY and piece == text.strip())
            if name.words and not _is_proxy(piece) and (company or _tells(name)):
                found.append(Hypothesis(where, piece, name, company))
    unique: dict[tuple[tuple[str, ...], frozenset[str]], Hypothesis] = {}
    for each in found:
        unique.setdefault((each.name.sorted_words, each.name.forms), each)
    # A company that stands in a line with its contact goes before him.
    return tuple(sorted(unique.values(), key=lambda each: not each.company))


def _pieces(text: str) -> list[str]:
    parts = [part.strip(" ,;:-") for half in _CARE_OF.split(text) for part in _SLASH.split(half)]
    full = [part for part in parts if part]
    # A stroke may also be part of a name; only pieces that can stand alone are taken apart.
    if len(full) > 1 and all(_stands_alone(part) for part in full):
        return full
    return [text.strip()] if text.strip() else []


def _stands_alone(piece: str) -> bool:
    name = Name.of(piece)
    return _tells(name) or bool(name.forms and name.words)


def _tells(name: Name) -> bool:
    """Two words, one of them at least in full."""
    return len(name.words) > 1 and any(len(word) > 1 for word in name.words)


def _is_proxy(text: str) -> bool:
    return _PROXY.match(text.strip()) is not None
