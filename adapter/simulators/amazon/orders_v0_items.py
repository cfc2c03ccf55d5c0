"""Lines of orders in the form of the Orders API v0, with their money.

Source: SP-API model ordersV0, OrderItem; amzn/selling-partner-api-models issue 4858 for prices that contain the tax
told beside them; the migration guide of v2026-01-01 for its amounts.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from adapter.simulators.amazon.marketplaces import marketplaces
from adapter.simulators.amazon.wire import Wire, amount_of, money, rounded


def items_v0(order: Wire, elements: Collection[str]) -> list[Wire]:
    """The lines of an order."""
    included = _tax_in_prices(order["salesChannel"].get("marketplaceId"))
    return [_item(item, included, elements) for item in order["orderItems"]]


def items_buyer_v0(order: Wire) -> list[Wire]:
    """The lines of the payload of getOrderItemsBuyerInfo."""
    included = _tax_in_prices(order["salesChannel"].get("marketplaceId"))
    return [
        {"OrderItemId": item["orderItemId"], **_gift(item, _Parts(item.get("proceeds", {}), included))}
        for item in order["orderItems"]
    ]


def _item(item: Wire, included: bool, elements: Collection[str]) -> Wire:
    parts = _Parts(item.get("proceeds", {}), included)
    product, fulfillment, tax = item["product"], item.get("fulfillment", {}), item.get("tax", {})
    collection = next(iter(tax.get("taxCollections", ())), None)
    scheme = next((part["reportingScheme"] for part in tax.get("taxCalculationBreakdowns", ())), None)
    wish = item.get("cancellation", {}).get("cancellationRequest")
    shipping = fulfillment.get("shipping", {}).get("internationalShipping", {})
    granted = item.get("expense", {}).get("pointsCost", {}).get("pointsGranted")
    return given(
        {
            "ASIN": product.get("asin", ""),
            "SellerSKU": product.get("sellerSku"),
            "OrderItemId": item["orderItemId"],
            "Title": product.get("title"),
            "QuantityOrdered": item["quantityOrdered"],
            "QuantityShipped": fulfillment.get("quantityFulfilled"),
            "ProductInfo": {"NumberOfItems": "1"},
            "PointsGranted": granted
            and {
                "PointsNumber": granted["pointsNumber"],
                "PointsMonetaryValue": amount_v0(granted["pointsMonetaryValue"]),
            },
            **parts.fields(),
            "PromotionIds": [part["promotionId"] for part in item.get("promotion", {}).get("breakdowns", ())] or None,
            "IsGift": "true" if "packing" in fulfillment else "false",
            "ConditionId": "New",
            "ConditionSubtypeId": "New",
            "PriceDesignation": "BusinessPrice" if "priceDesignation" in product.get("price", {}) else None,
            "TaxCollection": collection
            and {"Model": "MarketplaceFacilitator", "ResponsibleParty": collection["responsibleParty"]},
            "DeemedResellerCategory": scheme,
            "IossNumber": shipping.get("iossNumber"),
            "BuyerInfo": _gift(item, parts) if "buyerInfo" in elements else {},
            "BuyerRequestedCancel": wish
            and {"IsBuyerRequestedCancel": "true", "BuyerCancelReason": wish.get("cancelReason", "")},
        }
    )


def _gift(item: Wire, parts: _Parts) -> Wire:
    """The buyer's data of a line: all of it about the gift."""
    option = item.get("fulfillment", {}).get("packing", {}).get("giftOption", {})
    return given(
        {
            "GiftWrapPrice": parts.price("GIFT_WRAP"),
            "GiftWrapTax": parts.tax("GIFT_WRAP"),
            "GiftMessageText": option.get("giftMessage"),
            "GiftWrapLevel": option.get("giftWrapLevel"),
        }
    )


class _Parts:
    """The breakdowns of a line, put together as v0 tells them: with the tax in them or apart from it."""

    def __init__(self, proceeds: Wire, included: bool) -> None:
        self._included = included
        self._sums = {part["type"]: part["subtotal"] for part in proceeds.get("breakdowns", ())}
        self._details = {
            part["type"]: {detail["subtype"]: abs(amount_of(detail["value"])) for detail in part["detailedBreakdowns"]}
            for part in proceeds.get("breakdowns", ())
            if "detailedBreakdowns" in part
        }

    def fields(self) -> Wire:
        """The amounts of an OrderItem; None where there is nothing to tell."""
        discounts = self._details.get("DISCOUNT", {})
        of_shipping = discounts.get("SHIPPING") is not None
        return {
            "ItemPrice": self.price("ITEM"),
            "ItemTax": self.tax("ITEM"),
            "ShippingPrice": self.price("SHIPPING"),
            "ShippingTax": self.tax("SHIPPING"),
            "CODFee": self._cod_fee(),
            "PromotionDiscount": self._discount("ITEM") if "ITEM" in self._sums else None,
            "PromotionDiscountTax": self._money(self._discount_tax("ITEM")) if "ITEM" in self._sums else None,
            "ShippingDiscount": self._discount("SHIPPING") if of_shipping else None,
            "ShippingDiscountTax": self._money(self._discount_tax("SHIPPING")) if of_shipping else None,
        }

    def price(self, kind: str) -> Wire | None:
        """What is paid for something."""
        if kind not in self._sums:
            return None
        return self._money(amount_of(self._sums[kind]) + (self._tax_on(kind) if self._included else 0))

    def tax(self, kind: str) -> Wire | None:
        """The tax on it; zero where none is told apart."""
        return self._money(self._tax_on(kind)) if kind in self._sums else None

    def _cod_fee(self) -> Wire | None:
        """The fee with its tax, for which there is no field."""
        if "COD_FEE" not in self._sums:
            return None
        return self._money(amount_of(self._sums["COD_FEE"]) + self._tax_on("COD_FEE"))

    def _discount(self, kind: str) -> Wire:
        tax = self._discount_tax(kind) if self._included else Decimal(0)
        return self._money(self._details.get("DISCOUNT", {}).get(kind, Decimal(0)) + tax)

    def _discount_tax(self, kind: str) -> Decimal:
        """A share of the tax on discounts, which v2026-01-01 tells in one amount."""
        whole, discounts = self._tax_on("DISCOUNT"), self._details.get("DISCOUNT", {})
        if kind not in discounts:
            return Decimal(0)
        net = sum(discounts.values(), Decimal(0))
        shipping = rounded(whole * discounts.get("SHIPPING", Decimal(0)) / net, self._currency) if net else Decimal(0)
        return shipping if kind == "SHIPPING" else whole - shipping

    def _tax_on(self, kind: str) -> Decimal:
        found: Decimal = self._details.get("TAX", {}).get(kind, Decimal(0))
        return found

    @property
    def _currency(self) -> str:
        return str(next(iter(self._sums.values()))["currencyCode"])

    def _money(self, amount: Decimal) -> Wire:
        told = money(amount, self._currency)
        return {"CurrencyCode": told["currencyCode"], "Amount": told["amount"]}


def amount_v0(value: Wire | None) -> Wire | None:
    """A Money object under the names of v0."""
    return None if value is None else {"CurrencyCode": value["currencyCode"], "Amount": value["amount"]}


def given(values: dict[str, Any]) -> Wire:
    """Without what is None."""
    return {name: value for name, value in values.items() if value is not None}


def _tax_in_prices(marketplace_id: str | None) -> bool:
    return next((known.tax_included for known in marketplaces() if known.id == marketplace_id), True)
