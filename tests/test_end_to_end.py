"""The main job: orders of the stand-in seller account become posted documents of the stand-in infobase."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from adapter.simulators.faults import Fault

SHARED = Path(__file__).parents[2] / "shared"
MODEL = SHARED / "spapi/models/orders_2026-01-01.json"
needs_model = pytest.mark.skipif(not MODEL.is_file(), reason="Amazon's model is not in ../shared/spapi/models")


def sums_in_1c(shop):
    return {
        document["Number"]: sum((Decimal(str(row["Amount"])) for row in document["Products"]), start=Decimal(0))
        for document in shop.documents
    }


def sync(amazon1c, shop):
    code, out, err = amazon1c("sync", "-c", shop.config, "--json")
    assert (code, err) == (0, ""), err
    return json.loads(out)


@pytest.mark.parametrize("style", [(-1, True), (1, True), (-1, False), (1, False)], ids=str)
def test_every_order_ends_once_and_to_the_cent(amazon1c, open_shop, style):
    """300 orders, whichever way Amazon signs discounts and counts the tax that it collects."""
    sign, inside = style
    shop = open_shop(300, seed=7, discount_sign=sign, collected_tax_inside=inside)
    plan = json.loads(amazon1c("plan", "-c", shop.config, "--json")[1])
    wanted = {step["order_id"]: Decimal(step["total"]["amount"]) for step in plan["steps"] if step["verb"] == "create"}
    report = sync(amazon1c, shop)

    assert sums_in_1c(shop) == wanted
    assert all(document["Posted"] for document in shop.documents)
    counts = report["counts"]
    assert counts["create"] == len(wanted)
    assert counts["create"] + counts["held"] + counts["waiting"] + counts["nothing to do"] == 300
    assert not any("parts" in reason for step in plan["steps"] for reason in step.get("reasons", ()))


def test_a_thousand_orders(amazon1c, open_shop):
    """Two writes a document, hardly a read, no document twice, and no 429 of our own making."""
    shop = open_shop(1000, seed=11)
    counts = sync(amazon1c, shop)["counts"]
    documents = shop.documents
    held = json.loads(amazon1c("held", "-c", shop.config, "--json")[1])

    assert len(documents) == counts["create"] == 1000 - counts["held"] - counts["waiting"] - counts["nothing to do"]
    assert len(held) == counts["held"]
    assert max(Counter(document["Number"] for document in documents).values()) == 1
    assert len(shop.writes()) <= 2 * len(documents)
    assert len(shop.onec.log) - len(shop.writes()) <= 0.2 * len(documents)
    assert shop.account.throttled == {} or set(shop.account.throttled.values()) == {0}
    assert sum("/orders" in entry.target for entry in shop.amazon.log) == 10


def test_twenty_percent_of_the_answers_go_wrong(amazon1c, open_shop):
    """Any mix of lost answers, errors and pages of HTML at 1C: in the end each document is there once and posted."""
    shop = open_shop(100, seed=5)
    shop.edit("adapter.yaml", "  user: odata", "  user: odata\n  quarantine_seconds: 0")
    for number, action in enumerate(("lost", "reset", "html", "empty", "cut")):
        for after_commit in (False, True):
            fault = Fault(action, "", "Document_", times=0, probability=0.02, status=502, after_commit=after_commit)
            shop.onec.faults.add(fault)
        shop.onec.faults.add(Fault("status", "PATCH", skip=7 * number, status=500, after_commit=True))
    for _ in range(12):
        code, _, _ = amazon1c("sync", "-c", shop.config)
        assert code in {0, 75}
    shop.onec.faults.clear()
    for entry in json.loads(amazon1c("held", "-c", shop.config, "--json")[1]):
        if entry["in_1c"]:
            assert amazon1c("held", "retry", entry["order_id"], "-c", shop.config)[0] == 0
    report = sync(amazon1c, shop)
    states = json.loads(amazon1c("status", "-c", shop.config, "--json")[1])["documents"]
    assert report["unknown"] == states["unknown"] == states["intent"] == states["planned"] == 0
    numbers = Counter(document["Number"] for document in shop.documents)
    assert max(numbers.values()) == 1
    assert all(document["Posted"] for document in shop.documents)
    assert states["done"] == len(numbers)


def test_an_order_changes_ships_and_is_cancelled(amazon1c, open_shop):
    """The document follows the order; what somebody changed in 1C is never overwritten."""
    time = [datetime.now(UTC)]
    shop = open_shop(40, seed=2, clock=lambda: time[0])

    def later():
        time[0] += timedelta(minutes=5)
        return sync(amazon1c, shop)["counts"]

    later()
    # Several sessions write them in any order.
    shipped, changed, cancelled, edited = sorted(
        document["Number"] for document in shop.documents if len(document["Products"]) == 1
    )[:4]
    writes = len(shop.writes())
    shop.account.change_status(shipped, "SHIPPED")
    later()
    assert len(shop.writes()) == writes  # nothing that matters has changed

    shop.account.edit(changed, lambda order: order["buyer"].update(buyerName="Anna Schmidt", buyerCompanyName=None))
    shop.account.cancel(cancelled)
    shop.account.cancel(edited)
    touched = next(document for document in shop.documents if document["Number"] == edited)
    shop.infobase.edit("Document_SalesOrder", touched["Ref_Key"], {"Comment": "paid in cash"})
    counts = later()
    documents = {document["Number"]: document for document in shop.documents}
    assert (counts["update"], counts["cancel"]) == (1, 1)
    assert documents[changed]["Posted"]
    assert (documents[cancelled]["Posted"], documents[cancelled]["DeletionMark"]) == (False, True)
    assert (documents[edited]["Posted"], documents[edited]["Comment"]) == (True, "paid in cash")
    held = {
        entry["order_id"]: entry["reasons"] for entry in json.loads(amazon1c("held", "-c", shop.config, "--json")[1])
    }
    assert any("paid in cash" in reason for reason in held[edited])
    assert not {shipped, changed, cancelled} & set(held)


@needs_model
def test_official_answers_through_read_orders(amazon1c, tmp_path):
    """Every static sandbox answer of Amazon's model is read, and its parts add up to its total."""
    code, out, err = amazon1c("read-orders", MODEL, "--json")
    orders = json.loads(out)
    assert (code, err) == (0, "")
    assert [order["order_id"] for order in orders] == [
        "250-1234567-8901234",
        "202-7654321-1098765",
        "171-2345678-9012345",
        "171-9876543-2109876",
        "028-1234567-8901234",
        "114-9876543-1234567",
    ]
    assert all(order["proof"]["proven"] for order in orders)
    assert [order["doubts"] for order in orders] == [[]] * 6


