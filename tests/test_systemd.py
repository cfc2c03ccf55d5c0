"""The unit file: understood by systemd without a murmur, and closed."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from adapter.share import share_directory

UNIT = share_directory("systemd") / "amazon1c.service"
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


@pytest.fixture
def unit(tmp_path):
    """The unit with a command that exists, as verify looks for it."""
    file = tmp_path / "amazon1c.service"
    file.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/amazon1c/bin/amazon1c", "/bin/true"))
    return file


@needs_systemd
def test_verify(unit):
    result = subprocess.run([ANALYZE, "verify", unit], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


@needs_systemd
def test_verify_would_notice(unit):
    unit.write_text(unit.read_text().replace("Type=notify", "Type=notify\nNoSuchKey=1"))
    result = subprocess.run([ANALYZE, "verify", unit], capture_output=True, text=True, check=False)
    assert "NoSuchKey" in result.stderr


@needs_systemd
def test_exposure(unit):
    """At most 1.1 of 10, as good as a Python service that talks to the network gets on systemd 252."""
    command = [ANALYZE, "security", "--offline=true", "--threshold=11", unit]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-300:]


def test_secrets_come_as_credentials():
    text = UNIT.read_text(encoding="utf-8")
    for line in ("Type=notify", "StateDirectory=amazon1c", "ConfigurationDirectory=amazon1c", "LoadCredential=onec-pa"):
        assert f"\n{line}" in text
    assert "SetCredential=" not in text
