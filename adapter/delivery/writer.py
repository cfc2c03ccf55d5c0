"""One document, write by write: intent on the disk, then the request, then what came of it.

Everything that is done to a document leads from what the infobase holds to what it should hold, one write at a time;
so a run that was cut off anywhere is finished by looking at the document and going on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from adapter.errors import ConfigurationError, OutcomeUnknown, Refused, Unavailable
from adapter.ledger import Ledger
from adapter.model.document import Document, Scalar, StoredDocument
from adapter.model.entry import Entry, HoldCause, Operation, State
from adapter.onec.catalogs import Catalogs
from adapter.onec.compare import differences
from adapter.onec.documents import Documents
from adapter.onec.errors import Locked
from adapter.planning.plan import document_from_json

KEEPS_KEY = "keeps_chosen_key"
GONE = "gone"


class Held(Exception):
    """The document is held now; the ledger says why."""


class Later(Exception):
    """Somebody has the object locked; nothing was changed, and the next run goes on."""


class Unsettled(Exception):
    """A write got no answer; the ledger says UNKNOWN, and only looking leads on."""


@dataclass(frozen=True, slots=True)
class Target:
    """The infobase to write to, and what is needed for it.

    Attributes:
        quarantine: how long a request that got no answer may still be carried out by the infobase.
        now: the clock, aware, UTC.
    """

    ledger: Ledger
    documents: Documents
    catalogs: Catalogs
    quarantine: timedelta
    now: Callable[[], datetime]


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

    def move(self, state: State, cause: str, **changes: Any) -> None:
        """Record a state; on the disk when this returns."""
        after = replace(self.entry, state=state, **changes)
        self.entry = self._target.ledger.entries.move(self._before, after, cause, self._target.now())
        self._before = self.entry

    def hold(self, cause: HoldCause, *reasons: str, **changes: Any) -> Held:
        """Leave the document to a person; raise what this returns."""
        self.move(State.HELD, reasons[0], reasons=reasons, hold=cause, not_before=None, **changes)
        return Held(reasons[0])

    def gone(self) -> Held:
        """Leave it to a person that somebody has deleted the document; raise what this returns."""
        return self.hold(
            HoldCause.DIFFERENT,
            "somebody has deleted the document in 1C; if that is right, nothing is to be done; to write it anew: "
            f"amazon1c held retry {self.entry.key.order_id}",
            summary={**self.entry.summary, GONE: True},
        )

    # -------------------- single writes

    def act(self, operation: Operation, write: Callable[[], StoredDocument]) -> StoredDocument:
        """Carry out one write.

        Raises:
            Refused: the infobase said no; nothing has changed there.
            Later: the object is locked; recorded as still to be done.
            Unsettled: nobody knows; recorded.
            Unavailable, ConfigurationError: it was not carried out; recorded as still to be done.
        """
        # How long the infobase may still be at it is counted from the last moment at which it could have begun.
        self.move(State.INTENT, f"{operation} is about to be sent", operation=operation, attempt=self.entry.attempt + 1)
        try:
            stored = write()
        except OutcomeUnknown as problem:
            not_before = self._target.now() + self._target.quarantine
            self.move(State.UNKNOWN, f"{operation}: {problem}", not_before=not_before)
            raise Unsettled(str(problem)) from problem
        except Locked as problem:
            self.move(State.PLANNED, f"{operation} has to wait: {problem}")
            raise Later(str(problem)) from problem
        except (Unavailable, ConfigurationError) as problem:
            self.move(State.PLANNED, f"{operation} was not carried out: {problem}")
            raise
        self.entry = replace(
            self.entry,
            written=True,
            ref_key=stored.ref_key,
            data_version=stored.data_version,
            posted=stored.posted,
            marked=stored.marked,
        )
        return stored

    def create(self, document: Document, order_id_property: str) -> StoredDocument:
        """Write a new document, or adopt the one that is there already under our key.

        Raises:
            Held: the infobase refuses it, or holds something else under the key.
        """
        try:
            stored = self.act(Operation.CREATE, lambda: self._target.documents.create(document))
        except Refused as problem:
            there = self._target.documents.read(document.entity_set, document.ref_key)
            if there is None:
                raise self.hold(HoldCause.REFUSED, _refusal("write", problem, self.entry)) from problem
            return self.adopt(document, there)
        self._remember_key(document, stored)
        if stored.ref_key != document.ref_key:
            raise self.hold(
                HoldCause.DIFFERENT,
                f"the infobase gave the document another key ({stored.ref_key}); look at it there, then: "
                f"amazon1c held retry {self.entry.key.order_id}",
            )
        return self._accepted(document, stored, order_id_property)

    def adopt(self, document: Document, there: StoredDocument) -> StoredDocument:
        """Go on with a document that was found under our key.

        Raises:
            Held: it is not what we want to write.
        """
        self.entry = replace(
            self.entry,
            written=True,
            ref_key=there.ref_key,
            data_version=there.data_version,
            posted=there.posted,
            marked=there.marked,
        )
        if there.marked:
            raise self.hold(HoldCause.DIFFERENT, self._in_words("is marked for deletion in the infobase"))
        if found := differing(document, there, self.entry):
            raise self.hold(HoldCause.DIFFERENT, self._in_words("is in the infobase with other contents"), *found)
        self._remember_key(document, there)
        return there

    def _remember_key(self, document: Document, stored: StoredDocument) -> None:
        kept = "yes" if stored.ref_key == document.ref_key else "no"
        self._target.ledger.notes.keep_capability(document.entity_set, KEEPS_KEY, kept, self._target.now())

    def _accepted(self, document: Document, stored: StoredDocument, order_id_property: str) -> StoredDocument:
        """Compare what the infobase stored with what was sent; what cannot do harm is remembered.

        Raises:
            Held: rows, sums or the order id are not what was sent.
        """
        found = differences(document, stored)
        grave = [
            difference
            for difference in found
            if difference.path.partition("[")[0] in document.sections or difference.path == order_id_property
        ]
        if grave:
            raise self.hold(
                HoldCause.DIFFERENT,
                self._in_words("was stored otherwise than it was sent"),
                *(str(difference) for difference in grave),
            )
        if found:
            ignored = {"differs": [difference.path for difference in found]}
            self.entry = replace(self.entry, summary={**self.entry.summary, **ignored})
        return stored

    def replace(self, document: Document, order_id_property: str) -> StoredDocument:
        """Write all our properties and rows anew."""
        stored = self._refusable(Operation.REPLACE, lambda: self._target.documents.replace(document))
        return self._accepted(document, stored, order_id_property)

    def post(self, document: Document) -> StoredDocument:
        """Post the document and see that it is posted."""
        stored = self._refusable(
            Operation.POST, lambda: self._target.documents.post(document.entity_set, document.ref_key)
        )
        if not stored.posted:
            raise self.hold(
                HoldCause.REFUSED, self._in_words("was not posted although the infobase did not say why; post it there")
            )
        return stored

    def unpost(self, document: Document) -> StoredDocument:
        """Take the posting back."""
        return self._refusable(
            Operation.UNPOST, lambda: self._target.documents.unpost(document.entity_set, document.ref_key)
        )

    def mark(self, document: Document) -> StoredDocument:
        """Mark the document for deletion; nothing is ever deleted."""
        return self._refusable(
            Operation.MARK, lambda: self._target.documents.mark(document.entity_set, document.ref_key)
        )

    def set(self, document: Document, values: Mapping[str, Scalar]) -> StoredDocument:
        """Write some properties of the header."""
        return self._refusable(
            Operation.SET, lambda: self._target.documents.set_properties(document.entity_set, document.ref_key, values)
        )

    def _refusable(self, operation: Operation, write: Callable[[], StoredDocument]) -> StoredDocument:
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
        if differing(document, stored, self.entry):
            if stored.posted:
                self.unpost(document)
            stored = self.replace(document, order_id_property)
        if document.posted and not stored.posted:
            stored = self.post(document)
        self.done("written and posted" if stored.posted else "written")

    def take_back(self, document: Document, stored: StoredDocument, values: Mapping[str, Scalar]) -> None:
        """From what the infobase holds to a cancelled document; then DONE."""
        if values:
            self.set(document, values)
        else:
            if stored.posted:
                stored = self.unpost(document)
            if not stored.marked:
                self.mark(document)
        self.done("taken back", cancelled=True)

    def done(self, cause: str, **summary: Any) -> None:
        """Nothing is left to do."""
        kept = {name: value for name, value in self.entry.summary.items() if name not in {"goal", "before", "set"}}
        self.move(State.DONE, cause, reasons=(), hold=None, not_before=None, summary={**kept, **summary})

    def _in_words(self, what: str) -> str:
        order_id = self.entry.key.order_id
        return (
            f"the document {what}; settle it in 1C and then: amazon1c held retry {order_id}, "
            f"or keep what is there: amazon1c held accept {order_id}"
        )


def differing(document: Document, stored: StoredDocument, entry: Entry) -> tuple[str, ...]:
    """What in the infobase is not as wanted, but for what the infobase itself changed when we wrote it."""
    ignored = set(entry.summary.get("differs", ()))
    return tuple(str(found) for found in differences(document, stored) if found.path not in ignored)


def wanted(entry: Entry) -> Document:
    """The document that an entry is about, under the key that it has in the infobase."""
    document = document_from_json(entry.wanted or {})
    return document if entry.ref_key is None else replace(document, ref_key=entry.ref_key)


def _refusal(verb: str, problem: Refused, entry: Entry) -> str:
    return f"1C refused to {verb} it: {problem}. Put it right there, then: amazon1c held retry {entry.key.order_id}"
