"""The Sellers API of the stand-in: its answers against Amazon's own model."""

from __future__ import annotations

import pytest

from adapter.simulators.amazon.marketplaces import region_ids

PARTICIPATIONS, ACCOUNT = "/sellers/v1/marketplaceParticipations", "/sellers/v1/account"


@pytest.mark.parametrize("region", ["EU", "NA", "FE"])
def test_where_the_seller_sells(open_account, official_model, region):
    check = official_model("sellers")
    caller = open_account(0, region=region)
    caller.account.sellers.countries = frozenset({"DE", "US", "JP"})
    answer = caller.get(PARTICIPATIONS)
    check("GetMarketplaceParticipationsResponse").validate(answer.body)
    told = {entry["marketplace"]["id"]: entry["participation"] for entry in answer.body["payload"]}
    assert region_ids(region) <= set(told)
    assert sum(entry["isParticipating"] for entry in told.values()) == (2 if region == "EU" else 1)
    check("GetAccountResponse").validate(caller.get(ACCOUNT).body)


def test_the_budget_is_small(open_account):
    caller = open_account(0, rates=None)
    assert [caller.get(PARTICIPATIONS).status for _ in range(16)] == [200] * 15 + [429]
