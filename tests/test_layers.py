"""Imports point one way, and each library is imported in one place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "adapter"
EVERYWHERE = {"errors", "http", "yamlfile", "problems", "plainwords", "model", "share"}
ALLOWED = {
    "errors": set(),
    "http": {"errors"},
    "problems": {"errors"},
    "plainwords": {"problems", "errors"},
    "yamlfile": {"errors", "problems", "plainwords"},
    "share": {"errors"},
    "model": set(),
    "mapping": EVERYWHERE,
    "amazon": EVERYWHERE,
    "onec": EVERYWHERE,
    "ledger": EVERYWHERE,
    "settings": EVERYWHERE,
    "logs": set(),
    "matching": EVERYWHERE | {"mapping"},
    "planning": EVERYWHERE | {"mapping", "matching"},
    "delivery": EVERYWHERE | {"planning", "onec", "ledger"},
    "simulators": set(),
}
"""What a part may import besides itself; the parts that are not listed are the top and may import all below."""

HOMES = {
    "httpx": {"http"},
    "httpcore": {"http"},
    "ruamel": {"yamlfile"},
    "lxml": {"onec"},
    "sqlalchemy": {"ledger"},
    "alembic": {"ledger"},
    "apscheduler": {"daemon"},
    "typer": {"cli"},
    "stdnum": {"matching"},
    "boto3": {"amazon"},
    "botocore": {"amazon"},
}
"""Libraries and the only parts that import them."""


def part_of(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: write imports out in full"
            yield node.module or ""


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_imports_point_one_way(file):
    part = part_of(file)
    ours = {name.split(".")[1] for name in imports(file) if name.startswith("adapter.")}
    if part in ALLOWED:
        assert ours - {part} <= ALLOWED[part]
    elif part not in {"cli", "demo"}:
        assert "simulators" not in ours


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_each_library_has_one_home(file):
    used = {name.split(".")[0] for name in imports(file)}
    assert {name for name in used & set(HOMES) if part_of(file) not in HOMES[name]} == set()


def test_simulators_use_the_standard_library_only():
    used = {name.split(".")[0] for file in (PACKAGE / "simulators").rglob("*.py") for name in imports(file)}
    assert used & {"httpx", "pydantic", "lxml", "sqlalchemy", "loguru", "rapidfuzz", "ruamel", "stamina"} == set()


def test_every_part_is_known():
    """A new folder has to be given its place in the order."""
    top = {
        "__init__", "__main__", "cli", "daemon", "demo", "sync", "assembly", "barcodes", "books", "copies", "operators",
        "customer_copy", "customer_reading", "owned", "rates", "reading", "setup",
        "listening", "alias_references", "latecomers", "desk", "intake", "parts",
    }  # fmt: skip
    assert {part_of(file) for file in FILES} == set(ALLOWED) | top
