"""From an order to the question who its buyer is."""

from __future__ import annotations

from adapter.matching.asked import Asked
from adapter.model.catalog import Evidence
from adapter.model.order import Order


def asked_of(order: Order) -> Asked:
    """What an order tells of its buyer; blanks are nothing."""
    buyer, address = order.buyer, order.ship_to
    return Asked(
        buyer=_stripped(buyer.name),
        recipient=_stripped(address.name),
        company=_stripped(buyer.company) or _stripped(address.company),
        evidence=Evidence(
            emails=_told(buyer.email),
            phones=_told(address.phone),
            tax_ids=_told(*(registration.number for registration in buyer.tax_registrations)),
            postal_codes=_told(address.postal_code),
            city=_stripped(address.city),
            country=_stripped(address.country) or _stripped(order.marketplace.country),
        ),
    )


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _told(*values: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stripped for value in values if (stripped := _stripped(value))))
