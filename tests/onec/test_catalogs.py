from __future__ import annotations

import json
from decimal import Decimal
from urllib.parse import parse_qsl
from uuid import UUID

import pytest

from adapter.errors import ConfigurationError
from adapter.model.catalog import Element
from adapter.model.document import NewElement
from adapter.onec.catalogs import Catalogs
from adapter.onec.errors import InfobaseUnavailable, NotPublished, RefusedByInfobase, Unsendable
from adapter.onec.rows import PAGE
from adapter.simulators.server import Response


def buyer(number: int, name: str = "", **more: object) -> dict[str, object]:
    return {"Ref_Key": str(UUID(int=number)), "Description": name or f"Buyer {number}", **more}


def rows(*buyers: dict[str, object]) -> Response:
    return Response.json(200, {"value": list(buyers)})


def options(request) -> dict[str, str]:
    return dict(parse_qsl(request.query))


@pytest.fixture
def catalogs(infobase, schema):
    def make(*answers: Response):
        client, service = infobase(*answers)
        return Catalogs(client, schema), service.requests

    return make


def test_a_catalog_is_read_by_pages(catalogs):
    first, second = range(PAGE), range(PAGE - 1, PAGE + 20)
    found, requests = catalogs(rows(*map(buyer, first)), rows(*map(buyer, second)))
    elements = found.read_elements("Catalog_Buyers", ["Description", "Артикул"])
    assert elements == [Element(UUID(int=number), {"Description": f"Buyer {number}"}) for number in range(PAGE + 20)]
    assert [options(request) for request in requests] == [
        {
            "$select": "Ref_Key,Description,Артикул",
            "$orderby": "Ref_Key",
            "$top": "1000",
            "$skip": skip,
            "$filter": "(DeletionMark eq false and IsFolder eq false)",
        }
        for skip in ("0", "1000")
    ]


@pytest.mark.parametrize("last", [0, 1])
def test_the_last_page_is_a_short_one(catalogs, last):
    found, requests = catalogs(rows(*map(buyer, range(PAGE))), rows(*map(buyer, range(PAGE, PAGE + last))))
    assert len(found.read_elements("Catalog_Buyers", [])) == PAGE + last
    assert len(requests) == 2


def test_an_infobase_that_ignores_skip_does_not_keep_us_forever(catalogs):
    found, requests = catalogs(rows(*map(buyer, range(PAGE))))
    with pytest.raises(InfobaseUnavailable, match="the page from 1000 on repeats"):
        found.read_elements("Catalog_Buyers", [])
    assert len(requests) == 2


def test_conditions_only_on_what_the_set_has(catalogs):
    found, requests = catalogs(rows())
    assert found.read_elements("Document_Order", ["Number"]) == []
    assert options(requests[0])["$filter"] == "DeletionMark eq false"
    assert found.read_elements("Document_Order_Lines", []) == []
    assert "$filter" not in options(requests[1])


@pytest.mark.parametrize("row", [{}, {"Ref_Key": None}, {"Ref_Key": "x"}, {"Ref_Key": 5}])
def test_elements_without_a_key(catalogs, row):
    found, _ = catalogs(rows(row))
    with pytest.raises(InfobaseUnavailable, match="without its Ref_Key"):
        found.read_elements("Catalog_Buyers", [])


def test_names_that_do_not_exist_are_not_asked_for(catalogs):
    found, requests = catalogs(rows())
    for ask in (
        lambda: found.read_elements("Catalog_Buyers", ["Descripton"]),
        lambda: found.find_elements("Catalog_Buyers", "Descripton", "x", []),
        lambda: found.lookup("Catalog_Buyers", {"Descripton": "x"}),
        lambda: found.create_element(
            NewElement("Catalog_Buyers", UUID(int=1), "x", "Descripton", {"Descripton": "x", "Code": "1"})
        ),
    ):
        with pytest.raises(ConfigurationError, match="has no Descripton, did you mean Description"):
            ask()
    with pytest.raises(NotPublished, match="did you mean Catalog_Buyers"):
        found.read_elements("Catalog_Buyer", [])
    assert requests == []


def test_finding_compares_again(catalogs):
    found, requests = catalogs(rows(buyer(1, "ANN o'neil  "), buyer(2, "Ann O'Neill"), {"Ref_Key": str(UUID(int=3))}))
    elements = found.find_elements("Catalog_Buyers", "Description", "Ann O'Neil ", ["Code"])
    assert elements == [Element(UUID(int=1), {})]
    assert options(requests[0]) == {
        "$select": "Ref_Key,Code,Description",
        "$top": "1000",
        "$filter": "(DeletionMark eq false and IsFolder eq false and Description eq 'Ann O''Neil ')",
    }


def test_finding_any_of_many(catalogs):
    found, requests = catalogs(rows(buyer(1, Артикул="sku-000")), rows(buyer(1, Артикул="sku-000")), rows())
    values = [f"SKU-{number:03}" for number in range(120)]
    assert found.find_any("Catalog_Buyers", "Артикул", values, ["Артикул"]) == [
        Element(UUID(int=1), {"Артикул": "sku-000"})
    ]
    asked = "".join(options(request)["$filter"] for request in requests)
    assert [asked.count(f"'{value}'") for value in values] == [1] * 120
    assert max(len(request.query) for request in requests) <= 2000
    assert found.find_any("Catalog_Buyers", "Артикул", [], []) == []


