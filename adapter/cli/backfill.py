"""The command that reads old orders: by itself, or by the service that is running."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from adapter.cli.backfill_progress import as_data, in_words, range_of, shown_board
from adapter.cli.options import DEFAULT_CONFIG, AsJson, Config, print_json

if TYPE_CHECKING:
    from datetime import datetime

    from adapter.ledger import Ledger
    from adapter.ledger.backfills import Backfill
    from adapter.reading.account import ReadReport
    from adapter.settings import AccountSettings, Loaded

Since = Annotated[
    str | None,
    typer.Option("--since", help="First day of the orders, such as 2026-01-31: UTC, unless an offset is written."),
]
Until = Annotated[str | None, typer.Option("--until", help="Last day, itself included; by default up to now.")]
Name = Annotated[str | None, typer.Option("--account", "-a", help="Only this seller account; by default all.")]
By = Annotated[
    Literal["auto", "search", "reports", "both"],
    typer.Option(help="How orders are found: by searches, by Amazon's order reports, or by both side by side."),
]
NoWait = Annotated[bool, typer.Option("--no-wait", help="Leave it to the service, and do not watch.")]
Stop = Annotated[bool, typer.Option("--stop", help="End the back-fill that is under way; what was read stays.")]

_LOOK_SECONDS = 2.0
_UNAVAILABLE = 75


def backfill(
    since: Since = None,
    until: Until = None,
    account: Name = None,
    by: By = "auto",
    no_wait: NoWait = False,
    stop: Stop = False,
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Read old orders into the ledger, up to two years back; without --since, go on where it was left.

    A service that is running does the work, and this command shows how far it is; otherwise it works itself. It may be
    interrupted, or killed, at any moment.
    """
    from adapter.errors import ConfigurationError
    from adapter.ledger import Ledger
    from adapter.logs import set_up
    from adapter.settings import load_settings

    if since is None and until is not None:
        raise ConfigurationError("--until needs --since: from when shall old orders be read?")
    set_up(service=False, level="WARNING")
    loaded = load_settings(config)
    with Ledger.open(loaded.state_directory) as ledger:
        left = _left_behind(loaded, ledger, account)
        chosen = _chosen(loaded, left if stop or since is None else (), account)
        if stop:
            _stop(ledger, [each.name for each in chosen] + [each.account for each in left])
            return
        told = [in_words(each, ledger.backfills.progress(each), left_behind=True) for each in left]
        if since is None and left and not any(ledger.backfills.open(each.name) for each in chosen):
            raise ConfigurationError(told)
        for line in told:
            typer.echo(line, err=True)
        _carry_out(loaded, ledger, chosen, _Wish(since, until, by), no_wait=no_wait, as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a person has asked for; without `since`, what is under way."""

    since: str | None
    until: str | None
    by: str


def _left_behind(loaded: Loaded, ledger: Ledger, name: str | None) -> list[Backfill]:
    """Open back-fills of accounts that are no longer in the settings, or have another name there."""
    known = {each.name for each in loaded.settings.accounts}
    names = sorted(each for each in ledger.backfills.accounts() - known if name in {None, each})
    return [found for each in names if (found := ledger.backfills.open(each)) is not None]


def _chosen(loaded: Loaded, left: Sequence[Backfill], name: str | None) -> list[AccountSettings]:
    from adapter.errors import ConfigurationError

    accounts = loaded.settings.accounts
    found = [each for each in accounts if name in {None, each.name}]
    if not found and not left:
        known = ", ".join(each.name for each in accounts)
        raise ConfigurationError(f"--account {name}: there is no such account in the settings; there are: {known}")
    return found


def _stop(ledger: Ledger, accounts: Sequence[str]) -> None:
    from adapter.assembly import now
    from adapter.ledger.backfills import STOPPED

    for account in accounts:
        if (open_ := ledger.backfills.open(account)) is not None:
            ledger.backfills.end(open_.number, STOPPED, now())
            typer.echo(f"The back-fill of {account} is ended; the orders read so far stay.")
        else:
            typer.echo(f"No back-fill of {account} is under way.")


def _carry_out(
    loaded: Loaded, ledger: Ledger, accounts: Sequence[AccountSettings], wish: _Wish, *, no_wait: bool, as_json: bool
) -> None:
    from adapter.assembly import now, open_parts
    from adapter.ledger.database import LedgerBusy

    try:
        ledger.own(now())
    except LedgerBusy:
        begun = _begun(ledger, accounts, wish, now())
        minutes = loaded.settings.poll_seconds / 60
        _say(f"The service is running and reads them; it begins within {minutes:.0f} minutes.", as_json=as_json)
        _follow(ledger, begun, watch=not no_wait, as_json=as_json)
        return
    with open_parts(loaded, ledger) as parts:
        begun = _begun(ledger, accounts, wish, now())
        if no_wait:
            _say("No service is running; it begins with this when it starts.", as_json=as_json)
            _finish(ledger, begun, as_json=as_json)
            return
        names = {each.account for each in begun}
        _work(ledger, begun, [each for each in parts.accounts if each.name in names], as_json=as_json)


def _begun(ledger: Ledger, accounts: Sequence[AccountSettings], wish: _Wish, now: datetime) -> list[Backfill]:
    """The back-fills to carry out: those asked for now, or those under way.

    Raises:
        ConfigurationError: there are none, another one is under way, or Amazon has no orders of that age.
    """
    from adapter.assembly import marketplaces_of_account
    from adapter.errors import ConfigurationError
    from adapter.reading.backfill import way_for, windows_for
    from adapter.reading.ranges import check_reach, read_range

    if wish.since is None:
        under_way = [found for each in accounts if (found := ledger.backfills.open(each.name)) is not None]
        if not under_way:
            raise ConfigurationError("no back-fill is under way; begin one: amazon1c backfill --since 2026-01-31")
        return under_way
    since, until = read_range(wish.since, wish.until, now)
    for account in accounts:
        check_reach(account.name, since, marketplaces_of_account(account), now)
        open_ = ledger.backfills.open(account.name)
        # Asked for once more, without an end, it is the same one: its end is the moment of the first time.
        same = open_ is not None and open_.since == since and (wish.until is None or open_.until == until)
        if open_ is not None and not same:
            raise ConfigurationError(
                f"account {account.name}: a back-fill of {range_of(open_)} is under way; go on with it: amazon1c "
                "backfill, or end it before: amazon1c backfill --stop"
            )
    way = way_for(since, until) if wish.by == "auto" else wish.by
    windows = windows_for(since, until, way)
    with ledger.transaction():
        return [ledger.backfills.ask(account.name, since, until, way, windows, now) for account in accounts]


def _work(ledger: Ledger, begun: Sequence[Backfill], accounts: Sequence[Any], *, as_json: bool) -> None:
    """Read the orders here."""
    from adapter.assembly import now
    from adapter.reading.backfill_run import BackfillRun

    with shown_board(ledger, begun, as_json=as_json) as board:

        def tell(name: str, read: ReadReport) -> None:
            for problem in read.problems:
                board.problem(problem)
            board.show(name)

        def sleep(seconds: float) -> None:
            ends_at = time.monotonic() + seconds
            while (left := ends_at - time.monotonic()) > 0:
                time.sleep(min(_LOOK_SECONDS, left))
                board.show()

        run = BackfillRun(accounts, ledger, now, seconds=time.monotonic, sleep=sleep, tell=tell)
        try:
            run.run()
        except KeyboardInterrupt:
            typer.echo("Interrupted. Go on with: amazon1c backfill; or start the service, which goes on too.", err=True)
            raise typer.Exit(130) from None
    for problem in run.failed.values():
        typer.echo(str(problem), err=True)
    _finish(ledger, begun, as_json=as_json, exit_code=max((each.exit_code for each in run.failed.values()), default=0))


def _follow(ledger: Ledger, begun: Sequence[Backfill], *, watch: bool, as_json: bool) -> None:
    """Show how far the service is, until nothing is left."""
    from adapter.ledger.backfills import OPEN

    with shown_board(ledger, begun, as_json=as_json) as board:
        try:
            while watch and any(ledger.backfills.get(each.number).state == OPEN for each in begun):
                board.show()
                time.sleep(_LOOK_SECONDS)
        except KeyboardInterrupt:
            typer.echo("The service goes on. Look again with: amazon1c backfill; end it with --stop.", err=True)
            raise typer.Exit(130) from None
    _finish(ledger, begun, as_json=as_json, by_service=True)


def _finish(
    ledger: Ledger, begun: Sequence[Backfill], *, as_json: bool, by_service: bool = False, exit_code: int = 0
) -> None:
    """Tell how each back-fill ended or how far it is; one that failed is the exit code of the command."""
    from adapter.ledger.backfills import DONE, FAILED

    ended = [ledger.backfills.get(each.number) for each in begun]
    told = [(each, ledger.backfills.progress(each)) for each in ended]
    if as_json:
        print_json([as_data(each, progress) for each, progress in told])
    else:
        for each, progress in told:
            typer.echo(in_words(each, progress))
        if any(each.state == DONE for each in ended) and not by_service:
            typer.echo("See what they become with: amazon1c plan; write them with: amazon1c sync")
        if any(each.state == DONE for each in ended):
            typer.echo(
                "Many old orders at once may be more than the safety check lets pass; amazon1c sync --accept-unusual "
                "writes them after you have looked at the plan."
            )
    if exit_code or any(each.state == FAILED for each in ended):
        raise typer.Exit(exit_code or _UNAVAILABLE)


def _say(text: str, *, as_json: bool) -> None:
    """A word on the way; standard output belongs to JSON where that was asked for."""
    typer.echo(text, err=as_json)
