"""Amazon's order, as the neutral value: whatever is odd in it becomes a doubt, in words, and never an exception."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from adapter.amazon.amounts import Amounts, first_currency
from adapter.amazon.details import line_details, read_details
from adapter.amazon.errors import UnreadableOrder, quoted
from adapter.amazon.marketplaces import MARKETPLACES, MarketplaceFacts, iso_country
from adapter.amazon.page import order_id_of
from adapter.amazon.proceeds import (
    LineMoney,
    collected_by_marketplace,
    read_line,
    read_order_charges,
    told_amounts,
)
from adapter.amazon.texts import joined, plain_text
from adapter.amazon.times import read_time
from adapter.amazon.wire import orders_2026_01_01 as wire
from adapter.model.order import Address, Buyer, Charge, Marketplace, Order, OrderLine, OrderStatus, TaxRegistration

_CHANNELS = {"AMAZON", "NON_AMAZON"}
_FULFILLERS = {"AMAZON", "MERCHANT"}
_REPLACED = {"REPLACEMENT_ORIGINAL_ID", "EXCHANGE_ORIGINAL_ID"}
# UNFULFILLABLE is known only of orders from elsewhere, of which Amazon has no prices.
_WITHOUT_AMOUNTS = {
    OrderStatus.PENDING,
    OrderStatus.PENDING_AVAILABILITY,
    OrderStatus.CANCELLED,
    OrderStatus.UNFULFILLABLE,
}
_UNKNOWN = "UNKNOWN"
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_YEAR = 2000  # Amazon's sandbox tells of orders of 1970; no books are open for those


def read_order(
    content: str | Mapping[str, Any],
    account: str,
    seller_id: str,
    marketplaces: Mapping[str, MarketplaceFacts] = MARKETPLACES,
) -> Order:
    """Read one order of Orders API 2026-01-01.

    All amounts of the result are in one currency. Texts are free of control characters; empty ones are None. Moments
    are cut off to whole seconds, which is all that the older version tells.

    Args:
        content: the order's JSON, as text or as an object.
        account: our name of the seller account.
        seller_id: Amazon's merchant id.
        marketplaces: what is known of each, by its id.

    Raises:
        UnreadableOrder: it is no JSON object or has no usable order id; anything else becomes a doubt.
    """
    data = as_object(content)
    order_id = order_id_of(data)
    if order_id is None:
        raise UnreadableOrder("an order without a usable orderId cannot be kept; look for it in Seller Central")
    order, notes = wire.parse_order(data)
    amounts = Amounts(first_currency(told_amounts(order)), list(notes))
    lines = [_line_money(item, number, amounts) for number, item in enumerate(order.order_items, start=1)]
    proceeds = order.proceeds or wire.OrderProceeds()
    charges = read_order_charges(proceeds, [part for part in lines if part is not None], amounts)
    told = Told(order_id, order, data, OrderMoney(amounts, lines, charges))
    return neutral(told, account, seller_id, marketplaces)


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """The money of an order, as its version of the API tells it.

    Attributes:
        amounts: of the order; collects its doubts.
        lines: one for each line of the order; None where Amazon tells nothing of it.
        charges: those that belong to no line.
    """

    amounts: Amounts
    lines: Sequence[LineMoney | None]
    charges: tuple[Charge, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """An order in the words of v2026-01-01, whatever version told it.

    Attributes:
        order: without its money, but for the total and the prices of the shop.
        data: the same as JSON, for the details.
    """

    order_id: str
    order: wire.Order
    data: Mapping[str, Any]
    money: OrderMoney


def neutral(told: Told, account: str, seller_id: str, marketplaces: Mapping[str, MarketplaceFacts]) -> Order:
    """The order as the neutral value; either version ends here."""
    order, money = told.order, told.money
    amounts, doubts = money.amounts, money.amounts.doubts
    further = line_details(told.data)
    status = _status(order, doubts)
    replaces = _replaces(order, doubts)
    lines = tuple(
        replace(made, details=further.get(made.line_id, made.details))
        for made in (
            _line(item, number, part, amounts)
            for number, (item, part) in enumerate(zip(order.order_items, money.lines, strict=True), start=1)
        )
    )
    _doubt_lines(lines, status, doubts)
    proceeds = order.proceeds or wire.OrderProceeds()
    total = amounts.optional(proceeds.grand_total, "order, total")
    if status not in _WITHOUT_AMOUNTS and replaces is None:
        _doubt_missing(order, money.lines, doubts)
    fulfillment = order.fulfillment or wire.OrderFulfillment()
    purchased_at = _time(order.created_time, "time of purchase", doubts)
    updated_at = _time(order.last_updated_time, "time of the last update", doubts)
    return Order(
        order_id=told.order_id,
        account=account,
        seller_id=seller_id,
        status=status,
        purchased_at=purchased_at or updated_at or _NO_TIME,
        updated_at=updated_at or purchased_at or _NO_TIME,
        lines=lines,
        total=total,
        charges=money.charges,
        fulfilled_by=_known(fulfillment.fulfilled_by, _FULFILLERS, "fulfiller", doubts),
        channel=_channel(order, doubts),
        marketplace=_marketplace(order.sales_channel, marketplaces),
        buyer=_buyer(order),
        ship_to=_address(order.recipient),
        seller_order_id=next(
            (plain_text(a.alias_id) for a in order.order_aliases if a.alias_type == "SELLER_ORDER_ID"), None
        ),
        service_level=plain_text(fulfillment.fulfillment_service_level),
        ship_by=_end(fulfillment.ship_by_window, "time to ship by", doubts),
        deliver_by=_end(fulfillment.deliver_by_window, "time to deliver by", doubts),
        programs=tuple(name for program in order.programs if (name := plain_text(program))),
        payment_methods=_payment_methods(order.payment),
        replaces=replaces,
        doubts=tuple(dict.fromkeys(doubts)),
        details=read_details(told.data),
    )


def as_object(content: str | Mapping[str, Any]) -> dict[str, Any]:
    """An order's content as a JSON object, its decimals as texts.

    Raises:
        UnreadableOrder: it is none.
    """
    if not isinstance(content, str):
        return dict(content)
    try:
        data = json.loads(content, parse_float=str)  # a text keeps all digits of an amount
    except (ValueError, RecursionError) as problem:
        raise UnreadableOrder("an order that is no JSON cannot be read") from problem
    if not isinstance(data, dict):
        raise UnreadableOrder("an order has to be a JSON object")
    return data


def _status(order: wire.Order, doubts: list[str]) -> str:
    told = plain_text(order.fulfillment.fulfillment_status) if order.fulfillment else None
    if told is None:
        doubts.append("Amazon gives no status; the data set FULFILLMENT has to be asked for")
        return _UNKNOWN
    return _known(told, set(OrderStatus), "status", doubts) or _UNKNOWN


def _channel(order: wire.Order, doubts: list[str]) -> str | None:
    told = order.sales_channel.channel_name if order.sales_channel else None
    if not plain_text(told):
        doubts.append("Amazon gives no sales channel")
    return _known(told, _CHANNELS, "sales channel", doubts)


def _known(value: str | None, known: set[str] | set[OrderStatus], what: str, doubts: list[str]) -> str | None:
    text = plain_text(value)
    if text is not None and text not in known:
        doubts.append(f"the {what} {quoted(text)!r} is unknown")
    return text


def _replaces(order: wire.Order, doubts: list[str]) -> str | None:
    originals = []
    for other in order.associated_orders:
        if other.association_type not in _REPLACED:
            kind = quoted(other.association_type or "nothing told")
            doubts.append(f"the order is associated with another one in an unknown way, {kind!r}")
        elif original := plain_text(other.order_id):
            originals.append(original)
        else:
            doubts.append("the order replaces another one, but Amazon does not tell which")
    if len(set(originals)) > 1:
        doubts.append(f"the order replaces several others: {', '.join(quoted(original) for original in originals)}")
    return originals[0] if originals else None


def line_label(item: wire.OrderItem, number: int) -> str:
    """Names a line in doubts."""
    return f"line {quoted(item.order_item_id or '') or f'number {number}'}"


def _line_money(item: wire.OrderItem, number: int, amounts: Amounts) -> LineMoney | None:
    """The line's money; None where Amazon tells nothing of it."""
    where = line_label(item, number)
    by_marketplace = collected_by_marketplace(item.tax, where, amounts.doubts)
    proceeds = item.proceeds
    if proceeds is None or (proceeds.proceeds_total is None and not proceeds.breakdowns):
        return None
    return read_line(proceeds, by_marketplace, amounts, where)


