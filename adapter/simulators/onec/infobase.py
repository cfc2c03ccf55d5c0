"""The stand-in infobase: a `server.Service` with its data, its users and its direct doors for tests and tools."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from adapter.simulators.onec import errors
from adapter.simulators.onec.access import User, find_user
from adapter.simulators.onec.atom_answers import AtomAnswers
from adapter.simulators.onec.bodies import apply_body
from adapter.simulators.onec.client_sessions import ClientSessions, NoRoom, Started, UnknownSession
from adapter.simulators.onec.dispatch import VERSION, Dispatch
from adapter.simulators.onec.formats import choose_format, error_format
from adapter.simulators.onec.json_answers import JsonAnswers
from adapter.simulators.onec.model import Model
from adapter.simulators.onec.modes import USUAL, Modes
from adapter.simulators.onec.numbering import KeyMaker, Numbering
from adapter.simulators.onec.posting import recalculate
from adapter.simulators.onec.queries import Reader
from adapter.simulators.onec.routes import check_options, parse_options, parse_path
from adapter.simulators.onec.schema import EntityType, Schema
from adapter.simulators.onec.sessions import NoSession, SessionPool
from adapter.simulators.onec.store import FIRST_VERSION, Store, next_version
from adapter.simulators.onec.values import EMPTY_DATE, ZERO_GUID, Reading, Row, empty_row
from adapter.simulators.onec.writes import Writer, store_key
from adapter.simulators.server import HTML_PAGE, Request, Response

PUBLICATION = "/training/odata/standard.odata"
IIS_QUERY = 2048
IIS_SEGMENT = 260


def wall_clock() -> datetime:
    """This machine's local time without a zone, as an infobase sees time."""
    return datetime.now().astimezone().replace(tzinfo=None)


