"""How many sessions of the infobase are used at once: as many as it bears, and never more than it was given.

One connection is one session of 1C, and requests of one connection follow each other. The pace rises while answers
come as quickly as before, and falls when they slow down, when objects are locked or when the publication has no
session left. Source: 1C:Enterprise developer guide 17.7 (pool of sessions, 406 when it is exhausted).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

_PROBE = 4
"""After so many good answers a session, one more is tried."""

_SLOW = 2.0
"""Answers that take so many times as long as with fewer sessions mean that more sessions gain nothing."""

_SMOOTH = 0.2


@dataclass(frozen=True, slots=True)
class Pace:
    """The decision as a value: `allowed` sessions of at most `most`.

    Attributes:
        good: good answers since the last change.
        usual: smoothed seconds of an answer at the present number of sessions; 0.0 before the first.
        calm: the quickest such time at fewer sessions, per answer; what `usual` is compared with.
        ceiling: never tried again above this for now; it recovers slowly.
    """

    most: int
    allowed: int = 1
    good: int = 0
    usual: float = 0.0
    calm: float = 0.0
    ceiling: int = 0

    def answered(self, seconds: float) -> Pace:
        """A write was answered after so many seconds."""
        usual = seconds if not self.usual else self.usual + _SMOOTH * (seconds - self.usual)
        calm = usual if not self.calm else min(self.calm, usual)
        told = replace(self, usual=usual, calm=calm, good=self.good + 1)
        if told.good < _PROBE * told.allowed:
            return told
        if usual > _SLOW * calm and told.allowed > 1:
            return replace(told, allowed=told.allowed - 1, ceiling=told.allowed - 1, good=0, usual=0.0)
        limit = min(told.most, told.ceiling or told.most)
        if told.allowed < limit:
            return replace(told, allowed=told.allowed + 1, good=0)
        if told.ceiling and told.good >= 50 * told.allowed:  # things may have become better since
            return replace(told, ceiling=min(told.most, told.ceiling + 1), good=0)
        return told

    def strained(self) -> Pace:
        """An object was locked, or there was no session left: half as many from now on."""
        fewer = max(1, self.allowed // 2)
        return replace(self, allowed=fewer, ceiling=fewer, good=0, usual=0.0)


class Gate:
    """Lets as many workers through at once as the pace allows; for use by several threads."""

    def __init__(self, most: int) -> None:
        self._pace = Pace(most)
        self._inside = 0
        self._changed = threading.Condition()

    @property
    def pace(self) -> Pace:
        """The present pace."""
        with self._changed:
            return self._pace

    @contextmanager
    def session(self) -> Iterator[None]:
        """Wait for a free session and keep it until the block ends."""
        with self._changed:
            self._changed.wait_for(lambda: self._inside < self._pace.allowed)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    def answered(self, seconds: float) -> None:
        """Tell how long a write took."""
        with self._changed:
            self._pace = self._pace.answered(seconds)
            self._changed.notify_all()

    def strained(self) -> None:
        """Tell that the infobase had enough."""
        with self._changed:
            self._pace = self._pace.strained()
