"""Seller SKU to product: the alias, else the same SKU, else the same barcode; nothing is guessed."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from adapter.mapping.aliases import Alias
from adapter.matching.barcodes import gtin
from adapter.model.catalog import Barcode, Product


@dataclass(frozen=True, slots=True)
class ProductMatch:
    """The product and how many of it one piece at Amazon is.

    Attributes:
        barcode: by which it was found; empty where the SKU decided.
    """

    product: Product
    multiplier: int = 1
    barcode: str = ""


@dataclass(frozen=True, slots=True)
class NoProduct:
    """Why there is no single product, with the next step; `unknown` if it merely does not exist, and may be created."""

    reason: str
    unknown: bool = False


class ProductIndex:
    """The infobase's products by SKU and by barcode.

    Leading and trailing blanks of a SKU do not count, case does not either. Barcodes of what is not among the
    products, such as folders and elements marked for deletion, lead nowhere.
    """

    def __init__(
        self,
        products: Iterable[Product],
        aliases: Mapping[str, Alias] | None = None,
        barcodes: Iterable[Barcode] = (),
    ) -> None:
        self._given = tuple(products), dict(aliases or {}), tuple(barcodes)
        products, _, barcodes = self._given
        self._by_sku: defaultdict[str, list[Product]] = defaultdict(list)
        self._by_ref: dict[UUID, Product] = {}
        for product in products:
            self._by_ref[product.ref_key] = product
            if sku_key(product.sku):
                self._by_sku[sku_key(product.sku)].append(product)
        self._aliases = {sku_key(sku): alias for sku, alias in (aliases or {}).items()}
        self._by_code: defaultdict[str, dict[UUID, bool]] = defaultdict(dict)
        for barcode in barcodes:
            if barcode.product in self._by_ref and (code := gtin(barcode.code)):
                found = self._by_code[code]
                found[barcode.product] = found.get(barcode.product, False) or barcode.whole

    def extended(self, products: Iterable[Product], barcodes: Iterable[Barcode]) -> ProductIndex:
        """The same index with more products and barcodes."""
        known, aliases, codes = self._given
        return ProductIndex((*known, *products), aliases, (*codes, *barcodes))

    def __len__(self) -> int:
        return len(self._by_sku)

    def by_ref(self, ref_key: UUID) -> Product | None:
        """The product with this key."""
        return self._by_ref.get(ref_key)

    def match(self, sku: str | None, barcodes: Iterable[str] = ()) -> ProductMatch | NoProduct:
        """The one product of a seller SKU: its alias, else the same SKU, else the same barcode; nothing is guessed.

        Args:
            barcodes: what else is known of the goods; the seller SKU itself is compared as a barcode, too.
        """
        given = bool(sku and sku_key(sku))
        if sku and given and (found := self._named(sku)) is not None:
            return found
        codes = {code: text.strip() for text in (*([sku] if sku else []), *barcodes) if (code := gtin(text))}
        if (coded := self._coded(sku if given else None, codes)) is not None:
            return coded
        if not given:
            return NoProduct("Amazon gave no SKU; write the order by hand in 1C, and give the offer a SKU at Amazon")
        step = "add it in 1C or to the aliases, or let the mapping create products (products.otherwise)"
        return NoProduct(f'SKU "{sku}" is not among the products of the infobase; {step}', unknown=True)

    def unknown_codes(self, sku: str | None, barcodes: Iterable[str] = ()) -> frozenset[str]:
        """The barcodes of a line, as `gtin` gives them, that may decide but are not known here."""
        if sku and self._named(sku) is not None:
            return frozenset()
        codes = {code for text in (*([sku] if sku else []), *barcodes) if (code := gtin(text))}
        return frozenset(codes - self._by_code.keys())

    def _named(self, sku: str) -> ProductMatch | NoProduct | None:
        """What the alias and the SKU say; None where they say nothing."""
        alias = self._aliases.get(sku_key(sku))
        wanted = alias.sku if alias else sku
        found = self._by_sku.get(sku_key(wanted), [])
        shown = f'SKU "{sku}"' + (f' (alias of "{wanted}")' if alias else "")
        if not found and alias:
            return NoProduct(f"{shown} is not among the products of the infobase; correct the alias, or add it in 1C")
        if len(found) > 1:
            return NoProduct(f"{shown} belongs to {len(found)} products ({_names(found)}); give each its own SKU in 1C")
        return ProductMatch(found[0], alias.multiplier if alias else 1) if found else None

    def _coded(self, sku: str | None, codes: Mapping[str, str]) -> ProductMatch | NoProduct | None:
        """What the barcodes say; None where they say nothing."""
        found: dict[UUID, bool] = {}
        for code in codes:
            for ref_key, whole in self._by_code.get(code, {}).items():
                found[ref_key] = found.get(ref_key, False) or whole
        if not found:
            return None
        products = [self._by_ref[ref_key] for ref_key in found]
        told = " and ".join(text for code, text in codes.items() if code in self._by_code)
        shown = f'SKU "{sku}"' if told == (sku or "").strip() else f"the barcode {told}"
        if len(products) > 1:
            step = "leave it with one of them in 1C, or add the SKU to the aliases"
            return NoProduct(f"{shown} is a barcode of {len(products)} products ({_names(products)}); {step}")
        if not found[products[0].ref_key]:
            step = "add the SKU to the aliases, with how many pieces it is"
            return NoProduct(
                f"{shown} is in 1C the barcode of a package or characteristic of {_names(products)}; {step}"
            )
        return ProductMatch(products[0], 1, told)


def _names(products: Iterable[Product]) -> str:
    return ", ".join(sorted(product.name or str(product.ref_key) for product in products)[:5])


def sku_key(sku: str) -> str:
    """Equal for SKUs that differ in case, outer blanks or the way their letters are composed only."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", sku).casefold()).strip()
