"""The Sellers API: where the seller sells.

Source: SP-API model sellers; domain names and languages are those of Amazon's shops.
"""

from __future__ import annotations

from adapter.simulators.amazon.marketplaces import Marketplace, Region, marketplaces
from adapter.simulators.amazon.routes import Call, Route
from adapter.simulators.amazon.wire import Wire
from adapter.simulators.server import Response

BASE = "/sellers/v1"
LANGUAGES = {
    "CA": "en_CA", "US": "en_US", "MX": "es_MX", "BR": "pt_BR", "IE": "en_IE", "ES": "es_ES", "GB": "en_GB",
    "FR": "fr_FR", "BE": "fr_BE", "NL": "nl_NL", "DE": "de_DE", "IT": "it_IT", "SE": "sv_SE", "ZA": "en_ZA",
    "PL": "pl_PL", "EG": "ar_AE", "TR": "tr_TR", "SA": "ar_AE", "AE": "ar_AE", "IN": "en_IN", "SG": "en_SG",
    "AU": "en_AU", "JP": "ja_JP",
}  # fmt: skip
NOT_AMAZON = {"DE": "A38D8NSA03LJTC", "ES": "AFQLKURYRPEL8"}
"""Marketplaces outside Amazon, for orders that Amazon only ships."""


class SellersApi:
    """getMarketplaceParticipations and getAccount.

    Attributes:
        countries: where the seller sells; None: in the whole region.
        suspended: where the listings are suspended.
        further: marketplaces that no table knows, as the API tells them.
    """

    def __init__(self, region: Region, store: str = "Nordwind Shop") -> None:
        self.region = region
        self.store = store
        self.countries: frozenset[str] | None = None
        self.suspended: frozenset[str] = frozenset()
        self.further: list[Wire] = []

    def routes(self) -> tuple[Route, ...]:
        """The operations for the routing table."""
        return (
            Route("getMarketplaceParticipations", "GET", f"{BASE}/marketplaceParticipations", self.participations),
            Route("getAccount", "GET", f"{BASE}/account", self.account),
        )

    def participations(self, call: Call) -> Response:
        """GET /sellers/v1/marketplaceParticipations."""
        return Response.json(200, {"payload": self._all()})

    def account(self, call: Call) -> Response:
        """GET /sellers/v1/account."""
        payload = {
            "marketplaceParticipationList": self._all(),
            "businessType": "PRIVATE_LIMITED",
            "sellingPlan": "PROFESSIONAL",
            "business": {
                "name": self.store,
                "registeredBusinessAddress": {"addressLine1": "Hafenstraße 1", "city": "Hamburg", "countryCode": "DE"},
            },
        }
        return Response.json(200, {"payload": payload})

    def _all(self) -> list[Wire]:
        known = [self._known(each) for each in marketplaces() if each.region == self.region]
        outside = [
            self._entry(id_, f"Non-Amazon {country}", country, "EUR", LANGUAGES[country], "siprod.stores.example", True)
            for country, id_ in NOT_AMAZON.items()
            if self.region == "EU" and self._sells(country)
        ]
        return [*known, *outside, *self.further]

    def _known(self, each: Marketplace) -> Wire:
        country = "UK" if each.country == "GB" else each.country  # Amazon's own table says so
        domain = f"www.{each.name.lower()}"
        return self._entry(
            each.id, each.name, country, each.currency, LANGUAGES[each.country], domain, self._sells(each.country)
        )

    def _sells(self, country: str) -> bool:
        return self.countries is None or country in self.countries

    def _entry(self, id_: str, name: str, country: str, currency: str, language: str, domain: str, sells: bool) -> Wire:
        return participation(
            id_, name, country, currency, language, domain, self.store, sells=sells, suspended=country in self.suspended
        )


def participation(
    id_: str,
    name: str,
    country: str,
    currency: str,
    language: str,
    domain: str,
    store: str,
    *,
    sells: bool = True,
    suspended: bool = False,
) -> Wire:
    """One entry of the answer, as the model wants it."""
    return {
        "marketplace": {
            "id": id_,
            "name": name,
            "countryCode": country,
            "defaultCurrencyCode": currency,
            "defaultLanguageCode": language,
            "domainName": domain,
        },
        "participation": {"isParticipating": sells, "hasSuspendedListings": suspended},
        "storeName": store,
    }
