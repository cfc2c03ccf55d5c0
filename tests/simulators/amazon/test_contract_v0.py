"""Every answer of the older Orders API and of the Tokens API against Amazon's own models, where copies are at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from tests.simulators.amazon.test_orders_v0 import ALL, ORDERS, TOKENS, page, post, resource, unlock

MODELS = Path(__file__).parents[3].parent / "shared" / "spapi" / "models"
OWN_PARTIES = {"Amazon Services Europe S.a.r.L."}
MARKETPLACES = {
    "EU": "A1PA6795UKMFR9,A1F83G8C2ARO7P,A13V1IB3VIYZZH,A33AVAJ2PDY3EV,A1C3SOZRARQ6R3,APJ6JRA9NG5V4",
    "NA": "ATVPDKIKX0DER,A2EUQ1WTGCTBG2,A1AM78C64UM0Y8,A2Q3Y263D00KWC",
    "FE": "A1VC38T7YXB528,A39IBJ37TRP1C6,A19VAU5U5O7RUS",
}


@pytest.fixture(scope="module")
def validator():
    """Makes a validator of one definition of a model, which may hold no properties but those that it names."""

    def make(model: str, definition: str):
        file = MODELS / model
        if not file.is_file():
            pytest.skip(f"no copy of Amazon's model {model} in a folder {MODELS.parts[-3]} beside the checkout")
        definitions = {name: _closed(known) for name, known in json.loads(file.read_text())["definitions"].items()}
        return Draft4Validator({"$ref": f"#/definitions/{definition}", "definitions": definitions})

    return make


def _closed(definition: dict[str, Any]) -> dict[str, Any]:
    if definition.get("type") != "object" or "properties" not in definition:
        return definition
    known = definition | {"additionalProperties": False}
    if "ResponsibleParty" in definition["properties"]:
        # The one value of the model is that of America; answers in Europe name others, as those of 2026-01-01 do.
        party = definition["properties"]["ResponsibleParty"] | {"enum": ["Amazon Services, Inc.", *OWN_PARTIES]}
        known["properties"] = definition["properties"] | {"ResponsibleParty": party}
    return known


@pytest.mark.parametrize("region", ["EU", "NA", "FE"])
def test_every_answer(validator, open_account, region):
    caller = open_account(100, region=region, seed=4)
    ids = MARKETPLACES[region]
    answers = [("GetOrdersResponse", page(caller, MarketplaceIds=ids))]
    plain = caller.token
    order_ids = caller.account.order_ids()[:40]
    answers += [("GetOrderItemsResponse", caller.get(f"{ORDERS}/{key}/orderItems")) for key in order_ids]
    unlock(caller, resource(ORDERS, *ALL), resource(f"{ORDERS}/{{orderId}}", *ALL))
    answers.append(("GetOrdersResponse", page(caller, MarketplaceIds=ids)))
    answers += [("GetOrderResponse", caller.get(f"{ORDERS}/{key}")) for key in order_ids]
    for part, definition in (
        ("address", "GetOrderAddressResponse"),
        ("buyerInfo", "GetOrderBuyerInfoResponse"),
        ("orderItems/buyerInfo", "GetOrderItemsBuyerInfoResponse"),
    ):
        caller.token = plain
        unlock(caller, resource(f"{ORDERS}/{{orderId}}/{part}"))
        answers += [(definition, caller.get(f"{ORDERS}/{key}/{part}")) for key in order_ids]
    for definition, answer in answers:
        assert answer.status == 200
        validator("ordersV0.json", definition).validate(answer.body)


def test_refusals(validator, open_account):
    caller = open_account(1)
    for answer in (
        page(caller, MarketplaceIds=""),
        caller.get(f"{ORDERS}/nonsense"),
        caller.get(f"{ORDERS}/302-0000000-0000000"),
    ):
        assert answer.status in {400, 404}
        validator("ordersV0.json", "GetOrdersResponse").validate(answer.body)


def test_tokens(validator, open_account):
    caller = open_account(restricted=())
    body = {"restrictedResources": [resource(f"{ORDERS}/{{orderId}}/address")]}
    validator("tokens_2021-03-01.json", "CreateRestrictedDataTokenRequest").validate(body)
    validator("tokens_2021-03-01.json", "CreateRestrictedDataTokenResponse").validate(post(caller, TOKENS, body).body)
    refused = post(caller, TOKENS, {"restrictedResources": [resource(ORDERS, *ALL)]})
    validator("tokens_2021-03-01.json", "ErrorList").validate(refused.body)


def test_the_sandbox_requests_for_tokens(open_account):
    file = MODELS / "tokens_2021-03-01.json"
    if not file.is_file():
        pytest.skip("no copy of Amazon's model tokens_2021-03-01.json beside the checkout")
    responses = json.loads(file.read_text())["paths"][TOKENS]["post"]["responses"]
    for status in ("200", "400"):
        for case in responses[status]["x-amzn-api-sandbox"]["static"]:
            answer = post(open_account(), TOKENS, case["request"]["parameters"]["body"]["value"])
            assert answer.status == int(status)
            assert set(answer.body) == set(case["response"])
