"""What the tests of all presets share: each preset against a stand-in of its configuration, once for every seed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

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
from adapter.planning.plan import Plan
from adapter.settings import load_settings
from adapter.simulators.amazon import SellerAccount
from adapter.simulators.onec import Infobase, Model, Modes, load_model
from adapter.simulators.onec.fillings import FILLINGS
from adapter.simulators.server import Request, RunningServer, StandIn
from adapter.sync import Report, Sync


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
    """

    name: str
    columns: tuple[Columns, ...]
    whole: str = ""

    def facts(self, kind: str, ending: str) -> Path:
        """A file about the whole configuration; the test is skipped where it is not at hand."""
        path = f"onec/metadata/{kind}/{self.whole or self.name}.{ending}"
        folder = shared_folder()
        if folder is None or not (folder / path).is_file():
            pytest.skip(f"there is no {path} in ../shared or AMAZON1C_SHARED")
        return folder / path


UT_ROWS = Columns("Товары", "КоличествоУпаковок", "Цена", "Сумма", "СуммаНДС", "СуммаСНДС", "ЦенаВключаетНДС")
ENGLISH_ROWS = Columns("Inventory", "Quantity", "Price", "Amount", "VATAmount", "Total", "AmountIncludesVAT")

PRESETS = (
    Preset("ut-11.5", (UT_ROWS,)),
    Preset("bas-erp", (UT_ROWS,)),
    Preset("unf-3.0", (Columns("Запасы", "Количество", "Цена", "Сумма", "СуммаНДС", "Всего", "СуммаВключаетНДС"),)),
    Preset("bp-3.0", (Columns("Товары", "Количество", "Цена", "Сумма", "СуммаНДС", included="СуммаВключаетНДС"),)),
    Preset(
        "bas-accounting",
        tuple(
            Columns(section, "Количество", "Цена", "Сумма", "СуммаНДС", included="СуммаВключаетНДС")
            for section in ("Товары", "Услуги")
        ),
    ),
    Preset("small-business", (ENGLISH_ROWS,), "small-business-en"),
    Preset("drive", (ENGLISH_ROWS,)),
    Preset("accounting-suite", (Columns("LineItems", "QtyUnits", "PriceUnits", "LineTotal"),)),
)

SEEDS = (3, 7, 11)
ORDERS = 100
"""For each seed; the three together are the 300 orders of which every preset has to make documents."""

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
    infobase = Infobase(model or load_model(preset.name), modes=Modes(patch_of_posted="refused"))
    FILLINGS[preset.name](infobase)
    return infobase


@cache
def schema_of(name: str) -> Schema:
    """What the stand-in of a configuration publishes."""
    infobase = Infobase(load_model(name))
    headers = {"authorization": httpx.BasicAuth("odata", "odata")._auth_header}
    return parse_metadata(infobase.handle(Request("GET", f"{infobase.publication}/$metadata", headers, b"")).body)


@dataclass(frozen=True)
class Run:
    """What became of the orders: the plan made before, the report of the run, and the infobase after it."""

    preset: Preset
    rules: Rules
    plan: Plan
    report: Report
    infobase: Infobase
    onec: StandIn
    amazon: StandIn

    def is_tax_collected(self, row: Mapping[str, Any]) -> bool:
        """Whether Amazon collects the tax of a document's order itself."""
        stand_in = self.amazon.service
        (order_id,) = [order_id for order_id in stand_in.order_ids() if order_id in self.order_id(row)]
        taxes = [item.get("tax", {}) for item in stand_in.order(order_id)["orderItems"]]
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

    @contextmanager
    def documents(self):
        """The documents as the adapter reads them."""
        with RunningServer(self.onec) as server, HttpClient(server.address, deadline=30) as http:
            address = server.address + self.infobase.publication
            yield Documents(InfobaseClient(http, address, "odata", "odata"), schema_of(self.preset.name))


def run_preset(
    preset: Preset,
    seed: int,
    folder: Path,
    edit: Callable[[str], str] = lambda text: text,
    prepare: Callable[[Infobase], object] = lambda _: None,
    model: Model | None = None,
    sell: Callable[[SellerAccount], object] = lambda _: None,
) -> Run:
    """Orders of the stand-in seller account, planned and carried out.

    Args:
        edit: what the administrator changes in the preset.
        prepare: what people enter into the infobase before.
        model: of the infobase; by default the preset's own.
        sell: what the seller does at Amazon before.
    """
    sign, inside = STYLES[seed]
    amazon = StandIn(SellerAccount(ORDERS, seed=seed, discount_sign=sign, collected_tax_inside=inside))
    sell(amazon.service)
    infobase = open_infobase(preset, model)
    prepare(infobase)
    onec = StandIn(infobase)
    with ExitStack() as stack:
        addresses = [stack.enter_context(RunningServer(stand_in)).address for stand_in in (amazon, onec)]
        config = write_settings(folder, addresses[0], addresses[1] + infobase.publication)
        text = edit(preset_path(preset.name).read_text(encoding="utf-8"))
        (folder / "mapping.yaml").write_text(text, encoding="utf-8")
        loaded = load_settings(config)
        ledger = stack.enter_context(Ledger.open(loaded.state_directory))
        parts = stack.enter_context(open_parts(loaded, ledger.own(datetime.now(UTC))))
        sync = Sync(parts)
        plan, _ = sync.plan()
        report = sync.run(accept_unusual=True)
        return Run(preset, parts.mapping.rules, plan, report, infobase, onec, amazon)


@pytest.fixture(scope="session")
def run_of(tmp_path_factory):
    """Runs a preset with a seed, once in a session."""

    @cache
    def run(preset: Preset, seed: int) -> Run:
        return run_preset(preset, seed, tmp_path_factory.mktemp(preset.name))

    return run


@pytest.fixture(params=PRESETS, ids=lambda preset: preset.name)
def preset(request) -> Preset:
    """Each preset."""
    return request.param


@pytest.fixture
def mapping(preset):
    """The preset's rules, loaded."""
    return load_mapping(preset_path(preset.name))


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed {seed}")
def run(request, preset, run_of) -> Run:
    """Each preset after a run, for each seed."""
    return run_of(preset, request.param)


def number(value: Any) -> Decimal:
    """A number as the stand-in stores it."""
    return Decimal(str(value))
