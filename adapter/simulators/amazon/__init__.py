"""A stand-in for a seller account behind Amazon's Selling Partner API."""

from adapter.simulators.amazon.account import SellerAccount
from adapter.simulators.amazon.buckets import PUBLISHED_RATES, Rate
from adapter.simulators.amazon.catalog_api import Item
from adapter.simulators.amazon.charges import MoneyStyle
from adapter.simulators.amazon.lwa import Credentials
from adapter.simulators.amazon.orders import OrderOptions, generate

__all__ = [
    "PUBLISHED_RATES",
    "Credentials",
    "Item",
    "MoneyStyle",
    "OrderOptions",
    "Rate",
    "SellerAccount",
    "generate",
]
