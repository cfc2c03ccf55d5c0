"""What stands in the catalogs of a stand-in infobase: the made-up shop, in the terms of each configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from adapter.simulators.onec.fillings.accounting_suite import fill_accounting_suite
from adapter.simulators.onec.fillings.bas_accounting import fill_bas_accounting
from adapter.simulators.onec.fillings.bp import fill_bp
from adapter.simulators.onec.fillings.drive import fill_drive
from adapter.simulators.onec.fillings.small_business import fill_small_business
from adapter.simulators.onec.fillings.trade import fill_bas_erp, fill_trade
from adapter.simulators.onec.fillings.unf import fill_unf
from adapter.simulators.onec.infobase import Infobase
from adapter.simulators.onec.training import fill_training

FILLINGS: Mapping[str, Callable[[Infobase], None]] = {
    "accounting-suite": fill_accounting_suite,
    "bas-accounting": fill_bas_accounting,
    "bas-erp": fill_bas_erp,
    "bp-3.0": fill_bp,
    "drive": fill_drive,
    "small-business": fill_small_business,
    "training": fill_training,
    "unf-3.0": fill_unf,
    "ut-11.5": fill_trade,
}
"""By the name of the model. Each fills an infobase once: what is there stays as it is."""


def filling_of(model: str | Path) -> Callable[[Infobase], None] | None:
    """What fills an infobase of this model, given as for `load_model`; None: nobody knows its catalogs."""
    return FILLINGS.get(Path(model).name.removesuffix(".json"))
