"""A small mapping, a small infobase, orders and entries: everything that planning works on, as values."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import NAMESPACE_DNS, UUID, uuid5
from zoneinfo import ZoneInfo

import pytest

from adapter.mapping.aliases import Alias
from adapter.mapping.rules import Rules
from adapter.mapping.uses import all_lookups
from adapter.matching.customers import CustomerIndex
from adapter.matching.products import ProductIndex
from adapter.model.catalog import Customer, Product
from adapter.model.entry import Entry, HoldCause, Key, State
from adapter.model.money import CurrencyMismatch, Money
from adapter.model.order import Address, Buyer, Charge, ChargeKind, Marketplace, Order, OrderLine
from adapter.planning.books import Books, Identity
from adapter.planning.build import Candidate, build_plan
from adapter.planning.conditions import rules_for
from adapter.planning.documents import material
from adapter.planning.inputs import Inputs
from adapter.planning.plan import document_as_json
from adapter.planning.values import Context, reference_key

MAPPING = {
    "version": 1,
    "infobase": {"time_zone": "Europe/Kyiv"},
    "documents": {
        "sales_order": {
            "entity_set": "Document_SalesOrder",
            "when": {"status": ["UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED"]},
            "order_id": "Number",
            "header": {
                "Number": {"from": "order.id"},
                "Date": {"from": "order.purchased_at"},
                "Customer_Key": {"from": "customer"},
            },
            "rows": {
                "Products": {
                    "Product_Key": {"from": "product"},
                    "Quantity": {"from": "line.quantity"},
                    "Price": {"from": "line.unit_price"},
                    "Amount": {"from": "line.amount"},
                }
            },
            "on_cancel": "unpost_and_mark",
            "total": {"rows": "Products", "property": "Amount"},
        }
    },
    "charges": {
        "shipping": {"row": {"product": {"lookup": "Catalog_Products", "where": {"sku": "AMZ-SHIPPING"}}}},
        "gift_wrap": "into_line",
        "cod_fee": {"row": {"product": {"lookup": "Catalog_Products", "where": {"sku": "AMZ-COD"}}}},
        "tip": "leave_out",
        "other": "hold",
        "discount": "into_line",
        "tax": "into_line",
        "marketplace_tax": "leave_out",
    },
    "customers": {
        "entity_set": "Catalog_Customers",
        "read": {"name": "Description"},
        "match": [
            {
                "pooled": {"lookup": "Catalog_Customers", "where": {"Description": "Amazon retail"}},
                "when": {"buyer.name": "absent", "buyer.company": "absent"},
            },
            {"exact_name": True},
            {"fuzzy_name": {"sure": 0.99}},
        ],
        "otherwise": "hold",
        "create": {"Description": {"from": "buyer.name"}},
    },
    "products": {
        "entity_set": "Catalog_Products",
        "read": {"sku": "sku", "name": "Description"},
        "otherwise": "hold",
        "create": {"sku": {"from": "line.sku"}, "Description": {"from": "line.title"}},
    },
}
CUSTOMERS = ("Amazon retail", "Alice Example", "Иванов Сергей Петрович", 'ООО "Ромашка Трейд"')
PRODUCTS = ("A", "B", "AMZ-SHIPPING", "AMZ-COD")
MOMENT = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
ORDER_ID = "302-1234567-1234567"


class Shop:
    """Makes everything; each method has sensible defaults."""

    order_id = ORDER_ID
    key = Key("de", ORDER_ID, "sales_order")
    identity = Identity("installation", "books")
    moment = MOMENT

    def ref(self, name: str) -> UUID:
        """The key of a catalog element."""
        return uuid5(NAMESPACE_DNS, name)

    def rules(self, changes=None) -> Rules:
        """The mapping, with what stands at `a/b/c` replaced; None takes it out."""
        data = deepcopy(MAPPING)
        for path, value in (changes or {}).items():
            *above, last = path.split("/")
            place = data
            for name in above:
                place = place.setdefault(name, {})
            if value is None:
                del place[last]
            else:
                place[last] = value
        return Rules.model_validate(data)

    def inputs(
        self,
        changes=None,
        *,
        customers=CUSTOMERS,
        products=PRODUCTS,
        aliases=None,
        created=None,
        chosen=None,
        version="v1",
        unknown=(),
    ):
        """What a plan depends on. Customers are called as their keys are made of; `unknown` lookups are missing."""
        rules = self.rules(changes)
        references = {
            reference_key(lookup): self.ref(next(iter(lookup.where.values())))
            for _, lookup in all_lookups(rules)
            if next(iter(lookup.where.values())) not in unknown
        }
        books = Books(
            CustomerIndex([Customer(self.ref(name), name) for name in customers]),
            ProductIndex(
                [Product(self.ref(sku), sku, f"Product {sku}") for sku in products],
                {sku: Alias(*alias) for sku, alias in (aliases or {}).items()},
            ),
            references,
            created or {},
        )
        decisions = {("de", ORDER_ID): chosen} if chosen else {}
        return Inputs(rules, version, books, self.identity, decisions)

    def money(self, amount, currency="EUR") -> Money:
        return Money(Decimal(str(amount)), currency)

    def charge(self, kind, amount, *, by_marketplace=False, currency="EUR") -> Charge:
        return Charge(ChargeKind(kind), self.money(amount, currency), by_marketplace)

    def line(self, sku="A", goods="10.00", quantity=1, *more: Charge, currency="EUR", **fields) -> OrderLine:
        """A line with its goods and further charges."""
        charges = (*((self.charge("goods", goods, currency=currency),) if goods is not None else ()), *more)
        fields = {"line_id": f"L-{sku}", "title": f"Title {sku}"} | fields
        return OrderLine(quantity=quantity, sku=sku, charges=charges, **fields)

    def order(self, *lines: OrderLine, total="sum", **fields) -> Order:
        """An order; its total is the sum of its charges unless given."""
        fields = {
            "order_id": ORDER_ID,
            "account": "de",
            "seller_id": "SELLER",
            "status": "UNSHIPPED",
            "purchased_at": MOMENT,
            "updated_at": MOMENT,
            "buyer": Buyer(name="Alice Example"),
            "ship_to": Address(country="DE"),
            "marketplace": Marketplace("M-DE", "Amazon.de", "DE", "EUR"),
            "fulfilled_by": "MERCHANT",
        } | fields
        made = Order(lines=lines or (self.line(),), **fields)
        if total == "sum":
            amounts = [charge.amount for charge in made.all_charges()]
            try:
                total = sum(amounts, start=Money.zero(amounts[0].currency)) if amounts else None
            except CurrencyMismatch:
                total = amounts[0]
        elif total is not None and not isinstance(total, Money):
            total = self.money(total)
        return replace(made, total=total)

    def context(self, order=None, inputs=None, **fields) -> Context:
        """The context in which the values of an order are evaluated."""
        inputs = inputs or self.inputs()
        zone = ZoneInfo(inputs.rules.infobase.time_zone)
        context = Context(order or self.order(), inputs.books.references, zone, **fields)
        return replace(context, charges=rules_for(inputs.rules, context).charges)

    def plan(self, orders, entries=(), inputs=None, content_hash="hash-2"):
        """The plan for some orders."""
        candidates = [Candidate(order.account, order.order_id, content_hash, order) for order in orders]
        return build_plan(candidates, {entry.key: entry for entry in entries}, inputs or self.inputs())

    def step(self, order=None, entry=None, inputs=None, content_hash="hash-2"):
        """The only step of the plan for one order."""
        (step,) = self.plan([order or self.order()], [entry] if entry else [], inputs, content_hash)
        return step

    def reasons(self, order=None, changes=None, **inputs) -> tuple[str, ...]:
        """Why an order is held; () if it is not."""
        return getattr(self.step(order, inputs=self.inputs(changes, **inputs)), "reasons", ())

    def rows(self, order, changes=None, section="Products", **inputs) -> tuple:
        """The rows of the document that an order becomes."""
        step = self.step(order, inputs=self.inputs(changes, **inputs))
        assert step.verb == "create", step
        return step.document.sections[section]

    def unwritten(self, state: State, hold: HoldCause | None = None, **fields) -> Entry:
        """An entry of a document that is not in the infobase."""
        reasons = ("an old reason",) if hold else ()
        return Entry(self.key, state, hold=hold, reasons=reasons, **fields)

    def written(self, order=None, inputs=None, state=State.DONE, hold=None, **fields) -> Entry:
        """The entry of an order whose document was written from content `hash-1`."""
        order = order or self.order()
        create = self.step(order, inputs=inputs, content_hash="hash-1")
        assert create.verb == "create", create
        total = create.totals.document
        made = {
            "entity_set": create.document.entity_set,
            "ref_key": create.document.ref_key,
            "wanted": document_as_json(create.document),
            "written": True,
            "posted": True,
            "data_version": "dv",
            "order_hash": "hash-1",
            "material": material(order),
            "mapping_version": "v1",
            "reasons": ("an old reason",) if hold else (),
            "summary": {
                "customer": create.customer,
                "total": {"amount": str(total.amount), "currency": total.currency},
            },
        }
        return Entry(create.key, state, hold=hold, **(made | fields))


@pytest.fixture(scope="session")
def shop() -> Shop:
    return Shop()
