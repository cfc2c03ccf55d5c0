"""Commands that look at orders in the ledger, and that take a person's decisions."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapter.cli.options import DEFAULT_CONFIG, AsJson, Config, login_name, print_json

if TYPE_CHECKING:
    from adapter.ledger import Ledger
    from adapter.model.entry import Entry
    from adapter.reading.backlog import Backlog

OrderId = Annotated[str, typer.Argument(help="Amazon's order id, such as 302-1234567-1234567.")]
OrderIds = Annotated[list[str], typer.Argument(help="Amazon's order ids, one or several.")]

held_app = typer.Typer(help="Orders that need a decision.", invoke_without_command=True, rich_markup_mode=None)


@held_app.callback()
def held(context: typer.Context, config: Config = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """List the held orders, each with its reasons and next steps."""
    if context.invoked_subcommand is not None:
        return
    from adapter.assembly import open_ledger
    from adapter.model.entry import State

    with open_ledger(config) as ledger:
        entries = ledger.entries.in_states(State.HELD)
    if as_json:
        print_json([_entry(entry) for entry in entries])
        return
    for entry in entries:
        typer.echo(f"{entry.key.order_id}  {_total(entry):>14}  {entry.summary.get('customer') or '-'}")
        for reason in entry.reasons:
            typer.echo(f"    Held: {reason}")
    typer.echo(f"{len(entries)} held." if entries else "Nothing is held.")


@held_app.command()
def retry(order_ids: OrderIds, config: Config = DEFAULT_CONFIG) -> None:
    """Look at held orders again, at all of them or at none: after you put something right in 1C."""
    from adapter.operators import retry as look_again

    with _owned(config) as ledger, ledger.transaction():
        for order_id in order_ids:
            look_again(ledger, order_id, _now())
    for order_id in order_ids:
        typer.echo(f"{order_id} is looked at again by the next run (amazon1c sync, or the service).")


@held_app.command()
def accept(order_id: OrderId, config: Config = DEFAULT_CONFIG) -> None:
    """Keep the document as it stands in 1C, although it differs from what was written."""
    from adapter.assembly import open_parts
    from adapter.operators import accept as keep
    from adapter.settings import load_settings

    with _owned(config) as ledger, open_parts(load_settings(config), ledger) as parts:
        keep(parts, order_id)
    typer.echo(f"{order_id} stays as it is in 1C.")


@held_app.command("choose-customer")
def choose_customer(
    order_id: OrderId,
    customer: Annotated[str, typer.Argument(help="Ref_Key of the customer in 1C.")],
    config: Config = DEFAULT_CONFIG,
    only_this_order: Annotated[bool, typer.Option("--only-this-order", help="Do not remember it for others.")] = False,
) -> None:
    """Say who the customer of an order is; the buyer's next orders go there too."""
    from adapter.operators import choose_customer as choose

    with _owned(config) as ledger:
        marks = choose(ledger, order_id, customer, _now(), decided_by=login_name(), remember=not only_this_order)
    typer.echo(f"{order_id} goes to that customer with the next run (amazon1c sync, or the service).")
    if marks:
        known = ", ".join(f"{mark.kind} {mark.hint}" for mark in marks)
        typer.echo(f"The buyer is known again by: {known}. To revoke it: amazon1c customers forget {order_id}")


