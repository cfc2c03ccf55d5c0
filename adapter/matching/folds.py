"""The phonetic fold: one short string for all usual spellings of a word, in Latin and Cyrillic letters.

Щербаков, Shcherbakov, Schtscherbakow, Chtcherbakov, Szczerbakow and Ŝerbakov all give `Serbakov`. A fold is coarse on
purpose (Диана and Дана share one): it finds candidates; `spelling.same` says whether they are one word.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import combinations
from operator import itemgetter
from re import Pattern
from typing import Final

from adapter.matching.letters import is_cyrillic

_MOST = 6
"""So many readings of a word at most: each is looked up."""

_CYRILLIC: Final = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "e", "є": "e", "ж": "S", "з": "s",
    "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "s", "ч": "S", "ш": "S", "щ": "S", "ъ": "", "ы": "i",
    "ь": "", "э": "e", "ю": "iu", "я": "ia", "ё": "e", "ә": "a", "ғ": "h", "қ": "k", "ң": "n", "ө": "o", "ұ": "u",
    "ү": "u", "һ": "h", "ў": "u", "ј": "i", "љ": "li", "њ": "ni", "ћ": "S", "ђ": "S", "џ": "S",
}  # fmt: skip
_CYRILLIC_SOUNDS = str.maketrans(_CYRILLIC)

# Spelling: its sounds, the usual one first; then, where letters are ambiguous, others with the kind of ambiguity. All
# places of one kind change together, since one writer keeps to one way. The longest spelling that fits is taken.
_LATIN: Final[dict[str, tuple[str, ...]]] = {
    "schtsch": ("S",), "stsch": ("S",), "shtch": ("S",), "shch": ("S",), "szcz": ("S",), "chtch": ("S",),
    "dsch": ("S",), "tsch": ("S",), "tsh": ("S",), "tch": ("S",), "dzh": ("S",), "sch": ("S",), "shh": ("S", "th:Sh"),
    "sh": ("S",), "sz": ("S",), "cz": ("S", "cz:s"), "zh": ("S",), "dj": ("di", "dj:S"), "ch": ("S", "ch:h"),
    "kh": ("h",), "gh": ("h",), "ph": ("f",), "th": ("t", "th:th"), "ck": ("k", "ck:Sk"), "tzh": ("tS",), "tz": ("s",),
    "ts": ("s",),
    "ou": ("u",), "oo": ("u",), "qu(?=[ei])": ("k",), "qu": ("kv", "qu:ku"), "szh": ("S",), "gu(?=[ei])": ("h",),
    "g(?=[ei])": ("h", "gi:S"), "ei(?=.)": ("ei", "ei:ai"), "eu": ("eu", "ei:oi"), "x": ("ks", "x:h"),
    "c(?=[eiy])": ("s", "marks:S"), "c": ("k", "c:s", "marks:S"), "s": ("s", "marks:S"), "z": ("s", "marks:S"),
    "j(?=[aeiouy])": ("i", "j:S", "jota:h"), "j": ("i",), "h(?![aeiouy])": ("h", "mute:"), "h": ("h",), "g": ("h",),
    "w": ("v",), "y": ("i",), "q": ("k",), "ne(?!.)": ("ne", "last:n"), "chr": ("hr", "ch:kr"),
    "vic(?!.)": ("viS", "c:vik"), "ng": ("nh", "ng:n"),
}  # fmt: skip
# By first letter, the longest first: a spelling, what has to follow it (or not), and its sounds.
_Rule = tuple[str, Pattern[str] | None, tuple[str, ...]]


@cache
def _rules() -> dict[str, tuple[_Rule, ...]]:
    by_letter: dict[str, list[_Rule]] = {}
    for spelling, sounds in _LATIN.items():
        letters, _, follows = spelling.partition("(")
        by_letter.setdefault(letters[0], []).append((letters, re.compile(f"({follows}") if follows else None, sounds))
    return {letter: tuple(sorted(rules, key=lambda rule: -len(rule[0]))) for letter, rules in by_letter.items()}


# The earlier are likelier.
_KINDS: Final = tuple("ch c j marks0 marks1 marks2 x dj gi ei mute last th cz qu jota ck ng".split())
# A word with these was not spelled by a scheme that has š, č, ž or ş, so no mark was lost.
_WITHOUT_MARKS = re.compile("[szk]h|sz|cz|sch|tch|ts|tz|ph|th|x")

_BEFORE_SIBILANT = re.compile("[tds](?=S)|t(?=s)")
_SOFT_SIGN = re.compile("(?<=[bcdfghklmnpqrstvwxz])j(?![aeiouy])")
_RUN = re.compile(r"(.)\1+")
_FIRST = itemgetter(1)
_UMLAUT = re.compile("(?<=[aou])e")
_LAST_R = re.compile("(?<=[dt])(?:er|re)$")
_VOWELS: Final = "aeiou"
_WITHOUT_VOWELS = str.maketrans("", "", _VOWELS)


@lru_cache(maxsize=2**13)
def folds(word: str) -> tuple[str, ...]:
    """The fold of a plain word, and what other readings of ambiguous Latin letters give; never empty.

    `ch` is ч or х, `c` к, ц or (its mark lost) ч, `j` й, ж or the Spanish х, `s` and `z` may have lost a mark.
    """
    if is_cyrillic(word):
        sounds = word.replace("ьо", "йо").replace("оу", "у").translate(_CYRILLIC_SOUNDS)
        sound = _settled(sounds) or word
        # Асхат is Ashat or Aschat as well, of which nobody can tell that they have no ш.
        return (sound, _settled(sounds.replace("sh", "S"))) if "сх" in word else (sound,)
    tokens, kinds = _tokens(word)
    if tokens and word[0] == "h" and tokens[0] == ("h",):
        tokens[0] = ("h", "mute:")
        kinds.append("mute")
    found = {_settled("".join([token[0] for token in tokens])) or word: None}
    for how_many in (1, 2) if kinds else ():
        for switched in combinations(kinds, how_many):
            if len(found) == _MOST:
                break
            found[_settled("".join([_other(token, switched) for token in tokens])) or word] = None
    return tuple(found)


def skeleton(fold: str) -> str:
    """A fold without vowels; the first letter, if a vowel, stays as `A`: `Serbakov` and `Sirbokav` give `Srbkv`."""
    first = fold[:1]
    return ("A" if first in _VOWELS and first else first) + fold[1:].translate(_WITHOUT_VOWELS)


def _tokens(word: str) -> tuple[list[tuple[str, ...]], list[str]]:
    """Sounds of a word piece by piece, and the kinds of ambiguity it has, the likeliest first."""
    rules = _rules()
    tokens: list[tuple[str, ...]] = []
    kinds: set[str] = set()
    if "j" in word:
        word = _SOFT_SIGN.sub("", word) or word
    marks = 0 if not _WITHOUT_MARKS.search(word) else _MOST
    at = 0
    while at < len(word):
        for letters, follows, sounds in rules.get(word[at], ()):
            if word.startswith(letters, at) and (follows is None or follows.match(word, at + len(letters))):
                token = sounds
                if sounds[-1] == "marks:S":
                    # Each sibilant may have lost a mark of its own.
                    token = (*sounds[:-1], f"marks{marks}:S")
                    marks += 1
                tokens.append(token)
                kinds.update([other.partition(":")[0] for other in token[1:]])
                at += len(letters)
                break
        else:
            tokens.append((word[at],))
            at += 1
    return tokens, [kind for kind in _KINDS if kind in kinds] if kinds else []


def _other(token: tuple[str, ...], switched: tuple[str, ...]) -> str:
    for other in token[1:]:
        kind, _, sounds = other.partition(":")
        if kind in switched:
            return sounds
    return token[0]


def _settled(sounds: str) -> str:
    """What both scripts have in common: no runs, no i before vowels, ё as e."""
    # A search costs as much as ten looks for letters: it is made only where there is something to find.
    found = sounds[:-2] + "v" if sounds.endswith("ff") else sounds
    if "tS" in found or "dS" in found or "sS" in found or "ts" in found:
        found = _BEFORE_SIBILANT.sub("", found)
    found = before = _RUN.sub(_FIRST, found)
    if "i" in found:
        found = found.replace("io", "e").replace("ia", "a").replace("ie", "e").replace("iu", "u")
    if "ae" in found or "oe" in found or "ue" in found:
        found = _UMLAUT.sub("", found)
    found = found.replace("So", "Se")
    if found != before:
        found = _RUN.sub(_FIRST, found)
    return _LAST_R.sub("r", found) if found.endswith(("er", "re")) else found
