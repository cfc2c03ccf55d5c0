"""Creating, changing, posting and deleting; each call is one transaction, all or nothing.

Source: 1C:Enterprise developer guide 17.4.13, corrected by what was measured on live infobases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapter.simulators.onec import errors
from adapter.simulators.onec.access import User
from adapter.simulators.onec.bodies import Body, apply_body, check_record_key
from adapter.simulators.onec.modes import Modes
from adapter.simulators.onec.numbering import KeyMaker, Numbering
from adapter.simulators.onec.posting import check_period, check_posting, recalculate
from adapter.simulators.onec.schema import EntityType
from adapter.simulators.onec.store import FIRST_VERSION, Store, next_version
from adapter.simulators.onec.values import (
    EMPTY_DATE,
    ZERO_GUID,
    Reading,
    Row,
    empty_row,
    read_boolean,
    read_guid,
)


def store_key(entity: EntityType, values: Any) -> str:
    """The text under which the store keeps an object or record with these key values."""
    return "\x1f".join(str(values[name]) for name in entity.key)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes for one user.

    Attributes:
        load_mode: the header `1C_OData-DataLoadMode`: handlers stand aside, so no number, sum or check is made.
    """

    store: Store
    modes: Modes
    user: User
    clock: Callable[[], datetime]
    new_key: KeyMaker
    numbering: Numbering
    reading: Reading
    load_mode: bool = False

    def create(self, entity: EntityType, body: Body) -> Row:
        """Store a new object or record.

        Raises:
            ODataError: refused; nothing is stored.
        """
        with self.store:
            row = empty_row(entity)
            if entity.has_ref:
                row["Ref_Key"] = self._reference(entity, body)
            else:
                check_record_key(entity, body)
            apply_body(entity, row, body, self.reading)
            key = store_key(entity, row)
            if self.store.get(entity.name, key) is not None:
                raise self._repeated(entity)
            if entity.has_ref:
                row["DataVersion"] = FIRST_VERSION
            if entity.role == "document":
                self._start_document(row, body)
            self._run_handlers(entity, None, row)
            if entity.role == "document" and self._posts_on_create(body):
                self._demand_posting(entity)
                check_posting(entity, row)
                row["Posted"] = True
            self.store.put(entity.name, key, row)
            return row

    def update(self, entity: EntityType, key: str, body: Body, if_match: str | None) -> Row:
        """Change an object or record; what the body does not name stays.

        Raises:
            ODataError: refused; nothing is stored. 404 code 9 for an absent key, 412 for a stale version.
        """
        with self.store:
            old = self._existing(entity, key, if_match)
            row = dict(old)
            apply_body(entity, row, body, self.reading)
            row.update({name: old[name] for name in entity.key})
            if entity.role == "document":
                row["Posted"] = self._posted_after(entity, old, row, body)
            self._run_handlers(entity, old, row)
            return self._save(entity, key, row)

    def post(self, entity: EntityType, key: str, posted: bool) -> Row:
        """Post or unpost; doing it again is no error.

        Raises:
            ODataError: refused; the document stays as it was.
        """
        with self.store:
            old = self._existing(entity, key, None)
            row = {**old, "Posted": posted}
            check_period(entity, self.modes, old)
            if posted:
                self._demand_posting(entity)
                check_posting(entity, row)
            else:
                self._demand_unposting(entity)
            return self._save(entity, key, row)

    def delete(self, entity: EntityType, key: str, if_match: str | None) -> None:
        """Delete at once; references to the object are left dangling.

        Raises:
            ODataError: refused.
        """
        with self.store:
            old = self._existing(entity, key, if_match)
            if not self.load_mode:
                check_period(entity, self.modes, old)
            self.store.remove(entity.name, key)

    def _existing(self, entity: EntityType, key: str, if_match: str | None) -> Row:
        row = self.store.get(entity.name, key)
        if row is None:
            raise errors.instance_not_found(entity.name)
        if self.modes.if_match == "obeyed" and if_match is not None and "DataVersion" in row:
            given = if_match.strip().removeprefix("W/").strip('"')
            if given not in {"*", row["DataVersion"]}:
                raise errors.stale_version()
        return row

    def _save(self, entity: EntityType, key: str, row: Row) -> Row:
        if "DataVersion" in row:
            row["DataVersion"] = next_version(row["DataVersion"])
        self.store.put(entity.name, key, row)
        return row

    def _reference(self, entity: EntityType, body: Body) -> str:
        """The reference that the client chose, or a new one."""
        chosen = body.get("Ref_Key")
        if chosen is not None and read_guid(chosen) != ZERO_GUID:
            replaced = self.modes.replaces_key and entity.role == "document"
            if not replaced:
                return read_guid(chosen)
        key = self.new_key()
        while self.store.get(entity.name, key) is not None:
            key = self.new_key()
        return key

    def _repeated(self, entity: EntityType) -> errors.ODataError:
        if entity.has_ref and self.modes.repeated_key == "500/-1":
            return errors.not_unique()
        return errors.record_exists()

    def _start_document(self, row: Row, body: Body) -> None:
        if row["Date"] == EMPTY_DATE:
            row["Date"] = self.clock().replace(microsecond=0).isoformat()
        if self.modes.replaces_number:
            row["Number"] = ""

    def _posts_on_create(self, body: Body) -> bool:
        posted = read_boolean(body["Posted"]) if body.get("Posted") is not None else False
        return posted and self.modes.posted_on_create == "posts"

    def _run_handlers(self, entity: EntityType, old: Row | None, row: Row) -> None:
        """What runs before a write: period, number, sum, uniqueness."""
        if self.load_mode:
            return
        check_period(entity, self.modes, old, row)
        if entity.has_ref:
            recalculate(entity, row)
            self.numbering.number(entity, row)
            self.numbering.check_unique(entity, row)

    def _posted_after(self, entity: EntityType, old: Row, row: Row, body: Body) -> bool:
        """Whether the document is posted after a PATCH, with everything that has to be checked for it."""
        was: bool = old["Posted"]
        wanted = read_boolean(body["Posted"]) if body.get("Posted") is not None else None
        posted = was if wanted is None else wanted
        if posted and row["DeletionMark"]:
            raise errors.refused("Нельзя пометить на удаление проведенный документ: сначала отмените проведение")
        if was and wanted is None and self.modes.patch_of_posted == "refused":
            raise errors.refused("Проведенный документ нельзя изменять: сначала отмените проведение")
        if wanted or (posted and self.modes.patch_of_posted == "reposts"):
            self._demand_posting(entity)
            if not self.load_mode:
                check_posting(entity, row)
        if was and not posted:
            self._demand_unposting(entity)
        return posted

    def _demand_posting(self, entity: EntityType) -> None:
        if not self.user.may("Posting", entity.name):
            raise errors.no_right(entity.name)

    def _demand_unposting(self, entity: EntityType) -> None:
        """Reported for a user without the right: 500 with the handler's name, not 401."""
        if not self.user.may("UndoPosting", entity.name):
            raise errors.refused("Ошибка при выполнении обработчика - 'ОбработкаУдаленияПроведения'")
