"""What a person decides about held orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from adapter.amazon.errors import UnreadableOrder
from adapter.amazon.versions import read_order
from adapter.books import read_schema
from adapter.copies import Copies
from adapter.delivery.target import BEFORE, CANCELLED, GOAL, GONE, KEPT, LACKS, SET, left_there, touched
from adapter.desk import CHOSEN_CUSTOMER
from adapter.errors import ConfigurationError, Refused
from adapter.ledger import Ledger
from adapter.ledger.orders import SeenOrder
from adapter.matching.marks import marks_of
from adapter.model.document import StoredDocument
from adapter.model.entry import Entry, State
from adapter.model.order import OrderStatus
from adapter.model.remembered import Decision, Mark
from adapter.onec.documents import Documents
from adapter.parts import Parts
from adapter.planning.asking import asked_of
from adapter.planning.documents import material
from adapter.planning.plan import document_as_json
from adapter.reading.marketplaces import marketplaces_of


def retry(ledger: Ledger, order_id: str, now: datetime) -> None:
    """Forget why an order is held; the next run looks at it again.

    Raises:
        Refused: it is not held.
    """
    held = _held(ledger, order_id)
    with ledger.transaction():
        for entry in held:
            ledger.entries.move(entry, _as_if_never_held(entry), "a person asks to try again", now)
            ledger.orders.reopen(entry.key.account, order_id)


def _as_if_never_held(entry: Entry) -> Entry:
    """What is in the infobase is looked at before anything is written; what is not is planned anew."""
    after = replace(entry, state=State.PLANNED, reasons=(), hold=None)
    if not entry.written or entry.summary.get(GONE):
        summary = _without(entry.summary, GONE)
        return replace(after, written=False, posted=False, marked=False, data_version="", wanted=None, summary=summary)
    if LACKS not in entry.summary:
        return after
    # The update is planned anew, with all that it needs.
    return replace(after, wanted=entry.summary[BEFORE], summary=_without(entry.summary, BEFORE, LACKS))


def choose_customer(
    ledger: Ledger, order_id: str, customer: str, now: datetime, *, decided_by: str = "", remember: bool = True
) -> tuple[Mark, ...]:
    """Remember who the customer of an order is, and by what the same buyer is known again.

    Args:
        decided_by: login name of who decides.
        remember: also for the buyer's next orders; otherwise for this one alone.

    Returns:
        By what the buyer will be known again; nothing where the order does not tell enough.

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
    marks: tuple[Mark, ...] = ()
    with ledger.transaction():
        for order in orders:
            ledger.notes.decide(order.account, order_id, CHOSEN_CUSTOMER, str(chosen), now)
            found = _marks(ledger, order) if remember else ()
            ledger.remembered.keep(found, chosen, (order.account, order_id), decided_by, now)
            marks = (*marks, *found)
            ledger.orders.reopen(order.account, order_id)
    return tuple(dict.fromkeys(marks))


def _marks(ledger: Ledger, seen: SeenOrder) -> tuple[Mark, ...]:
    """By what the buyer of an order is known again."""
    try:
        order = read_order(seen.reader, seen.content, seen.account, "", marketplaces_of(ledger, seen.account))
    except UnreadableOrder:
        return ()
    return tuple(marks_of(asked_of(order)))


def forget_choice(ledger: Ledger, order_id: str, number: int | None, who: str, now: datetime) -> tuple[Decision, ...]:
    """Revoke what a person's choice for an order says about the buyer's next orders.

    Documents that are written already stay as they are.

    Args:
        order_id: whose choice; empty: the number alone tells.
        number: of one decision; None: all of the order.

    Raises:
        Refused: nothing is remembered of it.
    """
    found = ledger.remembered.revoke(order_id, number, who, now)
    if not found:
        raise Refused(f"nothing is remembered by {number or order_id}; see: amazon1c customers decisions")
    return tuple(found)


def accept(parts: Parts, order_id: str) -> None:
    """Take the document as it stands in the infobase for the right one: from now on it is not ours to change.

    Raises:
        Refused: nothing is held, or there is no document of it in the infobase. Nothing has changed then.
    """
    schema = read_schema(Copies(parts.ledger, parts.infobase, parts.now, timedelta(0), parts.metadata_age))
    documents = Documents(parts.infobase, schema)
    seen = {order.account: order for order in parts.ledger.orders.by_id(order_id)}
    moves: list[tuple[Entry, Entry]] = []
    for entry in _held(parts.ledger, order_id):
        stored = documents.read(entry.entity_set, entry.ref_key) if entry.ref_key and entry.entity_set else None
        if stored is None and not entry.summary.get(GONE):
            raise Refused(f"{entry.key}: there is no document of it in 1C to keep; try: amazon1c held retry {order_id}")
        moves.append((entry, _accepted(parts, entry, stored, seen[entry.key.account])))
    with parts.ledger.transaction():
        for before, after in moves:
            parts.ledger.entries.move(before, after, "a person keeps it as it is in the infobase", parts.now())


def _accepted(parts: Parts, entry: Entry, stored: StoredDocument | None, seen: SeenOrder) -> Entry:
    """The entry of a document that stays as it is, or stays deleted."""
    seller_id = next((account.seller_id for account in parts.accounts if account.name == seen.account), "")
    known = marketplaces_of(parts.ledger, seen.account)
    order = read_order(seen.reader, seen.content, seen.account, seller_id, known)
    base = replace(entry, reasons=(), hold=None, written=True, order_hash=seen.content_hash, material=material(order))
    if stored is None:
        return replace(base, state=State.CLOSED, posted=False, marked=True)
    summary = _without(entry.summary, BEFORE, LACKS, GOAL, SET, GONE) | {KEPT: True}
    if order.status == OrderStatus.CANCELLED:
        summary[CANCELLED] = True
    after = replace(
        base,
        state=State.DONE,
        wanted=document_as_json(left_there(entry)),
        summary=summary,
        posted=stored.posted,
        marked=stored.marked,
        data_version=stored.data_version,
    )
    return after if touched(after, stored) else replace(after, summary=_without(summary, KEPT))


def _without(summary: Any, *names: str) -> dict[str, Any]:
    return {name: value for name, value in summary.items() if name not in names}


def _held(ledger: Ledger, order_id: str) -> list[Entry]:
    held = [entry for entry in ledger.entries.of_order(order_id) if entry.state is State.HELD]
    if not held:
        raise Refused(f"{order_id} is not held; see amazon1c order {order_id}")
    return held
