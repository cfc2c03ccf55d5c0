"""Why somebody was found or not: every figure of a decision, for the person who has to judge it.

Explanations carry names; they are for the ledger's vault, the reviewer and the terminal, not for plain logs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum

from adapter.matching.rules import RULES
from adapter.matching.scoring import Pair
from adapter.model.catalog import Customer


@dataclass(frozen=True, slots=True)
class Line:
    """What counts, and how many bits; above 0 it speaks for the customer."""

    what: str
    bits: float


@dataclass(frozen=True, slots=True)
class Judged:
    """One candidate.

    Attributes:
        asked: the name of the order that fits best, and `where` it stands: company, recipient or buyer.
        words: in pairs, with the bits of each.
        lines: forms and evidence.
        bits: the sum of words and lines.
        posterior: how likely it is, 0 to 1, against the other candidates and against "not in the catalog".
        vetoes: why it may not be accepted whatever the score.
        doubts: why it may not be accepted on what agrees.
    """

    customer: Customer
    asked: str
    where: str
    words: tuple[Pair, ...]
    lines: tuple[Line, ...]
    bits: float
    posterior: float
    vetoes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    def total(self) -> float:
        """The sum of all that is listed; equal to `bits`."""
        return fsum([*(pair.bits for pair in self.words), *(line.bits for line in self.lines)])


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision's figures.

    Attributes:
        candidates: the best five.
        unknown: how likely it is somebody who is not in the catalog.
        others: how likely it is one of the customers that are not among the candidates.
        unknown_bits: what a candidate has to beat to be likelier than "not in the catalog".
        customers: how many there are.
        rules: version of the rules and folds.
    """

    candidates: tuple[Judged, ...] = ()
    unknown: float = 1.0
    others: float = 0.0
    unknown_bits: float = 0.0
    customers: int = 0
    rules: str = RULES

    def text(self) -> Iterator[str]:
        """Line by line, for a terminal."""
        for judged in self.candidates:
            yield f"{judged.customer.name} ({judged.customer.ref_key}): {judged.posterior:.4f}, {judged.bits:+.1f} bits"
            yield f"  by {judged.where} {judged.asked}"
            for pair in judged.words:
                yield f"  {pair.bits:+6.1f}  {_shown(pair)}"
            for line in judged.lines:
                yield f"  {line.bits:+6.1f}  {line.what}"
            for veto in judged.vetoes:
                yield f"    veto  {veto}"
            for doubt in judged.doubts:
                yield f"   doubt  {doubt}"
        yield f"one of the other customers: {self.others:.4f}"
        yield f"not in the catalog: {self.unknown:.4f}, {self.unknown_bits:+.1f} bits among {self.customers} customers"
        yield f"rules {self.rules}"


def _shown(pair: Pair) -> str:
    if pair.fit is None:
        side = "customer" if pair.known else "order"
        return f"{pair.known or pair.written}: only in the name of the {side}"
    if pair.written == pair.known:
        return f"{pair.written}: {pair.fit.shown}"
    return f"{pair.written} = {pair.known}: {pair.fit.shown}"
