"""The commands as an administrator and a clerk meet them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from adapter.ledger import Ledger
from adapter.ledger.wanted import Wanted
from adapter.model.wish import BACKFILL
from adapter.simulators.faults import Fault

ORDER_ID = re.compile(r"\d{3}-\d{7}-\d{7}")


def test_help_lists_every_command(amazon1c):
    code, out, _ = amazon1c("--help")
    assert code == 0
    for command in ("demo", "init", "check", "plan", "apply", "sync", "run", "status", "order", "held", "sandbox"):
        assert re.search(rf"^  {command} ", out, re.MULTILINE)


def test_demo(amazon1c):
    code, out, err = amazon1c("demo")
    assert (code, err) == (0, "")
    for title in ("1. The dry run", "2. The same plan", "3. What now stands in 1C", "4. Once more"):
        assert title in out
    assert re.search(r"requests that write, before: \d+, now: 0", out)
    assert re.search(r"\d+ orders are in 1C, to the cent; \d+ need a decision", out)


def test_check(amazon1c, open_shop):
    shop = open_shop(0)
    code, out, _ = amazon1c("check", "-c", shop.config)
    assert code == 0
    assert "The infobase agrees with the mapping." in out
    assert shop.writes() == []


@pytest.mark.parametrize("command", [("plan",), ("sync", "--dry-run")], ids=" ".join)
def test_dry_run_writes_nothing(amazon1c, open_shop, command):
    shop = open_shop(20)
    code, out, _ = amazon1c(*command, "-c", shop.config)
    assert code == 0
    assert "to create" in out
    assert shop.writes() == []
    code, out, _ = amazon1c("status", "-c", shop.config, "--json")
    assert json.loads(out)["orders"] == {}


def test_sync_twice(amazon1c, open_shop):
    shop = open_shop(20)
    first = json.loads(amazon1c("sync", "-c", shop.config, "--json")[1])
    created = first["counts"]["create"]
    assert created == len(shop.documents) > 10
    assert all(document["Posted"] for document in shop.documents)
    writes = len(shop.writes())
    second = json.loads(amazon1c("sync", "-c", shop.config, "--json")[1])
    assert "create" not in second["counts"]
    assert len(shop.writes()) == writes == 2 * created


def test_plan_and_apply(amazon1c, open_shop):
    shop = open_shop(20)
    file = shop.folder / "plan.json"
    assert amazon1c("plan", "-c", shop.config, "-o", file)[0] == 0
    assert file.stat().st_mode & 0o077 == 0
    planned = [step for step in json.loads(file.read_text())["steps"] if step["verb"] == "create"]
    code, out, _ = amazon1c("apply", file, "-c", shop.config, "--json")
    assert code == 0
    assert json.loads(out)["counts"]["create"] == len(planned) == len(shop.documents)
    assert {document["Number"] for document in shop.documents} == {step["order_id"] for step in planned}


def test_apply_refuses_when_something_changed(amazon1c, open_shop):
    shop = open_shop(20)
    file = shop.folder / "plan.json"
    amazon1c("plan", "-c", shop.config, "-o", file)
    shop.edit("mapping.yaml", 'text: "Amazon {order.id}', 'text: "From Amazon {order.id}')
    code, out, err = amazon1c("apply", file, "-c", shop.config)
    assert (code, out) == (1, "")
    assert "make a new plan" in err
    assert shop.writes() == []


def test_apply_refuses_what_is_no_plan(amazon1c, open_shop):
    shop = open_shop(0)
    code, _, err = amazon1c("apply", shop.config, "-c", shop.config)
    assert code == 78
    assert "no plan; make one with: amazon1c plan -o FILE" in err


def test_held_and_a_decision(amazon1c, open_shop):
    shop = open_shop(60)
    amazon1c("sync", "-c", shop.config)
    code, out, _ = amazon1c("held", "-c", shop.config)
    assert code == 0
    held = json.loads(amazon1c("held", "-c", shop.config, "--json")[1])
    assert f"{len(held)} held." in out
    assert all(entry["reasons"] for entry in held)
    undecided = next(entry for entry in held if len(entry["reasons"]) == 1 and "customer" in entry["reasons"][0])
    order_id = undecided["order_id"]
    customer = next(row for row in shop.infobase.rows("Catalog_Customers") if row["Description"] == "Amazon retail")

    code, out, _ = amazon1c("held", "choose-customer", order_id, customer["Ref_Key"], "-c", shop.config)
    assert code == 0
    amazon1c("sync", "-c", shop.config)
    document = next(document for document in shop.documents if document["Number"] == order_id)
    assert document["Customer_Key"] == customer["Ref_Key"]
    code, out, _ = amazon1c("order", order_id, "-c", shop.config)
    assert "sales_order: done, Document_SalesOrder" in out
    assert "new -> held" in out
    assert "intent -> done" in out


def test_order_as_json(amazon1c, open_shop):
    shop = open_shop(20)
    amazon1c("sync", "-c", shop.config)
    order_id = shop.documents[0]["Number"]
    history = json.loads(amazon1c("order", order_id, "-c", shop.config, "--json")[1])
    assert [event["to"] for event in history["history"]] == ["intent", "intent", "done"]
    assert [event["operation"] for event in history["history"]] == ["create", "post", "post"]
    assert history["documents"][0]["ref_key"] == shop.documents[0]["Ref_Key"]


def test_an_order_nobody_knows(amazon1c, open_shop):
    shop = open_shop(0)
    code, _, err = amazon1c("order", "111-1111111-1111111", "-c", shop.config)
    assert code == 1
    assert "Amazon has not shown an order 111-1111111-1111111 yet" in err


def test_status_tells_when_a_backlog_will_be_read(amazon1c, open_shop):
    shop = open_shop(1)
    now = datetime.now(UTC)
    wishes = [Wanted("demo", f"302-0000000-{number:07}", BACKFILL) for number in range(1225)]
    with Ledger.open(shop.folder / "state") as ledger:
        ledger.own(now).wanted.add(wishes, now)
    code, out, _ = amazon1c("status", "-c", shop.config)
    assert code == 0
    (line,) = [line for line in out.splitlines() if "backlog" in line]
    assert re.fullmatch(
        r"account demo: a backlog at Amazon \(1,225 one by one\), read by about \d{4}-\d\d-\d\d \d\d:\d\d UTC", line
    )
    told = json.loads(amazon1c("status", "-c", shop.config, "--json")[1])["backlog"]["demo"]
    assert (told["orders_by_search"], told["orders_one_by_one"]) == (0, 1225)
    assert datetime.fromisoformat(told["done_at"]) >= now.replace(microsecond=0) + timedelta(minutes=40)
    amazon1c("sync", "-c", shop.config)
    done = json.loads(amazon1c("status", "-c", shop.config, "--json")[1])
    assert 1225 - 100 < done["backlog"]["demo"]["orders_one_by_one"] <= 1225 - 25  # those asked for are not known there


def test_status(amazon1c, open_shop):
    shop = open_shop(20)
    amazon1c("sync", "-c", shop.config)
    code, out, _ = amazon1c("status", "-c", shop.config)
    data = json.loads(amazon1c("status", "-c", shop.config, "--json")[1])
    assert code == 0
    assert out.startswith(f"{data['in_1c']} of {data['wanted_in_1c']} orders are in 1C, to the cent.")
    assert data["in_1c"] == len(shop.documents)
    assert data["orders"] == {"demo": 20}
    assert sum(data["documents"].values()) == 20
    assert data["accounts"]["demo"]["refused_data_sets"] == []


def test_data_that_amazon_refuses(amazon1c, open_shop):
    shop = open_shop(5)
    shop.account.refuse_data("TAX")
    code, _, err = amazon1c("sync", "-c", shop.config)
    assert code == 0
    assert "account demo: Amazon refuses the data sets TAX" in err
    assert "Amazon refuses TAX since" in amazon1c("status", "-c", shop.config)[1]
    data = json.loads(amazon1c("status", "-c", shop.config, "--json")[1])
    assert data["accounts"]["demo"]["refused_data_sets"] == ["TAX"]
    assert shop.documents == []


@pytest.mark.parametrize(
    ("break_it", "code", "expected"),
    [
        (lambda shop: shop.edit("mapping.yaml", "Quantity:", "Qty:"), 78, 'did you mean "Quantity"'),
        (lambda shop: shop.edit("mapping.yaml", "documents:", "documents: ["), 78, "mapping.yaml:"),
        (lambda shop: shop.edit("adapter.yaml", "version: 1", "version: one"), 78, "adapter.yaml:1:10"),
        (lambda shop: (shop.folder / "mapping.yaml").unlink(), 78, "mapping.yaml"),
        (lambda shop: (shop.folder / "credentials/onec-password").write_text("wrong"), 78, "password"),
        (lambda shop: (shop.folder / "credentials/onec-password").unlink(), 78, "onec-password"),
        (lambda shop: (shop.folder / "credentials/amazon-demo-client-secret").write_text("wrong"), 78, "client"),
        (lambda shop: (shop.folder / "credentials/amazon-demo-refresh-token").write_text("wrong"), 78, "refresh"),
        (lambda shop: shop.edit("adapter.yaml", "/training/", "/other/"), 78, "check the address"),
        (lambda shop: shop.edit("mapping.yaml", '"Amazon retail"', '"Nobody"'), 78, "mapping.yaml:"),
        (lambda shop: shop.onec.faults.add(Fault("html", path="metadata", status=503, times=0)), 75, "503"),
        (lambda shop: shop.amazon.faults.add(Fault("status", path="/orders/", status=500, times=0)), 75, "demo"),
    ],
    ids=[
        "property", "broken YAML", "broken settings", "no mapping", "1C password", "no credential", "client secret",
        "refresh token", "address", "lookup", "1C down for maintenance", "Amazon down",
    ],
)  # fmt: skip
def test_one_clear_message(amazon1c, open_shop, break_it, code, expected):
    """A wrong name, password, address or file: one message, the right exit code, nothing written, no traceback."""
    shop = open_shop(20)
    break_it(shop)
    got, out, err = amazon1c("sync", "-c", shop.config)
    assert got == code
    assert expected in err
    assert "Traceback" not in out + err
    assert shop.writes() == []
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("side", ["amazon", "infobase"])
def test_a_side_that_is_down(amazon1c, open_shop, side):
    shop = open_shop(20)
    address = re.search(
        r"address: (http://[\d.:]+)" if side == "infobase" else r"endpoint: (.*)", shop.config.read_text()
    )
    shop.edit("adapter.yaml", address[1], "http://127.0.0.1:9")
    code, out, err = amazon1c("sync", "-c", shop.config)
    assert code == 75
    assert "127.0.0.1:9 cannot be reached" in err
    assert "Traceback" not in out + err
    assert shop.writes() == []


def test_settings_that_are_not_there(amazon1c, tmp_path):
    code, _, err = amazon1c("status", "-c", tmp_path / "none.yaml")
    assert code == 78
    assert "none.yaml" in err


def test_a_defect_shows_no_traceback(amazon1c, open_shop, monkeypatch):
    shop = open_shop(0)
    monkeypatch.setattr("adapter.assembly.open_ledger", lambda _: 1 / 0)
    code, _, err = amazon1c("status", "-c", shop.config)
    assert code == 70
    assert "This is a defect in amazon1c (ZeroDivisionError at" in err
    assert "Traceback" not in err


def test_mapping_commands(amazon1c):
    assert "training" in amazon1c("mapping", "list")[1].splitlines()
    assert amazon1c("mapping", "show", "training")[1].startswith("# What an Amazon order becomes")
    schema = json.loads(amazon1c("mapping", "schema")[1])
    assert schema["$schema"].startswith("https://json-schema.org/")
    code, _, err = amazon1c("mapping", "show", "trainng")
    assert code == 78
    assert 'did you mean "training"' in err


def test_sandbox_fault_that_cannot_be_read(amazon1c):
    code, _, err = amazon1c("sandbox", "onec", "--port", "0", "--fault", "action=vanish")
    assert code == 78
    assert "action must be one of" in err
