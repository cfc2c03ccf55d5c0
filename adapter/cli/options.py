"""Options that several commands share."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

Config = Annotated[
    Path,
    typer.Option("--config", "-c", envvar="AMAZON1C_CONFIG", help="Settings file.", show_default=True),
]
DEFAULT_CONFIG = Path("/etc/amazon1c/adapter.yaml")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
AcceptUnusual = Annotated[
    bool, typer.Option("--accept-unusual", help="Carry out a plan that the safety check would stop.")
]


def print_json(data: Any) -> None:
    """JSON for programs, readable for people."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def login_name() -> str:
    """Who gives a command: behind sudo the person, not root."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def width() -> int:
    """How wide a table may be."""
    return max(100, shutil.get_terminal_size((140, 40)).columns)


def color() -> bool:
    """Whether standard output shows colours. Source: no-color.org."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ
