"""Whom matching is asked for: what an order tells of its buyer."""

from __future__ import annotations

from dataclasses import dataclass, field

from adapter.model.catalog import Evidence


@dataclass(frozen=True, slots=True)
class Asked:
    """Who an order is from, as far as Amazon tells; what it does not tell is empty.

    Attributes:
        buyer: name of the buyer's account.
        recipient: name in the address; may be somebody else, as with a gift.
        company: the buyer's or the recipient's company.
        evidence: of the order; a country is two letters here.
    """

    buyer: str = ""
    recipient: str = ""
    company: str = ""
    evidence: Evidence = field(default_factory=Evidence)
