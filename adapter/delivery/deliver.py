"""Carries out a plan, step by step; one bad order never stops the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from adapter.delivery.recover import settle_element
from adapter.delivery.writer import KEEPS_KEY, Held, Later, Target, Unsettled, Writer, differing, wanted
from adapter.errors import OutcomeUnknown, Refused, Unavailable
from adapter.ledger.elements import ElementEntry
from adapter.model.document import NewElement
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

_UNSETTLED_IN_A_ROW = 3
"""After so many writes in a row without an answer the infobase is left alone until the next run."""


class Stale(Exception):
    """The infobase is not as the plan believed; the order is planned again with fresh catalogs."""


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
        self._unsettled = 0

    def carry_out(self, plan: Plan) -> Outcome:
        """Carry out a plan and record every step.

        Raises:
            Unavailable, ConfigurationError: the infobase takes no more writes for now. What was done is recorded, the
                rest is planned again next time.
        """
        outcome = Outcome()
        entries = self._target.ledger.entries.of_orders({(step.key.account, step.key.order_id) for step in plan})
        self._note(plan, entries, outcome)
        for step in plan:
            if self._stopped():
                break
            if isinstance(step, Create | Update | Cancel):
                self._write(step, entries.get(step.key), outcome)
                self._progress(step)
        return outcome

    # -------------------- steps that write nothing to the infobase

    def _note(self, plan: Plan, entries: dict[Key, Entry], outcome: Outcome) -> None:
        """Record what waits, is held or needs nothing, all in one go."""
        settled: dict[tuple[str, str], str] = {}
        unsettled: set[tuple[str, str]] = set()
        with self._target.ledger.transaction():
            for step in plan:
                order = (step.key.account, step.key.order_id)
                if isinstance(step, Skip):
                    settled[order] = step.source.order_hash
                else:
                    unsettled.add(order)
                if isinstance(step, Hold | Wait | Skip):
                    self._note_one(step, entries.get(step.key))
                    outcome.counts[_counted(step)] += 1
            self._target.ledger.orders.settle(
                (account, order_id, content)
                for (account, order_id), content in settled.items()
                if (account, order_id) not in unsettled
            )

    def _note_one(self, step: Hold | Wait | Skip, entry: Entry | None) -> None:
        if entry is not None and entry.state in {State.INTENT, State.UNKNOWN}:
            return  # only looking into the infobase leaves these states
        state: State
        reasons: tuple[str, ...]
        hold: HoldCause | None
        match step:
            case Hold():
                state, reasons, hold = State.HELD, step.reasons, step.cause
            case Wait():
                state, reasons, hold = State.WAITING, (step.reason,), None
            case Skip():
                state, reasons, hold = State.DONE if step.written else State.CLOSED, (), None
                if entry is not None and entry.written:
                    state = State.DONE
        if entry is not None and (entry.state, entry.reasons, entry.hold) == (state, reasons, hold):
            return
        if entry is not None and entry.written and state is State.WAITING:
            return
        base = entry or Entry(step.key, state, operation=None)
        after = replace(base, state=state, reasons=reasons, hold=hold)
        if isinstance(step, Hold) and not base.written:
            after = replace(after, summary=_summary(step))
        cause = reasons[0] if reasons else getattr(step, "reason", "")
        self._target.ledger.entries.move(entry, after, cause, self._target.now())

    # -------------------- steps that write

    def _write(self, step: Create | Update | Cancel, entry: Entry | None, outcome: Outcome) -> None:
        try:
            if isinstance(step, Cancel):
                self._cancel(step, entry)
            else:
                for element in step.new_elements:
                    self._ensure(element)
                self._create(step, entry) if isinstance(step, Create) else self._update(step, entry)
        except Held:
            outcome.counts["held"] += 1
            self._unsettled = 0
        except Stale:
            outcome.stale.add(step.key.order_id)
        except Later:
            outcome.counts["later"] += 1
        except Unsettled as problem:
            outcome.counts["unknown"] += 1
            self._unsettled += 1
            if self._unsettled >= _UNSETTLED_IN_A_ROW:
                raise Unavailable(f"the infobase does not answer writes ({problem}); the rest waits") from problem
        except Refused as problem:
            self._refused(step, entry, str(problem))
            outcome.counts["held"] += 1
        else:
            outcome.counts[step.verb] += 1
            self._unsettled = 0
            self._settle(step)

    def _refused(self, step: Create | Update | Cancel, entry: Entry | None, reason: str) -> None:
        """A catalog element was refused: the document that needs it is held until something changes."""
        assert not isinstance(step, Cancel)  # noqa: S101 - a cancellation needs no element
        reasons = (f"{reason}. Put it right in 1C, then: amazon1c held retry {step.key.order_id}",)
        before = {"before": entry.wanted} if entry is not None and entry.written else {}
        after = replace(self._first(step, entry, before), state=State.HELD, reasons=reasons, hold=HoldCause.REFUSED)
        self._target.ledger.entries.move(entry, after, reasons[0], self._target.now())

    def _settle(self, step: AnyStep) -> None:
        entries = self._target.ledger.entries.of_order(step.key.order_id)
        mine = [entry for entry in entries if entry.key.account == step.key.account]
        if all(entry.state in {State.DONE, State.CLOSED} for entry in mine):
            self._target.ledger.orders.settle([(step.key.account, step.key.order_id, step.source.order_hash)])

    def _create(self, step: Create, entry: Entry | None) -> None:
        writer = Writer(self._target, entry, self._first(step, entry, {"goal": "written"}))
        stored = writer.create(step.document, step.order_id_property)
        writer.finish(step.document, stored, step.order_id_property)

    def _update(self, step: Update, entry: Entry | None) -> None:
        assert entry is not None  # noqa: S101 - an update is planned for a written document only
        old = wanted(entry)
        writer = Writer(self._target, entry, self._first(step, entry, {"goal": "written", "before": entry.wanted}))
        stored = self._target.documents.read(old.entity_set, old.ref_key)
        self._untouched(writer, entry, stored)
        assert stored is not None  # noqa: S101 - `_untouched` has held it otherwise
        document = replace(step.document, ref_key=old.ref_key)
        writer.finish(document, stored, step.order_id_property)

    def _cancel(self, step: Cancel, entry: Entry | None) -> None:
        assert entry is not None  # noqa: S101 - a cancellation is planned for a written document only
        document = wanted(entry)
        summary = {**entry.summary, "goal": "cancelled", "set": dict(step.set_properties)}
        first = replace(entry, summary=summary, order_hash=step.source.order_hash, reasons=(), hold=None, material="")
        writer = Writer(self._target, entry, first)
        stored = self._target.documents.read(document.entity_set, document.ref_key)
        self._untouched(writer, entry, stored)
        assert stored is not None  # noqa: S101 - `_untouched` has held it otherwise
        writer.take_back(document, stored, step.set_properties)

    def _untouched(self, writer: Writer, entry: Entry, stored: Any) -> None:
        """See that nobody but us has changed the document.

        Raises:
            Held: somebody has; their work is never overwritten.
        """
        if stored is None:
            raise writer.gone()
        if stored.data_version == entry.data_version:
            return
        found = differing(wanted(entry), stored, entry)
        if entry.posted != stored.posted:
            found = (*found, f"Posted: {entry.posted} -> {stored.posted}")
        if entry.marked != stored.marked:
            found = (*found, f"DeletionMark: {entry.marked} -> {stored.marked}")
        seen = found or ("nothing that we wrote differs",)
        raise writer.hold(
            HoldCause.DIFFERENT,
            "the order changed at Amazon, but somebody has changed the document in 1C too; correct it there, then: "
            f"amazon1c held accept {entry.key.order_id}",
            *seen,
            wanted=entry.wanted,
            material=entry.material,
        )

    def _first(self, step: Create | Update, entry: Entry | None, more: dict[str, Any]) -> Entry:
        """The entry with which writing begins."""
        base = entry or Entry(step.key, State.PLANNED)
        return replace(
            base,
            entity_set=step.document.entity_set,
            ref_key=step.document.ref_key,
            wanted=document_as_json(step.document),
            order_hash=step.source.order_hash,
            material=step.source.material,
            mapping_version=step.source.mapping_version,
            reasons=(),
            hold=None,
            not_before=None,
            summary={**_summary(step), **more, "order_id_property": step.order_id_property},
        )

    # -------------------- catalog elements

    def _ensure(self, element: NewElement) -> None:
        """Create a catalog element unless it is there: one creator, and the infobase is asked first.

        Raises:
            Stale: it is there under another key; plan again.
            Unavailable: its creation got no answer; later.
            Refused: the infobase does not take it.
        """
        ledger, now = self._target.ledger, self._target.now()
        known = ledger.elements.find(element.entity_set, element.natural_key)
        if known is not None and known.state in {State.INTENT, State.UNKNOWN}:
            known = replace(known, state=settle_element(self._target, known))
            if known.state is State.UNKNOWN:
                raise Stale
        if known is not None and known.state is State.DONE:
            if known.ref_key != element.ref_key:
                raise Stale
            return
        if self._target.catalogs.find_elements(
            element.entity_set, element.name_property, element.name, (element.name_property,)
        ):
            raise Stale
        entry = ElementEntry(element.entity_set, element.natural_key, element.ref_key, element.name, State.INTENT)
        ledger.elements.record(entry, now)
        try:
            ref_key = self._target.catalogs.create_element(element)
        except OutcomeUnknown as problem:
            not_before = self._target.now() + self._target.quarantine
            ledger.elements.record(replace(entry, state=State.UNKNOWN, not_before=not_before), self._target.now())
            raise Unsettled(str(problem)) from problem
        except Refused as problem:
            ledger.elements.record(replace(entry, state=State.PLANNED), self._target.now())
            raise Refused(f'1C refused to create "{element.name}" in {element.entity_set}: {problem}') from problem
        kept = ref_key == element.ref_key
        ledger.notes.keep_capability(element.entity_set, KEEPS_KEY, "yes" if kept else "no", now)
        ledger.elements.record(replace(entry, state=State.DONE, ref_key=ref_key), self._target.now())
        if not kept:
            raise Stale


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
