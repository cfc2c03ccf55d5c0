from __future__ import annotations

# until branch names is merged
import re
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


def equivalents(word: str) -> tuple[str, ...]:
    return ()


def gender(word: str) -> str:
    return ""


def feminine(one: str, other: str) -> bool:
    return one + "a" == other or other + "a" == one or one + "а" == other or other + "а" == one


def is_patronymic(word: str) -> bool:
    return _PATRONYMIC.fullmatch(word) is not None


def initial_of(letter: str, word: str) -> bool:
    return word.startswith(letter) or fold(word)[:1] in {letter, fold(letter)}


def background(sound: str) -> float:
    return -15.0
