"""`amazon1c check`: with the infobase, and with its `$metadata` in a file."""

from __future__ import annotations

import json
from urllib.request import Request, urlopen

import pytest

from adapter.mapping.presets import preset_path
from adapter.simulators.faults import Fault


def problems(out):
    return json.loads(out)["problems"]


@pytest.fixture
def saved(open_shop, tmp_path):
    """The stand-in's `$metadata` in a file."""
    shop = open_shop(0)
    settings = shop.config.read_text()
    address = next(line.split(": ")[1] for line in settings.splitlines() if line.startswith("  address:"))
    request = Request(f"{address}/$metadata", headers={"Authorization": "Basic b2RhdGE6b2RhdGE="})
    with urlopen(request) as answer:
        file = tmp_path / "metadata.xml"
        file.write_bytes(answer.read())
    return file


@pytest.fixture
def mapping(tmp_path):
    file = tmp_path / "own.yaml"
    file.write_bytes(preset_path("training").read_bytes())
    return file


def test_offline(amazon1c, saved, mapping):
    """Needs neither settings nor network."""
    code, out, err = amazon1c("check", "--mapping", mapping, "--metadata", saved)
    assert (code, err) == (0, "")
    assert "The infobase agrees with the mapping." in out
    assert "whether every lookup finds its element" in out
    code, out, _ = amazon1c("check", "--mapping", mapping, "--metadata", saved, "--json")
    assert (code, json.loads(out)) == (0, {"ok": True, "problems": []})


def test_offline_disagreement(amazon1c, saved, mapping):
    text = mapping.read_text().replace("        Quantity:", "        Qty:")
    mapping.write_text(text)
    line = text.splitlines().index("        Qty: {from: line.quantity}") + 1
    code, _, err = amazon1c("check", "--mapping", mapping, "--metadata", saved)
    assert code == 78
    path, message = (
        "documents.sales_order.rows.Products.Qty",
        'Document_SalesOrder has no property "Qty" in Products; did you mean "Quantity"?',
    )
    assert err == f"{mapping}:{line}:9 {path}: {message}\n"
    code, out, err = amazon1c("check", "--mapping", mapping, "--metadata", saved, "--json")
    assert (code, err) == (78, "")
    assert json.loads(out) == {
        "ok": False,
        "problems": [{"file": str(mapping), "line": line, "column": 9, "path": path, "message": message}],
    }


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "metadata.xml: cannot be read: No such file"),
        (b"<html><title>Sign in</title></html>", "this is not 1C's $metadata; save it from"),
        (b"<other/>", "this is not 1C's $metadata; save it from"),
        (b'<edmx:Edmx xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"><edmx:DataServices>', "save it again"),
        (b"", "this is not 1C's $metadata; save it from"),
    ],
    ids=["none", "HTML", "other XML", "cut off", "empty"],
)
def test_offline_without_metadata(amazon1c, mapping, tmp_path, content, expected):
    file = tmp_path / "metadata.xml"
    if content is not None:
        file.write_bytes(content)
    code, out, err = amazon1c("check", "--mapping", mapping, "--metadata", file)
    assert (code, out) == (78, "")
    assert expected in err
    assert "Traceback" not in err


@pytest.mark.parametrize("option", ["--mapping", "--metadata"])
def test_offline_takes_both(amazon1c, mapping, option):
    code, _, err = amazon1c("check", option, mapping)
    assert code == 2
    assert "belong together" in err


def test_problems_of_files_have_places(amazon1c, saved, mapping):
    """Broken YAML, a table of aliases, a missing file: what has no place has null for it."""
    table = mapping.parent / "products.csv"
    text = mapping.read_text().replace("  # aliases: products.csv", "  aliases: products.csv")
    mapping.write_text(text.replace("version: 1\n", "version: 2\n", 1))
    table.write_text("seller_sku;sku\nA;\n")
    found = problems(amazon1c("check", "--mapping", mapping, "--metadata", saved, "--json")[1])
    version, alias = sorted(found, key=lambda problem: problem["file"])
    assert (version["path"], version["column"]) == ("version", 10)
    assert alias == {"file": str(table), "line": 2, "column": None, "path": None, "message": '"sku" is empty'}
    table.unlink()
    missing = problems(amazon1c("check", "--mapping", mapping, "--metadata", saved, "--json")[1])
    assert any(problem["line"] is None and "there is no such file" in problem["message"] for problem in missing)


# -------------------- live


def test_live_as_json(amazon1c, open_shop):
    shop = open_shop(0)
    code, out, _ = amazon1c("check", "-c", shop.config, "--json")
    assert (code, json.loads(out)) == (0, {"ok": True, "problems": []})
    assert shop.writes() == []


def test_live_reads_anew(amazon1c, open_shop):
    """A kept schema never hides what has changed in 1C, and a check asks Amazon for no orders."""
    shop = open_shop(3)
    amazon1c("sync", "-c", shop.config)
    asked = sum("/orders" in entry.target for entry in shop.amazon.log)
    shop.onec.log.clear()
    amazon1c("check", "-c", shop.config)
    assert sum("metadata" in entry.target for entry in shop.onec.log) == 1
    assert sum("/orders" in entry.target for entry in shop.amazon.log) == asked


def test_sync_uses_the_kept_schema(amazon1c, open_shop):
    shop = open_shop(3)
    for _ in range(2):
        assert amazon1c("sync", "-c", shop.config)[0] == 0
    assert sum("metadata" in entry.target for entry in shop.onec.log) == 1


