"""Reading: options, addresses, formats."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from adapter.simulators.onec import Modes, User
from adapter.simulators.onec.routes import parse_options

BUYER = "00000000-0000-11ee-8000-0000000000b1"
OTHER = "00000000-0000-11ee-8000-0000000000b2"
GROUP = "00000000-0000-11ee-8000-0000000000b0"
ORDER = "00000000-0000-11ee-8000-0000000000c1"
SECOND = "00000000-0000-11ee-8000-0000000000c2"
ABSENT = "00000000-0000-11ee-8000-0000000000ff"
ZERO = "00000000-0000-0000-0000-000000000000"
ATOM = {"a": "http://www.w3.org/2005/Atom", "d": "http://schemas.microsoft.com/ado/2007/08/dataservices"}
META = "{http://schemas.microsoft.com/ado/2007/08/dataservices/metadata}"


@pytest.fixture
def books(sample):
    """Two customers, one of them in a group, and two orders."""
    infobase = sample.infobase
    infobase.add("Catalog_Контрагенты", {"Ref_Key": GROUP, "Description": "Группа", "IsFolder": True})
    infobase.add("Catalog_Контрагенты", {"Ref_Key": OTHER, "Description": "бета", "ИНН": "55", "Parent_Key": GROUP})
    infobase.add(
        "Document_Заказ",
        {
            "Ref_Key": ORDER,
            "НомерКлиента": "B",
            "Контрагент_Key": OTHER,
            "Кратность": 7,
            "Товары": [{"Номенклатура": "Чай", "СуммаСНДС": 2}, {"Номенклатура": "Кофе", "СуммаСНДС": 3}],
        },
    )
    infobase.add("Document_Заказ", {"Ref_Key": SECOND, "НомерКлиента": "a", "Контрагент_Key": ABSENT, "Кратность": 10})
    return sample


ORDERS = "Document_Заказ"
ONE = f"Document_Заказ(guid'{ORDER}')"


@pytest.mark.parametrize(
    ("target", "value"),
    [
        (f"{ORDERS}?$select=НомерКлиента", [{"НомерКлиента": "B"}, {"НомерКлиента": "a"}]),
        (
            f"{ORDERS}?$select=Товары/СуммаСНДС,Товары/LineNumber&$top=1",
            [{"Товары": [{"LineNumber": "1", "СуммаСНДС": 2}, {"LineNumber": "2", "СуммаСНДС": 3}]}],
        ),
        (f"{ORDERS}?$select=Кратность, Основание_Type&$top=1",
         [{"Кратность": "7", "Основание_Type": "StandardODATA.Undefined"}]),
        (f"{ORDERS}?$select=НомерКлиента&$orderby=НомерКлиента", [{"НомерКлиента": "a"}, {"НомерКлиента": "B"}]),
        (f"{ORDERS}?$select=Кратность&$orderby=Кратность desc", [{"Кратность": "10"}, {"Кратность": "7"}]),
        (f"{ORDERS}?$select=НомерКлиента&$orderby=Контрагент/ИНН,НомерКлиента",
         [{"НомерКлиента": "a"}, {"НомерКлиента": "B"}]),
        (f"{ORDERS}?$select=НомерКлиента&$skip=1&$top=5", [{"НомерКлиента": "a"}]),
        (f"{ORDERS}?$select=НомерКлиента&$top=0", []),
        (
            f"{ORDERS}?$select=НомерКлиента,Контрагент/ИНН&$expand=Контрагент",
            [{"НомерКлиента": "B", "Контрагент": {"ИНН": "55"}}, {"НомерКлиента": "a", "Контрагент": None}],
        ),
        (
            f"{ORDERS}?$select=Контрагент/Parent/Description&$expand=Контрагент/Parent&$top=1",
            [{"Контрагент": {"Parent": {"Description": "Группа"}}}],
        ),
        (
            f"{ORDERS}?$select=Контрагент____Presentation,Posted____Presentation&$top=1",
            [{"Контрагент____Presentation": "бета", "Posted____Presentation": "Нет"}],
        ),
        ("Catalog_Контрагенты?$select=Description&$filter=IsFolder eq true", [{"Description": "Группа"}]),
        ("Document_Заказ_Товары?$select=Номенклатура,LineNumber&$orderby=СуммаСНДС desc",
         [{"LineNumber": "2", "Номенклатура": "Кофе"}, {"LineNumber": "1", "Номенклатура": "Чай"}]),
        (f"{ONE}/Контрагент/Parent/Description", "Группа"),
        (f"{ONE}/Date", "2024-05-01T12:00:00"),
        (f"{ONE}/Кратность", "7"),
    ],
)  # fmt: skip
def test_values(books, target, value):
    books.headers["accept"] = "application/json;odata=nometadata"
    assert books.get(target) == {"value": value}


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        (f"{ORDERS}?$select=Нечто", 400, "6"),
        (f"{ORDERS}?$select=Товары/Нечто", 400, "6"),
        (f"{ORDERS}?$orderby=Нечто", 400, "6"),
        (f"{ORDERS}?$orderby=Комментарий", 500, "-1"),
        (f"{ORDERS}?$orderby=Number down", 400, "14"),
        (f"{ORDERS}?$expand=Нечто", 400, "6"),
        (f"{ORDERS}?$expand=Валюта", 400, "6"),
        (f"{ONE}?$expand=Контрагент", 501, "0"),
        (f"{ORDERS}?$top=-1", 400, "14"),
        (f"{ORDERS}?$skip=x", 400, "14"),
        (f"{ORDERS}?$inlinecount=some", 400, "14"),
        (f"{ORDERS}?$search=x", 501, "0"),
        (f"{ORDERS}?$format=csv", 406, "3"),
        (f"{ORDERS}/Balance()", 400, "6"),
        (f"{ONE}/Нечто", 400, "6"),
        (f"{ONE}/Валюта", 400, "6"),
        (f"{ONE}/Date/Нечто", 400, "6"),
        (f"Document_Заказ(guid'{SECOND}')/Контрагент", 404, "9"),
        ("Document_Заказ(guid'x')", 400, "1"),
        ("Document_Заказ('x')", 400, "1"),
        ("Document_Заказ(x)", 400, "1"),
        ("Document_Заказ()", 400, "7"),
        (f"Document_Заказ_Товары(Ref_Key=guid'{ORDER}')", 400, "7"),
        (f"Document_Заказ_Товары(Ref_Key=guid'{ORDER}',LineNumber=9)", 404, "9"),
    ],
)
def test_refusals(books, target, status, code):
    answer = books("GET", target)
    if "csv" in target:
        assert answer.status == status
        assert f"<m:code>{code}</m:code>" in answer.text
    else:
        assert (answer.status, answer.code) == (status, code)


def test_stars(books):
    everything = books.get(f"{ORDERS}?$select=*&$top=1")["value"][0]
    without_sections = books.get(f"{ORDERS}?$select=**&$top=1")["value"][0]
    assert everything == books.get(f"{ORDERS}?$top=1")["value"][0]
    assert set(everything) - set(without_sections) == {"Товары"}


def test_guid_order_is_not_text_order(sample):
    one, two = "00000000-0000-11ee-8000-000000000002", "ffffffff-0000-11ee-8000-000000000001"
    for key in (one, two):
        sample.infobase.add("Document_Заказ", {"Ref_Key": key})
    assert [row["Ref_Key"] for row in sample.get(f"{ORDERS}?$orderby=Ref_Key")["value"]] == [two, one]


def test_option_names_may_be_encoded_and_a_plus_stays_a_plus():
    assert parse_options("%24top=1&$filter=sku%20eq%20'A+B%2BC'") == {"$top": "1", "$filter": "sku eq 'A+B+C'"}


def test_count_is_an_integer_behind_a_byte_order_mark(books):
    answer = books("GET", f"{ORDERS}/$count?$filter=Кратность gt 8")
    assert (answer.status, answer.text) == (200, "\ufeff1")
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(("mode", "rows"), [("ignores paging", 2), ("pages", 1)])
def test_inlinecount_is_text(books, mode, rows):
    books.infobase.modes = Modes(inlinecount=mode)
    page = books.get(f"{ORDERS}?$inlinecount=allpages&$top=1")
    assert (page["odata.count"], len(page["value"])) == ("2", rows)


def test_row_of_a_section_and_the_section_itself(books):
    row = books.get(f"Document_Заказ_Товары(Ref_Key=guid'{ORDER}',LineNumber=2)")
    assert (row["Номенклатура"], row["LineNumber"]) == ("Кофе", "2")
    section = books.get(f"{ONE}/Товары")
    assert [line["Номенклатура"] for line in section["value"]] == ["Чай", "Кофе"]
    assert section["odata.metadata"].endswith("#Collection(StandardODATA.Document_Заказ_Товары_RowType)")


def test_navigation_to_an_object_and_a_raw_value(books):
    assert books.get(f"{ONE}/Контрагент")["Ref_Key"] == OTHER
    assert books("GET", f"{ONE}/Контрагент/ИНН/$value").text == "55"


def test_value_storage(books):
    content = {"Фото_Base64Data": "AQI=", "Фото_Type": "image/png"}
    books("PATCH", f"Catalog_Контрагенты(guid'{BUYER}')", content)
    answer = books("GET", f"Catalog_Контрагенты(guid'{BUYER}')/Фото/$value")
    assert (answer.text, answer.headers["Content-Type"]) == ("\x01\x02", "image/png")


def test_full_metadata(books):
    row = books.get(f"{ORDERS}?$format=application/json;odata=fullmetadata&$top=1")["value"][0]
    assert row["odata.type"] == "StandardODATA.Document_Заказ"
    assert row["odata.editLink"] == ONE
    assert row["Date@odata.type"] == "Edm.DateTime"
    assert row["Контрагент@navigationLinkUrl"] == f"{ONE}/Контрагент"


@pytest.mark.parametrize(
    ("accept", "query", "json"),
    [
        (None, "", False),
        ("*/*", "", False),
        ("application/atom+xml", "", False),
        ("text/csv, application/json;odata=nometadata", "", True),
        ("application/atom+xml", "?$format=json", True),
        ("application/json", "?$format=atom", False),
    ],
)
def test_format(books, accept, query, json):
    answer = books("GET", f"{ORDERS}{query}", headers={"accept": accept})
    assert answer.text.startswith("{" if json else "<?xml")


def test_atom_feed(books):
    text = books("GET", f"{ORDERS}?$inlinecount=allpages&$expand=Контрагент", headers={"accept": None}).text
    feed = etree.fromstring(text.encode())
    assert feed.find(f"{META}count").text == "2"
    first, second = feed.findall("a:entry", ATOM)
    properties = first.find(f"a:content/{META}properties", ATOM)
    assert properties.find("d:Кратность", ATOM).text == "7"
    assert properties.find("d:Кратность", ATOM).get(f"{META}type") == "Edm.Int64"
    rows = properties.findall("d:Товары/d:element", ATOM)
    assert [row.find("d:Номенклатура", ATOM).text for row in rows] == ["Чай", "Кофе"]
    assert first.find(f".//{META}inline//d:ИНН", ATOM).text == "55"
    assert second.find(f".//{META}inline").find("a:entry", ATOM) is None


def test_control_characters_spoil_atom_only(books):
    books("PATCH", ONE, {"Комментарий": "a\x01b"})
    assert books("GET", ORDERS, headers={"accept": None}).status == 400
    assert books.get(ORDERS)["value"][0]["Комментарий"] == "a\x01b"


def test_errors_have_the_format_asked_for(books):
    answer = books("GET", "Catalog_Нечто", headers={"accept": None})
    assert etree.fromstring(answer.text.encode()).find(f"{META}code").text == "8"


def test_service_document(training):
    listed = training.get("")
    assert [entry["url"] for entry in listed["value"]] == [
        "Catalog_Customers",
        "Catalog_Products",
        "Document_SalesOrder",
        "Document_SalesOrder_Products",
    ]
    atom = etree.fromstring(training("GET", "", headers={"accept": None}).text.encode())
    assert [element.get("href") for element in atom.iter("{http://www.w3.org/2007/app}collection")] == [
        entry["url"] for entry in listed["value"]
    ]
    everything = frozenset({"Catalog_Customers", "Catalog_Products", "Document_SalesOrder"})
    training.infobase.modes = Modes(unpublished=everything)
    assert training.get("")["value"] == []


def test_hidden_rows_need_allowed_only(books):
    books.infobase.users += (User("limited", "x", hidden=frozenset({ORDER})),)
    limited = replace(books, user="limited", password="x")
    assert limited("GET", ORDERS).code == "20"
    assert limited("GET", ONE).status == 401
    for option in ("allowedOnly=true", "$allowedOnly=true"):
        assert [row["Ref_Key"] for row in limited.get(f"{ORDERS}?{option}")["value"]] == [SECOND]
    assert limited("GET", f"{ORDERS}?$filter=Кратность eq 10").status == 200


@pytest.fixture
def rates(sample):
    """Rates of two currencies on three days."""
    for day, key, rate in ((1, BUYER, 1.5), (2, BUYER, 2), (3, BUYER, 3.25), (2, OTHER, 10)):
        record = {"Period": f"2024-05-0{day}T00:00:00", "Валюта_Key": key, "Курс": rate}
        assert sample("POST", "InformationRegister_Курсы", record).status == 200
    return sample


@pytest.mark.parametrize(
    ("function", "found"),
    [
        ("SliceLast()", [3.25, 10]),
        ("SliceLast", [3.25, 10]),
        ("SliceFirst()", [1.5, 10]),
        ("SliceLast(Period=datetime'2024-05-02T00:00:00')", [2, 10]),
        ("SliceLast(Period=datetime'2024-05-01T23:00:00')", [1.5]),
        ("SliceLast?Period=datetime'2024-05-02T00:00:00'", [2, 10]),
        (f"SliceLast(Condition='Валюта_Key eq guid''{OTHER}''')", [10]),
        (f"SliceLast(Period=datetime'2024-05-02T00:00:00',Condition='Валюта_Key eq guid''{BUYER}''')", [2]),
        ("SliceLast()?$filter=Курс gt 5", [10]),
    ],
)
def test_slices(rates, function, found):
    rows = rates.get(f"InformationRegister_Курсы/{function}")["value"]
    assert sorted(row["Курс"] for row in rows) == found


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        ("InformationRegister_Курсы/Slice_Last()", 400, "6"),
        ("InformationRegister_Курсы/Balance()", 400, "6"),
        ("InformationRegister_Штрихкоды/SliceLast()", 400, "6"),
        ("InformationRegister_Курсы/SliceLast(EndDate=datetime'2024-05-01T00:00:00')", 501, "0"),
        ("InformationRegister_Курсы/SliceLast(Period='x')", 400, "1"),
        ("InformationRegister_Курсы(Period=datetime'2024-05-01T00:00:00')", 400, "7"),
    ],
)
def test_refused_slices(rates, target, status, code):
    answer = rates("GET", target)
    assert (answer.status, answer.code) == (status, code)


def test_register_record_by_key(rates):
    key = f"InformationRegister_Курсы(Period=datetime'2024-05-02T00:00:00',Валюта_Key=guid'{OTHER}')"
    record = rates.get(key)
    assert record["Курс"] == 10
    assert "DataVersion" not in record


def test_records_of_a_recorder(books):
    recorder = {"Recorder": ORDER, "Recorder_Type": "StandardODATA.Document_Заказ"}
    line = {"LineNumber": 1, "Period": "2024-05-01T00:00:00", "Товар_Key": BUYER, "Цена": 5}
    assert books("POST", "InformationRegister_Цены", {**recorder, "RecordSet": [line]}).status == 200
    records = books.get("InformationRegister_Цены_RecordType/SliceLast()")["value"]
    assert [(record["Recorder"], record["Цена"], record["Active"]) for record in records] == [(ORDER, 5, True)]
    assert books.get(f"InformationRegister_Цены?$filter=Recorder eq '{ORDER}'")["value"] == []
    assert books("GET", f"InformationRegister_Цены?$filter=Recorder eq guid'{ORDER}'").status == 500
    key = f"InformationRegister_Цены(Recorder='{ORDER}',Recorder_Type='StandardODATA.Document_Заказ')"
    assert books("PATCH", key, {"RecordSet": []}).json["RecordSet"] == []
    assert books("POST", "InformationRegister_Цены_RecordType", line).code == "19"


@pytest.mark.parametrize("path", ["", "/Кратность", "/Контрагент", "/Товары"])
def test_single_things_in_atom_are_whole_documents(books, path):
    text = books("GET", f"{ONE}{path}", headers={"accept": None}).text
    tag = etree.fromstring(text.encode()).tag
    wanted = f"{{{ATOM['d']}}}{path[1:]}" if path in {"/Кратность", "/Товары"} else f"{{{ATOM['a']}}}entry"
    assert tag == wanted
