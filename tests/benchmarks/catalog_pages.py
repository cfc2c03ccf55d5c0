"""An infobase with as many customers as asked for, page by page, in a process of its own: prints its address.

Every page is the stand-in's own answer; only that an infobase holds no more than the page's customers while it answers,
so that a million need no memory. Arguments: the preset, how many customers, the seed of their names.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote
from uuid import NAMESPACE_URL, uuid5

from adapter.simulators.onec import Infobase, Model, load_model
from adapter.simulators.server import Request, Response, RunningServer, StandIn
from tests.benchmarks.customers.catalog import Catalog, Entry, Person, ref_key

CUSTOMERS = "Catalog_Контрагенты"
PAGE = 1_000
_SKIP = re.compile(r"\$skip=(\d+)")


class Pages:
    """A service: the customers' catalog of УТ by pages, everything else as the stand-in has it."""

    def __init__(self, model: Model, catalog: Catalog) -> None:
        self._model = model
        self._catalog = catalog
        self._infobase = Infobase(model)
        self.publication = self._infobase.publication

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        target = unquote(request.target)
        skip = _SKIP.search(target)
        if f"/{CUSTOMERS}?" not in target or skip is None:
            return self._infobase.handle(request)
        first = int(skip[1])
        page = Infobase(self._model, publication=self.publication)
        for number in range(first, min(first + PAGE, self._catalog.size)):
            page.add(CUSTOMERS, body_of(self._catalog.entry(number)))
        for row in page.rows(CUSTOMERS):
            if row["PredefinedDataName"]:  # what the configuration itself brings would be on every page
                page.edit(CUSTOMERS, row["Ref_Key"], {"DeletionMark": True})
        first_of = target.replace(skip[0], "$skip=0")
        return page.handle(Request(request.method, quote(first_of, "/?&=$,'()"), request.headers, request.body))

    def error(self, status: int) -> Response:
        """The stand-in's own error answer."""
        return self._infobase.error(status)


def body_of(entry: Entry) -> dict[str, Any]:
    """A customer as a clerk enters it: who it is, the numbers of companies, the ways to reach them, a partner."""
    known, place = entry.known, entry.known.place
    partner = uuid5(NAMESPACE_URL, f"partner {entry.customer_id}")
    return {
        "Ref_Key": str(ref_key(entry.customer_id)),
        "Description": entry.name[:100],
        "НаименованиеПолное": entry.full_name[:250],
        "ЮрФизЛицо": "ФизЛицо" if isinstance(entry.who, Person) else "ЮрЛицоНеРезидент",
        "НалоговыйНомер": known.vat,
        "Партнер_Key": str(partner),
        "КонтактнаяИнформация": [
            {"Тип": kind, "Представление": shown} | more
            for kind, shown, more in (
                ("Телефон", known.phone, {"НомерТелефона": known.phone[:20]}),
                ("АдресЭлектроннойПочты", known.email, {"АдресЭП": known.email}),
                ("Адрес", ", ".join(filter(None, (place.postal_code, place.city))), {"Город": place.city[:50]}),
            )
            if shown
        ],
    }


def _lines() -> Iterator[str]:
    """Until whoever started it closes the other end."""
    return iter(sys.stdin.readline, "")


if __name__ == "__main__":
    preset, size, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    pages = Pages(load_model(preset), Catalog(seed, size))
    with RunningServer(StandIn(pages)) as server:
        print(server.address + pages.publication, flush=True)
        for _ in _lines():
            pass
