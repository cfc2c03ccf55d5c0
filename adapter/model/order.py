"""Order: what was sold, whichever version of the Orders API told it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from adapter.model.details import NO_DETAILS, NO_LINE_DETAILS, LineDetails, OrderDetails
from adapter.model.money import Money


class OrderStatus(StrEnum):
    """The states of an order that are known. Source: SP-API Orders model 2026-01-01, FulfillmentStatus."""

    PENDING_AVAILABILITY = "PENDING_AVAILABILITY"
    PENDING = "PENDING"
    UNSHIPPED = "UNSHIPPED"
    PARTIALLY_SHIPPED = "PARTIALLY_SHIPPED"
    SHIPPED = "SHIPPED"
    CANCELLED = "CANCELLED"
    UNFULFILLABLE = "UNFULFILLABLE"
    INVOICE_UNCONFIRMED = "INVOICE_UNCONFIRMED"


class ChargeKind(StrEnum):
    """What a part of the price is for. Discounts and taxes name what they belong to.

    `DISCOUNT` and `TAX` alone: Amazon gave a sum without saying of what.
    """

    GOODS = "goods"
    SHIPPING = "shipping"
    GIFT_WRAP = "gift_wrap"
    COD_FEE = "cod_fee"
    TIP = "tip"
    OTHER = "other"

    DISCOUNT = "discount"
    GOODS_DISCOUNT = "goods_discount"
    SHIPPING_DISCOUNT = "shipping_discount"
    GIFT_WRAP_DISCOUNT = "gift_wrap_discount"
    COD_FEE_DISCOUNT = "cod_fee_discount"
    OTHER_DISCOUNT = "other_discount"

    TAX = "tax"
    GOODS_TAX = "goods_tax"
    SHIPPING_TAX = "shipping_tax"
    GIFT_WRAP_TAX = "gift_wrap_tax"
    COD_FEE_TAX = "cod_fee_tax"
    OTHER_TAX = "other_tax"
    DISCOUNT_TAX = "discount_tax"

    @property
    def is_tax(self) -> bool:
        """A tax on something."""
        return self.value.endswith("tax")

    @property
    def is_discount(self) -> bool:
        """A discount on something; the tax on a discount is a tax."""
        return self.value.endswith("discount")

    @property
    def of(self) -> ChargeKind:
        """What a tax or a discount belongs to: `SHIPPING` for `SHIPPING_TAX`; goods where Amazon did not say."""
        base = self.value.removesuffix("_tax").removesuffix("_discount")
        return ChargeKind.GOODS if base in {"tax", "discount"} else ChargeKind(base)


@dataclass(frozen=True, slots=True)
class Charge:
    """One part of what the buyer paid.

    Attributes:
        amount: signed, as it changes the order's total: discounts and the tax on them are negative.
        by_marketplace: a tax that Amazon collects and remits itself; it is not the seller's liability.
    """

    kind: ChargeKind
    amount: Money
    by_marketplace: bool = False


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One order item. Unique only together with the order's id.

    Attributes:
        line_id: Amazon's order item id.
        sku: the seller's SKU; Amazon does not always give one.
        quantity: ordered pieces; 0 after a cancellation of the whole line.
        shop_price: price of one piece as the shop showed it.
        total: Amazon's own total of the line, to prove the charges against; None where Amazon gave none.
        tax_collected: Amazon collects and pays the tax on it, as marketplace facilitator or under IOSS or UOSS.
    """

    line_id: str
    quantity: int
    sku: str | None = None
    asin: str | None = None
    title: str | None = None
    shop_price: Money | None = None
    charges: tuple[Charge, ...] = ()
    total: Money | None = None
    quantity_shipped: int | None = None
    cancel_requested: bool = False
    tax_collected: bool = False
    details: LineDetails = NO_LINE_DETAILS


@dataclass(frozen=True, slots=True)
class TaxRegistration:
    """A tax number of the buyer, such as a VAT number. Source: SP-API Orders 2026-01-01, taxRegistrations."""

    kind: str
    number: str
    legal_name: str | None = None


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who ordered. Every field may be absent: Amazon gives none of them for many orders.

    Attributes:
        email: an alias made by Amazon, never the buyer's own address.
    """

    name: str | None = None
    email: str | None = None
    company: str | None = None
    purchase_order: str | None = None
    tax_registrations: tuple[TaxRegistration, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """Where the goods go. Country is ISO 3166 alpha-2."""

    name: str | None = None
    company: str | None = None
    street: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Marketplace:
    """Where it was sold.

    Attributes:
        country: ISO 3166 alpha-2; None for a marketplace that is neither in Amazon's table nor told by the account.
        currency: the usual one there; amounts carry their own.
    """

    marketplace_id: str | None = None
    name: str | None = None
    country: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One Amazon order.

    Attributes:
        order_id: Amazon's id in 3-7-7 form.
        account: our name of the seller account.
        seller_id: Amazon's merchant id; part of the key that makes a document unique.
        status: a value of `OrderStatus`, or Amazon's own word where it is a new one.
        purchased_at, updated_at: aware, UTC.
        total: what Amazon says the seller receives for the order, its fees not deducted; None where not told.
        charges: parts that belong to no line, such as a tip.
        replaces: the order that this one replaces or exchanges free of charge.
        doubts: what the reader could not make sense of, in words for a person; any of them holds the order.
    """

    order_id: str
    account: str
    seller_id: str
    status: str
    purchased_at: datetime
    updated_at: datetime
    lines: tuple[OrderLine, ...]
    total: Money | None = None
    charges: tuple[Charge, ...] = ()
    fulfilled_by: str | None = None
    channel: str | None = None
    marketplace: Marketplace = Marketplace()
    buyer: Buyer = Buyer()
    ship_to: Address = Address()
    seller_order_id: str | None = None
    service_level: str | None = None
    ship_by: datetime | None = None
    deliver_by: datetime | None = None
    programs: tuple[str, ...] = ()
    payment_methods: tuple[str, ...] = ()
    replaces: str | None = None
    doubts: tuple[str, ...] = ()
    details: OrderDetails = NO_DETAILS

    def all_charges(self) -> Iterator[Charge]:
        """The charges of the lines, then those of the order itself."""
        for line in self.lines:
            yield from line.charges
        yield from self.charges

    @property
    def tax_collected(self) -> bool | None:
        """Whether Amazon collects and pays the tax itself; None: of some of the lines only."""
        told = {line.tax_collected for line in self.lines if line.quantity > 0}
        return None if len(told) > 1 else True in told

    @property
    def currency(self) -> str | None:
        """The currency of the total, else of the first amount; None where Amazon gave no amount at all."""
        if self.total is not None:
            return self.total.currency
        return next((charge.amount.currency for charge in self.all_charges()), None)
