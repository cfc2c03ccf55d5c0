"""Sessions: how many requests an infobase works on at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from adapter.simulators.onec.modes import Modes


class NoSession(Exception):
    """No session became free in time: 406, and nothing was done. Source: developer guide 17.7.2."""


class SessionPool:
    """Counts the requests under way.

    Attributes:
        busy: sessions in use now.
        most: the most that were in use at once.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.busy = 0
        self.most = 0

    @contextmanager
    def session(self, modes: Modes) -> Iterator[None]:
        """Hold a session. A server base waits up to `pool_wait` seconds, a file base as long as it takes.

        Raises:
            NoSession: all `pool_size` sessions stayed busy.
        """
        limit = 1 if modes.file_infobase else modes.pool_size
        wait = None if modes.file_infobase else modes.pool_wait
        with self._changed:
            if not self._changed.wait_for(lambda: self.busy < limit, timeout=wait):
                raise NoSession
            self.busy += 1
            self.most = max(self.most, self.busy)
        try:
            yield
        finally:
            with self._changed:
                self.busy -= 1
                self._changed.notify()
