"""Calls to the OData interface: one infobase, one user, one session at a time."""

from __future__ import annotations

import contextlib
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlsplit
from uuid import UUID

import stamina

from adapter.errors import ConfigurationError
from adapter.http import MEGABYTE, Answer, HttpClient, NoAnswer, NotSent
from adapter.model.document import Scalar
from adapter.onec.answers import entity_of, object_of, odata_error, read_problem, rows_of, write_problem
from adapter.onec.body import decode, encode
from adapter.onec.errors import InfobaseUnavailable, NoSession, RefusedByInfobase, UnknownOutcome, Unsendable
from adapter.onec.query import LONGEST_LINE, entity, literal, name, path
from adapter.onec.text import checked

SERVICE = "/odata/standard.odata"
LARGEST_METADATA = 128 * MEGABYTE
# Quick failures of a read are asked again; after a slow one, as at a time-out, the time for it is used up.
READ_ATTEMPTS = 3
READ_SECONDS = 45.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Requests:
    """How many requests went out, repeated reads included, and how many seconds they took."""

    reads: int = 0
    writes: int = 0
    seconds: float = field(default=0.0, compare=False)


class InfobaseClient:
    """The OData interface of one infobase.

    Reads are repeated a few times where that may help; a write is sent once, whatever comes of it. A client is used by
    one thread at a time.

    Args:
        http: connection to the origin of `address`.
        address: address of the publication, with or without `/odata/standard.odata` at its end.
        user, password: of an infobase user; sent in UTF-8, since 1C answers other encodings with 401.
        own_session: keep one session of 1C from the first request to `close`; only for publications whose reuse of
            sessions is in mode `use`. Source: developer guide 17.7.3.2.
        monotonic: a clock that is never put, in seconds.

    Raises:
        ConfigurationError: the user's name or the password cannot be sent.
    """

    def __init__(
        self,
        http: HttpClient,
        address: str,
        user: str,
        password: str,
        *,
        own_session: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        try:
            checked(user)
            checked(password)
        except ValueError:
            raise ConfigurationError("user or password of the infobase holds a control character") from None
        if ":" in user:
            raise ConfigurationError(f"the infobase user {user!r} holds a colon, which HTTP Basic cannot carry")
        credentials = b64encode(f"{user}:{password}".encode()).decode()
        self._http = http
        self._root = quote(unquote(urlsplit(address).path).rstrip("/").removesuffix(SERVICE)) + SERVICE
        self._headers = {"Authorization": f"Basic {credentials}", "Accept": "application/json"}
        self._own_session = own_session
        self._session_open = False
        self._requests = Requests()
        self._monotonic = monotonic

    def close(self) -> None:
        """Give the session back, if there is one of our own; the connection stays the caller's."""
        if self._session_open:
            self._session_open = False
            with contextlib.suppress(NotSent, NoAnswer):
                self._http.send("GET", self._root, headers={**self._headers, "IBSession": "finish"})
            self._http.forget_cookies()

    @property
    def address(self) -> str:
        """Host and path of the service: what tells one infobase from another."""
        return f"{self._http.host}{unquote(self._root)}"

    @property
    def requests(self) -> Requests:
        """What has been sent and has come to its end so far: count and seconds always belong together."""
        return self._requests

    def room(self, target: str) -> int:
        """How many bytes the query of a read may take, so that its request line is short enough for every web server.

        Args:
            target: as for `read`.
        """
        return LONGEST_LINE - len(_line(f"{self._root}/{target}?"))

    def read(self, target: str, query: str = "") -> dict[str, Any]:
        """Read an object, or a set in its envelope.

        Args:
            target: address below the service root as `query.path` or `query.entity` make it.
            query: as `query.query_string` makes it.

        Raises:
            InfobaseUnavailable: no answer, not even after a few attempts.
            NotFound: no object has this key.
            RefusedByInfobase, ConfigurationError: see `adapter.onec.errors`.
            Unsendable: the address is too long; see `room`.
        """
        step = f"GET {unquote(target)}"
        return self._patiently(lambda: object_of(self._get(step, target, query), step))

    def read_rows(self, target: str, query: str = "") -> list[dict[str, Any]]:
        """Read a set; 1C has no paging of its own and answers with everything that is asked for.

        Raises:
            InfobaseUnavailable: no answer, not even after a few attempts.
        """
        step = f"GET {unquote(target)}"
        return self._patiently(lambda: rows_of(object_of(self._get(step, target, query), step), step))

    def read_metadata(self) -> bytes:
        """The XML of `$metadata`: up to 17 MB and half a minute. It exists in XML only and cannot be revalidated.

        Raises:
            InfobaseUnavailable: no answer, not even after a few attempts.
            RefusedByInfobase: 1C cannot make the document.
        """
        accept = {"Accept": "application/xml"}
        try:
            return self._patiently(lambda: self._get("GET $metadata", "$metadata", "", accept, LARGEST_METADATA).body)
        except RefusedByInfobase as problem:
            # Reported of big bases on which everything is published.
            advice = f"{problem.text}; if it stays so, publish fewer objects for the OData interface"
            raise RefusedByInfobase("GET $metadata", problem.status, problem.code, advice) from problem

    def create(self, entity_set: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Create an object; the whole object as it was stored, whose `Ref_Key` may differ from the one sent.

        Raises:
            KeyExists, RefusedByInfobase: nothing was stored now; look whether an earlier attempt has stored it.
            UnknownOutcome: it may have been stored.
            InfobaseUnavailable: it never arrived.
            Unsendable: the body holds what JSON cannot bring over.
        """
        step = f"POST {entity_set}"
        return entity_of(self._write("POST", path(entity_set), encode(body), step), step)

    def patch(self, entity_set: str, key: UUID, body: Mapping[str, object], data_version: str = "") -> dict[str, Any]:
        """Change properties of an object; tabular sections in the body are replaced whole. The whole object, as stored.

        Args:
            data_version: the version that is to be changed. Documented to be guarded (412), but ignored by the live
                infobases that were measured: compare before writing.

        Raises:
            Changed: the infobase obeys `data_version`, and it is no longer the current one.
            RefusedByInfobase, UnknownOutcome, InfobaseUnavailable, Unsendable: as for `create`.
        """
        step = f"PATCH {entity_set}"
        headers = {"If-Match": checked(data_version)} if data_version else {}
        answer = self._write("PATCH", entity(entity_set, key), encode(body), step, headers)
        stored = entity_of(answer, step)
        if UUID(stored["Ref_Key"]) != key:
            raise UnknownOutcome(f"{step}: the answer is about another object; look in the infobase")
        return stored

    def call(self, entity_set: str, key: UUID, function: str, **arguments: Scalar) -> None:
        """Call a function such as `Post` on an object. 1C answers with an empty body, which proves little: read then.

        Raises:
            RefusedByInfobase, UnknownOutcome, InfobaseUnavailable: as for `create`.
        """
        step = f"POST {entity_set}/{name(function)}"
        query = "&".join(f"{name(argument)}={quote(literal(value))}" for argument, value in arguments.items())
        target = f"{entity(entity_set, key)}/{quote(function)}" + (f"?{query}" if query else "")
        _check_empty(self._write("POST", target, b"", step), step)

    def delete(self, entity_set: str, key: UUID) -> None:
        """Delete an object at once. 1C does not look whether anything refers to it, and keeps nothing.

        Source: developer guide 17.4.13. Only the probe does this, to the draft that it has just made.

        Raises:
            NotFound: there is no such object.
            RefusedByInfobase, AccessDenied, UnknownOutcome, InfobaseUnavailable: as for `create`.
        """
        step = f"DELETE {entity_set}"
        _check_empty(self._write("DELETE", entity(entity_set, key), b"", step), step)

    def _get(
        self, step: str, target: str, query: str, headers: Mapping[str, str] | None = None, limit: int = 8 * MEGABYTE
    ) -> Answer:
        address = f"{self._root}/{target}" + (f"?{query}" if query else "")
        if len(_line(address)) > LONGEST_LINE:
            raise Unsendable(f"{step}: the address takes {len(_line(address))} bytes, more than web servers accept")
        try:
            answer = self._send("GET", address, {**self._headers, **(headers or {})}, None, limit)
        except (NotSent, NoAnswer) as broken:
            raise InfobaseUnavailable(f"{step}: {broken}") from broken
        if problem := read_problem(answer, step):
            raise problem
        return answer

    def _write(
        self, method: str, target: str, body: bytes, step: str, headers: Mapping[str, str] | None = None
    ) -> Answer:
        sent = {**self._headers, "Content-Type": "application/json;charset=utf-8", **(headers or {})}
        try:
            # An empty body, not none: IIS wants a Content-Length on every POST. Source: live УТ 11.5.
            answer = self._send(method, f"{self._root}/{target}", sent, body)
        except NotSent as broken:
            raise InfobaseUnavailable(f"{step}: {broken}") from broken
        except NoAnswer as broken:
            raise UnknownOutcome(f"{step}: {broken}; look in the infobase whether it was written") from broken
        if problem := write_problem(answer, step):
            raise problem
        return answer

    def _send(
        self, method: str, address: str, headers: Mapping[str, str], body: bytes | None, limit: int = 8 * MEGABYTE
    ) -> Answer:
        """Send a request and count its time."""
        begun = self._monotonic()
        try:
            return self._in_session(method, address, headers, body, limit)
        finally:
            sent, seconds = self._requests, self._requests.seconds + self._monotonic() - begun
            read = method == "GET"
            self._requests = Requests(sent.reads + read, sent.writes + (not read), seconds)

    def _in_session(
        self, method: str, address: str, headers: Mapping[str, str], body: bytes | None, limit: int
    ) -> Answer:
        """Send a request, within a session of our own where that is wanted.

        The connection keeps the session's cookie. 1C answers 400, and does nothing, where the session has ended.
        """
        if not self._own_session:
            return self._http.send(method, address, headers=headers, body=body, limit=limit)
        if self._session_open:
            answer = self._http.send(method, address, headers=headers, body=body, limit=limit)
            if answer.status != 400 or odata_error(answer.body) is not None:
                return answer
            self._http.forget_cookies()
        answer = self._http.send(method, address, headers={**headers, "IBSession": "start"}, body=body, limit=limit)
        self._session_open = answer.status < 400 and "set-cookie" in answer.headers
        return answer

    def _patiently(self, once: Callable[[], T]) -> T:
        for attempt in stamina.retry_context(on=_may_pass, attempts=READ_ATTEMPTS, timeout=READ_SECONDS):
            with attempt:
                return once()
        raise AssertionError("stamina ends with a result or an error")


def _line(address: str) -> str:
    """The request line of a read. Those of writes are shorter: they carry no query to speak of."""
    return f"GET {address} HTTP/1.1"


def _may_pass(problem: Exception) -> bool:
    """Whether asking again at once makes sense; where no session is to be had, it would only keep others out."""
    return isinstance(problem, InfobaseUnavailable) and not isinstance(problem, NoSession)


def _check_empty(answer: Answer, step: str) -> None:
    """See that an answer without data is 1C's and not a page that a proxy has put in its place."""
    if answer.body.strip() and (answer.is_html or not _is_json(answer.body)):
        raise UnknownOutcome(f"{step}: the answer does not come from 1C; look in the infobase")


def _is_json(body: bytes) -> bool:
    try:
        decode(body)
    except ValueError:
        return False
    return True