@needs_model
def test_official_answers_through_plan_and_delivery(amazon1c, open_shop):
    """Served by the stand-in: unknown SKUs are held with a reason, and with products created they all arrive."""
    from adapter.amazon.saved import read_saved

    saved = [json.loads(wire.content) for wire in read_saved(MODEL.read_text(encoding="utf-8"))]
    shop = open_shop(saved)
    shop.edit("adapter.yaml", shop.config.read_text().split("read_from: ")[1].split("\n")[0], '"2024-01-01"')
    report = sync(amazon1c, shop)
    held = json.loads(amazon1c("held", "-c", shop.config, "--json")[1])
    assert report["counts"] == {"held": 6}
    assert all(any("SKU" in reason for reason in entry["reasons"]) for entry in held)

    shop.edit("mapping.yaml", "  otherwise: hold\n  create:\n    sku:", "  otherwise: create\n  create:\n    sku:")
    shop.edit(
        "mapping.yaml",
        "  otherwise: hold\n  create:\n    Description:",
        "  otherwise: create\n  create:\n    Description:",
    )
    report = sync(amazon1c, shop)
    held = json.loads(amazon1c("held", "-c", shop.config, "--json")[1])
    assert report["counts"]["create"] + len(held) == 6
    assert sums_in_1c(shop)["250-1234567-8901234"] == 19940
    assert sums_in_1c(shop)["114-9876543-1234567"] == Decimal("49.99")
    assert all("buyer name" in entry["reasons"][0] for entry in held)


ODD = {
    "no total": lambda order: order.pop("proceeds"),
    "unknown status": lambda order: order["fulfillment"].update(fulfillmentStatus="TELEPORTED"),
    "no lines": lambda order: order.update(orderItems=[]),
    "amount that is no number": lambda order: order["proceeds"]["grandTotal"].update(amount="a lot"),
    "two currencies": lambda order: order["proceeds"]["grandTotal"].update(currencyCode="XTS"),
    "total that is not the sum": lambda order: order["proceeds"]["grandTotal"].update(amount="1.00"),
    "unknown charge": lambda order: order["orderItems"][0]["proceeds"]["breakdowns"].append(
        {"type": "HANDLING", "subtotal": {"amount": "1.00", "currencyCode": "EUR"}}
    ),
    "negative quantity": lambda order: order["orderItems"][0].update(quantityOrdered=-1),
    "line twice": lambda order: order["orderItems"].append(order["orderItems"][0]),
    "no SKU": lambda order: order["orderItems"][0]["product"].pop("sellerSku"),
    "wrong types": lambda order: order.update(buyer="somebody", recipient=[1], programs="PRIME"),
    "a time without an offset": lambda order: (
        order.update(deliverBy=1) or order["fulfillment"].update(shipByWindow="soon")
    ),
    "lone surrogate": lambda order: order["orderItems"][0]["product"].update(title="\ud800", sellerSku="\ud800"),
}


def test_odd_orders_are_held_and_stop_nobody(amazon1c, open_shop):
    from adapter.simulators.amazon import SellerAccount

    source = SellerAccount(200, seed=3)
    plain = [
        source.order(order_id)
        for order_id in source.order_ids()
        if source.order(order_id)["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"
    ]
    good, orders = plain[0], plain[1 : len(ODD) + 1]
    for order, twist in zip(orders, ODD.values(), strict=True):
        twist(order)
    shop = open_shop([*orders, good])
    report = sync(amazon1c, shop)
    held = {
        entry["order_id"]: entry["reasons"] for entry in json.loads(amazon1c("held", "-c", shop.config, "--json")[1])
    }
    not_held = [name for order, name in zip(orders, ODD, strict=True) if order["orderId"] not in held]
    assert not_held == []
    assert all(reasons and all(reasons) for reasons in held.values())
    assert report["counts"].get("create", 0) + (good["orderId"] in held) == 1
