"""What is in an order: lines with their products and their money, drawn at random."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from adapter.simulators.amazon.charges import LineMoney, MoneyStyle, Taxing, line_proceeds
from adapter.simulators.amazon.marketplaces import EURO_RATES, Marketplace
from adapter.simulators.amazon.wire import Wire, money, rounded
from adapter.simulators.shop import Product, products

GIFT_MESSAGES = ("Alles Gute zum Geburtstag!", "З днем народження!", "Bon anniversaire, Zoé", "Enjoy!")


@dataclass(frozen=True, slots=True)
class Sale:
    """What all lines of an order share.

    Attributes:
        merchant: the seller ships; otherwise Amazon does.
        free: a replacement: nothing is charged.
        units: how many units there must be at least.
    """

    marketplace: Marketplace
    taxing: Taxing
    style: MoneyStyle
    merchant: bool
    business: bool
    gift: bool
    cash_on_delivery: bool
    free: bool
    scheme: str | None
    units: int


def draw_items(random: Random, sale: Sale, new_item_id: str) -> list[Wire]:
    """The lines of one order; ids count up from `new_item_id`, 14 digits."""
    count = 1 if sale.free else random.choices((1, 2, 3, 5), (78, 15, 5, 2))[0]
    chosen = random.sample(products(), count)
    quantities = [random.choices((1, 2, 3, 6, 12), (82, 11, 4, 2, 1))[0] for _ in chosen]
    if sum(quantities) < sale.units:
        quantities[0] = sale.units
    return [
        _item(random, sale, product, quantity, f"{int(new_item_id) + number:014}", first=number == 0)
        for number, (product, quantity) in enumerate(zip(chosen, quantities, strict=True))
    ]


def _item(random: Random, sale: Sale, product: Product, quantity: int, item_id: str, first: bool) -> Wire:
    currency = sale.marketplace.currency
    unit_price = Decimal(0) if sale.free else _price(product, sale)
    line = _draw_money(random, sale, unit_price * quantity, first)
    price: Wire = {"unitPrice": money(unit_price, currency)}
    if sale.business:
        price["priceDesignation"] = "BUSINESS_PRICE"
    item: Wire = {
        "orderItemId": item_id,
        "quantityOrdered": quantity,
        "product": {
            "asin": product.asin,
            "title": product.title,
            "sellerSku": product.sku,
            "condition": {"conditionType": "NEW", "conditionSubtype": "NEW"},
            "price": price,
        },
        "proceeds": line_proceeds(line, sale.taxing, sale.style),
        "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": quantity},
    }
    if line.discounts:
        item["promotion"] = {
            "breakdowns": [{"promotionId": f"PROMO-{random.randrange(100):02}"} for _ in line.discounts]
        }
    if sale.gift:
        gift: Wire = {"giftWrapLevel": "PREMIUM" if "GIFT_WRAP" in line.charges else "NONE"}
        if random.random() < 0.6:
            gift["giftMessage"] = random.choice(GIFT_MESSAGES)
        item["fulfillment"]["packing"] = {"giftOption": gift}
    if sale.marketplace.country == "JP" and not sale.free:
        points = int(unit_price * quantity) // 100
        granted = {"pointsNumber": points, "pointsMonetaryValue": money(Decimal(points), currency)}
        item["expense"] = {"pointsCost": {"pointsGranted": granted}}
    return item | _tax(sale, item)


def _price(product: Product, sale: Sale) -> Decimal:
    price = product.price * Decimal(EURO_RATES[sale.marketplace.currency])
    if sale.business:
        price *= Decimal("0.95")
    return rounded(price, sale.marketplace.currency)


def _draw_money(random: Random, sale: Sale, goods: Decimal, first: bool) -> LineMoney:
    """Charges and discounts of a line. Fees of the order as a whole stand in its first line."""
    if sale.free:
        return LineMoney({"ITEM": Decimal(0)}, {})
    currency, scale = sale.marketplace.currency, Decimal(EURO_RATES[sale.marketplace.currency])
    charges, discounts = {"ITEM": goods}, {}
    if random.random() < (0.5 if sale.merchant else 0.2):
        charges["SHIPPING"] = rounded(
            random.choice((Decimal("3.99"), Decimal("4.95"), Decimal("12"))) * scale, currency
        )
        if random.random() < (0.15 if sale.merchant else 0.8):
            discounts["SHIPPING"] = charges["SHIPPING"]
    if sale.gift and random.random() < 0.7:
        charges["GIFT_WRAP"] = rounded(Decimal("3.50") * scale, currency)
    if sale.cash_on_delivery and first:
        charges["COD_FEE"] = rounded(Decimal("2.90") * scale, currency)
    share = random.choices((0, 5, 10, 20, 33, 100), (820, 60, 60, 40, 15, 5))[0]
    if share:
        discounts["ITEM"] = rounded(goods * share / 100, currency)
    return LineMoney(charges, dict(sorted(discounts.items())))


def _tax(sale: Sale, item: Wire) -> Wire:
    """The block `tax` of an item, and the IOSS number that then has to reach the carrier."""
    if sale.free or not (sale.taxing.collected or sale.scheme):
        return {}
    block: Wire = {}
    if sale.scheme is not None:
        block["taxCalculationBreakdowns"] = [{"reportingScheme": sale.scheme}]
    if sale.taxing.collected:
        party = "Amazon Services, Inc." if sale.marketplace.region == "NA" else "Amazon Services Europe S.a.r.L."
        block["taxCollections"] = [{"model": "MARKETPLACE_FACILITATOR", "responsibleParty": party}]
    if sale.scheme != "IOSS":
        return {"tax": block}
    shipping = {"internationalShipping": {"iossNumber": "IM0000000001"}}
    return {"tax": block, "fulfillment": item["fulfillment"] | {"shipping": shipping}}
