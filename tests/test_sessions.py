"""Several sessions of 1C at once: each order still once, each new customer once, and a full pool is no failure."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from adapter.simulators.faults import Fault


@pytest.fixture
def shop(open_shop):
    """A hundred orders and eight sessions."""
    shop = open_shop(100, seed=6)
    shop.edit("adapter.yaml", "  user: odata", "  user: odata\n  sessions: 8")
    return shop


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


def test_a_pool_without_a_free_session(amazon1c, shop):
    """Nothing was done: the order is taken up by a later run, with fewer sessions. With one left, the run ends."""
    shop.onec.faults.add(Fault("status", "POST", skip=40, times=3, status=406))
    codes = []
    while not codes or codes[-1]:
        codes.append(amazon1c("sync", "-c", shop.config)[0])
    assert set(codes) <= {0, 75}
    assert len(codes) <= 4
    sync(amazon1c, shop)
    assert sum(entry.status == 406 for entry in shop.onec.log) == 3
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
