"""What the infobase makes up by itself: references, codes and numbers."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from adapter.simulators.onec import errors
from adapter.simulators.onec.schema import EntityType
from adapter.simulators.onec.store import Store
from adapter.simulators.onec.values import Row

GREGORIAN = datetime(1582, 10, 15)  # noqa: DTZ001 - the zero of UUID version 1, taken as wall clock
NODE = 0x1C0DA7A00001
CLOCK_SEQUENCE = (0x82, 0x1C)


class KeyMaker:
    """References as 1C makes them: UUID version 1 by the infobase's clock, never the same twice."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last = 0

    def __call__(self) -> str:
        """A new reference, later than all before it."""
        ticks = (self._clock() - GREGORIAN) // timedelta(microseconds=1) * 10
        with self._lock:
            ticks = self._last = max(ticks, self._last + 1)
        middle, high = (ticks >> 32) & 0xFFFF, (ticks >> 48) & 0x0FFF | 0x1000
        return str(uuid.UUID(fields=(ticks & 0xFFFFFFFF, middle, high, *CLOCK_SEQUENCE, NODE)))


class Numbering:
    """Codes of catalogs and numbers of documents: zero-padded, and unique where the model asks for it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: dict[tuple[str, str], int] = {}

    def number(self, entity: EntityType, row: Row) -> None:
        """Fill an empty Code or Number in place; call it within the store's lock."""
        name = "Number" if entity.role == "document" else "Code"
        if name not in entity.by_name or not entity.model.autonumbering or row[name]:
            return
        length = entity.by_name[name].max_length
        series = (entity.name, self._period(entity, row))
        last = self._last.get(series)
        if last is None:
            last = max((int(value) for value in self._taken(entity, name, series[1], length)), default=0)
        last += 1
        while self._holders(entity, name, str(last).zfill(length), row):
            last += 1
        self._last[series] = last
        row[name] = str(last).zfill(length)[-length:]

    def check_unique(self, entity: EntityType, row: Row) -> None:
        """Refuse a Code or Number that another object has, within the period of the numbering.

        Raises:
            ODataError: 500 -1.
        """
        name = "Number" if entity.role == "document" else "Code"
        if not entity.model.check_unique or not row.get(name):
            return
        if self._holders(entity, name, row[name], row):
            title = entity.by_name[name].title
            raise errors.refused(f'Значение поля "{title}" не уникально: {row[name].strip()}')

    def _holders(self, entity: EntityType, name: str, value: str, row: Row) -> bool:
        period = self._period(entity, row)
        return any(
            other["Ref_Key"] != row["Ref_Key"] and self._period(entity, other) == period
            for other in self._store.find(entity.name, name, [value])
        )

    def _taken(self, entity: EntityType, name: str, period: str, length: int) -> list[str]:
        """Numbers of the usual form in one period."""
        return [
            row[name]
            for row in self._store.rows(entity.name)
            if len(row[name]) == length and row[name].isdecimal() and self._period(entity, row) == period
        ]

    @staticmethod
    def _period(entity: EntityType, row: Row) -> str:
        if entity.role != "document":
            return ""
        digits = {"Year": 4, "Month": 7, "Day": 10}.get(entity.model.number_periodicity, 0)
        return str(row["Date"])[:digits]
