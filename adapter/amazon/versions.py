"""The versions of the Orders API whose contents can be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from adapter.amazon import orders, orders_v0, read, read_v0
from adapter.amazon.errors import UnreadableOrder
from adapter.amazon.marketplaces import MARKETPLACES, MarketplaceFacts
from adapter.model.order import Order

_READERS: Mapping[str, Callable[[str, str, str, Mapping[str, MarketplaceFacts]], Order]] = MappingProxyType(
    {orders.VERSION: read.read_order, orders_v0.VERSION: read_v0.read_order}
)


def read_order(
    version: str,
    content: str,
    account: str,
    seller_id: str,
    marketplaces: Mapping[str, MarketplaceFacts] = MARKETPLACES,
) -> Order:
    """Read an order in the form in which it was kept.

    Args:
        version: as the client of its version calls it.
        content: its JSON.
        account: our name of the seller account.
        seller_id: Amazon's merchant id.
        marketplaces: what is known of each, by its id.

    Raises:
        UnreadableOrder: it is no JSON object, has no usable order id, or is in a form that is not known here.
    """
    reader = _READERS.get(version)
    if reader is None:
        raise UnreadableOrder(f"an order in the form {version} cannot be read; take a newer version of amazon1c")
    return reader(content, account, seller_id, marketplaces)
