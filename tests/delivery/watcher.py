"""Looks at every single write to the infobase: that its intent is on the disk, and that nothing is repeated unseen."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapter.ledger.database import FILE_NAME
from adapter.simulators.server import Request

if TYPE_CHECKING:
    from tests.world import World


class Watcher:
    """Stands between a `World` and its infobase.

    Attributes:
        crash_at: number of the write at which the process dies, and whether "before" or "after" it.
        written: how many writes there were.
    """

    def __init__(self, world: World, folder: Path) -> None:
        world.on_write = self.on_write
        self._world = world
        self._folder = folder
        self.crash_at: tuple[int, str] | None = None
        self.written = 0
        self._created_at: dict[str, int] = {}  # order -> length of 1C's log at its last creation
        self._sent: tuple[datetime, Any, int] | None = None  # the last write, while it has no answer
        self._on_the_way: list[tuple[datetime, Any]] = []  # lost, and perhaps still to arrive

    def forget(self) -> None:
        """The ledger is lost, and with it what we know."""
        self._collect()
        self._created_at.clear()
        self._on_the_way.clear()

    def on_write(self, moment: str, request: Any) -> None:
        if moment == "before":
            self.written += 1
            self._intended(request)
        if self.crash_at == (self.written, moment):
            self.crash_at = None
            raise self._world.Crash
        self._collect()
        self._sent = (self._world.clock(), request, len(self._world.onec.log)) if moment == "before" else None

    def _intended(self, request: Any) -> None:
        document = "/Document_" in request.url.path
        on_disk = sqlite3.connect(f"file:{self._folder / FILE_NAME}?mode=ro", uri=True)
        table = "entries" if document else "elements"
        keys = [row[0] for row in on_disk.execute(f"SELECT ref_key FROM {table} WHERE state = 'intent'")]  # noqa: S608
        on_disk.close()
        if request.method != "POST":
            assert any(key in request.url.path for key in keys), "a write without an intent"
            return
        body = json.loads(request.content)
        assert body["Ref_Key"] in keys, "a creation without an intent"
        if document:
            log, since = self._world.onec.log, self._created_at.get(body["Number"])
            self._created_at[body["Number"]] = len(log)
            looked = [entry for entry in log[since or 0 :] if entry.method == "GET" and "Document_" in entry.target]
            assert since is None or looked, "a creation was repeated without a look"

    # -------------------- what arrives late

    def _collect(self) -> None:
        """A write that got no answer and was not carried out may still be on its way."""
        if self._sent is not None:
            since, request, number = self._sent
            log = self._world.onec.log
            if number < len(log) and (log[number].status, log[number].committed) == (0, False):
                self._on_the_way.append((since, request))
        self._sent = None

    def arrive_late(self, spared: set[str]) -> None:
        """What is on its way is carried out now, within the quarantine.

        Args:
            spared: keys of documents that a person has edited since: that it is overwritten is nobody's fault.
        """
        self._collect()
        for since, request in self._on_the_way:
            target = request.url.raw_path.decode()
            if self._world.clock() - since < self._world.QUARANTINE and not any(key in target for key in spared):
                headers = {name.lower(): value for name, value in request.headers.items()}
                self._world.infobase.handle(Request(request.method, target, headers, request.content))
        self._on_the_way.clear()
