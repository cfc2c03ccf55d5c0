from __future__ import annotations

import json
from base64 import b64decode
from decimal import Decimal
from urllib.parse import unquote
from uuid import UUID

import httpx
import pytest

from adapter.errors import ConfigurationError
from adapter.http import HttpClient
from adapter.onec.client import InfobaseClient, Requests
from adapter.onec.errors import (
    Changed,
    InfobaseUnavailable,
    RefusedByInfobase,
    UnknownOutcome,
    Unsendable,
    WrongAddress,
)
from adapter.onec.query import entity, equals, path, query_string
from adapter.simulators.faults import Fault, FaultPlan
from adapter.simulators.server import Response

KEY = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
STORED = Response.json(201, {"odata.metadata": "x", "Ref_Key": str(KEY).upper(), "Total": 1.10})
NOTHING = Response.json(200, {"value": []})


@pytest.mark.parametrize(
    ("address", "root"),
    [
        ("http://1c.test", "/odata/standard.odata"),
        ("http://1c.test/", "/odata/standard.odata"),
        ("http://1c.test/base", "/base/odata/standard.odata"),
        ("http://1c.test/base/odata/standard.odata/", "/base/odata/standard.odata"),
        ("http://1c.test/a/sb/1234/odata/standard.odata", "/a/sb/1234/odata/standard.odata"),
        ("http://1c.test/база", "/%D0%B1%D0%B0%D0%B7%D0%B0/odata/standard.odata"),
        ("http://1c.test/%D0%B1%D0%B0%D0%B7%D0%B0", "/%D0%B1%D0%B0%D0%B7%D0%B0/odata/standard.odata"),
    ],
)
def test_address(infobase, address, root):
    client, service = infobase(NOTHING, address=address)
    assert client.read_rows(path("Catalog_X")) == []
    assert service.requests[0].target == f"{root}/Catalog_X"


def test_a_read(infobase):
    body = b'\xef\xbb\xbf{"value":[{"Price":0.1,"Line":"1"}]}'
    client, service = infobase(Response(200, body), user="Пользователь")
    query = query_string({"$top": 1}, equals("Артикул", "a'b +&#%/?=й 😀"))
    assert client.read_rows(path("Catalog_Товары"), query) == [{"Price": Decimal("0.1"), "Line": "1"}]
    request = service.requests[0]
    assert (request.method, request.body) == ("GET", b"")
    # Nothing on the way may encode a second time or decode: the server sees what the encoder wrote.
    assert request.target == f"/base/odata/standard.odata/{path('Catalog_Товары')}?{query}"
    assert "+" not in request.target
    assert unquote(request.query.replace("%27%27", "%27")).endswith("eq 'a'b +&#%/?=й 😀'")
    assert b64decode(request.headers["authorization"].removeprefix("Basic ")).decode() == "Пользователь:пароль"
    assert request.headers["accept"] == "application/json"
    assert client.requests == Requests(reads=1, writes=0)


def test_a_create(infobase):
    client, service = infobase(STORED)
    body = {"Ref_Key": KEY, "Total": Decimal("1.10"), "Lines": [{"LineNumber": 1}]}
    assert client.create("Document_Заказ", body)["Total"] == Decimal("1.1")
    request = service.requests[0]
    assert (request.method, request.target) == ("POST", f"/base/odata/standard.odata/{path('Document_Заказ')}")
    assert request.body == f'{{"Ref_Key":"{KEY}","Total":1.10,"Lines":[{{"LineNumber":1}}]}}'.encode()
    assert request.headers["content-type"] == "application/json;charset=utf-8"
    assert request.headers["content-length"] == str(len(request.body))
    assert client.requests == Requests(reads=0, writes=1)


def test_a_patch(infobase):
    client, service = infobase(Response.json(200, {"Ref_Key": str(KEY)}))
    assert client.patch("Document_X", KEY, {"Comment": "a\r\nb"}, data_version="AAA=") == {"Ref_Key": str(KEY)}
    request = service.requests[0]
    assert (request.method, request.target) == ("PATCH", f"/base/odata/standard.odata/Document_X(guid'{KEY}')")
    assert json.loads(request.body) == {"Comment": "a\r\nb"}
    assert request.headers["if-match"] == "AAA="
    client.patch("Document_X", KEY, {})
    assert "if-match" not in service.requests[1].headers
    with pytest.raises(UnknownOutcome, match="another object"):
        client.patch("Document_X", UUID(int=1), {})


