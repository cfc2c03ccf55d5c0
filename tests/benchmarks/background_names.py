"""Makes `adapter/matching/data/background.tsv` again, after a change of the folds: from Faker's lists of names.

Run as `python -m tests.benchmarks.background_names`; Faker comes with `./dev bench`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from importlib import import_module
from math import log2
from pathlib import Path

from adapter.matching import data
from adapter.matching.folds import folds
from adapter.matching.names import Name

_LOCALES = ("ru_RU", "uk_UA", "de_DE", "en_US", "fr_FR", "pl_PL", "tr_TR", "es_ES")
_GIVEN = ("first_names_male", "first_names_female")
_LAST = {
    "ru_RU": ("last_names_male", "last_names_female"),
    "uk_UA": ("last_names_male", "last_names_female"),
    "pl_PL": ("male_last_names", "unisex_last_names"),
}
_MIDDLE = ("middle_names_male", "middle_names_female")
# Lists that stand in the order of how usual the names are; others are by the alphabet, all names alike.
_RANKED = {
    *(("ru_RU", name) for name in _LAST["ru_RU"]),
    *(("pl_PL", name) for name in ("male_last_names", *_GIVEN)),
    ("fr_FR", "last_names"),
    ("tr_TR", "last_names"),
}
_OTHER_GIVEN_NAME = 2.0**-15
"""Share of people with a given name of `given_names.tsv` that no list has: a guess."""
_HEAD = """\
# Folds of common given names, patronymics and surnames, by how usual they are: quarters of a bit below all people.
# Made by tests/benchmarks/background_names.py from the lists of names of Faker 40 (MIT licence, copyright (c) 2012
# Daniele Faraglia) for Russian, Ukrainian, German, English, French, Polish, Turkish and Spanish, by their weights or
# ranks where they have them, and from given_names.tsv.
# quarters\tfolds
"""


def _main() -> None:
    shares: Counter[str] = Counter()
    for locale in _LOCALES:
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for kind in (_GIVEN, _LAST.get(locale, ("last_names",)), _MIDDLE):
            lists = [name for name in kind if getattr(provider, name, None)]
            for name in lists:
                weights = _weights(getattr(provider, name), ranked=(locale, name) in _RANKED)
                _add(shares, weights, 1 / len(lists) / len(_LOCALES))
    for _, names in data.rows("given_names.tsv"):
        for word in names.split(" "):
            shares.setdefault(folds(word)[0], _OTHER_GIVEN_NAME)
    by_quarters: dict[int, list[str]] = {}
    for fold, share in shares.items():
        if len(fold) > 1:
            by_quarters.setdefault(round(-4 * log2(share)), []).append(fold)
    lines = [f"{quarters}\t{' '.join(sorted(found))}\n" for quarters, found in sorted(by_quarters.items())]
    Path(str(data.__file__)).with_name("background.tsv").write_text(_HEAD + "".join(lines), encoding="utf-8")


def _weights(names: Mapping[str, float] | Iterable[str], *, ranked: bool) -> dict[str, float]:
    if isinstance(names, Mapping):
        return dict(names)
    return {name: 1 / (rank + 10) if ranked else 1.0 for rank, name in enumerate(dict.fromkeys(names))}


def _add(shares: Counter[str], weights: Mapping[str, float], share: float) -> None:
    total = sum(weights.values())
    for name, weight in weights.items():
        for word in Name.of(name, company=False).words:
            if len(word) > 1:
                shares[folds(word)[0]] += share * weight / total  # type: ignore[assignment]


if __name__ == "__main__":
    _main()
