from __future__ import annotations

# until branch names is merged
import re
from functools import lru_cache
from adapter.matching.names import is_cyrillic
from adapter.matching.spelling import can_spell, fold

_DIGRAPHS = re.compile(r"(?<![aeq])([aou])e(?!l[aeis]?$|$)")
_PATRONYMIC = re.compile(
    r"\w{2,}(ович|евич|йович|ьич|кич|мич|овна|евна|івна|ївна|ична|улы|ұлы|кызы|қызы"
    r"|ovich|evich|ovych|evych|iovych|yovych|ovna|evna|ivna|yivna|ichna|uly|kyzy|qyzy)"
)


def folds(word: str) -> tuple[str, ...]:
    return (fold(word),)


def skeleton(sound: str) -> str:
    return "".join(x for at, x in enumerate(sound) if x not in "aeiou" or at == 0)


def same(one: str, other: str) -> bool:
    if is_cyrillic(one) == is_cyrillic(other):
        return _DIGRAPHS.sub(r"\1", one) == _DIGRAPHS.sub(r"\1", other)
    latin, cyrillic = (other, one) if is_cyrillic(one) else (one, other)
    return can_spell(latin, cyrillic)


FEMALE = "f"


def equivalents(word: str) -> tuple[str, ...]:
    return ()


def gender(word: str) -> str:
    return ""


_FEM = re.compile(r"(.{2,}(?:ov|ev|in|yn|ов|ев|ин|ын|ін|їн))[aа]|(.{2,}(?:sk|ck|ск|цк))(?:aya|aja|aia|aa|a|ая|а)")
_MASC = re.compile(r"(.{2,}(?:sk|ck|ск|цк))(?:iy|ij|ii|i|yy|yi|y|ий|ій)")


def _masculine(word: str) -> str:
    found = _FEM.fullmatch(word)
    if found:
        return (found[1] or found[2]) + "#"
    found = _MASC.fullmatch(word)
    return found[1] if found else word


def feminine(one: str, other: str) -> bool:
    a, b = _masculine(one), _masculine(other)
    if a.endswith("#") == b.endswith("#"):
        return False
    a, b = a.rstrip("#"), b.rstrip("#")
    return a == b or same(a, b)


def is_patronymic(word: str) -> bool:
    return _PATRONYMIC.fullmatch(word) is not None


@lru_cache(maxsize=2**14)
def initials(word: str) -> frozenset[str]:
    """Letters that may stand for a word."""
    found = {word[:1], fold(word)[:1]}
    cyr = {
        "a": "а",
        "b": "б",
        "v": "в",
        "h": "гх",
        "d": "д",
        "e": "еэё",
        "Z": "ж",
        "s": "сзц",
        "i": "ийы",
        "k": "к",
        "l": "л",
        "m": "м",
        "n": "н",
        "o": "о",
        "p": "п",
        "r": "р",
        "t": "т",
        "u": "ую",
        "f": "ф",
        "C": "ч",
        "S": "ш",
    }
    return frozenset(found | set(cyr.get(fold(word)[:1], "")))


def initial_of(letter: str, word: str) -> bool:
    return letter in initials(word) or fold(letter) in initials(word)


def background(sound: str) -> float:
    return -15.0
