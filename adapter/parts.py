"""Everything that a run works with, as `assembly` builds it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapter.customer_copy import Connect
from adapter.ledger import Ledger
from adapter.mapping.load import LoadedRules
from adapter.onec.client import InfobaseClient
from adapter.planning.books import Identity
from adapter.reading.account import Account
from adapter.reading.inbox import Inbox
from adapter.reading.secrets import SecretKeeper


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a run works with; built by `assembly`.

    Attributes:
        sessions: connections for writing, one for each session that may be used at once; the first is `infobase`.
        refresh: how old the copies of the infobase's catalogs may be.
        metadata_age: how old the copy of its schema may be.
        now: the clock, aware, UTC.
        inbox: the queues that tell of changed orders, if there are any.
        secrets: watches over the client secrets.
        sleep: waits so many seconds, in the thread of an account.
        connect: opens another connection to the infobase, to read customers by while the others are at work; None:
            they are read while everything else waits, as by a command that ends soon.
    """

    ledger: Ledger
    accounts: Sequence[Account]
    infobase: InfobaseClient
    sessions: Sequence[InfobaseClient]
    mapping: LoadedRules
    identity: Identity
    quarantine: timedelta
    refresh: timedelta
    now: Callable[[], datetime]
    metadata_age: timedelta = timedelta(days=1)
    inbox: Inbox | None = None
    secrets: SecretKeeper | None = None
    sleep: Callable[[float], None] = time.sleep
    connect: Connect | None = None
