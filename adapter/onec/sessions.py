"""How many sessions of the infobase are used at once: as many as it bears, and never more than it was given.

One connection is one session of 1C, and requests of one connection follow each other. The pace rises while answers
come as quickly as before, and falls when they slow down, when objects are locked or when the publication has no
session left; then it does not rise for a minute. Source: 1C:Enterprise developer guide 17.7 (pool of sessions, 406
when it is exhausted).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

_PROBE = 4
"""After so many good answers a session, one more is tried."""

_SLOW = 1.7
"""Answers that take so many times as long as with fewer sessions mean that more sessions gain nothing: a file infobase
works on one request at a time, so that with two sessions each answer takes twice as long."""

_PAUSE = 60.0
"""Seconds for which no further session is tried where there was none left."""

_SMOOTH = 0.2


@dataclass(frozen=True, slots=True)
class Pace:
    """The decision as a value: `allowed` sessions of at most `most`.

    Attributes:
        good: good answers since the last change.
        usual: smoothed seconds of an answer since the last change.
        calm: the least that `usual` came to so far; what it is compared with.
        ceiling: never tried again above this for now; it recovers slowly.
    """

    most: int
    allowed: int = 1
    good: int = 0
    usual: float = 0.0
    calm: float = 0.0
    ceiling: int = 0

    def answered(self, seconds: float) -> Pace:
        """A request was answered after so many seconds."""
        usual = self.usual + max(_SMOOTH, 1 / (self.good + 1)) * (seconds - self.usual)
        told = replace(self, usual=usual, good=self.good + 1)
        if told.good < _PROBE * told.allowed:
            return told
        calm = usual if not self.calm else min(self.calm, usual)  # a single quick answer says nothing
        told = replace(told, calm=calm)
        if usual > _SLOW * calm and told.allowed > 1:
            return replace(told, allowed=told.allowed - 1, ceiling=told.allowed - 1, good=0)
        limit = min(told.most, told.ceiling or told.most)
        if told.allowed < limit:
            return replace(told, allowed=told.allowed + 1, good=0)
        if told.ceiling and told.good >= 50 * told.allowed:  # things may have become better since
            return replace(told, ceiling=min(told.most, told.ceiling + 1), good=0)
        return told

    def strained(self) -> Pace:
        """An object was locked, or there was no session left: half as many from now on."""
        fewer = max(1, self.allowed // 2)
        return replace(self, allowed=fewer, ceiling=fewer, good=0)


class Gate:
    """Lets those sessions work that the pace allows; for use by several threads.

    A session may have a second thread, which works ahead: it prepares its order and records the intent while the
    session waits for the answer to the first one's request.

    Args:
        monotonic: a clock that is never put, in seconds.
    """

    def __init__(self, most: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._rises_from = 0.0
        self._pace = Pace(most)
        self._preferred = list(range(most))
        self._closed = False
        self._changed = threading.Condition()

    @property
    def pace(self) -> Pace:
        """The present pace."""
        with self._changed:
            return self._pace

    def open(self) -> None:
        """Let them in, until it is closed."""
        with self._changed:
            self._closed = False

    def close(self) -> None:
        """There is nothing left to do: nobody waits any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def enter(self, session: int, *, ahead: bool = False) -> bool:
        """Wait until a session may begin an order; False if there is nothing left to do.

        Args:
            session: its number, from 0.
            ahead: for its second thread, which has to wait while one session is all that is known to be borne: until
                then each request may show that there must not be another.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._is_allowed(session, ahead))
            return not self._closed

    def _is_allowed(self, session: int, ahead: bool) -> bool:
        allowed = self._pace.allowed
        return session in self._preferred[:allowed] and (allowed > 1 or not ahead)

    def answered(self, seconds: float) -> None:
        """Tell how long a request took."""
        with self._changed:
            told = self._pace.answered(seconds)
            if told.allowed > self._pace.allowed and self._rises_from and self._monotonic() < self._rises_from:
                told = replace(told, allowed=self._pace.allowed)
            self._pace = told
            self._changed.notify_all()

    def strained(self) -> None:
        """Tell that the infobase had enough."""
        with self._changed:
            self._pace = self._pace.strained()

    def refused(self, session: int) -> bool:
        """Tell that the infobase opened no session; True if others have one, so that going on makes sense."""
        with self._changed:
            others = self._pace.allowed > 1
            self._pace = self._pace.strained()
            self._rises_from = self._monotonic() + _PAUSE
            self._preferred.remove(session)
            self._preferred.append(session)
            self._changed.notify_all()
            return others
