"""Tax numbers by their check digits. The one place that imports python-stdnum (LGPL, used as the library it is)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Final

from stdnum.eu import vat
from stdnum.gb import vat as gb_vat
from stdnum.ru import inn
from stdnum.ua import edrpou, rntrc

KINDS: Final[Mapping[str, tuple[ModuleType, ...]]] = {
    "inn": (inn,),
    "edrpou": (edrpou,),
    "rnokpp": (rntrc,),
    "vat": (vat, gb_vat),
}
"""ИНН (10 or 12 digits), ЄДРПОУ (8), РНОКПП (10), a VAT number of the EU or Great Britain with its country."""


def first_valid(kind: str, numbers: Iterable[str]) -> str | None:
    """The first of the numbers that is one of this kind, as it is written in books; None: none of them is."""
    for number in numbers:
        for module in KINDS[kind]:
            if module.is_valid(number):
                compact: str = module.compact(number)
                return f"GB{compact.removeprefix('GB')}" if module is gb_vat else compact
    return None
