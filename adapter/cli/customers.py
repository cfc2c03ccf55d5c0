"""Commands about what people have decided about buyers."""

from __future__ import annotations

from typing import Annotated

import typer

from adapter.cli.options import DEFAULT_CONFIG, AsJson, Config, login_name, print_json

customers_app = typer.Typer(help="What people decided about buyers.", no_args_is_help=True, rich_markup_mode=None)


@customers_app.command()
def decisions(config: Config = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """List what is remembered: by what a buyer is known again, whose orders they are, and who said so."""
    from adapter.assembly import open_ledger

    with open_ledger(config) as ledger:
        found = ledger.remembered.all()
    if as_json:
        print_json(
            [
                {
                    "number": decision.number,
                    "kind": decision.mark.kind,
                    "hint": decision.mark.hint,
                    "customer": decision.ref_key,
                    "account": decision.account,
                    "order_id": decision.order_id,
                    "decided_by": decision.decided_by,
                    "decided_at": decision.decided_at.isoformat(),
                }
                for decision in found
            ]
        )
        return
    for decision in found:
        typer.echo(
            f"{decision.number:>6}  {decision.mark.kind:<5}  {decision.mark.hint:<34}  -> {decision.ref_key}  "
            f"{decision.order_id}, {decision.decided_by}, {decision.decided_at:%Y-%m-%d %H:%M} UTC"
        )
    typer.echo(f"{len(found)} remembered." if found else "Nothing is remembered.")


@customers_app.command()
def forget(
    what: Annotated[str, typer.Argument(help="An order id, or the number of one decision.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Revoke what was remembered of an order, or one decision of it; written documents stay as they are."""
    from adapter.assembly import now, open_ledger
    from adapter.operators import forget_choice

    number = int(what) if what.isascii() and what.isdigit() else None
    with open_ledger(config) as ledger:
        found = forget_choice(ledger.own(now()), "" if number else what, number, login_name(), now())
    typer.echo(f"{len(found)} revoked: {', '.join(f'{each.mark.kind} {each.mark.hint}' for each in found)}.")
