"""Products entered in 1C since its catalogs were read: asked for before an order is held, or a product created."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from adapter.copies import Copies
from adapter.mapping.catalogs import Products
from adapter.matching.products import Missing, ProductIndex
from adapter.model.order import Order, OrderStatus

AGAIN_AFTER: Final = timedelta(minutes=1)
"""After how long a SKU is asked for again that the infobase did not know."""

_NOT_WRITTEN: Final = {OrderStatus.CANCELLED, OrderStatus.PENDING, OrderStatus.PENDING_AVAILABILITY}
_LENGTHS: Final = (9, 11)
"""Of codes of fixed length. Source: CONFIGS 1-9, Code of the catalogs of products."""


@dataclass(slots=True)
class Latecomers:
    """Remembers what was asked for in vain, and when."""

    _asked: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def wanted(
        self, orders: Iterable[Order], products: ProductIndex, rules: Products, copies: Copies, read_at: datetime | None
    ) -> Missing:
        """What to ask the infobase for: what would hold these orders, or create a product.

        A SKU or ASIN is not if it was asked for, or the whole catalog was read, within the last minute. A barcode that
        holds an order is not before the copies are read anew, and one that creates always is.

        Args:
            read_at: when the products were read; None where that is not known.
        """
        now = copies.now()
        if not copies.max_age:
            return Missing()
        missing = [
            products.missing(line.sku, line.asin if rules.read.asin else None)
            for order in orders
            if order.status not in _NOT_WRITTEN
            for line in order.lines
            if line.quantity > 0
        ]
        every = {kind: frozenset().union(*(getattr(each, kind) for each in missing)) for kind in _KINDS}
        if read_at is not None and timedelta(0) <= now - read_at < AGAIN_AFTER:
            every["skus"] = every["asins"] = frozenset()
        every["skus"] = frozenset(filter(_can_be_asked, every["skus"]))
        if rules.read.barcode is None:
            every["codes"] = frozenset()
        life = {
            "skus": AGAIN_AFTER,
            "asins": AGAIN_AFTER,
            "codes": timedelta(0) if rules.otherwise == "create" else copies.max_age,
        }
        self._asked = {key: at for key, at in self._asked.items() if timedelta(0) <= now - at < life[key[0]]}
        wanted = {kind: {text for text in texts if (kind, text) not in self._asked} for kind, texts in every.items()}
        return Missing(**{kind: frozenset(texts) for kind, texts in wanted.items()})

    def asked(self, missing: Missing, now: datetime) -> None:
        """All this has just been asked for."""
        self._asked |= {(kind, text): now for kind in _KINDS for text in getattr(missing, kind)}


def spellings(sku: str, rules: Products) -> set[str]:
    """How a SKU may be stored: with other zeros in front, where they do not count."""
    if rules.leading_zeros == "count" or not (sku.isascii() and sku.isdigit()):
        return {sku}
    bare = sku.lstrip("0")
    return {sku, bare, *(bare.zfill(length) for length in _LENGTHS)} - {""}


def _can_be_asked(sku: str) -> bool:
    """Whether a SKU fits an address; no catalog keeps what does not."""
    return sku.isprintable() and len(sku) <= _LONGEST


_LONGEST: Final = 100
_KINDS: Final = ("skus", "codes", "asins")
