"""Where 1C opens no session it is left alone for a minute, across runs and restarts: asking would keep others out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from adapter.ledger import Ledger
from adapter.onec.errors import NoSession

PAUSE = timedelta(minutes=1)

_REFUSED_AT = "no_session_at"  # name of the capability of an infobase: the moment in ISO 8601


class Pause:
    """The pause of one infobase; several threads may begin it.

    Args:
        address: of the infobase.
        now: the clock, aware, UTC.
    """

    def __init__(self, ledger: Ledger, address: str, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._address = address
        self._now = now

    def begin(self) -> None:
        """1C has opened no session just now."""
        now = self._now()
        self._ledger.notes.keep_capability(self._address, _REFUSED_AT, now.isoformat(), now)

    def lasts_since(self) -> datetime | None:
        """When 1C opened no session, if that is less than the pause ago; aware, UTC."""
        known = self._ledger.notes.capability(self._address, _REFUSED_AT)
        if not known:
            return None
        refused_at = datetime.fromisoformat(known)
        # A clock that was put back may not keep us from asking: only an age that makes sense counts.
        return refused_at if timedelta(0) <= self._now() - refused_at < PAUSE else None

    @contextmanager
    def kept(self) -> Iterator[None]:
        """For a run that asks the infobase: not within the pause, and one begins where no session is opened in it.

        Raises:
            NoSession: the pause is not over; nothing was asked.
        """
        if (refused_at := self.lasts_since()) is not None:
            after = refused_at + PAUSE
            raise NoSession(
                f"1C opened no session at {refused_at:%H:%M:%S} UTC; it is asked again after {after:%H:%M:%S}"
            )
        try:
            yield
        except NoSession:
            self.begin()
            raise
