"""`amazon1c backfill` and order reports in files, as an administrator meets them."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from adapter.cli.backfill_progress import _bars, in_words
from adapter.ledger import Ledger
from adapter.ledger.backfills import OPEN, SEARCHED, STOPPED, Backfill, Progress
from adapter.reading.ranges import check_reach, earliest, read_range
from adapter.settings import load_settings
from adapter.simulators.amazon import SellerAccount
from adapter.simulators.amazon.order_reports import BY_ORDER_DATE, flat_file

NOW = datetime(2026, 11, 28, 16, 30, tzinfo=UTC)


def day(ago: int) -> str:
    return (datetime.now(UTC) - timedelta(days=ago)).date().isoformat()


@pytest.fixture
def shop(open_shop):
    return open_shop(60, spread=timedelta(days=5))


@pytest.fixture
def busy(shop):
    """The state directory of a service that is at work."""
    with Ledger.open(load_settings(shop.config).state_directory) as ledger:
        yield ledger.own(datetime.now(UTC))


def test_reads_old_orders_here_and_writes_nothing(amazon1c, shop):
    code, out, err = amazon1c("backfill", "-c", shop.config, "--since", day(5), "--json")
    (told,) = json.loads(out)
    assert (code, err) == (0, "")
    assert (told["account"], told["state"], told["way"]) == ("demo", "done", "search")
    assert told["orders_read"] == told["orders_known"] == 60
    assert shop.documents == []
    code, out, _ = amazon1c("backfill", "-c", shop.config, "--since", day(5))
    assert (code, "all 60 orders are read." in out, "amazon1c plan" in out) == (0, True, True)


def test_then_they_are_written_once(amazon1c, shop):
    amazon1c("backfill", "-c", shop.config, "--since", day(5))
    amazon1c("sync", "-c", shop.config, "--accept-unusual")
    written = {document["Number"] for document in shop.documents}
    assert len(written) == len(shop.documents) > 20
    amazon1c("backfill", "-c", shop.config, "--since", day(5))
    before = len(shop.writes())
    amazon1c("sync", "-c", shop.config, "--accept-unusual")
    assert len(shop.writes()) == before


def test_a_running_service_is_asked_to_do_it(amazon1c, shop, busy):
    code, out, _ = amazon1c("backfill", "-c", shop.config, "--since", day(200), "--no-wait")
    assert code == 0
    assert re.search(r"The service is running and reads them; it begins within \d+ minutes\.", out)
    assert "0 of 7 parts are known" in out
    assert busy.backfills.open("demo").way == "both"
    assert shop.amazon.log == []


def test_asked_for_twice_it_is_the_same(amazon1c, shop, busy):
    for _ in range(2):
        assert amazon1c("backfill", "-c", shop.config, "--since", day(200), "--no-wait")[0] == 0
    assert amazon1c("backfill", "-c", shop.config, "--no-wait")[0] == 0
    code, _, err = amazon1c("backfill", "-c", shop.config, "--since", day(100), "--no-wait")
    assert (code, "is under way; go on with it: amazon1c backfill, or end it before" in err) == (78, True)
    assert busy.backfills.last("demo").number == 1


def test_stop(amazon1c, shop, busy):
    amazon1c("backfill", "-c", shop.config, "--since", day(200), "--no-wait")
    assert "is ended; the orders read so far stay" in amazon1c("backfill", "-c", shop.config, "--stop")[1]
    assert busy.backfills.last("demo").state == STOPPED
    assert "No back-fill of demo is under way." in amazon1c("backfill", "-c", shop.config, "--stop")[1]


@pytest.fixture
def renamed(amazon1c, shop, busy):
    """A back-fill is under way when its account gets another name in the settings."""
    amazon1c("backfill", "-c", shop.config, "--since", day(200), "--no-wait")
    settings = shop.config.read_text()
    assert settings.count("name: demo\n") == 1
    shop.config.write_text(settings.replace("name: demo\n", "name: other\n"))
    for file in (shop.folder / "credentials").glob("amazon-demo-*"):
        file.rename(file.with_name(file.name.replace("-demo-", "-other-")))
    return shop


LEFT = (
    r"account demo: .* to .* UTC: 0 of 7 parts are known, 0 of 0 orders known so far are read; nobody goes on, for the "
    r"account is not in the settings\. Put it back, or end this: amazon1c backfill --stop --account demo\n"
)


def test_the_account_is_not_in_the_settings_any_more(amazon1c, renamed, busy):
    code, out, err = amazon1c("backfill", "-c", renamed.config)
    assert (code, out, bool(re.fullmatch(LEFT, err))) == (78, "", True)
    assert re.search(f"^Back-fill, {LEFT}", amazon1c("status", "-c", renamed.config)[1], re.MULTILINE)
    code, _, err = amazon1c("backfill", "-c", renamed.config, "--since", day(5), "--account", "demo")
    assert (code, "--account demo: there is no such account in the settings; there are: other" in err) == (78, True)
    # One of the new name is carried out all the same, and the other one is shown beside it.
    code, out, err = amazon1c("backfill", "-c", renamed.config, "--since", day(5), "--no-wait", "--json")
    assert (code, [each["account"] for each in json.loads(out)]) == (0, ["other"])
    assert re.search(LEFT, err)
    assert busy.backfills.accounts() == {"demo", "other"}


@pytest.mark.parametrize(
    ("options", "ended"),
    [
        ((), ["No back-fill of other is under way.", "The back-fill of demo"]),
        (("-a", "demo"), ["The back-fill of demo"]),
    ],
)
def test_and_it_can_be_ended(amazon1c, renamed, busy, options, ended):
    code, out, err = amazon1c("backfill", "-c", renamed.config, "--stop", *options)
    assert (code, err, [line.partition(" is ended")[0] for line in out.splitlines()]) == (0, "", ended)
    assert busy.backfills.last("demo").state == STOPPED
    code, _, err = amazon1c("backfill", "-c", renamed.config, "--stop", "-a", "demo")
    assert (code, "there is no such account in the settings" in err) == (78, True)


def test_what_was_left_is_gone_on_with(amazon1c, shop):
    amazon1c("backfill", "-c", shop.config, "--since", day(5), "--no-wait")
    with Ledger.open(load_settings(shop.config).state_directory) as ledger:
        assert ledger.backfills.open("demo").state == OPEN
        assert {window.state for window in ledger.backfills.windows(1)} != {SEARCHED}
    assert "all 60 orders are read." in amazon1c("backfill", "-c", shop.config)[1]


def test_status_shows_it(amazon1c, shop, busy):
    amazon1c("backfill", "-c", shop.config, "--since", day(200), "--no-wait")
    assert "0 of 7 parts are known" in amazon1c("status", "-c", shop.config)[1]
    (told,) = json.loads(amazon1c("status", "-c", shop.config, "--json")[1])["backfills"]
    assert (told["account"], told["parts"]) == ("demo", 7)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ((), "no back-fill is under way; begin one: amazon1c backfill --since 2026-01-31"),
        (("--until", "2026-01-01"), "--until needs --since"),
        (("--since", "yesterday"), "--since yesterday: no date; write it as 2026-01-31"),
        (("--since", "2999-01-01"), "lies in the future"),
        (("--since", "2015-06-01"), "Amazon keeps orders for two years, in Japan, Australia and Singapore since 2016"),
        (("--since", day(5), "--until", day(6)), "comes before --since"),
        (("--since", day(5), "--account", "other"), "no such account in the settings; there are: demo"),
    ],
)
def test_clear_messages(amazon1c, shop, options, problem):
    code, _, err = amazon1c("backfill", "-c", shop.config, *options)
    assert (code, err.count("\n"), "Traceback" in err) == (78, 1, False)
    assert problem in err


def test_amazon_lets_nobody_in(amazon1c, shop):
    (shop.folder / "credentials" / "amazon-demo-refresh-token").write_text("Atzr|other\n")
    code, out, err = amazon1c("backfill", "-c", shop.config, "--since", day(5))
    assert (code, "authorise the application for this seller again" in err) == (78, True)
    assert "0 of 1 parts are known" in out  # it stays open, to be gone on with


# -------------------- dates


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2026-11-01", None, ("2026-11-01T00:00:00+00:00", "2026-11-28T16:27:00+00:00")),
        ("2026-11-01", "2026-11-05", ("2026-11-01T00:00:00+00:00", "2026-11-05T23:59:59+00:00")),
        ("2026-11-01", "2026-11-28", ("2026-11-01T00:00:00+00:00", "2026-11-28T16:27:00+00:00")),
        ("2026-11-01T00:00+01:00", "2026-11-05T12:00", ("2026-10-31T23:00:00+00:00", "2026-11-05T12:00:00+00:00")),
        ("2026-11-01", "2026-11-28T16:29Z", ("2026-11-01T00:00:00+00:00", "2026-11-28T16:27:00+00:00")),
    ],
)
def test_ranges(since, until, found):
    assert tuple(moment.isoformat() for moment in read_range(since, until, NOW)) == found


def test_how_far_back_amazon_tells():
    japan, germany = "A1VC38T7YXB528", "A1PA6795UKMFR9"
    assert earliest([japan], NOW).isoformat() == "2016-01-01T00:00:00+00:00"
    assert earliest([japan, germany], NOW) == earliest([germany], NOW) == datetime(2024, 11, 28, tzinfo=UTC)
    assert earliest([germany], datetime(2028, 2, 29, tzinfo=UTC)) == datetime(2026, 2, 28, tzinfo=UTC)
    check_reach("shop", datetime(2024, 11, 28, tzinfo=UTC), [germany], NOW)
    check_reach("shop", datetime(2016, 11, 28, tzinfo=UTC), [japan], NOW)


# -------------------- reports in files


@pytest.fixture(scope="module")
def report():
    account = SellerAccount(30, seed=3)
    return flat_file([account.order(order_id) for order_id in account.order_ids()], BY_ORDER_DATE)


@pytest.mark.parametrize(
    ("encoding", "pack", "options"),
    [
        ("cp1252", False, ()),
        ("utf-8-sig", False, ()),
        ("utf-16", False, ()),
        ("utf-8", True, ()),
        ("cp1252", False, ("--charset", "Cp1252")),
    ],
)
def test_order_reports_are_read(amazon1c, tmp_path, report, encoding, pack, options):
    file = tmp_path / "report.txt"
    body = report.encode(encoding, "replace")
    file.write_bytes(gzip.compress(body) if pack else body)
    code, out, err = amazon1c("read-orders", file, "--json", *options)
    told = json.loads(out)
    assert (code, err, told["problems"], len(told["orders"])) == (0, "", [], 30)
    assert "total" in told["not_told"]
    code, out, err = amazon1c("read-orders", file, *options)
    assert (code, err) == (0, "")
    assert "30 orders" in out
    assert "A report does not tell: Amazon's own total" in out


def test_sums_of_a_report(amazon1c, tmp_path):
    file = tmp_path / "report.txt"
    header = "amazon-order-id\tsku\tquantity\tcurrency\titem-price\titem-tax\tshipping-price\n"
    lines = ["1\tA\t2\tEUR\t10.10\t1.61\t", "2\tB\t1\tGBP\t5\t\t", "1\tC\t1\tEUR\t0.20\t\t4.90", "3\tD\t1\t\t\t\t"]
    file.write_text(header + "\n".join([*lines, "3\tD\t1\t\tfree\t\t", "2\tB\t1\tGBP\t5\t\t"]))
    code, out, err = amazon1c("read-orders", file)
    sums = [line.split() for line in out.split("Sums of all:")[1].splitlines()[1:-1]]
    assert sums == [
        ["item-price", "10.30", "EUR"], ["item-tax", "1.61", "EUR"], ["shipping-price", "4.90", "EUR"],
        ["item-price", "10", "GBP"],
    ]  # fmt: skip
    assert (code, "no amounts" in out) == (0, True)
    assert err == (
        'order 3: item-price is no amount: "free"\n'
        "order 2: 1 of its lines come twice in the same words; all are counted\n"
    )


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "it is empty. Give a saved answer of the Orders API (JSON), or the order report"),
        (b"order-id\tsku\n", 'no column amazon-order-id; it begins with "order-id sku"'),
        (b"\x89PNG\r\n\x1a\n\0\0", "no report of orders"),
        (b"\x1f\x8b\x08\x00\x00", "a damaged gzip file; download it once more"),
        (b"{broken", "no complete JSON"),
    ],
)
def test_wrong_files(amazon1c, tmp_path, body, problem):
    file = tmp_path / "file"
    file.write_bytes(body)
    code, out, err = amazon1c("read-orders", file)
    assert (code, out, err.count("\n")) == (78, "", 1)
    assert problem in err


def test_no_file(amazon1c, tmp_path):
    code, _, err = amazon1c("read-orders", tmp_path / "none")
    assert (code, "cannot be read: No such file" in err) == (78, True)


# -------------------- how far it is


def test_a_bar_on_a_terminal(capsys):
    since = NOW - timedelta(days=60)
    asked = Backfill(1, "demo", since, NOW, "both", NOW)
    with _bars([asked]) as (draw, problem):
        draw(asked, Progress(2, 1, 400, 100, 0.5))
        problem("[shop] Amazon is away")
    shown = capsys.readouterr().out
    assert "300 of 400 orders" in shown
    assert "38%" in shown  # half of the time, three quarters of its orders
    assert "[shop] Amazon is away" in shown


@pytest.mark.parametrize(
    ("state", "progress", "words"),
    [
        (OPEN, Progress(4, 1, 4000, 3000, 0.25), "1 of 4 parts are known, 1,000 of 4,000 orders known so far are read"),
        (OPEN, Progress(4, 1, 4000, 3000, 0.25), "about 1.7 hours for the rest of them"),
        (OPEN, Progress(4, 1, 70, 60, 0.25), "about 2 minutes for the rest of them"),
        (STOPPED, Progress(4, 1, 70, 0, 0.25), "ended by a person; 70 orders were read."),
        ("failed", Progress(4, 1, 70, 0, 0.25), "given up: no role. 70 of 70 orders known so far are read."),
    ],
)
def test_in_words(state, progress, words):
    told = Backfill(1, "demo", NOW - timedelta(days=60), NOW, "both", NOW, state, "no role")
    assert words in in_words(told, progress)
