"""What is kept of an order of the Orders API v0: nothing of the buyer's that nobody has asked for.

Source: SP-API model ordersV0; what its data sets are called in v2026-01-01, Amazon's table of fields for the migration.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from adapter.amazon.private import CUSTOMIZATION, GIFT_MESSAGE, TAX_REGISTRATIONS

# What is kept only where the data set is asked for that holds it in v2026-01-01.
_FIELDS_OF: Final = {
    "RECIPIENT": ("ShippingAddress",),
    "PAYMENT": ("PaymentExecutionDetail", "PaymentMethod", "PaymentMethodDetails"),
}
_BUYER: Final = "BuyerInfo"
_TAX_NUMBERS: Final = "BuyerTaxInfo"  # within the buyer's data, in Brazil, Mexico and India
_TURKISH_TAX: Final = "BuyerTaxInformation"
_GIFT: Final = ("GiftWrapPrice", "GiftWrapTax", "GiftWrapLevel")
_OWN_TEXTS: Final = {GIFT_MESSAGE: "GiftMessageText", CUSTOMIZATION: "BuyerCustomizedInfo"}
_CANCEL: Final = "BuyerRequestedCancel"


def kept_order(order: Mapping[str, Any], included: Collection[str], keep: Collection[str]) -> dict[str, Any]:
    """The order without its lines, and without what nobody asked for.

    Args:
        included: data sets asked for, as v2026-01-01 names them.
        keep: what stays besides, as `private` names it.
    """
    left_out = {name for data_set, names in _FIELDS_OF.items() if data_set not in included for name in names}
    if TAX_REGISTRATIONS not in keep:
        left_out.add(_TURKISH_TAX)
    slim = {name: value for name, value in order.items() if name not in left_out}
    if isinstance(buyer := slim.pop(_BUYER, None), Mapping):
        told = {
            name: value
            for name, value in buyer.items()
            if (TAX_REGISTRATIONS in keep if name == _TAX_NUMBERS else "BUYER" in included)
        }
        slim |= {_BUYER: told} if told else {}
    return slim


def kept_item(item: object, keep: Collection[str]) -> object:
    """A line without the buyer's own texts; reasons of cancellations always go."""
    if not isinstance(item, Mapping):
        return item
    slim = dict(item)
    if isinstance(buyer := item.get(_BUYER), Mapping):
        names = {*_GIFT, *(name for own, name in _OWN_TEXTS.items() if own in keep)}
        slim[_BUYER] = {name: value for name, value in buyer.items() if name in names}
    if isinstance(wish := item.get(_CANCEL), Mapping):
        slim[_CANCEL] = {name: value for name, value in wish.items() if name != "BuyerCancelReason"}
    return slim
