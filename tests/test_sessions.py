"""Several sessions of 1C at once: each order still once, each new customer once, and a full pool is no failure."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from functools import partial

import pytest

from adapter.onec.client import InfobaseClient
from adapter.simulators.faults import Fault
from adapter.simulators.onec.modes import Modes
from tests.world import Clock


@pytest.fixture
def shop(open_shop):
    """A hundred orders and eight sessions."""
    shop = open_shop(100, seed=6)
    shop.edit("adapter.yaml", "  user: odata", "  user: odata\n  sessions: 8")
    return shop


@pytest.fixture
def clock(monkeypatch):
    """The adapter's clock, moved by hand."""
    clock = Clock()
    clock.now = datetime.now(UTC)
    monkeypatch.setattr("adapter.assembly.now", clock)
    return clock


def sync(amazon1c, shop):
    code, out, err = amazon1c("sync", "-c", shop.config, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)["counts"]


def check(amazon1c, shop):
    """Every document once and posted, as the ledger says."""
    states = json.loads(amazon1c("status", "-c", shop.config, "--json")[1])["documents"]
    numbers = Counter(document["Number"] for document in shop.documents)
    assert max(numbers.values()) == 1
    assert all(document["Posted"] for document in shop.documents)
    assert states["done"] == len(numbers) > 60
    assert states["intent"] == states["unknown"] == states["planned"] == 0


def test_each_order_once(amazon1c, shop):
    counts = sync(amazon1c, shop)
    assert counts["create"] == len(shop.documents)
    assert len(shop.writes()) == 2 * len(shop.documents)
    check(amazon1c, shop)


def test_a_new_customer_of_several_orders_is_made_once(amazon1c, shop):
    shop.edit("mapping.yaml", "  otherwise: hold\n  create:\n    Desc", "  otherwise: create\n  create:\n    Desc")
    known = {row["Description"] for row in shop.infobase.rows("Catalog_Customers")}
    counts = sync(amazon1c, shop)
    made = Counter(row["Description"] for row in shop.infobase.rows("Catalog_Customers"))
    assert set(made) > known
    assert max(made.values()) == 1
    assert counts["create"] == len(shop.documents)
    check(amazon1c, shop)


@pytest.fixture
def steady(monkeypatch):
    """Every answer takes equally long, so that how many sessions are in use depends on nothing but their number."""
    monkeypatch.setattr("adapter.assembly.InfobaseClient", partial(InfobaseClient, monotonic=lambda: 0.0))


@pytest.mark.parametrize("refused", [1, 3], ids=["one", "several"])
def test_a_pool_without_a_free_session(amazon1c, shop, clock, steady, refused):
    """The others finish what they have; the refused orders are taken up a minute later, and nothing is asked before.

    Four or five sessions are in use by then. Where one is refused, what it had prepared is not sent; the last one of
    which that is true ends the run.
    """
    shop.onec.faults.add(Fault("status", "POST", skip=40, times=refused, status=406))
    code, out, _ = amazon1c("sync", "-c", shop.config, "--json")
    met = sum(entry.status == 406 for entry in shop.onec.log)
    if refused == 1:
        assert (code, met) == (0, 1)
        counts = json.loads(out)["counts"]
        assert sum(counts.values()) == 100  # those that were read after the refusal wait for the next run too
        assert 0 <= len(shop.documents) - counts["create"] <= counts["later"]
    else:
        assert (code, met) == (75, 3)

    shop.onec.faults.clear()
    asked = len(shop.onec.log)
    clock.forward(seconds=59)
    code, _, err = amazon1c("sync", "-c", shop.config)
    assert (code, len(shop.onec.log)) == (75, asked)
    assert "it is asked again after" in err

    clock.forward(seconds=1)
    sync(amazon1c, shop)
    assert sum(entry.status == 406 for entry in shop.onec.log) == met
    check(amazon1c, shop)


@pytest.mark.parametrize("sessions", [1, 3, 8])
def test_no_more_at_once_than_allowed(amazon1c, shop, sessions):
    """Each session is a connection, and its requests follow each other."""
    shop.edit("adapter.yaml", "sessions: 8", f"sessions: {sessions}")
    sync(amazon1c, shop)
    assert shop.infobase.sessions.most <= sessions


def test_a_file_infobase_with_one_session(amazon1c, shop):
    shop.infobase.modes = Modes(file_infobase=True)
    shop.edit("adapter.yaml", "sessions: 8", "sessions: 1")
    sync(amazon1c, shop)
    check(amazon1c, shop)


def test_a_failure_that_concerns_all_ends_all(amazon1c, shop):
    """No session goes on when the password stops working; the next run finishes what was begun."""
    shop.onec.faults.add(Fault("html", skip=40, times=0, status=403))
    code, _, err = amazon1c("sync", "-c", shop.config)
    assert code in {75, 78}
    assert len(err.strip().splitlines()) == 1
    refused = [entry for entry in shop.onec.log if entry.status == 403]
    assert len(refused) <= 8 * 3
    shop.onec.faults.clear()
    sync(amazon1c, shop)
    check(amazon1c, shop)
