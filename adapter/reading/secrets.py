"""The life of client secrets: when one ends, who is told, and where a new one goes.

A client secret is good for 180 days. Amazon may also say when one ends, and send a new one, by messages in a queue.
Source: SP-API documentation, "Rotate your application's client secret". No secret ever stands in the ledger or a log.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from loguru import logger

from adapter.amazon.messages import NewSecret, SecretExpiry
from adapter.errors import ConfigurationError
from adapter.ledger import Ledger
from adapter.ledger.notices import Notice

LIFE = timedelta(days=180)
STAGES = (60, 30, 14, 7)
"""Days before the end at which a warning is due; in the last of them it is repeated every day."""

OLD_SECRET_LIFE = timedelta(days=7)
ENDS, NEW = "secret-ends", "new-secret"
"""Kinds of notices. Their values are JSON: `ends_on`, `mark` of the secret in use then, and `file` of a new one."""


class AccountFacts(Protocol):
    """What is asked of an account's settings."""

    @property
    def name(self) -> str:
        """Our name of the account."""

    @property
    def client_id(self) -> str:
        """The application's."""

    @property
    def client_secret_created(self) -> date | None:
        """The day on which the secret in use was made."""


@dataclass(frozen=True, slots=True)
class SecretLife:
    """How long an account's client secret is still good.

    Attributes:
        stage: the smallest of `STAGES` that has begun, 0 once it has ended; None while there is time.
    """

    account: str
    ends_on: date
    new_secret: Notice | None = None

    def days(self, today: date) -> int:
        """Days left; negative once it has ended."""
        return (self.ends_on - today).days

    def stage(self, today: date) -> int | None:
        """How urgent it is."""
        days = self.days(today)
        if days <= 0:
            return 0
        return next((stage for stage in reversed(STAGES) if days <= stage), None)

    def text(self, today: date) -> str:
        """What an operator is told."""
        credential = f"amazon-{self.account}-client-secret"
        days = self.days(today)
        ends = f"ends in {days} day{'s' * (days != 1)}, on {self.ends_on}" if days > 0 else f"ended on {self.ends_on}"
        if self.new_secret is not None:
            file = json.loads(self.new_secret.value).get("file")
            place = f"it is in {file}" if file else "fetch it with: sudo amazon1c notifications new-secret"
            return (
                f"account {self.account}: Amazon has made a new client secret, and the one in use {ends}: {place}; put "
                f"it in the place of the credential {credential}, then restart the service"
            )
        return (
            f"account {self.account}: the client secret {ends}, and then Amazon refuses every call: make a new one in "
            f"the developer console, put it into the credential {credential}, write its day into the settings "
            "(client_secret_created), and restart the service; the old one works for another week"
        )


def secret_lives(accounts: Iterable[AccountFacts], notices: Sequence[Notice]) -> list[SecretLife]:
    """How long each account's secret is good, as far as settings or Amazon say; nothing for the others."""
    lives = []
    for account in accounts:
        created = account.client_secret_created
        told = {notice.kind: notice for notice in notices if notice.account == account.name}
        # A day in the settings that is younger than a message is that of another secret.
        told = {kind: notice for kind, notice in told.items() if created is None or created <= notice.since.date()}
        given = [date.fromisoformat(json.loads(told[kind].value)["ends_on"]) for kind in (ENDS, NEW) if kind in told]
        if given:
            lives.append(SecretLife(account.name, min(given), told.get(NEW)))
        elif created is not None:
            lives.append(SecretLife(account.name, created + LIFE))
    return lives


def mark_of(secret: str) -> str:
    """Tells two secrets apart without telling them."""
    return hashlib.sha256(secret.encode()).hexdigest()[:16]


class SecretKeeper:
    """Takes in what Amazon says of client secrets, and warns in time.

    Args:
        marks: account -> `mark_of` the secret in use.
        store: keeps a new secret for an account and gives its file.

    `store` raises ConfigurationError where nothing can be kept; the message then stays in its queue.
    """

    def __init__(
        self,
        accounts: Sequence[AccountFacts],
        marks: Mapping[str, str],
        store: Callable[[str, str], Path],
        now: Callable[[], datetime],
    ) -> None:
        self._accounts = tuple(accounts)
        self._marks = marks
        self._store = store
        self._now = now
        self._told: dict[str, tuple[int, date]] = {}

    def take(self, message: SecretExpiry | NewSecret, ledger: Ledger, now: datetime) -> bool:
        """Keep what a message says; False: it is not for us, or has to stay in the queue."""
        ours = [account.name for account in self._accounts if account.client_id == message.client_id]
        if isinstance(message, SecretExpiry):
            for account in ours:
                self._keep(ledger, account, ENDS, message.expires_at, now)
            return bool(ours)
        stored = [self._take_new(account, message, ledger, now) for account in ours]
        return bool(stored) and all(stored)

    def _take_new(self, account: str, message: NewSecret, ledger: Ledger, now: datetime) -> bool:
        if mark_of(message.secret) == self._marks.get(account):
            return True  # it is in use already
        try:
            file = str(self._store(account, message.secret))
        except ConfigurationError:
            file = ""
        self._keep(ledger, account, NEW, message.old_expires_at or now + OLD_SECRET_LIFE, now, file=file)
        return bool(file)

    def _keep(self, ledger: Ledger, account: str, kind: str, ends_at: datetime, now: datetime, **more: str) -> None:
        value = {"ends_on": ends_at.astimezone(UTC).date().isoformat(), "mark": self._marks.get(account, ""), **more}
        if ledger.notices.keep(account, kind, json.dumps(value, sort_keys=True), now):
            self._told.pop(account, None)

    def look(self, ledger: Ledger) -> None:
        """Forget what was said of secrets that are no longer in use, and log what is due."""
        for notice in (*ledger.notices.all(ENDS), *ledger.notices.all(NEW)):
            if json.loads(notice.value)["mark"] != self._marks.get(notice.account, ""):
                ledger.notices.drop(notice.account, notice.kind)
        today = self._now().date()
        for life in secret_lives(self._accounts, ledger.notices.all()):
            stage = STAGES[-1] if life.new_secret is not None else life.stage(today)
            if stage is None or self._is_told(life.account, stage, today):
                continue
            logger.log("WARNING" if life.days(today) > 0 else "ERROR", "{}", life.text(today))

    def _is_told(self, account: str, stage: int, today: date) -> bool:
        """Whether this warning was given: once for each stage, and every day in the last one and after."""
        before = self._told.get(account)
        self._told[account] = stage, today
        return before is not None and before[0] == stage and (stage > STAGES[-1] or before[1] == today)
