"""Properties of what is to be written, evaluated from the mapping."""

from __future__ import annotations

from collections.abc import Mapping

from adapter.model.document import Scalar
from adapter.planning.values import Context, NoValue, ValueSource


def properties(sources: Mapping[str, ValueSource], context: Context, reasons: list[str]) -> dict[str, Scalar]:
    """The values of some properties; those for which there is none are left out.

    Args:
        reasons: is added to, for each property that must not be left out; then nothing may be written.
    """
    found: dict[str, Scalar] = {}
    for name, source in sources.items():
        try:
            value = context.value(source)
        except NoValue as problem:
            reasons.append(f"{name}: {problem}")
            continue
        if value is not None:
            found[name] = value
    return found
