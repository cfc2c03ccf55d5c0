"""`$filter`: what is understood, what is refused, and that literals come through unchanged."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.simulators.onec import Modes
from adapter.simulators.onec.filter_parser import Binary, Literal, Path, parse_filter

BUYER = "00000000-0000-11ee-8000-0000000000b1"
OTHER = "00000000-0000-11ee-8000-0000000000b2"
ABSENT = "00000000-0000-11ee-8000-0000000000ff"


@pytest.fixture
def orders(sample):
    """Three orders, numbered 1 to 3 by `НомерКлиента`."""
    infobase = sample.infobase
    infobase.add("Catalog_Контрагенты", {"Ref_Key": OTHER, "Description": "О'Бета", "ИНН": "55"})
    infobase.add(
        "Document_Заказ",
        {
            "НомерКлиента": "1",
            "Date": "2024-05-31T10:20:30",
            "Контрагент_Key": BUYER,
            "Статус": "Новый",
            "Кратность": 10,
            "Основание_Type": "StandardODATA.Catalog_Контрагенты",
            "Основание": OTHER,
            "Комментарий": "Заказ Amazon 111-1",
            "Товары": [{"Номенклатура": "Чай", "Количество": 2, "СуммаСНДС": 10.1}],
        },
    )
    infobase.add(
        "Document_Заказ",
        {
            "НомерКлиента": "2",
            "Date": "2023-12-31T23:59:59",
            "Контрагент_Key": OTHER,
            "Статус": "Закрыт",
            "Кратность": -3,
            "Основание_Type": "Edm.String",
            "Основание": "Звонок",
            "Posted": True,
            "Товары": [
                {"Номенклатура": "Чай", "Количество": 20, "СуммаСНДС": 0.1},
                {"Номенклатура": "Кофе", "Количество": 1, "СуммаСНДС": 0.2},
            ],
        },
    )
    infobase.add("Document_Заказ", {"НомерКлиента": "3", "Date": "2024-02-01T00:00:00", "Контрагент_Key": ABSENT})
    return sample


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("НомерКлиента eq '2'", "2"),
        ("НомерКлиента eq '2  '", "2"),
        ("НомерКлиента ne '2'", "13"),
        ("Статус eq 'новый'", "1"),
        ("Статус eq ''", "3"),
        ("НомерКлиента gt '1' and НомерКлиента le '3'", "23"),
        ("НомерКлиента eq '1' or НомерКлиента eq '3' and Posted eq true", "1"),
        ("(НомерКлиента eq '1' or НомерКлиента eq '2') and Posted eq true", "2"),
        ("not (Posted eq true)", "13"),
        ("not Posted", "13"),
        ("Posted", "2"),
        ("Posted eq false", "13"),
        (f"Контрагент_Key eq guid'{BUYER.upper()}'", "1"),
        (f"Контрагент_Key ne guid'{BUYER}'", "23"),
        ("Date ge datetime'2024-02-01T00:00:00' and Date lt datetime'2024-05-01T00:00:00'", "3"),
        ("Date ge datetime'2024-02-01T00:00'", "13"),
        # arithmetic
        ("Кратность eq -3", "2"),
        ("Кратность add 5 eq 15", "1"),
        ("Кратность mul 2 add 1 eq 21", "1"),
        ("1 add 2 mul 3 eq 7", "123"),
        ("10 sub 2 sub 3 eq 5", "123"),
        ("СуммаДокумента mul 10 eq 3", "2"),
        ("Кратность div 4 eq 2.5", "1"),
        ("Кратность div 0 eq 1", ""),
        ("-Кратность eq 3", "2"),
        ("СуммаДокумента eq 1.01e1", "1"),
        ("СуммаДокумента gt 0.3d", "1"),
        # strings
        ("substringof('111-1', Комментарий) eq true", "1"),
        ("substringof('AMAZON', Комментарий)", "1"),
        ("startswith(Комментарий, 'заказ') eq true", "1"),
        ("endswith(Комментарий, '-1') eq false", "23"),
        ("like(Комментарий, 'Зак%111-_')", "1"),
        ("like(Комментарий, '%[0-9]-[^2-9]')", "1"),
        ("concat(НомерКлиента, Статус) eq '1Новый'", "1"),
        ("substring(Статус, 1, 3) eq 'овы'", "1"),
        ("substring(Статус, 4) eq 'ый' or substring(Статус, 4) eq 'й'", "1"),
        # dates
        ("year(Date) eq 2024", "13"),
        ("quarter(Date) eq 4 and month(Date) eq 12 and day(Date) eq 31", "2"),
        ("dayofyear(Date) eq 32 and dayofweek(Date) eq 4", "3"),
        ("hour(Date) eq 10 and minute(Date) eq 20 and second(Date) eq 30", "1"),
        ("dateadd(Date, 'month', -1) eq datetime'2024-04-30T10:20:30'", "1"),
        ("dateadd(Date, 'second', 1) eq datetime'2024-01-01T00:00:00'", "2"),
        ("datedifference(Date, datetime'2024-01-01T00:00:00', 'year') eq 1", "2"),
        ("datedifference(Date, datetime'2024-03-01T12:00:00', 'day') eq 29", "3"),
        ("datedifference(Date, datetime'2024-06-01T00:00:00', 'month') eq 1", "1"),
        # paths
        ("Контрагент/Description eq 'о''бета'", "2"),
        ("Контрагент/ИНН ne '55'", "1"),
        ("not (Контрагент/ИНН eq '55')", "1"),
        (f"Контрагент/Ref_Key eq guid'{BUYER}'", "1"),
        # composites
        ("Основание_Type eq 'StandardODATA.Catalog_Контрагенты'", "1"),
        (f"Основание eq cast(guid'{OTHER}', 'Catalog_Контрагенты')", "1"),
        (f"Основание eq cast(guid'{OTHER}', 'Document_Заказ')", ""),
        (f"Основание eq '{OTHER}'", ""),
        ("Основание eq 'звонок'", "2"),
        ("cast(Основание, 'Catalog_Контрагенты')/ИНН eq '55'", "1"),
        ("isof(Основание, 'String')", "2"),
        ("isof(Основание, 'Catalog_Контрагенты') eq true", "1"),
        ("cast(Основание, 'String') eq 'Звонок'", "2"),
        ("cast(Кратность, 'String') eq '10'", "1"),
        ("round(СуммаДокумента) eq 10", "1"),
        ("round(СуммаДокумента, 1) eq 0.3", "2"),
        # tabular sections
        ("Товары/any()", "12"),
        ("not Товары/any()", "3"),
        ("Товары/any(d: d/Количество gt 10)", "2"),
        ("Товары/any(d: d/Номенклатура eq 'кофе' and d/СуммаСНДС eq 0.2) eq true", "2"),
        ("Товары/all(d: d/Количество lt 10)", "13"),
        ("Товары/any(d: d/Количество eq Кратность sub 8)", "1"),
    ],
)
def test_filter(orders, text, found):
    page = orders.get(f"Document_Заказ?$select=НомерКлиента&$orderby=НомерКлиента&$filter={text}")
    assert "".join(row["НомерКлиента"] for row in page["value"]) == found


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("НомерКлиента eq", 400, "14"),
        ("НомерКлиента eq 'x", 400, "14"),
        ("(НомерКлиента eq 'x'", 400, "14"),
        ("НомерКлиента eq 'x')", 400, "14"),
        ("НомерКлиента = 'x'", 400, "14"),
        ("НомерКлиента", 400, "14"),
        ("Кратность add 1", 400, "14"),
        ("НомерКлиента in ('x')", 400, "14"),
        ("contains(НомерКлиента, 'x')", 400, "14"),
        ("tolower(НомерКлиента) eq 'x'", 400, "14"),
        ("toupper(НомерКлиента) eq 'x'", 400, "14"),
        ("trim(НомерКлиента) eq 'x'", 400, "14"),
        ("length(НомерКлиента) eq 1", 400, "14"),
        ("indexof(НомерКлиента, 'x') eq 1", 400, "14"),
        ("replace(НомерКлиента, 'x', 'y') eq 'x'", 400, "14"),
        ("floor(Кратность) eq 1", 400, "14"),
        ("ceiling(Кратность) eq 1", 400, "14"),
        ("years(Date) eq 1", 400, "14"),
        ("startwith(НомерКлиента, 'x')", 400, "14"),
        ("startswith(НомерКлиента)", 400, "14"),
        ("Нечто eq 'x'", 400, "14"),
        ("Контрагент/Нечто eq 'x'", 400, "14"),
        ("Валюта/Description eq 'EUR'", 400, "14"),  # the currencies are not published
        ("Товары/Количество eq 1", 400, "14"),
        ("Товары/all()", 400, "14"),
        ("dateadd(Date, 'moon', 1) eq Date", 400, "14"),
        ("cast(Основание, 'Catalog_Нечто') eq Основание", 400, "14"),
        ("Кратность eq 12abc", 400, "14"),
        ("Контрагент_Key eq guid'nobody'", 400, "1"),
        ("Date eq datetime'24-05-01T00:00:00'", 400, "1"),
        ("Date eq datetime'2024-13-01T00:00:00'", 400, "1"),
        ("Комментарий eq 'x'", 500, "-1"),
        ("Комментарий ne ''", 500, "-1"),
        ("'x' lt Комментарий", 500, "-1"),
        (f"Контрагент_Key gt guid'{BUYER}'", 500, "-1"),
        (f"Основание eq guid'{BUYER}'", 500, "-1"),
        ("Контрагент_Key eq 'x'", 500, "-1"),
        ("НомерКлиента eq 1", 500, "-1"),
        ("Date eq '2024-05-01'", 500, "-1"),
        ("startswith(Кратность, '1')", 500, "-1"),
        ("((((" * 100 + "1 eq 1" + "))))" * 100, 400, "14"),
    ],
)
def test_refused_filter(orders, text, status, code):
    answer = orders("GET", f"Document_Заказ?$filter={text}")
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize(("mode", "status", "code"), [("400/14", 400, "14"), ("400/6", 400, "6"), ("empty", 200, None)])
def test_misspelt_property(orders, mode, status, code):
    orders.infobase.modes = Modes(unknown_filter_property=mode)
    answer = orders("GET", "Document_Заказ?$filter=Posted eq true or НомерКлента eq '1'")
    assert (answer.status, answer.code) == (status, code)
    if status == 200:
        assert answer.value == []


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (
            "a eq 1 or b eq 2 and c eq 3",
            Binary(
                "or",
                Binary("eq", Path(("a",)), Literal("number", Decimal(1))),
                Binary(
                    "and",
                    Binary("eq", Path(("b",)), Literal("number", Decimal(2))),
                    Binary("eq", Path(("c",)), Literal("number", Decimal(3))),
                ),
            ),
        ),
        (
            "a gt 1 eq true",
            Binary("eq", Binary("gt", Path(("a",)), Literal("number", Decimal(1))), Literal("boolean", True)),
        ),
    ],
    ids=["and before or", "gt before eq"],
)
def test_precedence(text, tree):
    assert parse_filter(text) == tree


@settings(deadline=None)
@given(st.text())
def test_string_literals_come_through(text):
    doubled = text.replace("'", "''")
    assert parse_filter(f"A eq '{doubled}'") == Binary("eq", Path(("A",)), Literal("string", text))


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, places=4) | st.integers(min_value=0))
def test_number_literals_come_through(number):
    number = abs(number)
    assert parse_filter(f"A eq {number}") == Binary("eq", Path(("A",)), Literal("number", Decimal(number)))


@settings(deadline=None)
@given(st.uuids(), st.booleans())
def test_guid_literals_come_through(guid: uuid.UUID, upper: bool):
    text = str(guid).upper() if upper else str(guid)
    assert parse_filter(f"A eq guid'{text}'") == Binary("eq", Path(("A",)), Literal("guid", str(guid)))


@settings(deadline=None)
@given(st.datetimes())
def test_datetime_literals_come_through(moment):
    text = moment.replace(microsecond=0).isoformat()
    assert parse_filter(f"A eq datetime'{text}'") == Binary("eq", Path(("A",)), Literal("datetime", text))
