"""`$metadata`: the same names, types and order as documents derived from real configurations."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from adapter.simulators.onec import Modes, load_model
from adapter.simulators.onec.metadata import metadata_document
from adapter.simulators.onec.model import BUILT_IN
from adapter.simulators.onec.schema import Schema

SHARED = Path(__file__).parents[2].parent / "shared" / "onec" / "metadata"
MODELS = ("training", "ut-11.5", "unf-3.0", "bp-3.0", "small-business-en")
EDM = "{http://schemas.microsoft.com/ado/2009/11/edm}"

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the reference documents are not on this machine")


def flat(element: etree._Element, depth: int = 0) -> list[tuple[int, str, dict[str, str]]]:
    """Every element with its depth and attributes, in document order."""
    inner = [line for child in element.iterchildren("*") for line in flat(child, depth + 1)]
    return [(depth, element.tag, dict(element.attrib)), *inner]


@needs_shared
@pytest.mark.parametrize("name", MODELS)
def test_equal_to_the_reference(name):
    written = etree.fromstring(metadata_document(Schema(load_model(SHARED / "models" / f"{name}.json"))))
    reference = etree.parse(str(SHARED / "derived" / f"{name}.edmx.xml")).getroot()
    assert flat(written) == flat(reference)


@needs_shared
def test_built_in_training_model_is_that_of_the_reference():
    built_in, reference = load_model("training"), load_model(SHARED / "models" / "training.json")
    assert built_in.objects == reference.objects


def names(root: etree._Element, entity: str) -> list[str]:
    (found,) = (element for element in root.iter(f"{EDM}EntityType") if element.get("Name") == entity)
    return [
        f"{element.tag.removeprefix(EDM)} {element.get('Name')} {element.get('Type', '')}".strip()
        for element in found
        if element.tag != f"{EDM}Key"
    ]


def test_shapes(sample):
    answer = sample("GET", "$metadata", headers={"accept": "application/xml"})
    assert answer.headers["Content-Type"].startswith("application/xml")
    root = etree.fromstring(answer.text.encode())
    assert names(root, "Catalog_Контрагенты") == [
        "Property Ref_Key Edm.Guid",
        "Property Predefined Edm.Boolean",
        "Property PredefinedDataName Edm.String",
        "Property DataVersion Edm.String",
        "Property Description Edm.String",
        "Property Code Edm.String",
        "Property Parent_Key Edm.Guid",
        "Property IsFolder Edm.Boolean",
        "Property DeletionMark Edm.Boolean",
        "Property ИНН Edm.String",
        "Property Комментарий Edm.String",
        "Property Активен Edm.Boolean",
        "Property Ключ Edm.Guid",
        "Property Фото Edm.Stream",
        "Property Фото_Base64Data Edm.Binary",
        "Property Фото_Type Edm.String",
        "NavigationProperty Parent",
    ]
    assert names(root, "InformationRegister_Цены_RecordType") == [
        "Property Recorder Edm.String",
        "Property Period Edm.DateTime",
        "Property LineNumber Edm.Int64",
        "Property Active Edm.Boolean",
        "Property Товар_Key Edm.Guid",
        "Property Цена Edm.Double",
        "Property Recorder_Type Edm.String",
        "NavigationProperty Товар",
    ]
    # A reference to what is not published has no navigation, only the key.
    assert "Property Валюта_Key Edm.Guid" in names(root, "Document_Заказ")
    assert "NavigationProperty Валюта" not in names(root, "Document_Заказ")


def test_what_is_unpublished_is_absent(training):
    training.infobase.modes = Modes(unpublished=frozenset({"Catalog_Products"}))
    text = training("GET", "$metadata").text
    assert "Catalog_Products" not in text
    assert 'Name="Product_Key"' in text
    assert "Document_SalesOrder_Products_Product" not in text


@pytest.mark.parametrize("name", sorted(path.stem for path in BUILT_IN.glob("*.json")))
def test_every_built_in_model_has_a_readable_document(name):
    etree.fromstring(metadata_document(Schema(load_model(name))))


# Prefixes of what the owner of the real infobase has added to the configuration.
ADDITIONS = ("пр_", "Б_", "СБ_", "чд", "Xx_")
# In one of the two releases only.
ELSEWHERE = {
    "УдалитьДатаРаспоряжения",
    "СопроводительныеДокументы",
    "СведенияОТранспортировкеИГрузе",
    "КодСпециальныхОбстоятельств",
}


def properties(root: etree._Element) -> dict[str, list[tuple[str, str]]]:
    """Name and type of the properties of every entity and complex type, in order."""
    return {
        str(kind.get("Name")): [
            (str(part.get("Name")), str(part.get("Type")))
            for part in kind.iterchildren(f"{EDM}Property")
            if not str(part.get("Name")).startswith(ADDITIONS) and part.get("Name") not in ELSEWHERE
        ]
        for kind in root.iter(f"{EDM}EntityType", f"{EDM}ComplexType")
    }


@needs_shared
def test_like_the_document_of_a_real_infobase():
    """Names, types and order as a real УТ 11 gives them, for every type that both have."""
    written = etree.fromstring(metadata_document(Schema(load_model(SHARED / "models" / "ut-11.5.json"))))
    ours, real = properties(written), properties(etree.parse(str(SHARED / "real" / "ut11-excerpt.edmx.xml")).getroot())
    both = ours.keys() & real.keys()
    assert {"Catalog_Контрагенты", "Document_РеализацияТоваровУслуг", "InformationRegister_КурсыВалют"} <= both
    assert len(both) == 14
    assert {name: ours[name] for name in both} == {name: real[name] for name in both}
