"""Reading information registers, whatever their key is."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from adapter.errors import ConfigurationError
from adapter.http import HttpClient
from adapter.model.schema import EntitySet, Property, Schema
from adapter.onec.client import InfobaseClient
from adapter.onec.errors import InfobaseUnavailable, NotPublished
from adapter.onec.metadata import parse_metadata
from adapter.onec.registers import Registers
from adapter.onec.rows import PAGE
from adapter.simulators.onec import Infobase, Modes, read_model
from adapter.simulators.server import Response, RunningServer, StandIn


def column(name, edm, *types, **more):
    return {"name": name, "property": name, "edm": edm, "types": list(types), **more}


CODE = column("Code", "Edm.String", "String(200)", max_length=200)
ITEM = column("Item_Key", "Edm.Guid", "CatalogRef.Items")
ANY = column("Item", "Edm.String", "CatalogRef.Items", "CatalogRef.Sets", type_property="Item_Type")


def register(name, dimensions, resources):
    return {
        "entity_set": f"InformationRegister_{name}",
        "kind": "InformationRegister",
        "name": name,
        "dimensions": dimensions,
        "resources": resources,
    }


MODEL = read_model(
    {
        "objects": [
            *({"entity_set": f"Catalog_{name}", "kind": "Catalog", "name": name, "description_length": 50,
               "hierarchical": True} for name in ("Items", "Sets")),
            register("Plain", [CODE], [ITEM]),
            register("AllInKey", [CODE, ITEM], []),
            register("Composite", [CODE, ANY], []),
        ]
    }
)  # fmt: skip
A, B = (f"5f0c0000-0000-4000-8000-00000000000{number}" for number in (1, 2))


@pytest.fixture
def books():
    """A stand-in infobase on a port, behind IIS, and its registers as the adapter sees them."""
    infobase = Infobase(MODEL, modes=Modes(iis=True))
    stand_in = StandIn(infobase)
    with RunningServer(stand_in) as server, HttpClient(server.address, deadline=30) as http:
        client = InfobaseClient(http, server.address + infobase.publication, "odata", "odata")
        yield infobase, stand_in, Registers(client, parse_metadata(client.read_metadata()))


def test_the_key_is_in_metadata(books):
    _, _, registers = books
    sets = registers._schema.entity_sets
    assert sets["InformationRegister_AllInKey"].key == ("Code", "Item_Key")
    assert sets["InformationRegister_AllInKey"].properties["Item_Key"].target == "Catalog_Items"
    assert sets["InformationRegister_Composite"].key == ("Code", "Item", "Item_Type")


@pytest.mark.parametrize("count", [0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE])
def test_pages(books, count):
    infobase, stand_in, registers = books
    for number in range(count):
        infobase.add("InformationRegister_Plain", {"Code": f"{number:06}", "Item_Key": A})
    found = registers.read_records("InformationRegister_Plain", ["Code", "Item_Key"])
    assert [record["Code"] for record in found] == [f"{number:06}" for number in range(count)]
    asked = [entry for entry in stand_in.log if "Plain" in entry.target]
    assert len(asked) == count // PAGE + 1


def test_one_barcode_in_several_records(books):
    infobase, _, registers = books
    for number in range(PAGE + 5):
        infobase.add("InformationRegister_AllInKey", {"Code": "same", "Item_Key": f"{number:08}{A[8:]}"})
    found = registers.read_records("InformationRegister_AllInKey", ["Code", "Item_Key"])
    assert len({record["Item_Key"] for record in found}) == len(found) == PAGE + 5


def test_a_reference_of_several_types_comes_with_its_type(books):
    infobase, _, registers = books
    for kind in ("Items", "Sets"):
        values = {"Code": "1", "Item": A, "Item_Type": f"StandardODATA.Catalog_{kind}"}
        infobase.add("InformationRegister_Composite", values)
    found = registers.read_records("InformationRegister_Composite", ["Item"])
    assert found == [{"Item": A, "Item_Type": f"StandardODATA.Catalog_{kind}"} for kind in ("Items", "Sets")]


def test_single_codes_in_short_requests(books):
    infobase, stand_in, registers = books
    for number in range(300):
        infobase.add("InformationRegister_Plain", {"Code": f"{number:013}", "Item_Key": A if number % 2 else B})
    wanted = [f"{number:013}" for number in range(0, 400, 2)]
    found = registers.find_any("InformationRegister_Plain", "Code", wanted, ["Code", "Item_Key"])
    assert [record["Code"] for record in found] == wanted[:150]
    assert {record["Item_Key"] for record in found} == {B}
    asked = [entry.target.partition("?")[2] for entry in stand_in.log if "Plain" in entry.target]
    assert len(asked) > 1
    assert max(map(len, asked)) <= 2000
    assert registers.find_any("InformationRegister_Plain", "Code", [], ["Code"]) == []


def test_what_is_not_there(books):
    _, stand_in, registers = books
    stand_in.log.clear()
    with pytest.raises(NotPublished, match="did you mean InformationRegister_Plain"):
        registers.read_records("InformationRegister_Plan", ["Code"])
    with pytest.raises(ConfigurationError, match="has no Item_Ke, did you mean Item_Key"):
        registers.find_any("InformationRegister_Plain", "Code", ["1"], ["Item_Ke"])
    assert not stand_in.log


SCHEMA = Schema({"R": EntitySet("R", ("Code",), {"Code": Property("Code", "Edm.String")})})


def rows(start, count):
    return Response.json(200, {"value": [{"Code": str(number)} for number in range(start, start + count)]})


def test_an_infobase_that_repeats_its_pages(infobase):
    client, service = infobase(rows(0, PAGE))
    with pytest.raises(InfobaseUnavailable, match="the page from 1000 on repeats"):
        Registers(client, SCHEMA).read_records("R", ["Code"])
    assert dict(parse_qsl(service.requests[0].query)) == {
        "$select": "Code",
        "$orderby": "Code",
        "$top": "1000",
        "$skip": "0",
    }


def test_a_thousand_records_with_one_value(infobase):
    client, _ = infobase(rows(0, PAGE))
    with pytest.raises(ConfigurationError, match="1,000 records share"):
        Registers(client, SCHEMA).find_any("R", "Code", ["1"], ["Code"])
