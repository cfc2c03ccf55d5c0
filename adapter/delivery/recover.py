"""Settles writes whose outcome nobody knows, and finishes what was cut off: by looking, never by guessing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from adapter.delivery.writer import KEEPS_KEY, Held, Later, Target, Unsettled, Writer, differing, wanted
from adapter.ledger import Ledger
from adapter.ledger.elements import ElementEntry
from adapter.model.document import Document, StoredDocument
from adapter.model.entry import Entry, HoldCause, Operation, State
from adapter.planning.plan import document_from_json


def unfinished(ledger: Ledger) -> list[Entry]:
    """The documents whose last write is unknown or that are written only in part."""
    entries = ledger.entries.in_states(State.INTENT, State.UNKNOWN, State.PLANNED)
    return [entry for entry in entries if entry.state is not State.PLANNED or entry.written]


def recover(target: Target, stopped: Callable[[], bool] = lambda: False) -> int:
    """Settle every unfinished document that can be settled now.

    Returns:
        How many are still unknown.

    Raises:
        Unavailable, ConfigurationError: the infobase cannot be asked; everything stays as it is.
    """
    left = 0
    for entry in unfinished(target.ledger):
        if stopped():
            break
        try:
            left += not _Recovery(target, entry).settled()
        except (Held, Later, Unsettled):
            continue
    return left


class _Recovery:
    def __init__(self, target: Target, entry: Entry) -> None:
        self._target = target
        self._entry = entry
        self._writer = Writer(target, entry, entry)
        self._document = wanted(entry)
        self._order_id_property = str(entry.summary.get("order_id_property", ""))

    def settled(self) -> bool:
        """Look at the document and go on from what is there; False if it is too early to tell."""
        stored = self._look()
        if stored is None:
            return self._absent()
        if self._entry.summary.get("goal") == "cancelled":
            self._continue_cancelling(stored)
        else:
            self._continue_writing(stored)
        return True

    def _look(self) -> StoredDocument | None:
        stored = self._target.documents.read(self._document.entity_set, self._document.ref_key)
        if stored is not None or self._keeps_key() == "yes":
            return stored
        return self._by_order_id()

    def _by_order_id(self) -> StoredDocument | None:
        """Where keys may be replaced, the order id is the second thing to look by.

        Raises:
            Held: several documents carry it.
        """
        value = self._document.properties.get(self._order_id_property)
        date = self._document.properties.get("Date")
        if value is None:
            return None
        since = datetime.fromisoformat(date) - timedelta(days=1) if isinstance(date, str) else datetime(1, 1, 1)  # noqa: DTZ001
        found = self._target.documents.find_by_order_id(
            self._document.entity_set, self._order_id_property, str(value), since
        )
        if len(found) > 1:
            raise self._writer.hold(
                HoldCause.DIFFERENT,
                f"{len(found)} documents in the infobase carry this order id; mark the wrong ones for deletion there, "
                f"then: amazon1c held retry {self._entry.key.order_id}",
            )
        return found[0] if found else None

    def _keeps_key(self) -> str | None:
        return self._target.ledger.notes.capability(self._document.entity_set, KEEPS_KEY)

    def _absent(self) -> bool:
        if self._entry.operation is not Operation.CREATE or self._entry.written:
            raise self._writer.gone()
        # Absence proves nothing while the infobase may still be at work on the request; but where it is known to keep
        # our keys, a second creation can only collide.
        now = self._target.now()
        not_before = self._entry.not_before or (self._entry.updated_at or now) + self._target.quarantine
        if now < not_before and self._keeps_key() != "yes":
            if self._entry.state is not State.UNKNOWN:
                self._writer.move(
                    State.UNKNOWN, "not in the infobase yet; it may still be at work on it", not_before=not_before
                )
            return False
        self._writer.move(State.PLANNED, "not in the infobase; it will be written again", not_before=None)
        return True

    def _continue_writing(self, stored: StoredDocument) -> None:
        if not differing(self._document, stored, self._entry):
            self._writer.adopt(self._document, stored)
            self._writer.finish(self._document, stored, self._order_id_property)
            return
        before = self._before()
        if before is not None and not differing(before, stored, self._entry):
            self._writer.finish(self._document, stored, self._order_id_property)
            return
        self._writer.adopt(self._document, stored)  # raises Held with the differences

    def _continue_cancelling(self, stored: StoredDocument) -> None:
        values = self._entry.summary.get("set") or {}
        self._writer.take_back(self._document, stored, values)

    def _before(self) -> Document | None:
        """What the infobase held before an update began."""
        data = self._entry.summary.get("before")
        return None if data is None else document_from_json(data)


def recover_elements(target: Target) -> None:
    """Settle catalog elements whose creation got no answer.

    Raises:
        Unavailable, ConfigurationError: the infobase cannot be asked.
    """
    for element in target.ledger.elements.in_state(State.INTENT, State.UNKNOWN):
        settle_element(target, element)


def settle_element(target: Target, element: ElementEntry) -> State:
    """Look whether an element of ours is in the infobase, and record it."""
    now = target.now()
    if target.documents.read(element.entity_set, element.ref_key) is not None:
        state, not_before = State.DONE, None
    elif target.ledger.notes.capability(element.entity_set, KEEPS_KEY) == "yes" or (
        element.not_before is not None and now >= element.not_before
    ):
        state, not_before = State.PLANNED, None
    else:
        state, not_before = State.UNKNOWN, element.not_before or now + target.quarantine
    target.ledger.elements.record(
        ElementEntry(element.entity_set, element.natural_key, element.ref_key, element.name, state, not_before), now
    )
    return state
