"""What becomes of a written document when Amazon cancels its order."""

from __future__ import annotations

from collections.abc import Mapping

from adapter.mapping.rules import DocumentRule, SetOnCancel
from adapter.model.entry import Entry, HoldCause, Key
from adapter.planning.elements import properties
from adapter.planning.plan import Cancel, Hold, Skip, Source, values_as_json
from adapter.planning.values import Context
from adapter.planning.written import is_settled, shown, still_held, taken_back


def cancellation(
    key: Key, source: Source, entry: Entry, rule: DocumentRule, context: Context, limits: Mapping[str, int]
) -> Cancel | Hold | Skip:
    """The step for a cancelled order whose document is in the infobase."""
    if taken_back(entry):
        return Skip(key, source, "cancelled at Amazon and taken back in the infobase")
    if rule.on_cancel == "hold":
        if is_settled(entry, source):
            return Skip(key, source, "cancelled at Amazon, but a person keeps it in the infobase", written=True)
        reason = (
            "cancelled at Amazon after it was written; take the document back in 1C or leave it, then: "
            f"amazon1c held accept {key.order_id}; or set on_cancel in the mapping"
        )
        return Hold(key, source, (reason,), *shown(entry))
    step = Cancel(key, source)
    if isinstance(rule.on_cancel, SetOnCancel):
        reasons: list[str] = []
        values = properties(rule.on_cancel.set, context, reasons, limits)
        if not values and not reasons:  # a Cancel without properties would unpost and mark
            reasons.append("it was cancelled, but on_cancel gives no value to set; see the mapping")
        if reasons:
            return Hold(key, source, tuple(reasons), *shown(entry))
        step = Cancel(key, source, values)
    return still_held(key, source, entry) if _refused_before(entry, step) else step


def _refused_before(entry: Entry, step: Cancel) -> bool:
    """Whether the infobase has refused this very cancellation."""
    if entry.hold is not HoldCause.REFUSED or entry.summary.get("goal") != "cancelled":
        return False
    tried = (entry.summary.get("set") or {}).get("properties", {})
    return entry.order_hash == step.source.order_hash and tried == values_as_json(step.set_properties)
