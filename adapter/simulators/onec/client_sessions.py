"""Sessions that the client controls: publications in mode `use`. Source: developer guide 17.7.3.2."""

from __future__ import annotations

import re
import threading
import uuid
from dataclasses import dataclass

_COOKIE = re.compile(r"(?:^|;\s*)ibsession=([^;]+)")


class UnknownSession(Exception):
    """The cookie names a session that there is not: 400."""


class NoRoom(Exception):
    """No further session can be made: 406."""


@dataclass(frozen=True, slots=True)
class Started:
    """The session of a request; `cookie` is what the answer has to set, where it has just begun."""

    session: str | None = None
    cookie: str | None = None


class ClientSessions:
    """The sessions that clients have started and not finished."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[str] = set()
        self.started = 0

    def enter(self, wish: str, cookie: str, most: int) -> Started:
        """Find or make the session of a request.

        Args:
            wish: the header `IBSession`: start, finish or nothing.
            cookie: the header `Cookie`.
            most: how many sessions there may be at once.

        Raises:
            UnknownSession, NoRoom: the request is not carried out.
        """
        found = _COOKIE.search(cookie)
        with self._lock:
            if found is not None:
                if found[1] not in self._open:
                    raise UnknownSession
                if wish.lower() == "finish":
                    self._open.discard(found[1])
                return Started(found[1])
            if wish.lower() != "start":
                return Started()
            if len(self._open) >= most:
                raise NoRoom
            session = str(uuid.uuid4())
            self._open.add(session)
            self.started += 1
            return Started(session, f"ibsession={session}; path=/")

    def forget(self) -> None:
        """All sessions have ended: they were idle for too long, or the server was restarted."""
        with self._lock:
            self._open.clear()

    def __len__(self) -> int:
        return len(self._open)
