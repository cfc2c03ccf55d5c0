"""What the tests of all presets share: each preset against a stand-in of its configuration, with the same orders."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import httpx
import pytest

from adapter.assembly import open_parts
from adapter.demo import write_settings
from adapter.http import HttpClient
from adapter.ledger import Ledger
from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_path
from adapter.mapping.rules import DocumentRule, Rules
from adapter.model.schema import Schema
from adapter.onec.client import InfobaseClient
from adapter.onec.documents import Documents
from adapter.onec.metadata import parse_metadata
from adapter.onec.query import LONGEST_LINE
from adapter.parts import Parts
from adapter.planning.plan import Plan
from adapter.settings import load_settings
from adapter.simulators.amazon import SellerAccount
from adapter.simulators.onec import Infobase, Model, Modes, load_model
from adapter.simulators.onec.fillings import FILLINGS
from adapter.simulators.server import LogEntry, Request, StandIn
from adapter.sync import Report, Sync
from tests.conftest import StandInTransport


@dataclass(frozen=True)
class Columns:
    """The names of what the arithmetic of a row is about.

    Attributes:
        vat: VAT of the row; `total`: with VAT; empty where the configuration has no such column.
        included: property of the header that says whether the sums contain the VAT; empty: they always do.
    """

    section: str
    quantity: str
    price: str
    amount: str
    vat: str = ""
    total: str = ""
    included: str = ""


@dataclass(frozen=True)
class Preset:
    """A preset: `mappings/<name>.yaml`, with the model and the filling of the same name.

    Attributes:
        whole: name of the files about the whole configuration in the folder of facts, where it is another.
        orders: for each seed; of the three together every preset makes at least 300 documents, the rest is rightly
            held. Where only names can be compared, more of them are left to a person.
    """

    name: str
    columns: tuple[Columns, ...]
    whole: str = ""
    orders: int = 134

    def facts(self, kind: str, ending: str) -> Path:
        """A file about the whole configuration; the test is skipped where it is not at hand."""
        path = f"onec/metadata/{kind}/{self.whole or self.name}.{ending}"
        folder = shared_folder()
        if folder is None or not (folder / path).is_file():
            pytest.skip(f"there is no {path} in ../shared or AMAZON1C_SHARED")
        return folder / path


UT_ROWS = Columns("Товары", "КоличествоУпаковок", "Цена", "Сумма", "СуммаНДС", "СуммаСНДС", "ЦенаВключаетНДС")
ENGLISH_ROWS = Columns("Inventory", "Quantity", "Price", "Amount", "VATAmount", "Total", "AmountIncludesVAT")

BY_NAME = 166

PRESETS = (
    Preset("ut-11.5", (UT_ROWS,)),
    Preset("bas-erp", (UT_ROWS,), orders=BY_NAME),
    Preset("unf-3.0", (Columns("Запасы", "Количество", "Цена", "Сумма", "СуммаНДС", "Всего", "СуммаВключаетНДС"),)),
    Preset("bp-3.0", (Columns("Товары", "Количество", "Цена", "Сумма", "СуммаНДС", included="СуммаВключаетНДС"),)),
    Preset(
        "bas-accounting",
        tuple(
            Columns(section, "Количество", "Цена", "Сумма", "СуммаНДС", included="СуммаВключаетНДС")
            for section in ("Товары", "Услуги")
        ),
        orders=BY_NAME,
    ),
    Preset("small-business", (ENGLISH_ROWS,), "small-business-en"),
    Preset("drive", (ENGLISH_ROWS,), orders=BY_NAME),
    Preset("accounting-suite", (Columns("LineItems", "QtyUnits", "PriceUnits", "LineTotal"),)),
)

SEEDS = (3, 7, 11)
STYLES: Mapping[int, tuple[int, bool]] = {3: (-1, True), 5: (1, False), 7: (1, True), 11: (-1, False)}
"""How Amazon signs discounts, and whether totals contain the tax that it collects, by seed."""


def shared_folder() -> Path | None:
    """The folder of facts beside the checkout, or where AMAZON1C_SHARED says; None where there is none."""
    named = os.environ.get("AMAZON1C_SHARED")
    for folder in (Path(named) if named else None, Path(__file__).parents[3] / "shared"):
        if folder is not None and (folder / "onec/metadata").is_dir():
            return folder
    return None


def whole_model(preset: Preset) -> Model:
    """The model of the whole configuration; how sums follow and what posting demands is our own model's word."""
    own = {item.entity_set: item for item in load_model(preset.name).objects}
    model = load_model(preset.facts("models", "json"))
    objects = (
        replace(
            item,
            recalculate=own[item.entity_set].recalculate,
            posting_demands=own[item.entity_set].posting_demands,
        )
        if item.entity_set in own
        else item
        for item in model.objects
    )
    return replace(model, objects=tuple(objects))


