"""Orders on the desk: read from the ledger, laid beside the infobase's books, and planned."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from adapter.amazon.errors import UnreadableOrder
from adapter.amazon.versions import read_order
from adapter.books import agreed_schema, catalog_read_at, read_books
from adapter.books import with_latecomers as with_products
from adapter.copies import Copies
from adapter.customer_copy import CustomerCopy
from adapter.customer_reading import Sought
from adapter.latecomers import Latecomers
from adapter.ledger.orders import SeenOrder
from adapter.model.entry import Entry, Key
from adapter.model.schema import Schema
from adapter.parts import Parts
from adapter.planning.books import Books
from adapter.planning.build import Candidate, build_plan
from adapter.planning.buyers import unknown_buyers
from adapter.planning.inputs import Inputs
from adapter.planning.items import ItemKey, KnownItems
from adapter.planning.plan import Plan
from adapter.rates import with_rates
from adapter.reading.items import unknown_products
from adapter.reading.lacking import not_told
from adapter.reading.marketplaces import Marketplaces, marketplaces_of

CHOSEN_CUSTOMER = "customer"


class Desk:
    """Makes plans of orders that are in the ledger, or were just looked at.

    Args:
        items: what Amazon's catalog tells of products, as far as it was asked.
        stopped: True ends the reading of customers cleanly.
    """

    def __init__(
        self, parts: Parts, items: Callable[[Collection[ItemKey]], KnownItems], stopped: Callable[[], bool]
    ) -> None:
        self._parts = parts
        self._items = items
        self._latecomers = Latecomers()
        self._copies = Copies(parts.ledger, parts.infobase, parts.now, parts.refresh, parts.metadata_age)
        self._customers = CustomerCopy(self._copies, parts.mapping.rules, parts.connect, stopped)

    def open_books(self) -> tuple[Schema, Books]:
        """The infobase as planning sees it, from copies that are young enough.

        Raises:
            ConfigurationError: mapping and infobase do not agree.
            Unavailable: the infobase does not answer.
        """
        schema = agreed_schema(self._copies, self._parts.mapping)
        return schema, read_books(self._copies, self._parts.mapping, schema, self._customers)

    def read_books_anew(self, schema: Schema) -> Books:
        """The same from the infobase itself, for it turned out to be different from its copies."""
        fresh = replace(self._copies, max_age=timedelta(0))
        return read_books(fresh, self._parts.mapping, schema, self._customers)

    def plan(self, candidates: Sequence[Candidate], schema: Schema, books: Books) -> tuple[Plan, Mapping[Key, Entry]]:
        """Decide what to do with orders; also what the ledger knows of their documents."""
        sold = [candidate.order for candidate in candidates if candidate.order is not None]
        books = with_rates(self._copies, self._parts.mapping.rules, schema, books, sold)
        entries = self._parts.ledger.entries.of_orders({(made.account, made.order_id) for made in candidates})
        unknown = {key for made in candidates if made.order for key in unknown_products(made.order, books.products)}
        inputs = replace(self._inputs(books), items=self._items(unknown))
        return build_plan(candidates, entries, inputs), entries

    def _inputs(self, books: Books) -> Inputs:
        parts = self._parts
        chosen = parts.ledger.notes.decisions(CHOSEN_CUSTOMER)
        return Inputs(
            parts.mapping.rules,
            parts.mapping.version,
            books,
            parts.identity,
            {order: UUID(value) for order, value in chosen.items()},
            remembered=parts.ledger.remembered.in_force(),
        )

    def with_latecomers(
        self, candidates: Sequence[Candidate], schema: Schema, books: Books, *, again: bool = False
    ) -> Books:
        """Ask the infobase once more for what would hold an order or create something.

        Args:
            again: even if that was done a moment ago.
        """
        books = self._with_customers(candidates, schema, books, again=again)
        return self._with_products(candidates, schema, books)

    def _with_customers(self, candidates: Sequence[Candidate], schema: Schema, books: Books, *, again: bool) -> Books:
        """The same with customers who may have been entered since they were read."""
        if not self._copies.max_age:
            return books
        orders = [made.order for made in candidates if made.order is not None]
        sought = unknown_buyers(orders, self._inputs(books))
        if not sought.names or not self._customers.seek(schema, Sought(*sought), again=again):
            return books
        return replace(books, customers=self._customers.index(schema))

    def _with_products(self, candidates: Sequence[Candidate], schema: Schema, books: Books) -> Books:
        """The same with products that would hold an order or be created."""
        mapping = self._parts.mapping
        orders = (candidate.order for candidate in candidates if candidate.order is not None)
        products = mapping.rules.products
        read_at = catalog_read_at(self._copies, products)
        wanted = self._latecomers.wanted(orders, books.products, products, self._copies, read_at)
        books = with_products(self._copies, mapping, schema, books, wanted)
        self._latecomers.asked(wanted, self._parts.now())
        return books

    def candidates(self, orders: Sequence[SeenOrder]) -> list[Candidate]:
        """Orders as planning wants them; those of accounts that are no longer in the settings are left out."""
        known = {account.name: marketplaces_of(self._parts.ledger, account.name) for account in self._parts.accounts}
        return [made for order in orders if (made := self._candidate(order, known)) is not None]

    def _candidate(self, order: SeenOrder, known: Mapping[str, Marketplaces]) -> Candidate | None:
        """An order as planning wants it; None for an account that is no longer in the settings."""
        account = next((known for known in self._parts.accounts if known.name == order.account), None)
        if account is None:
            return None
        try:
            seller_id, marketplaces = account.seller_id, known[order.account]
            made = read_order(order.reader, order.content, order.account, seller_id, marketplaces)
        except UnreadableOrder as problem:
            return Candidate(order.account, order.order_id, order.content_hash, None, str(problem))
        if missing := account.lacking(made.details.included):
            made = replace(made, doubts=(*made.doubts, not_told(missing)))
        return Candidate(order.account, order.order_id, order.content_hash, made)
