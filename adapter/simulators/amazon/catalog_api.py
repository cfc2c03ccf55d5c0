"""The Catalog Items API, version 2022-04-01, over the made-up shop's products.

Source: SP-API model catalogItems_2022-04-01. That an answer does not say which SKU an item was found by:
amzn/selling-partner-api-models issue 2433; that a comma in a SKU splits it: the same, issue 2920.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from adapter.simulators.amazon.answers import ApiError, invalid_input
from adapter.simulators.amazon.marketplaces import Region, marketplaces, region_ids
from adapter.simulators.amazon.query import read_parameters
from adapter.simulators.amazon.routes import Call, Route
from adapter.simulators.amazon.wire import Wire
from adapter.simulators.server import Response
from adapter.simulators.shop import products

BASE = "/catalog/2022-04-01/items"
MOST = 20
DEFAULT_PAGE = 10
TYPES = frozenset({"ASIN", "EAN", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC"})
DATA = frozenset(
    {
        "attributes", "classifications", "dimensions", "identifiers", "images", "productTypes", "relationships",
        "salesRanks", "summaries", "vendorDetails",
    }
)  # fmt: skip
BRANDS = ("Nordwind", "Waldpfad", "Світанок", None)
"""Every fourth product is told without a brand."""


@dataclass(frozen=True, slots=True)
class Item:
    """One product of Amazon's catalog; the seller offers it as `sku`."""

    asin: str
    title: str
    sku: str = ""
    brand: str | None = None
    ean: str | None = None
    upc: str | None = None


def shop_items() -> tuple[Item, ...]:
    """What the made-up shop sells."""
    return tuple(
        Item(product.asin, product.title, product.sku, BRANDS[number % len(BRANDS)], product.ean)
        for number, product in enumerate(products())
    )


class CatalogApi:
    """searchCatalogItems and getCatalogItem. Every item is in every marketplace of the region."""

    def __init__(self, seller_id: str, region: Region) -> None:
        self._seller_id = seller_id
        self._region = region
        self._items = {item.asin: item for item in shop_items()}

    def add(self, item: Item) -> None:
        """Put an item into the catalog, or in the place of one."""
        self._items[item.asin] = item

    def routes(self) -> tuple[Route, ...]:
        """The operations for the routing table."""
        return (
            Route("searchCatalogItems", "GET", BASE, self.search),
            Route("getCatalogItem", "GET", f"{BASE}/{{asin}}", self.get),
        )

    def search(self, call: Call) -> Response:
        """GET /catalog/2022-04-01/items."""
        parameters = read_parameters(call.request.query)
        marketplace = self._marketplaces(parameters, most=1)[0]
        included = _included(parameters)
        size = _number(parameters, "pageSize", DEFAULT_PAGE)
        start = _number(parameters, "pageToken", 0, least=0, most=10**6)
        if ("identifiers" in parameters) == ("keywords" in parameters):
            raise invalid_input("Exactly one of identifiers and keywords must be provided.")
        found = self._found(parameters)
        page = found[start : start + size]
        answer: Wire = {
            "numberOfResults": len(found),
            "items": [_wire(item, (marketplace,), included, self._country(marketplace)) for item in page],
        }
        pagination: Wire = {}
        if start + size < len(found):
            pagination["nextToken"] = str(start + size)
        if start:
            pagination["previousToken"] = str(max(0, start - size))
        if pagination:
            answer["pagination"] = pagination
        return Response.json(200, answer)

    def get(self, call: Call) -> Response:
        """GET /catalog/2022-04-01/items/{asin}."""
        parameters = read_parameters(call.request.query)
        wanted, included = self._marketplaces(parameters, most=MOST), _included(parameters)
        item = self._items.get(call.path["asin"])
        if item is None:
            raise ApiError(404, f"Requested item '{call.path['asin']}' not found in the marketplaces.")
        return Response.json(200, _wire(item, wanted, included, self._country(wanted[0])))

    def _found(self, parameters: Mapping[str, str]) -> list[Item]:
        if "keywords" in parameters:
            words = [word.casefold() for word in parameters["keywords"].split(",")]
            return [item for item in self._items.values() if all(word in item.title.casefold() for word in words)]
        kind = parameters.get("identifiersType", "")
        if kind not in TYPES:
            raise invalid_input("identifiersType is required with identifiers.")
        if kind == "SKU" and parameters.get("sellerId") != self._seller_id:
            raise invalid_input("sellerId is required when identifiersType is SKU.")
        wanted = parameters["identifiers"].split(",")
        if len(wanted) > MOST:
            raise invalid_input("Too many 'identifiers' provided.")
        return [item for item in self._items.values() if set(wanted) & set(_named(item, kind))]

    def _marketplaces(self, parameters: Mapping[str, str], most: int) -> tuple[str, ...]:
        ids = tuple(id_ for id_ in parameters.get("marketplaceIds", "").split(",") if id_)
        if not 1 <= len(ids) <= most:
            raise invalid_input("marketplaceIds has a wrong number of values.")
        if foreign := [id_ for id_ in ids if id_ not in region_ids(self._region)]:
            raise ApiError(403, details=f"The marketplaces you provided are not valid for region: {foreign[0]}")
        return ids

    @staticmethod
    def _country(marketplace_id: str) -> str:
        return next(each.country for each in marketplaces() if each.id == marketplace_id)


def _named(item: Item, kind: str) -> Iterable[str]:
    """The item's identifiers of a kind."""
    if kind in {"ASIN", "SKU"}:
        return [item.asin if kind == "ASIN" else item.sku]
    return [entry["identifier"] for entry in _identifiers(item) if entry["identifierType"] == kind]


def _identifiers(item: Item) -> list[Wire]:
    code = item.ean or item.upc
    told = {"EAN": item.ean, "UPC": item.upc, "GTIN": code and code.rjust(14, "0")}
    return [{"identifierType": kind, "identifier": value} for kind, value in told.items() if value]


def _wire(item: Item, wanted: tuple[str, ...], included: frozenset[str], country: str) -> Wire:
    answer: Wire = {"asin": item.asin}
    if "summaries" in included:
        summary: Wire = {"itemName": item.title, "itemClassification": "BASE_PRODUCT", "packageQuantity": 1}
        if item.brand is not None:
            summary |= {"brand": item.brand, "manufacturer": f"{item.brand} {country}"}
        answer["summaries"] = [{"marketplaceId": id_, **summary} for id_ in wanted]
    if "identifiers" in included:
        answer["identifiers"] = [{"marketplaceId": id_, "identifiers": _identifiers(item)} for id_ in wanted]
    return answer


def _included(parameters: Mapping[str, str]) -> frozenset[str]:
    values = frozenset(parameters.get("includedData", "summaries").split(","))
    if unknown := sorted(values - DATA):
        raise invalid_input(f"includedData has an invalid value: {unknown[0]}")
    return values


def _number(parameters: Mapping[str, str], name: str, default: int, least: int = 1, most: int = MOST) -> int:
    text = parameters.get(name, str(default))
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not least <= number <= most:
        raise invalid_input(f"{name} is invalid.")
    return number
