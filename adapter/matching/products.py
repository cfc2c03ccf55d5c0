"""Seller SKU to product: the alias, else the same SKU; nothing is guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from adapter.mapping.aliases import Alias
from adapter.model.catalog import Product


@dataclass(frozen=True, slots=True)
class ProductMatch:
    """The product and how many of it one piece at Amazon is."""

    product: Product
    multiplier: int = 1


@dataclass(frozen=True, slots=True)
class NoProduct:
    """Why there is no single product, in words for a person; `unknown` if it merely does not exist."""

    reason: str
    unknown: bool = False


class ProductIndex:
    """The infobase's products by SKU. Leading and trailing blanks of a SKU do not count, case does not either."""

    def __init__(self, products: Iterable[Product], aliases: Mapping[str, Alias] | None = None) -> None:
        self._by_sku: defaultdict[str, list[Product]] = defaultdict(list)
        for product in products:
            if product.sku.strip():
                self._by_sku[_key(product.sku)].append(product)
        self._aliases = {_key(sku): alias for sku, alias in (aliases or {}).items()}

    def __len__(self) -> int:
        return len(self._by_sku)

    def match(self, sku: str | None) -> ProductMatch | NoProduct:
        """The one product of a seller SKU."""
        if not sku or not sku.strip():
            return NoProduct("Amazon gave no SKU")
        alias = self._aliases.get(_key(sku))
        wanted = alias.sku if alias else sku
        found = self._by_sku.get(_key(wanted), [])
        shown = f'SKU "{sku}"' + (f' (alias of "{wanted}")' if alias else "")
        if not found:
            return NoProduct(f"{shown} is not among the products of the infobase", unknown=alias is None)
        if len(found) > 1:
            names = ", ".join(sorted(product.name or str(product.ref_key) for product in found)[:5])
            return NoProduct(f"{shown} belongs to {len(found)} products ({names}); give each its own SKU in 1C")
        return ProductMatch(found[0], alias.multiplier if alias else 1)


def _key(sku: str) -> str:
    return sku.strip().casefold()
