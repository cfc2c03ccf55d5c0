"""The command that compares settings, mapping and infobase."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from adapter.cli.options import DEFAULT_CONFIG, AsJson, Config, print_json

Mapping = Annotated[Path | None, typer.Option("--mapping", help="Compare this mapping, without settings; --metadata.")]
Metadata = Annotated[Path | None, typer.Option("--metadata", help="A saved $metadata, instead of the infobase itself.")]


def check(
    config: Config = DEFAULT_CONFIG, mapping: Mapping = None, metadata: Metadata = None, as_json: AsJson = False
) -> None:
    """See whether settings, mapping and infobase fit together; writes nothing."""
    from adapter.errors import AdapterError
    from adapter.setup.check import check_file, problems_as_json

    if (mapping is None) != (metadata is None):
        raise typer.BadParameter("--mapping and --metadata belong together; with neither, the infobase itself is asked")
    try:
        found = check_file(mapping, metadata) if mapping and metadata else _check_live(config)
    except AdapterError as problem:
        if not as_json:
            raise
        print_json({"ok": False, "problems": problems_as_json(problem)})
        raise typer.Exit(problem.exit_code) from problem
    if as_json:
        print_json({"ok": True, "problems": []})
        return
    for line in found:
        typer.echo(line)
    typer.echo("The infobase agrees with the mapping.")


def _check_live(config: Path) -> Sequence[str]:
    from adapter.assembly import (
        check_accounts,
        deprecated,
        missing_for_amazon,
        now,
        open_infobase,
        wanted_by_accounts,
    )
    from adapter.cli.warnings import warnings
    from adapter.copies import Copies
    from adapter.ledger import Ledger
    from adapter.logs import set_up
    from adapter.mapping.load import load_mapping
    from adapter.settings import load_settings
    from adapter.setup.check import check_infobase

    set_up(service=False, level="WARNING")
    loaded = load_settings(config)
    rules = load_mapping(loaded.path(loaded.settings.mapping))
    missing = missing_for_amazon(loaded)
    wanted_by_accounts(loaded, rules)
    with Ledger.open(loaded.state_directory) as ledger, open_infobase(loaded) as client:
        found = check_infobase(Copies(ledger, client, now, timedelta(0)), rules)
        warned = warnings(loaded.settings, ledger.notices.all(), now())
    return (
        *found,
        *check_accounts(loaded),
        *(f"Not ready for Amazon yet: {text}" for text in missing),
        *(f"Warning: {text}" for text in warned),
        *(f"Deprecated: {text}" for text in deprecated(loaded)),
    )
