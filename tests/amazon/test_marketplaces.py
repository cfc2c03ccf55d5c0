from __future__ import annotations

import pytest

from adapter.amazon.marketplaces import LWA_ENDPOINT, MARKETPLACES, Region, by_country, iso_country
from adapter.http import HttpClient


def test_every_id_and_country_is_there_once():
    assert len(MARKETPLACES) == 23
    assert len({facts.country for facts in MARKETPLACES.values()}) == 23
    assert all(facts.marketplace_id == key for key, facts in MARKETPLACES.items())
    assert {facts.region for facts in MARKETPLACES.values()} == set(Region)


@pytest.mark.parametrize(
    ("country", "name", "region"),
    [
        ("DE", "Amazon.de", Region.EU),
        ("UK", "Amazon.co.uk", Region.EU),
        ("gb", "Amazon.co.uk", Region.EU),
        ("JP", "Amazon.co.jp", Region.FE),
        ("BR", "Amazon.com.br", Region.NA),
    ],
)
def test_by_country(country, name, region):
    facts = by_country(country)
    assert facts is not None
    assert (facts.name, facts.region, facts.country) == (name, region, iso_country(country))


def test_a_country_without_a_marketplace():
    assert by_country("UA") is None


@pytest.mark.parametrize(
    ("region", "endpoint", "sandbox"),
    [
        ("NA", "sellingpartnerapi-na.amazon.com", "sandbox.sellingpartnerapi-na.amazon.com"),
        ("EU", "sellingpartnerapi-eu.amazon.com", "sandbox.sellingpartnerapi-eu.amazon.com"),
        ("FE", "sellingpartnerapi-fe.amazon.com", "sandbox.sellingpartnerapi-fe.amazon.com"),
    ],
)
def test_endpoints(region, endpoint, sandbox):
    assert HttpClient(Region(region).endpoint).host == endpoint
    assert HttpClient(Region(region).sandbox_endpoint).host == sandbox
    assert HttpClient(LWA_ENDPOINT).host == "api.amazon.com"
