"""Several seller accounts and all three regions in one settings file, one infobase: each account stands alone."""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from adapter.assembly import now, open_parts
from adapter.demo import write_settings
from adapter.ledger import Ledger
from adapter.onec.client import InfobaseClient
from adapter.settings import load_settings
from adapter.simulators.amazon import Credentials, Rate, SellerAccount
from adapter.simulators.faults import Fault
from adapter.simulators.onec import Infobase, fill_training, load_model
from adapter.simulators.server import RunningServer, StandIn
from adapter.sync import Sync
from tests.world import Clock

REGIONS = ("NA", "EU", "FE")
ACCOUNT = """\
  - name: {name}
    seller_id: A0{region}SELLER
    region: {region}
    client_id: amzn1.application-oa2-client.demo
    read_from: "{since}"
    endpoint: {address}
    login_endpoint: {address}
"""


@dataclass
class Shops:
    """A stand-in account in each region, an infobase, and settings for all of them."""

    config: Path
    amazon: dict[str, StandIn]
    onec: StandIn
    infobase: Infobase

    def account(self, name: str) -> SellerAccount:
        service: Any = self.amazon[name].service
        return service  # type: ignore[no-any-return]

    def documents(self) -> dict[str, Decimal]:
        """Order id -> sum of the document."""
        return {
            row["Number"]: sum((Decimal(str(part["Amount"])) for part in row["Products"]), start=Decimal(0))
            for row in self.infobase.rows("Document_SalesOrder")
            if row["Posted"]
        }

    def of(self, name: str) -> set[str]:
        return set(self.account(name).order_ids())


@pytest.fixture
def shops(tmp_path):
    with ExitStack() as stack:
        infobase = Infobase(load_model("training"))
        fill_training(infobase)
        onec = StandIn(infobase)
        address = stack.enter_context(RunningServer(onec)).address
        config = write_settings(tmp_path, "http://127.0.0.1:1", address + infobase.publication)
        text = config.read_text(encoding="utf-8")
        head, _, rest = text.partition("accounts:\n")
        since = rest.split('read_from: "')[1][:10]
        amazon = {}
        for number, region in enumerate(REGIONS):
            account = SellerAccount(
                20, seed=3 + number, region=region, seller_id=f"A0{region}SELLER", refresh_token=f"Atzr|{region}"
            )
            amazon[region.lower()] = StandIn(account)
            address = stack.enter_context(RunningServer(amazon[region.lower()])).address
            head += "" if number else "accounts:\n"
            head += ACCOUNT.format(name=region.lower(), region=region, since=since, address=address)
            for name, value in (("client-secret", "amzn1.oa2-cs.v1.demo"), ("refresh-token", f"Atzr|{region}")):
                file = tmp_path / "credentials" / f"amazon-{region.lower()}-{name}"
                file.touch(mode=0o600)
                file.write_text(value, encoding="utf-8")
        config.write_text(head, encoding="utf-8")
        mapping = tmp_path / "mapping.yaml"
        mapping.write_text(mapping.read_text(encoding="utf-8") + "\nsafety: {max_held_share: 1}\n", encoding="utf-8")
        yield Shops(config, amazon, onec, infobase)


def planned(amazon1c, shops) -> dict[str, dict[str, dict[str, str]]]:
    """Account -> order id -> total of the document that would be created."""
    code, out, _ = amazon1c("plan", "-c", shops.config, "--json")
    assert code == 0
    found: dict[str, dict[str, dict[str, str]]] = {name: {} for name in shops.amazon}
    for step in json.loads(out)["steps"]:
        if step["verb"] == "create":
            found[step["account"]][step["order_id"]] = step["total"]
    return found


