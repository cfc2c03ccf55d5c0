"""What people have decided about buyers: remembered for their next orders until it is revoked, and then still shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from adapter.ledger.database import Database, from_text, to_text
from adapter.ledger.schema import remembered
from adapter.model.remembered import Decision, Mark, MarkKind, Remembered


class RememberedCustomers:
    """The table `remembered`. It holds digests and keys, no buyer's name, number or address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(
        self, marks: Iterable[Mark], ref_key: UUID, order: tuple[str, str], decided_by: str, now: datetime
    ) -> None:
        """Remember whose the marks of an order are; what the same order said before is revoked.

        Args:
            order: account and order id.
            decided_by: login name.
        """
        account, order_id = order
        rows = [
            {
                "kind": mark.kind,
                "digest": mark.digest,
                "hint": mark.hint,
                "ref_key": str(ref_key),
                "account": account,
                "order_id": order_id,
                "decided_by": decided_by,
                "decided_at": to_text(now),
            }
            for mark in marks
        ]
        before = (remembered.c.account == account, remembered.c.order_id == order_id, remembered.c.revoked_at.is_(None))
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            revoked = {"revoked_by": decided_by, "revoked_at": to_text(now)}
            connection.execute(update(remembered).where(*before).values(revoked))
            if rows:
                connection.execute(insert(remembered), rows)

    def revoke(self, order_id: str, number: int | None, revoked_by: str, now: datetime) -> list[Decision]:
        """Revoke what is remembered of an order, or a single decision of it; what was revoked.

        Args:
            order_id: empty: the number alone tells.
        """
        chosen = [decision for decision in self.all() if order_id in {"", decision.order_id}]
        chosen = [decision for decision in chosen if number in {None, decision.number}]
        numbers = [decision.number for decision in chosen]
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            values = {"revoked_by": revoked_by, "revoked_at": to_text(now)}
            connection.execute(update(remembered).where(remembered.c.number.in_(numbers)).values(values))
        return chosen

    def all(self) -> list[Decision]:
        """The decisions in force, the oldest first."""
        query = select(remembered).where(remembered.c.revoked_at.is_(None)).order_by(remembered.c.number)
        with self._database.transaction() as connection:
            rows = connection.execute(query).mappings().all()
        return [
            Decision(
                row["number"],
                Mark(MarkKind(row["kind"]), row["digest"], row["hint"]),
                UUID(row["ref_key"]),
                row["account"],
                row["order_id"],
                row["decided_by"],
                decided_at,
            )
            for row in rows
            if (decided_at := from_text(row["decided_at"])) is not None
        ]

    def in_force(self) -> Remembered:
        """The same by their marks."""
        found: dict[Mark, tuple[Decision, ...]] = {}
        for decision in self.all():
            found[decision.mark] = (*found.get(decision.mark, ()), decision)
        return Remembered(found)
