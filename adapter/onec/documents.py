"""Documents: find, create, change, post, mark. Each write is one request and one transaction in 1C."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from adapter.errors import AdapterError, ConfigurationError
from adapter.model.document import Document, Scalar, StoredDocument
from adapter.model.schema import EntitySet, Schema
from adapter.onec.body import properties_of, section_of
from adapter.onec.client import InfobaseClient, Requests
from adapter.onec.errors import InfobaseUnavailable, NotFound, RefusedByInfobase, UnknownOutcome
from adapter.onec.metadata import published, unknown_name
from adapter.onec.query import and_, entity, equals, ge, path, query_string, substring_of, typed


class Documents:
    """The documents of one infobase, as its `$metadata` describes them.

    All methods raise `NotPublished` for an entity set that `$metadata` does not list. All writes raise
    `RefusedByInfobase` where nothing was changed, `UnknownOutcome` where that is not known, and `InfobaseUnavailable`
    where the request never arrived. `data_version` guards a change where an infobase obeys it, which none of those
    measured did.
    """

    def __init__(self, client: InfobaseClient, schema: Schema) -> None:
        self._client = client
        self._schema = schema

    @property
    def requests(self) -> Requests:
        """What has been sent over its connection so far."""
        return self._client.requests

    def read(self, entity_set: str, ref_key: UUID) -> StoredDocument | None:
        """The document with this key; None only if 1C itself says that there is none (404, code 9).

        Shortly after a write without an answer that is not final: the write may still be running.

        Raises:
            InfobaseUnavailable: no answer.
        """
        document = published(self._schema, entity_set)
        try:
            return stored_document(document, self._client.read(entity(entity_set, ref_key)))
        except NotFound:
            return None

    def find_by_order_id(
        self, entity_set: str, property_name: str, order_id: str, since: datetime, *, unlimited: bool = False
    ) -> list[StoredDocument]:
        """Documents that carry an order's id, those marked for deletion included.

        Args:
            property_name: where the id is, alone or within a text.
            since: no document is older; infobase wall clock. Ids are not indexed in 1C, dates are.
            unlimited: the property is a string of unlimited length, which 1C cannot compare but can search.

        Raises:
            ConfigurationError: no such property.
            InfobaseUnavailable: no answer.
        """
        document = published(self._schema, entity_set)
        of = document.properties.get(property_name)
        if of is None:
            raise ConfigurationError(unknown_name(document, property_name))
        term = substring_of(order_id, of.name) if unlimited else equals(of.name, typed(of, order_id))
        bound = [ge("Date", since.replace(microsecond=0))] if "Date" in document.properties else []
        target = path(entity_set)
        rows = self._client.read_rows(target, query_string({}, and_(*bound, term), self._client.room(target)))
        alone = re.compile(rf"(?<!\d){re.escape(order_id.strip())}(?!\d)", re.IGNORECASE)
        return [stored_document(document, row) for row in rows if alone.search(str(row.get(property_name)))]

    def create(self, document: Document, *, posted: bool = False) -> StoredDocument:
        """Create a document. Its key, number and sums may differ from what was sent: compare.

        Args:
            posted: ask for the posting in the same request. What 1C does then differs; the probe finds it out.

        Raises:
            KeyExists: the key, or another unique value, is taken.
            ConfigurationError: a property, section or column does not exist, so 1C would drop it silently.
            Unsendable: a value that cannot be sent.
        """
        body = {"Ref_Key": document.ref_key, **self._body(document)}
        if posted:
            body["Posted"] = True
        stored = self._client.create(document.entity_set, body)
        return stored_document(published(self._schema, document.entity_set), stored)

    def replace(self, document: Document, data_version: str = "") -> StoredDocument:
        """Write all of our properties and tabular sections anew; what the document does not name stays as it is.

        A posted document has to be unposted before: what 1C does otherwise was not measured.

        Raises:
            ConfigurationError, Unsendable: as for `create`.
        """
        return self._patch(document.entity_set, document.ref_key, self._body(document), data_version)

    def set_properties(
        self, entity_set: str, ref_key: UUID, properties: Mapping[str, Scalar], data_version: str = ""
    ) -> StoredDocument:
        """Change some properties.

        Raises:
            ConfigurationError, Unsendable: as for `create`.
        """
        body = properties_of(published(self._schema, entity_set), properties)
        return self._patch(entity_set, ref_key, body, data_version)

    def post(self, entity_set: str, ref_key: UUID, data_version: str = "") -> StoredDocument:
        """Post the document; repeating it is harmless.

        By PATCH, since its answer holds the whole object, where that to the function `Post` is empty.
        Source: measured on a live УТ 11.

        Raises:
            RefusedByInfobase: with the configuration's own reason, such as a closed period; the document stays a draft.
        """
        stored = self._flag(entity_set, ref_key, "Posted", True, data_version)
        if not stored.posted:
            raise RefusedByInfobase(
                f"post {entity_set}", 200, None, "1C took the request, and the document is not posted"
            )
        return stored

    def unpost(self, entity_set: str, ref_key: UUID, data_version: str = "") -> StoredDocument:
        """Undo the posting; the document becomes a draft.

        Raises:
            RefusedByInfobase: with the configuration's own reason.
        """
        stored = self._flag(entity_set, ref_key, "Posted", False, data_version)
        if stored.posted:
            raise RefusedByInfobase(f"unpost {entity_set}", 200, None, "1C took the request, and it is still posted")
        return stored

    def mark(self, entity_set: str, ref_key: UUID, marked: bool = True, data_version: str = "") -> StoredDocument:
        """Mark the document for deletion, or take the mark away. A posted one has to be unposted before: 1C refuses.

        Raises:
            RefusedByInfobase: with the configuration's own reason.
        """
        stored = self._flag(entity_set, ref_key, "DeletionMark", marked, data_version)
        if stored.marked != marked:
            raise RefusedByInfobase(f"mark {entity_set}", 200, None, "1C took the request and left the mark as it was")
        return stored

    def delete(self, entity_set: str, ref_key: UUID) -> None:
        """Delete a document at once: for the probe's own draft only, everything else is marked.

        Raises:
            NotFound: there is no such document.
            AccessDenied: the user may not delete.
        """
        published(self._schema, entity_set)
        self._client.delete(entity_set, ref_key)

    def _flag(self, entity_set: str, ref_key: UUID, name: str, value: bool, data_version: str) -> StoredDocument:
        """Set a flag. Where the answer does not show it as set, the document is read once more."""
        stored = self._patch(entity_set, ref_key, {name: value}, data_version)
        if (stored.posted if name == "Posted" else stored.marked) == value:
            return stored
        try:
            again = self.read(entity_set, ref_key)
        except AdapterError as problem:
            raise UnknownOutcome(f"PATCH {entity_set}: {name} could not be verified; look in the infobase") from problem
        if again is None:
            raise UnknownOutcome(f"PATCH {entity_set}: the document is gone after setting {name}")
        return again

    def _patch(self, entity_set: str, ref_key: UUID, body: Mapping[str, object], data_version: str) -> StoredDocument:
        described = published(self._schema, entity_set)
        return stored_document(described, self._client.patch(entity_set, ref_key, body, data_version))

    def _body(self, document: Document) -> dict[str, object]:
        """What is written of a document: never `Posted`, for posting is a step of its own but for `create`."""
        described = published(self._schema, document.entity_set)
        return {
            **properties_of(described, document.properties),
            **{name: section_of(described, name, rows) for name, rows in document.sections.items()},
        }


def stored_document(entity_set: EntitySet, data: Mapping[str, Any]) -> StoredDocument:
    """A document out of the JSON of a read or a write, without the links and annotations in it.

    Raises:
        InfobaseUnavailable: the object came without its key.
    """
    try:
        ref_key = UUID(data["Ref_Key"])
    except (KeyError, ValueError, TypeError, AttributeError) as problem:
        raise InfobaseUnavailable(f"{entity_set.name}: an object came without its Ref_Key") from problem
    sections = {
        name: tuple(_plain(row) for row in rows if isinstance(row, dict))
        for name, rows in data.items()
        if name in entity_set.sections and isinstance(rows, list)
    }
    return StoredDocument(
        entity_set=entity_set.name,
        ref_key=ref_key,
        data_version=str(data.get("DataVersion") or ""),
        posted=data.get("Posted") is True,
        marked=data.get("DeletionMark") is True,
        properties={name: value for name, value in _plain(data).items() if name not in entity_set.sections},
        sections=sections,
    )


def _plain(data: Mapping[str, Any]) -> dict[str, object]:
    return {name: value for name, value in data.items() if "@" not in name and not name.startswith("odata.")}