def test_all_regions_to_the_cent(amazon1c, shops):
    wanted = planned(amazon1c, shops)
    assert {name: bool(orders) for name, orders in wanted.items()} == {"na": True, "eu": True, "fe": True}
    code, out, err = amazon1c("sync", "-c", shops.config, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["failed"] == {}
    totals = {order_id: total for orders in wanted.values() for order_id, total in orders.items()}
    assert shops.documents() == {order_id: Decimal(total["amount"]) for order_id, total in totals.items()}
    for name, orders in wanted.items():
        for order_id, total in orders.items():
            told = shops.account(name).order(order_id)["proceeds"]["grandTotal"]
            assert total["currency"] == told["currencyCode"]
    assert {total["currency"] for total in totals.values()} >= {"USD", "EUR", "JPY"}
    code, out, _ = amazon1c("sync", "-c", shops.config, "--json")
    assert json.loads(out)["counts"].get("create", 0) == 0


def down(shops):
    shops.amazon["na"].faults.add(Fault("status", times=0, status=503))


def revoked(shops):
    shops.account("na").set_credentials(
        Credentials("amzn1.application-oa2-client.demo", "amzn1.oa2-cs.v1.demo", "Atzr|another")
    )
    shops.account("na").revoke_access_tokens()


def wrong_region(shops):
    shops.amazon["na"].service = SellerAccount(5, region="EU", refresh_token="Atzr|NA", seller_id="A0NASELLER")


def throttled(shops):
    shops.account("na").set_rate("searchOrders", Rate(0.001, 0))


def babble(shops):
    shops.amazon["na"].faults.add(Fault("html", path="/orders/", times=0, status=200))


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (down, 75, "Amazon is unavailable"),
        (revoked, 78, "account na"),
        (wrong_region, 78, "the refresh token is for the region EU, the settings say NA"),
        (throttled, 0, None),
        (babble, 75, "a web page came instead of an answer"),
    ],
)
def test_the_fault_of_one_account_is_its_own(amazon1c, shops, fault, code, words):
    wanted = planned(amazon1c, shops)
    others = {order_id: Decimal(total["amount"]) for name in ("eu", "fe") for order_id, total in wanted[name].items()}
    own = {order_id: Decimal(total["amount"]) for order_id, total in wanted["na"].items()}
    good = shops.amazon["na"].service
    fault(shops)
    found, out, err = amazon1c("sync", "-c", shops.config, "--json")
    failed = json.loads(out)["failed"]
    assert found == code, err
    assert shops.documents() == others
    assert set(failed) == ({"na"} if words else set())
    assert words is None or words in failed["na"]
    # Put right, it catches up, and the others stay as they are.
    shops.amazon["na"].service = good
    shops.amazon["na"].faults.clear()
    good.set_credentials(Credentials("amzn1.application-oa2-client.demo", "amzn1.oa2-cs.v1.demo", "Atzr|NA"))
    good.set_rate("searchOrders", Rate(1, 100))
    if fault is not throttled:  # after a 429 our own budget counts as empty, and three minutes are too long for a test
        assert amazon1c("sync", "-c", shops.config)[0] == 0
        assert shops.documents() == others | own


def test_a_silent_account_delays_nobody(amazon1c, shops):
    """One account gives no answer until the orders of the others stand in 1C."""
    wanted = planned(amazon1c, shops)
    others = {order_id for name in ("eu", "fe") for order_id in wanted[name]}
    written = threading.Event()
    silent, books = shops.amazon["na"].service, shops.onec.service

    class Silent:
        def handle(self, request):
            assert written.wait(60), "the other accounts were kept waiting"
            return silent.handle(request)

        def error(self, status):
            return silent.error(status)

    class Watched:
        def handle(self, request):
            answer = books.handle(request)
            if request.method in {"POST", "PATCH"} and set(shops.documents()) == others:
                written.set()
            return answer

        def error(self, status):
            return books.error(status)

    shops.amazon["na"].service, shops.onec.service = Silent(), Watched()
    code, out, err = amazon1c("sync", "-c", shops.config, "--json")
    assert (code, err, written.is_set()) == (0, "", True)
    assert set(shops.documents()) == {order_id for orders in wanted.values() for order_id in orders}
    assert json.loads(out)["counts"]["create"] == len(shops.documents())


def test_what_is_read_during_a_pause_waits_for_the_next_run(amazon1c, shops, monkeypatch):
    """One account is read after one session was refused: that is no failure, and nobody asks 1C again at once."""
    clock = Clock()
    clock.now = now()
    monkeypatch.setattr("adapter.assembly.now", clock)
    monkeypatch.setattr("adapter.assembly.InfobaseClient", partial(InfobaseClient, monotonic=lambda: 0.0))
    adapter_yaml = shops.config.read_text(encoding="utf-8")
    shops.config.write_text(adapter_yaml.replace("  user: odata", "  user: odata\n  sessions: 4"), encoding="utf-8")
    wanted = planned(amazon1c, shops)
    refused = threading.Event()
    slow, books = shops.amazon["na"].service, shops.onec.service
    shops.onec.faults.add(Fault("status", "POST", skip=6, status=406))

    class Slow:
        def handle(self, request):
            assert refused.wait(60), "no session was refused"
            return slow.handle(request)

        def error(self, status):
            return slow.error(status)

    class Refusing:
        def handle(self, request):
            return books.handle(request)

        def error(self, status):
            refused.set()
            return books.error(status)

    shops.amazon["na"].service, shops.onec.service = Slow(), Refusing()
    code, out, err = amazon1c("sync", "-c", shops.config, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["counts"]["later"] >= len(wanted["na"])
    assert not set(shops.documents()) & set(wanted["na"])
    assert sum(entry.status == 406 for entry in shops.onec.log) == 1

    clock.forward(minutes=1)
    assert amazon1c("sync", "-c", shops.config)[0] == 0
    assert set(shops.documents()) == {order_id for orders in wanted.values() for order_id in orders}


def test_a_defect_in_one_account_is_told_after_the_others_are_done(shops, monkeypatch):
    loaded = load_settings(shops.config)
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    with Ledger.open(None) as ledger, open_parts(loaded, ledger.own(now())) as parts:
        broken = parts.accounts[0].client

        def search(*_, **__):
            raise ZeroDivisionError

        broken.search = search
        with pytest.raises(ZeroDivisionError):
            Sync(parts).run()
    assert shops.documents()
    assert not set(shops.documents()) & shops.of("na")
