"""Writing: how values are taken, which handlers run, what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from adapter.simulators.onec import Modes, load_model, read_model

BUYER = "00000000-0000-11ee-8000-0000000000b1"
ORDER = "00000000-0000-11ee-8000-0000000000c1"
ZERO = "00000000-0000-0000-0000-000000000000"
ONE = f"Document_Заказ(guid'{ORDER}')"
ROW = {"LineNumber": 1, "Номенклатура": "Чай", "Количество": 2, "СуммаСНДС": 10}
FULL = {"Ref_Key": ORDER, "Контрагент_Key": BUYER, "Товары": [ROW]}


def make(sample, **values):
    answer = sample("POST", "Document_Заказ", FULL | values)
    assert answer.status == 201, answer
    return answer.json


@pytest.mark.parametrize(
    ("name", "sent", "stored"),
    [
        ("НомерКлиента", "x" * 31, "x" * 30),
        ("НомерКлиента", "111  ", "111"),
        ("НомерКлиента", 111, "111"),
        ("НомерКлиента", None, ""),
        ("Комментарий", "x" * 5000, "x" * 5000),
        ("Кратность", 5, "5"),
        ("Кратность", "5", "5"),
        ("Кратность", "five", "0"),
        ("Кратность", 5.5, "6"),
        ("Отгрузка", "2024-05-06T07:08:09", "2024-05-06T07:08:09"),
        ("Отгрузка", "2024-05-06T07:08:09.123", "2024-05-06T07:08:09"),
        ("Отгрузка", "2024-05-06T07:08:09Z", "2024-05-06T10:08:09"),
        ("Отгрузка", "2024-05-06T07:08:09+03:00", "2024-05-06T07:08:09"),
        ("Отгрузка", "0001-01-01T00:00:00", "0001-01-01T00:00:00"),
        ("Отгрузка", None, "0001-01-01T00:00:00"),
        ("Контрагент_Key", BUYER.upper(), BUYER),
        ("Контрагент_Key", "00000000-0000-11ee-8000-00000000dead", "00000000-0000-11ee-8000-00000000dead"),
        ("Статус", "КОтгрузке", "КОтгрузке"),
        ("Статус", "", ""),
        ("Number", "7", "7          "),
        ("DeletionMark", "true", True),
    ],
)
def test_value(sample, name, sent, stored):
    assert make(sample, **{name: sent})[name] == stored


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"Статус": "Потерян"}, 400, "4"),
        ({"Отгрузка": "06.05.2024"}, 400, "1"),
        ({"Отгрузка": "2024-02-30T00:00:00"}, 400, "1"),
        ({"Отгрузка": 5}, 400, "1"),
        ({"Контрагент_Key": ""}, 400, "1"),
        ({"Posted": "maybe"}, 400, "1"),
        ({"НомерКлиента": ["a"]}, 500, "-1"),
        ({"Кратность": {"a": 1}}, 500, "-1"),
        ({"Кратность": 10**10}, 400, "4"),
        ({"Товары": {"LineNumber": 1}}, 500, "-1"),
        ({"Товары": [ROW, ROW | {"LineNumber": 3}]}, 400, "4"),
        ({"Товары": [ROW, "row"]}, 500, "-1"),
        ({"Основание_Type": "StandardODATA.Catalog_Валюты"}, 400, "4"),
        ({"Контрагент@odata.bind": f"Catalog_Договоры(guid'{BUYER}')"}, 400, "4"),
        ({"Контрагент@odata.bind": "nobody"}, 400, "4"),
        ([], 500, "-1"),
        ('{"Кратность": NaN}', 500, "-1"),
    ],
)
def test_refused_value(sample, body, status, code):
    answer = sample("POST", "Document_Заказ", body)
    assert (answer.status, answer.code) == (status, code)
    assert sample.infobase.rows("Document_Заказ") == []


@pytest.mark.parametrize(
    ("body", "pair"),
    [
        ({}, ("", "StandardODATA.Undefined")),
        ({"Основание": BUYER}, ("", "StandardODATA.Undefined")),
        (
            {"Основание": BUYER, "Основание_Type": "StandardODATA.Catalog_Контрагенты"},
            (BUYER, "StandardODATA.Catalog_Контрагенты"),
        ),
        ({"Основание": "Звонок", "Основание_Type": "Edm.String"}, ("Звонок", "Edm.String")),
        (
            {"Основание@odata.bind": f"Catalog_Контрагенты(guid'{BUYER}')"},
            (BUYER, "StandardODATA.Catalog_Контрагенты"),
        ),
    ],
)
def test_composite(sample, body, pair):
    made = make(sample, **body)
    assert (made["Основание"], made["Основание_Type"]) == pair


def test_reference_by_bind_and_tolerated_type_annotation(sample):
    body = {
        "Контрагент@odata.bind": f"Catalog_Контрагенты(guid'{BUYER}')",
        "Товары@odata.type": "Collection(StandardODATA.Document_Заказ_Товары_RowType)",
        "Товары": [ROW],
    }
    made = sample("POST", "Document_Заказ", body).json
    assert (made["Контрагент_Key"], len(made["Товары"])) == (BUYER, 1)


def test_location_has_raw_cyrillic(sample):
    location = sample("POST", "Document_Заказ", FULL).headers["Location"]
    assert location == f"http://1c.test/training/odata/standard.odata/Document_Заказ(guid'{ORDER}')"


@pytest.mark.parametrize(
    "target", ["Document_Заказ_Товары", f"Document_Заказ_Товары(Ref_Key=guid'{ORDER}',LineNumber=1)"]
)
def test_rows_cannot_be_written_directly(sample, target):
    make(sample)
    method = "PATCH" if "(" in target else "POST"
    assert sample(method, target, ROW).code == "13"


def test_numbers_run_within_a_year_past_those_in_use(sample, now):
    make(sample, Ref_Key=ZERO, Number="00000000002")
    numbers = [make(sample, Ref_Key=ZERO)["Number"] for _ in range(2)]
    now[0] = now[0].replace(year=2025)
    assert [*numbers, make(sample, Ref_Key=ZERO)["Number"]] == ["00000000003", "00000000004", "00000000001"]


def test_sent_number_is_replaced_in_that_mode(sample):
    sample.infobase.modes = Modes(replaces_number=True)
    assert make(sample, Number="A")["Number"] == "00000000001"


def test_own_keys_are_ordered_uuids_of_version_1(sample):
    keys = [make(sample, Ref_Key=ZERO)["Ref_Key"] for _ in range(3)]
    assert len(set(keys)) == 3
    assert all(key[14] == "1" for key in keys)


def test_data_version_changes_on_every_write(sample):
    versions = [make(sample)["DataVersion"]]
    versions += [sample("PATCH", ONE, {"Комментарий": str(n)}).json["DataVersion"] for n in range(2)]
    sample("POST", f"{ONE}/Post")
    versions.append(sample.get(ONE)["DataVersion"])
    assert versions == ["AAAAAAAAAAA=", "AAAAAAAAAAE=", "AAAAAAAAAAI=", "AAAAAAAAAAM="]


def test_section_left_out_of_a_patch_stays(sample):
    make(sample)
    assert len(sample("PATCH", ONE, {"Комментарий": "x"}).json["Товары"]) == 1
    assert sample("PATCH", ONE, {"Товары": []}).json["СуммаДокумента"] == 0


def test_put_wants_everything(sample):
    key = f"Catalog_Договоры(guid'{ORDER}')"
    sample("POST", "Catalog_Договоры", {"Ref_Key": ORDER, "Description": "1", "Owner_Key": BUYER})
    assert sample("PUT", key, {"Description": "2"}).code == "5"
    owner = {"Owner@odata.bind": f"Catalog_Контрагенты(guid'{ORDER}')"}
    answer = sample("PUT", key, {"Description": "2", "DeletionMark": False, **owner})
    assert (answer.status, answer.json["Owner_Key"]) == (200, ORDER)


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
def test_write_to_an_absent_key(training, method):
    body = dict.fromkeys(("Description", "Code", "first_name", "last_name", "email"), "") | {"DeletionMark": False}
    answer = training(method, f"Catalog_Customers(guid'{ORDER}')", body)
    assert (answer.status, answer.code) == (404, "9")


@pytest.mark.parametrize(
    ("method", "target"),
    [("PATCH", "Document_Заказ"), ("DELETE", "Document_Заказ"), ("POST", ONE), ("OPTIONS", ONE), ("POST", "$metadata")],
)
def test_method_not_allowed(sample, method, target):
    make(sample)
    assert sample(method, target, {}).code == "19"


@pytest.mark.parametrize("kind", ["application/atom+xml", "text/plain"])
def test_other_bodies_are_not_taken(sample, kind):
    answer = sample("POST", "Document_Заказ", "<entry/>", {"content-type": kind})
    assert (answer.status, answer.code) == (415, "3")


def test_posting_a_catalog_element_is_no_method(sample):
    assert sample("POST", f"Catalog_Контрагенты(guid'{BUYER}')/Post").code == "6"


def test_posting_names_every_empty_place(sample):
    make(sample, Контрагент_Key=ZERO, Товары=[{"LineNumber": 1, "Количество": 1}, {"LineNumber": 2}])
    answer = sample("POST", f"{ONE}/Post")
    assert answer.json["odata.error"]["message"]["value"].splitlines() == [
        'Поле "Контрагент" не заполнено',
        'Не заполнена колонка "Номенклатура" в строке 1 списка "Товары"',
        'Не заполнена колонка "Номенклатура" в строке 2 списка "Товары"',
        'Не заполнена колонка "Количество" в строке 2 списка "Товары"',
    ]


def test_posting_demands_of_the_model_stand_in_for_the_flags(onec_of):
    text = {"edm": "Edm.String", "types": ["String(5)"], "max_length": 5, "fill_check": True}
    document = {
        "entity_set": "Document_X",
        "kind": "Document",
        "name": "X",
        "posting": "Allow",
        "posting_demands": ["A", "Rows"],
        "attributes": [text | {"name": name, "property": name} for name in ("A", "B")],
        "tabular_sections": [{"name": "Rows", "attributes": []}],
    }
    onec = onec_of(read_model({"objects": [document]}))
    key = onec("POST", "Document_X", {}).json["Ref_Key"]
    answer = onec("POST", f"Document_X(guid'{key}')/Post")
    assert answer.json["odata.error"]["message"]["value"].splitlines() == [
        'Поле "A" не заполнено',
        'Не введено ни одной строки в список "Rows"',
    ]


@pytest.mark.parametrize(
    ("mode", "body", "status", "posted"),
    [
        ("reposts", {"Комментарий": "x"}, 200, True),
        ("reposts", {"Товары": []}, 500, True),
        ("keeps", {"Товары": []}, 200, True),
        ("refused", {"Комментарий": "x"}, 500, True),
        ("refused", {"Posted": False, "Комментарий": "x"}, 200, False),
        ("reposts", {"Posted": False, "DeletionMark": True}, 200, False),
    ],
)
def test_patch_of_a_posted_document(sample, mode, body, status, posted):
    sample.infobase.modes = Modes(patch_of_posted=mode)
    make(sample, Posted=True)
    before = sample.infobase.row("Document_Заказ", ORDER)
    assert sample("PATCH", ONE, body).status == status
    after = sample.infobase.row("Document_Заказ", ORDER)
    assert after["Posted"] is posted
    assert status == 200 or after == before


@pytest.mark.parametrize(
    ("mode", "body", "status", "posted"),
    [
        ("posts", {}, 201, True),
        ("ignored", {}, 201, False),
        ("posts", {"Товары": []}, 500, None),
        ("ignored", {"Товары": []}, 201, False),
    ],
)
def test_posted_in_a_create_body(sample, mode, body, status, posted):
    sample.infobase.modes = Modes(posted_on_create=mode)
    assert sample("POST", "Document_Заказ", FULL | {"Posted": True} | body).status == status
    row = sample.infobase.row("Document_Заказ", ORDER)
    assert (row and row["Posted"]) == posted


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("PATCH", ONE, {"Комментарий": "x"}),
        ("PATCH", ONE, {"Date": "2024-06-01T00:00:00"}),
        ("PATCH", ONE, {"DeletionMark": True}),
        ("POST", f"{ONE}/Post", None),
        ("POST", f"{ONE}/Unpost", None),
        ("DELETE", ONE, None),
    ],
)
def test_closed_period_refuses_every_write(sample, method, target, body):
    made = make(sample)
    sample.infobase.modes = Modes(closed_before=date(2024, 5, 2))
    answer = sample(method, target, body)
    assert (answer.status, answer.code) == (500, "-1")
    assert sample.get(ONE) == made


def test_document_cannot_be_moved_into_a_closed_period(sample):
    make(sample)
    sample.infobase.modes = Modes(closed_before=date(2024, 4, 1))
    assert sample("PATCH", ONE, {"Комментарий": "x"}).status == 200
    assert sample("PATCH", ONE, {"Date": "2024-03-31T00:00:00"}).status == 500


def test_data_load_mode_switches_the_handlers_off(sample):
    sample.infobase.modes = Modes(closed_before=date(2030, 1, 1))
    body = FULL | {"СуммаДокумента": 999}
    made = sample("POST", "Document_Заказ", body, {"1c_odata-dataloadmode": "true"}).json
    assert (made["Number"], made["СуммаДокумента"]) == ("", 999)


@pytest.mark.parametrize(
    ("if_match", "status"),
    [('W/"AAAAAAAAAAA="', 200), ('"AAAAAAAAAAA="', 200), ("AAAAAAAAAAA=", 200), ("*", 200), ("AAAAAAAAAAE=", 412)],
)
def test_strict_if_match(sample, if_match, status):
    sample.infobase.modes = Modes(if_match="obeyed")
    make(sample)
    assert sample("PATCH", ONE, {"Комментарий": "x"}, {"if-match": if_match}).status == status


def test_strict_if_match_on_delete(sample):
    sample.infobase.modes = Modes(if_match="obeyed")
    make(sample)
    assert sample("DELETE", ONE, None, {"if-match": "AAAAAAAAAAE="}).status == 412
    assert sample("DELETE", ONE, None, {"if-match": "AAAAAAAAAAA="}).status == 204


def test_offset_of_the_infobase(sample):
    sample.infobase.modes = Modes(utc_offset=timedelta(hours=-5))
    assert make(sample, Отгрузка="2024-01-01T03:00:00Z")["Отгрузка"] == "2023-12-31T22:00:00"


def test_code_is_unique(training):
    assert training("POST", "Catalog_Customers", {"Code": "000000001"}).code == "-1"
    assert training("POST", "Catalog_Customers", {"Code": "X"}).status == 201


def test_register_record_needs_its_whole_key(sample):
    assert sample("POST", "InformationRegister_Курсы", {"Валюта_Key": BUYER, "Курс": 1}).code == "7"


def test_unknown_model():
    with pytest.raises(ValueError, match="built in are"):
        load_model("nothing")
