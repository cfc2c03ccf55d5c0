"""Amazon's marketplaces and regions, and the addresses that serve them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

LWA_ENDPOINT = "https://api.amazon.com"  # the same for all regions


class Region(StrEnum):
    """A region: one endpoint, one authorisation of a seller."""

    NA = "NA"
    EU = "EU"
    FE = "FE"

    @property
    def endpoint(self) -> str:
        """Where live orders are. Source: SP-API documentation, "SP-API endpoints"."""
        return f"https://sellingpartnerapi-{self.value.lower()}.amazon.com"

    @property
    def sandbox_endpoint(self) -> str:
        """Where Amazon's static sandbox is."""
        return f"https://sandbox.sellingpartnerapi-{self.value.lower()}.amazon.com"


@dataclass(frozen=True, slots=True)
class MarketplaceFacts:
    """What is known of a marketplace.

    Attributes:
        country: ISO 3166 alpha-2; `GB` where Amazon's own table says UK.
        currency: the usual one; amounts carry their own.
    """

    marketplace_id: str
    country: str
    name: str
    region: Region
    currency: str


_NA, _EU, _FE = Region
_ROWS = (
    ("A2EUQ1WTGCTBG2", "CA", "Amazon.ca", _NA, "CAD"),
    ("ATVPDKIKX0DER", "US", "Amazon.com", _NA, "USD"),
    ("A1AM78C64UM0Y8", "MX", "Amazon.com.mx", _NA, "MXN"),
    ("A2Q3Y263D00KWC", "BR", "Amazon.com.br", _NA, "BRL"),
    ("A28R8C7NBKEWEA", "IE", "Amazon.ie", _EU, "EUR"),
    ("A1RKKUPIHCS9HS", "ES", "Amazon.es", _EU, "EUR"),
    ("A1F83G8C2ARO7P", "GB", "Amazon.co.uk", _EU, "GBP"),
    ("A13V1IB3VIYZZH", "FR", "Amazon.fr", _EU, "EUR"),
    ("AMEN7PMS3EDWL", "BE", "Amazon.com.be", _EU, "EUR"),
    ("A1805IZSGTT6HS", "NL", "Amazon.nl", _EU, "EUR"),
    ("A1PA6795UKMFR9", "DE", "Amazon.de", _EU, "EUR"),
    ("APJ6JRA9NG5V4", "IT", "Amazon.it", _EU, "EUR"),
    ("A2NODRKZP88ZB9", "SE", "Amazon.se", _EU, "SEK"),
    ("AE08WJ6YKNBMC", "ZA", "Amazon.co.za", _EU, "ZAR"),
    ("A1C3SOZRARQ6R3", "PL", "Amazon.pl", _EU, "PLN"),
    ("ARBP9OOSHTCHU", "EG", "Amazon.eg", _EU, "EGP"),
    ("A33AVAJ2PDY3EV", "TR", "Amazon.com.tr", _EU, "TRY"),
    ("A17E79C6D8DWNP", "SA", "Amazon.sa", _EU, "SAR"),
    ("A2VIGQ35RCS4UG", "AE", "Amazon.ae", _EU, "AED"),
    ("A21TJRUUN4KGV", "IN", "Amazon.in", _EU, "INR"),
    ("A19VAU5U5O7RUS", "SG", "Amazon.sg", _FE, "SGD"),
    ("A39IBJ37TRP1C6", "AU", "Amazon.com.au", _FE, "AUD"),
    ("A1VC38T7YXB528", "JP", "Amazon.co.jp", _FE, "JPY"),
)

# By marketplace id. Source: SP-API documentation, "Marketplace IDs".
MARKETPLACES: Mapping[str, MarketplaceFacts] = MappingProxyType({row[0]: MarketplaceFacts(*row) for row in _ROWS})


def by_country(country: str) -> MarketplaceFacts | None:
    """The marketplace of a country, `UK` being accepted for `GB`; None if Amazon has none there."""
    code = iso_country(country)
    return next((facts for facts in MARKETPLACES.values() if facts.country == code), None)


def iso_country(code: str) -> str:
    """Amazon's country code as ISO 3166 alpha-2: upper case, and `GB` for its `UK`."""
    upper = code.strip().upper()
    return "GB" if upper == "UK" else upper
