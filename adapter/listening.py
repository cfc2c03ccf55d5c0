"""Builds the queues and the keeper of client secrets from the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from adapter.amazon.marketplaces import Region
from adapter.amazon.queue import HIDDEN_SECONDS, SqsQueue, missing_library
from adapter.errors import ConfigurationError
from adapter.reading.account import Account
from adapter.reading.inbox import Inbox, Line, Recipient
from adapter.reading.secrets import SecretKeeper, mark_of
from adapter.settings import AccountSettings, Loaded


def secret_keeper(loaded: Loaded, now: Callable[[], datetime]) -> SecretKeeper:
    """Watches over the client secrets of all accounts.

    Raises:
        ConfigurationError: a credential is missing.
    """
    accounts = loaded.settings.accounts
    marks = {one.name: mark_of(loaded.secret(f"amazon-{one.name}-client-secret")) for one in accounts}

    def store(account: str, secret: str) -> Path:
        return loaded.store_secret(f"amazon-{account}-client-secret.new", secret)

    return SecretKeeper(accounts, marks, store, now)


def open_inbox(loaded: Loaded, accounts: Sequence[Account], keeper: SecretKeeper) -> Inbox | None:
    """The queues of all accounts, each once; None where no account has one. Nothing is connected yet.

    Raises:
        ConfigurationError: a key for AWS is missing.
    """
    read = {account.name: account for account in accounts}
    lines: dict[str, list[AccountSettings]] = {}
    for account in loaded.settings.accounts:
        if account.notifications is not None and account.name in read:
            lines.setdefault(account.notifications.queue, []).append(account)
    if not lines:
        return None
    return Inbox(
        [
            _line(
                loaded,
                several[0],
                [
                    Recipient(
                        one.name,
                        one.seller_id,
                        Region(one.region),
                        frozenset(read[one.name].marketplace_ids),
                    )
                    for one in several
                ],
            )
            for several in lines.values()
        ],
        keeper.take,
    )


def open_queue(
    loaded: Loaded, account: AccountSettings, *, wait_seconds: int = 10, hidden_seconds: int = HIDDEN_SECONDS
) -> SqsQueue:
    """The connection to an account's queue.

    Raises:
        ConfigurationError: the account has none, or a key for AWS or boto3 is missing.
    """
    if account.notifications is None:
        raise ConfigurationError(
            f"account {account.name}: the settings name no queue; write notifications: {{queue: ARN}}"
        )
    return SqsQueue(
        account.notifications.queue,
        *aws_keys(loaded, account),
        endpoint=account.notifications.endpoint,
        wait_seconds=wait_seconds,
        hidden_seconds=hidden_seconds,
    )


def aws_keys(loaded: Loaded, account: AccountSettings) -> tuple[str, str]:
    """Id and key of the AWS user who reads the queue: the account's own, else those of all accounts.

    Raises:
        ConfigurationError: one is missing.
    """
    keys = []
    for name in ("access-key-id", "secret-access-key"):
        own, common = f"aws-{account.name}-{name}", f"aws-{name}"
        keys.append(loaded.secret(own if loaded.has_secret(own) else common))
    return keys[0], keys[1]


def missing_for_queue(loaded: Loaded, account: AccountSettings) -> list[str]:
    """What is still to be put in place for an account's queue, in words."""
    try:
        aws_keys(loaded, account)
    except ConfigurationError as problem:
        return [str(problem)]
    library = missing_library()
    return [library] if library else []


def _line(loaded: Loaded, account: AccountSettings, recipients: Sequence[Recipient]) -> Line:
    assert account.notifications is not None  # noqa: S101 - only such accounts are gathered
    aws_keys(loaded, account)  # told at the start, not when the first message is due
    return Line(account.notifications.queue.rpartition(":")[2], lambda: open_queue(loaded, account), recipients)
