"""Which preset is recognised, and when it takes a person."""

from __future__ import annotations

import pytest

from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_names, preset_path
from adapter.model.schema import EntitySet, Property, Schema
from adapter.setup.recognise import Fit, clearly_best, fits, touched
from adapter.simulators.onec import ModelError, load_model

PRESETS = {name: load_mapping(preset_path(name)).rules for name in preset_names()}


def _has_model(name):
    try:
        return load_model(name) is not None
    except ModelError:
        return False


@pytest.mark.parametrize("name", [name for name in PRESETS if _has_model(name)])
def test_every_preset_is_recognised(open_infobase, name):
    best = clearly_best(fits(open_infobase(name).schema, PRESETS))
    assert best is not None
    assert (best.preset, best.missing, best.share) == (name, (), 1.0)


def test_names_of_the_training_preset():
    names = touched(PRESETS["training"])
    assert {
        ("Document_SalesOrder",),
        ("Document_SalesOrder", "Comment"),
        ("Document_SalesOrder", "Products"),
        ("Document_SalesOrder", "Products", "Quantity"),
        ("Catalog_Products", "sku"),
        ("Catalog_Customers",),
    } <= names
    assert not {name for name in names if name[-1] in {"Number", "Date", "Description"}}


def test_what_is_missing_is_told_once(open_infobase):
    """Of a set that is not published, the set; else each name."""
    schema = open_infobase().schema
    sets = dict(schema.entity_sets)
    del sets["Catalog_Products"]
    order = sets["Document_SalesOrder"]
    columns = {name: each for name, each in order.sections["Products"].items() if name != "Price"}
    sets["Document_SalesOrder"] = EntitySet(order.name, order.key, order.properties, {"Products": columns})
    (fit,) = fits(Schema(sets), {"training": PRESETS["training"]})
    assert fit.missing == (("Catalog_Products",), ("Document_SalesOrder", "Products", "Price"))
    assert 0.5 < fit.share < 1


def test_an_infobase_of_which_nothing_is_known():
    schema = Schema({"Catalog_X": EntitySet("Catalog_X", ("Ref_Key",), {"Ref_Key": Property("Ref_Key", "Edm.Guid")})})
    found = fits(schema, PRESETS)
    assert {fit.share for fit in found} == {0.0}
    assert clearly_best(found) is None


A, B, C = ("A",), ("B",), ("C",)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], None),
        ([Fit("x", (A,), (), 1.0)], "x"),
        ([Fit("x", (A, B), (), 1.0), Fit("y", (A,), (), 1.0)], "x"),
        ([Fit("x", (A, B), (), 1.0), Fit("y", (A, C), (), 1.0)], None),
        ([Fit("x", (A, B), (), 1.0), Fit("y", (A, C), (C,), 0.98)], "x"),
        ([Fit("x", (A, B), (B,), 0.98), Fit("y", (A, C), (C,), 0.96)], None),
        ([Fit("x", (A, B), (B,), 0.9), Fit("y", (A, C), (C,), 0.6)], "x"),
        ([Fit("x", (A, B), (A, B), 0.4)], None),
    ],
    ids=["none", "one", "says more", "as good", "whole", "nearly as good", "clear", "too little"],
)
def test_clearly_best(found, expected):
    best = clearly_best(found)
    assert (best and best.preset) == expected
