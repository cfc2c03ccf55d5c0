"""The stand-in infobase: 1C:Enterprise's standard OData interface (version 3) over data of its own.

It answers as live infobases were measured to answer, oddities included, and offers their differences as `Modes`.
"""

from __future__ import annotations

from adapter.simulators.onec.access import User
from adapter.simulators.onec.infobase import PUBLICATION, Infobase, wall_clock
from adapter.simulators.onec.model import Model, ModelError, load_model, read_model
from adapter.simulators.onec.modes import USUAL, Modes
from adapter.simulators.onec.training import fill_training

__all__ = [
    "PUBLICATION",
    "USUAL",
    "Infobase",
    "Model",
    "ModelError",
    "Modes",
    "User",
    "fill_training",
    "load_model",
    "read_model",
    "wall_clock",
]
