"""What an entry of the ledger says about the document that was written, as far as planning asks."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from adapter.mapping.rules import DocumentRule
from adapter.mapping.sources import From
from adapter.model.document import Document
from adapter.model.entry import Entry, HoldCause, Key, State
from adapter.model.money import Money
from adapter.planning.customers import Decided
from adapter.planning.plan import Hold, Source, document_as_json


def still_held(key: Key, source: Source, entry: Entry) -> Hold:
    """The step for a document that stays held as it is."""
    return Hold(key, source, entry.reasons, *shown(entry), cause=entry.hold or HoldCause.PLAN)


def taken_back(entry: Entry) -> bool:
    """Whether the document was cancelled in the infobase."""
    return entry.marked or bool(entry.summary.get("cancelled"))


def refused_before(entry: Entry, document: Document, source: Source) -> bool:
    """Whether the infobase has refused this very document; a changed mapping is a reason to try once more."""
    same = entry.mapping_version == source.mapping_version and entry.wanted == document_as_json(document)
    return entry.hold is HoldCause.REFUSED and same


def is_settled(entry: Entry, source: Source) -> bool:
    """Whether this very content was written, or a person has accepted what is there for it."""
    return entry.state is State.DONE and entry.order_hash == source.order_hash


def customer_before(entry: Entry, rule: DocumentRule) -> Decided | None:
    """The customer of the document as it was written; None where it carries none."""
    names = (name for name, source in rule.header.items() if isinstance(source, From) and source.source == "customer")
    values = (entry.wanted or {}).get("properties", {})
    found = next((values[name] for name in names if name in values), None)
    return None if found is None else Decided(UUID(found), shown(entry)[0], "as before")


def changes_between(old: Document | None, new: Document) -> tuple[str, ...]:
    """What differs between two documents of ours, in words."""
    if old is None:
        return ("it is not known what was written before",)
    found = [] if old.posted == new.posted else [f"Posted: {old.posted} -> {new.posted}"]
    found += [
        f"{name}: {old.properties.get(name)} -> {value}"
        for name, value in new.properties.items()
        if old.properties.get(name) != value
    ]
    for section, rows in new.sections.items():
        before = old.sections.get(section, ())
        if len(before) != len(rows):
            found.append(f"{section}: {len(before)} rows -> {len(rows)} rows")
        for number, (was, now) in enumerate(zip(before, rows, strict=False), start=1):
            found += [
                f"{section}[{number}].{column}: {was.get(column)} -> {value}"
                for column, value in now.items()
                if was.get(column) != value
            ]
    return tuple(found)


def shown(entry: Entry) -> tuple[str, Money | None]:
    """Customer and total of an entry, for people."""
    total = entry.summary.get("total")
    money = Money(Decimal(total["amount"]), total["currency"]) if isinstance(total, dict) else None
    return str(entry.summary.get("customer", "")), money
