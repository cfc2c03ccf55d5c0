"""How far back-fills are, shown to the person who waits for them: in words, as data, as a bar."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from adapter.ledger import Ledger
    from adapter.ledger.backfills import Backfill, Progress

_LINE_SECONDS = 60.0
_PER_SECOND = 0.5  # orders by getOrder. Source: SP-API model orders_2026-01-01


def in_words(backfill: Backfill, progress: Progress, *, left_behind: bool = False) -> str:
    """How far a back-fill is, in one line.

    Args:
        left_behind: its account is no longer in the settings.
    """
    from adapter.ledger.backfills import DONE, FAILED, STOPPED

    head = f"account {backfill.account}: {range_of(backfill)}: "
    read = f"{progress.found - progress.waiting:,} of {progress.found:,} orders known so far are read"
    if backfill.state == DONE:
        return f"{head}all {progress.found:,} orders are read."
    if backfill.state == FAILED:
        return f"{head}given up: {backfill.words}. {read}."
    if backfill.state == STOPPED:
        return f"{head}ended by a person; {progress.found - progress.waiting:,} orders were read."
    known = f"{progress.windows_done} of {progress.windows} parts are known"
    if left_behind:
        advice = f"Put it back, or end this: amazon1c backfill --stop --account {backfill.account}"
        return f"{head}{known}, {read}; nobody goes on, for the account is not in the settings. {advice}"
    left = f", about {_duration(progress.waiting / _PER_SECOND)} for the rest of them" if progress.waiting else ""
    return f"{head}{known}, {read}{left}."


def as_data(backfill: Backfill, progress: Progress) -> dict[str, Any]:
    """The same as JSON data."""
    return {
        "account": backfill.account,
        "since": backfill.since.isoformat(),
        "until": backfill.until.isoformat(),
        "way": backfill.way,
        "state": backfill.state,
        "words": backfill.words or None,
        "parts": progress.windows,
        "parts_known": progress.windows_done,
        "orders_known": progress.found,
        "orders_read": progress.found - progress.waiting,
    }


def range_of(backfill: Backfill) -> str:
    """From when to when it reads."""
    return f"{backfill.since:%Y-%m-%d %H:%M} to {backfill.until:%Y-%m-%d %H:%M} UTC"


def _duration(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours" if seconds >= 5400 else f"{max(1.0, seconds / 60):.0f} minutes"


@dataclass(slots=True)
class Board:
    """Shows how far back-fills are: `draw` a bar, or a line now and then."""

    ledger: Ledger
    begun: Sequence[Backfill]
    draw: Callable[[Backfill, Progress], None]
    problem: Callable[[str], None]

    def show(self, account: str | None = None) -> None:
        """Show those of one account, or all."""
        for each in self.begun:
            if account in {None, each.account}:
                self.draw(each, self.ledger.backfills.progress(each))


@contextmanager
def shown_board(ledger: Ledger, begun: Sequence[Backfill], *, as_json: bool) -> Iterator[Board]:
    """A bar for each account on a terminal; elsewhere a line a minute, and none beside JSON."""
    if as_json:
        yield Board(ledger, begun, lambda *_: None, lambda text: typer.echo(text, err=True))
    elif sys.stdout.isatty():
        with _bars(begun) as (draw, problem):
            yield Board(ledger, begun, draw, problem)
    else:
        lines: dict[str, tuple[float, str]] = {}

        def line(each: Backfill, progress: Progress) -> None:
            text, at = in_words(each, progress), time.monotonic()
            before, shown = lines.get(each.account, (-_LINE_SECONDS, ""))
            if text != shown and at - before >= _LINE_SECONDS:
                lines[each.account] = (at, text)
                typer.echo(text)

        yield Board(ledger, begun, line, lambda text: typer.echo(text, err=True))


@contextmanager
def _bars(begun: Sequence[Backfill]) -> Iterator[tuple[Callable[[Backfill, Progress], None], Callable[[str], None]]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[orders]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console()) as bars:
        tasks = {each.account: bars.add_task(each.account, total=1.0, orders="") for each in begun}

        def draw(each: Backfill, progress: Any) -> None:
            read = progress.found - progress.waiting
            known = read / progress.found if progress.found else 1.0
            orders = f"{read:,} of {progress.found:,} orders"
            bars.update(tasks[each.account], completed=progress.share * known, orders=orders)

        yield draw, lambda text: bars.console.print(text, markup=False, highlight=False)
