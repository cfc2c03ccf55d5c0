from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qsl
from uuid import UUID

import pytest

from adapter.errors import ConfigurationError
from adapter.model.document import Document, StoredDocument
from adapter.onec.documents import Documents
from adapter.onec.errors import (
    AccessDenied,
    InfobaseUnavailable,
    NotFound,
    NotPublished,
    RefusedByInfobase,
    UnknownOutcome,
    Unsendable,
    WrongAddress,
)
from adapter.simulators.faults import Fault, FaultPlan
from adapter.simulators.server import Response

KEY = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
ORDER = "111-1234567-1234567"
SINCE = datetime(2026, 5, 1, 10, 0, 0, 999)  # noqa: DTZ001 - infobase wall clock
WANTED = Document(
    "Document_Order",
    KEY,
    {"Number": ORDER, "Date": "2026-05-01T10:00:00", "Total": Decimal("10.50")},
    {"Lines": ({"LineNumber": 1, "Quantity": Decimal(2)}, {"LineNumber": 2, "Quantity": Decimal(1)})},
)
JSON = {
    "odata.metadata": "http://1c.test/base/odata/standard.odata/$metadata#Document_Order/@Element",
    "Ref_Key": str(KEY),
    "DataVersion": "AAAAAAAAAAE=",
    "Number": ORDER,
    "Posted": False,
    "DeletionMark": False,
    "Buyer_Key": str(UUID(int=2)),
    "Buyer@navigationLinkUrl": f"Document_Order(guid'{KEY}')/Buyer",
    "Lines@odata.type": "Collection(StandardODATA.Document_Order_Lines_RowType)",
    "Lines": [{"LineNumber": "1", "Quantity": 2.5, "Item@navigationLinkUrl": "x"}],
}
STORED = StoredDocument(
    "Document_Order",
    KEY,
    "AAAAAAAAAAE=",
    posted=False,
    marked=False,
    properties={
        "Ref_Key": str(KEY),
        "DataVersion": "AAAAAAAAAAE=",
        "Number": ORDER,
        "Posted": False,
        "DeletionMark": False,
        "Buyer_Key": str(UUID(int=2)),
    },
    sections={"Lines": ({"LineNumber": "1", "Quantity": Decimal("2.5")},)},
)


def one(**changes: object) -> Response:
    return Response.json(200, JSON | changes)


def refusal(status: int, code: str) -> Response:
    return Response.json(status, {"odata.error": {"code": code, "message": {"lang": "ru", "value": "text"}}})


@pytest.fixture
def documents(infobase, schema):
    def make(*answers: Response, faults=None):
        client, service = infobase(*answers, faults=faults)
        return Documents(client, schema), service.requests

    return make


def test_read(documents):
    found, requests = documents(one())
    assert found.read("Document_Order", KEY) == STORED
    assert requests[0].target == f"/base/odata/standard.odata/Document_Order(guid'{KEY}')"


def test_only_1c_itself_can_say_that_a_document_is_absent(documents):
    assert documents(refusal(404, "9"))[0].read("Document_Order", KEY) is None
    for answer, problem in [
        (Response(404, b"<html>"), WrongAddress),
        (Response(404), WrongAddress),
        (refusal(404, "8"), NotPublished),
        (refusal(400, "6"), RefusedByInfobase),
        (Response(500), InfobaseUnavailable),
        (Response.json(200, {}), InfobaseUnavailable),
    ]:
        with pytest.raises(problem):
            documents(answer)[0].read("Document_Order", KEY)


@pytest.mark.parametrize(("version", "text"), [(None, ""), ("AAA=", "AAA="), ("", "")])
def test_flags_and_versions(documents, version, text):
    found, _ = documents(one(DataVersion=version, Posted=True, DeletionMark=True))
    stored = found.read("Document_Order", KEY)
    assert (stored.data_version, stored.posted, stored.marked) == (text, True, True)


