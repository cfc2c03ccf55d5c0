"""The Sellers API: in which marketplaces a seller sells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapter.amazon.calls import Calls
from adapter.amazon.errors import BadAnswer
from adapter.amazon.marketplaces import MARKETPLACES, MarketplaceFacts, Region, iso_country
from adapter.amazon.texts import plain_text

PARTICIPATIONS: Final = "getMarketplaceParticipations"
_PATH: Final = "/sellers/v1/marketplaceParticipations"


@dataclass(frozen=True, slots=True)
class Participation:
    """A marketplace that the account knows. Source: SP-API model sellers, MarketplaceParticipation.

    Attributes:
        sells: the seller takes part there.
        suspended: the seller's listings there are suspended; orders may still come.
    """

    marketplace: MarketplaceFacts
    store: str | None = None
    sells: bool = True
    suspended: bool = False


class SellersClient:
    """Asks where one seller account sells.

    Args:
        region: of the account; marketplaces that no table knows are in it.
    """

    def __init__(self, calls: Calls, region: Region) -> None:
        self._calls = calls
        self.region = region

    def participations(self) -> tuple[Participation, ...]:
        """Every marketplace that the account knows; those that cannot be read are left out.

        Raises:
            Throttled, AccessDenied, BadRequest, AmazonUnavailable, BadAnswer: as `Calls.send` and `Calls.data`.
        """
        what = self._calls.what(PARTICIPATIONS)
        listed = self._calls.data(self._calls.send(PARTICIPATIONS, "GET", _PATH, what), what).get("payload")
        if not isinstance(listed, list):
            raise BadAnswer(f"{what}: the answer has no list of marketplaces")
        return tuple(made for entry in listed if (made := _participation(entry, self.region)) is not None)


def _participation(entry: object, region: Region) -> Participation | None:
    marketplace, part = _object(entry, "marketplace"), _object(entry, "participation")
    marketplace_id, country = _word(marketplace, "id"), _word(marketplace, "countryCode")
    if marketplace_id is None or country is None:
        return None
    known = MARKETPLACES.get(marketplace_id)
    facts = MarketplaceFacts(
        marketplace_id,
        iso_country(country),
        _word(marketplace, "name") or marketplace_id,
        known.region if known else region,
        _word(marketplace, "defaultCurrencyCode") or (known.currency if known else ""),
    )
    store = _word(entry, "storeName")
    return Participation(facts, store, part.get("isParticipating") is True, part.get("hasSuspendedListings") is True)


def _object(data: object, name: str) -> Mapping[str, Any]:
    found = data.get(name) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _word(data: object, name: str) -> str | None:
    value = data.get(name) if isinstance(data, Mapping) else None
    return plain_text(value) if isinstance(value, str) else None
