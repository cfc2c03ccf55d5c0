"""Makes up orders in the form of the Orders API 2026-01-01, with every block of data, in realistic shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from adapter.simulators.amazon.basket import Sale, draw_items
from adapter.simulators.amazon.charges import MoneyStyle, Taxing, order_proceeds, tax_in
from adapter.simulators.amazon.marketplaces import Marketplace, Region, marketplace_for
from adapter.simulators.amazon.people import buyer_block, recipient_block, tax_block
from adapter.simulators.amazon.status import as_seen, set_status
from adapter.simulators.amazon.wire import Wire, amount_of, money, timestamp
from adapter.simulators.shop import Buyer, buyers

SETTLED = timedelta(minutes=3)
"""Generated orders are at least this old: past the time in which Amazon does not show them yet."""

STATUS_SHARES = {
    "PENDING": 50,
    "PENDING_AVAILABILITY": 3,
    "CANCELLED": 40,
    "PARTIALLY_SHIPPED": 15,
    "UNFULFILLABLE": 3,
    "UNSHIPPED": 330,
    "SHIPPED": 559,
}
"""Out of 1,000 orders."""

TIP_CURRENCIES = frozenset({"GBP", "USD"})
CASH_COUNTRIES = frozenset({"IT", "PL", "TR", "JP", "AE"})
SERVICE_LEVELS = ("STANDARD", "EXPEDITED", "NEXT_DAY", "FREE_ECONOMY")


@dataclass(frozen=True, slots=True)
class OrderOptions:
    """What kind of orders to make up.

    `spread` is how far back from now orders were placed; half of them are of its last quarter.
    """

    region: Region = "EU"
    style: MoneyStyle = field(default_factory=MoneyStyle)
    spread: timedelta = timedelta(days=7)


def generate(count: int, seed: int, now: datetime, options: OrderOptions | None = None) -> list[Wire]:
    """Orders as the API shows them: the same for the same arguments, each id once.

    Args:
        now: aware; every order is at least three minutes older.
    """
    return [as_seen(order) for order in OrderMaker(seed, options).backlog(count, now)]


class OrderMaker:
    """Makes whole orders, one after the other; what the API does not show in a state is in them too."""

    def __init__(self, seed: int, options: OrderOptions | None = None) -> None:
        self._random = Random(seed)
        self._options = options or OrderOptions()
        self._used: set[str] = set()
        self._made: list[str] = []
        self._customers: list[tuple[Buyer, Marketplace]] = []
        for buyer in buyers():
            marketplace = marketplace_for(buyer.country, self._options.region)
            if marketplace is not None:
                self._customers.append((buyer, marketplace))

    def backlog(self, count: int, now: datetime) -> list[Wire]:
        """Orders of the past, each in the state that it has reached by `now`."""
        return [self._past_order(now) for _ in range(count)]

    def make(self, created_at: datetime, updated_at: datetime, status: str) -> Wire:
        """One order placed at `created_at` that came into `status` at `updated_at`."""
        random = self._random
        buyer, marketplace = random.choice(self._customers)
        merchant = status == "PARTIALLY_SHIPPED" or (status != "UNFULFILLABLE" and random.random() < 0.55)
        outside = status == "UNFULFILLABLE"
        sale = self._sale(buyer, marketplace, merchant, status)
        order: Wire = {"orderId": self._new_order_id(marketplace)}
        if merchant and random.random() < 0.1:
            order["orderAliases"] = [{"aliasId": f"WEB-{order['orderId'][-7:]}", "aliasType": "SELLER_ORDER_ID"}]
        order |= {"createdTime": timestamp(created_at), "lastUpdatedTime": timestamp(updated_at)}
        if programs := self._programs(buyer, merchant, status):
            order["programs"] = programs
        if sale.free:
            original = random.choice(self._made)
            order["associatedOrders"] = [{"orderId": original, "associationType": "REPLACEMENT_ORIGINAL_ID"}]
        order["salesChannel"] = _sales_channel(marketplace, outside)
        order |= self._people(buyer, merchant)
        items = draw_items(random, sale, self._new_item_id())
        if not outside:
            order |= self._money(items, sale)
        order["fulfillment"] = self._fulfillment(created_at, merchant)
        order["orderItems"] = [_unpriced(item) for item in items] if outside else items
        if merchant and status == "UNSHIPPED" and random.random() < 0.02:
            wish = {"requester": "BUYER", "cancelReason": "Ordered by mistake"}
            for item in items:
                item["cancellation"] = {"cancellationRequest": wish}
        set_status(order, status, updated_at, random.choice(("BUYER", "BUYER", "MERCHANT", "AMAZON")))
        self._made.append(order["orderId"])
        return order

    def _past_order(self, now: datetime) -> Wire:
        random = self._random
        status = random.choices(tuple(STATUS_SHARES), tuple(STATUS_SHARES.values()))[0]
        age = self._options.spread * random.random() ** 2
        if status == "PENDING":
            age = min(age, timedelta(hours=20) * random.random())
        created_at = now - SETTLED - age
        updated_at = created_at + age * random.random()
        return self.make(created_at, updated_at, status)

    def _sale(self, buyer: Buyer, marketplace: Marketplace, merchant: bool, status: str) -> Sale:
        random = self._random
        scheme = None
        if marketplace.region == "EU" and marketplace.country != "DE" and random.random() < 0.1:
            scheme = random.choice(("IOSS", "UOSS"))
        collected = (
            marketplace.region == "NA" or scheme is not None or (marketplace.country == "GB" and random.random() < 0.5)
        )
        return Sale(
            marketplace=marketplace,
            taxing=Taxing(
                currency=marketplace.currency,
                rate=marketplace.tax_rate,
                included=marketplace.tax_included,
                # Many shops of the EU leave the tax within the price and report none apart.
                shown=collected or random.random() < 0.75,
                collected=collected,
            ),
            style=self._options.style,
            merchant=merchant,
            business=buyer.company is not None,
            gift=random.random() < 0.06,
            cash_on_delivery=merchant and marketplace.country in CASH_COUNTRIES and random.random() < 0.12,
            free=bool(self._made) and status == "SHIPPED" and random.random() < 0.012,
            scheme=scheme,
            units=2 if status == "PARTIALLY_SHIPPED" else 1,
        )

    def _people(self, buyer: Buyer, merchant: bool) -> Wire:
        random = self._random
        named = merchant or random.random() < 0.1
        number = f"PO-{random.randrange(10**6):06}" if buyer.company and random.random() < 0.6 else None
        blocks: Wire = {"recipient": recipient_block(buyer, merchant)}
        if known := buyer_block(buyer, merchant, named, number):
            blocks["buyer"] = known
        if tax := tax_block(buyer):
            blocks["tax"] = tax
        return blocks

    def _money(self, items: list[Wire], sale: Sale) -> Wire:
        """The blocks `proceeds` and `payment` of the order."""
        random, currency = self._random, sale.marketplace.currency
        tip = None
        if currency in TIP_CURRENCIES and not sale.free and random.random() < 0.02:
            tip = Decimal(random.choice((1, 2, 5)))
        proceeds = order_proceeds([item["proceeds"] for item in items], currency, tip)
        paid = amount_of(proceeds["grandTotal"])
        if sale.taxing.collected and not sale.style.collected_tax_inside:
            paid += tax_in(proceeds)
        if not paid:
            return {"proceeds": proceeds}
        method = "CashOnDelivery" if sale.cash_on_delivery else "Invoice" if sale.business else "CreditCard"
        parts = {method: paid}
        if method == "CreditCard" and paid > 20 and random.random() < 0.05:
            parts = {"GiftCard": Decimal(10), method: paid - 10}
        executions = [
            {"paymentMethod": name, "paymentAmount": money(amount, currency)} for name, amount in parts.items()
        ]
        return {"proceeds": proceeds, "payment": {"paymentExecutions": executions}}

    def _programs(self, buyer: Buyer, merchant: bool, status: str) -> list[str]:
        programs = []
        if buyer.company is not None:
            programs.append("AMAZON_BUSINESS")
        if self._random.random() < (0.05 if merchant else 0.6):
            programs.append("PRIME")
        if status == "PENDING_AVAILABILITY":
            programs.append("PREORDER")
        return programs

    def _fulfillment(self, created_at: datetime, merchant: bool) -> Wire:
        """The block `fulfillment` but for its status; windows are those of the seller's own shipping."""
        block: Wire = {
            "fulfilledBy": "MERCHANT" if merchant else "AMAZON",
            "fulfillmentServiceLevel": self._random.choices(SERVICE_LEVELS, (80, 10, 6, 4))[0],
        }
        if merchant:
            midnight = created_at.replace(hour=0, minute=0, second=0, microsecond=0)
            for name, first, last in (("shipByWindow", 0, 2), ("deliverByWindow", 3, 7)):
                block[name] = {
                    "earliestDateTime": timestamp(midnight + timedelta(days=first)),
                    "latestDateTime": timestamp(midnight + timedelta(days=last + 1, milliseconds=-1)),
                }
        return block

    def _new_order_id(self, marketplace: Marketplace) -> str:
        while True:
            prefix = self._random.choice(marketplace.order_prefixes)
            rest = self._random.randrange(10**14)
            order_id = f"{prefix}-{rest // 10**7:07}-{rest % 10**7:07}"
            if order_id not in self._used:
                self._used.add(order_id)
                return order_id

    def _new_item_id(self) -> str:
        """The first of ten ids in a row that no other order has."""
        while True:
            item_id = f"{self._random.randrange(10**13)}0"
            if item_id not in self._used:
                self._used.add(item_id)
                return item_id.zfill(14)


def _sales_channel(marketplace: Marketplace, outside: bool) -> Wire:
    if outside:
        return {"channelName": "NON_AMAZON"}
    return {"channelName": "AMAZON", "marketplaceId": marketplace.id, "marketplaceName": marketplace.name}


def _unpriced(item: Wire) -> Wire:
    """An item of an order placed outside Amazon: it knows no prices."""
    kept = {key: value for key, value in item.items() if key not in {"proceeds", "promotion", "tax", "expense"}}
    product = {key: value for key, value in item["product"].items() if key != "price"}
    return kept | {"product": product}
