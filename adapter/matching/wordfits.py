"""Which words of the catalog a word of an order may be, and how many bits each is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log2
from typing import NamedTuple

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from adapter.matching import rules
from adapter.matching.endings import feminine
from adapter.matching.folds import folds, skeleton
from adapter.matching.frequencies import background
from adapter.matching.given_names import equivalents, gender
from adapter.matching.hashing import Bits, Numbers
from adapter.matching.initials import initial_of, initials
from adapter.matching.letters import is_cyrillic
from adapter.matching.rules import Fit
from adapter.matching.segments import Segment
from adapter.matching.spelling import same

_AT_MOST = 64
"""So many folds are looked at for a word; the best."""
_EDITS = 3
_SHORTEST = 4
_ONE_LETTER = ({"y", "j"}, {"и", "і"}, {"е", "є"}, {"е", "э"}, {"г", "ґ"})
"""Letters that begin one name in the spellings of two languages: Yuri and Juri, Ирина and Ірина."""
_VOWELS = "aeiou"
_FEMININE = "aаяe"
_ESTABLISHED = -14.0
"""Words of the background list that are so frequent, as log2, are names themselves and no slips of others."""


_skeleton = lru_cache(maxsize=2**13)(skeleton)


class WordFit(NamedTuple):
    """A word of the catalog that the asked one may be."""

    text: str
    fit: Fit
    bits: float


@dataclass(frozen=True, slots=True)
class SegmentFits:
    """The fits of one word within a segment: by number of the word, as arrays for many rows at once.

    Attributes:
        full: words that are no initials of it.
        rows: how many have one of these.
    """

    by_word: dict[int, WordFit]
    words: Numbers
    bits: Bits
    full: Numbers
    rows: int


_NO_FITS = SegmentFits({}, np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.int32), 0)


@dataclass(frozen=True, slots=True)
class WordFits:
    """All that a word of an order may be.

    Attributes:
        known: the word itself, in any spelling, is in the catalog or in the background list of names.
    """

    text: str
    known: bool
    segments: tuple[SegmentFits, ...]


class _Near(NamedTuple):
    """A fold near that of the word.

    Attributes:
        mute: it differs by an h, which one spelling has and another has not.
        may_be_same: words of these folds may be spellings of one word.
        numbers: of the fold in the segments that have it.
    """

    cost: float
    mute: bool
    may_be_same: bool
    numbers: dict[int, int]


def word_fits(word: str, segments: Sequence[Segment], customers: int) -> WordFits:
    """Look a word up in all segments together, so that it does not count how the catalog is divided."""
    readings = folds(word) or (word,)
    written = -log2(max(_frequency(sound, _count_of(sound, segments), customers, 0.0) for sound in readings))
    rarity = _Rarity(segments, customers)
    found: list[dict[int, WordFit]] = [{} for _ in segments]
    for near in _near(word, readings, segments, written):
        for place, number in near.numbers.items():
            vocabulary, here = segments[place].vocabulary, found[place]
            for at in vocabulary.words_of(number):
                known = vocabulary.words[at]
                truly = rarity.bits(vocabulary.folds[vocabulary.fold_of[at]]) if near.may_be_same else 0.0
                fit = _compare(word, known, near, truly, written)
                if fit is not None and (at not in here or here[at].bits < fit.bits):
                    here[at] = fit
    _add_equivalents(word, segments, found, rarity)
    for each, here in zip(segments, found, strict=True):
        _add_initials(word, each, here)
    established = any(fit.fit <= Fit.SPELLING for here in found for fit in here.values())
    established = established or any(background(sound) > _ESTABLISHED for sound in readings)
    return WordFits(word, established, tuple(map(_arrays, segments, found)))


def _arrays(segment: Segment, found: dict[int, WordFit]) -> SegmentFits:
    if not found:
        return _NO_FITS
    words = np.array(list(found), np.int32)
    bits = np.array([fit.bits for fit in found.values()], np.float32)
    full = [word for word, fit in found.items() if fit.fit is not Fit.INITIAL]
    looked_up = words if len(full) == len(found) else np.array(full, np.int32)
    return SegmentFits(found, words, bits, looked_up, sum(segment.row_counts(looked_up).tolist()))


def _frequency(sound: str, count: int, customers: int, less: float) -> float:
    """Share of people and companies that have a word of this fold: those of the catalog and the background's."""
    usual: float = rules.BACKGROUND_PEOPLE * 2.0 ** background(sound)
    return min(1.0, (max(count - less, 0.0) + usual) / (customers + rules.BACKGROUND_PEOPLE))


class _Rarity:
    """Bits of folds in the catalog, each looked up once."""

    def __init__(self, segments: Sequence[Segment], customers: int) -> None:
        self._segments = segments
        self._customers = customers
        self._known: dict[str, float] = {}

    def bits(self, sound: str) -> float:
        """How rare a word of this fold is; the one that is looked at does not count for a whole one."""
        found = self._known.get(sound)
        if found is None:
            count = _count_of(sound, self._segments)
            found = self._known[sound] = -log2(_frequency(sound, count, self._customers, 0.5))
        return found


def _count_of(sound: str, segments: Sequence[Segment]) -> int:
    numbers = ((segment, segment.vocabulary.fold_number(sound)) for segment in segments)
    return sum(int(segment.fold_counts[number]) for segment, number in numbers if number is not None)


