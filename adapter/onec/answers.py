"""What an answer of the infobase means: its data, or an error named by what happens next.

A body decides more than a status: 401 is a wrong password or a missing right, 404 an absent object or a web server that
never asked 1C, and 500 a refusal that was rolled back - if it comes from 1C - or an unknown outcome.
Source: 1C:Enterprise developer guide 17.4.10; statuses measured on live infobases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lxml import etree

from adapter.errors import AdapterError
from adapter.http import Answer
from adapter.onec.body import decode
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
from adapter.onec.text import one_line

# Texts of the platform, in the languages of its messages. They only refine a class: what is not recognised stays a
# refusal or an unknown outcome. Source: public logs of 1C:Enterprise 8.3; closed sessions came as 403 with JSON outside
# OData, the status of a missing licence is not known.
_NO_SESSION = (
    "свободной лицензии",
    "не найдена лицензия",
    "no free license",
    "license not found",
    "начало сеанса с информационной базой запрещено",
)
_UNIQUE = ("условие уникальности", "значениями уже существует", "not unique", "uniqueness")
_LOCKED = ("конфликт блокировок", "lock conflict", "ошибка блокировки объекта", "объект уже заблокирован")

_TITLE = re.compile(rb"<title[^>]*>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
_DEEPEST_REASON = 10
_LONGEST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class ODataError:
    """An error as 1C's OData service states it."""

    code: str
    text: str


