"""What the tests of the source share: a clock that is moved by hand, quick retries, Amazon's official model."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import stamina

SHARED_MODEL = Path(__file__).parents[2].parent / "shared" / "spapi" / "models" / "orders_2026-01-01.json"


class Clock:
    """A wall clock that can be stepped, and a monotonic one that cannot."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 5, 1, 10, tzinfo=UTC)
        self.running = 0.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.running

    def advance(self, seconds: float) -> None:
        """Time passes."""
        self.running += seconds
        self.wall += timedelta(seconds=seconds)

    def step(self, seconds: float) -> None:
        """Somebody puts the wall clock."""
        self.wall += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(autouse=True)
def _no_waiting_between_retries():
    stamina.set_testing(True, attempts=3, cap=True)
    yield
    stamina.set_testing(False)


@pytest.fixture(scope="session")
def model_text():
    """Amazon's own model of the Orders API 2026-01-01."""
    if not SHARED_MODEL.exists():
        pytest.skip("Amazon's model orders_2026-01-01.json is not beside the checkout")
    return SHARED_MODEL.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def model(model_text):
    return json.loads(model_text)
