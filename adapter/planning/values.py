"""From a value source of the mapping to a value: pure look-ups in an order, its row and what was matched."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from adapter.mapping.paths import PATHS, further
from adapter.mapping.rules import Charges
from adapter.mapping.sources import Const, FactorTable, From, Lookup, MapTable, Rate, RateTable, Text, Vat, placeholders
from adapter.matching.tax_numbers import first_valid
from adapter.model.document import Scalar
from adapter.model.item import CatalogItem
from adapter.model.money import Money, minor_digits, round_half_up
from adapter.model.order import Order, OrderLine
from adapter.planning.details import ITEM
from adapter.planning.paths import NEEDED, OF_LINE, OF_ORDER, OF_ROW, Raw, RowValues
from adapter.planning.rates import RateKey, Rates, rate_at

ValueSource = From | Const | Text | Lookup | MapTable | Vat | Rate
ReferenceKey = tuple[str, tuple[tuple[str, object], ...]]
References = Mapping[ReferenceKey, UUID]


def reference_key(lookup: Lookup) -> ReferenceKey:
    """By what a resolved lookup is known: the entity set and the conditions, in order."""
    return lookup.lookup, tuple(sorted(lookup.where.items()))


class NoValue(Exception):
    """A value cannot be given; the text is a reason to hold the order, with the next step."""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that a value may be taken from.

    Attributes:
        document_total: what the document shall amount to.
        references: resolved lookups, by `reference_key`.
        zone: the infobase's time zone.
        item: what Amazon's catalog tells of the product that is to be created.
        charges: what the mapping says about charges, for the products of their rows.
        customer_further: what the mapping reads of the customer besides, by its names; absent where 1C has nothing.
        rates: exchange rates as the infobase keeps them, as far as they were read.
        header: of the document in the making.
    """

    order: Order
    references: References
    zone: ZoneInfo
    customer: UUID | None = None
    document_total: Money | None = None
    row: RowValues | None = None
    line: OrderLine | None = None
    charges: Charges | None = None
    item: CatalogItem | None = None
    customer_further: Mapping[str, str] = field(default_factory=dict)
    rates: Rates = field(default_factory=dict)
    header: Mapping[str, ValueSource] = field(default_factory=dict)

    @property
    def digits(self) -> int:
        """Decimal digits of the smallest unit of the order's currency."""
        return minor_digits(self.order.currency or "")

    def reference(self, lookup: Lookup) -> UUID:
        """The element that a lookup names.

        Raises:
            NoValue: it has not been looked up in the infobase.
        """
        found = self.references.get(reference_key(lookup))
        if found is None:
            where = ", ".join(f"{name} {value}" for name, value in lookup.where.items())
            raise NoValue(f"{lookup.lookup} with {where} was not found in the infobase; see: amazon1c check")
        return found

    def raw(self, path: str) -> Raw:
        """What a path means here; None where Amazon gave nothing.

        Raises:
            NoValue: it means two things at once.
        """
        if path == "customer":
            return self.customer
        if path == "order.total":
            return self.document_total.amount if self.document_total else None
        if own := further(path):
            owner, name = own
            known = self.customer_further if owner == "customer" else self.row.further if self.row else {}
            return known.get(name)
        if path == "line.uuid" and self.row is not None:
            part = self.row.line.line_id if self.row.line else self.row.title
            return uuid5(_ROWS, f"{self.order.seller_id}|{self.order.order_id}|{part}")
        if path in OF_ORDER:
            return OF_ORDER[path](self.order)
        if path == "line.tax_collected" and self.row is not None and self.row.tax_collected is None:
            raise NoValue(
                f'Amazon collects the tax on a part of "{self.row.title}" only; write the order by hand in 1C'
            )
        if self.row is not None and path in OF_ROW:
            return OF_ROW[path](self.row)
        line = self.line or (self.row.line if self.row else None)
        if path == "line.title" and line is None and self.row is not None:
            return self.row.title
        if path in ITEM:
            return ITEM[path](self.item, line)
        return OF_LINE[path](line) if line is not None and path in OF_LINE else None

    def value(self, source: ValueSource) -> Scalar | None:
        """The value that goes into the infobase; None: leave the property out.

        Raises:
            NoValue: there is none although there should be.
        """
        match source:
            case From():
                return self._from(source)
            case Const():
                return source.const
            case Text():
                parts = ((literal, path and self.text(path)) for literal, path in placeholders(source.text))
                return clean("".join(literal + (value or "") for literal, value in parts))
            case Lookup():
                return str(self.reference(source))
            case MapTable():
                return self._mapped(source)
            case Vat():
                return self._vat(source)
            case Rate():
                return self._rate(source)

    def text(self, path: str) -> str:
        """A path's value as text; empty where there is none."""
        value = self.raw(path)
        if value is None:
            return ""
        if isinstance(value, datetime):
            return self._local(value).replace("T", " ")
        if isinstance(value, bool):
            return "true" if value else "false"
        return f"{value:f}" if isinstance(value, Decimal) else str(value)

    def _from(self, source: From) -> Scalar | None:
        value = self.raw(source.source)
        if isinstance(value, datetime):
            text = self._local(value)
            return text[:11] + "00:00:00" if source.date == "start_of_day" else text
        if isinstance(value, UUID):
            return str(value)
        if source.times is not None and isinstance(value, Decimal | int) and not isinstance(value, bool):
            value *= self._chosen(source.times, "factor")
        if isinstance(value, Decimal) and source.round is not None:
            value = round_half_up(value, source.round)
        if isinstance(value, str) and source.valid is not None:
            told = [tax.number for tax in self.order.buyer.tax_registrations] if source.source == _TAX_ID else [value]
            value = first_valid(source.valid, told)
        if isinstance(value, str):
            value = _transformed(clean(value), source) or None
        if value is not None:
            return value
        if source.default is None and not source.optional:
            self._need(source.source)
        return str(self.reference(source.default)) if isinstance(source.default, Lookup) else source.default

    def _need(self, path: str) -> None:
        """Refuse to leave out what a document would be wrong without."""
        if own := further(path):
            owner, name = own
            number = f" of row {self.row.number}" if owner == "product" and self.row else ""
            raise NoValue(
                f"the {owner}{number} has no {name} in 1C; enter it there, or give {{from: {path}}} a default "
                "or optional: true in the mapping"
            )
        if path in NEEDED:
            raise NoValue(f"there is no {path} ({PATHS[path][2]}); look at the order at Amazon")

    def _mapped(self, source: MapTable) -> Scalar:
        key = self.text(source.map)
        chosen = source.absent if not key.strip() and source.absent is not None else None
        if chosen is None:
            chosen = source.table.get(key, source.otherwise)
        if chosen is None:
            raise NoValue(f'the mapping has no entry for "{key}" in its table of {source.map}; add one')
        return str(self.reference(chosen)) if isinstance(chosen, Lookup) else chosen

    def _vat(self, source: Vat) -> Decimal:
        base = self.raw(source.vat)
        if not isinstance(base, Decimal):
            raise NoValue(f"there is no {source.vat} to take the VAT from; name another value in the mapping")
        rate = self._chosen(source.rate, "VAT rate")
        vat = round_half_up(base * rate / (100 + rate if source.included else Decimal(100)), self.digits)
        if source.give == "vat":
            return vat
        if source.give == "net":
            return base - vat if source.included else base
        return base if source.included else base + vat

    def rate_key(self, source: Rate) -> tuple[RateKey, datetime]:
        """Whose rate a document needs, and on which moment of the infobase's wall clock.

        Raises:
            NoValue: the currency of the document is not known.
        """
        try:
            currency = UUID(str(self.value(self.header[source.of])))
        except (KeyError, ValueError):
            raise NoValue(f"there is no {source.of}, whose rate is wanted; correct it in the mapping") from None
        moment = datetime.fromisoformat(self._local(self.order.purchased_at))
        return RateKey(source.rate, source.currency, currency), moment

    def _rate(self, source: Rate) -> Decimal:
        key, moment = self.rate_key(source)
        rate = rate_at(self.rates, source, key.currency, moment)
        if rate is None:
            raise NoValue(
                f"{source.rate} has no {source.give} of {self.order.currency} on {moment:%Y-%m-%d}; enter it in 1C"
            )
        return rate

    def _chosen(self, number: Decimal | RateTable | FactorTable, what: str) -> Decimal:
        """A number of the mapping: always the same, or chosen by a value."""
        if isinstance(number, Decimal):
            return number
        key = self.text(number.map)
        chosen = number.table.get(key, number.otherwise)
        if chosen is None:
            raise NoValue(f'the mapping has no {what} for "{key}" in its table of {number.map}; add one')
        return chosen

    def _local(self, moment: datetime) -> str:
        try:
            local = moment.astimezone(self.zone)
        except OverflowError as problem:
            raise NoValue(
                f"the time {moment.isoformat()} is beyond any calendar; look at the order at Amazon"
            ) from problem
        return local.replace(tzinfo=None, microsecond=0).isoformat()


def clean(text: str) -> str:
    """A text that 1C can keep: no control characters, no broken surrogates, blanks for line breaks."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    spaced = whole.replace("\r\n", " ").replace("\n", " ").replace("\r", " ").replace("\t", " ")
    return "".join(letter for letter in spaced if unicodedata.category(letter) != "Cc")


def _transformed(text: str, source: From) -> str:
    if source.trim:
        text = text.strip()
    if source.upper:
        text = text.upper()
    if source.substring is not None:
        start, length = source.substring
        text = text[start : start + length]
    return text


_TAX_ID = "buyer.tax_id"
_ROWS = UUID("0b0e8a53-4d0f-5c61-8f9c-2f5b0b9c5a7e")
