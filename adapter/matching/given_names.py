"""Given names: forms of one name in several languages, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from adapter.matching.data import rows
from adapter.matching.folds import folds
from adapter.matching.spelling import same

_NO_GROUPS: Final = frozenset[int]()
"""Of most words; one for all, since they are kept by the thousand."""


@lru_cache(maxsize=2**13)
def gender(word: str) -> str:
    """`m` or `f` of a given name in any usual spelling; empty if it is none, or of both."""
    found = {_groups()[1][group] for group in _groups_of(word)}
    return found.pop() if len(found) == 1 else ""


def is_given_name(word: str) -> bool:
    """Whether a plain word is a given name in any usual spelling, a man's or a woman's."""
    return bool(_groups_of(word))


def equivalent(one: str, other: str) -> bool:
    """Whether two plain words are forms of one given name: Микола and Nikolai; short forms (Саша) are of none."""
    return bool(_groups_of(one) & _groups_of(other))


def forms(word: str) -> tuple[str, ...]:
    """The forms of a given name, to look for; other spellings of the word itself are among them."""
    members = _groups()[0]
    groups = _groups_of(word)
    return tuple(dict.fromkeys(name for group in sorted(groups) for name in members[group])) if groups else ()


def given_folds() -> Mapping[str, tuple[str, ...]]:
    """The folds that given names have, and these names."""
    return _groups()[3]


@lru_cache(maxsize=2**10)
def _groups_of(word: str) -> frozenset[int]:
    _, _, by_name, by_fold = _groups()
    if word in by_name:
        return by_name[word]
    if len(word) < 3:
        return _NO_GROUPS
    found = {name for fold in folds(word) for name in by_fold.get(fold, ())}
    groups = [group for name in found if same(name, word) for group in by_name[name]]
    return frozenset(groups) if groups else _NO_GROUPS


@cache
def _groups() -> tuple[list[tuple[str, ...]], list[str], dict[str, frozenset[int]], dict[str, tuple[str, ...]]]:
    """Names by group, gender by group, groups by name, names by fold."""
    members: list[tuple[str, ...]] = []
    genders: list[str] = []
    by_name: dict[str, frozenset[int]] = {}
    by_fold: dict[str, dict[str, None]] = {}
    for kind, names in rows("given_names.tsv"):
        group = tuple(names.split(" "))
        for name in group:
            by_name[name] = by_name.get(name, frozenset()) | {len(members)}
            for fold in folds(name):
                by_fold.setdefault(fold, {})[name] = None
        members.append(group)
        genders.append(kind)
    return members, genders, by_name, {fold: tuple(names) for fold, names in by_fold.items()}