def test_find_by_order_id(documents):
    found, requests = documents(
        Response.json(200, {"value": [JSON, JSON | {"Number": f"{ORDER}  "}, JSON | {"Number": "2"}]})
    )
    hits = found.find_by_order_id("Document_Order", "Number", ORDER, SINCE)
    assert [hit.properties["Number"] for hit in hits] == [ORDER, f"{ORDER}  "]
    assert hits[0] == STORED
    assert dict(parse_qsl(requests[0].query)) == {
        "$filter": f"(Date ge datetime'2026-05-01T10:00:00' and Number eq '{ORDER}')"
    }


def test_find_in_a_comment(documents):
    comments = [f"Amazon {ORDER}, DE", f"AMZ-{ORDER}", f"9{ORDER}", f"{ORDER}8", "other", None]
    found, requests = documents(Response.json(200, {"value": [JSON | {"Comment": comment} for comment in comments]}))
    hits = found.find_by_order_id("Document_Order", "Comment", ORDER, SINCE, unlimited=True)
    assert [hit.properties["Comment"] for hit in hits] == comments[:2]
    assert dict(parse_qsl(requests[0].query))["$filter"] == (
        f"(Date ge datetime'2026-05-01T10:00:00' and substringof('{ORDER}',Comment) eq true)"
    )


def test_find_asks_for_nothing_that_does_not_exist(documents):
    found, requests = documents(one())
    with pytest.raises(ConfigurationError, match="has no Numbr, did you mean Number"):
        found.find_by_order_id("Document_Order", "Numbr", ORDER, SINCE)
    with pytest.raises(Unsendable, match="wall clock"):
        found.find_by_order_id("Document_Order", "Number", ORDER, SINCE.replace(tzinfo=UTC))
    assert requests == []


def test_create(documents):
    found, requests = documents(Response.json(201, JSON))
    assert found.create(WANTED) == STORED
    assert (requests[0].method, requests[0].target) == ("POST", "/base/odata/standard.odata/Document_Order")
    assert json.loads(requests[0].body) == {
        "Ref_Key": str(KEY),
        "Number": ORDER,
        "Date": "2026-05-01T10:00:00",
        "Total": 10.5,
        "Lines": [{"LineNumber": 1, "Quantity": 2}, {"LineNumber": 2, "Quantity": 1}],
    }


@pytest.mark.parametrize(
    ("properties", "sections", "problem"),
    [
        ({"Posted": True}, {}, "not the mapping's to set"),
        ({"Numbr": "1"}, {}, "did you mean Number"),
        ({}, {"Line": ()}, "did you mean Lines"),
        ({}, {"Lines": ({"Quantty": 1},)}, "did you mean Quantity"),
        ({"Comment": "\x00"}, {}, "remove it"),
        ({"Total": Decimal("0.1234567890123456789")}, {}, "round it"),
        ({}, {"Lines": ({"LineNumber": 2},)}, "LineNumber 2"),
    ],
)
def test_a_document_that_1c_would_store_otherwise_is_not_sent(documents, properties, sections, problem):
    found, requests = documents(one())
    document = Document("Document_Order", KEY, properties, sections)
    for write in (found.create, found.replace):
        with pytest.raises((ConfigurationError, Unsendable), match=problem):
            write(document)
    assert requests == []


def test_replace(documents):
    found, requests = documents(one())
    assert found.replace(WANTED, data_version="AAA=") == STORED
    assert (requests[0].method, requests[0].headers["if-match"]) == ("PATCH", "AAA=")
    body = json.loads(requests[0].body)
    assert list(body) == ["Number", "Date", "Total", "Lines"]
    assert body["Lines"] == [{"LineNumber": 1, "Quantity": 2}, {"LineNumber": 2, "Quantity": 1}]


def test_set_properties(documents):
    found, requests = documents(one())
    assert found.set_properties("Document_Order", KEY, {"Comment": "cancelled"}) == STORED
    assert json.loads(requests[0].body) == {"Comment": "cancelled"}
    with pytest.raises(ConfigurationError, match="has no State"):
        found.set_properties("Document_Order", KEY, {"State": "x"})


FLAGS = [("post", "Posted", True), ("unpost", "Posted", False), ("mark", "DeletionMark", True)]


@pytest.mark.parametrize(("step", "name", "value"), FLAGS)
def test_flags(documents, step, name, value):
    found, requests = documents(one(**{name: value}))
    stored = getattr(found, step)("Document_Order", KEY, data_version="AAA=")
    assert stored.properties[name] is value
    assert [(request.method, json.loads(request.body)) for request in requests] == [("PATCH", {name: value})]
    assert requests[0].headers["if-match"] == "AAA="


