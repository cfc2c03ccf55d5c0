"""Where the files lie that come with the package and are no code: presets, sample settings, the unit file."""

from __future__ import annotations

from pathlib import Path

from adapter.errors import ConfigurationError


def share_directory(name: str) -> Path:
    """The folder `name` ("mappings", "config", "systemd"): inside an installed package, else in the checkout.

    Raises:
        ConfigurationError: neither is there, so the installation is not complete.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "share" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise ConfigurationError(f"the folder {name!r} of the installation is missing; install the package again")
