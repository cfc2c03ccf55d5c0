"""What the parts of delivery share: where to write, how a single step may end, what is left half done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from adapter.errors import Refused, Unavailable
from adapter.ledger import Ledger
from adapter.model.document import Document, StoredDocument
from adapter.model.entry import Entry, State
from adapter.onec.catalogs import Catalogs
from adapter.onec.compare import differences
from adapter.onec.documents import Documents
from adapter.planning.plan import document_from_json

T = TypeVar("T")

KEEPS_KEY = "keeps_chosen_key"
"""Name of the capability: whether the infobase keeps the `Ref_Key` that we send.

`yes`: proven by a document or by the probe; `no` or `sometimes`: the probe has found out that it does not, or not
always; `doubtful`: a document got another key, and no probe has told why since.
"""

DOUBTFUL = "doubtful"
SOMETIMES = "sometimes"
_OWN_KEYS = frozenset({"no", SOMETIMES})

POSTS_ON_CREATE = "posts_on_create"
"""Name of the capability: whether `Posted: true` in the body of a creation posts the document."""

# What `Entry.summary` remembers beside what lists show:
ORDER_ID_PROPERTY = "order_id_property"
ORDER_ID_SEARCH = "order_id_search"  # equals, or contains: the id stands within a text
GOAL = "goal"  # CANCELLED while a document is being taken back
CANCELLED = "cancelled"  # and for good, once it is
SET = "set"  # the properties to write instead of taking it back
BEFORE = "before"  # what the infobase held when an update began; gone as soon as the new contents are written
LACKS = "lacks"  # the update has not begun: 1C refused a catalog element that it needs
DIFFERS = "differs"  # properties that the infobase changed when we wrote what `left_there` says
GONE = "gone"  # a person has deleted the document
KEPT = "kept"  # a person keeps the document as it is, although it is not what we wrote

_UNANSWERED_IN_A_ROW = 3


class Held(Exception):
    """The document is held now; the ledger says why."""


class Later(Exception):
    """It cannot be done now, and it concerns this document only; the next run goes on from what the ledger says."""


class Unsettled(Exception):
    """A write got no answer; the ledger says UNKNOWN, and only looking leads on."""


class Stale(Exception):
    """The infobase is not as the plan believed; the order is planned again with fresh catalogs."""


@dataclass(frozen=True, slots=True)
class Target:
    """The infobase to write to, and what is needed for it.

    Attributes:
        quarantine: how long a request that got no answer may still be carried out by the infobase.
        now: the clock, aware, UTC.
        turn: held during each request, where several threads share the session.
    """

    ledger: Ledger
    documents: Documents
    catalogs: Catalogs
    quarantine: timedelta
    now: Callable[[], datetime]
    turn: Callable[[], AbstractContextManager[None]] = nullcontext

    def send(self, request: Callable[[], T]) -> T:
        """Send one request, when it is its turn.

        Raises:
            NotAsked: it is not sent, since the one before it failed for all.
        """
        with self.turn():
            return request()

    def look(self, read: Callable[[], T]) -> T:
        """Read something for one document.

        Raises:
            Later: 1C refuses to show it, as while the object is locked.
            Unavailable, ConfigurationError: the infobase cannot be asked.
        """
        try:
            return self.send(read)
        except Refused as problem:
            raise Later(str(problem)) from problem

    def keeps_key(self, entity_set: str) -> bool:
        """Whether the infobase is known to keep our keys, so that a second creation can only collide."""
        return self.ledger.notes.capability(entity_set, KEEPS_KEY) == "yes"

    def chooses_keys(self, entity_set: str) -> bool:
        """Whether the probe has found out that the infobase may give documents keys of its own."""
        return self.ledger.notes.capability(entity_set, KEEPS_KEY) in _OWN_KEYS

    def learn_key(self, entity_set: str, *, kept: bool) -> None:
        """Remember what became of a key that we sent. What only a probe can settle, one answer does not."""
        if self._learnt(entity_set, kept) is None:
            return
        with self.ledger.transaction():  # another session may have learnt something meanwhile
            if learnt := self._learnt(entity_set, kept):
                self.ledger.notes.keep_capability(entity_set, KEEPS_KEY, learnt, self.now())

    def _learnt(self, entity_set: str, kept: bool) -> str | None:
        """What is known of the keys from now on; None where that is nothing new."""
        known = self.ledger.notes.capability(entity_set, KEEPS_KEY)
        if kept:
            return "yes" if known is None else None
        return None if known in {*_OWN_KEYS, DOUBTFUL} else DOUBTFUL

    def posts_on_create(self, entity_set: str) -> bool:
        """Whether the infobase is known to post a document in the request that creates it."""
        return self.ledger.notes.capability(entity_set, POSTS_ON_CREATE) == "yes"


class Patience:
    """Leaves the infobase alone until the next run once it has left some writes in a row unanswered."""

    def __init__(self) -> None:
        self._unanswered = 0

    def answered(self) -> None:
        """It speaks."""
        self._unanswered = 0

    def unanswered(self, problem: Unsettled) -> None:
        """It does not.

        Raises:
            Unavailable: once too often.
        """
        self._unanswered += 1
        if self._unanswered >= _UNANSWERED_IN_A_ROW:
            raise Unavailable(f"the infobase does not answer writes ({problem}); the rest waits") from problem


def cut_off(entry: Entry) -> bool:
    """Whether the last write is unknown or the document is written only in part: recovery has to look first."""
    return entry.state in {State.INTENT, State.UNKNOWN} or (entry.state is State.PLANNED and entry.written)


def wanted(entry: Entry) -> Document:
    """The document that an entry is about, under the key that it has in the infobase."""
    return _under_its_key(document_from_json(entry.wanted or {}), entry)


def left_there(entry: Entry) -> Document:
    """The document as we left it in the infobase, as far as is known."""
    return _under_its_key(document_from_json(entry.summary.get(BEFORE) or entry.wanted or {}), entry)


def _under_its_key(document: Document, entry: Entry) -> Document:
    return document if entry.ref_key is None else replace(document, ref_key=entry.ref_key)


def differing(document: Document, stored: StoredDocument, entry: Entry) -> tuple[str, ...]:
    """What in the infobase is not as in the document that we want there."""
    # What the infobase made of an earlier document says nothing about one that has not been written yet.
    ignored = () if BEFORE in entry.summary else entry.summary.get(DIFFERS, ())
    return tuple(str(found) for found in differences(document, stored) if found.path not in ignored)


def differing_from_ours(entry: Entry, stored: StoredDocument) -> tuple[str, ...]:
    """What in the infobase is not as we left it, but for what the infobase itself changed when we wrote it."""
    ignored = entry.summary.get(DIFFERS, ())
    return tuple(str(found) for found in differences(left_there(entry), stored) if found.path not in ignored)


def touched(entry: Entry, stored: StoredDocument) -> tuple[str, ...]:
    """What somebody else has changed in a written document, field by field; empty where nobody has.

    What a person keeps although it is not what we wrote stays changed, until it is that again.
    """
    same_version = bool(entry.data_version) and stored.data_version == entry.data_version
    old, kept = left_there(entry), entry.summary.get(KEPT)
    if same_version and not kept:
        return ()
    found = list(differing_from_ours(entry, stored))
    posted, marked = (old.posted, False) if kept else (entry.posted, entry.marked)
    if posted != stored.posted:
        found.append(f"Posted: {posted} -> {stored.posted}")
    if marked != stored.marked:
        found.append(f"DeletionMark: {marked} -> {stored.marked}")
    # The answer to a creation may come without a version; then the contents alone decide.
    if not found and not same_version and entry.data_version:
        found.append("nothing that we wrote differs")
    return tuple(found)
