"""Copies of what is slow to read: when the infobase is asked for its schema, and when not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from loguru import logger

from adapter import books
from adapter.books import agreed_schema, read_books, read_schema
from adapter.copies import Copies
from adapter.errors import ConfigurationError
from adapter.http import HttpClient
from adapter.ledger import Ledger
from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_path
from adapter.onec.client import InfobaseClient
from adapter.simulators.onec import Infobase, Modes, fill_training, load_model
from adapter.simulators.server import StandIn

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Desk:
    """An infobase, a ledger on the disk, and copies between them."""

    def __init__(self, folder, transport_to):
        self.infobase = Infobase(load_model("training"))
        self.stand_in = StandIn(self.infobase)
        self._http = HttpClient("http://1c.test", transport=transport_to(self.stand_in))
        self._folder = folder
        self.at = START
        self.ledger = None
        self.restart()

    def restart(self, own=True, path=""):
        """A new process: nothing is known but what is on the disk."""
        if self.ledger is not None:
            self.ledger.close()
        self.ledger = Ledger.open(self._folder)
        if own:
            self.ledger.own(self.at)
        self.copies = self.copies_at(path or self.infobase.publication, timedelta(0))

    def copies_at(self, path, max_age):
        """Copies of the infobase at this path."""
        client = InfobaseClient(self._http, f"http://1c.test{path}", "odata", "odata")
        return Copies(self.ledger, client, lambda: self.at, max_age, DAY)

    @property
    def asked(self):
        """How often `$metadata` was read."""
        return sum("metadata" in entry.target for entry in self.stand_in.log)


@pytest.fixture
def desk(tmp_path, transport_to):
    made = Desk(tmp_path, transport_to)
    yield made
    made.ledger.close()


@pytest.fixture
def log():
    lines = []
    sink = logger.add(lambda message: lines.append(message.record["message"]), level="INFO")
    yield lines
    logger.remove(sink)


@pytest.fixture
def mapping():
    return load_mapping(preset_path("training"))


def test_a_restart_neither_reads_nor_parses(desk, monkeypatch):
    first = read_schema(desk.copies)
    monkeypatch.setattr(books, "parse_metadata", lambda _: pytest.fail("parsed again"))
    desk.restart()
    desk.at += DAY - timedelta(seconds=1)
    assert read_schema(desk.copies) == first
    assert desk.asked == 1


@pytest.mark.parametrize("step", [DAY, -timedelta(seconds=1)], ids=["too old", "from the future"])
def test_an_age_that_does_not_count(desk, step):
    read_schema(desk.copies)
    desk.at += step
    read_schema(desk.copies)
    assert desk.asked == 2


def test_read_anew_on_request(desk, log):
    read_schema(desk.copies)
    read_schema(desk.copies, anew=True)
    assert desk.asked == 2
    assert log == []


def test_the_same_document_is_not_parsed_twice(desk, monkeypatch):
    read_schema(desk.copies)
    monkeypatch.setattr(books, "parse_metadata", lambda _: pytest.fail("parsed again"))
    desk.at += DAY
    read_schema(desk.copies)
    desk.at += DAY - timedelta(seconds=1)
    read_schema(desk.copies)
    assert desk.asked == 2


def test_another_infobase_has_a_schema_of_its_own(desk):
    read_schema(desk.copies)
    desk.infobase.publication = "/other/odata/standard.odata"
    desk.restart(path="/other")
    read_schema(desk.copies)
    assert desk.asked == 2


def test_a_command_that_only_looks_keeps_nothing(desk):
    desk.restart(own=False)
    read_schema(desk.copies)
    desk.restart()
    read_schema(desk.copies)
    assert desk.asked == 2


def test_a_change_is_told(desk, log):
    read_schema(desk.copies)
    desk.infobase.modes = Modes(unpublished=frozenset({"Catalog_Customers"}))
    desk.at += DAY
    assert "Catalog_Customers" not in read_schema(desk.copies).entity_sets
    # Document_SalesOrder has changed too: its customers lead nowhere now.
    assert log == ["the infobase's configuration has changed: 0 entity sets added, 1 removed, 1 changed"]


def test_a_kept_schema_that_does_not_agree_is_read_anew(desk, mapping):
    """Somebody ticks the missing catalog in 1C: nobody has to wait for the copy to get old."""
    desk.infobase.modes = Modes(unpublished=frozenset({"Catalog_Customers"}))
    with pytest.raises(ConfigurationError, match="publishes no Catalog_Customers"):
        agreed_schema(desk.copies, mapping)
    desk.infobase.modes = Modes()
    assert "Catalog_Customers" in agreed_schema(desk.copies, mapping).entity_sets
    asked = desk.asked
    agreed_schema(desk.copies, mapping)
    assert desk.asked == asked


def test_what_is_kept_broken_is_read_anew(desk):
    read_schema(desk.copies)
    desk.copies.keep("$metadata", "1\n2\n3")
    assert read_schema(desk.copies).entity_sets
    assert desk.asked == 2


def test_the_age_is_a_setting(desk):
    read_schema(desk.copies)
    shorter = replace(desk.copies, metadata_age=timedelta(minutes=1))
    desk.at += timedelta(minutes=1)
    read_schema(shorter)
    assert desk.asked == 2


# -------------------- copies of catalogs


def test_two_infobases_share_no_copies(desk, mapping):
    """The other one has a customer more, and its own keys for what the mapping looks up."""
    fill_training(desk.infobase)
    ours = desk.copies_at(desk.infobase.publication, DAY)
    first = read_books(ours, mapping, read_schema(ours))
    desk.infobase.publication = "/other/odata/standard.odata"
    desk.infobase.add("Catalog_Customers", {"Description": "Only in the other one"})
    theirs = desk.copies_at("/other", DAY)
    assert len(read_books(theirs, mapping, read_schema(theirs)).customers) == len(first.customers) + 1


@pytest.mark.parametrize(
    ("step", "read_again"), [(DAY - timedelta(seconds=1), False), (DAY, True), (-timedelta(seconds=1), True)]
)
def test_the_age_of_a_copy(desk, step, read_again):
    copies = desk.copies_at("", DAY)
    copies.get("a catalog", lambda: "old")
    desk.at += step
    assert copies.get("a catalog", lambda: "new") == ("new" if read_again else "old")


def test_copies_that_nobody_takes_any_more_are_forgotten(desk):
    """Those of an address that the settings no longer name, and of catalogs that the mapping no longer reads."""
    desk.copies_at("/old", DAY).keep("$metadata", "17 MB")
    now = desk.copies_at("/new", DAY)
    desk.at += timedelta(days=30)
    now.keep("$metadata", "new")
    assert desk.copies_at("/old", DAY).kept("$metadata") is not None
    desk.at += timedelta(seconds=1)
    now.keep("a catalog", "new")
    assert desk.copies_at("/old", DAY).kept("$metadata") is None
    assert now.kept("$metadata") is not None
