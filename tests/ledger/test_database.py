"""The file: made, upgraded, locked, durable; and when it cannot be used, one message that says so."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from adapter.errors import ConfigurationError
from adapter.ledger import Ledger
from adapter.ledger.database import FILE_NAME, LedgerBroken, LedgerBusy, NotOurs
from adapter.ledger.migrations import HEAD
from adapter.ledger.orders import Cursor, SeenOrder
from adapter.ledger.schema import metadata
from adapter.model.entry import Entry, Key, State

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


def entry(number: int) -> Entry:
    return Entry(Key("shop", f"302-{number}", "sales_order"), State.PLANNED)


def pragma(ledger: Ledger, name: str) -> object:
    with ledger.transaction() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process with the adapter in it."""
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, text=True)


def test_an_empty_directory_becomes_a_ledger(tmp_path):
    state = tmp_path / "a" / "state"
    with Ledger.open(state) as ledger:
        with ledger.transaction() as connection:
            assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == HEAD
        assert (state / FILE_NAME).stat().st_mode & 0o777 == 0o600
        assert state.stat().st_mode & 0o777 == 0o700


def test_opening_again_changes_nothing(tmp_path):
    with Ledger.open(tmp_path) as ledger:
        kept = ledger.own(NOW).entries.move(None, entry(1), "", NOW)
    with Ledger.open(tmp_path) as ledger:
        assert ledger.entries.of_order("302-1") == [kept]
        ledger.own(NOW)
        moved = ledger.entries.move(kept, kept, "a later run", NOW)
        assert (kept.epoch, moved.epoch) == (1, 2)


def test_settings_of_the_connection(tmp_path):
    """Nothing acknowledged is lost on power cut, and WAL only where its corruption bug is fixed."""
    with Ledger.open(tmp_path) as ledger:
        assert pragma(ledger, "synchronous") == 2  # FULL
        fixed = sqlite3.sqlite_version_info >= (3, 51, 3)
        assert pragma(ledger, "journal_mode") == ("wal" if fixed else "persist")
        assert (pragma(ledger, "foreign_keys"), pragma(ledger, "secure_delete")) == (1, 1)
        assert pragma(ledger, "busy_timeout") == 10000


def test_the_migrations_make_what_the_code_expects(tmp_path):
    Ledger.open(tmp_path).close()
    fresh = create_engine("sqlite://")
    metadata.create_all(fresh)
    migrated = create_engine(f"sqlite:///{tmp_path / FILE_NAME}")

    def form(engine):
        found = inspect(engine)
        tables = set(found.get_table_names()) - {"alembic_version"}
        return {
            table: (
                {
                    column["name"]: (str(column["type"]), column["nullable"], column["primary_key"])
                    for column in found.get_columns(table)
                },
                {index["name"]: index["column_names"] for index in found.get_indexes(table)},
                found.get_table_options(table),
            )
            for table in tables
        }

    try:
        assert form(migrated) == form(fresh)
    finally:
        fresh.dispose()
        migrated.dispose()


