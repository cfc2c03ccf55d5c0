"""The ledger's file: one SQLite database, one writer, nothing acknowledged before it is on the disk."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shutil
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from adapter.errors import AdapterError, ConfigurationError, Unavailable
from adapter.ledger.migrations import HEAD

FILE_NAME = "ledger.sqlite3"
# Before 3.51.3 a WAL file can be corrupted by two connections that write and checkpoint at once.
# Source: SQLite 3.51.3 release notes ("WAL-reset bug").
_JOURNAL = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "PERSIST"

_EPOCH = text("SELECT epoch FROM owner")


class LedgerBroken(ConfigurationError):
    """The file cannot be used as it is; a person has to restore or move it."""


class LedgerBusy(Unavailable):
    """Another process holds the ledger; nothing was changed."""


class NotOurs(AdapterError):
    """Another process has taken the ledger over since; this one must stop writing."""


@dataclass(slots=True, eq=False)
class _Queued:
    """A change that waits for the next commit; `problem` is why nothing came of it."""

    change: Callable[[Connection], None]
    waited_for: bool
    ended: bool = False
    problem: BaseException | None = None


class Database:
    """Connections to the ledger's file, and the right to write to it.

    Args:
        directory: the state directory; None keeps everything in memory, for tests.
    """

    def __init__(self, directory: Path | None) -> None:
        self.directory = directory
        self.epoch = 0
        self._lock = threading.Lock()  # of the connection
        self._closed = False
        self._here = threading.local()  # `connection` while this thread is in a transaction
        self._turn = threading.Condition()  # guards what follows
        self._queue: list[_Queued] = []
        self._led = False  # a thread is about to commit for all
        self._late_problem: BaseException | None = None
        self._flock: IO[str] | None = None
        self._scratch: Path | None = None
        self.engine = _engine(None if directory is None else directory / FILE_NAME)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All or nothing, on the disk when the block ends. Blocks inside a block join it.

        Nothing of the block is kept when it raises:

        Raises:
            LedgerBroken: the disk is full, read-only or the file damaged.
            LedgerBusy: another process did not let go of the file in time.
        """
        if (joined := self._joined) is not None:
            yield joined
            return
        with self._lock:
            self._commit_queue()
            with self._begun() as connection:
                self._here.connection = connection
                try:
                    yield connection
                finally:
                    self._here.connection = None

    def together(self, change: Callable[[Connection], None], *, wait: bool = True) -> None:
        """Make a change, in one transaction with those that other threads want to make meanwhile.

        Args:
            change: raises, if at all, before it has changed anything.
            wait: until it is on the disk. Otherwise it gets there with the next commit, before anything is read or
                changed behind it, and `flush` tells what it failed with.

        Raises:
            NotOurs: another process has taken over.
            LedgerBroken, LedgerBusy: as `transaction`.
        """
        if (joined := self._joined) is not None:
            self.check_owner(joined)
            change(joined)
            return
        queued = _Queued(change, wait)
        with self._turn:
            self._queue.append(queued)
            if not wait:
                return
            self._turn.wait_for(lambda: queued.ended or not self._led)
            leads = not queued.ended
            self._led = self._led or leads
        if leads:
            try:
                with self._lock:
                    self._commit_queue()
            finally:
                with self._turn:
                    self._led = False
                    self._turn.notify_all()
        if queued.problem is not None:
            raise queued.problem

    def flush(self) -> None:
        """Put on the disk what nobody has waited for.

        Raises:
            NotOurs, LedgerBroken, LedgerBusy: what the first of those changes that failed did so with.
        """
        if self._joined is None:
            with self._lock:
                self._commit_queue()
        with self._turn:
            problem, self._late_problem = self._late_problem, None
        if problem is not None:
            raise problem

    @property
    def waiting(self) -> int:
        """How many changes wait for the next commit."""
        return len(self._queue)

    @property
    def _joined(self) -> Connection | None:
        """The transaction that this thread is in."""
        return getattr(self._here, "connection", None)

    def _commit_queue(self) -> None:
        """Make all changes that wait, in one transaction; one that raises does not touch the others."""
        with self._turn:
            batch, self._queue = self._queue, []
        if not batch:
            return
        try:
            with self._begun() as connection:
                self.check_owner(connection)
                for queued in batch:
                    try:
                        queued.change(connection)
                    except AdapterError as problem:
                        queued.problem = problem
        except BaseException as problem:
            for queued in batch:
                queued.problem = problem
            if not isinstance(problem, Exception):
                raise
        finally:
            with self._turn:
                for queued in batch:
                    queued.ended = True
                    if not queued.waited_for:
                        self._late_problem = self._late_problem or queued.problem
                self._turn.notify_all()

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        if self._closed:
            raise NotOurs(f"{self.name} is closed: the process ends")
        try:
            with self.engine.begin() as connection:
                yield connection
        except DatabaseError as problem:
            if _is_busy(problem):
                raise LedgerBusy(f"{self.name}: another process holds the file; later") from problem
            raise LedgerBroken(f"{self.name}: the ledger cannot be written: {_words(problem)}") from problem

    @property
    def folder(self) -> Path:
        """The directory of the file; of a database in memory, one that is gone when it is closed."""
        if self.directory is not None:
            return self.directory
        if self._scratch is None:
            self._scratch = Path(mkdtemp(prefix="amazon1c-"))
            weakref.finalize(self, shutil.rmtree, self._scratch, ignore_errors=True)
        return self._scratch

    @property
    def name(self) -> str:
        """What to call the file in a message."""
        return "the ledger in memory" if self.directory is None else str(self.directory / FILE_NAME)

    def own(self, now: datetime) -> None:
        """Become the one who writes: lock the directory and start a new epoch.

        Raises:
            LedgerBusy: another process has the lock.
            LedgerBroken: the lock cannot be had for another reason.
        """
        if self.directory is not None and self._flock is None:
            self._flock = _locked(self.directory)
        with self.transaction() as connection:
            values = {"now": to_text(now)}
            if not connection.execute(text("UPDATE owner SET epoch = epoch + 1, started_at = :now"), values).rowcount:
                connection.execute(text("INSERT INTO owner (id, epoch, started_at) VALUES (1, 1, :now)"), values)
            self.epoch = connection.execute(_EPOCH).scalar_one()

    def check_owner(self, connection: Connection) -> None:
        """Make sure that no other process has taken over.

        Raises:
            NotOurs: one has.
        """
        if connection.execute(_EPOCH).scalar() != self.epoch:
            raise NotOurs("another process has taken over the ledger; this one stops")

    def close(self) -> None:
        """Close the file and give the lock back; a thread that is still at work can change nothing any more."""
        # SQLite does not bear a connection that is closed while another thread uses it.
        with self._lock:
            self._closed = True
            self.engine.dispose()
        if self.directory is not None:
            _hand_over(self.directory)
        if self._flock is not None:
            self._flock.close()
            self._flock = None
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None


