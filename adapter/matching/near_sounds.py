"""Folds near that of a word: how far they are from it, and in which segments words have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from adapter.matching import rules
from adapter.matching.folds import skeleton
from adapter.matching.segments import Segment
from adapter.matching.vocabulary import near_sums

_AT_MOST = 64
"""So many folds are looked at for a word; the best."""
_EDITS = 3
_VOWELS = "aeiou"
_SHORTEST = 4
"""Letters of folds that may be compared with a slip."""


class NearSound(NamedTuple):
    """A fold near that of the word.

    Attributes:
        mute: it differs by an h, which one spelling has and another has not.
        ending: it may be that of the same surname with another ending.
        places: the segments that have it, each with its number there.
    """

    cost: float
    mute: bool
    ending: bool
    places: list[tuple[int, int]]

    @property
    def may_be_same(self) -> bool:
        """Whether words of these folds may be spellings of one word."""
        return self.mute or self.cost <= rules.OTHER_READING


def near_sounds(
    word: str, readings: Sequence[str], segments: Sequence[Segment], written: float, least: float
) -> list[NearSound]:
    """Folds that the word may have with a slip or two, the best of them.

    Args:
        readings: its folds, the likeliest first.
        written: bits that the word has; what costs as much is worth nothing. A usual name is no slip of another one.
        least: bits that have to be left for a fold to be worth a look.
    """
    slips = written > rules.VOWELS and (word.isalpha() or not any(map(str.isdigit, word)))
    dearest, may_end = written - least, written > rules.ENDING
    letters = dearest >= rules.EDIT
    sums = [each for sound in readings for each in near_sums(sound, letters=letters)] if slips else []
    places = _places(readings, segments, sums)
    others = list(places)
    near = slips and len(others) > sum([sound in places for sound in readings])
    found: dict[str, tuple[float, bool]] = {}
    stems = {_stem(sound) for sound in readings} if may_end else set()
    for reading, sound in enumerate(readings):
        if sound in places:
            found[sound] = (rules.OTHER_READING if reading else 0.0), found.get(sound, _NONE)[1]
        if not near or len(sound) < _SHORTEST:
            continue
        bones, mute = skeleton(sound), sound.replace("h", "")
        cutoff = min(_EDITS, len(sound) // 3)
        for other, edits, _ in process.extract(
            sound, others, scorer=OSA.distance, processor=None, limit=None, score_cutoff=cutoff
        ):
            if not edits or len(other) < _SHORTEST:
                continue
            cost, is_mute = _cost(sound, bones, mute, other, edits)
            if cost > dearest and not is_mute and not (may_end and _stem(other) in stems):
                continue
            before = found.get(other)
            if before is None:
                found[other] = cost, is_mute
            elif cost < before[0]:
                found[other] = cost, is_mute or before[1]
    best = sorted((cost, other, mute) for other, (cost, mute) in found.items())
    return [
        NearSound(cost, mute, may_end and _stem(other) in stems, places[other]) for cost, other, mute in best[:_AT_MOST]
    ]


def _stem(sound: str) -> str:
    """A fold without its ending; -off is -ov."""
    found = sound.rstrip(_VOWELS)
    return found[:-1] + "v" if found.endswith("f") else found


_NONE = (0.0, False)


def _places(
    readings: Sequence[str], segments: Sequence[Segment], sums: Sequence[int]
) -> dict[str, list[tuple[int, int]]]:
    """Folds in question: the segments that have them, and their numbers there.

    Args:
        sums: what they are found by; without any, only the readings themselves are.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for place, segment in enumerate(segments):
        vocabulary = segment.vocabulary
        for number in vocabulary.near_folds(sums) if sums else vocabulary.folds_of(readings):
            found.setdefault(vocabulary.folds[number], []).append((place, number))
    return found


def _cost(sound: str, bones: str, mute: str, other: str, edits: int) -> tuple[float, bool]:
    """What it costs that one fold is written for another, and whether they differ by a letter that is often mute."""
    cost = rules.EDIT + rules.FURTHER_EDIT * (edits - 1)
    if skeleton(other) == bones:
        cost = min(cost, rules.VOWELS + 2 * (edits - 1))
    is_mute = ("h" in sound or "h" in other) and other.replace("h", "") == mute
    return cost, is_mute
