"""Settles writes whose outcome nobody knows, and finishes what was cut off: by looking, never by guessing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from adapter.delivery.target import (
    BEFORE,
    CANCELLED,
    GOAL,
    ORDER_ID_PROPERTY,
    SET,
    Held,
    Later,
    Patience,
    Target,
    Unsettled,
    cut_off,
    differing,
    differing_from_ours,
    left_there,
    wanted,
)
from adapter.delivery.writer import Writer
from adapter.ledger import Ledger
from adapter.model.document import StoredDocument
from adapter.model.entry import Entry, HoldCause, Operation, State
from adapter.planning.plan import document_from_json


def unfinished(ledger: Ledger) -> list[Entry]:
    """The documents whose last write is unknown or that are written only in part."""
    return [entry for entry in ledger.entries.in_states(State.INTENT, State.UNKNOWN, State.PLANNED) if cut_off(entry)]


def recover(target: Target, stopped: Callable[[], bool] = lambda: False) -> int:
    """Settle every unfinished document that can be settled now.

    Returns:
        How many are still unknown.

    Raises:
        Unavailable, ConfigurationError: the infobase cannot be asked, or does not answer writes; what is not settled
            stays as it is.
    """
    left = 0
    patience = Patience()
    for entry in unfinished(target.ledger):
        if stopped():
            break
        try:
            left += not _Recovery(target, entry).settled()
        except Unsettled as problem:
            left += 1
            patience.unanswered(problem)
        except (Held, Later):
            patience.answered()
        else:
            patience.answered()
            target.ledger.flush()
    return left


class _Recovery:
    def __init__(self, target: Target, entry: Entry) -> None:
        self._target = target
        self._entry = entry
        self._writer = Writer(target, entry, entry)
        self._document = wanted(entry)
        self._order_id_property = str(entry.summary.get(ORDER_ID_PROPERTY, ""))

    def settled(self) -> bool:
        """Look at the document and go on from what is there; False if it is too early to tell."""
        stored = self._writer.look(self._document, self._order_id_property)
        if stored is None:
            return self._absent()
        if self._entry.summary.get(GOAL) == CANCELLED:
            self._continue_cancelling(stored)
            return True
        return self._continue_writing(stored)

    def _absent(self) -> bool:
        if self._entry.operation is not Operation.CREATE or self._entry.written:
            raise self._writer.gone()
        # Absence proves nothing while the infobase may still be at work on the request; but where it is known to keep
        # our keys, a second creation can only collide.
        if not self._target.keeps_key(self._document.entity_set) and self._too_early():
            return False
        self._writer.move(State.PLANNED, "not in the infobase; it will be written again", not_before=None)
        return True

    def _too_early(self) -> bool:
        """Whether the infobase may still be at work on the last request; then the entry is UNKNOWN."""
        now = self._target.now()
        not_before = self._entry.not_before or (self._entry.updated_at or now) + self._target.quarantine
        if now >= not_before:
            return False
        if self._entry.state is not State.UNKNOWN:
            self._writer.move(
                State.UNKNOWN,
                "not to be seen in the infobase yet; it may still be at work on it",
                not_before=not_before,
            )
        return True

    def _continue_writing(self, stored: StoredDocument) -> bool:
        as_before = BEFORE in self._entry.summary and not differing_from_ours(self._entry, stored)
        if as_before and differing(self._document, stored, self._entry):
            # The update has not got through. What is still on its way must not come true behind what follows now.
            operation = self._entry.operation
            unseen = operation is Operation.REPLACE or (operation is Operation.UNPOST and stored.posted)
            if unseen and self._entry.state is not State.PLANNED and self._too_early():
                return False
        else:
            self._writer.adopt(self._document, stored)
        self._writer.finish(self._document, stored, self._order_id_property)
        return True

    def _continue_cancelling(self, stored: StoredDocument) -> None:
        """Take the document back, unless somebody has changed it meanwhile.

        Raises:
            Held: somebody has.
        """
        old = left_there(self._entry)
        kept = self._entry.summary.get(SET)
        values = document_from_json(kept).properties if kept else {}
        new = replace(old, properties={**old.properties, **values})
        if (found := differing_from_ours(self._entry, stored)) and differing(new, stored, self._entry):
            raise self._writer.hold(
                HoldCause.DIFFERENT,
                "the order was cancelled at Amazon, but somebody has changed the document in 1C; take it back there, "
                f"then: amazon1c held accept {self._entry.key.order_id}",
                *found,
            )
        self._writer.take_back(old, stored, values)
