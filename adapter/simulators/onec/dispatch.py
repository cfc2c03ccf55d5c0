"""One request of a known user: what is addressed, what is to be done with it, what the answer looks like."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapter.simulators.onec import errors
from adapter.simulators.onec.access import Right
from adapter.simulators.onec.atom_answers import AtomAnswers
from adapter.simulators.onec.bodies import Body, check_complete, read_body
from adapter.simulators.onec.formats import Format
from adapter.simulators.onec.json_answers import JsonAnswers, entity_address
from adapter.simulators.onec.metadata import metadata_document
from adapter.simulators.onec.model import Attribute
from adapter.simulators.onec.queries import Page, Reader
from adapter.simulators.onec.routes import Address, key_values
from adapter.simulators.onec.schema import EntityType, Schema
from adapter.simulators.onec.selections import parse_selection
from adapter.simulators.onec.slices import has_slices, slice_rows
from adapter.simulators.onec.values import Row
from adapter.simulators.onec.writes import Writer, store_key
from adapter.simulators.server import Request, Response

VERSION = ("DataServiceVersion", "3.0")
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Carries out one request.

    Attributes:
        root: absolute address of the service, without a slash at the end.
        options: decoded query options.
    """

    schema: Schema
    reader: Reader
    writer: Writer
    answers: JsonAnswers | AtomAnswers
    format: Format
    root: str
    options: Mapping[str, str]

    def handle(self, request: Request, address: Address) -> Response:
        """Answer.

        Raises:
            ODataError: refused.
        """
        method, first = request.method, address.first
        if method not in {"GET", "POST", "PATCH", "PUT", "DELETE"}:
            raise errors.method_not_allowed(method)
        if first in {"", "$metadata"}:
            if method != "GET" or address.rest:
                raise errors.method_not_allowed(method)
            return self._service() if not first else self._metadata()
        entity = self.schema.types.get(first)
        if entity is None:
            raise errors.set_not_found(first)
        if address.key is None:
            return self._on_set(request, entity, address)
        return self._on_entity(request, entity, address)

    # Sets

    def _on_set(self, request: Request, entity: EntityType, address: Address) -> Response:
        function = address.rest[0] if address.rest else ""
        if function in {"SliceLast", "SliceFirst"} and has_slices(entity) and request.method in {"GET", "POST"}:
            self._need("Read", entity)
            rows = slice_rows(self.reader, entity, function, address.arguments, self.options)
            return self._page(entity, self.reader.page(entity, self.options, rows))
        if function == "$count" and request.method == "GET":
            self._need("Read", entity)
            count = len(self.reader.filtered(entity, self.options))
            return Response(200, f"{BOM}{count}".encode(), (VERSION, ("Content-Type", "text/plain;charset=utf-8")))
        if function:
            raise errors.method_not_found()
        if request.method == "GET":
            self._need("Read", entity)
            return self._page(entity, self.reader.page(entity, self.options))
        if entity.role == "rows":
            raise errors.rows_not_addressable()
        if request.method != "POST" or entity.role == "records":
            raise errors.method_not_allowed(request.method)
        self._need("Insert", entity)
        row = self.writer.create(entity, self._body(request))
        if not entity.has_ref:
            return self._single(entity, row)
        return self._single(entity, row, 201, ("Location", f"{self.root}/{entity_address(entity, row)}"))

    # Single objects and records

    def _on_entity(self, request: Request, entity: EntityType, address: Address) -> Response:
        values = key_values(entity, address.key or {})
        if address.rest:
            return self._below_entity(request, entity, values, address)
        if request.method == "GET":
            return self._read(entity, values)
        if entity.role == "rows":
            raise errors.rows_not_addressable()
        if request.method == "POST" or entity.role == "records":
            raise errors.method_not_allowed(request.method)
        if_match = request.headers.get("if-match")
        if request.method == "DELETE":
            self._need("Delete", entity)
            self.writer.delete(entity, store_key(entity, values), if_match)
            return Response(204, b"", (VERSION,))
        self._need("Update", entity)
        body = self._body(request)
        if request.method == "PUT":
            check_complete(entity, body)
        return self._single(entity, self.writer.update(entity, store_key(entity, values), body, if_match))

    def _read(self, entity: EntityType, values: Mapping[str, str]) -> Response:
        self._need("Read", entity)
        if "$expand" in self.options:
            # Source: developer guide 17.4.6: $expand is for sets only. Status and code are inferred.
            raise errors.not_supported("$expand")
        row = self._find(entity, values)
        selection = parse_selection(self.schema, entity, self.options.get("$select", ""), "")
        return self._ok(self.answers.single(entity, row, selection))

    def _find(self, entity: EntityType, values: Mapping[str, str]) -> Row:
        """The row with a key.

        Raises:
            ODataError: 404 code 9, or 401 code 20 for a row hidden from the user.
        """
        if entity.holder:
            owner = None
            if "Ref_Key" in entity.key:
                owner = self.reader.store.get(entity.holder, values["Ref_Key"])
            rows = owner[entity.section] if owner else self.reader.all_rows(entity)
            row = next((row for row in rows if all(str(row[name]) == values[name] for name in entity.key)), None)
        else:
            row = self.reader.store.get(entity.name, store_key(entity, values))
        if row is None:
            raise errors.instance_not_found(entity.name)
        if row.get("Ref_Key") in self.reader.user.hidden:
            raise errors.no_right(entity.name)
        return row

    def _below_entity(
        self, request: Request, entity: EntityType, values: Mapping[str, str], address: Address
    ) -> Response:
        name = address.rest[0]
        if name in {"Post", "Unpost"} and entity.role == "document" and entity.model.posting:
            return self._post(request, entity, values, address)
        if request.method == "POST":
            raise errors.method_not_found()
        if request.method != "GET":
            raise errors.method_not_allowed(request.method)
        self._need("Read", entity)
        return self._walk(entity, self._find(entity, values), list(address.rest))

    def _post(self, request: Request, entity: EntityType, values: Mapping[str, str], address: Address) -> Response:
        """Post or unpost, by GET as well (measured live); the mode is read and makes no difference here."""
        if len(address.rest) > 1:
            raise errors.segment_not_found(address.rest[1])
        if request.method not in {"GET", "POST"}:
            raise errors.method_not_allowed(request.method)
        self._need("Update", entity)
        mode = self.options.get("PostingModeOperational", "false")
        if mode not in {"true", "false"}:
            raise errors.bad_literal(mode, "Edm.Boolean")
        if request.body:
            read_body(request.headers.get("content-type", ""), request.body)
        self.writer.post(entity, store_key(entity, values), posted=address.rest[0] == "Post")
        return Response(200, b"", (VERSION,))

    def _walk(self, entity: EntityType, row: Row, path: list[str]) -> Response:
        """Navigation by path: over references to an object, a section, a property or a property's raw value."""
        name, *rest = path
        attribute = entity.by_navigation.get(name)
        target = self.schema.target(attribute) if attribute else None
        if attribute is not None and target is not None:
            self._need("Read", target)
            found = self.reader.store.get(target.name, row[attribute.name])
            if found is None:
                raise errors.instance_not_found(target.name)
            return self._walk(target, found, rest) if rest else self._ok(self.answers.single(target, found))
        if name in entity.section_by_name and not rest:
            section = entity.section_by_name[name]
            return self._ok(self.answers.section(section.row_type, section.rows, row[name]))
        found_property = self._property(entity, name)
        if found_property is None or rest not in ([], ["$value"]):
            raise errors.segment_not_found(rest[0] if found_property and rest else name)
        return self._property_answer(name, *found_property, row, raw=bool(rest))

    @staticmethod
    def _property(entity: EntityType, name: str) -> tuple[str, Attribute | None] | None:
        """Type of a property, and the value storage it belongs to, if it is one."""
        if name in entity.by_name:
            return entity.by_name[name].edm, None
        if name in entity.by_type_name:
            return "Edm.String", None
        storage = next((one for one in entity.attributes if one.stream_property == name), None)
        return None if storage is None else ("Edm.Stream", storage)

    def _property_answer(self, name: str, edm: str, storage: Attribute | None, row: Row, raw: bool) -> Response:
        if storage is not None:
            content = base64.b64decode(row[storage.name])
            return Response(200, content, (VERSION, ("Content-Type", row[storage.type_property])))
        if raw:
            text = str(row[name]).lower() if isinstance(row[name], bool) else str(row[name])
            return Response(200, text.encode(), (VERSION, ("Content-Type", "text/plain;charset=utf-8")))
        return self._ok(self.answers.value(name, edm, row[name]))

    # Answers

    def _need(self, right: Right, entity: EntityType) -> None:
        if not self.reader.user.may(right, entity.holder or entity.name):
            raise errors.no_right(entity.name)

    @staticmethod
    def _body(request: Request) -> Body:
        return read_body(request.headers.get("content-type", ""), request.body)

    def _service(self) -> Response:
        if self.format.json:
            return self._ok(self.answers.service())
        kind = ("Content-Type", "application/atomsvc+xml;charset=utf-8")
        return Response(200, self.answers.service(), (VERSION, kind))

    def _metadata(self) -> Response:
        """`$metadata` is XML only; it has neither ETag nor Last-Modified."""
        kind = ("Content-Type", "application/xml;charset=utf-8")
        return Response(200, metadata_document(self.schema), (VERSION, kind))

    def _page(self, entity: EntityType, page: Page) -> Response:
        return self._ok(self.answers.collection(entity, page.rows, page.selection, page.count))

    def _single(self, entity: EntityType, row: Row, status: int = 200, *headers: tuple[str, str]) -> Response:
        return self._ok(self.answers.single(entity, row), status, *headers)

    def _ok(self, body: bytes, status: int = 200, *headers: tuple[str, Any]) -> Response:
        if self.format.json and self.reader.modes.bom:
            body = BOM.encode() + body
        return Response(status, body, (VERSION, ("Content-Type", self.format.content_type), *headers))
