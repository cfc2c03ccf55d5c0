"""The stand-ins as commands, and the demonstration that runs on them."""

from __future__ import annotations

import signal
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from adapter.cli.options import color, width

if TYPE_CHECKING:
    from adapter.simulators.faults import FaultPlan
    from adapter.simulators.server import Service

sandbox_app = typer.Typer(
    help="Stand-ins to try things out: a seller account and an infobase.", no_args_is_help=True, rich_markup_mode=None
)

Port = Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="Port on this machine; 0 takes a free one.")]
Faults = Annotated[
    list[str] | None,
    typer.Option("--fault", help="What shall go wrong, such as action=lost,method=POST,after_commit=true,times=3."),
]
LogFile = Annotated[Path | None, typer.Option("--log", help="Append every request to this file, one JSON line each.")]
Seed = Annotated[int, typer.Option("--seed", "-s", help="The same seed makes the same orders.")]


def demo(
    orders: Annotated[int, typer.Option("--orders", "-n", min=1, max=500, help="How many orders.")] = 20,
    seed: Seed = 1,
) -> None:
    """Show the whole way of some orders, with a stand-in for Amazon and one for 1C; nothing to set up."""
    from adapter.demo import run_demo
    from adapter.logs import set_up

    set_up(service=False, level="WARNING")
    run_demo(orders, seed, typer.echo, width=width(), color=color())


@sandbox_app.command()
def amazon(
    port: Port = 8701,
    orders: Annotated[int, typer.Option("--orders", "-n", min=0, help="How many orders the account has.")] = 100,
    days: Annotated[int, typer.Option("--days", min=1, max=4000, help="How many days back the orders go.")] = 7,
    seed: Seed = 1,
    file: Annotated[
        Path | None, typer.Option("--file", help="Serve the orders of a saved answer instead of made-up ones.")
    ] = None,
    region: Annotated[Literal["EU", "NA", "FE"], typer.Option(help="Where the account sells.")] = "EU",
    discounts: Annotated[Literal["negative", "positive"], typer.Option(help="Sign of discounts.")] = "negative",
    collected_tax: Annotated[
        Literal["inside", "outside"], typer.Option(help="Whether totals contain the tax that Amazon collects.")
    ] = "inside",
    static: Annotated[
        bool, typer.Option("--static", help="As Amazon's static sandbox: documented test cases only.")
    ] = False,
    fault: Faults = None,
    log: LogFile = None,
) -> None:
    """A seller account: Login with Amazon, both Orders APIs, Reports, Catalog Items and more, with Amazon's limits."""
    import json

    from adapter.amazon.saved import read_saved
    from adapter.simulators.amazon import SellerAccount

    saved = None
    if file is not None:
        saved = [json.loads(wire.content) for wire in read_saved(file.read_text(encoding="utf-8-sig"), str(file))]
    account = SellerAccount(
        orders if saved is None else saved,
        seed=seed,
        spread=timedelta(days=days),
        region=region,
        discount_sign=-1 if discounts == "negative" else 1,
        collected_tax_inside=collected_tax == "inside",
        static=static,
    )
    _serve(account, port, fault, log, f"seller {account.seller_id}, {orders if saved is None else len(saved)} orders")


@sandbox_app.command()
def onec(
    port: Port = 8702,
    model: Annotated[str, typer.Option("--model", "-m", help="Object model: a name or a JSON file.")] = "training",
    user: Annotated[str, typer.Option(help="Name of the user.")] = "odata",
    password_file: Annotated[Path | None, typer.Option(help="File with the user's password.")] = None,
    data: Annotated[Path | None, typer.Option(help="SQLite file that keeps the data; without it, memory.")] = None,
    latency: Annotated[float, typer.Option(min=0, help="Seconds that every request takes.")] = 0.0,
    iis: Annotated[bool, typer.Option("--iis", help="Behind IIS, with its limits.")] = False,
    empty: Annotated[bool, typer.Option("--empty", help="Without the made-up shop's customers and products.")] = False,
    fault: Faults = None,
    log: LogFile = None,
) -> None:
    """An infobase: the standard OData interface of 1C:Enterprise over an object model."""
    from adapter.errors import ConfigurationError
    from adapter.simulators.onec import Infobase, ModelError, Modes, load_model
    from adapter.simulators.onec.fillings import filling_of

    try:
        loaded = load_model(model)
    except ModelError as problem:
        raise ConfigurationError(str(problem)) from problem
    password = password_file.read_text(encoding="utf-8").rstrip("\n") if password_file else "odata"
    infobase = Infobase(loaded, user=user, password=password, modes=Modes(latency=latency, iis=iis), path=data)
    if not empty and (fill := filling_of(model)) is not None:
        fill(infobase)
    _serve(infobase, port, fault, log, f"{infobase.publication}, user {user}")


def _serve(service: Service, port: int, faults: list[str] | None, log: Path | None, what: str) -> None:
    """Answer until SIGTERM or Ctrl-C."""
    from adapter.errors import ConfigurationError
    from adapter.simulators.server import RunningServer, StandIn

    stand_in = StandIn(service, _faults(faults))
    if log is not None:
        stand_in.log_to(log)
    try:
        server = RunningServer(stand_in, port)
    except OSError as problem:
        raise ConfigurationError(f"port {port} is taken: {problem.strerror}; choose another with --port") from problem
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    with server:
        typer.echo(f"{server.address}  {what}")
        stopping.wait()


def _faults(texts: list[str] | None) -> FaultPlan:
    from adapter.errors import ConfigurationError
    from adapter.simulators.faults import Fault, FaultPlan

    try:
        return FaultPlan([Fault.from_text(text) for text in texts or ()])
    except ValueError as problem:
        raise ConfigurationError(f"--fault: {problem}") from problem