def _line(item: wire.OrderItem, number: int, money: LineMoney | None, amounts: Amounts) -> OrderLine:
    where = line_label(item, number)
    product = item.product or wire.ItemProduct()
    quantity = item.quantity_ordered
    if quantity is None:
        amounts.doubts.append(f"{where}: Amazon gives no quantity")
    shipped = item.fulfillment.quantity_fulfilled if item.fulfillment else None
    for value, what in ((quantity, "ordered"), (shipped, "shipped")):
        if value is not None and value < 0:
            amounts.doubts.append(f"{where}: the quantity {what} is {value}")
    return OrderLine(
        line_id=plain_text(item.order_item_id) or "",
        quantity=quantity or 0,
        sku=plain_text(product.seller_sku),
        asin=plain_text(product.asin),
        title=plain_text(product.title),
        shop_price=amounts.optional(product.price.unit_price, f"{where}, price in the shop") if product.price else None,
        charges=money.charges if money else (),
        total=money.total if money else None,
        quantity_shipped=shipped,
        tax_collected=money.by_marketplace if money else False,
        cancel_requested=item.cancellation is not None and item.cancellation.cancellation_request is not None,
    )


def _doubt_lines(lines: tuple[OrderLine, ...], status: str, doubts: list[str]) -> None:
    if not lines and status != OrderStatus.CANCELLED:
        doubts.append("Amazon gives no lines; the order has to be read again later")
    for number, line in enumerate(lines, start=1):
        if not line.line_id:
            doubts.append(f"line number {number} has no id")
    for line_id, times in Counter(line.line_id for line in lines if line.line_id).items():
        if times > 1:
            doubts.append(f"line {quoted(line_id)} comes {times} times")


