"""Barcodes of products: those of the catalog's property or of a register, and what the copies do not know yet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from adapter.copies import Copies
from adapter.mapping.catalogs import BarcodeRegister, Products
from adapter.model.barcodes import gtin, spellings
from adapter.model.catalog import Barcode
from adapter.model.schema import Schema
from adapter.onec.catalogs import Catalogs
from adapter.onec.registers import Record, Registers

_NOTHING = (None, "", "00000000-0000-0000-0000-000000000000")


def read_barcodes(
    copies: Copies, rules: Products, known: Mapping[str, Mapping[str, str]], schema: Schema
) -> Iterator[Barcode]:
    """All barcodes of the products, through the copies.

    Args:
        known: the products, Ref_Key -> what is read of them; a property that holds barcodes is among it.

    Raises:
        ConfigurationError, Unavailable: the register cannot be read.
    """
    where = rules.read.barcode
    if isinstance(where, BarcodeRegister):
        yield from _of_register(copies, rules, where, schema)
    elif where is not None:
        for key, product in known.items():
            if code := product.get("barcode"):
                yield Barcode(code, UUID(key))


def ask_again(copies: Copies, rules: Products, codes: Iterable[str], schema: Schema) -> tuple[Barcode, ...]:
    """What the infobase itself says now about single barcodes: somebody may have entered them since the last reading.

    Args:
        codes: as `model.barcodes.gtin` gives them.

    Raises:
        ConfigurationError, Unavailable: the infobase cannot be asked.
    """
    where = rules.read.barcode
    written = [spelling for code in codes for spelling in spellings(code)]
    if where is None or not written:
        return ()
    if isinstance(where, BarcodeRegister):
        records = Registers(copies.client, schema).find_any(where.entity_set, where.barcode, written, where.columns)
        return tuple(_barcodes(records, where, rules.entity_set))
    elements = Catalogs(copies.client, schema).find_any(rules.entity_set, where, written, (where,))
    return tuple(Barcode(str(element.properties[where]), element.ref_key) for element in elements)


def _of_register(copies: Copies, rules: Products, where: BarcodeRegister, schema: Schema) -> Iterator[Barcode]:
    def read() -> str:
        records = Registers(copies.client, schema).read_records(where.entity_set, where.columns)
        found = _barcodes(records, where, rules.entity_set)
        told = [[each.code, str(each.product), each.whole, each.characteristic] for each in found if gtin(each.code)]
        return json.dumps(told)

    name = f"{where.entity_set}?{','.join(where.columns)} for {rules.entity_set} by {where.characteristic or 'piece'}"
    for code, product, whole, characteristic in json.loads(copies.get(name, read)):
        yield Barcode(code, UUID(product), whole, characteristic)


def _barcodes(records: Iterable[Record], where: BarcodeRegister, entity_set: str) -> Iterator[Barcode]:
    """The records that lead to a product; a reference of several types may lead elsewhere, or nowhere."""
    for record in records:
        kind = record.get(f"{where.product}_Type", f"StandardODATA.{entity_set}")
        key = record.get(where.product)
        if kind == f"StandardODATA.{entity_set}" and key not in _NOTHING:
            whole = all(record.get(name) in _NOTHING for name in where.empty)
            meant = record.get(where.characteristic or "")
            characteristic = "" if meant in _NOTHING else str(meant)
            yield Barcode(str(record.get(where.barcode) or ""), UUID(str(key)), whole, characteristic)
