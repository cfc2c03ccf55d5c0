"""Commands that an administrator runs before the first order."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import typer

from adapter.cli.options import DEFAULT_CONFIG, AsJson, Config, print_json

if TYPE_CHECKING:
    from adapter.ledger import Ledger
    from adapter.settings import Loaded
    from adapter.setup.probe import Probed


def probe(config: Config = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Find out what this infobase does, on a draft that is removed again; takes up to 10 sessions for a moment.

    Run it before the first order, and again after an update of 1C or of its web server, while the service is stopped.
    Amazon is not needed for it.
    """
    from adapter.assembly import now
    from adapter.ledger import Ledger
    from adapter.logs import set_up
    from adapter.settings import load_settings

    set_up(service=False, level="WARNING")
    loaded = load_settings(config)
    with Ledger.open(loaded.state_directory) as ledger:
        found = _find_out(loaded, ledger.own(now()))
        for finding in found.findings:
            if finding.value is not None:
                ledger.notes.keep_capability(found.entity_set, finding.name, finding.value, now())
    _tell(found, as_json=as_json)
    if found.broken_off is not None:
        raise found.broken_off


def _find_out(loaded: Loaded, ledger: Ledger) -> Probed:
    """Probe the infobase of the settings with the first document of their mapping."""
    from adapter.assembly import now, open_infobase
    from adapter.books import check_mapping, read_schema
    from adapter.copies import Copies
    from adapter.delivery.target import DOUBTFUL, KEEPS_KEY, SOMETIMES
    from adapter.mapping.load import load_mapping
    from adapter.onec.documents import Documents
    from adapter.planning.books import Identity
    from adapter.setup.drafts import draft_form
    from adapter.setup.probe import probe as find_out

    settings = loaded.settings
    mapping = load_mapping(loaded.path(settings.mapping))
    identity = Identity(settings.installation, settings.infobase.name)
    with open_infobase(loaded) as client:
        schema = read_schema(Copies(ledger, client, now, timedelta(0)), anew=True)
        check_mapping(mapping, schema)
        form = draft_form(mapping.rules, schema.entity_sets, identity, now())
        known = ledger.notes.capability(form.entity_set, KEEPS_KEY)
        return find_out(
            Documents(client, schema),
            client,
            lambda: open_infobase(loaded),
            form,
            key_was_replaced=known in {DOUBTFUL, SOMETIMES},
        )


def _tell(found: Probed, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "entity_set": found.entity_set,
                "findings": [
                    {"name": finding.name, "value": finding.value, "text": finding.sentence}
                    for finding in found.findings
                ],
                "left": list(found.left),
                "broken_off": str(found.broken_off) if found.broken_off else None,
            }
        )
        return
    typer.echo(f"{found.entity_set}:")
    for finding in found.findings:
        typer.echo(f"  {finding.name:<17} {finding.value or '-':<15} {finding.sentence}")
    for sentence in found.left:
        typer.echo(f"Left behind: {sentence}.", err=True)
    if not found.left:
        typer.echo("Nothing was left behind.")