def test_a_version_that_is_guarded(infobase):
    client, _ = infobase(Response(412))
    with pytest.raises(Changed, match="changed since it was read"):
        client.patch("Document_X", KEY, {}, data_version="AAA=")


def test_a_call_without_a_body_still_has_a_length(infobase):
    client, service = infobase(
        Response(200), Response(204), Response(200, b"{}"), Response(200, b"<html>"), Response(500)
    )
    for _ in range(3):
        client.call("Document_X", KEY, "Post", PostingModeOperational=False)
    request = service.requests[0]
    target = f"/base/odata/standard.odata/Document_X(guid'{KEY}')/Post?PostingModeOperational=false"
    assert (request.method, request.target, request.body) == ("POST", target, b"")
    assert request.headers["content-length"] == "0"
    for _ in range(2):
        with pytest.raises(UnknownOutcome, match="POST Document_X/Post"):
            client.call("Document_X", KEY, "Post")
    assert client.requests == Requests(reads=0, writes=5)


def test_metadata_is_asked_for_as_xml(infobase, edmx):
    client, service = infobase(Response(200, edmx * 2_100, (("Content-Type", "application/xml"),)))
    assert len(client.read_metadata()) == len(edmx) * 2_100 > 8_000_000  # larger than any other answer may be
    assert service.requests[0].target == "/base/odata/standard.odata/$metadata"
    assert service.requests[0].headers["accept"] == "application/xml"


def test_a_page_instead_of_metadata(infobase):
    client, _ = infobase(Response(200, b" <!DOCTYPE html><html><title>Login</title>"))
    with pytest.raises(WrongAddress, match='a page "Login"'):
        client.read_metadata()


def test_answers_have_a_largest_size(infobase):
    client, service = infobase(Response(200, b" " * 8_000_001))
    with pytest.raises(InfobaseUnavailable, match="more than 8,000,000 bytes"):
        client.read(path("Catalog_X"))
    with pytest.raises(UnknownOutcome, match="more than 8,000,000 bytes"):
        client.create("Catalog_X", {})
    assert len(service.requests) == 4


@pytest.mark.parametrize(
    "fault",
    [
        Fault("lost"),
        Fault("reset"),
        Fault("status", status=503),
        Fault("html", status=502),
        Fault("empty"),
        Fault("cut"),
    ],
)
def test_a_read_is_repeated(infobase, fault):
    client, service = infobase(Response.json(200, {"value": [{"A": 1}]}), faults=FaultPlan([fault]))
    assert client.read_rows(path("Catalog_X")) == [{"A": 1}]
    assert client.requests == Requests(reads=2, writes=0)
    assert len(service.requests) == (2 if fault.action == "cut" else 1)


def test_a_host_that_is_not_there():
    def refuse(request):
        raise httpx.ConnectError("refused", request=request)

    http = HttpClient("http://1c.test", transport=httpx.MockTransport(refuse))
    client = InfobaseClient(http, "http://1c.test/base", "odata", "x")
    for send in (lambda: client.read(entity("Document_X", KEY)), lambda: client.create("Document_X", {})):
        with pytest.raises(InfobaseUnavailable, match="cannot be reached"):
            send()


def test_what_cannot_be_sent_is_not_sent(infobase):
    client, service = infobase(STORED)
    with pytest.raises(Unsendable):
        client.create("Document_X", {"Comment": "\x00"})
    with pytest.raises(Unsendable):
        client.create("Document X", {})
    with pytest.raises(Unsendable):
        client.patch("Document_X", KEY, {}, data_version="a\r\nX-Evil: 1")
    assert service.requests == []
    assert client.requests == Requests()


def test_user_names_that_cannot_be_sent(infobase):
    with pytest.raises(ConfigurationError, match="colon"):
        infobase(STORED, user="a:b")
    with pytest.raises(ConfigurationError, match="control character"):
        infobase(STORED, user="a\nb")


def test_errors_hold_no_value_of_a_query(infobase):
    for answer in (Response(500), Response(404), Response(401)):
        client, _ = infobase(answer)
        with pytest.raises((RefusedByInfobase, ConfigurationError, InfobaseUnavailable)) as caught:
            client.read_rows(path("Catalog_X"), query_string({}, equals("Description", "Buyer Name")))
        assert "Buyer" not in str(caught.value)
