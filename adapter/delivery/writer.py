"""One document, write by write: intent on the disk, then the request, then what came of it.

Everything that is done to a document leads from what the infobase holds to what it should hold, one write at a time;
so a run that was cut off anywhere is finished by looking at the document and going on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from adapter.delivery.target import (
    BEFORE,
    CANCELLED,
    DIFFERS,
    GOAL,
    GONE,
    KEPT,
    LACKS,
    ORDER_ID_SEARCH,
    SET,
    Held,
    Later,
    Target,
    Unsettled,
    differing,
)
from adapter.errors import ConfigurationError, OutcomeUnknown, Refused, Unavailable
from adapter.model.document import Document, Scalar, StoredDocument
from adapter.model.entry import Entry, HoldCause, Operation, State
from adapter.onec.compare import Difference, differences
from adapter.onec.errors import Locked

_LONG_WAIT = timedelta(seconds=5)
_FIRST_DAY = datetime(1, 1, 1)  # noqa: DTZ001 - infobase wall clock


class Writer:
    """Writes one document and keeps its entry."""

    def __init__(self, target: Target, entry: Entry | None, first: Entry) -> None:
        """Take over a document.

        Args:
            entry: as the ledger has it, None for a new one.
            first: what it shall become with the first move.
        """
        self._target = target
        self._before = entry
        self.entry = first

    # -------------------- the ledger

    def move(self, state: State, cause: str, *, wait: bool = True, **changes: Any) -> None:
        """Record a state; on the disk when this returns, unless it need not `wait` for that."""
        after = replace(self.entry, state=state, **changes)
        self.entry = self._target.ledger.entries.move(self._before, after, cause, self._target.now(), wait=wait)
        self._before = self.entry

    def hold(self, cause: HoldCause, *reasons: str, **changes: Any) -> Held:
        """Leave the document to a person; raise what this returns."""
        self.move(State.HELD, reasons[0], reasons=reasons, hold=cause, not_before=None, **changes)
        return Held(reasons[0])

    def gone(self) -> Held:
        """Leave it to a person that somebody has deleted the document; raise what this returns."""
        order_id = self.entry.key.order_id
        return self.hold(
            HoldCause.DIFFERENT,
            f"somebody has deleted the document in 1C; if that is right: amazon1c held accept {order_id}; to write it "
            f"anew: amazon1c held retry {order_id}",
            summary={**self.entry.summary, GONE: True},
        )

    def done(self, cause: str, **summary: Any) -> None:
        """Nothing is left to do. A crash may forget that: looking finds it out again."""
        self._forget(GOAL, BEFORE, LACKS, SET, GONE, KEPT)
        summary = {**self.entry.summary, **summary}
        self.move(State.DONE, cause, wait=False, reasons=(), hold=None, not_before=None, summary=summary)

    def _take(self, stored: StoredDocument) -> StoredDocument:
        """Keep in mind what the infobase holds; it is recorded with the next move."""
        self.entry = replace(
            self.entry,
            written=True,
            ref_key=stored.ref_key,
            data_version=stored.data_version,
            posted=stored.posted,
            marked=stored.marked,
        )
        return stored

    # -------------------- looking

    def look(self, document: Document, order_id_property: str) -> StoredDocument | None:
        """The document in the infobase: by its key, else by the order's id, since a key may have been replaced.

        Raises:
            Held: several documents carry the order's id.
            Later, Unavailable, ConfigurationError: it cannot be asked for.
        """
        stored = self._target.look(lambda: self._target.documents.read(document.entity_set, document.ref_key))
        return stored or self.look_by_order_id(document, order_id_property)

    def look_by_order_id(self, document: Document, order_id_property: str) -> StoredDocument | None:
        """The document that carries the order's id; one marked for deletion only if there is no other.

        Raises:
            Held, Later, Unavailable, ConfigurationError: as `look`.
        """
        order_id, value = self.entry.key.order_id, document.properties.get(order_id_property)
        if value is None:
            return None
        date = document.properties.get("Date")
        found = self._target.look(
            lambda: self._target.documents.find_by_order_id(
                document.entity_set,
                order_id_property,
                order_id,
                datetime.fromisoformat(date) - timedelta(days=1) if isinstance(date, str) else _FIRST_DAY,
                # 1C does not compare texts of unlimited length, but it searches them.
                unlimited=self.entry.summary.get(ORDER_ID_SEARCH) == "contains" or value != order_id,
            )
        )
        others = {
            entry.ref_key
            for entry in self._target.ledger.entries.of_order(order_id)
            if entry.key != self.entry.key and entry.written
        }
        mine = [stored for stored in found if stored.ref_key not in others]
        living = [stored for stored in mine if not stored.marked]
        if len(living) > 1:
            raise self.hold(
                HoldCause.DIFFERENT,
                f"{len(living)} documents in the infobase carry this order id; mark the wrong ones for deletion there, "
                f"then: amazon1c held retry {order_id}",
            )
        if living:
            return living[0]
        # A marked one under another key is not ours where the infobase keeps our keys.
        return mine[0] if mine and not self._target.keeps_key(document.entity_set) else None

    # -------------------- single writes

    def act(self, operation: Operation, write: Callable[[], StoredDocument]) -> StoredDocument:
        """Carry out one write.

        Raises:
            Refused: the infobase said no; nothing has changed there. The entry is left at INTENT.
            Later: the object is locked; recorded as still to be done.
            Unsettled: nobody knows; recorded.
            Unavailable, ConfigurationError: it was not carried out; recorded as still to be done.
        """
        next_: dict[str, Any] = {"operation": operation, "attempt": self.entry.attempt + 1, "not_before": None}
        self.move(State.INTENT, f"{operation} is about to be sent", **next_)
        recorded_at = self._target.now()

        def request() -> StoredDocument:
            # Should we be killed now, the quarantine counts from the intent: it must not be older than the request.
            if self._target.now() - recorded_at >= _LONG_WAIT:
                self.move(State.INTENT, f"{operation} is sent only now, after others in its session")
            return write()

        try:
            stored = self._target.send(request)
        except OutcomeUnknown as problem:
            # How long the infobase may be at it is counted from the last moment at which it could have begun.
            not_before = self._target.now() + self._target.quarantine
            self.move(State.UNKNOWN, f"{operation}: {problem}", not_before=not_before)
            raise Unsettled(str(problem)) from problem
        except Locked as problem:
            self.move(State.PLANNED, f"{operation} has to wait: {problem}")
            raise Later(str(problem)) from problem
        except (Unavailable, ConfigurationError) as problem:
            self.move(State.PLANNED, f"{operation} was not carried out: {problem}")
            raise
        return self._take(stored)

    def create(self, document: Document, order_id_property: str) -> StoredDocument:
        """Write a new document, or go on with the one that is there already.

        A first attempt goes out unasked where the infobase is known to keep our keys: it cannot double anything.

        Raises:
            Held: the infobase refuses it, holds something else for this order, or has given it another key than ours
                although nobody knows that it does.
            Later: 1C refuses it, and to show whether it is there; the entry is left at INTENT.
            Unsettled, Unavailable, ConfigurationError: as `act`.
        """
        if self.entry.attempt or not self._target.keeps_key(document.entity_set):
            there = self.look_by_order_id(document, order_id_property)
            if there is not None:
                self.move(State.PLANNED, "a document with this order id is in the infobase already")
                return self.adopt(document, there)
        accounted_for = self._target.chooses_keys(document.entity_set)
        proven = accounted_for or self._target.keeps_key(document.entity_set)
        at_once = document.posted and proven and self._target.posts_on_create(document.entity_set)
        try:
            stored = self._create(document, posted=at_once)
        except Refused as problem:
            there = self.look(document, order_id_property)
            if there is not None:
                return self.adopt(document, there)
            if not at_once:
                raise self.hold(HoldCause.REFUSED, _refusal("write", problem, self.entry)) from problem
            stored = self._create_draft(document)
        self._target.learn_key(document.entity_set, kept=stored.ref_key == document.ref_key)
        surprise = () if accounted_for or stored.ref_key == document.ref_key else (self._another_key(stored),)
        return self._accepted(document, stored, order_id_property, *surprise)

    def _create(self, document: Document, *, posted: bool) -> StoredDocument:
        return self.act(Operation.CREATE, lambda: self._target.documents.create(document, posted=posted))

    def _create_draft(self, document: Document) -> StoredDocument:
        """Create without posting what could not be created and posted at once: then a person finds a draft in 1C.

        Raises:
            Held: the infobase refuses that too.
        """
        try:
            return self._create(document, posted=False)
        except Refused as problem:
            raise self.hold(HoldCause.REFUSED, _refusal("write", problem, self.entry)) from problem

    def adopt(self, document: Document, there: StoredDocument) -> StoredDocument:
        """Go on with a document that was found in the infobase.

        Raises:
            Held: it is not what we want to write.
        """
        new = not self.entry.written
        self._take(there)
        if there.marked:
            raise self.hold(HoldCause.DIFFERENT, self._in_words("is marked for deletion in the infobase"))
        if found := differing(document, there, self.entry):
            raise self.hold(HoldCause.DIFFERENT, self._in_words("is in the infobase with other contents"), *found)
        if new:
            self._target.learn_key(document.entity_set, kept=there.ref_key == document.ref_key)
        if BEFORE in self.entry.summary:
            self._forget(BEFORE, DIFFERS)
        return there

    def _forget(self, *names: str) -> None:
        summary = {name: value for name, value in self.entry.summary.items() if name not in names}
        self.entry = replace(self.entry, summary=summary)

    def _another_key(self, stored: StoredDocument) -> str:
        """What a person has to know where keys were believed to be kept."""
        number = str(stored.properties.get("Number") or "").strip()
        name = f"{stored.entity_set} {number} ({stored.ref_key})" if number else f"{stored.entity_set} {stored.ref_key}"
        return (
            f"1C gave the document another key than the one that was sent; it stands there as {name}, "
            f"{'posted' if stored.posted else 'not posted'}. Run amazon1c probe once: it finds out whether this "
            "infobase chooses its own keys, and later orders are not held for it; then: amazon1c held retry "
            f"{self.entry.key.order_id} goes on with this document and creates no second one"
        )

    def _accepted(
        self, document: Document, stored: StoredDocument, order_id_property: str, *surprises: str
    ) -> StoredDocument:
        """Compare what the infobase stored with what was sent; what cannot do harm is remembered.

        Args:
            surprises: what else is not as it should be.

        Raises:
            Held: rows, a number of the header (a sum, a rate) or the order id are not what was sent, or there is a
                surprise.
        """
        found = differences(document, stored)
        grave = [difference for difference in found if _is_grave(difference, document, order_id_property)]
        self._forget(BEFORE, DIFFERS)  # from now on the infobase holds this document and no longer the one before
        if found and not grave:
            differs = {DIFFERS: [difference.path for difference in found]}
            self.entry = replace(self.entry, summary={**self.entry.summary, **differs})
        if grave:
            raise self.hold(
                HoldCause.DIFFERENT,
                self._in_words("was stored otherwise than it was sent"),
                *(str(difference) for difference in grave),
                *surprises,
            )
        if surprises:
            raise self.hold(HoldCause.DIFFERENT, *surprises)
        return stored

    def _patch(self, operation: Operation, write: Callable[[], StoredDocument]) -> StoredDocument:
        try:
            return self.act(operation, write)
        except Refused as problem:
            raise self.hold(HoldCause.REFUSED, _refusal(operation.value, problem, self.entry)) from problem

    # -------------------- towards the goal

    def finish(self, document: Document, stored: StoredDocument, order_id_property: str) -> None:
        """From what the infobase holds to the document as wanted, posted if wanted; then DONE.

        Raises:
            Held, Later, Unsettled, Unavailable, ConfigurationError: as the single writes.
        """
        documents, document = self._target.documents, replace(document, ref_key=stored.ref_key)
        key = document.entity_set, document.ref_key
        if differing(document, stored, self.entry):
            if stored.posted:
                self._patch(Operation.UNPOST, lambda: documents.unpost(*key))
            stored = self._patch(Operation.REPLACE, lambda: documents.replace(document))
            self._accepted(document, stored, order_id_property)
        if document.posted and not stored.posted:
            stored = self._patch(Operation.POST, lambda: documents.post(*key))
        self.done("written and posted" if stored.posted else "written")

    def take_back(self, document: Document, stored: StoredDocument, values: Mapping[str, Scalar]) -> None:
        """From what the infobase holds to a cancelled document; then DONE. Nothing is ever deleted.

        Raises:
            Held, Later, Unsettled, Unavailable, ConfigurationError: as the single writes.
        """
        documents, key = self._target.documents, (document.entity_set, stored.ref_key)
        self._take(stored)
        if values:
            if differences(Document(*key, values), stored):
                self._patch(Operation.SET, lambda: documents.set_properties(*key, values))
        else:
            if stored.posted:
                stored = self._patch(Operation.UNPOST, lambda: documents.unpost(*key))
            if not stored.marked:
                self._patch(Operation.MARK, lambda: documents.mark(*key))
        self.done("taken back", **{CANCELLED: True})

    def _in_words(self, what: str) -> str:
        order_id = self.entry.key.order_id
        return (
            f"the document {what}; settle it in 1C and then: amazon1c held retry {order_id}, "
            f"or keep what is there: amazon1c held accept {order_id}"
        )


def _is_grave(difference: Difference, document: Document, order_id_property: str) -> bool:
    if difference.path.partition("[")[0] in document.sections or difference.path == order_id_property:
        return True
    return isinstance(difference.wanted, int | Decimal) and not isinstance(difference.wanted, bool)


def _refusal(verb: str, problem: Refused, entry: Entry) -> str:
    return f"1C refused to {verb} it: {problem}. Put it right there, then: amazon1c held retry {entry.key.order_id}"
