"""Whether a condition of the mapping holds for an order."""

from __future__ import annotations

from collections.abc import Mapping

from adapter.mapping.paths import CONDITION_NAMES
from adapter.mapping.rules import Charges, ChargesOverlay, DocumentRule, Rules, Variant
from adapter.mapping.sources import Wanted
from adapter.mapping.uses import asks_for
from adapter.model.order import Order
from adapter.planning.values import Context


def holds(condition: Mapping[str, Wanted], context: Context) -> bool:
    """Whether every named value is as wanted; an empty condition always holds."""
    return all(_holds(name, wanted, context) for name, wanted in condition.items())


def _holds(name: str, wanted: Wanted, context: Context) -> bool:
    value = context.text(CONDITION_NAMES.get(name, name))
    if wanted == "absent":
        return not value.strip()
    if wanted == "present":
        return bool(value.strip())
    if isinstance(wanted, bool):
        return value.casefold() == str(wanted).casefold()
    choices = [wanted] if isinstance(wanted, str) else wanted
    values = {part.strip().casefold() for part in value.split(",")} if name in _LISTS else {value.casefold()}
    return any(choice.casefold() in values for choice in choices)


_LISTS = frozenset(
    {
        "program", "order.program", "payment_method", "order.payment_method", "tax_scheme", "order.tax_scheme",
        "order.promotion", "order.carrier",
    }
)  # fmt: skip


def undecidable(order: Order, rules: Rules) -> tuple[str, ...]:
    """Why nobody can say whether the conditions of a mapping hold."""
    if order.tax_collected is not None or not asks_for("order.tax_collected", rules):
        return ()
    lines = ", ".join(line.line_id for line in order.lines if line.quantity > 0 and line.tax_collected)
    return (f"Amazon collects the tax of some of its lines only ({lines}); write it by hand in 1C",)


def rules_for(rules: Rules, context: Context) -> Rules:
    """The rules with the variants laid over whose condition holds for this order."""
    for variant in rules.variants:
        if holds(variant.when, context):
            rules = _overlaid(rules, variant)
    return rules


def _overlaid(rules: Rules, variant: Variant) -> Rules:
    documents = dict(rules.documents)
    for name, overlay in variant.documents.items():
        old: DocumentRule = documents[name]
        rows = dict(old.rows)
        for section, changed in overlay.rows.items():
            if section not in rows:
                rows[section] = changed
                continue
            rows[section] = rows[section].overlaid(changed)
        documents[name] = old.model_copy(
            update={
                "when": old.when if overlay.when is None else overlay.when,
                "post": old.post if overlay.post is None else overlay.post,
                "header": old.header | overlay.header,
                "rows": rows,
            }
        )
    return rules.model_copy(update={"documents": documents, "charges": _charges(rules, variant.charges)})


def _charges(rules: Rules, overlay: ChargesOverlay) -> Charges:
    changed = {name: getattr(overlay, name) for name in overlay.model_fields_set}
    return rules.charges.model_copy(update={name: answer for name, answer in changed.items() if answer is not None})
