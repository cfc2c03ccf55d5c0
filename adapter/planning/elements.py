"""Properties of what is to be created, evaluated from the mapping."""

from __future__ import annotations

from collections.abc import Mapping

from adapter.model.document import Scalar
from adapter.planning.values import Context, NoValue, ValueSource


def properties(sources: Mapping[str, ValueSource], context: Context) -> dict[str, Scalar]:
    """The values of some properties; those for which there is none are left out.

    Raises:
        NoValue: one that cannot be left out; the text names the property.
    """
    found: dict[str, Scalar] = {}
    for name, source in sources.items():
        try:
            value = context.value(source)
        except NoValue as problem:
            raise NoValue(f"{name}: {problem}") from problem
        if value is not None:
            found[name] = value
    return found
