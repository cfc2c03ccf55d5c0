"""The data of one infobase: rows by set and key, in memory or in an SQLite file.

A stored row is never changed in place, so whoever holds one may read it without a lock.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from adapter.simulators.onec.values import Row

FIRST_VERSION = base64.b64encode(bytes(8)).decode()

Fold = Callable[[Any], Any]


def next_version(version: str) -> str:
    """The DataVersion after this one: 8 bytes in base64, counted per object as measured on one live base."""
    number = int.from_bytes(base64.b64decode(version), "big") + 1
    return base64.b64encode(number.to_bytes(8, "big")).decode()


def fold(value: Any) -> Any:
    """The form in which 1C compares values: strings without case and trailing spaces."""
    return value.rstrip(" ").casefold() if isinstance(value, str) else value


class Store:
    """Rows of all sets; `with store:` is one transaction against other writers.

    Keys are text: the `Ref_Key` of a catalog element or document, the joined key values of a record.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.RLock()
        self._tables: dict[str, dict[str, Row]] = {}
        self._indexes: dict[str, dict[str, dict[Any, dict[str, None]]]] = {}
        self._file: sqlite3.Connection | None = None
        if path is not None:
            self._file = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._file.execute("PRAGMA synchronous=OFF")
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS rows (entity_set TEXT, key TEXT, place INTEGER, body TEXT,"
                " PRIMARY KEY (entity_set, key))"
            )
            for name, key, body in self._file.execute("SELECT entity_set, key, body FROM rows ORDER BY place"):
                self._tables.setdefault(name, {})[key] = json.loads(body)

    def __enter__(self) -> Store:
        self._lock.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file is not None:
            self._file.close()

    def get(self, entity_set: str, key: str) -> Row | None:
        """One row; do not change it."""
        return self._tables.get(entity_set, {}).get(key)

    def rows(self, entity_set: str) -> list[Row]:
        """All rows of a set, oldest first; do not change them."""
        with self._lock:
            return list(self._tables.get(entity_set, {}).values())

    def find(self, entity_set: str, name: str, values: Iterable[Any]) -> list[Row]:
        """Rows whose property equals one of the values as 1C compares them, by an index kept from the first call on."""
        with self._lock:
            table = self._tables.get(entity_set, {})
            index = self._index(entity_set, name)
            keys = {key: None for value in values for key in index.get(fold(value), ())}
            return [table[key] for key in keys]

    def put(self, entity_set: str, key: str, row: Row) -> None:
        """Store a row, new or changed."""
        with self._lock:
            table = self._tables.setdefault(entity_set, {})
            self._reindex(entity_set, key, table.get(key), row)
            table[key] = row
            if self._file is not None:
                self._file.execute(
                    "INSERT INTO rows VALUES (?, ?, (SELECT coalesce(max(rowid), 0) + 1 FROM rows), ?)"
                    " ON CONFLICT (entity_set, key) DO UPDATE SET body = excluded.body",
                    (entity_set, key, json.dumps(row, ensure_ascii=False)),
                )

    def remove(self, entity_set: str, key: str) -> bool:
        """Forget a row; False if there was none."""
        with self._lock:
            row = self._tables.get(entity_set, {}).pop(key, None)
            if row is None:
                return False
            self._reindex(entity_set, key, row, None)
            if self._file is not None:
                self._file.execute("DELETE FROM rows WHERE entity_set = ? AND key = ?", (entity_set, key))
            return True

    def _index(self, entity_set: str, name: str) -> Mapping[Any, dict[str, None]]:
        indexes = self._indexes.setdefault(entity_set, {})
        if name not in indexes:
            index: dict[Any, dict[str, None]] = {}
            for key, row in self._tables.get(entity_set, {}).items():
                index.setdefault(fold(row[name]), {})[key] = None
            indexes[name] = index
        return indexes[name]

    def _reindex(self, entity_set: str, key: str, old: Row | None, new: Row | None) -> None:
        for name, index in self._indexes.get(entity_set, {}).items():
            if old is not None:
                keys = index.get(fold(old[name]), {})
                keys.pop(key, None)
                if not keys:
                    index.pop(fold(old[name]), None)
            if new is not None:
                index.setdefault(fold(new[name]), {})[key] = None
