"""Commands for the queues into which Amazon tells of changed orders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapter.cli.options import DEFAULT_CONFIG, AsJson, Config, print_json

if TYPE_CHECKING:
    from adapter.settings import AccountSettings, Loaded
    from adapter.setup.notifications import Subscribing

notifications_app = typer.Typer(
    help="Have Amazon tell of changed orders in a queue.", no_args_is_help=True, rich_markup_mode=None
)
OnlyAccount = Annotated[str | None, typer.Option("--account", help="Only this account of the settings.")]
WithDestination = Annotated[
    bool, typer.Option("--with-destination", help="Let Amazon forget the queue too; other sellers may use it.")
]
Wait = Annotated[int, typer.Option("--wait", help="Seconds to wait for the message; the service may hold it a while.")]


@notifications_app.command()
def setup(config: Config = DEFAULT_CONFIG, account: OnlyAccount = None) -> None:
    """Make destination and subscription, and print the policy that the queue needs. May be repeated."""
    from adapter.setup.notifications import policy_text, region_hint

    loaded, chosen = _chosen(config, account)
    by_queue: dict[str, list[AccountSettings]] = {}
    for one in chosen:
        by_queue.setdefault(_queue(one), []).append(one)
    for several in by_queue.values():
        typer.echo(policy_text([one.notifications for one in several if one.notifications is not None]) + "\n")
    for one in chosen:
        if hint := region_hint(one.region, _queue(one)):
            typer.echo(f"account {one.name}: {hint}", err=True)
        with _subscribing(loaded, one) as subscribing:
            done = subscribing.set_up()
        typer.echo(f"account {one.name}: {', '.join(done) or 'everything was there already'}")


@notifications_app.command()
def status(config: Config = DEFAULT_CONFIG, account: OnlyAccount = None, as_json: AsJson = False) -> None:
    """Show what Amazon knows: changes nothing."""
    loaded, chosen = _chosen(config, account)
    found = {}
    for one in chosen:
        with _subscribing(loaded, one) as subscribing:
            found[one.name] = subscribing.look()
    if as_json:
        print_json(
            {
                name: {
                    "complete": each.complete,
                    "destination_id": each.destination and each.destination.destination_id,
                    "subscription_id": each.subscription_id,
                    "elsewhere": each.elsewhere,
                }
                for name, each in found.items()
            }
        )
    else:
        for name, each in found.items():
            if each.complete:
                text = "changed orders are told of in the queue"
            elif each.elsewhere:
                text = f"changed orders are told of in another place: {each.elsewhere}"
            else:
                text = "not set up; run: amazon1c notifications setup"
            typer.echo(f"account {name}: {text}")
    if not all(each.complete for each in found.values()):
        raise typer.Exit(1)


@notifications_app.command()
def remove(
    config: Config = DEFAULT_CONFIG, account: OnlyAccount = None, with_destination: WithDestination = False
) -> None:
    """End the subscriptions; orders are read by polling only."""
    loaded, chosen = _chosen(config, account)
    for one in chosen:
        with _subscribing(loaded, one) as subscribing:
            done = subscribing.remove(destination=with_destination)
        typer.echo(f"account {one.name}: {', '.join(done) or 'nothing was there'}")


@notifications_app.command("new-secret")
def new_secret(config: Config = DEFAULT_CONFIG, account: OnlyAccount = None, wait: Wait = 330) -> None:
    """Fetch a new client secret from the queue into a file beside the credential, for its owner only."""
    import time

    from adapter.amazon.messages import NewSecret, read_message
    from adapter.errors import Unavailable
    from adapter.listening import open_queue

    loaded, chosen = _chosen(config, account)
    ends_at = time.monotonic() + wait
    names = {one.client_id: [other.name for other in chosen if other.client_id == one.client_id] for one in chosen}
    queues = {_queue(one): one for one in chosen}
    while True:
        for one in queues.values():
            # Others' messages are hidden for a moment only: the service is waiting for them.
            queue = open_queue(loaded, one, wait_seconds=min(wait, 5), hidden_seconds=20)
            try:
                for received in queue.receive():
                    message = read_message(received.body)
                    if not isinstance(message, NewSecret) or message.client_id not in names:
                        continue
                    for name in names[message.client_id]:
                        file = loaded.store_secret(f"amazon-{name}-client-secret.new", message.secret)
                        typer.echo(f"A new client secret is in {file}. Use it: mv {file} {file.with_suffix('')}")
                    queue.delete([received.receipt])
                    typer.echo("Then: systemctl restart amazon1c. The old secret works for a week after the new one.")
                    return
            finally:
                queue.close()
        if time.monotonic() >= ends_at:
            raise Unavailable("there is no new client secret in the queue; try again in a few minutes")


def _chosen(config: Path, account: str | None) -> tuple[Loaded, list[AccountSettings]]:
    from adapter.errors import ConfigurationError
    from adapter.logs import set_up
    from adapter.settings import load_settings

    set_up(service=False, level="WARNING")
    loaded = load_settings(config)
    accounts = [one for one in loaded.settings.accounts if account in {None, one.name}]
    if not accounts:
        raise ConfigurationError(f"{config}: there is no account {account}")
    chosen = [one for one in accounts if one.notifications is not None]
    if not chosen:
        raise ConfigurationError(
            f"{config}: no queue is named; make a standard queue in SQS and write below the account: "
            'notifications: {queue: "arn:aws:sqs:..."}'
        )
    return loaded, chosen


def _queue(account: AccountSettings) -> str:
    assert account.notifications is not None  # noqa: S101 - only such accounts are chosen
    return account.notifications.queue


@contextmanager
def _subscribing(loaded: Loaded, account: AccountSettings) -> Iterator[Subscribing]:
    """What administers an account's queue. Its budget is kept in memory: the service uses none of these operations."""
    import time
    from contextlib import ExitStack

    from adapter.amazon.auth import NOTIFICATIONS_SCOPE, LwaTokens
    from adapter.amazon.marketplaces import LWA_ENDPOINT
    from adapter.amazon.notifications import Notifications
    from adapter.assembly import now, open_calls, own_budget
    from adapter.http import HttpClient
    from adapter.setup.notifications import Subscribing

    with ExitStack() as stack:
        calls = open_calls(loaded, account, own_budget(account), stack)
        grantless = LwaTokens.grantless(
            stack.enter_context(HttpClient(account.login_endpoint or LWA_ENDPOINT, deadline=30)),
            account.client_id,
            loaded.secret(f"amazon-{account.name}-client-secret"),
            NOTIFICATIONS_SCOPE,
            now,
            account=account.name,
        )
        yield Subscribing(Notifications(calls, grantless), _queue(account), time.sleep)
