"""Seller SKU to product: the alias, else the same SKU, the same barcode, the same ASIN; nothing is guessed."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from adapter.mapping.aliases import Alias, Aliases
from adapter.matching.near import NearProducts
from adapter.model.barcodes import gtin
from adapter.model.catalog import Barcode, Product


@dataclass(frozen=True, slots=True)
class ProductMatch:
    """The product and how many of it, in the infobase's unit, one piece at Amazon is.

    Attributes:
        barcode, asin: by which it was found; empty where the SKU decided.
        given: `characteristic` and `unit`, where the aliases or the barcode name them.
        weight: of a part of a kit, its share of the price in proportion to those of the other parts.
    """

    product: Product
    multiplier: Decimal = Decimal(1)
    barcode: str = ""
    given: Mapping[str, str] = field(default_factory=dict, hash=False)
    weight: Decimal = Decimal(1)
    asin: str = ""

    @property
    def parts(self) -> tuple[ProductMatch, ...]:
        """Itself: it is no kit."""
        return (self,)


@dataclass(frozen=True, slots=True)
class KitMatch:
    """The products that one piece at Amazon consists of."""

    parts: tuple[ProductMatch, ...]


@dataclass(frozen=True, slots=True)
class NoProduct:
    """Why there is no single product, with the next step; `unknown` if it merely does not exist, and may be created.

    Attributes:
        also: further reasons, where parts of a kit are missing.
    """

    reason: str
    unknown: bool = False
    also: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """All of them."""
        return (self.reason, *self.also)


@dataclass(frozen=True, slots=True)
class Missing:
    """By what the infobase may be asked once more for the product of a line, which is not known here.

    Attributes:
        skus: as the seller or the aliases write them.
        codes: barcodes, as `gtin` gives them.
    """

    skus: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    asins: frozenset[str] = frozenset()


AliasReferences = Mapping[Alias, Mapping[str, str] | str]
"""What the characteristic and the unit of an alias are in the infobase, by these names; or why they are nothing."""


class ProductIndex:
    """The infobase's products by SKU, by barcode and by ASIN.

    Leading and trailing blanks of a SKU do not count, case does not either. Barcodes of what is not among the
    products, such as folders and elements marked for deletion, lead nowhere.

    Args:
        ignore_zeros: of SKUs that are digits only, zeros in front do not count, unless one is the same with them.
        asin: by which name the ASIN is among what is read of a product.
    """

    def __init__(
        self,
        products: Iterable[Product],
        aliases: Aliases | None = None,
        barcodes: Iterable[Barcode] = (),
        *,
        ignore_zeros: bool = False,
        references: AliasReferences | None = None,
        asin: str = "asin",
    ) -> None:
        self._by_ref = {product.ref_key: product for product in products}
        self._given = dict(aliases or {}), tuple(barcodes), ignore_zeros, asin
        self._references = references
        self._aliases = {sku_key(sku): alias for sku, alias in (aliases or {}).items()}
        self._by_sku: defaultdict[str, list[Product]] = defaultdict(list)
        self._by_digits: defaultdict[str, list[Product]] = defaultdict(list)
        self._by_asin: defaultdict[str, list[Product]] = defaultdict(list)
        for product in self._by_ref.values():
            if key := sku_key(product.sku):
                self._by_sku[key].append(product)
                if ignore_zeros and (digits := _without_zeros(key)):
                    self._by_digits[digits].append(product)
            if found := product.further.get(asin, "").strip().upper():
                self._by_asin[found].append(product)
        self._by_code: defaultdict[str, dict[tuple[UUID, str], bool]] = defaultdict(dict)
        for barcode in self._given[1]:
            if barcode.product in self._by_ref and (code := gtin(barcode.code)):
                meant = barcode.product, barcode.characteristic
                self._by_code[code][meant] = self._by_code[code].get(meant, False) or barcode.whole
        self._near: NearProducts | None = None

    def extended(self, products: Iterable[Product], barcodes: Iterable[Barcode]) -> ProductIndex:
        """The same index with more products and barcodes; a product that is known already is replaced."""
        aliases, codes, ignore_zeros, asin = self._given
        return ProductIndex(
            (self._by_ref | {product.ref_key: product for product in products}).values(),
            aliases,
            (*codes, *barcodes),
            ignore_zeros=ignore_zeros,
            references=self._references,
            asin=asin,
        )

    def with_references(self, references: AliasReferences) -> ProductIndex:
        """The same index, which knows what the characteristics and units of the aliases are."""
        made = copy(self)
        made._references = references
        return made

    def __len__(self) -> int:
        return len(self._by_sku)

    def by_ref(self, ref_key: UUID) -> Product | None:
        """The product with this key."""
        return self._by_ref.get(ref_key)

    def match(
        self, sku: str | None, barcodes: Iterable[str] = (), asin: str | None = None
    ) -> ProductMatch | KitMatch | NoProduct:
        """The one product of a seller SKU, or the products of a kit; nothing is guessed.

        Args:
            barcodes: what else is known of the goods; the seller SKU itself is compared as a barcode, too.
            asin: compared last, where the ASINs of products are read.
        """
        given = bool(sku and sku_key(sku))
        if sku and given and (found := self._named(sku)) is not None:
            return found
        codes = {code: text.strip() for text in (*([sku] if sku else []), *barcodes) if (code := gtin(text))}
        if (coded := self._coded(sku if given else None, codes)) is not None:
            return coded
        if asin and (listed := self._by_asin.get(asin.strip().upper())):
            return self._listed(sku if given else None, asin, listed)
        if not given:
            return NoProduct("Amazon gave no SKU; write the order by hand in 1C, and give the offer a SKU at Amazon")
        step = "add it in 1C or to the aliases, or let the mapping create products (products.otherwise)"
        return NoProduct(f'SKU "{sku}" is not among the products of the infobase; {step}', unknown=True)

    def near(self, sku: str | None) -> str:
        """The products whose SKUs are nearest to an unknown one, as an addition to its reason; empty for none."""
        if self._near is None:
            self._near = NearProducts(self._by_sku.items())
        found = self._near.of(sku_key(sku)) if sku else ()
        named = [f'"{each.sku.strip()}"' + (f" ({each.name})" if each.name else "") for each in found]
        return f". Did you mean {' or '.join(filter(None, [', '.join(named[:-1]), named[-1]]))}?" if named else ""

    def unknown_codes(self, sku: str | None, barcodes: Iterable[str] = ()) -> frozenset[str]:
        """The barcodes of a line, as `gtin` gives them, that may decide but are not known here."""
        if sku and self._named(sku) is not None:
            return frozenset()
        codes = {code for text in (*([sku] if sku else []), *barcodes) if (code := gtin(text))}
        return frozenset(codes - self._by_code.keys())

    def missing(self, sku: str | None, asin: str | None = None) -> Missing:
        """By what the infobase may be asked once more for the product of a line; nothing for one that is known."""
        if sku and (alias := self._aliases.get(sku_key(sku))):
            absent = [part for part in alias.parts if self._candidate(part) is None]
            codes = {code for part in absent if (code := gtin(part.wanted))}
            return Missing(frozenset(part.sku for part in absent if part.sku), frozenset(codes))
        found = self.match(sku, (), asin)
        if not isinstance(found, NoProduct) or not (found.unknown or not (sku and sku_key(sku))):
            return Missing()
        asins = frozenset({asin.strip()} if asin and asin.strip() else ())
        skus = frozenset({sku.strip()} if sku and sku_key(sku) else ())
        return Missing(skus, self.unknown_codes(sku), asins)

    def alias_parts(self) -> Iterator[tuple[Alias, Product | None]]:
        """Every alias and part of a kit, with the one product that it means, if there is one."""
        for sku, alias in self._given[0].items():
            for part in alias.parts:
                found = self._part(sku, part)
                yield part, found.product if isinstance(found, ProductMatch) else None

    def alias_problems(self) -> Iterator[tuple[Alias, str]]:
        """Every alias and part of a kit that leads nowhere, with the reason for which its orders are held."""
        for sku, alias in self._given[0].items():
            for part in alias.parts:
                found = self._part(sku, part)
                if isinstance(found, NoProduct):
                    yield part, found.reason
                elif isinstance(given := self._given_with(part), str):
                    yield part, given

    def _named(self, sku: str) -> ProductMatch | KitMatch | NoProduct | None:
        """What the alias and the SKU say; None where they say nothing."""
        alias = self._aliases.get(sku_key(sku))
        if alias is not None:
            return self._aliased(sku, alias.parts)
        return self._one(f'SKU "{sku}"', self._with_sku(sku))

    def _aliased(self, sku: str, parts: Sequence[Alias]) -> ProductMatch | KitMatch | NoProduct:
        found: list[ProductMatch] = []
        reasons: list[str] = []
        for part in parts:
            match, given = self._part(sku, part), self._given_with(part)
            if isinstance(match, NoProduct):
                reasons.append(match.reason)
            elif isinstance(given, str):
                reasons.append(f'SKU "{sku}": {given}')
            else:
                found.append(replace(match, given={**match.given, **given}))
        if reasons:
            return NoProduct(reasons[0], also=tuple(reasons[1:]))
        return found[0] if len(parts) == 1 else KitMatch(tuple(found))

    def _part(self, sku: str, part: Alias) -> ProductMatch | NoProduct:
        """The product that an alias or a part of a kit means."""
        where = f" in {part.place}" if part.place else ""
        found = self._candidate(part, f'SKU "{sku}" (alias of "{part.wanted}"{where})')
        if found is None:
            what = "barcodes" if part.barcode else "products"
            return NoProduct(
                f'SKU "{sku}" (alias of "{part.wanted}"{where}) is not among the {what} of the infobase; correct the '
                "alias, or add it in 1C"
            )
        if isinstance(found, NoProduct):
            return found
        return replace(found, multiplier=part.multiplier, weight=part.weight, barcode="")

    def _candidate(self, part: Alias, shown: str = "") -> ProductMatch | NoProduct | None:
        """What the SKU of an alias says, or its barcode; None where the infobase does not know it."""
        if part.sku and (named := self._one(shown, self._with_sku(part.sku))) is not None:
            return named
        code = gtin(part.wanted)
        return self._coded(None, {code: part.wanted}, shown) if code else None

    def _given_with(self, part: Alias) -> Mapping[str, str] | str:
        """The characteristic and the unit of an alias; as they stand in the table, where nothing is looked up."""
        told = part.told
        if not told or self._references is None:
            return told
        return self._references.get(part, "its characteristic and unit were not looked up yet; the next run does it")

    def _with_sku(self, sku: str) -> list[Product]:
        key = sku_key(sku)
        return self._by_sku.get(key) or self._by_digits.get(_without_zeros(key), [])

    def _one(self, shown: str, found: Sequence[Product]) -> ProductMatch | NoProduct | None:
        if len(found) > 1:
            return NoProduct(f"{shown} belongs to {len(found)} products ({_names(found)}); give each its own SKU in 1C")
        return ProductMatch(found[0]) if found else None

    def _listed(self, sku: str | None, asin: str, found: Sequence[Product]) -> ProductMatch | NoProduct:
        """What the ASIN says."""
        if len(found) == 1:
            return ProductMatch(found[0], asin=asin.strip())
        shown = f'SKU "{sku}": the ASIN {asin.strip()}' if sku else f"the ASIN {asin.strip()}"
        step = "leave it with one of them in 1C, or add the SKU to the aliases"
        return NoProduct(f"{shown} belongs to {len(found)} products ({_names(found)}); {step}")

    def _coded(self, sku: str | None, codes: Mapping[str, str], shown: str = "") -> ProductMatch | NoProduct | None:
        """What the barcodes say; None where they say nothing."""
        aliased = bool(shown)
        found: dict[tuple[UUID, str], bool] = {}
        for code in codes:
            for meant, whole in self._by_code.get(code, {}).items():
                found[meant] = found.get(meant, False) or whole
        if not found:
            return None
        products = list({ref_key: self._by_ref[ref_key] for ref_key, _ in found}.values())
        told = " and ".join(text for code, text in codes.items() if code in self._by_code)
        shown = shown or (f'SKU "{sku}"' if told == (sku or "").strip() else f"the barcode {told}")
        otherwise = "give the SKU of the product in the alias" if aliased else "add the SKU to the aliases"
        if len(products) > 1:
            step = f"leave it with one of them in 1C, or {otherwise}"
            return NoProduct(f"{shown} is a barcode of {len(products)} products ({_names(products)}); {step}")
        if len(found) > 1:
            step = f"leave it with one of them in 1C, or {otherwise} with the characteristic"
            return NoProduct(
                f"{shown} is a barcode of {len(found)} characteristics of {_names(products)}, or of it and one; {step}"
            )
        ((_, characteristic), whole) = next(iter(found.items()))
        if not whole:
            of = f"a package or characteristic of {_names(products)}"
            return NoProduct(f"{shown} is in 1C the barcode of {of}; {otherwise}, with how many pieces it is")
        given = {"characteristic": characteristic} if characteristic else {}
        return ProductMatch(products[0], barcode=told, given=given)


def _names(products: Iterable[Product]) -> str:
    names = sorted(product.name or str(product.ref_key) for product in products)
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


_SHOWN = 20


def sku_key(sku: str) -> str:
    """Equal for SKUs that differ in case, outer blanks or the way their letters are composed only.

    Codes of fixed length come filled up with blanks (FACTS 14); their zeros in front count.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", sku).casefold()).strip()


def _without_zeros(key: str) -> str:
    """A SKU of digits only without zeros in front; empty for any other, which has none that could be left out."""
    return key.lstrip("0") if key.isascii() and key.isdigit() else ""
