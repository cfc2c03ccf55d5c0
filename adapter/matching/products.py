"""Seller SKU to product: the alias, else the same SKU; nothing is guessed."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from adapter.mapping.aliases import Alias
from adapter.model.catalog import Product


@dataclass(frozen=True, slots=True)
class ProductMatch:
    """The product and how many of it one piece at Amazon is."""

    product: Product
    multiplier: int = 1


@dataclass(frozen=True, slots=True)
class NoProduct:
    """Why there is no single product, with the next step; `unknown` if it merely does not exist, and may be created."""

    reason: str
    unknown: bool = False


class ProductIndex:
    """The infobase's products by SKU. Leading and trailing blanks of a SKU do not count, case does not either."""

    def __init__(self, products: Iterable[Product], aliases: Mapping[str, Alias] | None = None) -> None:
        self._by_sku: defaultdict[str, list[Product]] = defaultdict(list)
        self._by_ref: dict[UUID, Product] = {}
        for product in products:
            self._by_ref[product.ref_key] = product
            if sku_key(product.sku):
                self._by_sku[sku_key(product.sku)].append(product)
        self._aliases = {sku_key(sku): alias for sku, alias in (aliases or {}).items()}

    def __len__(self) -> int:
        return len(self._by_sku)

    def by_ref(self, ref_key: UUID) -> Product | None:
        """The product with this key."""
        return self._by_ref.get(ref_key)

    def match(self, sku: str | None) -> ProductMatch | NoProduct:
        """The one product of a seller SKU."""
        if not sku or not sku_key(sku):
            return NoProduct("Amazon gave no SKU; write the order by hand in 1C, and give the offer a SKU at Amazon")
        alias = self._aliases.get(sku_key(sku))
        wanted = alias.sku if alias else sku
        found = self._by_sku.get(sku_key(wanted), [])
        shown = f'SKU "{sku}"' + (f' (alias of "{wanted}")' if alias else "")
        if not found and alias:
            return NoProduct(f"{shown} is not among the products of the infobase; correct the alias, or add it in 1C")
        if not found:
            step = "add it in 1C or to the aliases, or let the mapping create products (products.otherwise)"
            return NoProduct(f"{shown} is not among the products of the infobase; {step}", unknown=True)
        if len(found) > 1:
            names = ", ".join(sorted(product.name or str(product.ref_key) for product in found)[:5])
            return NoProduct(f"{shown} belongs to {len(found)} products ({names}); give each its own SKU in 1C")
        return ProductMatch(found[0], alias.multiplier if alias else 1)


def sku_key(sku: str) -> str:
    """Equal for SKUs that differ in case, outer blanks or the way their letters are composed only."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", sku).casefold()).strip()
