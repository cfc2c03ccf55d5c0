"""An order of the Orders API v0, as the neutral value: told in the words of v2026-01-01, and read as such."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adapter.amazon.amounts import Amounts, first_currency
from adapter.amazon.errors import UnreadableOrder
from adapter.amazon.marketplaces import MARKETPLACES, MarketplaceFacts
from adapter.amazon.money_v0 import line_amounts, read_money, told_amounts
from adapter.amazon.page import INCLUDED, usable_id
from adapter.amazon.proceeds import collected_by_marketplace
from adapter.amazon.read import OrderMoney, Told, as_object, line_label, neutral
from adapter.amazon.translate_v0 import as_new_version
from adapter.amazon.wire import orders_2026_01_01 as new
from adapter.amazon.wire import orders_v0 as wire
from adapter.model.order import Order
from adapter.model.proof import prove


def read_order(
    content: str | Mapping[str, Any],
    account: str,
    seller_id: str,
    marketplaces: Mapping[str, MarketplaceFacts] = MARKETPLACES,
) -> Order:
    """Read one order of Orders API v0; the result is as `read.read_order` gives it.

    Args:
        content: JSON, as text or as an object: `Order`, `OrderItems` and, where it was asked for, `Address`.
        account: our name of the seller account.
        seller_id: Amazon's merchant id.
        marketplaces: what is known of each, by its id.

    Raises:
        UnreadableOrder: it is no JSON object or has no usable order id; anything else becomes a doubt.
    """
    kept = as_object(content)
    parsed, notes = wire.parse_content(kept)
    order_id = usable_id(parsed.order.amazon_order_id) if parsed.order else None
    if order_id is None:
        raise UnreadableOrder("an order without a usable AmazonOrderId cannot be kept; look for it in Seller Central")
    amounts = Amounts(first_currency(told_amounts(parsed)), list(notes))
    data = as_new_version(order_id, parsed, amounts.currency) | {INCLUDED: kept.get(INCLUDED)}
    order, _ = new.parse_order(data)
    told = Told(order_id, order, data, _money(parsed, order, amounts, marketplaces))
    read = neutral(told, account, seller_id, marketplaces)
    return _explained(read, parsed) if prove(read).proven is False else read


def _explained(order: Order, parsed: wire.Content) -> Order:
    """Why the total may be more than its parts, where that is known."""
    silent = any(
        item.is_gift and (item.buyer_info or wire.ItemBuyerInfo()).gift_wrap_price is None
        for item in parsed.order_items
    )
    if not silent:
        return order
    reason = (
        "it is a gift, and Amazon tells the price of its wrapping only to applications with a restricted role; give "
        "the application one, or read the order by the Orders API 2026-01-01 (orders_api in the settings)"
    )
    return replace(order, doubts=(*order.doubts, reason))


def _money(
    parsed: wire.Content, order: new.Order, amounts: Amounts, marketplaces: Mapping[str, MarketplaceFacts]
) -> OrderMoney:
    lines = []
    for number, (old, item) in enumerate(zip(parsed.order_items, order.order_items, strict=True), start=1):
        where = line_label(item, number)
        by_marketplace = collected_by_marketplace(item.tax, where, amounts.doubts)
        lines.append(line_amounts(old, by_marketplace, amounts, where))
    silent = Amounts(amounts.currency, [])  # the total is read once more by `neutral`, which tells what is wrong
    total = silent.optional(parsed.order.order_total, "total") if parsed.order else None
    facts = marketplaces.get((order.sales_channel or new.SalesChannel()).marketplace_id or "")
    return OrderMoney(amounts, read_money(lines, total, facts.country if facts else None, amounts))
