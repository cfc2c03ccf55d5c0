"""Amazon's catalog for what 1C does not know: asked for twenty at a time, kept for weeks."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from adapter.amazon.catalog_items import MOST
from adapter.amazon.errors import AccessDenied, Throttled
from adapter.errors import AdapterError
from adapter.ledger import Ledger
from adapter.ledger.database import LedgerBroken
from adapter.matching.products import NoProduct, ProductIndex
from adapter.model.item import CatalogItem
from adapter.model.order import Order, OrderStatus
from adapter.planning.items import ItemKey, KnownItems, item_key

KEPT_FOR: Final = timedelta(days=30)
UNKNOWN_FOR: Final = timedelta(days=1)
"""How long it counts that Amazon does not know a product: new ones are in its catalog within a day."""

_SHORT_WAIT: Final = 3.0
_ROUNDING: Final = 0.05
_REFUSED_FOR: Final = timedelta(hours=1)
_NOT_WRITTEN: Final = {OrderStatus.CANCELLED, OrderStatus.PENDING, OrderStatus.PENDING_AVAILABILITY}


class ItemsReader(Protocol):
    """Reads Amazon's catalog, as `catalog_items.CatalogItemsClient` does."""

    def by_asin(self, marketplace_id: str, asins: list[str]) -> dict[str, CatalogItem]:
        """ASIN -> item, for those that Amazon knows."""


def unknown_products(order: Order, products: ProductIndex) -> set[ItemKey]:
    """What an order sells that 1C does not know, as Amazon's catalog knows it."""
    if order.status in _NOT_WRITTEN:
        return set()
    found = set()
    for line in order.lines:
        match = products.match(line.sku, asin=line.asin)
        if line.quantity > 0 and isinstance(match, NoProduct) and match.unknown and (key := item_key(order, line)):
            found.add(key)
    return found


@dataclass(slots=True)
class CatalogCopy:
    """What the ledger keeps of Amazon's catalog, and why the rest could not be read.

    Attributes:
        failed: what was asked for in vain, and why; emptied when a new run begins.
    """

    ledger: Ledger
    now: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep
    failed: dict[ItemKey, str] = field(default_factory=dict)
    _refused: dict[str, tuple[datetime, str]] = field(default_factory=dict)

    def known(self, keys: Iterable[ItemKey]) -> KnownItems:
        """What is known of these. What is too old still counts as long as nothing newer has come."""
        wanted = set(keys)
        kept = self._kept(wanted)
        found = {key: _item(content) for key, (content, _) in kept.items() if content is not None}
        told = {key for key, (content, fresh) in kept.items() if content is not None or fresh}
        return KnownItems(found, {key: self.failed.get(key, "it was not asked yet") for key in wanted - told})

    def wanted(self, keys: Iterable[ItemKey]) -> set[ItemKey]:
        """Those to ask Amazon for, but for those that were asked for in vain in this run."""
        wanted = set(keys)
        return wanted - {key for key, (_, fresh) in self._kept(wanted).items() if fresh} - set(self.failed)

    def _kept(self, keys: Iterable[ItemKey]) -> dict[ItemKey, tuple[str | None, bool]]:
        """What is kept, and whether it is fresh."""
        found: dict[ItemKey, tuple[str | None, bool]] = {}
        for marketplace_id, asins in _by_marketplace(keys).items():
            for asin, (content, read_at) in self.ledger.items.get(marketplace_id, asins).items():
                life = KEPT_FOR if content is not None else UNKNOWN_FOR
                found[marketplace_id, asin] = (content, timedelta(0) <= self.now() - read_at < life)
        return found

    def read(self, account: str, reader: ItemsReader | None, keys: Iterable[ItemKey]) -> None:
        """Ask for these, and keep what comes; what goes wrong is remembered in `failed` and never raised.

        Raises:
            LedgerBroken: nothing can be kept.
        """
        wanted = self.wanted(keys)
        refused = self._refused.get(account)
        if refused is not None and timedelta(0) <= self.now() - refused[0] < _REFUSED_FOR:
            self.failed |= dict.fromkeys(wanted, refused[1])
            return
        for marketplace_id, asins in _by_marketplace(wanted).items():
            for start in range(0, len(asins), MOST):
                self._read_some(account, reader, marketplace_id, asins[start : start + MOST])

    def _read_some(self, account: str, reader: ItemsReader | None, marketplace_id: str, asins: list[str]) -> None:
        if reader is None:
            return
        try:
            told = self._patiently(reader, marketplace_id, asins)
        except LedgerBroken:
            raise
        except AdapterError as problem:
            if isinstance(problem, AccessDenied):
                self._refused[account] = (self.now(), str(problem))
            self.failed |= {(marketplace_id, asin): str(problem) for asin in asins}
            return
        contents: Mapping[str, str | None] = {asin: _text(told.get(asin)) for asin in asins}
        self.ledger.items.keep(marketplace_id, contents, self.now())

    def _patiently(self, reader: ItemsReader, marketplace_id: str, asins: list[str]) -> dict[str, CatalogItem]:
        """Calls come back every half second: for the next one it is worth waiting."""
        try:
            return reader.by_asin(marketplace_id, asins)
        except Throttled as later:
            if later.seconds > _SHORT_WAIT:
                raise
            self.sleep(later.seconds + _ROUNDING)
            return reader.by_asin(marketplace_id, asins)


def _by_marketplace(keys: Iterable[ItemKey]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for marketplace_id, asin in sorted(keys):
        found.setdefault(marketplace_id, []).append(asin)
    return found


def _text(item: CatalogItem | None) -> str | None:
    return None if item is None else json.dumps(asdict(item), ensure_ascii=False)


def _item(content: str) -> CatalogItem:
    data = json.loads(content)
    return CatalogItem(data["asin"], data["title"], data["brand"], tuple(data["barcodes"]))
