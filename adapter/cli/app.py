"""All commands and their groups."""

from __future__ import annotations

import typer

from adapter.cli import (
    backfill,
    customers,
    init,
    match,
    notifications,
    orders,
    runs,
    setup,
    setup_check,
    stand_ins,
    tools,
)

app = typer.Typer(
    name="amazon1c",
    help="Amazon orders become posted documents in 1C:Enterprise, each once and to the cent.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(stand_ins.demo)
app.command()(setup_check.check)
app.command()(init.init)
app.command()(setup.probe)
app.command()(runs.plan)
app.command()(runs.apply)
app.command()(runs.sync)
app.command("run")(runs.run)
app.command()(orders.status)
app.command()(backfill.backfill)
app.command("order")(orders.order)
app.add_typer(orders.held_app, name="held")
app.add_typer(customers.customers_app, name="customers")
app.add_typer(notifications.notifications_app, name="notifications")
app.command()(match.match)
app.command("read-orders")(tools.read_orders)
app.add_typer(tools.mapping_app, name="mapping")
app.add_typer(stand_ins.sandbox_app, name="sandbox")
