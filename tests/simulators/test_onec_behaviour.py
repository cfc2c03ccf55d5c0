"""How live infobases were measured to answer, request by request: the stand-in's reason to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from adapter.simulators.faults import Fault
from adapter.simulators.onec import USUAL, Modes, User
from adapter.simulators.server import ConnectionLost, Request, StandIn

BUYER = "00000000-0000-11ee-8000-0000000000b1"
PRODUCT = "00000000-0000-11ee-8000-0000000000a1"
CHOSEN = "00000000-0000-11ee-8000-0000000000c1"
EMPTY = "00000000-0000-11ee-8000-0000000000c2"
ABSENT = "00000000-0000-11ee-8000-0000000000ff"
ZERO = "00000000-0000-0000-0000-000000000000"

ORDER = f"Document_SalesOrder(guid'{CHOSEN}')"
INCOMPLETE = f"Document_SalesOrder(guid'{EMPTY}')"
ROW = {"LineNumber": 1, "Product_Key": PRODUCT, "Quantity": 2, "Price": 10.5, "Amount": 21}
BODY = {"Ref_Key": CHOSEN, "Number": "111-1", "Customer_Key": BUYER, "Products": [ROW]}


@dataclass(frozen=True)
class Case:
    """A request and what is to come back; `before` are requests sent first, with success."""

    id: str
    method: str
    target: str
    status: int
    code: str | None = None
    body: Any = None
    headers: Any = None
    before: tuple[tuple[str, str, Any], ...] = ()
    modes: Modes = USUAL
    check: Callable[[Any, Any], bool] = lambda answer, onec: True


def stored(onec: Any) -> Any:
    return onec.infobase.row("Document_SalesOrder", CHOSEN)


MAKE = ("POST", "Document_SalesOrder", BODY)
MAKE_INCOMPLETE = ("POST", "Document_SalesOrder", {"Ref_Key": EMPTY})
POST_IT = ("PATCH", ORDER, {"Posted": True})
MARK_IT = ("PATCH", ORDER, {"DeletionMark": True})

CASES = [
    # GET without $format or Accept: Atom
    Case(
        "get without format is Atom",
        "GET",
        "Catalog_Products",
        200,
        headers={"accept": None},
        check=lambda a, _: (
            a.text.startswith("<?xml")
            and "<d:sku>TK-20</d:sku>" in a.text
            and a.headers["Content-Type"].startswith("application/atom+xml")
        ),
    ),
    # GET set, JSON
    Case(
        "get set as JSON",
        "GET",
        "Document_SalesOrder",
        200,
        before=(MAKE,),
        check=lambda a, _: (
            a.json
            == {
                "odata.metadata": "http://1c.test/training/odata/standard.odata/$metadata#Document_SalesOrder",
                "value": [
                    {
                        "Ref_Key": CHOSEN,
                        "DataVersion": "AAAAAAAAAAA=",
                        "DeletionMark": False,
                        "Number": "111-1",
                        "Date": "2024-05-01T12:00:00",
                        "Posted": False,
                        "Customer_Key": BUYER,
                        "Comment": "",
                        "Products": [
                            {
                                "Ref_Key": CHOSEN,
                                "LineNumber": "1",
                                "Product_Key": PRODUCT,
                                "Quantity": 2,
                                "Price": 10.5,
                                "Amount": 21,
                            }
                        ],
                        "Customer@navigationLinkUrl": f"{ORDER}/Customer",
                    }
                ],
            }
            and a.headers["Content-Type"] == "application/json;odata=minimalmetadata;charset=utf-8"
            and a.headers["DataServiceVersion"] == "3.0"
        ),
    ),
    Case(
        "nometadata drops the metadata",
        "GET",
        "Catalog_Products?$format=application/json;odata=nometadata",
        200,
        check=lambda a, _: list(a.json) == ["value"],
    ),
    Case(
        "empty values",
        "GET",
        INCOMPLETE,
        200,
        before=(MAKE_INCOMPLETE,),
        check=lambda a, _: (
            (a.json["Customer_Key"], a.json["Comment"], a.json["Products"], a.json["Posted"]) == (ZERO, "", [], False)
        ),
    ),
    Case(
        "no paging",
        "GET",
        "Catalog_Products",
        200,
        before=tuple(("POST", "Catalog_Products", {"sku": f"s{n}"}) for n in range(150)),
        check=lambda a, _: len(a.value) == 151 and "odata.nextLink" not in a.json,
    ),
    # unknown set; unknown key
    Case("unknown set", "GET", "Catalog_Suppliers", 404, "8"),
    Case("unknown key", "GET", f"Document_SalesOrder(guid'{ABSENT}')", 404, "9"),
    # unknown property in $select
    Case(
        "unknown property in select is echoed",
        "GET",
        "Catalog_Products?$select=Ref_Key,price",
        400,
        "6",
        check=lambda a, _: "Сегмент пути price не найден!" in a.text,
    ),
    # bad $filter, in, contains, tolower
    Case("broken filter", "GET", "Catalog_Products?$filter=sku eq", 400, "14"),
    Case("filter in", "GET", "Catalog_Products?$filter=sku in ('a','b')", 400, "14"),
    Case("filter contains", "GET", "Catalog_Products?$filter=contains(sku,'a')", 400, "14"),
    Case("filter tolower", "GET", "Catalog_Products?$filter=tolower(sku) eq 'a'", 400, "14"),
    # unknown $option
    Case("unknown option", "GET", "Catalog_Products?$expan=Parent", 501, "0", check=lambda a, _: "$expan" in a.text),
    # + for space in $filter
    Case("plus for space", "GET", "Catalog_Products?$filter=sku+eq+'TK-20'", 400, "14"),
    # query string over 2048 (IIS mode)
    Case(
        "long query behind IIS",
        "GET",
        "Catalog_Products?$filter=" + "(" * 2048,
        404,
        modes=Modes(iis=True),
        check=lambda a, _: a.text.startswith("<!DOCTYPE html") and a.headers["Content-Type"].startswith("text/html"),
    ),
    # POST, good
    Case(
        "post",
        "POST",
        "Document_SalesOrder",
        201,
        body={"Comment": "only this"},
        check=lambda a, onec: (
            a.json["Number"] == "0" * 19 + "1"
            and a.json["Date"] == "2024-05-01T12:00:00"
            and a.json["DataVersion"] == "AAAAAAAAAAA="
            and a.json["Ref_Key"][14] == "1"
            and a.headers["Location"]
            == f"http://1c.test/training/odata/standard.odata/Document_SalesOrder(guid'{a.json['Ref_Key']}')"
            and a.json["odata.metadata"].endswith("#Document_SalesOrder/@Element")
        ),
    ),
    # POST with unknown property
    Case(
        "post with an unknown property",
        "POST",
        "Document_SalesOrder",
        201,
        body=BODY | {"Coment": "lost"},
        check=lambda a, onec: "Coment" not in a.json and "Coment" not in stored(onec),
    ),
    # POST with Ref_Key
    Case(
        "chosen key is kept",
        "POST",
        "Document_SalesOrder",
        201,
        body=BODY,
        check=lambda a, _: a.json["Ref_Key"] == CHOSEN,
    ),
    Case(
        "repeated key is refused as by the DBMS",
        "POST",
        "Document_SalesOrder",
        500,
        "-1",
        BODY | {"Number": "2"},
        before=(MAKE,),
        check=lambda a, onec: "уникальности" in a.text and stored(onec)["Number"] == "111-1",
    ),
    Case(
        "repeated key is refused with code 15",
        "POST",
        "Document_SalesOrder",
        400,
        "15",
        BODY,
        before=(MAKE,),
        modes=Modes(repeated_key="400/15"),
    ),
    Case(
        "chosen key is replaced",
        "POST",
        "Document_SalesOrder",
        201,
        body=BODY,
        modes=Modes(replaces_key=True),
        check=lambda a, onec: a.json["Ref_Key"] != CHOSEN and stored(onec) is None,
    ),
    # POST rows without LineNumber; from 2
    Case(
        "rows without LineNumber",
        "POST",
        "Document_SalesOrder",
        500,
        "-1",
        BODY | {"Products": [{"Product_Key": PRODUCT}]},
        check=lambda a, onec: "внутренняя ошибка" in a.text and onec.infobase.rows("Document_SalesOrder") == [],
    ),
    Case(
        "rows from 2",
        "POST",
        "Document_SalesOrder",
        400,
        "4",
        BODY | {"Products": [ROW | {"LineNumber": 2}]},
        check=lambda a, onec: onec.infobase.rows("Document_SalesOrder") == [],
    ),
    # POST of a long string
    Case(
        "long string is cut",
        "POST",
        "Catalog_Products",
        201,
        body={"sku": "x" * 60},
        check=lambda a, _: a.json["sku"] == "x" * 50,
    ),
    # POST with bad guid / broken JSON
    Case(
        "bad guid",
        "POST",
        "Document_SalesOrder",
        400,
        "1",
        {"Customer_Key": "nobody"},
        check=lambda a, _: "'nobody'" in a.text,
    ),
    Case("bad boolean", "POST", "Document_SalesOrder", 400, "1", {"DeletionMark": "maybe"}),
    Case("broken JSON", "POST", "Document_SalesOrder", 500, "-1", '{"Number": '),
    # POST missing fill-checked property
    Case("mandatory properties are not checked", "POST", "Document_SalesOrder", 201, body={"Number": "5"}),
    # handler refuses
    Case(
        "closed period",
        "POST",
        "Document_SalesOrder",
        500,
        "-1",
        BODY | {"Date": "2023-12-31T23:59:59"},
        modes=Modes(closed_before=date(2024, 1, 1), closed_text="Период закрыт"),
        check=lambda a, onec: "Период закрыт" in a.text and stored(onec) is None,
    ),
    Case(
        "number is not unique",
        "POST",
        "Document_SalesOrder",
        500,
        "-1",
        {"Number": "111-1"},
        before=(MAKE,),
        check=lambda a, onec: "не уникально" in a.text and len(onec.infobase.rows("Document_SalesOrder")) == 1,
    ),
    Case(
        "number may come again next year",
        "POST",
        "Document_SalesOrder",
        201,
        before=(MAKE,),
        body={"Number": "111-1", "Date": "2025-01-01T00:00:00"},
    ),
    # PATCH
    Case(
        "patch",
        "PATCH",
        ORDER,
        200,
        body={"Comment": "c", "Ref_Key": ABSENT},
        before=(MAKE,),
        check=lambda a, _: (
            (a.json["Comment"], a.json["Ref_Key"], a.json["DataVersion"], a.json["Number"], len(a.json["Products"]))
            == ("c", CHOSEN, "AAAAAAAAAAE=", "111-1", 1)
        ),
    ),
    Case(
        "patch replaces a section whole",
        "PATCH",
        ORDER,
        200,
        before=(MAKE,),
        body={"Products": [{"LineNumber": "1", "Quantity": 3}]},
        check=lambda a, _: (
            a.json["Products"]
            == [{"Ref_Key": CHOSEN, "LineNumber": "1", "Product_Key": ZERO, "Quantity": 3, "Price": 0, "Amount": 0}]
        ),
    ),
    Case(
        "patch ignores If-Match",
        "PATCH",
        ORDER,
        200,
        body={"Comment": "c"},
        before=(MAKE,),
        headers={"if-match": '"stale"'},
    ),
    Case(
        "strict patch obeys If-Match",
        "PATCH",
        ORDER,
        412,
        body={"Comment": "c"},
        before=(MAKE,),
        headers={"if-match": 'W/"AAAAAAAAAAU="'},
        modes=Modes(if_match="obeyed"),
        code="-1",
        check=lambda a, onec: stored(onec)["Comment"] == "",
    ),
    Case("patch of an absent key", "PATCH", ORDER, 404, "9", {"Comment": "c"}),
    # PATCH Posted
    Case(
        "patch posts",
        "PATCH",
        ORDER,
        200,
        body={"Posted": True},
        before=(MAKE,),
        check=lambda a, _: a.json["Posted"] is True,
    ),
    Case(
        "patch unposts",
        "PATCH",
        ORDER,
        200,
        body={"Posted": False},
        before=(MAKE, POST_IT),
        check=lambda a, _: a.json["Posted"] is False,
    ),
    # PATCH DeletionMark on posted
    Case(
        "posted is not marked",
        "PATCH",
        ORDER,
        500,
        "-1",
        {"DeletionMark": True},
        before=(MAKE, POST_IT),
        check=lambda a, onec: stored(onec)["DeletionMark"] is False,
    ),
    Case(
        "marked is not posted",
        "PATCH",
        ORDER,
        500,
        "-1",
        {"Posted": True},
        before=(MAKE, MARK_IT),
        check=lambda a, onec: stored(onec)["Posted"] is False,
    ),
    # POST .../Post, .../Unpost
    Case(
        "Post",
        "POST",
        f"{ORDER}/Post?PostingModeOperational=false",
        200,
        before=(MAKE,),
        check=lambda a, onec: a.text == "" and stored(onec)["Posted"] is True,
    ),
    Case(
        "Post with brackets and a body",
        "POST",
        f"{ORDER}/Post()",
        200,
        body={"PostingModeOperational": False},
        before=(MAKE,),
        check=lambda a, onec: stored(onec)["Posted"] is True,
    ),
    Case(
        "Post by GET", "GET", f"{ORDER}/Post", 200, before=(MAKE,), check=lambda a, onec: stored(onec)["Posted"] is True
    ),
    Case(
        "Post again",
        "POST",
        f"{ORDER}/Post",
        200,
        before=(MAKE, POST_IT),
        check=lambda a, onec: stored(onec)["Posted"] is True,
    ),
    Case(
        "Unpost",
        "POST",
        f"{ORDER}/Unpost",
        200,
        before=(MAKE, POST_IT),
        check=lambda a, onec: a.text == "" and stored(onec)["Posted"] is False,
    ),
    Case(
        "Post without length behind IIS",
        "POST",
        f"{ORDER}/Post",
        411,
        before=(MAKE,),
        modes=Modes(iis=True),
        headers={"content-length": None},
        check=lambda a, onec: "html" in a.text and stored(onec)["Posted"] is False,
    ),
    # Post of an incomplete document
    Case(
        "Post of an incomplete document",
        "POST",
        f"{INCOMPLETE}/Post",
        500,
        "-1",
        before=(MAKE_INCOMPLETE,),
        check=lambda a, onec: (
            "Customer" in a.text and onec.infobase.row("Document_SalesOrder", EMPTY)["Posted"] is False
        ),
    ),
    Case(
        "Post of an incomplete row",
        "PATCH",
        ORDER,
        500,
        "-1",
        {"Posted": True, "Products": [{"LineNumber": 1, "Quantity": 1}]},
        before=(MAKE,),
        check=lambda a, onec: "строке 1" in a.text and stored(onec)["Products"][0]["Quantity"] == 2,
    ),
    # DELETE
    Case("delete", "DELETE", ORDER, 204, before=(MAKE,), check=lambda a, onec: a.text == "" and stored(onec) is None),
    Case("deleted is gone", "GET", ORDER, 404, "9", before=(MAKE, ("DELETE", ORDER, None))),
    # $batch; HEAD; MERGE
    Case(
        "batch",
        "POST",
        "$batch",
        501,
        body="--b",
        headers={"content-type": "multipart/mixed"},
        check=lambda a, _: "<code>0</code>" in a.text and a.text.startswith("<?xml"),
    ),
    Case("head", "HEAD", "$metadata", 405, "19"),
    Case("merge", "MERGE", ORDER, 405, "19", {"Comment": "c"}, before=(MAKE,)),
    # wrong password; no right
    Case(
        "wrong password",
        "GET",
        "Catalog_Products",
        401,
        headers={"authorization": "Basic b2RhdGE6eA=="},
        check=lambda a, _: a.text == "" and a.headers["WWW-Authenticate"].startswith("Basic"),
    ),
    Case("password in cp1251", "GET", "Catalog_Products", 401, headers={"authorization": "Basic 8ujr6A=="}),
    # pool exhausted
    Case("pool exhausted", "GET", "Catalog_Products", 406, modes=Modes(pool_size=0, pool_wait=0)),
    # injected by modes
    Case(
        "byte order mark",
        "GET",
        "Catalog_Products?$top=1",
        200,
        modes=Modes(bom=True),
        check=lambda a, _: a.text.startswith("\ufeff{"),
    ),
    Case(
        "page of HTML with 200",
        "POST",
        "Document_SalesOrder",
        200,
        body=BODY,
        modes=Modes(html_page=True),
        check=lambda a, onec: a.text.startswith("<!DOCTYPE html") and stored(onec) is None,
    ),
    Case(
        "no licence",
        "POST",
        "Document_SalesOrder",
        500,
        "-1",
        BODY,
        modes=Modes(failure="Не обнаружено свободной лицензии!"),
        check=lambda a, onec: "лицензии" in a.text and stored(onec) is None,
    ),
    Case(
        "unpublished set", "GET", "Catalog_Products", 404, "8", modes=Modes(unpublished=frozenset({"Catalog_Products"}))
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_answer(training, case):
    for step in case.before:
        assert training(*step).status < 300
    training.infobase.modes = case.modes
    answer = training(case.method, case.target, case.body, case.headers)
    assert (answer.status, answer.code) == (case.status, case.code), answer
    assert case.check(answer, training), answer


@pytest.mark.parametrize(
    ("method", "target", "body", "right"),
    [
        ("GET", "Catalog_Products", None, "Read"),
        ("GET", ORDER, None, "Read"),
        ("POST", "Document_SalesOrder", {}, "Insert"),
        ("PATCH", ORDER, {"Comment": "c"}, "Update"),
        ("DELETE", ORDER, None, "Delete"),
        ("POST", f"{ORDER}/Post", None, "Posting"),
        ("PATCH", ORDER, {"Posted": True}, "Posting"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_missing_right_is_401_with_code_20(training, method, target, body, right):
    training(*MAKE)
    before = stored(training)
    training.infobase.users += (User("limited", "пароль", frozenset({("*", right)})),)
    limited = replace(training, user="limited", password="пароль")
    answer = limited(method, target, body)
    assert (answer.status, answer.code) == (401, "20")
    assert stored(training) == before


def test_missing_right_to_unpost_is_a_failed_handler(training):
    training(*MAKE)
    training(*POST_IT)
    training.infobase.users += (User("limited", "x", frozenset({("Document_SalesOrder", "UndoPosting")})),)
    answer = replace(training, user="limited", password="x")("POST", f"{ORDER}/Unpost")
    assert (answer.status, answer.code) == (500, "-1")
    assert "ОбработкаУдаленияПроведения" in answer.text


def test_document_sum_is_recalculated_from_the_rows(sample):
    rows = [{"LineNumber": n, "СуммаСНДС": value} for n, value in enumerate((10.1, 0.2, 5), start=1)]
    made = sample("POST", "Document_Заказ", {"СуммаДокумента": 999, "Товары": rows}).json
    assert made["СуммаДокумента"] == 15.3
    patched = sample("PATCH", f"Document_Заказ(guid'{made['Ref_Key']}')", {"СуммаДокумента": 7}).json
    assert patched["СуммаДокумента"] == 15.3


def test_register_record_is_written_with_200_and_only_once(sample):
    record = {"Штрихкод": "460/1 'x'", "Владелец_Key": BUYER}
    key = "InformationRegister_Штрихкоды(Штрихкод='460/1 ''x''')"
    assert sample("POST", "InformationRegister_Штрихкоды", record).status == 200
    again = sample("POST", "InformationRegister_Штрихкоды", record)
    assert (again.status, again.code) == (400, "15")
    assert sample("PATCH", key, {"Владелец_Key": ZERO}).json["Владелец_Key"] == ZERO
    assert sample("DELETE", key).status == 204
    assert (sample("GET", key).status, sample("GET", key).code) == (404, "9")


@pytest.mark.parametrize(
    ("fault", "status", "committed"),
    [
        (Fault("lost", method="POST", after_commit=True), 0, True),
        (Fault("lost", method="POST"), 0, False),
        (Fault("html", method="POST", status=502), 502, False),
        (Fault("html", method="POST", status=503, after_commit=True), 503, True),
        (Fault("html", method="POST", status=504), 504, False),
        (Fault("html", method="POST", status=200), 200, False),
        (Fault("status", method="POST", status=500), 500, False),
        (Fault("empty", method="POST", after_commit=True), 200, True),
    ],
    ids=lambda value: f"{value.action} {value.status}" if isinstance(value, Fault) else "",
)
def test_fault(training, fault, status, committed):
    stand_in = StandIn(training.infobase)
    stand_in.faults.add(fault)
    request = Request(
        "POST",
        "/training/odata/standard.odata/Document_SalesOrder",
        {"authorization": "Basic b2RhdGE6b2RhdGE=", "accept": "application/json"},
        b'{"Number": "7"}',
    )
    try:
        found = stand_in(request).status
    except ConnectionLost:
        found = 0
    assert found == status
    assert bool(training.infobase.rows("Document_SalesOrder")) is committed


def test_slow_first_call_happens_once(training):
    slept = []
    training.infobase.sleep = slept.append
    training.infobase.modes = Modes(slow_first=30, latency=0.5)
    training("GET", "Catalog_Products")
    training("GET", "Catalog_Products")
    assert slept == [30.5, 0.5]
