"""The marketplaces of the three regions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

Region = Literal["NA", "EU", "FE"]

# id | country | region | currency | name | tax in percent | tax within the shown price | first digits of order ids
TABLE = """
A2EUQ1WTGCTBG2|CA|NA|CAD|Amazon.ca|13|no|701 702
ATVPDKIKX0DER|US|NA|USD|Amazon.com|8.25|no|111 112 113 114
A1AM78C64UM0Y8|MX|NA|MXN|Amazon.com.mx|16|yes|701 702
A2Q3Y263D00KWC|BR|NA|BRL|Amazon.com.br|0|yes|701 702
A28R8C7NBKEWEA|IE|EU|EUR|Amazon.ie|23|yes|204
A1RKKUPIHCS9HS|ES|EU|EUR|Amazon.es|21|yes|405 406
A1F83G8C2ARO7P|GB|EU|GBP|Amazon.co.uk|20|yes|202 203 204 205 206
A13V1IB3VIYZZH|FR|EU|EUR|Amazon.fr|20|yes|402 403 404 405
AMEN7PMS3EDWL|BE|EU|EUR|Amazon.com.be|21|yes|403 408
A1805IZSGTT6HS|NL|EU|EUR|Amazon.nl|21|yes|404 405
A1PA6795UKMFR9|DE|EU|EUR|Amazon.de|19|yes|302 303 304 305 306 028
APJ6JRA9NG5V4|IT|EU|EUR|Amazon.it|22|yes|403 404 407 171
A2NODRKZP88ZB9|SE|EU|SEK|Amazon.se|25|yes|406 407
AE08WJ6YKNBMC|ZA|EU|ZAR|Amazon.co.za|15|yes|403
A1C3SOZRARQ6R3|PL|EU|PLN|Amazon.pl|23|yes|404 406
ARBP9OOSHTCHU|EG|EU|EGP|Amazon.eg|14|yes|404
A33AVAJ2PDY3EV|TR|EU|TRY|Amazon.com.tr|20|yes|404
A17E79C6D8DWNP|SA|EU|SAR|Amazon.sa|15|yes|404
A2VIGQ35RCS4UG|AE|EU|AED|Amazon.ae|5|yes|404
A21TJRUUN4KGV|IN|EU|INR|Amazon.in|18|yes|404
A19VAU5U5O7RUS|SG|FE|SGD|Amazon.sg|9|yes|503
A39IBJ37TRP1C6|AU|FE|AUD|Amazon.com.au|10|yes|249 250
A1VC38T7YXB528|JP|FE|JPY|Amazon.co.jp|10|yes|249 250 503
"""

EURO_RATES = {
    "EUR": "1",
    "GBP": "0.86",
    "SEK": "11.3",
    "PLN": "4.25",
    "TRY": "38",
    "AED": "4.1",
    "USD": "1.12",
    "CAD": "1.55",
    "MXN": "20.5",
    "BRL": "6.1",
    "JPY": "163",
    "AUD": "1.7",
    "SGD": "1.48",
}
"""What one euro costs, for making up prices; plausible, not of any day."""

SHOPS_ABROAD = {"AT": "DE", "CH": "DE", "CZ": "DE", "LV": "DE", "EE": "DE", "BG": "DE", "UA": "PL"}
"""Where people shop whose country has no marketplace."""


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One shop of Amazon.

    Attributes:
        country: ISO 3166-1; Amazon's own table says UK where addresses say GB.
        tax_rate: a fraction, such as 0.19.
        tax_included: whether shown prices contain the tax.

    Source: SP-API marketplace ids guide (id, country, region); the other values are made up to be plausible.
    """

    id: str
    country: str
    region: Region
    currency: str
    name: str
    tax_rate: Decimal
    tax_included: bool
    order_prefixes: tuple[str, ...]


@cache
def marketplaces() -> tuple[Marketplace, ...]:
    """All marketplaces, of all regions."""
    found = []
    for line in TABLE.strip().splitlines():
        id_, country, region, currency, name, percent, included, prefixes = line.split("|")
        found.append(
            Marketplace(
                id=id_,
                country=country,
                region=_region(region),
                currency=currency,
                name=name,
                tax_rate=Decimal(percent) / 100,
                tax_included=included == "yes",
                order_prefixes=tuple(prefixes.split()),
            )
        )
    return tuple(found)


@cache
def region_ids(region: Region) -> frozenset[str]:
    """The marketplace ids of one region."""
    return frozenset(marketplace.id for marketplace in marketplaces() if marketplace.region == region)


def marketplace_for(country: str, region: Region) -> Marketplace | None:
    """Where somebody in `country` shops; None: not in this region."""
    country = SHOPS_ABROAD.get(country, country)
    for marketplace in marketplaces():
        if marketplace.country == country and marketplace.region == region:
            return marketplace
    return None


def _region(text: str) -> Region:
    regions: dict[str, Region] = {"NA": "NA", "EU": "EU", "FE": "FE"}
    return regions[text]
