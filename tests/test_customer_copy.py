"""The index of the customers: from the snapshot, read anew behind the run, and with those who came since."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from adapter.copies import Copies
from adapter.customer_copy import CustomerCopy
from adapter.customer_reading import CustomerReader, Sought
from adapter.http import HttpClient
from adapter.ledger import Ledger
from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_path
from adapter.onec.client import InfobaseClient
from adapter.simulators.onec import Infobase, load_model
from adapter.simulators.server import StandIn
from tests.presets.conftest import schema_of

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
SCHEMA = schema_of("training")


class Desk:
    """An infobase, a ledger on the disk, and the copy of the customers between them."""

    def __init__(self, folder, transport_to):
        self.infobase = Infobase(load_model("training"))
        self.stand_in = StandIn(self.infobase)
        self.http = HttpClient("http://1c.test", transport=transport_to(self.stand_in))
        self.rules = load_mapping(preset_path("training")).rules
        self.folder = folder
        self.at = START
        self.ledger = Ledger.open(folder).own(START)
        self.restart()

    def restart(self, *, owned=True, **options):
        """A new process: nothing is known but what is on the disk."""
        self.ledger.close()
        self.ledger = Ledger.open(self.folder)
        if owned:
            self.ledger.own(self.at)
        copies = Copies(self.ledger, self.client(), lambda: self.at, QUARTER)
        self.copy = CustomerCopy(copies, self.rules, **options)

    def client(self):
        return InfobaseClient(self.http, f"http://1c.test{self.infobase.publication}", "odata", "odata")

    def enter(self, name):
        return self.infobase.add("Catalog_Customers", {"Description": name})["Ref_Key"]

    def names(self):
        return sorted(customer.name for customer in self.copy.index(SCHEMA).customers())

    @property
    def asked(self):
        return len(self.stand_in.log)


@pytest.fixture
def desk(tmp_path, transport_to):
    made = Desk(tmp_path, transport_to)
    made.enter("Anna Muster")
    yield made
    made.ledger.close()


def test_a_restart_starts_from_the_snapshot(desk):
    assert desk.names() == ["Anna Muster"]
    desk.enter("Bob Other")
    desk.at += QUARTER - timedelta(seconds=1)
    desk.restart()
    assert (desk.names(), desk.asked) == (["Anna Muster"], 1)
    desk.at += timedelta(seconds=1)
    assert (desk.names(), desk.asked) == (["Anna Muster", "Bob Other"], 2)


def test_a_snapshot_is_for_its_owner_alone_and_there_is_one(desk):
    for _ in range(3):
        desk.names()
        desk.at += QUARTER
    (file,) = desk.folder.glob("customers-*")
    assert file.stat().st_mode & 0o777 == 0o600
    form = CustomerReader(desk.rules, SCHEMA).form
    content, _ = desk.ledger.notes.copy(f"customers {form} of {desk.client().address}")
    assert json.loads(content) == {"file": file.name, "customers": 1, "seconds": 0.0}


def test_a_catalog_that_takes_long_is_read_seldom(desk):
    """Ten times as long as a reading took the index serves, by another process, too."""

    def slowly():
        desk.at += timedelta(minutes=4)
        return False

    desk.restart(stopped=slowly)
    began = desk.at
    assert (desk.names(), desk.asked, desk.at - began) == (["Anna Muster"], 1, timedelta(minutes=4))
    for last in (timedelta(minutes=20), timedelta(minutes=40) - timedelta(seconds=1)):
        desk.at = began + last
        assert (desk.names(), desk.asked) == (["Anna Muster"], 1)
        desk.restart()
    desk.at = began + timedelta(minutes=40)
    assert (desk.names(), desk.asked) == (["Anna Muster"], 2)


def test_read_at_once_is_read_every_time(desk):
    copies = Copies(desk.ledger, desk.client(), lambda: desk.at, timedelta(0))
    desk.copy = CustomerCopy(copies, desk.rules)
    assert (desk.names(), desk.names(), desk.asked) == (["Anna Muster"], ["Anna Muster"], 2)


@pytest.mark.parametrize("harm", [lambda file: file.write_bytes(b"x" * 200), lambda file: file.unlink()])
def test_a_snapshot_that_cannot_be_used_is_read_anew(desk, harm):
    desk.names()
    (file,) = desk.folder.glob("customers-*")
    harm(file)
    desk.restart()
    assert (desk.names(), desk.asked) == (["Anna Muster"], 2)


def test_a_command_that_only_looks_keeps_nothing(desk):
    desk.restart(owned=False)
    assert desk.names() == ["Anna Muster"]
    assert list(desk.folder.glob("customers-*")) == []


def test_the_old_index_serves_while_the_new_one_is_read(desk):
    desk.names()
    go_on = threading.Event()

    @contextmanager
    def connect():
        go_on.wait()
        yield desk.client()

    desk.restart(connect=connect)
    bob = desk.enter("Bob Other")
    desk.at += QUARTER
    assert desk.names() == desk.names() == ["Anna Muster"]
    carla = desk.enter("Carla Third")
    assert desk.copy.seek(SCHEMA, Sought(names=frozenset({"Carla Third"})))
    assert desk.names() == ["Anna Muster", "Carla Third"]
    reading = desk.copy._reading
    go_on.set()
    reading.thread.join()
    assert desk.names() == ["Anna Muster", "Bob Other", "Carla Third"]
    assert {str(each.ref_key) for each in desk.copy.index(SCHEMA).customers()} >= {bob, carla}
    desk.restart()
    assert desk.names() == ["Anna Muster", "Bob Other", "Carla Third"]


def test_a_reading_that_fails_leaves_the_old_one(desk):
    desk.names()

    @contextmanager
    def connect():
        raise ConnectionError("no way")
        yield

    desk.restart(connect=connect)
    desk.at += QUARTER
    desk.names()
    desk.copy._reading.thread.join()
    assert desk.names() == ["Anna Muster"]


def test_a_name_is_asked_for_once_in_a_minute(desk):
    desk.names()
    bob = Sought(names=frozenset({"Bob Other"}))
    assert not desk.copy.seek(SCHEMA, bob)  # all of them were read a moment ago
    assert desk.asked == 1
    desk.at += timedelta(minutes=1)
    assert not desk.copy.seek(SCHEMA, bob)
    desk.enter("Bob Other")
    assert not desk.copy.seek(SCHEMA, bob)
    assert desk.asked == 2
    desk.at += timedelta(minutes=1)
    assert desk.copy.seek(SCHEMA, bob)
    assert desk.names() == ["Anna Muster", "Bob Other"]
    assert desk.asked == 3


def test_many_names_are_asked_for_in_a_few_requests(desk):
    desk.names()
    desk.at += timedelta(minutes=2)
    desk.copy.seek(SCHEMA, Sought(names=frozenset(f"Name Number {number}" for number in range(40))))
    assert desk.asked - 1 <= 2