@pytest.mark.parametrize(("step", "name", "value"), FLAGS)
def test_a_flag_that_the_answer_does_not_show_is_read(documents, step, name, value):
    found, requests = documents(one(**{name: not value}), one(**{name: value}))
    assert getattr(found, step)("Document_Order", KEY).properties[name] is value
    assert [request.method for request in requests] == ["PATCH", "GET"]


@pytest.mark.parametrize(("step", "name", "value"), FLAGS)
def test_a_flag_that_does_not_stick(documents, step, name, value):
    found, _ = documents(one(**{name: not value}))
    with pytest.raises(RefusedByInfobase, match=f"{step} Document_Order: refused: 1C took the request"):
        getattr(found, step)("Document_Order", KEY)


@pytest.mark.parametrize("answer", [Response(503), refusal(404, "9"), Response(401)])
def test_a_flag_that_cannot_be_verified(documents, answer):
    found, requests = documents(one(Posted=False), answer)
    with pytest.raises(UnknownOutcome, match="PATCH Document_Order"):
        found.post("Document_Order", KEY)
    assert requests[1].method == "GET"


def test_taking_a_mark_away(documents):
    found, requests = documents(one(DeletionMark=False))
    assert found.mark("Document_Order", KEY, marked=False).marked is False
    assert json.loads(requests[0].body) == {"DeletionMark": False}


def test_a_failed_posting_keeps_1cs_own_text(documents):
    text = "Не указан договор"
    found, _ = documents(Response.json(500, {"odata.error": {"code": "-1", "message": {"lang": "ru", "value": text}}}))
    with pytest.raises(RefusedByInfobase, match=text):
        found.post("Document_Order", KEY)


@pytest.mark.parametrize("action", ["lost", "empty", "cut", "html"])
def test_a_write_is_never_sent_twice(documents, action):
    found, requests = documents(one(), faults=FaultPlan([Fault(action, status=200, times=0, after_commit=True)]))
    for write in (
        lambda: found.create(WANTED),
        lambda: found.replace(WANTED),
        lambda: found.post("Document_Order", KEY),
        lambda: found.mark("Document_Order", KEY),
    ):
        requests.clear()
        with pytest.raises(UnknownOutcome, match="look in the infobase"):
            write()
        assert len(requests) == 1


def test_every_method_knows_what_is_published(documents):
    found, requests = documents(one())
    for ask in (
        lambda: found.read("Document_X", KEY),
        lambda: found.find_by_order_id("Document_X", "Number", ORDER, SINCE),
        lambda: found.create(Document("Document_X", KEY, {})),
        lambda: found.replace(Document("Document_X", KEY, {})),
        lambda: found.set_properties("Document_X", KEY, {}),
        lambda: found.post("Document_X", KEY),
        lambda: found.mark("Document_X", KEY),
        lambda: found.delete("Document_X", KEY),
    ):
        with pytest.raises(NotPublished, match="Document_X is not published"):
            ask()
    assert requests == []


def test_create_posted(documents):
    found, requests = documents(Response.json(201, JSON | {"Posted": True}))
    assert found.create(WANTED, posted=True).posted
    assert json.loads(requests[0].body)["Posted"] is True


def test_delete(documents):
    found, requests = documents(Response(204))
    found.delete("Document_Order", KEY)
    assert [(request.method, request.target, request.body) for request in requests] == [
        ("DELETE", f"/base/odata/standard.odata/Document_Order(guid'{KEY}')", b"")
    ]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (refusal(404, "9"), NotFound),
        (refusal(401, "20"), AccessDenied),
        (refusal(500, "-1"), RefusedByInfobase),
        (Response(405, b"<html>"), WrongAddress),
        (Response(502), UnknownOutcome),
        (Response(200, b"<html>"), UnknownOutcome),
    ],
)
def test_delete_that_fails(documents, answer, problem):
    found, requests = documents(answer)
    with pytest.raises(problem):
        found.delete("Document_Order", KEY)
    assert len(requests) == 1
