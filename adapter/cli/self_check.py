"""`amazon1c match --self-check`: how many orders would go to a wrong customer of the live catalog?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from adapter.cli.options import print_json
from adapter.cli.progress import progress_bar

if TYPE_CHECKING:
    from adapter.ledger import Ledger
    from adapter.mapping.catalogs import Customers
    from adapter.mapping.policies import NameAlone
    from adapter.matching.asked import Asked
    from adapter.matching.customers import CustomerIndex
    from adapter.matching.decision import Sureness
    from adapter.matching.self_check import Checked

_HOWEVER_OLD = timedelta(days=36_500)
"""The customers as the daemon has them; 1C is asked only where nothing is kept yet."""
ORDERS = 20_000
"""The newest orders of the ledger that are asked; more would take minutes and tell no more."""
ENOUGH = 1_000
"""With fewer orders that are accepted, the catalog's own entries are asked as well."""
SHOWN = 10


def self_check(config: Path, sure: float | None, name_alone: NameAlone | None, *, as_json: bool) -> None:
    """Ask every order that is accepted once more, as if its customer were not there, and say who is found then.

    Raises:
        ConfigurationError, Unavailable: there is nothing to check by.
    """
    from adapter.assembly import now, open_infobase
    from adapter.books import agreed_schema, read_books
    from adapter.copies import Copies
    from adapter.ledger import Ledger
    from adapter.logs import set_up
    from adapter.mapping.load import load_mapping
    from adapter.settings import load_settings

    set_up(service=False, level="WARNING")
    loaded = load_settings(config)
    mapping = load_mapping(loaded.path(loaded.settings.mapping))
    with Ledger.open(loaded.state_directory) as ledger, open_infobase(loaded) as client:
        copies = Copies(ledger, client, now, _HOWEVER_OLD, _HOWEVER_OLD)
        customers = read_books(copies, mapping, agreed_schema(copies, mapping)).customers
        orders = list(_orders(ledger))
    sureness = _sureness(mapping.rules.customers, sure, name_alone)
    checks = {"orders": _check(customers, orders, sureness, "orders")}
    if checks["orders"].accepted < ENOUGH:
        checks["customers"] = _check(customers, _as_orders(customers), sureness, "customers")
    if as_json:
        print_json({"customers": len(customers), **{name: _as_data(check) for name, check in checks.items()}})
    else:
        _tell(customers, checks, sureness)
    if any(check.mistaken for check in checks.values()):
        raise typer.Exit(1)


def _orders(ledger: Ledger) -> Iterator[Asked]:
    """What the ledger's orders tell of their buyers, as far as they can be read."""
    from adapter.amazon.errors import UnreadableOrder
    from adapter.amazon.versions import read_order
    from adapter.planning.asking import asked_of

    for seen in ledger.orders.latest(ORDERS):
        try:
            yield asked_of(read_order(seen.reader, seen.content, seen.account, ""))
        except UnreadableOrder:
            continue


def _as_orders(customers: CustomerIndex) -> Iterator[Asked]:
    """Some of the customers, evenly spread, each as if they ordered."""
    from adapter.matching.self_check import as_order

    step = max(1, len(customers) // ORDERS)
    return (as_order(customer) for at, customer in enumerate(customers.customers()) if at % step == 0)


def _sureness(rules: Customers, sure: float | None, name_alone: NameAlone | None) -> Sureness:
    """As the mapping has it, unless something else is asked for."""
    from adapter.mapping.policies import FuzzyName
    from adapter.matching.decision import Sureness

    for policy in rules.policies:
        if isinstance(policy, FuzzyName):
            return Sureness(sure or float(policy.fuzzy_name.sure), name_alone or rules.name_alone(policy))
    return Sureness(sure or Sureness().sure, name_alone or ("never" if rules.read.tells_evidence else "sure"))


def _check(customers: CustomerIndex, orders: Iterable[Asked], sureness: Sureness, what: str) -> Checked:
    from adapter.matching.self_check import leave_one_out

    asked = list(orders)
    with progress_bar(what, len(asked)) as progress:
        return leave_one_out(customers, asked, sureness, progress)


# -------------------- what is said


def _as_data(check: Checked) -> dict[str, Any]:
    return {
        "asked": check.asked,
        "accepted": check.accepted,
        "wrong": len(check.mistaken),
        "wrong_share_at_most": check.at_most,
        "pairs": [
            {
                "customer": str(each.customer.ref_key),
                "customer_name": each.customer.name,
                "other": str(each.other.ref_key),
                "other_name": each.other.name,
            }
            for each in check.mistaken
        ],
    }


def _tell(customers: CustomerIndex, checks: dict[str, Checked], sureness: Sureness) -> None:
    typer.echo(f"{len(customers):,} customers; a name alone decides: {sureness.name_alone}.")
    for what, check in checks.items():
        named = {"orders": "orders of the ledger", "customers": "customers, each asked for as if they ordered"}[what]
        typer.echo(f"\n{check.asked:,} {named}: {check.accepted:,} would be accepted for a customer.")
        if not check.accepted:
            typer.echo("Nothing was put to the test.")
            continue
        typer.echo(
            f"Were that customer not in the catalog, {len(check.mistaken):,} of them would go to somebody else. So of "
            f"the orders from buyers whom you do not have yet, {_one_in(check.at_most)} goes to a wrong customer "
            "(with 95 % certainty)."
        )
        for each in check.mistaken[:SHOWN]:
            typer.echo(f"  {each.customer.name} ({each.customer.ref_key}) or {each.other.name} ({each.other.ref_key})")
        if check.mistaken:
            typer.echo(
                "Look at these pairs: somebody entered twice, or two people of one name at one address? Merge or mark "
                "the doubles in 1C; otherwise demand more (sure, name_alone: never) in the mapping."
            )


def _one_in(share: float) -> str:
    """A small share in words: at most one in so many."""
    return f"at most one in {int(1 / share):,}" if share < 1 else "any number"
