"""The index of the infobase's customers: kept beside the ledger, read anew behind the daemon's back."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from loguru import logger

from adapter.copies import Copies
from adapter.customer_reading import CustomerReader, Sought
from adapter.errors import AdapterError
from adapter.mapping.rules import Rules
from adapter.matching.customers import CustomerIndex
from adapter.model.catalog import Customer
from adapter.model.schema import Schema
from adapter.onec.client import InfobaseClient

Connect = Callable[[], AbstractContextManager[InfobaseClient]]

_ASKED_ONCE_IN = timedelta(minutes=1)
"""How soon the infobase is asked for the same name again."""
_MOST_AT_ONCE = 200
"""Names that are asked for in one go; the next run asks for the others."""
_SELDOM = 10
"""Times as long as a reading took, at least, the index serves: a million customers are not read all day long."""
_AGAIN_AFTER = timedelta(minutes=1)
"""How soon a reading that failed is tried again."""


@dataclass(slots=True)
class _Reading:
    """A reading, perhaps in a thread of its own."""

    begun: datetime
    thread: threading.Thread | None = None
    ended: datetime | None = None
    index: CustomerIndex | None = None
    problem: AdapterError | None = None


@dataclass(slots=True)
class CustomerCopy:
    """The customers of one infobase, as an index that is seldom read whole.

    It is loaded from a snapshot. When that gets old it is read anew: at once, or in a thread of its own while the old
    one serves, if there is a way to connect. What is learnt of single customers meanwhile is added.

    Args:
        copies: tell how old the index may be, and by which infobase it is.
        connect: opens a connection of its own for a reading behind the back of the run; None: read at once.
        stopped: asked while reading; True ends it.
    """

    copies: Copies
    rules: Rules
    connect: Connect | None = None
    stopped: Callable[[], bool] = lambda: False
    _index: CustomerIndex | None = None
    _read_at: datetime | None = None
    _took: timedelta = timedelta(0)
    _reading: _Reading | None = None
    _failed_at: datetime | None = None
    _late: dict[UUID, tuple[Customer, datetime]] = field(default_factory=dict)
    _asked: dict[str, datetime] = field(default_factory=dict)

    def index(self, schema: Schema) -> CustomerIndex:
        """The customers as they are known now.

        Raises:
            ConfigurationError, Unavailable: they were never read, and cannot be.
        """
        reader, now = CustomerReader(self.rules, schema), self.copies.now()
        self._adopt(reader)
        if self._index is None and self.copies.max_age:
            self._load(reader)
        if self._index is not None and self._is_fresh(now):
            return self._index
        if self._index is not None and self.connect is not None:
            self._begin(reader, self.connect, now)
            return self._index
        reading = _Reading(now)
        self._read(reading, reader, self.copies.client)
        self._take(reading, reader)
        assert self._index is not None  # noqa: S101 - just taken
        return self._index

    def index_with(self, schema: Schema, created: Mapping[UUID, str]) -> CustomerIndex:
        """The same with those that we have created: as the infobase has them, for it may have added to them.

        Args:
            created: key -> name.

        Raises:
            ConfigurationError, Unavailable: as `index`.
        """
        index = self.index(schema)
        missing = {key: name for key, name in created.items() if index.by_ref(key) is None}
        if not missing:
            return index
        found: list[Customer] = []
        if self.rules.customers.read.tells_evidence:
            found = CustomerReader(self.rules, schema).with_keys(self.copies.client, [str(key) for key in missing])
        gone = missing.keys() - {customer.ref_key for customer in found}
        found += [Customer(key, missing[key]) for key in sorted(gone, key=str)]
        return self.add(found) or index

    def add(self, customers: Iterable[Customer]) -> CustomerIndex | None:
        """Make what was learnt of single customers part of the index."""
        found, now = list(customers), self.copies.now()
        self._late |= {customer.ref_key: (customer, now) for customer in found}
        if found and self._index is not None:
            self._index = self._index.extended(found)
        return self._index

    def seek(self, schema: Schema, sought: Sought, *, again: bool = False) -> bool:
        """Ask the infobase for customers that may have been entered since they were read; whether any were.

        Args:
            again: also what was asked for within the last minute.

        Raises:
            ConfigurationError, Unavailable: the infobase cannot be asked.
        """
        now = self.copies.now()
        if not again and self._read_at is not None and timedelta(0) <= now - self._read_at < _ASKED_ONCE_IN:
            return False  # all of them were read a moment ago
        self._asked = {name: at for name, at in self._asked.items() if timedelta(0) <= now - at < _ASKED_ONCE_IN}
        left = {} if again else self._asked
        names = [name for name in sorted(sought.names) if name not in left][:_MOST_AT_ONCE]
        if not names and not again:
            return False
        found = CustomerReader(self.rules, schema).seek(
            self.copies.client, Sought(frozenset(names), sought.emails, sought.tax_ids)
        )
        self._asked |= dict.fromkeys(names, now)
        fresh = [each for each in found if self._index is None or self._index.by_ref(each.ref_key) != each]
        self.add(fresh)
        return bool(fresh)

    def close(self) -> None:
        """End a reading under way."""
        if self._reading is not None and self._reading.thread is not None:
            self._reading.thread.join(timeout=0)

    # -------------------- reading

    def _is_fresh(self, now: datetime) -> bool:
        life = max(self.copies.max_age, _SELDOM * self._took) if self.copies.max_age else timedelta(0)
        return self._read_at is not None and timedelta(0) <= now - self._read_at < life

    def _stoppable(self, customers: Iterator[Customer]) -> Iterator[Customer]:
        """Tell the daemon's watchdog that it goes on; a stop ends the reading, which is of no use to anybody then."""
        for number, customer in enumerate(customers):
            if number % 1_000 == 0 and self.stopped():
                raise Stopped("the adapter stops; customers are read again after the next start")
            yield customer

    def _read(self, reading: _Reading, reader: CustomerReader, client: InfobaseClient) -> None:
        reading.index = CustomerIndex(self._stoppable(reader.read(client)))
        reading.ended = self.copies.now()

    def _begin(self, reader: CustomerReader, connect: Connect, now: datetime) -> None:
        """Read in a thread of its own, unless that is under way, or has failed a moment ago."""
        if self._reading is not None or (self._failed_at is not None and now - self._failed_at < _AGAIN_AFTER):
            return

        def read() -> None:
            try:
                with connect() as client:
                    self._read(reading, reader, client)
            except AdapterError as problem:
                reading.problem = problem
            except Exception as problem:  # not the text: it may hold a buyer's data
                reading.problem = AdapterError(f"a defect in the adapter: {type(problem).__name__}")

        reading = _Reading(now)
        self._reading = reading
        reading.thread = threading.Thread(target=read, name="customers", daemon=True)
        reading.thread.start()

    def _adopt(self, reader: CustomerReader) -> None:
        """Take what a thread has read, once it is done."""
        reading = self._reading
        if reading is None or (reading.thread is not None and reading.thread.is_alive()):
            return
        self._reading = None
        if reading.index is not None:
            self._take(reading, reader)
            return
        self._failed_at = self.copies.now()
        if not isinstance(reading.problem, Stopped):
            logger.warning("customers could not be read anew: {}; those read before are used", reading.problem)

    def _take(self, reading: _Reading, reader: CustomerReader) -> None:
        """Use an index that has just been read, and keep it."""
        begun, read = reading.begun, reading.index
        assert read is not None  # noqa: S101 - the callers looked
        self._took = max((reading.ended or begun) - begun, timedelta(0))
        index = self._save(read, reader, begun)
        reading.index = read = None
        self._late = {key: late for key, late in self._late.items() if late[1] >= begun}
        self._read_at, self._failed_at = begun, None
        self._index = index.extended([customer for customer, _ in self._late.values()]) if self._late else index
        _give_back()

    # -------------------- the snapshot

    def _name(self, reader: CustomerReader) -> str:
        return f"customers {reader.form}"

    def _load(self, reader: CustomerReader) -> None:
        """Take the snapshot, if there is one of what is read now; a damaged one is as good as none."""
        kept = self.copies.kept(self._name(reader))
        if kept is None:
            return
        try:
            told = json.loads(kept[0])
            took = timedelta(seconds=float(told.get("seconds", 0)))
            self._index = CustomerIndex.load(self.copies.ledger.folder / str(told["file"]))
            self._read_at, self._took = kept[1], took
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError):
            logger.warning("the snapshot of the customers cannot be used; they are read anew")

    def _save(self, index: CustomerIndex, reader: CustomerReader, begun: datetime) -> CustomerIndex:
        """Keep a snapshot that only the owner can read, in the place of those before; commands that look keep none.

        What is given back serves from the snapshot, so that it needs no memory of its own.
        """
        ledger = self.copies.ledger
        if not ledger.owned:
            return index
        folder, ours = ledger.folder, f"customers-{_digest(self.copies.client.address)}-"
        name = f"{ours}{reader.form}-{begun:%Y%m%dT%H%M%S%f}.index"
        try:
            draft = folder / f"{name}.new"
            _private(draft)
            index.save(draft)
            draft.chmod(0o600)
            draft.replace(folder / name)
            for old in folder.glob(f"{ours}*"):
                if old.name != name:
                    old.unlink(missing_ok=True)
            mapped = CustomerIndex.load(folder / name)
        except (ValueError, OSError) as problem:
            logger.warning("the snapshot of the customers cannot be written: {}", problem)
            return index
        told = {"file": name, "customers": len(index), "seconds": self._took.total_seconds()}
        self.copies.keep(self._name(reader), json.dumps(told), at=begun)
        return mapped


class Stopped(AdapterError):
    """The adapter was told to stop while it read customers."""


def _give_back() -> None:
    """Let the system have the memory that a reading needed: glibc keeps it otherwise, tens of MB."""
    with suppress(OSError, AttributeError):  # other C libraries have no such function
        ctypes.CDLL(None).malloc_trim(0)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()


def _private(file: Path) -> None:
    """Make a file that nobody but the owner can read."""
    os.close(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
