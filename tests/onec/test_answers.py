"""Every answer a live infobase, a web server or a proxy may give, and what it means for a read and for a write."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from adapter.errors import AdapterError, OutcomeUnknown, Unavailable
from adapter.http import Redirected
from adapter.onec.answers import odata_error
from adapter.onec.errors import (
    AccessDenied,
    Changed,
    InfobaseUnavailable,
    KeyExists,
    Locked,
    NoSession,
    NotFound,
    NotPublished,
    RefusedByInfobase,
    UnknownOutcome,
    WrongAddress,
)
from adapter.onec.query import path
from adapter.simulators.faults import Fault, FaultPlan
from adapter.simulators.server import Response

KEY = UUID(int=7)


def odata(code: str, text: str = "text") -> bytes:
    return json.dumps({"odata.error": {"code": code, "message": {"lang": "ru", "value": text}}}).encode()


def atom(code: str, prefix: str = "m:") -> bytes:
    name = "xmlns:m" if prefix else "xmlns"
    return (
        f'<?xml version="1.0"?><{prefix}error {name}="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">'
        f"<{prefix}code>{code}</{prefix}code><{prefix}message>text</{prefix}message></{prefix}error>"
    ).encode()


def platform(text: str) -> bytes:
    exception = {"reason": 403, "descr": "HTTP: Forbidden", "inner": {"descr": text, "inner": {"descr": "works"}}}
    return b"\xef\xbb\xbf" + json.dumps({"#exception": "Exception", "exception": exception}).encode()


HTML = b"<!DOCTYPE html><html><head><title>Bad Gateway</title></head></html>"
UNLICENSED = "Не обнаружено свободной лицензии!"
CLOSED = "Начало сеанса с информационной базой запрещено."
LOCK = "Конфликт блокировок при выполнении транзакции"
UNIQUE = "нарушено условие уникальности"

CASES = [
    # status, body, class for a read, class for a write
    (400, odata("1"), RefusedByInfobase, RefusedByInfobase),
    (400, odata("4"), RefusedByInfobase, RefusedByInfobase),
    (400, odata("6"), RefusedByInfobase, RefusedByInfobase),
    (400, odata("14"), RefusedByInfobase, RefusedByInfobase),
    (400, odata("15"), KeyExists, KeyExists),
    (400, HTML, RefusedByInfobase, RefusedByInfobase),
    (400, b"", RefusedByInfobase, RefusedByInfobase),
    (401, b"", AccessDenied, AccessDenied),
    (401, HTML, AccessDenied, AccessDenied),
    (401, odata("20"), AccessDenied, AccessDenied),
    (401, odata("0"), AccessDenied, AccessDenied),
    (403, HTML, AccessDenied, AccessDenied),
    (403, odata("0"), AccessDenied, AccessDenied),
    (403, platform(CLOSED), NoSession, NoSession),
    (403, platform("no"), AccessDenied, AccessDenied),
    (404, odata("8"), NotPublished, NotPublished),
    (404, atom("8"), NotPublished, NotPublished),
    (404, odata("9"), NotFound, NotFound),
    (404, odata("10"), RefusedByInfobase, RefusedByInfobase),
    (404, HTML, WrongAddress, WrongAddress),
    (404, b"", WrongAddress, WrongAddress),
    (405, HTML, WrongAddress, WrongAddress),
    (405, odata("19"), RefusedByInfobase, RefusedByInfobase),
    (406, b"", NoSession, NoSession),
    (406, odata("-1"), NoSession, NoSession),
    (406, odata("3"), RefusedByInfobase, RefusedByInfobase),
    (408, HTML, InfobaseUnavailable, UnknownOutcome),
    (411, HTML, RefusedByInfobase, RefusedByInfobase),
    (412, b"", Changed, Changed),
    (412, odata("-1"), Changed, Changed),
    (413, HTML, RefusedByInfobase, RefusedByInfobase),
    (429, HTML, InfobaseUnavailable, UnknownOutcome),
    (500, odata("-1"), RefusedByInfobase, RefusedByInfobase),
    (500, b"\xef\xbb\xbf" + odata("-1"), RefusedByInfobase, RefusedByInfobase),
    (500, atom("-1"), RefusedByInfobase, RefusedByInfobase),
    (500, atom("-1", ""), RefusedByInfobase, RefusedByInfobase),
    (500, odata("-1", UNIQUE), KeyExists, KeyExists),
    (500, odata("-1", LOCK), Locked, Locked),
    (500, odata("-1", UNLICENSED), NoSession, NoSession),
    (500, UNLICENSED.encode(), NoSession, UnknownOutcome),
    (500, platform(UNLICENSED), NoSession, UnknownOutcome),
    (500, b'{"odata.error": {"code": "-1"', InfobaseUnavailable, UnknownOutcome),
    (500, b'{"odata.error": {"message": "no code"}}', InfobaseUnavailable, UnknownOutcome),
    (500, HTML, InfobaseUnavailable, UnknownOutcome),
    (500, b"", InfobaseUnavailable, UnknownOutcome),
    (501, odata("21"), RefusedByInfobase, RefusedByInfobase),
    (501, atom("0", ""), RefusedByInfobase, RefusedByInfobase),
    (501, HTML, InfobaseUnavailable, UnknownOutcome),
    (502, HTML, InfobaseUnavailable, UnknownOutcome),
    (503, HTML, InfobaseUnavailable, UnknownOutcome),
    (503, odata("-1"), InfobaseUnavailable, UnknownOutcome),
    (504, HTML, InfobaseUnavailable, UnknownOutcome),
    (200, HTML, WrongAddress, UnknownOutcome),
    (200, b"", InfobaseUnavailable, UnknownOutcome),
    (200, b'{"value": [{"Ref_Key": "', InfobaseUnavailable, UnknownOutcome),
    (200, b"[]", InfobaseUnavailable, UnknownOutcome),
    (200, b'"text"', InfobaseUnavailable, UnknownOutcome),
    (200, b'{"value": {}}', InfobaseUnavailable, UnknownOutcome),
    (200, b'{"value": [1]}', InfobaseUnavailable, UnknownOutcome),
    (200, b'{"value": 1, "Ref_Key": 5}', InfobaseUnavailable, UnknownOutcome),
    (200, b'{"value": 1, "Ref_Key": "no guid"}', InfobaseUnavailable, UnknownOutcome),
    (200, b'{"a":' * 100_000, InfobaseUnavailable, UnknownOutcome),
    (200, b"[" * 1_000_000, InfobaseUnavailable, UnknownOutcome),
    (200, bytes(range(256)) * 4_000, InfobaseUnavailable, UnknownOutcome),
    (201, b"", InfobaseUnavailable, UnknownOutcome),
    (202, b"", InfobaseUnavailable, UnknownOutcome),
    (204, b"", InfobaseUnavailable, UnknownOutcome),
    (206, b"{}", InfobaseUnavailable, UnknownOutcome),
    (307, b"", Redirected, Redirected),
    (500, b"<a>" * 100_000, InfobaseUnavailable, UnknownOutcome),
    (500, b"[" * 100_000, InfobaseUnavailable, UnknownOutcome),
    (500, b"\x00\xff<>" * 250_000, InfobaseUnavailable, UnknownOutcome),
]


@pytest.mark.parametrize(
    ("status", "body", "for_a_read", "for_a_write"),
    CASES,
    ids=[f"{status} {body[:30].decode('ascii', 'replace')}" for status, body, *_ in CASES],
)
def test_class_of_an_answer(infobase, status, body, for_a_read, for_a_write):
    client, service = infobase(Response(status, body))
    with pytest.raises(AdapterError) as read:
        client.read_rows(path("Catalog_X"))
    attempts = len(service.requests)
    writes = [
        lambda: client.create("Document_X", {"Number": "1"}),
        lambda: client.patch("Document_X", KEY, {"Number": "1"}),
    ]
    problems = [read.value]
    for write in writes:
        with pytest.raises(AdapterError) as written:
            write()
        problems.append(written.value)
    assert [type(problem) for problem in problems] == [for_a_read, for_a_write, for_a_write]
    # A read is repeated where that may help, a write never.
    assert attempts == (3 if for_a_read is InfobaseUnavailable else 1)
    assert len(service.requests) == attempts + len(writes)
    for problem in problems:
        assert len(str(problem)) < 1_000
        assert str(problem).isprintable()
        assert "_X" in str(problem) or isinstance(problem, Redirected)


@pytest.mark.parametrize("action", ["lost", "reset"])
@pytest.mark.parametrize("after_commit", [True, False])
def test_no_answer(infobase, action, after_commit):
    faults = FaultPlan([Fault(action, times=0, after_commit=after_commit)])
    client, _ = infobase(Response(200, b"{}"), faults=faults)
    with pytest.raises(InfobaseUnavailable, match="closed early") as read:
        client.read(path("Catalog_X"))
    with pytest.raises(UnknownOutcome, match="look in the infobase") as written:
        client.create("Document_X", {})
    assert isinstance(read.value, Unavailable)
    assert isinstance(written.value, OutcomeUnknown)


def test_what_a_refusal_tells(infobase):
    body = odata("-1", "Период \u202e закрыт\r\n\x00для" + " изменений" * 100)
    client, _ = infobase(Response(500, body))
    with pytest.raises(RefusedByInfobase) as refused:
        client.create("Document_X", {})
    problem = refused.value
    assert (problem.status, problem.code, len(problem.text)) == (500, "-1", 500)
    assert problem.text.startswith("Период закрыт для изменений изменений")
    assert str(problem).startswith("POST Document_X: refused: Период закрыт для")
    assert str(problem).endswith("(HTTP 500, code -1)")


def test_a_page_gives_its_title_only(infobase):
    page = b"<html><head><TITLE lang='ru'>\xd0\x92\xd1\x85\xd0\xbe\xd0\xb4 &\n1C</title></head>secret body</html>"
    client, _ = infobase(Response(502, page))
    with pytest.raises(UnknownOutcome) as unknown:
        client.create("Document_X", {})
    assert 'a page "Вход & 1C"' in str(unknown.value)
    assert "secret" not in str(unknown.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b'{"error": {"code": "9"}}',
        b'{"odata.error": "text"}',
        b'{"odata.error": {"code": null}}',
        b"<error/>",
        b"<m:error/>",
        b"<feed><code>9</code></feed>",
        b'<!DOCTYPE e [<!ENTITY x "9">]><error><code>&x;</code></error>',
    ],
)
def test_what_is_no_error_of_odata(body):
    assert odata_error(body) is None


def test_an_error_without_a_text_is_still_one():
    assert odata_error(b'{"odata.error": {"code": 9}}').code == "9"
    assert odata_error(b'{"odata.error": {"code": "9", "message": "plain"}}').text == "plain"
