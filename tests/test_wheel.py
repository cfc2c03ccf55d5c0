"""The wheel: everything travels in it, and it works far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Runs a command of the installed wheel in an empty folder."""
    site, empty = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("empty")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    environment = {"PYTHONPATH": str(site), "PATH": os.environ["PATH"]}

    def run(*arguments):
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=empty, env=environment, capture_output=True, text=True, check=False)

    return run


def test_contents(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert wheel.name.startswith("amazon_1c_adapter-")
    for name in (
        "adapter/share/mappings/training.yaml",
        "adapter/share/config/adapter.yaml",
        "adapter/share/systemd/amazon1c.service",
        "adapter/simulators/models/training.json",
        "adapter/ledger/migrations/versions/0001_first_form.py",
        "adapter/py.typed",
    ):
        assert name in names
    assert not [name for name in names if name.startswith("tests/")]


def test_the_demo_far_from_the_checkout(installed):
    where = installed("-c", "import adapter; print(adapter.__file__)")
    assert str(CHECKOUT) not in where.stdout
    result = installed("-m", "adapter", "demo")
    assert (result.returncode, result.stderr) == (0, "")
    assert "orders are in 1C, to the cent" in result.stdout


def test_presets_far_from_the_checkout(installed):
    assert installed("-m", "adapter", "mapping", "show", "training").stdout == (
        CHECKOUT / "mappings/training.yaml"
    ).read_text(encoding="utf-8")
