"""`amazon1c match` on files of one's own."""

from __future__ import annotations

import csv
import json

import pytest

from tests.benchmarks.customers.catalog import Catalog
from tests.benchmarks.customers.files import write
from tests.benchmarks.customers.labels import MUST
from tests.benchmarks.customers.languages import use_own_lists
from tests.benchmarks.judge import Decision, judge

CUSTOMERS = """customer_id,kind,name,full_name,email,phone,postal_code,city,country,vat_id
K1,person,Щербаков Евгений Юрьевич,,e7@marketplace.amazon.de,+49 30 5551234,10115,Berlin,DE,
K2,person,Müller Hans,,,+49 89 7776655,80331,München,DE,
K3,company,ООО Ромашка,,,,01001,Київ,UA,UA123456789
"""
QUERIES = """query_id,buyer_name,recipient_name,company_name,email,phone,postal_code,city,country,vat_id
3,Evgenii Shcherbakov,Evgenii Shcherbakov,,e7@marketplace.amazon.de,,10115,Berlin,DE,
1,Hans Mueller,Hans Mueller,,,+49 (0)89 7776655,80331,München,DE,
2,Wolfgang Schröder,Wolfgang Schröder,,x@marketplace.amazon.de,,99084,Erfurt,DE,
"""


@pytest.fixture
def files(tmp_path):
    customers, queries = tmp_path / "customers.csv", tmp_path / "queries.csv"
    customers.write_text(CUSTOMERS, encoding="utf-8")
    queries.write_text(QUERIES, encoding="utf-8")
    return ("--customers", customers, "--queries", queries)


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_every_query_gets_a_row_in_its_order(amazon1c, files, tmp_path):
    results = tmp_path / "results.csv"
    code, out, _ = amazon1c("match", *files, "--results", results)
    assert code == 0
    assert [row[:3] for row in rows(results)] == [
        ["query_id", "decision", "customer_id"],
        ["3", "accept", "K1"],
        ["1", "accept", "K2"],
        ["2", "none", ""],
    ]
    assert rows(results)[1][3].split("|")[0] == "K1"
    assert "3 orders: 2 accepted, 0 to review, 1 none." in out


def test_explain(amazon1c, files):
    code, out, _ = amazon1c("match", *files, "--explain", "3")
    assert code == 0
    assert out.startswith("3: accept K1\n")
    assert "Щербаков" in out


def test_explain_of_a_query_that_is_not_there(amazon1c, files):
    code, _, err = amazon1c("match", *files, "--explain", "7")
    assert code == 78
    assert 'there is no query "7"' in err


def test_the_index_can_be_kept(amazon1c, files, tmp_path):
    first, second, third = (tmp_path / f"{number}.csv" for number in range(3))
    kept = tmp_path / "kept"
    amazon1c("match", *files, "--results", first, "--index", kept)
    (file,) = kept.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    amazon1c("match", *files, "--results", second, "--index", kept)
    file.write_bytes(b"damaged")
    code, _, _ = amazon1c("match", *files, "--results", third, "--index", kept)
    assert code == 0
    assert rows(first) == rows(second) == rows(third)
    customers = tmp_path / "customers.csv"
    customers.write_text(CUSTOMERS.replace("K2,", "K9,"), encoding="utf-8")
    amazon1c("match", *files, "--results", first, "--index", kept)
    assert rows(first)[2][:3] == ["1", "accept", "K9"]
    assert len(list(kept.iterdir())) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "are needed"),
        (("--self-check", "--results", "x.csv"), "leave --customers and the like out"),
        (("--sure", "2"), "less than or equal to 1"),
        (("--name-alone", "maybe"), "maybe"),
    ],
)
def test_the_command_line_is_wrong(amazon1c, arguments, says):
    code, _, err = amazon1c("match", *arguments)
    assert code == 2
    assert says in err


def test_a_wrong_file_leaves_no_results(amazon1c, files, tmp_path):
    queries = tmp_path / "queries.csv"
    queries.write_text(QUERIES + "4,too,few\n", encoding="utf-8")
    code, _, err = amazon1c("match", *files, "--results", tmp_path / "results.csv")
    assert code == 78
    assert f"{queries}:5: 3 cells, but 10 headings" in err
    assert not (tmp_path / "results.csv").exists()


def test_names_alone_decide_where_there_is_nothing_else(amazon1c, tmp_path):
    customers, queries, results = (tmp_path / name for name in ("customers.csv", "queries.csv", "results.csv"))
    customers.write_text("customer_id,name\nK1,Щербаков Евгений Юрьевич\nK2,Müller Hans\n", encoding="utf-8")
    queries.write_text("query_id,buyer_name\n1,Evgenii Shcherbakov\n", encoding="utf-8")
    files = ("--customers", customers, "--queries", queries, "--results", results)
    amazon1c("match", *files)
    assert rows(results)[1][:3] == ["1", "accept", "K1"]
    amazon1c("match", *files, "--name-alone", "never")
    assert rows(results)[1][:3] == ["1", "review", ""]


def test_a_made_up_shop(amazon1c, tmp_path):
    """The whole command on a thousand customers, compared with the truth."""
    use_own_lists()
    orders = write(tmp_path, Catalog(seed=21, size=1000), 300)
    results = tmp_path / "results.csv"
    code, _, _ = amazon1c(
        *("match", "--customers", tmp_path / "customers.csv"),
        *("--queries", tmp_path / "queries.csv", "--results", results),
    )
    assert code == 0
    found = rows(results)[1:]
    assert [row[0] for row in found] == [order.query_id for order in orders]
    decisions = {row[0]: Decision(row[1], tuple(row[3].split("|"))) for row in found}
    judged = judge(orders, decisions)
    assert judged.errors == []
    assert judged.decidable.hits > 0.9 * sum(order.label == MUST for order in orders)


# -------------------- the live catalog


def test_self_check_of_orders(amazon1c, open_shop):
    """The orders of the ledger, against the catalog as it was read; 1C is not asked again."""
    shop = open_shop(orders=12)
    assert amazon1c("sync", "-c", shop.config)[0] in {0, 1}
    before = len(shop.onec.log)
    code, out, err = amazon1c("match", "--self-check", "-c", shop.config)
    assert (code, err) == (0, "")
    assert "12 orders of the ledger" in out
    assert "Were that customer not in the catalog, 0 of them would go to somebody else." in out
    assert len(shop.onec.log) == before
    code, out, _ = amazon1c("match", "--self-check", "-c", shop.config, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["orders"]["asked"] == 12
    assert found["orders"]["accepted"] > 0
    assert found["orders"]["wrong"] == found["customers"]["wrong"] == 0
    assert found["orders"]["wrong_share_at_most"] == pytest.approx(min(1, 3 / found["orders"]["accepted"]))


def test_self_check_without_orders(amazon1c, open_shop):
    """Nothing in the ledger yet: the customers stand for orders, read from 1C for this once."""
    shop = open_shop(orders=0)
    code, out, _ = amazon1c("match", "--self-check", "-c", shop.config)
    assert code == 0
    assert "0 orders of the ledger" in out
    assert "customers, each asked for as if they ordered" in out
