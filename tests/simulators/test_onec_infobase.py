"""The infobase as a whole: sessions, persistence, direct doors, the shop's catalogs, other modes."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapter.simulators.onec import Infobase, ModelError, Modes, fill_training, load_model, read_model
from adapter.simulators.server import Request
from adapter.simulators.shop import books_customers, books_products

SHARED = Path(__file__).parents[2].parent / "shared" / "onec" / "metadata" / "models"
BUYER = "00000000-0000-11ee-8000-0000000000b1"


def test_everything_survives_a_restart(tmp_path, sample_model, now):
    path = tmp_path / "infobase.sqlite"
    first = Infobase(sample_model, path=path, clock=lambda: now[0])
    made = first.add("Document_Заказ", {"Товары": [{"Номенклатура": "Чай", "СуммаСНДС": 1.5}]})
    gone = first.add("Document_Заказ", {})
    first.edit("Document_Заказ", made["Ref_Key"], {"Комментарий": "x"})
    first.remove("Document_Заказ", gone["Ref_Key"])
    kept = {name: first.rows(name) for name in ("Document_Заказ", "Catalog_Контрагенты")}
    first.close()

    second = Infobase(sample_model, path=path, clock=lambda: now[0])
    assert {name: second.rows(name) for name in kept} == kept
    assert second.add("Document_Заказ", {})["Ref_Key"] not in {made["Ref_Key"]}
    assert [row["Number"] for row in second.rows("Document_Заказ")] == ["00000000001", "00000000002"]
    second.close()


def test_a_refused_write_leaves_no_trace_in_the_file(tmp_path, sample_model):
    path = tmp_path / "infobase.sqlite"
    first = Infobase(sample_model, path=path)
    with pytest.raises(Exception, match="Потерян"):
        first.add("Document_Заказ", {"Статус": "Потерян"})
    first.close()
    second = Infobase(sample_model, path=path)
    assert second.rows("Document_Заказ") == []
    second.close()


def test_doors_of_a_person(training):
    infobase = training.infobase
    made = infobase.add("Document_SalesOrder", {"Customer_Key": BUYER, "Products": [{"Quantity": 1}, {"Quantity": 2}]})
    assert [row["LineNumber"] for row in made["Products"]] == [1, 2]
    edited = infobase.edit("Document_SalesOrder", made["Ref_Key"], {"Posted": True, "Comment": "by hand"})
    assert (edited["Posted"], edited["Comment"], edited["DataVersion"]) == (True, "by hand", "AAAAAAAAAAE=")
    edited["Products"][0]["Quantity"] = 99
    assert infobase.row("Document_SalesOrder", made["Ref_Key"])["Products"][0]["Quantity"] == 1
    assert infobase.remove("Document_SalesOrder", made["Ref_Key"]) is True
    assert infobase.remove("Document_SalesOrder", made["Ref_Key"]) is False
    assert infobase.row("Document_SalesOrder", made["Ref_Key"]) is None
    with pytest.raises(KeyError):
        infobase.edit("Document_SalesOrder", made["Ref_Key"], {})


def test_training_catalogs_come_from_the_shop_once(now):
    infobase = Infobase(load_model("training"), clock=lambda: now[0])
    fill_training(infobase)
    fill_training(infobase)
    assert [row["Description"] for row in infobase.rows("Catalog_Customers")] == list(books_customers())
    found = [(row["sku"], row["Description"]) for row in infobase.rows("Catalog_Products")]
    assert found == list(books_products())


def test_predefined_elements_are_there(sample):
    (row,) = sample.get("Catalog_Контрагенты?$filter=PredefinedDataName eq 'Розничный'")["value"]
    assert (row["Predefined"], row["Description"]) == (True, "Розничный покупатель")


class Gate:
    """A `sleep` that blocks until it is opened, and tells when somebody has arrived."""

    def __init__(self) -> None:
        self.arrived = threading.Semaphore(0)
        self.opened = threading.Event()

    def __call__(self, seconds: float) -> None:
        self.arrived.release()
        assert self.opened.wait(10)


def ask_at_once(training, gate: Gate, count: int, wait_for: int) -> list[int]:
    """Statuses of parallel requests; the gate opens when `wait_for` of them are inside."""
    with ThreadPoolExecutor(count) as threads:
        answers = [threads.submit(training, "GET", "Catalog_Products") for _ in range(count)]
        for _ in range(wait_for):
            assert gate.arrived.acquire(timeout=10)
        gate.opened.set()
        return sorted(answer.result().status for answer in answers)


def test_sessions_overlap(training):
    training.infobase.sleep = gate = Gate()
    training.infobase.modes = Modes(latency=1, pool_size=4)
    assert ask_at_once(training, gate, 4, wait_for=4) == [200] * 4
    assert training.infobase.sessions.most == 4


def test_more_than_the_pool_holds_is_406(training):
    training.infobase.sleep = gate = Gate()
    training.infobase.modes = Modes(latency=1, pool_size=2, pool_wait=0)
    with ThreadPoolExecutor(2) as threads:
        inside = [threads.submit(training, "GET", "Catalog_Products") for _ in range(2)]
        for _ in inside:
            assert gate.arrived.acquire(timeout=10)
        refused = training("POST", "Document_SalesOrder", {})
        gate.opened.set()
        assert [answer.result().status for answer in inside] == [200, 200]
    assert (refused.status, refused.code) == (406, None)
    assert training.infobase.rows("Document_SalesOrder") == []


def test_file_infobase_takes_one_request_at_a_time(training):
    training.infobase.sleep = gate = Gate()
    training.infobase.modes = Modes(latency=1, file_infobase=True, pool_size=4, pool_wait=0)
    assert ask_at_once(training, gate, 3, wait_for=1) == [200] * 3
    assert training.infobase.sessions.most == 1


def test_parallel_writes_of_one_key_store_one_document(training):
    body = {"Ref_Key": BUYER}
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: training("POST", "Document_SalesOrder", body).status, range(16)))
    assert sorted(answers) == [201] + [500] * 15
    assert len(training.infobase.rows("Document_SalesOrder")) == 1


def test_atom_only(training):
    training.infobase.modes = Modes(atom_only=True)
    answer = training("POST", "Catalog_Products?$format=json", {"sku": "x"})
    assert answer.status == 201
    assert answer.text.startswith("<?xml")
    assert training("GET", "Catalog_Nothing").text.startswith("<?xml")


def test_long_segment_behind_iis(training):
    training.infobase.modes = Modes(iis=True)
    answer = training("GET", f"Catalog_Products('{'x' * 260}')")
    assert (answer.status, answer.code) == (400, None)
    assert "Invalid URL" in answer.text
    assert training("GET", f"Catalog_Products('{'x' * 200}')").code == "1"


@pytest.mark.parametrize("path", ["/", "/training", "/training/odata/standard.odata2/Catalog_Products"])
def test_outside_of_the_publication_the_web_server_answers(training, path):
    response = training.infobase.handle(Request("GET", path))
    assert (response.status, dict(response.headers)["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_error_for_faults(training):
    response = training.infobase.error(503)
    assert response.status == 503
    assert b'"code": "-1"' in response.body


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"kind": "Constant", "entity_set": "Constant_X", "name": "X"}, "kind 'Constant'"),
        ({"kind": "Catalog", "name": "X"}, "entity_set"),
    ],
)
def test_bad_model(tmp_path, data, text):
    path = tmp_path / "model.json"
    path.write_text(json.dumps({"objects": [data]}))
    with pytest.raises(ModelError, match=text):
        load_model(path)


def test_recalculation_over_several_sections_and_columns():
    column = {"edm": "Edm.Double", "types": ["Number(15,2)"], "digits": 15, "fraction_digits": 2}
    columns = [column | {"name": name, "property": name} for name in ("Net", "Tax")]
    document = {
        "entity_set": "Document_X",
        "kind": "Document",
        "name": "X",
        "attributes": [column | {"name": "Total", "property": "Total"}],
        "tabular_sections": [{"name": "Goods", "attributes": columns}, {"name": "Services", "attributes": columns[:1]}],
        "recalculate": {"property": "Total", "rows": ["Goods", "Services"], "sum": ["Net", "Tax"]},
    }
    infobase = Infobase(read_model({"objects": [document]}))
    made = infobase.add("Document_X", {"Goods": [{"Net": 0.1, "Tax": 0.2}], "Services": [{"Net": 1}]})
    assert made["Total"] == 1.3


@pytest.mark.parametrize(("included", "total"), [(True, 100), (False, 120)])
def test_vat_on_top_of_the_sums_is_added_to_the_document(included, total):
    column = {"edm": "Edm.Double", "types": ["Number(15,2)"], "digits": 15, "fraction_digits": 2}
    document = {
        "entity_set": "Document_X",
        "kind": "Document",
        "name": "X",
        "attributes": [
            column | {"name": "Total", "property": "Total"},
            {"name": "Included", "property": "Included", "edm": "Edm.Boolean", "types": ["Boolean"]},
        ],
        "tabular_sections": [
            {"name": "Goods", "attributes": [column | {"name": name, "property": name} for name in ("Net", "Tax")]}
        ],
        "recalculate": {
            "property": "Total",
            "rows": "Goods",
            "sum": "Net",
            "on_top": {"unless": "Included", "sum": "Tax"},
        },
    }
    infobase = Infobase(read_model({"objects": [document]}))
    made = infobase.add("Document_X", {"Included": included, "Goods": [{"Net": 100, "Tax": 20}]})
    assert made["Total"] == total


def test_a_name_with_a_dot_is_a_built_in_model():
    assert load_model("unf-3.0").configuration.startswith("Управление нашей фирмой")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the reference models are not on this machine")
@pytest.mark.parametrize("path", sorted(SHARED.glob("*.json")), ids=lambda path: path.stem)
def test_every_reference_model_can_be_served(path, now):
    infobase = Infobase(load_model(path), clock=lambda: now[0])
    for item in infobase.model.objects:
        if item.kind != "InformationRegister":
            made = infobase.add(item.entity_set, {})
            assert infobase.row(item.entity_set, made["Ref_Key"]) == made
