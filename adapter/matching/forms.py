"""Legal forms: the words of a name that say what kind of company it is, in the languages of our buyers."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from typing import Final

from adapter.matching.data import rows

# Classes that one company may show one after another: a ЗАО is an АО today, a clerk writes Inc. for Ltd.
_RELATED: Final = tuple(
    map(
        frozenset,
        (
            ("jsc", "pjsc"),
            ("jsc", "cjsc"),
            ("jsc", "sas"),
            ("llc", "sas"),
            ("jsc", "psa"),
            ("llc", "pp"),
            ("llc", "llp"),
        ),
    )
)
# English names of one form each, beside the class: JSC stands for any of them abroad.
_OPEN: Final = ("pao", "oao", "pjsc")
_CLOSED: Final = ("zao", "prat", "cjsc")
_TRANSLATIONS: Final = frozenset(
    frozenset((english, own))
    for english, forms in (("pjsc", _OPEN), ("cjsc", _CLOSED), ("jsc", _OPEN + _CLOSED))
    for own in forms
)
_APART: Final = frozenset(("pjsc", "cjsc"))
# Two letters that are initials or words elsewhere: forms at the end of a name only, or at its beginning in Cyrillic.
_SHORT: Final = 2


class Relation(StrEnum):
    """How the legal forms of two names go together."""

    SAME = "same"
    TRANSLATED = "translated"
    RELATED = "related"
    NEUTRAL = "neutral"
    OTHER = "other"


@cache
def _table() -> tuple[dict[tuple[str, ...], str], dict[str, str], dict[str, int]]:
    """Forms by their spellings, classes by form, and by first word how many words a spelling has at most."""
    forms: dict[tuple[str, ...], str] = {}
    classes: dict[str, str] = {}
    longest: dict[str, int] = {}
    for kind, form, spellings in rows("legal_forms.tsv"):
        classes[form] = kind
        for spelling in spellings.split("|"):
            words = tuple(spelling.split())
            forms[words] = form
            longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return forms, classes, longest


def is_form(word: str) -> bool:
    """Whether a single word is a legal form by itself."""
    return (word,) in _table()[0]


def begins_form(word: str) -> bool:
    """Whether a legal form may begin with a word."""
    return word in _table()[2]


def form_class(form: str) -> str:
    """The class of a form of `Name.forms`, shared by its translations: `llc` of ooo, gmbh and spzoo."""
    return _table()[1].get(form, form)


def relation(one: frozenset[str], other: frozenset[str]) -> Relation:
    """How two sets of forms go together; shown by one name only they say nothing."""
    if not one or not other:
        return Relation.NEUTRAL
    if one == other:
        return Relation.SAME
    pairs = {frozenset((a, b)) for a in one for b in other}
    if not pairs.isdisjoint(_TRANSLATIONS) and _APART not in pairs:
        return Relation.TRANSLATED
    if _APART in pairs:
        return Relation.OTHER
    classes, others = set(map(form_class, one)), set(map(form_class, other))
    if classes == others or classes - {"co"} == others - {"co"}:
        return Relation.TRANSLATED
    if any(frozenset((a, b)) in _RELATED for a in classes for b in others):
        return Relation.RELATED
    return Relation.OTHER


def are_translations(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sets of forms may be one company's: an ООО that calls itself Ltd. abroad."""
    return relation(one, other) in {Relation.TRANSLATED, Relation.RELATED}


def cut_forms(words: Sequence[str], *, company: bool | None = None) -> tuple[tuple[str, ...], frozenset[str]]:
    """The words without legal forms, and the names of these; all words where nothing else would be left.

    Args:
        company: it is known to be a company's name, or a person's, who has no Latin form of two letters.
    """
    forms, _, longest = _table()
    if longest.keys().isdisjoint(words):
        return tuple(words), frozenset()
    kept: list[str] = []
    found: set[str] = set()
    at = 0
    while at < len(words):
        for length in range(longest.get(words[at], 0), 0, -1):
            form = forms.get(tuple(words[at : at + length]))
            if form and _may_be_form(words, at, length, company):
                found.add(form)
                at += length
                break
        else:
            kept.append(words[at])
            at += 1
    if not any(len(word) > 1 or word.isdigit() for word in kept):
        return tuple(words), frozenset()
    return tuple(kept), frozenset(found)


def _may_be_form(words: Sequence[str], at: int, length: int, company: bool | None) -> bool:
    """Whether a form at this place is one, for those that are other words too: initials, "as", "se"."""
    letters = sum(map(len, words[at : at + length]))
    if letters > _SHORT:
        return True
    edge = at == 0 or at + length == len(words)
    return edge and (company is not False or not words[at].isascii())