def odata_error(body: bytes) -> ODataError | None:
    """The error in a JSON or Atom body; None if the body is anything else. Codes: developer guide 17.4.10."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _atom_error(body)
    match _json(body):
        case {"odata.error": {"code": str() | int() as code, **rest}}:
            match rest.get("message"):
                case {"value": text} | (str() as text):
                    return ODataError(str(code), one_line(text))
            return ODataError(str(code), "")
    return None


def read_problem(answer: Answer, step: str) -> AdapterError | None:
    """Why a read brought nothing; None for status 200 without a page for people.

    Args:
        step: what was asked, such as "GET Catalog_X"; the message begins with it.
    """
    status = answer.status
    if status == 200:
        return _not_odata(answer, step) if answer.is_html else None
    if status >= 500:
        error = odata_error(answer.body)
        if error and status in {500, 501}:
            return _refusal(error, status, step)
        if _opens_no_session(answer):
            return NoSession(f"{step}: 1C opens no session: {_reason(answer)}")
        return InfobaseUnavailable(f"{step}: HTTP {status}: {_reason(answer)}")
    if status < 400 or status in {408, 429}:
        return InfobaseUnavailable(f"{step}: HTTP {status}: {_reason(answer)}")
    return _client_error(answer, step)


def write_problem(answer: Answer, step: str) -> AdapterError | None:
    """Why a write is not known to be done; None for the statuses of success, whose body the caller has to check.

    An error of the server is a refusal only if 1C itself says so: a web server or proxy may have lost the answer to a
    write that was carried out.
    """
    status = answer.status
    if status in {200, 201, 204}:
        return None
    if status in {500, 501} and (error := odata_error(answer.body)):
        return _refusal(error, status, step)
    if 400 <= status < 500 and status not in {408, 429}:
        return _client_error(answer, step)
    return UnknownOutcome(f"{step}: HTTP {status}: {_reason(answer)}; look in the infobase whether it was written")


def entity_of(answer: Answer, step: str) -> dict[str, Any]:
    """The object with its `Ref_Key` that a successful write answers with.

    Raises:
        UnknownOutcome: the answer is a page, is empty, is not whole, or is about something else.
    """
    data = None if answer.is_html else _json(answer.body)
    try:
        if isinstance(data, dict) and UUID(data["Ref_Key"]):
            return data
    except (KeyError, ValueError, TypeError, AttributeError):
        pass
    raise UnknownOutcome(f"{step}: HTTP {answer.status} without the object: {_reason(answer)}; look in the infobase")


def object_of(answer: Answer, step: str) -> dict[str, Any]:
    """The JSON object that a successful read answers with.

    Raises:
        InfobaseUnavailable: the answer is empty, not whole, or no object.
    """
    data = _json(answer.body)
    if isinstance(data, dict):
        return data
    raise InfobaseUnavailable(f"{step}: HTTP 200 with {len(answer.body):,} bytes that are no JSON object")


def rows_of(data: dict[str, Any], step: str) -> list[dict[str, Any]]:
    """The objects in the answer to a read of a set.

    Raises:
        InfobaseUnavailable: the answer is no list of objects.
    """
    rows = data.get("value")
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    raise InfobaseUnavailable(f"{step}: the answer holds no list of objects")


def _client_error(answer: Answer, step: str) -> AdapterError:
    """An answer below 500: the request was not carried out."""
    if _opens_no_session(answer):
        return NoSession(f"{step}: 1C opens no session: {_reason(answer)}")
    error = odata_error(answer.body)
    code = error.code if error else None
    if error is None or (answer.status, code == "20") == (401, False) or (answer.status, code == "3") == (406, False):
        return _by_status(answer, step)
    return _refusal(error, answer.status, step)


def _by_status(answer: Answer, step: str) -> AdapterError:
    """What a web server refused, or 1C before it came to the request itself."""
    status, reason = answer.status, _reason(answer)
    problem: AdapterError
    match status:
        case 401:
            problem = AccessDenied(f"{step}: user or password is wrong, or the user is locked in 1C ({reason})")
        case 403 | 407:
            problem = AccessDenied(f"{step}: the web server forbids it (HTTP {status}: {reason})")
        case 404:
            problem = _not_odata(answer, step)
        case 405:
            method = step.partition(" ")[0]
            problem = WrongAddress(
                f"{step}: the web server does not let {method} through (HTTP 405): the address is not the "
                "publication's, or a module such as WebDAV is in the way"
            )
        case 406:
            problem = NoSession(f"{step}: 1C has no free session (HTTP 406); ask again later, or enlarge poolSize")
        case 412:
            problem = Changed(step, status, None, "the object has been changed since it was read")
        case _:
            problem = RefusedByInfobase(step, status, None, reason)
    return problem


def _refusal(error: ODataError, status: int, step: str) -> AdapterError:
    """What 1C itself refused."""
    code, text = error.code, error.text
    if code == "20" or status in {401, 403}:
        return AccessDenied(
            f"{step}: the user of the OData interface lacks a right; give the user a role with it: {text}"
        )
    if code == "8":
        return NotPublished(f"{step}: not published; add the object to the composition of the OData interface: {text}")
    if _says(text, _NO_SESSION):
        return NoSession(f"{step}: 1C opens no session: {text}")
    kind = RefusedByInfobase
    if code == "9":
        kind = NotFound
    elif code == "15" or _says(text, _UNIQUE):
        kind = KeyExists
    elif status == 412:
        kind = Changed
    elif _says(text, _LOCKED):
        kind = Locked
    return kind(step, status, code, text)


def _not_odata(answer: Answer, step: str) -> WrongAddress:
    return WrongAddress(
        f"{step}: a web server answered, not the OData interface (HTTP {answer.status}: {_reason(answer)}); "
        "check the address and that the interface is published"
    )


def _reason(answer: Answer) -> str:
    """Why, in the words of whoever answered; a page gives its title only."""
    if answer.is_html:
        title = _TITLE.search(answer.body)
        return f'a page "{one_line(title[1].decode("utf-8", "replace"), 100)}"' if title else "a page without a title"
    if error := odata_error(answer.body):
        return error.text
    return _platform_reason(answer.body) or ("an empty body" if not answer.body.strip() else "a body of unknown form")


def _platform_reason(body: bytes) -> str:
    """The innermost description of an exception that the platform reports outside OData, as for closed sessions."""
    data, texts = _json(body), []
    inner = data.get("exception") if isinstance(data, dict) else None
    for _ in range(_DEEPEST_REASON):
        if not isinstance(inner, dict):
            break
        texts.append(one_line(inner.get("descr", "")))
        inner = inner.get("inner")
    return next((text for text in texts if _says(text, _NO_SESSION)), texts[-1] if texts else "")


def _atom_error(body: bytes) -> ODataError | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body.removeprefix(b"\xef\xbb\xbf").strip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if etree.QName(root).localname != "error":
        return None
    code, message = root.findtext("{*}code"), root.findtext("{*}message")
    return ODataError(code.strip(), one_line(message or "")) if code else None


def _json(body: bytes) -> Any:
    try:
        return decode(body)
    except ValueError:
        return None


def _opens_no_session(answer: Answer) -> bool:
    """Whether 1C, or the page around its message, says that no session can be opened now."""
    if error := odata_error(answer.body):
        return _says(error.text, _NO_SESSION)
    page = answer.body[:_LONGEST_PAGE].decode("utf-8", "replace")
    return _says(page, _NO_SESSION) or _says(_platform_reason(answer.body), _NO_SESSION)


def _says(text: str, phrases: tuple[str, ...]) -> bool:
    return any(phrase in text.lower() for phrase in phrases)
