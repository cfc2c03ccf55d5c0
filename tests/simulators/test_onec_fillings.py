"""The fillings of stand-in infobases: whole, entered once, with references that lead somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapter.simulators.onec import Infobase, load_model
from adapter.simulators.onec.fillings import FILLINGS, filling_of
from adapter.simulators.onec.schema import NAMESPACE
from adapter.simulators.shop import books_customers, books_products

ZERO = "00000000-0000-0000-0000-000000000000"


def catalogs(infobase):
    return [item.entity_set for item in infobase.model.objects if item.kind == "Catalog"]


@pytest.fixture(params=FILLINGS)
def filled(request):
    infobase = Infobase(load_model(request.param))
    FILLINGS[request.param](infobase)
    return infobase


def test_the_whole_shop_is_there(filled):
    texts = {str(value) for name in catalogs(filled) for row in filled.rows(name) for value in row.values()}
    assert set(books_customers()) <= texts
    assert {sku for sku, _ in books_products()} <= texts


def test_what_is_there_stays(filled):
    before = {name: filled.rows(name) for name in catalogs(filled)}
    FILLINGS[next(name for name in FILLINGS if load_model(name) == filled.model)](filled)
    assert {name: filled.rows(name) for name in catalogs(filled)} == before


def test_references_lead_to_elements(filled):
    keys = {name: {row["Ref_Key"] for row in filled.rows(name)} for name in catalogs(filled)}
    dangling = []
    for item in filled.model.objects:
        for row in filled.rows(item.entity_set) if item.kind == "Catalog" else ():
            for name, value in row.items():
                target = row[f"{name}_Type"].removeprefix(f"{NAMESPACE}.") if f"{name}_Type" in row else None
                attribute = next((known for known in item.attributes if known.name == name), None)
                target = target or (attribute.target if attribute else None)
                if target in keys and value not in {"", ZERO} and value not in keys[target]:
                    dangling.append((item.entity_set, name, value))
    assert dangling == []


@pytest.mark.parametrize(
    ("model", "name"),
    [("unf-3.0", "unf-3.0"), (Path("models") / "bp-3.0.json", "bp-3.0"), ("unknown", None), ("unf-3", None)],
    ids=str,
)
def test_a_filling_is_known_by_the_name_of_the_model(model, name):
    assert filling_of(model) is FILLINGS.get(name)
