"""The Catalog Items API 2022-04-01: what Amazon calls a product, its brand and its barcodes.

Products are asked for by ASIN, which an order tells beside the seller's SKU: an answer to a search by SKU does not say
which item belongs to which SKU, and a comma in a SKU splits it. Source: amzn/selling-partner-api-models issues 2433,
2920.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapter.amazon.calls import Calls
from adapter.amazon.errors import BadAnswer
from adapter.amazon.query import encoded
from adapter.amazon.texts import plain_text
from adapter.model.item import CatalogItem, barcode

SEARCH_ITEMS: Final = "searchCatalogItems"
MOST: Final = 20
"""Identifiers in a call. Source: SP-API model catalogItems_2022-04-01."""

_PATH: Final = "/catalog/2022-04-01/items"
_KINDS: Final = ("EAN", "UPC", "GTIN", "JAN", "ISBN")


class CatalogItemsClient:
    """Reads Amazon's catalog for one seller account."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def by_asin(self, marketplace_id: str, asins: Sequence[str]) -> dict[str, CatalogItem]:
        """ASIN -> item, for those that Amazon knows in this marketplace.

        Args:
            asins: at most `MOST`.

        Raises:
            Throttled, AccessDenied, BadRequest, AmazonUnavailable, BadAnswer: as `Calls.send` and `Calls.data`.
        """
        what = self._calls.what(SEARCH_ITEMS)
        query = (
            ("identifiers", ",".join(asins)),
            ("identifiersType", "ASIN"),
            ("marketplaceIds", marketplace_id),
            ("includedData", "summaries,identifiers"),
            ("pageSize", str(MOST)),
        )
        data = self._calls.data(self._calls.send(SEARCH_ITEMS, "GET", f"{_PATH}?{encoded(query)}", what), what)
        if not isinstance(data.get("items"), list):
            raise BadAnswer(f"{what}: the answer has no list of items")
        read = [_item(entry, marketplace_id) for entry in data["items"] if isinstance(entry, Mapping)]
        return {item.asin: item for item in read if item.asin in set(asins)}


def _item(data: Mapping[str, Any], marketplace_id: str) -> CatalogItem:
    summary = next(iter(_of_marketplace(data, "summaries", marketplace_id)), {})
    codes: list[tuple[int, str]] = []
    for block in _of_marketplace(data, "identifiers", marketplace_id):
        listed = block.get("identifiers")
        for entry in listed if isinstance(listed, list) else ():
            kind, text = _word(entry, "identifierType"), _word(entry, "identifier")
            if kind in _KINDS and text and (code := barcode(text)):
                codes.append((_KINDS.index(kind), code))
    return CatalogItem(
        asin=_word(data, "asin") or "",
        title=_word(summary, "itemName"),
        brand=_word(summary, "brand"),
        barcodes=tuple(dict.fromkeys(code for _, code in sorted(codes, key=lambda found: found[0]))),
    )


def _of_marketplace(data: Mapping[str, Any], name: str, marketplace_id: str) -> list[Mapping[str, Any]]:
    listed = data.get(name)
    return [
        entry
        for entry in (listed if isinstance(listed, list) else ())
        if isinstance(entry, Mapping) and entry.get("marketplaceId") == marketplace_id
    ]


def _word(data: object, name: str) -> str | None:
    value = data.get(name) if isinstance(data, Mapping) else None
    return plain_text(value) if isinstance(value, str) else None
