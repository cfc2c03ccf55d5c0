"""Presets: mappings for known configurations that come with the package."""

from __future__ import annotations

from pathlib import Path

from adapter.errors import ConfigurationError
from adapter.share import share_directory
from adapter.yamlfile import did_you_mean


def preset_names() -> tuple[str, ...]:
    """The names of all presets, sorted: `training` is `mappings/training.yaml`."""
    return tuple(sorted(path.stem for path in share_directory("mappings").glob("*.yaml")))


def preset_path(name: str) -> Path:
    """The file of a preset.

    Raises:
        ConfigurationError: there is no preset of this name.
    """
    names = preset_names()
    if name not in names:
        known = f"there are {', '.join(names)}" if names else "there are none"
        raise ConfigurationError(f'there is no preset "{name}"{did_you_mean(name, names)} ({known})')
    return share_directory("mappings") / f"{name}.yaml"
