"""Which words of the catalog a word of an order may be, and how many bits each is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from typing import NamedTuple

import numpy as np

from adapter.matching import rules
from adapter.matching.endings import feminine
from adapter.matching.folds import folds
from adapter.matching.frequencies import background
from adapter.matching.given_names import forms, gender
from adapter.matching.hashing import Bits, Numbers
from adapter.matching.initials import initial_of, initials
from adapter.matching.letters import is_cyrillic
from adapter.matching.near_sounds import NearSound, near_sounds
from adapter.matching.rules import Fit
from adapter.matching.segments import Segment
from adapter.matching.spelling import same
from adapter.matching.vocabulary import Vocabulary

_ONE_LETTER = ({"y", "j"}, {"и", "і"}, {"е", "є"}, {"е", "э"}, {"г", "ґ"})
"""Letters that begin one name in the spellings of two languages: Yuri and Juri, Ирина and Ірина."""
_VOWELS = "aeiou"
_FEMININE = "aаяe"
_ESTABLISHED = -14.0
"""Words of the background list that are so frequent, as log2, are names themselves and no slips of others."""


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


@dataclass(slots=True)
class _Asked:
    """A word of an order, and what is compared of it.

    Attributes:
        written: bits that it has, by how rare it is.
        least: bits of a similar word that is worth a look.
        sex: of a given name.
        sound: its likeliest fold.
        in_a: it ends as women's names do.
    """

    word: str
    written: float
    least: float
    sex: str
    sound: str
    sound_without_ending: str
    digits: bool
    in_a: bool

    @classmethod
    def of(cls, word: str, sound: str, written: float, least: float) -> _Asked:
        return cls(
            word,
            written,
            least,
            gender(word),
            sound,
            sound.rstrip(_VOWELS),
            _has_digit(word),
            word[-1] in _FEMININE,
        )


def word_fits(word: str, segments: Sequence[Segment], customers: int) -> WordFits:
    """Look a word up in all segments together, so that it does not count how the catalog is divided."""
    readings = folds(word) or (word,)
    rarity = _Rarity(segments, customers)
    written = min(map(rarity.written, readings))
    asked = _Asked.of(word, readings[0], written, rules.least(customers))
    found: list[dict[int, WordFit]] = [{} for _ in segments]
    for near in near_sounds(word, readings, segments, written, asked.least):
        compare = _same_or_like if near.may_be_same else _similar
        for place, fold in near.places:
            vocabulary, here = segments[place].vocabulary, found[place]
            for at in vocabulary.words_of(fold):
                fit = compare(asked, at, vocabulary, near, rarity)
                if fit is not None and (at not in here or here[at].bits < fit.bits):
                    here[at] = fit
    _add_equivalents(asked, segments, found, rarity)
    for each, here in zip(segments, found, strict=True):
        _add_initials(word, each, here)
    established = any(fit <= Fit.SPELLING for here in found for _, fit, _ in here.values())
    established = established or any(background(sound) > _ESTABLISHED for sound in readings)
    return WordFits(word, established, tuple(map(_arrays, segments, found)))


def _arrays(segment: Segment, found: dict[int, WordFit]) -> SegmentFits:
    if not found:
        return _NO_FITS
    full = [word for word, (_, fit, _) in found.items() if fit is not Fit.INITIAL]
    words = np.array([*found], np.int32)
    looked_up = words if len(full) == len(found) else np.array(full, np.int32)
    bits = np.array([bits for _, _, bits in found.values()], np.float32)
    return SegmentFits(found, words, bits, looked_up, segment.count_rows(full))


class _Rarity:
    """Bits of folds in the catalog, each looked up once."""

    def __init__(self, segments: Sequence[Segment], customers: int) -> None:
        self._segments = segments
        self._customers = customers
        self._counts: dict[str, int] = {}
        self._bits: dict[str, float] = {}

    def written(self, sound: str) -> float:
        """How rare it is that a word of this fold is written."""
        return -log2(self._frequency(sound, 0.0))

    def bits(self, sound: str) -> float:
        """How rare a word of this fold is; the one that is looked at does not count for a whole one."""
        found = self._bits.get(sound)
        if found is None:
            found = self._bits[sound] = -log2(self._frequency(sound, 0.5))
        return found

    def _frequency(self, sound: str, less: float) -> float:
        """Share of people and companies that have a word of this fold: those of the catalog and the background's."""
        count = self._counts.get(sound)
        if count is None:
            count = self._counts[sound] = sum([segment.count_of(sound) for segment in self._segments])
        usual: float = rules.BACKGROUND_PEOPLE * 2.0 ** background(sound)
        return min(1.0, (max(count - less, 0.0) + usual) / (self._customers + rules.BACKGROUND_PEOPLE))


