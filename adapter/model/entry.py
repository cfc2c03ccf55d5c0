"""Entries: what the ledger knows of one document of one order, and which moves are allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class State(StrEnum):
    """Where a document stands.

    (none) ──► WAITING ──► PLANNED ──► INTENT ──► DONE
                  │           ▲          │  ▲
                CLOSED        │          ▼  │
                              └─────── UNKNOWN       HELD from anywhere
    """

    WAITING = "waiting"  # Amazon has not finished with the order yet
    PLANNED = "planned"  # decided, nothing sent, or sent and certainly not carried out, or carried out in part
    INTENT = "intent"  # a write is about to leave or under way
    UNKNOWN = "unknown"  # a write got no answer; only looking into the infobase leaves this state
    DONE = "done"  # the infobase holds what was planned
    CLOSED = "closed"  # nothing is to be written
    HELD = "held"  # a person decides


ALLOWED: Mapping[State | None, frozenset[State]] = {
    None: frozenset({State.WAITING, State.PLANNED, State.INTENT, State.CLOSED, State.HELD}),
    State.WAITING: frozenset({State.WAITING, State.PLANNED, State.INTENT, State.CLOSED, State.HELD}),
    State.PLANNED: frozenset({State.PLANNED, State.INTENT, State.WAITING, State.CLOSED, State.HELD, State.DONE}),
    State.INTENT: frozenset({State.INTENT, State.PLANNED, State.UNKNOWN, State.DONE, State.HELD}),
    State.UNKNOWN: frozenset({State.UNKNOWN, State.INTENT, State.PLANNED, State.DONE, State.HELD}),
    State.DONE: frozenset({State.DONE, State.INTENT, State.HELD}),
    State.CLOSED: frozenset({State.CLOSED, State.WAITING, State.PLANNED, State.INTENT, State.HELD}),
    State.HELD: frozenset({State.HELD, State.WAITING, State.PLANNED, State.INTENT, State.CLOSED, State.DONE}),
}


class Operation(StrEnum):
    """A single write to the infobase; each is one transaction there."""

    CREATE = "create"
    REPLACE = "replace"
    POST = "post"
    UNPOST = "unpost"
    MARK = "mark"
    SET = "set"


class HoldCause(StrEnum):
    """Why a document is held; decides what may release it."""

    PLAN = "plan"  # planning found doubt; it is planned again every time
    REFUSED = "refused"  # the infobase said no; released by a change of the order or mapping, or by a person
    DIFFERENT = "different"  # the infobase holds something else than we wrote; released by a person


@dataclass(frozen=True, slots=True)
class Key:
    """One document of one order. Text form: `account/order id/document`."""

    account: str
    order_id: str
    document: str

    def __str__(self) -> str:
        return f"{self.account}/{self.order_id}/{self.document}"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger says about a document.

    Attributes:
        wanted: the document as last sent or about to be sent, in the form of `planning.plan.document_as_json`.
        written: whether the infobase is known to hold it.
        data_version: of the infobase's object after our last write; another one later means that somebody wrote too.
        material: fingerprint of what in the order matters for money, goods and people, when it was last written.
        mapping_version: of the mapping by which `wanted` was made.
        not_before: an UNKNOWN document that is absent may be created again only from this moment; aware, UTC.
    """

    key: Key
    state: State
    entity_set: str = ""
    ref_key: UUID | None = None
    operation: Operation | None = None
    attempt: int = 0
    epoch: int = 0
    wanted: Mapping[str, Any] | None = None
    written: bool = False
    posted: bool = False
    marked: bool = False
    data_version: str = ""
    order_hash: str = ""
    material: str = ""
    mapping_version: str = ""
    reasons: tuple[str, ...] = ()
    hold: HoldCause | None = None
    not_before: datetime | None = None
    summary: Mapping[str, Any] = field(default_factory=dict)
    updated_at: datetime | None = None