def open_database(directory: Path | None) -> Database:
    """Open the ledger, creating or upgrading it.

    Raises:
        LedgerBroken: the directory or the file cannot be used; the message says what to do.
    """
    if directory is not None:
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as problem:
            raise LedgerBroken(f"{directory}: cannot be made: {problem.strerror}") from problem
        if not os.access(directory, os.W_OK):
            raise LedgerBroken(f"{directory}: not writable for this user; choose another state_directory")
        # SQLite would make the file readable for everybody; it holds buyers' data.
        with contextlib.suppress(OSError):
            os.close(os.open(directory / FILE_NAME, os.O_WRONLY | os.O_CREAT, 0o600))
    database = Database(directory)
    try:
        _upgrade(database)
        if directory is not None:
            _hand_over(directory)
    except SQLAlchemyError as problem:
        database.close()
        if _is_busy(problem):
            raise LedgerBusy(f"{database.name}: another process holds the file; later") from problem
        raise _unusable(database, _words(problem)) from problem
    except AdapterError:
        database.close()
        raise
    return database


def _unusable(database: Database, why: str) -> LedgerBroken:
    return LedgerBroken(
        f"{database.name}: not a usable ledger ({why}); restore a copy, or move it away to start anew: documents "
        "already in the infobase are recognised by their keys"
    )


def _hand_over(directory: Path) -> None:
    """Give what root has made in a state directory to its owner, so that the service can still write it."""
    if os.geteuid() != 0:
        return
    # Where it cannot be done, as on a directory of the network or one that is gone, the service says so itself.
    with contextlib.suppress(OSError):
        owner = directory.stat()
        for file in directory.iterdir():
            if file.stat().st_uid == 0 != owner.st_uid:
                os.chown(file, owner.st_uid, owner.st_gid)


def _locked(directory: Path) -> IO[str]:
    try:
        handle = (directory / "lock").open("a")
    except OSError as problem:
        raise LedgerBroken(f"{directory / 'lock'}: cannot be opened: {problem.strerror}") from problem
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        handle.close()
        if problem.errno != errno.EWOULDBLOCK:
            raise LedgerBroken(f"{directory / 'lock'}: cannot be locked: {problem.strerror}") from problem
        raise LedgerBusy(
            f"{directory}: another amazon1c is at work with this state directory; stop it first"
        ) from problem
    return handle


def _engine(path: Path | None) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=None if path is None else str(path)),
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": 10.0},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _: object) -> None:
        if path is not None:
            connection.execute(f"PRAGMA journal_mode = {_JOURNAL}")
        # FULL: a commit is on the disk when it returns. NORMAL loses acknowledged commits on power cut.
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON", "busy_timeout = 10000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _upgrade(database: Database) -> None:
    with database.engine.connect() as connection:
        damage = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if damage != "ok":
            raise _unusable(database, f"damaged: {str(damage).splitlines()[-1]}")
        known = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").first()
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() if known else None
    if found == HEAD:
        return
    from adapter.ledger.migrations import upgrade  # noqa: PLC0415 - alembic is slow to import and rarely needed

    upgrade(database.engine, found, database.name)


def _is_busy(problem: SQLAlchemyError) -> bool:
    code = getattr(getattr(problem, "orig", None), "sqlite_errorcode", 0) or 0
    return code & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _words(problem: SQLAlchemyError) -> str:
    return str(getattr(problem, "orig", None) or type(problem).__name__)


def to_text(moment: datetime) -> str:
    """An aware moment as the ledger keeps it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment_of(value: str) -> datetime:
    """The moment behind the ledger's text, aware, UTC."""
    return datetime.fromisoformat(value)


def from_text(value: str | None) -> datetime | None:
    """The same of a column that may be empty."""
    return None if value is None else moment_of(value)


def to_json(data: Any) -> str:
    """JSON as the ledger keeps it: compact, with sorted keys."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
