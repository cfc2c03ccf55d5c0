"""What planning knows of Amazon's catalog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapter.model.item import CatalogItem
from adapter.model.order import Order, OrderLine

ItemKey = tuple[str, str]
"""Marketplace id and ASIN."""


def item_key(order: Order, line: OrderLine) -> ItemKey | None:
    """By what the product of a line is known in Amazon's catalog; None where the order does not tell."""
    marketplace_id = order.marketplace.marketplace_id
    return (marketplace_id, line.asin) if marketplace_id and line.asin else None


@dataclass(frozen=True, slots=True)
class KnownItems:
    """Items of Amazon's catalog, asked for where 1C does not know a SKU.

    Attributes:
        found: what Amazon told.
        missing: why nothing is known yet, although Amazon may know more.
    """

    found: Mapping[ItemKey, CatalogItem] = field(default_factory=dict)
    missing: Mapping[ItemKey, str] = field(default_factory=dict)

    def of(self, order: Order, line: OrderLine) -> CatalogItem | None:
        """What Amazon tells of the product of a line; its `barcodes` are those of the line."""
        key = item_key(order, line)
        return self.found.get(key) if key is not None else None

    def why_not(self, order: Order, line: OrderLine) -> str | None:
        """Why Amazon has not told yet; None if it has, or knows nothing."""
        key = item_key(order, line)
        return self.missing.get(key) if key is not None else None


def described(item: CatalogItem | None) -> str:
    """An item for people, as an addition to the reason of a hold; empty for none."""
    if item is None:
        return ""
    parts = [f'"{item.title}"' if item.title else "", item.brand or "", f"EAN {item.ean}" if item.ean else ""]
    text = ", ".join(part for part in parts if part)
    return f" (Amazon calls it {text})" if text else ""
