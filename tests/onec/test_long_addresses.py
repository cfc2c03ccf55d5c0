"""Addresses stay short enough for every web server, however long names are, and nothing is missed for it.

A letter of Cyrillic takes six bytes. The stand-in refuses longer request lines, as proxies do.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from adapter.errors import ConfigurationError, Refused
from adapter.http import HttpClient
from adapter.onec.catalogs import Catalogs
from adapter.onec.client import InfobaseClient
from adapter.onec.documents import Documents
from adapter.onec.errors import Unsendable
from adapter.onec.metadata import parse_metadata
from adapter.onec.query import LONGEST_LINE, equals, path, query_string, within
from adapter.simulators.onec import Infobase, Modes, load_model
from adapter.simulators.server import StandIn

PARTNERS, BUYERS, PRODUCTS = "Catalog_Партнеры", "Catalog_Контрагенты", "Catalog_Номенклатура"
ORDERS = "Document_ЗаказКлиента"
LONG = "Общество-с-ограниченной-ответственностью-«Торгово-производственная-компания-Северо-Западного-региона»"
LONGEST = 250  # letters of НаименованиеПолное


class Base:
    """УТ behind a web server that takes request lines of 2,000 bytes, with a long name of its own."""

    def __init__(self, transport_to, publication="/торговля-и-склад-северо-западного-региона"):
        self.inside = Infobase(
            load_model("ut-11.5"),
            modes=Modes(longest_line=LONGEST_LINE, iis=True, unknown_filter_property="empty"),
            publication=f"{publication}/odata/standard.odata",
        )
        self.stand_in = StandIn(self.inside)
        http = HttpClient("http://1c.test", transport=transport_to(self.stand_in))
        self.client = InfobaseClient(http, "http://1c.test" + publication, "odata", "odata")
        self.schema = parse_metadata(self.client.read_metadata())
        self.catalogs = Catalogs(self.client, self.schema)

    @property
    def lines(self):
        """Lengths of the request lines, without that of `$metadata`."""
        return [len(f"{entry.method} {entry.target} HTTP/1.1") for entry in self.stand_in.log[1:]]


@pytest.fixture
def base(transport_to):
    made = Base(transport_to)
    yield made
    assert max(made.lines, default=0) <= LONGEST_LINE
    assert {entry.status for entry in made.stand_in.log} <= {200}


def test_the_stand_in_refuses_longer_ones(transport_to):
    base = Base(transport_to)
    query = "$filter=" + "x" * LONGEST_LINE
    with pytest.raises(Unsendable, match="more than web servers accept"):
        base.client.read_rows(path(BUYERS), query)
    assert base.lines == []
    room = base.client.room(path(BUYERS))
    base.client.read_rows(path(BUYERS), "$top=1" + "&x" * ((room - len("$top=1")) // 2))
    assert LONGEST_LINE - 1 <= base.lines[0] <= LONGEST_LINE


@pytest.mark.parametrize("letters", [50, 150, 249])
def test_a_name_of_any_length_is_found(base, letters):
    """From some length on by its beginning; what merely begins like it is not taken for it."""
    name = (LONG * 12)[:letters]
    there = base.inside.add(BUYERS, {"НаименованиеПолное": name})["Ref_Key"]
    base.inside.add(BUYERS, {"НаименованиеПолное": name + "!"})
    base.inside.add(BUYERS, {"НаименованиеПолное": name[:-1] + "?"})
    (found,) = base.catalogs.find_elements(BUYERS, "НаименованиеПолное", name.upper(), ["Description"])
    assert str(found.ref_key) == there
    assert str(base.catalogs.lookup(BUYERS, {"НаименованиеПолное": name})) == there
    with pytest.raises(ConfigurationError, match="there is no"):
        base.catalogs.lookup(BUYERS, {"НаименованиеПолное": name[:-1] + "#"})
    assert ("startswith" in base.stand_in.log[-1].target) == (letters > 200)


def test_a_name_longer_than_any_in_1c(base):
    """Such a name cannot be there; that is an answer and no failure."""
    base.inside.add(BUYERS, {"НаименованиеПолное": LONG * 12})
    assert base.catalogs.find_elements(BUYERS, "НаименованиеПолное", LONG * 12, []) == []


def test_a_thousand_that_begin_alike_are_no_silent_miss(base):
    name = (LONG * 3)[: LONGEST - 3]
    for number in range(1000):
        base.inside.add(BUYERS, {"НаименованиеПолное": f"{name}{number:03}"})
    with pytest.raises(ConfigurationError, match="1,000 elements share"):
        base.catalogs.find_elements(BUYERS, "НаименованиеПолное", name, [])
    with pytest.raises(ConfigurationError, match="1,000 elements are like Catalog_Контрагенты with"):
        base.catalogs.lookup(BUYERS, {"НаименованиеПолное": name})


def test_many_long_names_at_once(base):
    names = [f"{number:03} {LONG}" for number in range(60)]
    keys = [base.inside.add(BUYERS, {"НаименованиеПолное": name})["Ref_Key"] for name in names]
    found = base.catalogs.find_any(BUYERS, "НаименованиеПолное", names, ["Description"])
    assert sorted(str(element.ref_key) for element in found) == sorted(keys)
    wheres = [{"НаименованиеПолное": name, "ИНН": ""} for name in names]
    assert [str(key) for key in base.catalogs.lookups(BUYERS, wheres)] == keys


def test_many_skus_at_once(base):
    skus = [f"Артикул поставщика {number:04}" for number in range(150)]
    keys = [base.inside.add(PRODUCTS, {"Артикул": sku})["Ref_Key"] for sku in skus]
    found = base.catalogs.find_any(PRODUCTS, "Артикул", skus, ["Артикул", "Description"])
    assert sorted(str(element.ref_key) for element in found) == sorted(keys)
    assert len(base.lines) < 30


def test_conditions_that_do_not_fit_are_compared_by_the_reader(base):
    where = {
        "Description": (LONG + LONG)[:100],
        "НаименованиеПолное": (LONG * 3)[:240],
        "ИНН": "7701234567",
        "КПП": "770101001",
    }
    there = base.inside.add(BUYERS, where)["Ref_Key"]
    base.inside.add(BUYERS, where | {"НаименованиеПолное": (LONG * 3)[:239]})
    assert str(base.catalogs.lookup(BUYERS, where)) == there


def test_every_property_of_a_catalog(base):
    """More names than fit into one $select: the catalog is read in several turns, single elements whole."""
    names = [name for name in base.schema.entity_sets[PRODUCTS].properties if name != "Ref_Key"]
    assert sum(len(path(name)) for name in names) > base.client.room(path(PRODUCTS)) / 2
    keys = [base.inside.add(PRODUCTS, {"Description": f"Чай {number}", "Артикул": f"T{number}"}) for number in range(3)]
    elements = {str(element.ref_key): element for element in base.catalogs.read_elements(PRODUCTS, names)}
    for row in keys:
        assert set(elements[row["Ref_Key"]].properties) == set(names)
        assert elements[row["Ref_Key"]].properties["Артикул"] == row["Артикул"]
    (found,) = base.catalogs.find_elements(PRODUCTS, "Артикул", "T1", names)
    assert found == elements[keys[1]["Ref_Key"]]
    assert len(base.catalogs.first_elements(PRODUCTS, names, 2)) == 2


def test_searching_for_an_order(base):
    documents = Documents(base.client, base.schema)
    row = base.inside.add(ORDERS, {"Date": "2026-05-01T10:00:00", "Комментарий": "Amazon 302-1234567-1234567, DE"})
    for order_id in ("302-1234567-1234567", "я" * 100):
        found = documents.find_by_order_id(ORDERS, "Комментарий", order_id, datetime(2026, 4, 1), unlimited=True)  # noqa: DTZ001
        assert [str(document.ref_key) for document in found] == ([row["Ref_Key"]] if order_id[0] == "3" else [])


def test_a_condition_that_cannot_be_shortened_is_told():
    with pytest.raises(Refused, match=r"ИНН eq '1+\.\.\. is too long for an address; shorten"):
        within(30, equals("ИНН", "1" * 100))
    assert within(1000, equals("A", 1)).text == "A eq 1"
    with pytest.raises(Unsendable, match="servers accept 20"):
        query_string({"$top": 1}, equals("ИНН", "1"), 20)
