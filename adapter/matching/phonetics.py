from __future__ import annotations
# until branch names is merged
from adapter.matching.spelling import fold


def folds(word: str) -> tuple[str, ...]:
    return (fold(word),)


def skeleton(sound: str) -> str:
    return "".join(x for at, x in enumerate(sound) if x not in "aeiou" or at == 0)