def _doubt_missing(order: wire.Order, money: Sequence[LineMoney | None], doubts: list[str]) -> None:
    """Missing is not zero: an order in this state should have amounts, but for lines that were cancelled."""
    for number, (item, part) in enumerate(zip(order.order_items, money, strict=True), start=1):
        if part is None and item.quantity_ordered != 0:
            doubts.append(f"{line_label(item, number)}: Amazon gives no amounts; it may do so later")
    if order.proceeds is None or order.proceeds.grand_total is None:
        doubts.append("Amazon gives no total of the order; it may do so later")


def _time(text: str | None, what: str, doubts: list[str]) -> datetime | None:
    moment = read_time(text)
    if moment is None:
        doubts.append(f"the {what} is {f'{quoted(text)!r}, which is no time' if text else 'missing'}")
    elif moment.year < _FIRST_YEAR:
        doubts.append(f"the {what} is {moment:%Y-%m-%d}, which cannot be")
    return moment and moment.replace(microsecond=0)


def _end(window: wire.DateTimeRange | None, what: str, doubts: list[str]) -> datetime | None:
    return _time(window.latest_date_time, what, doubts) if window and window.latest_date_time is not None else None


def _marketplace(channel: wire.SalesChannel | None, known: Mapping[str, MarketplaceFacts]) -> Marketplace:
    told = channel or wire.SalesChannel()
    marketplace_id = plain_text(told.marketplace_id)
    facts = known.get(marketplace_id or "")
    name = plain_text(told.marketplace_name) or (facts.name if facts else None)
    return Marketplace(marketplace_id, name, facts.country if facts else None, facts.currency if facts else None)


def _buyer(order: wire.Order) -> Buyer:
    told = order.buyer or wire.Buyer()
    registrations = order.tax.tax_registrations if order.tax else ()
    return Buyer(
        name=plain_text(told.buyer_name),
        email=plain_text(told.buyer_email),
        company=plain_text(told.buyer_company_name),
        purchase_order=plain_text(told.buyer_purchase_order_number),
        tax_registrations=tuple(
            TaxRegistration(plain_text(entry.tax_registration_type) or "", tax_number, plain_text(entry.legal_name))
            for entry in registrations
            if entry.entity_type == "BUYER" and (tax_number := plain_text(entry.tax_registration_number))
        ),
    )


def _address(recipient: wire.Recipient | None) -> Address:
    told = (recipient.delivery_address if recipient else None) or wire.CustomerAddress()
    street = joined(told.address_line1, told.address_line2, told.address_line3)
    if street is None and (parts := told.extended_fields):
        street = joined(parts.street_name, parts.street_number, parts.complement, parts.neighborhood)
    country = plain_text(told.country_code)
    return Address(
        name=plain_text(told.name),
        company=plain_text(told.company_name),
        street=street,
        city=plain_text(told.city) or plain_text(told.municipality),
        region=plain_text(told.state_or_region),
        postal_code=plain_text(told.postal_code),
        country=iso_country(country) if country else None,
        phone=plain_text(told.phone),
    )


def _payment_methods(payment: wire.OrderPayment | None) -> tuple[str, ...]:
    executions = payment.payment_executions if payment else ()
    return tuple(dict.fromkeys(method for entry in executions if (method := plain_text(entry.payment_method))))