def test_a_file_of_a_newer_version_is_refused(tmp_path):
    with Ledger.open(tmp_path) as ledger, ledger.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(ConfigurationError, match=r"ledger.sqlite3: written by a newer version \(9999\)"):
        Ledger.open(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == before


def fill(directory: Path) -> bytes:
    with Ledger.open(directory) as ledger:
        page = [SeenOrder("shop", f"302-{number}", "x" * 3000) for number in range(50)]
        ledger.own(NOW).orders.store_page("shop", page, Cursor(NOW), NOW)
    return (directory / FILE_NAME).read_bytes()


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"this is no database" * 500,
        lambda content: content[:10] + bytes(90) + content[100:],
        lambda content: content[: len(content) // 2],
        lambda content: b"".join(
            bytes(4096) if page % 3 == 2 else content[page * 4096 : (page + 1) * 4096]
            for page in range(len(content) // 4096)
        ),
    ],
    ids=["text", "header", "cut", "pages"],
)
def test_a_damaged_file_is_refused_and_left_alone(tmp_path, damage):
    broken = damage(fill(tmp_path))
    (tmp_path / FILE_NAME).write_bytes(broken)
    with pytest.raises(LedgerBroken, match=r"ledger.sqlite3: not a usable ledger \(.+\); restore a copy, or move it"):
        Ledger.open(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == broken


def test_somebody_elses_database_is_refused(tmp_path):
    other = sqlite3.connect(tmp_path / FILE_NAME)
    other.execute("CREATE TABLE orders (id INTEGER)")
    other.close()
    with pytest.raises(LedgerBroken, match="not a usable ledger"):
        Ledger.open(tmp_path)


def test_a_state_directory_that_is_a_file(tmp_path):
    (tmp_path / "state").write_text("")
    with pytest.raises(LedgerBroken, match="cannot be made"):
        Ledger.open(tmp_path / "state")


READ_ONLY = """
import os
import sys
from pathlib import Path
from adapter.ledger import Ledger
from adapter.ledger.database import LedgerBroken
if os.geteuid() == 0:
    os.setuid(65534)
try:
    Ledger.open(Path(sys.argv[1]))
except LedgerBroken as problem:
    print(problem)
"""


def test_a_directory_that_may_not_be_written():
    """In a process of a plain user, since root may write everywhere."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o555)
        told, _ = run(READ_ONLY, name).communicate(timeout=60)
    assert told == f"{name}: not writable for this user; choose another state_directory\n"


def test_a_full_disk(tmp_path):
    """Nothing of the page is kept; with space again, work goes on."""
    with Ledger.open(tmp_path) as ledger:
        ledger.own(NOW).entries.move(None, entry(1), "", NOW)
        pages = pragma(ledger, "page_count")
        pragma(ledger, f"max_page_count = {pages}")
        page = [SeenOrder("shop", f"302-{number}", "x" * 3000) for number in range(50)]
        with pytest.raises(
            LedgerBroken, match=r"ledger.sqlite3: the ledger cannot be written: database or disk is full"
        ):
            ledger.orders.store_page("shop", page, Cursor(NOW), NOW)
        assert (ledger.orders.open(), ledger.orders.cursor("shop")) == ([], None)
        assert len(ledger.entries.of_order("302-1")) == 1
        pragma(ledger, "max_page_count = 10000")
        assert ledger.orders.store_page("shop", page, Cursor(NOW), NOW) == 50


def test_a_file_that_became_read_only(tmp_path):
    with Ledger.open(tmp_path) as ledger:
        ledger.own(NOW)
        with ledger.transaction() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        with pytest.raises(LedgerBroken, match="attempt to write a readonly database"):
            ledger.entries.move(None, entry(1), "", NOW)


def test_a_file_that_another_process_holds_is_busy_and_not_broken(tmp_path):
    """A backup or a look at the file may take its time; that is no reason to give up for good."""
    with Ledger.open(tmp_path) as ledger:
        ledger.own(NOW)
        with ledger.transaction() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 1")
        other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerBusy, match="another process holds the file"):
            ledger.entries.move(None, entry(1), "", NOW)
        other.execute("ROLLBACK")
        other.close()
        assert ledger.entries.move(None, entry(1), "", NOW).state is State.PLANNED


def test_a_second_owner_is_refused_until_the_first_has_gone(tmp_path):
    first, second = Ledger.open(tmp_path), Ledger.open(tmp_path)
    first.own(NOW)
    with pytest.raises(LedgerBusy, match="another amazon1c is at work with this state directory"):
        second.own(NOW)
    kept = first.entries.move(None, entry(1), "the first is not disturbed", NOW)
    first.close()
    second.own(NOW)
    assert second.entries.of_order("302-1") == [kept]
    second.close()


def test_a_lock_that_cannot_be_opened(tmp_path):
    with Ledger.open(tmp_path) as ledger:
        (tmp_path / "lock").mkdir()
        with pytest.raises(LedgerBroken, match="lock: cannot be opened"):
            ledger.own(NOW)


def test_closing_twice_and_after_the_directory_has_gone(tmp_path):
    ledger = Ledger.open(tmp_path / "state").own(NOW)
    ledger.close()
    shutil.rmtree(tmp_path / "state")
    ledger.close()


def test_a_path_with_odd_letters(tmp_path):
    with Ledger.open(tmp_path / "a?b %20#ö") as ledger:
        ledger.own(NOW).entries.move(None, entry(1), "", NOW)
    assert (tmp_path / "a?b %20#ö" / FILE_NAME).is_file()


COUNTING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from adapter.ledger import Ledger
from adapter.model.entry import Entry, Key, State
now = datetime(2026, 5, 4, tzinfo=UTC)
ledger = Ledger.open(Path(sys.argv[1])).own(now)
number = 0
while True:
    ledger.entries.move(None, Entry(Key("shop", f"302-{number}", "sales_order"), State.PLANNED), "", now)
    print(number, flush=True)
    number += 1
"""


def test_what_was_acknowledged_survives_sigkill(tmp_path):
    process = run(COUNTING, tmp_path)
    assert process.stdout is not None
    acknowledged = [int(process.stdout.readline()) for _ in range(30)]
    with pytest.raises(LedgerBusy), Ledger.open(tmp_path) as second:
        second.own(NOW)
    process.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in process.communicate(timeout=60)[0].split()]
    with Ledger.open(tmp_path) as ledger:
        ledger.own(NOW)
        kept = {entry.key.order_id for entry in ledger.entries.in_states(State.PLANNED)}
        assert {f"302-{number}" for number in acknowledged} <= kept
        assert len(kept) <= len(acknowledged) + 1
        for order_id in kept:
            assert len(ledger.entries.history(order_id)) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_makes_belongs_to_the_owner_of_the_directory(tmp_path):
    """An administrator's command must leave nothing behind that the service cannot write."""
    os.chown(tmp_path, 1234, 1234)
    with Ledger.open(tmp_path) as ledger:
        assert {file.stat().st_uid for file in tmp_path.iterdir()} == {1234}
        ledger.own(datetime(2026, 5, 1, tzinfo=UTC))
    assert (tmp_path / "lock").is_file()
    assert {file.stat().st_uid for file in tmp_path.iterdir()} == {1234}


def test_closing_waits_for_a_thread_at_work_and_stops_the_others(tmp_path):
    """SQLite would crash the process where a connection is closed under a statement that runs."""
    ledger = Ledger.open(tmp_path).own(NOW)
    inside, closing, closed, told = threading.Event(), threading.Event(), threading.Event(), []

    def work() -> None:
        with ledger.transaction() as connection:
            inside.set()
            closing.wait()
            ledger.orders.store_page("shop", [SeenOrder("shop", "302-1", "{}")], Cursor(NOW), NOW)
            told.append(connection.exec_driver_sql("SELECT count(*) FROM orders").scalar())
        closed.wait()
        try:
            ledger.orders.counts()
        except NotOurs as problem:
            told.append(str(problem))

    thread = threading.Thread(target=work)
    thread.start()
    inside.wait()
    closer = threading.Thread(target=ledger.close)
    closer.start()
    closing.set()
    closer.join()
    closed.set()
    thread.join()
    with Ledger.open(tmp_path) as again:
        assert again.orders.counts() == {"shop": 1}
    assert told == [1, f"{tmp_path / FILE_NAME} is closed: the process ends"]
