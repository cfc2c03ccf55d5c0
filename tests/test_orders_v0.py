"""The whole way by the older Orders API: the same documents, and a change of the version that changes none of them."""

from __future__ import annotations

import json

import pytest

from adapter.model.entry import State
from adapter.simulators.faults import Fault


@pytest.fixture
def old_world(world):
    world.orders_api = "v0"
    world.restart()
    return world


def comparable(document):
    """A document without what every writing makes anew."""
    return {name: value for name, value in document.items() if name not in {"DataVersion", "Ref_Key"}}


def test_an_order_becomes_a_document(old_world):
    order_id = old_world.order(quantity=3)
    report = old_world.run()
    assert report.outcome.counts == {"create": 1}
    document = old_world.document(order_id)
    assert (document["Customer_Key"], document["Posted"]) == (old_world.ANNA, True)
    assert [(row["Quantity"], row["Amount"]) for row in document["Products"]] == [(3, 30)]


def test_the_same_document_as_by_the_newer_version(open_world):
    made = []
    for version in ("v0", "2026-01-01"):
        world = open_world()
        world.orders_api = version
        world.restart()
        order_id = world.order(quantity=3)
        world.run()
        made.append(comparable(world.document(order_id)))
    assert made[0] == made[1]


@pytest.mark.parametrize(("first", "second"), [("v0", "2026-01-01"), ("2026-01-01", "v0")])
def test_changing_the_version_writes_nothing_again(world, first, second):
    world.orders_api = first
    world.restart()
    order_ids = [world.order(quantity=number, buyer="Anna Muster") for number in (1, 2, 3)]
    waiting = world.order("PENDING")
    world.run()
    before, writes = [world.document(order_id) for order_id in order_ids], world.writes()
    world.orders_api = second
    world.restart()
    for order_id in order_ids:
        world.account.edit(order_id)  # so that each is read by the other version
    report = world.run()
    assert report.read["shop"].orders >= 3
    assert {seen.reader for order_id in order_ids for seen in world.ledger.orders.by_id(order_id)} == {
        f"orders/{second}"
    }
    assert world.writes() == writes
    assert [world.document(order_id) for order_id in order_ids] == before
    world.account.change_status(waiting, "UNSHIPPED")
    world.run()
    assert world.state(waiting) is State.DONE


def test_a_change_after_the_change_of_the_version_is_written(old_world):
    order_id = old_world.order()
    old_world.run()
    old_world.orders_api = "2026-01-01"
    old_world.restart()
    old_world.change(order_id, quantity=2)
    assert old_world.run().outcome.counts["update"] == 1
    assert old_world.document(order_id)["Products"][0]["Quantity"] == 2


def test_a_cancelled_order(old_world):
    order_id = old_world.order()
    old_world.run()
    old_world.account.cancel(order_id)
    old_world.run()
    assert old_world.document(order_id)["DeletionMark"] is True


def test_the_dry_run_asks_for_lines_too(old_world):
    order_id = old_world.order()
    old_world.clock.forward(minutes=3)
    plan, report = old_world.sync().plan()
    assert [(step.key.order_id, step.verb) for step in plan] == [(order_id, "create")]
    assert report.read["shop"].complete
    assert old_world.ledger.orders.by_id(order_id) == []


def test_an_order_whose_lines_cannot_be_told_never_keeps_the_others_waiting(old_world):
    """Source: amzn/selling-partner-api-docs issue 979, for orders that come without lines."""
    silent = old_world.order()
    old_world.account.edit(silent, lambda order: order.update(orderItems=[]))
    told = old_world.order()
    old_world.clock.forward(minutes=3)
    plan, report = old_world.sync().plan()
    assert [step.key.order_id for step in plan] == [told]
    assert len(report.read["shop"].problems) == 1
    report = old_world.run()
    assert (report.outcome.counts, report.read["shop"].waiting) == ({"create": 1}, 1)
    assert len(report.read["shop"].problems) == 1
    world = old_world
    world.change(silent)
    world.run(minutes=10)
    assert world.state(silent) is State.DONE


def test_a_backlog_waits_for_the_budget_of_lines_and_loses_nothing(old_world):
    order_ids = [old_world.order() for _ in range(40)]
    report = old_world.run()
    assert report.read["shop"].waiting == 40 - 30
    for _ in range(3):
        old_world.run()
    assert {old_world.state(order_id) for order_id in order_ids} == {State.DONE}
    asked = [entry for entry in old_world.amazon.log if entry.target.endswith("/orderItems")]
    assert len(asked) == 40
    assert not any(entry.status == 429 for entry in old_world.amazon.log)


def test_a_missing_role_is_a_problem_and_no_obstacle(open_world):
    world = open_world()
    world.account.restricted_tokens.roles = frozenset()
    world.orders_api = "v0"
    world.restart()
    world.order()
    report = world.run()
    assert any("refuses buyerInfo" in problem for problem in report.read["shop"].problems)
    assert report.read["shop"].complete
    assert world.run().read["shop"].problems == ()


def test_stopped_in_the_middle(old_world):
    order_ids = [old_world.order() for _ in range(5)]
    old_world.amazon.faults.add(Fault("status", path="/orderItems", status=503, times=0, skip=2))
    old_world.run()
    old_world.amazon.faults.clear()
    old_world.restart()
    for _ in range(3):
        old_world.run(minutes=30)
    assert {old_world.state(order_id) for order_id in order_ids} == {State.DONE}


def test_many_orders_to_the_cent(amazon1c, open_shop):
    """The older version leads to the very documents of the newer one, but for orders that it cannot prove."""
    shop = open_shop(120, seed=7, rates={})
    planned = {}
    for version in ("2026-01-01", "v0"):
        shop.edit("adapter.yaml", "    region: EU\n", f'    region: EU\n    orders_api: "{version}"\n')
        planned[version] = plans(amazon1c, shop)
        shop.edit("adapter.yaml", f'    region: EU\n    orders_api: "{version}"\n', "    region: EU\n")
    new, old = planned["2026-01-01"], planned["v0"]
    written = {order_id: step for order_id, step in old.items() if step["verb"] == "create"}
    assert len(written) > 29 - 10  # as far as the budget for lines goes
    for order_id, step in written.items():
        assert (step["body"], step["total"]) == (new[order_id]["body"], new[order_id]["total"])
    for order_id, step in old.items():
        assert step["verb"] == new[order_id]["verb"] or any("add up" in reason for reason in step["reasons"])


def plans(amazon1c, shop):
    """What would become of each order."""
    code, out, _ = amazon1c("plan", "-c", shop.config, "--json")
    assert code == 0
    return {step["order_id"]: step for step in json.loads(out)["steps"]}
