"""What people have decided about buyers, remembered for their next orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class MarkKind(StrEnum):
    """By what a buyer is known again."""

    ALIAS = "alias"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Mark:
    """By what a buyer is known again; the value itself, which is a person's, is not kept.

    Attributes:
        digest: of the value, so that an equal one is recognised.
        hint: as much of it as helps a person to know which it was.
    """

    kind: MarkKind
    digest: str
    hint: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """A person has said whose order it is.

    Attributes:
        number: by which it can be revoked.
        decided_by: the person's login name.
        decided_at: aware, UTC.
    """

    number: int
    mark: Mark
    ref_key: UUID
    account: str
    order_id: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Remembered:
    """The decisions that are in force."""

    decisions: Mapping[Mark, tuple[Decision, ...]] = field(default_factory=dict)

    def of(self, mark: Mark | None) -> Decision | None:
        """The last decision about a mark; None as well if it was seen with two customers: then it tells nothing."""
        found = self.decisions.get(mark, ()) if mark is not None else ()
        return found[-1] if len({decision.ref_key for decision in found}) == 1 else None