def open_infobase(preset: Preset, model: Model | None = None) -> Infobase:
    """A stand-in of the preset's configuration, filled with what its orders need."""
    modes = Modes(patch_of_posted="refused", longest_line=LONGEST_LINE)
    infobase = Infobase(model or load_model(preset.name), modes=modes)
    FILLINGS[preset.name](infobase)
    return infobase


@cache
def schema_of(name: str) -> Schema:
    """What the stand-in of a configuration publishes."""
    infobase = Infobase(load_model(name))
    headers = {"authorization": httpx.BasicAuth("odata", "odata")._auth_header}
    return parse_metadata(infobase.handle(Request("GET", f"{infobase.publication}/$metadata", headers, b"")).body)


@dataclass
class Run:
    """What became of the orders: the plan made before, the report of the run, and the infobase after it.

    Attributes:
        started: the requests to 1C before the first order was delivered: schema, catalogs, lookups.
        delivered: those after.
        ledger: in memory, for it is not what is tested here.
    """

    preset: Preset
    rules: Rules
    infobase: Infobase
    onec: StandIn
    folder: Path
    amazon: Mapping[str, StandIn]
    ledger: Ledger
    plan: Plan = field(default_factory=Plan)
    report: Report = field(default_factory=Report)
    started: Sequence[LogEntry] = ()
    delivered: Sequence[LogEntry] = ()

    def is_tax_collected(self, row: Mapping[str, Any]) -> bool:
        """Whether Amazon collects the tax of a document's order itself."""
        (order,) = [
            stand_in.service.order(order_id)
            for stand_in in self.amazon.values()
            for order_id in stand_in.service.order_ids()
            if order_id in self.order_id(row)
        ]
        taxes = [item.get("tax", {}) for item in order["orderItems"]]
        schemes = [part["reportingScheme"] for tax in taxes for part in tax.get("taxCalculationBreakdowns", ())]
        return bool(schemes) or any(tax.get("taxCollections") for tax in taxes)

    @property
    def rule(self) -> DocumentRule:
        """Of the one document that presets write."""
        (rule,) = self.rules.documents.values()
        return rule

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The documents in the infobase."""
        return self.infobase.rows(self.rule.entity_set)

    def order_id(self, row: Mapping[str, Any]) -> str:
        """What stands in the property that carries the order id."""
        return str(row[self.rule.order_id])

    def sum_of(self, row: Mapping[str, Any]) -> Decimal:
        """What the document amounts to, read where the mapping says."""
        total = self.rule.total
        lines = [line for section in total.sections() for line in row[section]] or [row]
        return sum((number(line[name]) for line in lines for name in total.properties()), Decimal())

    def documents(self) -> Documents:
        """The documents as the adapter reads them."""
        return Documents(self.client(), schema_of(self.preset.name))

    def client(self) -> InfobaseClient:
        """A connection to the infobase."""
        http = HttpClient("https://1c.test", transport=StandInTransport(self.onec))
        return InfobaseClient(http, f"https://1c.test{self.infobase.publication}", "odata", "odata")

    @contextmanager
    def parts(self) -> Iterator[Parts]:
        """The adapter's parts.

        Connections lead to the stand-ins in this process: what is tested here is what is asked, not how it travels.
        """

        def connect(origin: str, **options: Any) -> HttpClient:
            host = str(urlsplit(origin).hostname)
            stand_in = self.onec if host == "1c.test" else self.amazon[host]
            return HttpClient(origin, **options, transport=StandInTransport(stand_in))

        loaded = load_settings(self.folder / "adapter.yaml")
        with mock.patch("adapter.assembly.HttpClient", connect), open_parts(loaded, self.ledger) as parts:
            yield parts

    def lose_ledger(self) -> None:
        """Go on with an empty one."""
        self.ledger.close()
        self.ledger = new_ledger()


def open_run(
    preset: Preset,
    seeds: Sequence[int],
    folder: Path,
    *,
    orders: int | None = None,
    edit: Callable[[str], str] = lambda text: text,
    prepare: Callable[[Infobase], object] = lambda _: None,
    model: Model | None = None,
) -> Run:
    """An infobase and a seller account for each seed, before anything is read."""
    infobase = open_infobase(preset, model)
    prepare(infobase)
    wanted = preset.orders if orders is None else orders
    amazon = {f"amazon{seed}.test": StandIn(_seller(wanted, seed)) for seed in seeds}
    config = write_settings(folder, "https://amazon.test", f"https://1c.test{infobase.publication}")
    config.write_text(_with_accounts(config.read_text(encoding="utf-8"), seeds), encoding="utf-8")
    secrets = folder / "credentials"
    for seed in seeds:
        for name in ("client-secret", "refresh-token"):
            shutil.copy(secrets / f"amazon-demo-{name}", secrets / f"amazon-demo{seed}-{name}")
    text = edit(preset_path(preset.name).read_text(encoding="utf-8"))
    (folder / "mapping.yaml").write_text(text, encoding="utf-8")
    rules = load_mapping(folder / "mapping.yaml").rules
    return Run(preset, rules, infobase, StandIn(infobase), folder, amazon, new_ledger())


def new_ledger() -> Ledger:
    """An empty ledger in memory."""
    return Ledger.open(None).own(datetime.now(UTC))


def _seller(orders: int, seed: int) -> SellerAccount:
    sign, inside = STYLES[seed]
    return SellerAccount(
        orders, seed=seed, discount_sign=sign, collected_tax_inside=inside, seller_id=f"A0DEMOSELLER{seed:02}"
    )


def _with_accounts(settings: str, seeds: Sequence[int]) -> str:
    """The settings with an account for each seed instead of the one that they have."""
    head, accounts, account = settings.partition("accounts:\n")
    head = head.replace("  user: odata", "  user: odata\n  sessions: 1")
    made = (
        account.replace("name: demo", f"name: demo{seed}")
        .replace("amazon.test", f"amazon{seed}.test")
        .replace("A0DEMOSELLER00", f"A0DEMOSELLER{seed:02}")
        for seed in seeds
    )
    return head + accounts + "".join(made)


def run_preset(
    preset: Preset,
    seeds: Sequence[int],
    folder: Path,
    edit: Callable[[str], str] = lambda text: text,
    prepare: Callable[[Infobase], object] = lambda _: None,
    model: Model | None = None,
    sell: Callable[[SellerAccount], object] = lambda _: None,
) -> Run:
    """Orders of the stand-in seller accounts, planned and carried out.

    Args:
        edit: what the administrator changes in the preset.
        prepare: what people enter into the infobase before.
        model: of the infobase; by default the preset's own.
        sell: what the seller does at Amazon before.
    """
    run = open_run(preset, seeds, folder, edit=edit, prepare=prepare, model=model)
    for stand_in in run.amazon.values():
        sell(stand_in.service)
    with run.parts() as parts:
        sync = Sync(parts)
        run.plan, _ = sync.plan()
        run.started = tuple(run.onec.log)
        run.report = sync.run(accept_unusual=True)
        run.delivered = tuple(run.onec.log[len(run.started) :])
    return run


@pytest.fixture(scope="session")
def run_of(tmp_path_factory):
    """Runs a preset with the orders of all seeds, once in a session."""

    @cache
    def run(preset: Preset) -> Run:
        return run_preset(preset, SEEDS, tmp_path_factory.mktemp(preset.name))

    return run


@pytest.fixture(params=PRESETS, ids=lambda preset: preset.name)
def preset(request) -> Preset:
    """Each preset."""
    return request.param


@pytest.fixture
def mapping(preset):
    """The preset's rules, loaded."""
    return load_mapping(preset_path(preset.name))


@pytest.fixture
def run(preset, run_of) -> Run:
    """Each preset after a run with the orders of all seeds."""
    return run_of(preset)


def number(value: Any) -> Decimal:
    """A number as the stand-in stores it."""
    return Decimal(str(value))
