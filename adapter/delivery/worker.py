"""One session of the infobase at work: the steps of one order after another."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from adapter.delivery.elements import ensure
from adapter.delivery.target import (
    BEFORE,
    CANCELLED,
    DIFFERS,
    GOAL,
    LACKS,
    ORDER_ID_PROPERTY,
    ORDER_ID_SEARCH,
    SET,
    Later,
    Target,
    cut_off,
    left_there,
    touched,
)
from adapter.delivery.writer import Writer
from adapter.errors import Refused
from adapter.model.document import Document, StoredDocument
from adapter.model.entry import Entry, HoldCause, State
from adapter.onec.client import Requests
from adapter.onec.sessions import Gate
from adapter.planning.plan import Cancel, Create, Hold, Update, document_as_json


class Worker:
    """Carries out single steps.

    Args:
        creating: held while a catalog element is looked for and created, so that two orders of one new buyer that are
            written at once make one customer.
        session: its number at the gate.
        ahead: it is the session's second one, which prepares while the first waits for an answer.
    """

    def __init__(
        self, target: Target, creating: threading.Lock, gate: Gate, session: int, *, ahead: bool = False
    ) -> None:
        self.session = session
        self._target = replace(target, turn=self._turn)
        self._creating = creating
        self._gate = gate
        self._ahead = ahead
        self._failures = 0

    @property
    def requests(self) -> Requests:
        """What has been answered in its session so far."""
        return self._target.documents.requests

    def may_begin(self) -> bool:
        """Wait until the infobase bears a further order; False if there is nothing left to do."""
        failures = self._gate.enter(self.session, ahead=self._ahead)
        self._failures = failures or 0
        return failures is not None

    def _turn(self) -> AbstractContextManager[None]:
        return self._gate.request(self.session, self._failures)

    def carry_out(self, step: Create | Update | Cancel, entry: Entry | None) -> None:
        """Carry out one step and record it.

        Raises:
            Held, Later, Stale, Unsettled: it did not come to its end; the ledger says why.
            Unavailable, ConfigurationError: the infobase takes no more writes for now.
        """
        if entry is not None and cut_off(entry):
            raise Later("its last write has to be settled first")
        if isinstance(step, Create):
            self._create(step, entry)
            return
        assert entry is not None  # noqa: S101 - a change is planned for a written document only
        if isinstance(step, Update):
            self._update(step, entry)
        else:
            self._cancel(step, entry)

    def _create(self, step: Create, entry: Entry | None) -> None:
        self._ensure_elements(step, entry)
        writer = Writer(self._target, entry, _first(step, entry))
        stored = writer.create(step.document, step.order_id_property)
        writer.finish(step.document, stored, step.order_id_property)

    def _update(self, step: Update, entry: Entry) -> None:
        stored = self._untouched(entry)
        self._ensure_elements(step, entry)
        Writer(self._target, entry, _first(step, entry)).finish(step.document, stored, step.order_id_property)

    def _cancel(self, step: Cancel, entry: Entry) -> None:
        there = left_there(entry)
        values = document_as_json(Document(there.entity_set, there.ref_key, step.set_properties))
        stored = self._untouched(entry, may_be_marked=not step.set_properties)
        summary = {**entry.summary, GOAL: CANCELLED, SET: values if step.set_properties else None}
        # The fingerprint goes: should Amazon take the cancellation back, the order is looked at anew.
        first = replace(entry, summary=summary, order_hash=step.source.order_hash, reasons=(), hold=None, material="")
        Writer(self._target, entry, first).take_back(there, stored, step.set_properties)

    def _untouched(self, entry: Entry, *, may_be_marked: bool = False) -> StoredDocument:
        """The document in the infobase, if nobody but us has changed it.

        Args:
            may_be_marked: a person's mark for deletion is what is wanted anyway.

        Raises:
            Held: somebody has; their work is never overwritten.
        """
        there, documents = left_there(entry), self._target.documents
        writer = Writer(self._target, entry, entry)
        stored = self._target.look(lambda: documents.read(there.entity_set, there.ref_key))
        if stored is None:
            raise writer.gone()
        found = touched(entry, stored)
        if found and not (may_be_marked and stored.marked):
            raise writer.hold(
                HoldCause.DIFFERENT,
                "the order changed at Amazon, but somebody has changed the document in 1C too; correct it there, then: "
                f"amazon1c held accept {entry.key.order_id}",
                *found,
            )
        return stored

    def _ensure_elements(self, step: Create | Update, entry: Entry | None) -> None:
        """Create the catalog elements that the document needs.

        Raises:
            Held: one was refused; the document that needs it is held until something changes.
            Stale, Later, Unsettled, Unavailable, ConfigurationError: as `ensure`.
        """
        try:
            for element in step.new_elements:
                with self._creating:
                    ensure(self._target, element)
        except Refused as problem:
            first = _first(step, entry)
            if entry is not None and entry.written:
                first = replace(first, material=entry.material, summary={**first.summary, LACKS: True})
            reason = f"{problem}. Put it right in 1C, then: amazon1c held retry {step.key.order_id}"
            raise Writer(self._target, entry, first).hold(HoldCause.REFUSED, reason) from problem


def _first(step: Create | Update, entry: Entry | None) -> Entry:
    """The entry with which writing begins."""
    summary = {**summary_of(step), ORDER_ID_PROPERTY: step.order_id_property, ORDER_ID_SEARCH: step.order_id_search}
    if isinstance(step, Update) and entry is not None:
        summary[BEFORE] = entry.summary.get(BEFORE) or entry.wanted
        summary[DIFFERS] = entry.summary.get(DIFFERS, [])
    return replace(
        entry or Entry(step.key, State.PLANNED),
        entity_set=step.document.entity_set,
        ref_key=step.document.ref_key,
        wanted=document_as_json(step.document),
        order_hash=step.source.order_hash,
        material=step.source.material,
        mapping_version=step.source.mapping_version,
        reasons=(),
        hold=None,
        not_before=None,
        summary=summary,
    )


def summary_of(step: Create | Update | Hold) -> dict[str, Any]:
    """What lists show of a document."""
    total = step.total if isinstance(step, Hold) else step.totals.document
    summary: dict[str, Any] = {"customer": step.customer}
    if total is not None:
        summary["total"] = {"amount": str(total.amount), "currency": total.currency}
    if not isinstance(step, Hold):
        summary["matched"] = step.matched
    if step.explanation:
        summary["explanation"] = dict(step.explanation)
    return summary
