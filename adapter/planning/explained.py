"""Why a customer was found or not, as it is kept with a document and shown to people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapter.matching.explanation import Explanation


def as_data(explanation: Explanation | None) -> dict[str, Any] | None:
    """An explanation as JSON data: what adds up to what, line by line, and the figures for programs."""
    if explanation is None or not explanation.customers:
        return None
    return {
        "lines": list(explanation.text()),
        "candidates": [
            {
                "ref_key": str(judged.customer.ref_key),
                "name": judged.customer.name,
                "posterior": round(judged.posterior, 6),
                "bits": round(judged.bits, 2),
                "vetoes": list(judged.vetoes),
                "doubts": list(judged.doubts),
            }
            for judged in explanation.candidates
        ],
        "unknown": round(explanation.unknown, 6),
        "others": round(explanation.others, 6),
        "rules": explanation.rules,
    }


def explained(data: object) -> Iterator[str]:
    """The lines of an explanation that was kept."""
    if isinstance(data, Mapping):
        lines: Any = data.get("lines", ())
        yield from map(str, lines)