def _has_digit(word: str) -> bool:
    return not word.isalpha() and any(map(str.isdigit, word))


def _same_or_like(asked: _Asked, at: int, vocabulary: Vocabulary, near: NearSound, rarity: _Rarity) -> WordFit | None:
    """How a word fits one of the vocabulary that sounds the same, or differs by an h that may be mute."""
    word, known = asked.word, vocabulary.words[at]
    if word == known:
        return WordFit(known, Fit.SAME, rarity.bits(vocabulary.sound_of(at)))
    if len(word) == 1 or len(known) == 1:
        return None
    if same(word, known):
        bits = rarity.bits(vocabulary.sound_of(at))
        return WordFit(known, Fit.SPELLING, bits - rules.SPELLING - min(near.cost, rules.OTHER_READING))
    if near.cost > rules.OTHER_READING:
        return _similar(asked, at, vocabulary, near, rarity)
    if asked.digits or _has_digit(known):
        return None
    if near.ending and _other_ending(asked, known):
        return _worth(known, Fit.ENDING, asked.written - rules.ENDING)
    sound = vocabulary.sound_of(at)
    bits = min(rarity.bits(sound), asked.written) - rules.SOUND - near.cost
    if bits <= 0 or _other_person(asked, known, sound, given=at in vocabulary.given):
        return None
    return WordFit(known, Fit.SOUND, bits)


def _similar(asked: _Asked, at: int, vocabulary: Vocabulary, near: NearSound, _: _Rarity) -> WordFit | None:
    """How a word fits one of the vocabulary that sounds another way."""
    known = vocabulary.words[at]
    if asked.digits or _has_digit(known):
        return None  # numbers are equal or they are not
    if near.ending and _other_ending(asked, known):
        return _worth(known, Fit.ENDING, asked.written - rules.ENDING)
    bits = asked.written - near.cost
    if bits < asked.least or _other_person(asked, known, vocabulary.sound_of(at), given=at in vocabulary.given):
        return None
    return WordFit(known, Fit.SIMILAR, bits)


def _other_ending(asked: _Asked, known: str) -> bool:
    return asked.in_a != (known[-1] in _FEMININE) and feminine(asked.word, known)


def _other_person(asked: _Asked, known: str, sound: str, *, given: bool) -> bool:
    """Whether the difference makes another name: Александр and Александра, Gabriel and Gabriele.

    Args:
        sound: the likeliest fold of the known word.
        given: it may be a given name.
    """
    if given and asked.sex and (others := gender(known)) and asked.sex != others:
        return True
    return asked.sound != sound and asked.sound_without_ending == sound.rstrip(_VOWELS)


def _other_origin(asked: _Asked, known: str, sound: str) -> bool:
    """The same of forms of one given name: Андрій and Андрей, Vasyl and Василий are one man's."""
    return asked.sex != gender(known) if asked.sex else _other_person(asked, known, sound, given=True)


def _worth(known: str, fit: Fit, bits: float) -> WordFit | None:
    return WordFit(known, fit, bits) if bits > 0 else None


def _add_equivalents(
    asked: _Asked, segments: Sequence[Segment], found: Sequence[dict[int, WordFit]], rarity: _Rarity
) -> None:
    for other in forms(asked.word):
        if _other_origin(asked, other, folds(other)[0]):
            continue  # Martin and Martina have one origin, and are two people
        for segment, here in zip(segments, found, strict=True):
            vocabulary = segment.vocabulary
            for at in vocabulary.spelt(other):
                known, sound = vocabulary.words[at], vocabulary.sound_of(at)
                bits = rarity.bits(sound) - rules.EQUIVALENT
                if bits > 0 and (at not in here or here[at].bits < bits) and not _other_origin(asked, known, sound):
                    here[at] = WordFit(known, Fit.EQUIVALENT, bits)


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
