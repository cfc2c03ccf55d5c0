"""The demonstration: both stand-ins in this process, and the true way of an order between them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapter.assembly import open_parts
from adapter.ledger import Ledger
from adapter.mapping.presets import preset_path
from adapter.planning.report import plan_as_text
from adapter.settings import load_settings
from adapter.simulators.amazon import SellerAccount
from adapter.simulators.onec import Infobase, fill_training, load_model
from adapter.simulators.server import RunningServer, StandIn
from adapter.sync import Sync

Echo = Callable[[str], Any]

_SETTINGS = """\
version: 1
state_directory: state
credentials_directory: credentials
mapping: mapping.yaml
infobase:
  address: {infobase}
  user: odata
accounts:
  - name: demo
    seller_id: {seller}
    region: EU
    client_id: amzn1.application-oa2-client.demo
    read_from: "{since}"
    endpoint: {amazon}
    login_endpoint: {amazon}
"""


def run_demo(orders: int, seed: int, echo: Echo, *, width: int = 140, color: bool = False) -> None:
    """Orders come in, a plan is shown, carried out, looked at in the infobase, and made once more."""
    account = StandIn(SellerAccount(orders, seed=seed))
    infobase = Infobase(load_model("training"))
    fill_training(infobase)
    books = StandIn(infobase)
    with (
        tempfile.TemporaryDirectory(prefix="amazon1c-demo-") as folder,
        RunningServer(account) as amazon,
        RunningServer(books) as onec,
    ):
        config = write_settings(Path(folder), amazon.address, onec.address + infobase.publication)
        echo(f"A stand-in for Amazon at {amazon.address} ({orders} orders), one for 1C at {onec.address}.\n")
        _show(config, infobase, books, echo, width=width, color=color)


def _show(config: Path, infobase: Infobase, books: StandIn, echo: Echo, *, width: int, color: bool) -> None:
    loaded = load_settings(config)
    with (
        Ledger.open(loaded.state_directory) as ledger,
        open_parts(loaded, ledger.own(datetime.now(UTC))) as parts,
    ):
        sync = Sync(parts)
        echo("1. The dry run: what each order would become. Nothing is written.\n")
        plan, _ = sync.plan()
        echo(plan_as_text(plan, color=color, width=width, all_steps=True))
        echo("2. The same plan, carried out.\n")
        report = sync.run()
        echo("   " + ", ".join(f"{count} {verb}" for verb, count in sorted(report.outcome.counts.items())) + "\n")
        echo("3. What now stands in 1C (Document_SalesOrder):\n")
        echo(_documents(infobase))
        written = _writes(books)
        echo("4. Once more: nothing is written twice.\n")
        again = sync.run()
        echo("   " + ", ".join(f"{count} {verb}" for verb, count in sorted(again.outcome.counts.items())))
        echo(f"   requests that write, before: {written}, now: {_writes(books) - written}\n")
    held = report.outcome.counts["held"]
    echo(f"{report.outcome.counts['create']} orders are in 1C, to the cent; {held} need a decision.")


def _documents(infobase: Infobase) -> str:
    customers = {row["Ref_Key"]: row["Description"] for row in infobase.rows("Catalog_Customers")}
    lines = [f"   {'Number':<22}{'Date':<21}{'Customer':<34}{'Rows':>5}{'Amount':>12}  Posted"]
    for row in infobase.rows("Document_SalesOrder"):
        amount = sum(product["Amount"] for product in row["Products"])
        customer = customers.get(row["Customer_Key"], "?")
        lines.append(
            f"   {row['Number']:<22}{row['Date']:<21}{customer[:32]:<34}{len(row['Products']):>5}{amount:>12.2f}"
            f"  {'yes' if row['Posted'] else 'no'}"
        )
    return "\n".join(lines) + "\n"


def _writes(stand_in: StandIn) -> int:
    return sum(entry.method not in {"GET", "HEAD"} for entry in stand_in.log)


def write_settings(folder: Path, amazon: str, infobase: str) -> Path:
    """Settings, mapping and credentials as an administrator would lay them out."""
    since = (datetime.now(UTC) - timedelta(days=30)).date().isoformat()
    config = folder / "adapter.yaml"
    seller = SellerAccount().seller_id
    config.write_text(_SETTINGS.format(infobase=infobase, amazon=amazon, seller=seller, since=since), encoding="utf-8")
    (folder / "mapping.yaml").write_bytes(preset_path("training").read_bytes())
    secrets = folder / "credentials"
    secrets.mkdir(mode=0o700)
    for name, value in {
        "onec-password": "odata",
        "amazon-demo-client-secret": "amzn1.oa2-cs.v1.demo",
        "amazon-demo-refresh-token": "Atzr|demo",
    }.items():
        handle = os.open(secrets / name, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(value + "\n")
    return config