def test_a_lookup_that_finds_nothing(amazon1c, open_shop):
    shop = open_shop(0)
    shop.edit("mapping.yaml", '"Amazon retail"', '"Nobody"')
    code, out, _ = amazon1c("check", "-c", shop.config, "--json")
    assert code == 78
    assert [(problem["path"], problem["file"]) for problem in problems(out)] == [
        ("customers.match[1].pooled", str(shop.folder / "mapping.yaml"))
    ]
    assert "there is no Catalog_Customers with Description = 'Nobody'" in problems(out)[0]["message"]


def test_amazon_may_come_later(amazon1c, open_shop):
    shop = open_shop(0)
    (shop.folder / "credentials" / "amazon-demo-client-secret").unlink()
    code, out, _ = amazon1c("check", "-c", shop.config)
    assert code == 0
    assert "Not ready for Amazon yet: " in out
    assert "amazon-demo-client-secret is missing" in out


@pytest.mark.parametrize(
    ("break_it", "code", "expected"),
    [
        (lambda shop: shop.onec.faults.add(Fault("html", path="metadata", status=200, times=0)), 78,
         "a web server answered, not the OData interface (HTTP 200"),
        (lambda shop: (shop.folder / "credentials/onec-password").write_text("wrong"), 78,
         "user or password is wrong"),
        (lambda shop: shop.edit("adapter.yaml", "/training/", "/other/"), 78,
         "check the address and that the interface is published"),
        (lambda shop: shop.onec.faults.add(Fault("status", path="metadata", status=500, times=0)), 1,
         "if it stays so, publish fewer objects"),
        (lambda shop: shop.onec.faults.add(Fault("html", path="metadata", status=500, times=0)), 75, "HTTP 500"),
        (lambda shop: shop.onec.faults.add(Fault("lost", path="metadata", times=0)), 75, "gave no complete answer"),
        (lambda shop: shop.onec.faults.add(Fault("cut", path="metadata", times=0)), 75, "came broken or not whole"),
    ],
    ids=["HTML for XML", "401", "404", "500 of 1C", "500 of a server", "lost", "cut off"],
)  # fmt: skip
def test_one_clear_message(amazon1c, open_shop, break_it, code, expected):
    """Said once as text and once as JSON, with the same exit code; nothing is written."""
    shop = open_shop(0)
    break_it(shop)
    found, out, err = amazon1c("check", "-c", shop.config)
    assert (found, out) == (code, "")
    assert expected in err
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1
    found, out, err = amazon1c("check", "-c", shop.config, "--json")
    assert (found, err) == (code, "")
    assert [expected in problem["message"] for problem in problems(out)] == [True]
    assert shop.writes() == []


def test_a_deprecated_version_of_the_orders_api_is_named_with_its_end(amazon1c, open_shop):
    shop = open_shop(0)
    assert "Deprecated" not in amazon1c("check", "-c", shop.config)[1]
    shop.edit("adapter.yaml", "    region: EU\n", "    region: EU\n    orders_api: v0\n")
    code, out, _ = amazon1c("check", "-c", shop.config)
    assert code == 0
    assert "Deprecated: account demo is read by the Orders API v0, which Amazon ends on 2027-03-27; write" in out


# -------------------- with Amazon


def test_where_the_account_sells(amazon1c, open_shop):
    shop = open_shop(0)
    shop.account.sellers.countries = frozenset({"DE", "GB"})
    shop.account.sellers.suspended = frozenset({"DE"})
    code, out, err = amazon1c("check", "-c", shop.config)
    assert (code, err) == (0, "")
    assert "account demo: Nordwind Shop: DE, GB; listings are suspended in DE" in out.splitlines()


@pytest.mark.parametrize(
    ("marketplaces", "words"),
    [
        ("[DE, FR]", "the seller does not sell in FR (A13V1IB3VIYZZH), but in DE, GB"),
        ("[FR]", "the seller does not sell in FR (A13V1IB3VIYZZH), but in DE, GB"),
    ],
)
def test_an_account_that_does_not_fit(amazon1c, open_shop, marketplaces, words):
    """A marketplace too many is a problem for a check, although the others would be read."""
    shop = open_shop(0)
    shop.account.sellers.countries = frozenset({"DE", "GB"})
    shop.edit("adapter.yaml", "    region: EU", f"    region: EU\n    marketplaces: {marketplaces}")
    code, _, err = amazon1c("check", "-c", shop.config)
    assert code == 78
    assert f"account demo: {words}" in err


def test_amazon_does_not_answer(amazon1c, open_shop):
    shop = open_shop(0)
    shop.amazon.faults.add(Fault("status", path="/sellers/", times=0, status=503))
    code, out, _ = amazon1c("check", "-c", shop.config)
    assert code == 0
    assert "account demo: not checked: account demo: getMarketplaceParticipations: Amazon is unavailable" in out


def test_the_application_may_not_ask(amazon1c, open_shop):
    """The role for it may be missing: orders can be read all the same."""
    shop = open_shop(3)
    shop.amazon.faults.add(Fault("status", path="/sellers/", times=0, status=403))
    code, out, _ = amazon1c("check", "-c", shop.config)
    assert code == 0
    assert "not checked" in out
    assert amazon1c("sync", "-c", shop.config)[0] == 0


def test_a_revoked_authorisation(amazon1c, open_shop):
    shop = open_shop(0)
    shop.edit("credentials/amazon-demo-refresh-token", "Atzr|demo", "Atzr|old")
    code, _, err = amazon1c("check", "-c", shop.config)
    assert code == 78
    assert "account demo" in err