def order(order_id: OrderId, config: Config = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Show the whole history of an order."""
    from adapter.assembly import open_ledger
    from adapter.errors import Refused
    from adapter.planning.explained import explained

    with open_ledger(config) as ledger:
        seen = ledger.orders.by_id(order_id)
        entries = ledger.entries.of_order(order_id)
        history = ledger.entries.history(order_id)
    if not seen and not history:
        raise Refused(f"Amazon has not shown an order {order_id} yet; compare the number, or run: amazon1c sync")
    if as_json:
        print_json(
            {
                "order_id": order_id,
                "documents": [_entry(entry) for entry in entries],
                "history": [
                    {
                        "at": event.at.isoformat(),
                        "document": event.key.document,
                        "from": event.state_from,
                        "to": event.state_to,
                        "operation": event.operation,
                        "attempt": event.attempt,
                        "epoch": event.epoch,
                        "cause": event.cause,
                    }
                    for event in history
                ],
            }
        )
        return
    for entry in entries:
        place = f"{entry.entity_set} {entry.ref_key}" if entry.written else "not in 1C"
        typer.echo(f"{entry.key.document}: {entry.state.value}, {place}, {_total(entry)}")
        for reason in entry.reasons:
            typer.echo(f"    {reason}")
        for line in explained(entry.summary.get("explanation")):
            typer.echo(f"    {line}")
    for event in history:
        at = event.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        typer.echo(f"{at}  {event.key.document}: {event.state_from or 'new'} -> {event.state_to}  {event.cause}")


def status(config: Config = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """One line to trust, and what lies behind it."""
    from adapter.assembly import backlog_of, open_ledger
    from adapter.cli.backfill_progress import as_data as backfill_as_data
    from adapter.cli.backfill_progress import in_words as backfill_in_words
    from adapter.cli.warnings import warnings
    from adapter.model.entry import State
    from adapter.reading.refusals import refusal_of
    from adapter.settings import load_settings

    settings = load_settings(config).settings
    with open_ledger(config) as ledger:
        warned = warnings(settings, ledger.notices.all(), _now())
        seen = ledger.orders.counts()
        states = ledger.entries.counts()
        unplanned = len({(order.account, order.order_id) for order in ledger.orders.open()}) - _planned_open(ledger)
        cursors = {account: ledger.orders.cursor(account) for account in seen}
        refusals = {account: refusal_of(ledger, account) for account in seen}
        filling = [ledger.backfills.open(account) for account in sorted(ledger.backfills.accounts())]
        fillings = [(each, ledger.backfills.progress(each)) for each in filling if each is not None]
        known = {one.name for one in settings.accounts}
        waiting = ledger.wanted.counts()
        backlogs = {one.name: backlog_of(one, ledger, waiting.get(one.name, 0)) for one in settings.accounts}
    done, total = states.get(State.DONE, 0), sum(states.values()) + unplanned
    wanted = total - states.get(State.CLOSED, 0) - states.get(State.WAITING, 0)
    if as_json:
        print_json(
            {
                "orders": seen,
                "documents": {state.value: states.get(state, 0) for state in State} | {"unplanned": unplanned},
                "in_1c": done,
                "wanted_in_1c": wanted,
                "accounts": {
                    account: {
                        "read_until": cursor.updated_after.isoformat() if cursor else None,
                        "polled_at": cursor.polled_at.isoformat() if cursor and cursor.polled_at else None,
                        "sweep_under_way": bool(cursor and cursor.page_token),
                        "refused_data_sets": list(refusal.data_sets) if (refusal := refusals[account]) else [],
                    }
                    for account, cursor in cursors.items()
                },
                "backfills": [backfill_as_data(each, progress) for each, progress in fillings],
                "backlog": {
                    account: {
                        "orders_by_search": left.by_search,
                        "orders_one_by_one": left.one_by_one,
                        "done_at": left.done_at.isoformat(timespec="seconds") if left.done_at else None,
                    }
                    for account, left in backlogs.items()
                    if left is not None
                },
                "warnings": warned,
            }
        )
        return
    typer.echo(f"{done:,} of {wanted:,} orders are in 1C, to the cent.")
    words = {
        State.HELD: "held; see amazon1c held",
        State.UNKNOWN: "with an unknown outcome; looked up by the next run",
        State.INTENT: "being written",
        State.PLANNED: "to be written",
        State.WAITING: "waiting for Amazon",
        State.CLOSED: "with nothing to write",
    }
    for state, text in words.items():
        if states.get(state):
            typer.echo(f"{states[state]:>7,} {text}")
    if unplanned:
        typer.echo(f"{unplanned:>7,} read and not planned yet")
    for account, cursor in cursors.items():
        polled = cursor.polled_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if cursor and cursor.polled_at else "-"
        typer.echo(f"account {account}: {seen[account]:,} orders seen, last complete reading {polled}")
        if refusal := refusals[account]:
            typer.echo(f"    Amazon refuses {', '.join(refusal.data_sets)} since {refusal.since:%Y-%m-%d %H:%M} UTC")
    for each, progress in fillings:
        typer.echo(f"Back-fill, {backfill_in_words(each, progress, left_behind=each.account not in known)}")
    for account, left in backlogs.items():
        if left is not None:
            typer.echo(f"account {account}: {_backlog(left)}")
    for text in warned:
        typer.echo(f"Warning: {text}")


def _backlog(left: Backlog) -> str:
    """What is still to be read, in words."""
    parts = [f"about {left.by_search:,} orders by search"] if left.by_search else []
    parts += [f"{left.one_by_one:,} one by one"] if left.one_by_one else []
    if left.done_at is None:
        return f"a backlog at Amazon ({', '.join(parts) or 'of unknown length'}) is being read"
    return f"a backlog at Amazon ({', '.join(parts)}), read by about {left.done_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _planned_open(ledger: Ledger) -> int:
    """How many open orders have an entry already."""
    orders = {(order.account, order.order_id) for order in ledger.orders.open()}
    return len({(key.account, key.order_id) for key in ledger.entries.of_orders(orders)})


def _owned(config: Path) -> Ledger:
    """The ledger, to write a decision into it."""
    from adapter.assembly import open_ledger

    return open_ledger(config).own(_now())


def _now() -> Any:
    from adapter.assembly import now

    return now()


def _total(entry: Entry) -> str:
    total = entry.summary.get("total")
    return f"{total['amount']} {total['currency']}" if isinstance(total, dict) else ""


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "account": entry.key.account,
        "order_id": entry.key.order_id,
        "document": entry.key.document,
        "state": entry.state,
        "hold": entry.hold,
        "reasons": list(entry.reasons),
        "customer": entry.summary.get("customer"),
        "matched": entry.summary.get("matched"),
        "explanation": entry.summary.get("explanation"),
        "total": entry.summary.get("total"),
        "entity_set": entry.entity_set or None,
        "ref_key": str(entry.ref_key) if entry.ref_key else None,
        "in_1c": entry.written,
        "posted": entry.posted,
        "mapping_version": entry.mapping_version or None,
        "updated_at": entry.updated_at.isoformat() if entry.updated_at else None,
    }
