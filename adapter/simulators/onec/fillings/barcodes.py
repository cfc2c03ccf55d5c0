"""The barcodes of the made-up shop's goods, entered as configurations keep them: in a register."""

from __future__ import annotations

from functools import cache

from adapter.simulators.onec.infobase import Infobase
from adapter.simulators.shop import products


@cache
def eans() -> dict[str, str]:
    """SKU -> EAN-13, of everything on sale; services have none."""
    return {product.sku: product.ean for product in products()}


def enter_barcode(
    infobase: Infobase,
    register: str,
    sku: str,
    product: str,
    columns: tuple[str, str] = ("Штрихкод", "Номенклатура_Key"),
) -> None:
    """Enter the barcode of a product, if it has one.

    Args:
        product: its Ref_Key.
        columns: of the barcode and of the product.
    """
    if ean := eans().get(sku):
        infobase.add(register, {columns[0]: ean, columns[1]: product})