def test_a_value_that_a_thousand_elements_share(catalogs):
    found, _ = catalogs(rows(*map(buyer, range(PAGE))))
    with pytest.raises(ConfigurationError, match="1,000 elements share"):
        found.find_elements("Catalog_Buyers", "Code", "", [])


def test_numbers_are_compared_as_numbers(catalogs):
    found, requests = catalogs(rows(buyer(1, Rank="7"), buyer(2, Rank="many")))
    assert found.find_elements("Catalog_Buyers", "Rank", "7", []) == [Element(UUID(int=1), {})]
    assert "Rank eq 7)" in options(requests[0])["$filter"]
    with pytest.raises(Unsendable, match=r"Rank is Edm\.Int64"):
        found.find_elements("Catalog_Buyers", "Rank", "seven", [])


@pytest.mark.parametrize("name", ["Amazon retail", "Amazon retail  "])
def test_a_lookup_takes_the_case_into_account(catalogs, name):
    found, requests = catalogs(rows(buyer(1, "AMAZON RETAIL"), buyer(2, name, Code="7", IsFolder=False)))
    assert found.lookup("Catalog_Buyers", {"Description": "Amazon retail"}) == UUID(int=2)
    assert options(requests[0]) == {
        "$select": "Ref_Key,Description,Code,IsFolder",
        "$top": "1000",
        "$filter": "(DeletionMark eq false and Description eq 'Amazon retail')",
    }


def test_a_lookup_by_several_values(catalogs):
    found, requests = catalogs(rows(buyer(1, "A", Rank="1", IsFolder=True), buyer(2, "A", Rank="2", IsFolder=True)))
    assert found.lookup("Catalog_Buyers", {"Description": "A", "IsFolder": True, "Rank": Decimal(2)}) == UUID(int=2)
    assert (
        "(DeletionMark eq false and (Description eq 'A' and IsFolder eq true and Rank eq 2))"
        in options(requests[0]).values()
    )


def test_several_lookups_in_one_request(catalogs):
    found, requests = catalogs(rows(buyer(1, "A"), buyer(2, "B", Rank="2"), buyer(3, "C"), buyer(4, "C")))
    wheres = [{"Description": "B", "Rank": 2}, {"Description": "C"}, {"Description": "A"}, {"Description": "D"}]
    second, third, first, fourth = found.lookups("Catalog_Buyers", wheres)
    assert (first, second) == (UUID(int=1), UUID(int=2))
    assert "there are 2 of Catalog_Buyers with Description = 'C'" in str(third)
    assert "there is no Catalog_Buyers with Description = 'D'" in str(fourth)
    (request,) = requests
    assert options(request)["$filter"] == (
        "(DeletionMark eq false and ((Description eq 'B' and Rank eq 2) or Description eq 'C' or Description eq 'A' "
        "or Description eq 'D'))"
    )


def test_lookups_of_which_one_fits_a_thousand_are_asked_one_by_one(catalogs):
    """Else it could hide the others."""
    many = rows(*(buyer(number, "A") for number in range(PAGE)))
    found, requests = catalogs(many, many, rows(buyer(7, "B")))
    first, second = found.lookups("Catalog_Buyers", [{"Description": "A"}, {"Description": "B"}])
    assert "there are 1000 of Catalog_Buyers with Description = 'A'" in str(first)
    assert second == UUID(int=7)
    assert len(requests) == 3


def test_a_lookup_that_finds_nothing(catalogs):
    found, _ = catalogs(rows(buyer(1, "amazon")))
    with pytest.raises(ConfigurationError, match="there is no Catalog_Buyers with Description = 'Amazon'; create it"):
        found.lookup("Catalog_Buyers", {"Description": "Amazon"})


def test_a_lookup_that_finds_several(catalogs):
    found, _ = catalogs(rows(*(buyer(number, "A", Code=f"{number}") for number in range(7))))
    with pytest.raises(ConfigurationError) as caught:
        found.lookup("Catalog_Buyers", {"Description": "A"})
    text = str(caught.value)
    assert text.startswith("there are 7 of Catalog_Buyers with Description = 'A': ")
    assert f"{UUID(int=4)}, Description 'A', Code '4'" in text
    assert str(UUID(int=5)) not in text
    assert text.endswith("; ...; add a condition to the lookup")


def test_creating_an_element(catalogs):
    found, requests = catalogs(Response.json(201, buyer(9)))
    element = NewElement(
        "Catalog_Buyers", UUID(int=1), "ann", "Description", {"Description": "Ann", "Rank": Decimal("2.0")}
    )
    assert found.create_element(element) == UUID(int=9)  # a configuration may choose another key
    assert json.loads(requests[0].body) == {"Ref_Key": str(UUID(int=1)), "Description": "Ann", "Rank": 2}


def test_a_search_that_1c_refuses(catalogs):
    refusal = {"odata.error": {"code": "-1", "message": {"lang": "ru", "value": "Нельзя сравнивать поля"}}}
    found, requests = catalogs(Response.json(500, refusal))
    with pytest.raises(RefusedByInfobase, match="GET Catalog_Buyers: refused: Нельзя сравнивать поля"):
        found.find_elements("Catalog_Buyers", "Description", "x", [])
    assert len(requests) == 1
