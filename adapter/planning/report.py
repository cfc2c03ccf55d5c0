"""A plan for people: the dry run as text."""

from __future__ import annotations

import io
from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from adapter.model.money import Money
from adapter.planning.plan import AnyStep, Cancel, Create, Hold, Plan, Skip, Update, Wait

_STYLES = {"create": "green", "update": "cyan", "cancel": "magenta", "hold": "yellow", "wait": "dim", "skip": "dim"}


def plan_as_text(plan: Plan, *, width: int = 120, color: bool = False, all_steps: bool = False) -> str:
    """The plan as a table and its sums. Steps that do nothing are only counted unless `all_steps`."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=color, no_color=not color, highlight=False)
    shown = [step for step in plan if all_steps or not isinstance(step, Skip)]
    if shown:
        console.print(_table(shown))
    for element in plan.new_elements().values():
        console.print(f"new in {element.entity_set}: {element.name}", markup=False, soft_wrap=True)
    for line in summary(plan):
        console.print(line, markup=False, soft_wrap=True)
    return out.getvalue()


def summary(plan: Plan) -> list[str]:
    """What the plan comes to: how many of each, and the sums by currency."""
    counts = Counter(step.verb for step in plan)
    words = [
        (counts["create"], "to create"),
        (counts["update"], "to update"),
        (counts["cancel"], "to take back"),
        (counts["hold"], "held"),
        (counts["wait"], "waiting for Amazon"),
        (sum(isinstance(step, Skip) and step.written for step in plan), "already in 1C"),
        (sum(isinstance(step, Skip) and not step.written for step in plan), "with nothing to do"),
    ]
    lines = [f"{len(plan)} documents: " + (", ".join(f"{count} {word}" for count, word in words if count) or "none")]
    sums: dict[str, Money] = {}
    for step in plan:
        if isinstance(step, Create):
            money = step.totals.document
            sums[money.currency] = sums.get(money.currency, Money.zero(money.currency)) + money
    if sums:
        lines.append("to create: " + ", ".join(str(sums[currency]) for currency in sorted(sums)))
    return lines


def _table(steps: list[AnyStep]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Order", no_wrap=True)
    table.add_column("Document", no_wrap=True)
    table.add_column("What", no_wrap=True)
    table.add_column("Customer", max_width=28)
    table.add_column("Total", justify="right", no_wrap=True)
    table.add_column("Why")
    for step in steps:
        customer, total, why = _details(step)
        table.add_row(
            step.key.order_id,
            step.key.document,
            Text(step.verb, style=_STYLES[step.verb]),
            Text(customer),
            Text(total),
            Text(why),
        )
    return table


def _details(step: AnyStep) -> tuple[str, str, str]:
    """Customer, total and reason of a step."""
    match step:
        case Create():
            rows = sum(len(rows) for rows in step.document.sections.values())
            why = [f"{step.matched}; {rows} row{'s' if rows != 1 else ''}"]
            if step.totals.left_out:
                why.append(step.totals.explain())
            return step.customer, str(step.totals.document), "\n".join([*why, *step.notes])
        case Update():
            return step.customer, str(step.totals.document), "\n".join(step.changes)
        case Cancel():
            return (
                "",
                "",
                "cancelled at Amazon: unpost and mark for deletion"
                if not step.set_properties
                else (
                    "cancelled at Amazon: "
                    + ", ".join(f"{name} = {value}" for name, value in step.set_properties.items())
                ),
            )
        case Hold():
            return step.customer, str(step.total) if step.total is not None else "", "\n".join(step.reasons)
        case Wait() | Skip():
            return "", "", step.reason
