"""What a person decides about held orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from adapter.amazon.read import read_order
from adapter.books import Copies, read_schema
from adapter.delivery.writer import GONE
from adapter.errors import ConfigurationError, Refused
from adapter.ledger import Ledger
from adapter.model.entry import Entry, State
from adapter.onec.documents import Documents
from adapter.planning.documents import material
from adapter.sync import CHOSEN_CUSTOMER, Parts


def retry(ledger: Ledger, order_id: str, now: datetime) -> None:
    """Forget why an order is held; the next run looks at it again.

    Raises:
        Refused: it is not held.
    """
    for entry in _held(ledger, order_id):
        # What is in the infobase is looked at before anything is written; what is not is planned anew.
        written = entry.written and not entry.summary.get(GONE)
        after = replace(
            entry, state=State.PLANNED, reasons=(), hold=None, written=written, wanted=entry.wanted if written else None
        )
        ledger.entries.move(entry, after, "a person asks to try again", now)
        ledger.orders.reopen(entry.key.account, order_id)


def choose_customer(ledger: Ledger, order_id: str, customer: str, now: datetime) -> None:
    """Remember who the customer of an order is.

    Raises:
        Refused: Amazon has not shown such an order.
        ConfigurationError: the customer is no Ref_Key.
    """
    try:
        chosen = UUID(customer)
    except ValueError:
        raise ConfigurationError(f"{customer!r} is no Ref_Key; copy it from the list: amazon1c held") from None
    orders = ledger.orders.by_id(order_id)
    if not orders:
        raise Refused(f"Amazon has not shown an order {order_id}; compare the number")
    for order in orders:
        ledger.notes.decide(order.account, order_id, CHOSEN_CUSTOMER, str(chosen), now)
        ledger.orders.reopen(order.account, order_id)


def accept(parts: Parts, order_id: str) -> None:
    """Take the document as it stands in the infobase for the right one.

    Raises:
        Refused: nothing is held, or there is no document of it in the infobase.
    """
    schema = read_schema(Copies(parts.ledger, parts.infobase, parts.now, timedelta(0)))
    documents = Documents(parts.infobase, schema)
    sellers = {account.name: account.seller_id for account in parts.accounts}
    for entry in _held(parts.ledger, order_id):
        stored = documents.read(entry.entity_set, entry.ref_key) if entry.ref_key and entry.entity_set else None
        if stored is None:
            raise Refused(f"{entry.key}: there is no document of it in 1C to keep; try: amazon1c held retry {order_id}")
        seen = next(order for order in parts.ledger.orders.by_id(order_id) if order.account == entry.key.account)
        order = read_order(seen.content, seen.account, sellers.get(seen.account, ""))
        after = replace(
            entry,
            state=State.DONE,
            reasons=(),
            hold=None,
            written=True,
            posted=stored.posted,
            marked=stored.marked,
            data_version=stored.data_version,
            order_hash=seen.content_hash,
            material=material(order),
        )
        parts.ledger.entries.move(entry, after, "a person keeps the document as it is in the infobase", parts.now())


def _held(ledger: Ledger, order_id: str) -> list[Entry]:
    held = [entry for entry in ledger.entries.of_order(order_id) if entry.state is State.HELD]
    if not held:
        raise Refused(f"{order_id} is not held; see amazon1c order {order_id}")
    return held