class Infobase:
    """An infobase published over OData.

    Args:
        model: the configuration.
        user: name of the user that is always there.
        password: of that user.
        modes: in what this infobase differs from others; `modes` may be exchanged at any time.
        clock: naive wall clock of the infobase.
        path: SQLite file that keeps the data; without one it lives in memory.
        users: more users, with fewer rights.
        publication: path of the service, without a slash at the end.
        sleep: how the seconds of the modes pass.
    """

    def __init__(
        self,
        model: Model,
        user: str = "odata",
        password: str = "odata",  # noqa: S107 - a stand-in's door, open by intention
        modes: Modes = USUAL,
        clock: Callable[[], datetime] = wall_clock,
        path: Path | None = None,
        users: Iterable[User] = (),
        publication: str = PUBLICATION,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.model = model
        self.modes = modes
        self.users = (User(user, password), *users)
        self.publication = publication.rstrip("/")
        self.sessions = SessionPool()
        self.client_sessions = ClientSessions()
        self.clock = clock
        self.sleep = sleep
        self._whole = Schema(model)
        self._published = (frozenset[str](), self._whole)
        self._store = Store(path)
        self._new_key = KeyMaker(clock)
        self._numbering = Numbering(self._store)
        self._woken = False
        self._add_predefined()

    # The service

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        modes = self.modes
        if modes.html_page:
            return _page(200, "Sign in")
        if len(f"{request.method} {request.target} HTTP/1.1") > modes.longest_line:
            return _page(414, "Request-URI Too Long")
        if modes.iis and (limited := _iis_limit(request)):
            return limited
        path = unquote(request.path)
        if path != self.publication and not path.startswith(f"{self.publication}/"):
            return _page(404, "Not Found")
        user = find_user(request.headers.get("authorization", ""), self.users)
        if user is None:
            return Response(401, b"", (("WWW-Authenticate", 'Basic realm="1C:Enterprise 8.3"'),))
        try:
            started = self._own_session(request, modes)
            with self.sessions.session(modes):
                self._wait(modes)
                response = self._answer(request, user, modes)
        except (NoSession, NoRoom):
            return Response(406, b"", (("Content-Type", "text/plain;charset=utf-8"),))
        except UnknownSession:
            return Response(400, b"", (("Content-Type", "text/plain;charset=utf-8"),))
        if started.cookie is None:
            return response
        return Response(response.status, response.body, (*response.headers, ("Set-Cookie", started.cookie)))

    def _own_session(self, request: Request, modes: Modes) -> Started:
        """The session that the client controls; in the other modes headers and cookies of that kind mean nothing."""
        if not modes.client_sessions:
            return Started()
        wish, cookie = request.headers.get("ibsession", ""), request.headers.get("cookie", "")
        return self.client_sessions.enter(wish, cookie, modes.pool_size)

    def error(self, status: int) -> Response:
        """The error -1 with any status, in JSON, for the fault `status`."""
        return self._refusal(errors.ODataError(status, -1, "Ошибка при выполнении операции"), as_json=True)

    def close(self) -> None:
        """Close the data file, if there is one."""
        self._store.close()

    # Doors that no client has

    def rows(self, entity_set: str) -> list[Row]:
        """All objects of a set, oldest first, as plain copies. Int64 are ints here."""
        return [_copy(row) for row in self._store.rows(entity_set)]

    def row(self, entity_set: str, key: str) -> Row | None:
        """One catalog element or document by its reference."""
        row = self._store.get(entity_set, key)
        return None if row is None else _copy(row)

    def add(self, entity_set: str, values: Mapping[str, Any]) -> Row:
        """Enter an object as a person would; rows of sections need no LineNumber.

        Raises:
            ODataError: a value that cannot be read.
        """
        entity = self._whole.types[entity_set]
        with self._store:
            row = empty_row(entity)
            if entity.has_ref:
                row["Ref_Key"] = values.get("Ref_Key", ZERO_GUID)
                while row["Ref_Key"] == ZERO_GUID or self._store.get(entity_set, row["Ref_Key"]):
                    row["Ref_Key"] = self._new_key()
                row["DataVersion"] = FIRST_VERSION
            self._set(entity, row, values)
            if entity.role == "document" and row["Date"] == EMPTY_DATE:
                row["Date"] = self.clock().replace(microsecond=0).isoformat()
            if entity.has_ref:
                self._numbering.number(entity, row)
            self._store.put(entity_set, store_key(entity, row), row)
            return _copy(row)

    def edit(self, entity_set: str, key: str, values: Mapping[str, Any]) -> Row:
        """Change an object as a person would: any property, `Posted` too, without handlers; DataVersion changes.

        Raises:
            KeyError: there is no such object.
            ODataError: a value that cannot be read.
        """
        entity = self._whole.types[entity_set]
        with self._store:
            old = self._store.get(entity_set, key)
            if old is None:
                raise KeyError(f"{entity_set}({key})")
            row = dict(old)
            self._set(entity, row, values)
            if "DataVersion" in row:
                row["DataVersion"] = next_version(row["DataVersion"])
            self._store.put(entity_set, key, row)
            return _copy(row)

    def remove(self, entity_set: str, key: str) -> bool:
        """Delete an object; False if there was none."""
        return self._store.remove(entity_set, key)

    def _set(self, entity: EntityType, row: Row, values: Mapping[str, Any]) -> None:
        numbered = dict(values)
        for section in entity.sections:
            if section.name in numbered:
                lines = numbered[section.name]
                numbered[section.name] = [{**line, "LineNumber": n} for n, line in enumerate(lines, start=1)]
        apply_body(entity, row, numbered, self._reading(self.modes))
        if entity.role == "document":
            row["Posted"] = values.get("Posted", row["Posted"])
            recalculate(entity, row)

    def _add_predefined(self) -> None:
        for item in self.model.objects:
            for element in item.predefined:
                if self._store.find(item.entity_set, "PredefinedDataName", [element.name]):
                    continue
                row = self.add(item.entity_set, {"Description": element.description})
                row |= {"Predefined": True, "PredefinedDataName": element.name}
                self._store.put(item.entity_set, row["Ref_Key"], row)

    # One request

    def _wait(self, modes: Modes) -> None:
        first, self._woken = not self._woken, True
        seconds = modes.latency + (modes.slow_first if first else 0)
        if seconds:
            self.sleep(seconds)

    def _schema(self, modes: Modes) -> Schema:
        unpublished, schema = self._published
        if unpublished != modes.unpublished:
            schema = Schema(self.model, modes.unpublished)
            self._published = (modes.unpublished, schema)
        return schema

    def _reading(self, modes: Modes) -> Reading:
        return Reading(modes.utc_offset, self._whole.enumerations)

    def _answer(self, request: Request, user: User, modes: Modes) -> Response:
        options = parse_options(request.query)
        accept = request.headers.get("accept", "")
        try:
            if modes.failure:
                raise errors.refused(modes.failure)
            below = self._below_publication(request.path)
            if below == "/$batch":
                return Response(501, errors.batch_body(), (VERSION, ("Content-Type", "application/xml;charset=utf-8")))
            check_options(options)
            dispatch = self._dispatch(request, user, modes, options, accept)
            return dispatch.handle(request, parse_path(below))
        except errors.ODataError as problem:
            return self._refusal(problem, error_format(options, accept, modes.atom_only).json)

    def _below_publication(self, path: str) -> str:
        """What follows the publication's path, still percent-encoded where slashes and letters are."""
        return "/" + "/".join(path.split("/")[self.publication.count("/") + 1 :])

    def _dispatch(
        self, request: Request, user: User, modes: Modes, options: Mapping[str, str], accept: str
    ) -> Dispatch:
        schema = self._schema(modes)
        chosen = choose_format(options, accept, modes.atom_only)
        root = f"http://{request.headers.get('host', 'localhost')}{self.publication}"
        load_mode = request.headers.get("1c_odata-dataloadmode", "").lower() == "true"
        reading = self._reading(modes)
        writer = Writer(self._store, modes, user, self.clock, self._new_key, self._numbering, reading, load_mode)
        answers = (
            JsonAnswers(schema, self._store, chosen, root)
            if chosen.json
            else AtomAnswers(schema, self._store, root, self.clock().strftime("%Y-%m-%dT%H:%M:%S"))
        )
        reader = Reader(self._store, schema, modes, user)
        return Dispatch(schema, reader, writer, answers, chosen, root, options)

    def _refusal(self, problem: errors.ODataError, as_json: bool) -> Response:
        kind = f"application/{'json' if as_json else 'xml'};charset=utf-8"
        body = (errors.json_body if as_json else errors.atom_body)(problem.code, problem.text)
        if as_json and self.modes.bom:
            body = b"\xef\xbb\xbf" + body
        return Response(problem.status, body, (VERSION, ("Content-Type", kind)))


def _iis_limit(request: Request) -> Response | None:
    """The web server's own refusals: HTML, before 1C sees anything (measured on live IIS publications)."""
    if len(request.query) > IIS_QUERY:
        return _page(404, "404.15 Query String Too Long")
    if any(len(segment) > IIS_SEGMENT for segment in unquote(request.path).split("/")):
        return _page(400, "Bad Request - Invalid URL")
    if request.method == "POST" and not request.body and "content-length" not in request.headers:
        return _page(411, "Length Required")
    return None


def _page(status: int, title: str) -> Response:
    return Response(status, HTML_PAGE.format(title=title).encode(), (("Content-Type", "text/html; charset=utf-8"),))


def _copy(row: Row) -> Row:
    return {name: [dict(line) for line in value] if isinstance(value, list) else value for name, value in row.items()}
