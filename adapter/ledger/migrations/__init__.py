"""Numbered changes of the ledger's tables, each carried out together with its number in one transaction."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from adapter.errors import ConfigurationError

HEAD = "0006"


def upgrade(engine: Engine, found: str | None, name: str) -> None:
    """Bring a ledger to the newest form.

    Args:
        found: the form it has; None for an empty file.
        name: what to call the file in a message.

    Raises:
        ConfigurationError: the file was written by a newer version of the adapter.
    """
    from alembic.command import upgrade as alembic_upgrade  # noqa: PLC0415 - slow to import and rarely needed
    from alembic.config import Config  # noqa: PLC0415

    folder = Path(__file__).parent
    if found is not None and not list((folder / "versions").glob(f"{found}_*")):
        raise ConfigurationError(f"{name}: written by a newer version ({found}); install that version again")
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic_upgrade(config, "head")
