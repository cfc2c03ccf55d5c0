"""Carries out a plan, step by step; one bad order never stops the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adapter.delivery.elements import ensure
from adapter.delivery.target import (
    BEFORE,
    CANCELLED,
    DIFFERS,
    GOAL,
    GONE,
    LACKS,
    ORDER_ID_PROPERTY,
    SET,
    Held,
    Later,
    Patience,
    Stale,
    Target,
    Unsettled,
    cut_off,
    left_there,
    touched,
)
from adapter.delivery.writer import Writer
from adapter.errors import Refused
from adapter.model.document import Document, StoredDocument
from adapter.model.entry import Entry, HoldCause, Key, State
from adapter.planning.plan import (
    AnyStep,
    Cancel,
    Create,
    Hold,
    Plan,
    Skip,
    Update,
    Wait,
    document_as_json,
)

_Entries = Mapping[Key, Entry]


@dataclass(slots=True)
class Outcome:
    """What came of a plan.

    Attributes:
        counts: verb or state -> how many.
        stale: orders that have to be planned again.
    """

    counts: Counter[str] = field(default_factory=Counter)
    stale: set[str] = field(default_factory=set)


class Deliverer:
    """Carries out plans.

    Args:
        stopped: asked before every step; True ends the run after the order in hand.
        progress: told after every step.
    """

    def __init__(
        self,
        target: Target,
        stopped: Callable[[], bool] = lambda: False,
        progress: Callable[[AnyStep], None] = lambda _: None,
    ) -> None:
        self._target = target
        self._stopped = stopped
        self._progress = progress
        self._patience = Patience()

    def carry_out(self, plan: Plan) -> Outcome:
        """Carry out a plan and record every step. An order is settled once every one of its steps is.

        Raises:
            Unavailable, ConfigurationError: the infobase takes no more writes for now. What was done is recorded, the
                rest is planned again next time.
        """
        outcome = Outcome()
        entries = self._target.ledger.entries.of_orders({_order(step) for step in plan})
        left = Counter(_order(step) for step in plan if not isinstance(step, Skip) or _is_cut_off(step, entries))
        self._note(plan, entries, left, outcome)
        for step in plan:
            if self._stopped():
                break
            if isinstance(step, Create | Update | Cancel):
                if self._write(step, entries.get(step.key), outcome):
                    left[_order(step)] -= 1
                    if not left[_order(step)]:
                        self._target.ledger.orders.settle([(*_order(step), step.source.order_hash)])
                self._progress(step)
        return outcome

    # -------------------- steps that write nothing to the infobase

    def _note(self, plan: Plan, entries: _Entries, left: Counter[tuple[str, str]], outcome: Outcome) -> None:
        """Record what waits, is held or needs nothing, all in one go."""
        with self._target.ledger.transaction():
            for step in plan:
                if isinstance(step, Hold | Wait | Skip):
                    outcome.counts[_counted(step)] += 1
                    if not _is_cut_off(step, entries):
                        self._note_one(step, entries.get(step.key))
            self._target.ledger.orders.settle(
                {(*_order(step), step.source.order_hash) for step in plan if not left[_order(step)]}
            )

    def _note_one(self, step: Hold | Wait | Skip, entry: Entry | None) -> None:
        state: State
        reasons: tuple[str, ...]
        hold: HoldCause | None
        written = entry is not None and entry.written
        match step:
            case Hold():
                state, reasons, hold = State.HELD, step.reasons, step.cause
            case Wait():
                if written:
                    return
                state, reasons, hold = State.WAITING, (step.reason,), None
            case Skip():
                gone = entry is not None and entry.summary.get(GONE)
                state, reasons, hold = State.DONE if written and not gone else State.CLOSED, (), None
        if entry is not None and (entry.state, entry.reasons, entry.hold) == (state, reasons, hold):
            return
        after = replace(entry or Entry(step.key, state), state=state, reasons=reasons, hold=hold)
        if isinstance(step, Hold) and not written:
            after = replace(after, summary=_summary(step))
        cause = reasons[0] if reasons else getattr(step, "reason", "")
        self._target.ledger.entries.move(entry, after, cause, self._target.now())

    # -------------------- steps that write

    def _write(self, step: Create | Update | Cancel, entry: Entry | None, outcome: Outcome) -> bool:
        """Carry out one step; True if nothing is left of it.

        Raises:
            Unavailable, ConfigurationError: as `carry_out`.
        """
        try:
            self._carry_out(step, entry)
        except Held:
            outcome.counts["held"] += 1
        except Stale:
            outcome.stale.add(step.key.order_id)
        except Later:
            outcome.counts["later"] += 1
        except Unsettled as problem:
            outcome.counts["unknown"] += 1
            self._patience.unanswered(problem)
            return False
        else:
            outcome.counts[step.verb] += 1
            self._patience.answered()
            return True
        self._patience.answered()
        return False

    def _carry_out(self, step: Create | Update | Cancel, entry: Entry | None) -> None:
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
                ensure(self._target, element)
        except Refused as problem:
            first = _first(step, entry)
            if entry is not None and entry.written:
                first = replace(first, material=entry.material, summary={**first.summary, LACKS: True})
            reason = f"{problem}. Put it right in 1C, then: amazon1c held retry {step.key.order_id}"
            raise Writer(self._target, entry, first).hold(HoldCause.REFUSED, reason) from problem


def _order(step: AnyStep) -> tuple[str, str]:
    return step.key.account, step.key.order_id


def _is_cut_off(step: AnyStep, entries: _Entries) -> bool:
    entry = entries.get(step.key)
    return entry is not None and cut_off(entry)


def _first(step: Create | Update, entry: Entry | None) -> Entry:
    """The entry with which writing begins."""
    summary = {**_summary(step), ORDER_ID_PROPERTY: step.order_id_property}
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


def _counted(step: Hold | Wait | Skip) -> str:
    if isinstance(step, Skip):
        return "already there" if step.written else "nothing to do"
    return {"hold": "held", "wait": "waiting"}[step.verb]


def _summary(step: Create | Update | Hold) -> dict[str, Any]:
    """What lists show of a document."""
    total = step.total if isinstance(step, Hold) else step.totals.document
    summary: dict[str, Any] = {"customer": step.customer}
    if total is not None:
        summary["total"] = {"amount": str(total.amount), "currency": total.currency}
    if not isinstance(step, Hold):
        summary["matched"] = step.matched
    return summary