def _near(word: str, readings: tuple[str, ...], segments: Sequence[Segment], written: float) -> list[_Near]:
    """Folds that the word may be with a slip or two, the best of them.

    Args:
        written: bits that the word has; what costs as much is worth nothing. A usual name is no slip of another one.
    """
    slips = written > rules.VOWELS and not _has_digit(word)
    numbers = [
        segment.vocabulary.near_folds(word) if slips else segment.vocabulary.folds_of(word) for segment in segments
    ]
    texts = [
        [segment.vocabulary.folds[number] for number in each] for segment, each in zip(segments, numbers, strict=True)
    ]
    found: dict[str, _Near] = {}
    for reading, sound in enumerate(readings):
        cutoff = min(_EDITS, len(sound) // 3) if slips and len(sound) >= _SHORTEST else 0
        bones, mute = "", ""
        for at, others in enumerate(texts):
            for other, edits, place in process.extract(
                sound, others, scorer=OSA.distance, processor=None, limit=None, score_cutoff=cutoff
            ):
                if edits:
                    if len(other) < _SHORTEST:
                        continue
                    bones = bones or skeleton(sound)
                    mute = mute or sound.replace("h", "")
                    near = _cost(sound, bones, mute, other, edits, written)
                    if near is None:
                        continue
                    cost, is_mute = near
                else:
                    cost, is_mute = (rules.OTHER_READING if reading else 0.0), False
                each = found.get(other)
                if each is None or cost < each.cost:
                    is_mute = is_mute or (each is not None and each.mute)
                    by_segment = {} if each is None else each.numbers
                    each = found[other] = _Near(cost, is_mute, is_mute or cost <= rules.OTHER_READING, by_segment)
                each.numbers[at] = numbers[at][place]
    return [near for _, near in sorted(found.items(), key=_by_cost)[:_AT_MOST]]


def _by_cost(found: tuple[str, _Near]) -> tuple[float, str]:
    return found[1].cost, found[0]


def _has_digit(word: str) -> bool:
    return not word.isalpha() and any(map(str.isdigit, word))


def _cost(sound: str, bones: str, mute: str, other: str, edits: int, written: float) -> tuple[float, bool] | None:
    """What it costs that one fold is written for another, and whether they differ by a letter that is often mute."""
    cost = rules.EDIT + rules.FURTHER_EDIT * (edits - 1)
    if _skeleton(other) == bones:
        cost = min(cost, rules.VOWELS + 2 * (edits - 1))
    is_mute = ("h" in sound or "h" in other) and other.replace("h", "") == mute
    ending = written > rules.ENDING and (other[-1] == "a") != (sound[-1] == "a")
    return (cost, is_mute) if cost < written or is_mute or ending else None


def _compare(word: str, known: str, near: _Near, truly: float, written: float) -> WordFit | None:
    """How a word fits one with a near fold.

    Args:
        truly: bits of the known word, by how rare it is; needed where it may be the same word.
        written: bits of the written one.
    """
    cost = near.cost
    if word == known:
        return WordFit(known, Fit.SAME, truly)
    if len(word) == 1 or len(known) == 1:
        return None
    if near.may_be_same and same(word, known):
        return WordFit(known, Fit.SPELLING, truly - rules.SPELLING - min(cost, rules.OTHER_READING))
    equal = cost <= rules.OTHER_READING
    ending = (word[-1] in _FEMININE) != (known[-1] in _FEMININE) and written > rules.ENDING
    if not (equal or cost < written or ending):
        return None
    if _has_digit(word) or _has_digit(known):
        return None  # numbers are equal or they are not
    if ending and feminine(word, known):
        return _worth(known, Fit.ENDING, written - rules.ENDING)
    found = (
        _worth(known, Fit.SOUND, min(truly, written) - rules.SOUND - cost)
        if equal
        else _worth(known, Fit.SIMILAR, written - cost)
    )
    return found if found is not None and not _other_person(word, known) else None


def _other_person(word: str, known: str) -> bool:
    """Whether the difference makes another name: Александр and Александра, Gabriel and Gabriele."""
    own = gender(word)
    if own and (others := gender(known)) and own != others:
        return True
    one, other = folds(word)[0], folds(known)[0]
    return one != other and one.rstrip(_VOWELS) == other.rstrip(_VOWELS)


def _other_origin(word: str, other: str) -> bool:
    """The same of forms of one given name: Андрій and Андрей, Vasyl and Василий are one man's."""
    own = gender(word)
    return own != gender(other) if own else _other_person(word, other)


def _worth(known: str, fit: Fit, bits: float) -> WordFit | None:
    return WordFit(known, fit, bits) if bits > 0 else None


def _add_equivalents(
    word: str, segments: Sequence[Segment], found: Sequence[dict[int, WordFit]], rarity: _Rarity
) -> None:
    for other in equivalents(word):
        if _other_origin(word, other):
            continue  # Martin and Martina have one origin, and are two people
        for sound in folds(other):
            for segment, here in zip(segments, found, strict=True):
                vocabulary = segment.vocabulary
                number = vocabulary.fold_number(sound)
                for known in vocabulary.words_of(number) if number is not None else ():
                    text = vocabulary.words[known]
                    bits = rarity.bits(vocabulary.folds[vocabulary.fold_of[known]]) - rules.EQUIVALENT
                    if (
                        bits > 0
                        and same(other, text)
                        and not _other_origin(word, text)
                        and (known not in here or here[known].bits < bits)
                    ):
                        here[known] = WordFit(text, Fit.EQUIVALENT, bits)


def may_begin(letter: str, word: str) -> bool:
    """Whether a letter may be the initial of a word: its first letter, across scripts one that spells it."""
    if is_cyrillic(letter) == is_cyrillic(word):
        return word[0] == letter or {word[0], letter} in _ONE_LETTER
    return initial_of(letter, word)


def _add_initials(word: str, segment: Segment, here: dict[int, WordFit]) -> None:
    for letter in initials(word) if len(word) > 1 else ():
        at = segment.letters.get(letter)
        if at is not None and at not in here and may_begin(letter, word):
            here[at] = WordFit(letter, Fit.INITIAL, rules.INITIAL)
