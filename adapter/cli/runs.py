"""Commands that read from Amazon and write to the infobase."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapter.cli.options import DEFAULT_CONFIG, AcceptUnusual, AsJson, Config, color, print_json, width

if TYPE_CHECKING:
    from adapter.parts import Parts
    from adapter.sync import Report

PlanFile = Annotated[Path | None, typer.Option("--output", "-o", help="Also save the plan, for apply.")]
All = Annotated[bool, typer.Option("--all", help="Also show documents for which nothing is to be done.")]


@contextmanager
def _parts(config: Path, *, own: bool) -> Iterator[Parts]:
    """Everything a run works with, for as long as it runs; the catalogs are read anew each time."""
    from adapter.assembly import now, open_parts
    from adapter.ledger import Ledger
    from adapter.logs import set_up
    from adapter.settings import load_settings

    set_up(service=False, level="WARNING")
    loaded = load_settings(config)
    with Ledger.open(loaded.state_directory) as ledger:
        if own:
            ledger.own(now())
        with open_parts(loaded, ledger, refresh=timedelta(0)) as parts:
            yield parts


def plan(
    config: Config = DEFAULT_CONFIG, output: PlanFile = None, as_json: AsJson = False, all_steps: All = False
) -> None:
    """Show what sync would do: the dry run. Nothing is written to 1C or Amazon."""
    from adapter.assembly import now
    from adapter.ledger.database import LedgerBusy
    from adapter.planning.plan import plan_as_json
    from adapter.planning.report import plan_as_text
    from adapter.sync import Sync

    with _parts(config, own=False) as parts:
        peek = True
        try:
            parts.ledger.own(now())
        except LedgerBusy:
            peek = False  # the service reads from Amazon itself, and its budget of calls is not ours to spend
        made, report = Sync(parts).plan(peek=peek)
    if output is not None:
        _save(output, plan_as_json(made))
    if as_json:
        print_json(plan_as_json(made))
    else:
        typer.echo(plan_as_text(made, width=width(), color=color(), all_steps=all_steps), nl=False)
        if not peek:
            typer.echo("The service is running: orders that it has not read yet are not in this plan.")
        _tell_reading(report)


def sync(
    config: Config = DEFAULT_CONFIG,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="The same as the command plan.")] = False,
    accept_unusual: AcceptUnusual = False,
    as_json: AsJson = False,
) -> None:
    """Read from Amazon, decide, and write to 1C, once."""
    if dry_run:
        plan(config, None, as_json)
        return
    from adapter.sync import Sync

    with _parts(config, own=True) as parts:
        report = Sync(parts).run(accept_unusual=accept_unusual)
    _tell(report, as_json=as_json)


def apply(
    file: Annotated[Path, typer.Argument(help="A plan saved by plan -o.")],
    config: Config = DEFAULT_CONFIG,
    accept_unusual: AcceptUnusual = False,
    as_json: AsJson = False,
) -> None:
    """Carry out a saved plan, if nothing has changed since."""
    from adapter.sync import Sync

    saved = _load(file)
    with _parts(config, own=True) as parts:
        report = Sync(parts).apply(saved, accept_unusual=accept_unusual)
    _tell(report, as_json=as_json)


def run(config: Config = DEFAULT_CONFIG) -> None:
    """Run as a service: again and again, until SIGTERM."""
    from adapter.assembly import now, open_parts
    from adapter.daemon import Daemon
    from adapter.ledger import Ledger
    from adapter.logs import set_up
    from adapter.settings import load_settings
    from adapter.sync import Sync

    set_up(service=True)
    loaded = load_settings(config)
    with Ledger.open(loaded.state_directory) as ledger, open_parts(loaded, ledger.own(now()), background=True) as parts:
        Daemon(lambda stopped: Sync(parts, stopped), loaded.settings.poll_seconds, inbox=parts.inbox).run()


def _tell(report: Report, *, as_json: bool) -> None:
    """What a run did; a failed account is the exit code of the command."""
    from adapter.planning.report import plan_as_text

    counts = dict(sorted(report.outcome.counts.items()))
    if as_json:
        print_json(
            {
                "counts": counts,
                "unknown": report.unknown,
                "failed": {account: str(problem) for account, problem in report.failed.items()},
            }
        )
    else:
        if len(report.plan):
            typer.echo(plan_as_text(report.plan, width=width(), color=color()), nl=False)
        done = ", ".join(f"{count} {verb}" for verb, count in counts.items() if count)
        typer.echo(f"Done: {done}." if done else "Nothing to do.")
        if report.unknown or counts.get("unknown"):
            typer.echo("Some writes got no answer; the next run looks them up before anything is repeated.")
    _tell_reading(report)


def _tell_reading(report: Report) -> None:
    for read in report.read.values():
        for text in read.problems:
            typer.echo(text, err=True)
        if read.wait_seconds:
            typer.echo(f"Amazon's budget of calls is used up; more in {read.wait_seconds:.0f} s.", err=True)
    for problem in report.failed.values():
        typer.echo(str(problem), err=True)
    if report.failed:
        raise typer.Exit(max(problem.exit_code for problem in report.failed.values()))


def _save(file: Path, data: object) -> None:
    """A plan names buyers: only its owner may read it."""
    import json
    import os

    from adapter.errors import ConfigurationError

    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as problem:
        raise ConfigurationError(f"{file}: cannot be written: {problem.strerror}") from problem
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(data, out, ensure_ascii=False, indent=1)


def _load(file: Path) -> dict[str, object]:
    import json

    from adapter.errors import ConfigurationError

    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise ConfigurationError(f"{file}: cannot be read: {problem.strerror}") from problem
    except ValueError as problem:
        raise ConfigurationError(f"{file}: no plan; make one with: amazon1c plan -o FILE") from problem
    steps = data.get("steps") if isinstance(data, dict) else None
    needed = {"account", "order_id", "document", "digest"}
    if not isinstance(steps, list) or not all(isinstance(step, dict) and needed <= set(step) for step in steps):
        raise ConfigurationError(f"{file}: no plan; make one with: amazon1c plan -o FILE")
    return {"steps": steps}
