"""How many sessions of the infobase are used at once: as many as it bears, and never more than it was given.

One connection is one session of 1C, and requests of one connection follow each other. The pace rises while answers
come as quickly as before, and falls when they slow down, when objects are locked or when the publication has no
session left; then it does not rise for a minute. Source: 1C:Enterprise developer guide 17.7 (pool of sessions, 406
when it is exhausted).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from adapter.errors import ConfigurationError, Unavailable
from adapter.onec.errors import NoSession, NotAsked

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

    Args:
        monotonic: a clock that is never put, in seconds.
    """

    def __init__(self, most: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._rises_from = 0.0
        self._pace = Pace(most)
        self._order = list(range(most))
        self._present = frozenset(self._order)
        self._failures = dict.fromkeys(self._order, 0)
        self._requests = {session: threading.Lock() for session in self._order}
        self._none_left = False
        self._closed = False
        self._changed = threading.Condition()

    @property
    def pace(self) -> Pace:
        """As it is now."""
        with self._changed:
            return self._pace

    @property
    def none_left(self) -> bool:
        """The infobase opened no session for the last one either: the gate is closed."""
        with self._changed:
            return self._none_left

    def open(self, sessions: Iterable[int]) -> None:
        """Let these sessions in, until it is closed."""
        with self._changed:
            self._present = frozenset(sessions)
            self._none_left = self._closed = False

    def close(self) -> None:
        """There is nothing left to do: nobody waits any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def enter(self, session: int, *, ahead: bool = False) -> int | None:
        """Wait until a session may begin an order.

        Args:
            session: its number, from 0.
            ahead: for its second thread, which has to wait while one session is all that is known to be borne: until
                then each request may show that there must not be another.

        Returns:
            How often the session has failed so far; None if there is nothing left to do.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._is_allowed(session, ahead))
            return None if self._closed else self._failures[session]

    def _is_allowed(self, session: int, ahead: bool) -> bool:
        allowed = self._pace.allowed
        present = [known for known in self._order if known in self._present]
        return session in present[:allowed] and (allowed > 1 or not ahead)

    @contextmanager
    def request(self, session: int, failures: int) -> Iterator[None]:
        """Have a session to oneself for one request and the judgement of its answer.

        Args:
            failures: what `enter` told when the order began.

        Raises:
            NotAsked: the session has failed since, so that this would only fail too: a wrong password is tried once,
                and where there is no session nobody asks twice.
        """
        with self._requests[session]:
            with self._changed:
                failed = self._failures[session] != failures
            if failed:
                raise NotAsked("it was not sent: the request before it in its session found none or failed for all")
            try:
                yield
            except (Unavailable, ConfigurationError) as problem:
                self._failed(session, refused=isinstance(problem, NoSession))
                raise

    def _failed(self, session: int, *, refused: bool) -> None:
        """Note it before anybody else has the session: nobody may enter as if nothing had happened."""
        with self._changed:
            self._failures[session] += 1
            if refused:
                self._order.remove(session)  # what the pace leaves room for goes to the others first
                self._order.append(session)
                used = min(self._pace.allowed, len(self._present))
                self._none_left = used == 1
                self._closed = self._closed or self._none_left
                self._pace = replace(self._pace, allowed=used).strained()
                self._rises_from = self._monotonic() + _PAUSE
                self._changed.notify_all()

    def answered(self, seconds: float) -> None:
        """Tell how long a request took."""
        with self._changed:
            pace = self._pace.answered(seconds)
            if pace.allowed > self._pace.allowed and self._monotonic() < self._rises_from:
                return
            self._pace = pace
            self._changed.notify_all()

    def strained(self) -> None:
        """Tell that an object was locked."""
        with self._changed:
            self._pace = self._pace.strained()
