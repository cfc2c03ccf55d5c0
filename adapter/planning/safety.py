"""The last look at a plan before it is carried out: what is so unusual that a person should see it first."""

from __future__ import annotations

from collections.abc import Mapping

from adapter.mapping.rules import Rules
from adapter.model.entry import Entry, Key, State
from adapter.planning.plan import Cancel, Hold, Plan, Update

_ENOUGH = 20
"""Below so many orders a share says nothing."""


def unusual(plan: Plan, entries: Mapping[Key, Entry], rules: Rules) -> tuple[str, ...]:
    """Why the plan should not be carried out without a person's word; empty if it is an ordinary one.

    Orders that are held already do not count: they have been seen.
    """
    limits = rules.safety
    elements = plan.new_elements().values()
    customers = sum(element.entity_set == rules.customers.entity_set for element in elements)
    products = sum(element.entity_set == rules.products.entity_set for element in elements)
    changes = plan.count(Update, Cancel)
    fresh = [step for step in plan if (entry := entries.get(step.key)) is None or entry.state is not State.HELD]
    held = sum(isinstance(step, Hold) for step in fresh)
    found = []
    if customers > limits.max_new_customers:
        found.append(f"{customers} customers would be created (safety.max_new_customers: {limits.max_new_customers})")
    if products > limits.max_new_products:
        found.append(f"{products} products would be created (safety.max_new_products: {limits.max_new_products})")
    if changes > limits.max_changes:
        found.append(f"{changes} written documents would be changed (safety.max_changes: {limits.max_changes})")
    if len(fresh) >= _ENOUGH and held > limits.max_held_share * len(fresh):
        found.append(
            f"{held} of {len(fresh)} new orders would be held (safety.max_held_share: {limits.max_held_share})"
        )
    return tuple(found)
