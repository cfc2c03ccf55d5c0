"""Commands that need neither Amazon nor an infobase."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapter.cli.options import AsJson, print_json

if TYPE_CHECKING:
    from adapter.model.money import Money
    from adapter.model.order import Charge, Order

mapping_app = typer.Typer(help="Mapping files.", no_args_is_help=True, rich_markup_mode=None)


@mapping_app.command()
def schema() -> None:
    """Print the JSON Schema of mapping files, for editors."""
    from adapter.mapping.load import mapping_schema

    print_json(mapping_schema())


@mapping_app.command("list")
def list_presets() -> None:
    """List the mappings that come with the adapter."""
    from adapter.mapping.presets import preset_names

    for name in preset_names():
        typer.echo(name)


@mapping_app.command()
def show(name: Annotated[str, typer.Argument(help="As in: amazon1c mapping list")]) -> None:
    """Print a mapping that comes with the adapter, to start your own from."""
    from adapter.mapping.presets import preset_path

    typer.echo(preset_path(name).read_text(encoding="utf-8"), nl=False)


def read_orders(
    file: Annotated[
        Path, typer.Argument(help="A saved answer of the Orders API (2026-01-01 or v0), or an order report.")
    ],
    charset: Annotated[
        str | None, typer.Option("--charset", help="Encoding of an order report, where it is not found out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read a saved answer or an order report of Amazon and show its orders and their sums."""
    from adapter.amazon.errors import UnreadableOrder
    from adapter.amazon.saved import read_saved
    from adapter.amazon.versions import read_order
    from adapter.errors import ConfigurationError

    try:
        if not _is_json(file):
            _report(file, charset, as_json=as_json)
            return
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise ConfigurationError(f"{file}: not UTF-8; save the answer as it came") from problem
    except OSError as problem:
        raise ConfigurationError(f"{file}: cannot be read: {problem.strerror}") from problem
    found: list[Order] = []
    for saved in read_saved(text, str(file)):
        try:
            found.append(read_order(saved.version, saved.content, "file", ""))
        except UnreadableOrder as problem:
            sys.stderr.write(f"{problem}\n")
    if as_json:
        print_json([_order(order) for order in found])
        return
    for order in found:
        _show(order)
    typer.echo(f"{len(found)} orders.")


def _is_json(file: Path) -> bool:
    """Whether a file looks like an answer of the API: all of them are objects or lists."""
    with file.open("rb") as opened:
        return opened.read(1000).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}


def _report(file: Path, charset: str | None, *, as_json: bool) -> None:
    from adapter.cli.report_file import as_data, read_file, show

    report, encoding = read_file(file, charset)
    if as_json:
        print_json(as_data(report, encoding))
    else:
        show(report, encoding)


def _show(order: Order) -> None:
    from adapter.model.proof import prove

    proof = prove(order)
    where = order.marketplace.name or order.marketplace.country or "no marketplace"
    typer.echo(f"{order.order_id}  {order.status}  {where}  {order.fulfilled_by or '-'}  {order.purchased_at:%Y-%m-%d}")
    for line in order.lines:
        typer.echo(f"    {line.quantity} x {line.sku or '(no SKU)'}  {line.title or ''}")
        for charge in line.charges:
            typer.echo(f"        {_kind(charge):<34}{charge.amount!s:>18}")
    for charge in order.charges:
        typer.echo(f"    order: {_kind(charge):<31}{charge.amount!s:>18}")
    if order.total is None:
        typer.echo("    Amazon gave no total.")
    elif proof.proven:
        inside = {True: ", marketplace tax included", False: ", marketplace tax not included"}
        note = inside.get(proof.marketplace_tax_inside, "") if proof.marketplace_tax_inside is not None else ""
        typer.echo(f"    total {order.total}: the parts add up{note}")
    else:
        typer.echo(f"    total {order.total}: the parts do NOT add up (difference {proof.difference})")
    for doubt in order.doubts:
        typer.echo(f"    doubt: {doubt}")


def _kind(charge: Charge) -> str:
    return charge.kind.value.replace("_", " ") + (" (marketplace)" if charge.by_marketplace else "")


def _money(money: Money | None) -> dict[str, str] | None:
    return None if money is None else {"amount": str(money.amount), "currency": money.currency}


def _order(order: Order) -> dict[str, Any]:
    """An order as JSON data: sums as texts, times in ISO 8601."""
    from dataclasses import asdict

    from adapter.model.proof import prove

    proof = prove(order)
    return {
        "order_id": order.order_id,
        "seller_order_id": order.seller_order_id,
        "status": order.status,
        "fulfilled_by": order.fulfilled_by,
        "channel": order.channel,
        "marketplace": asdict(order.marketplace),
        "purchased_at": order.purchased_at.isoformat(),
        "updated_at": order.updated_at.isoformat(),
        "buyer": asdict(order.buyer),
        "ship_to": asdict(order.ship_to),
        "programs": list(order.programs),
        "payment_methods": list(order.payment_methods),
        "replaces": order.replaces,
        "lines": [
            {
                "line_id": line.line_id,
                "sku": line.sku,
                "asin": line.asin,
                "title": line.title,
                "quantity": line.quantity,
                "shop_price": _money(line.shop_price),
                "charges": [_charge(charge) for charge in line.charges],
                "total": _money(line.total),
            }
            for line in order.lines
        ],
        "charges": [_charge(charge) for charge in order.charges],
        "total": _money(order.total),
        "proof": {
            "proven": proof.proven,
            "sum_of_charges": _money(proof.charges),
            "marketplace_tax": _money(proof.marketplace_tax),
            "marketplace_tax_inside": proof.marketplace_tax_inside,
            "difference": _money(proof.difference),
        },
        "doubts": list(order.doubts),
    }


def _charge(charge: Charge) -> dict[str, Any]:
    return {"kind": charge.kind.value, "by_marketplace": charge.by_marketplace, **(_money(charge.amount) or {})}
