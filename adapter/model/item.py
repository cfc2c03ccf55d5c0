"""Item: what Amazon's catalog tells of a product."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CatalogItem:
    """A product of Amazon's catalog, in the words of one marketplace.

    Attributes:
        barcodes: EAN, UPC and GTIN as digits, those of 12 and 14 digits in the form of 13 where they have one, each
            once; the EAN first.
    """

    asin: str
    title: str | None = None
    brand: str | None = None
    barcodes: tuple[str, ...] = ()

    @property
    def ean(self) -> str | None:
        """The barcode to print, of 13 or 8 digits."""
        return next((code for code in self.barcodes if len(code) in {13, 8}), None)


def barcode(text: str) -> str | None:
    """A barcode as this project writes it; None for what is none."""
    code = text.strip()
    if not (code.isascii() and code.isdigit()) or len(code) not in {8, 12, 13, 14}:
        return None
    if len(code) == 12:
        return "0" + code
    return code[1:] if len(code) == 14 and code[0] == "0" else code
