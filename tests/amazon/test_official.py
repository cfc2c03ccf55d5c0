"""Amazon's own sandbox answers and examples: all are read, without doubt and to the cent."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from adapter.amazon.page import decoded, read_page, wire_order
from adapter.amazon.read import read_order
from adapter.amazon.saved import read_saved
from adapter.model.money import Money
from adapter.model.order import ChargeKind
from adapter.model.proof import prove

SANDBOX = (
    "250-1234567-8901234",
    "202-7654321-1098765",
    "171-2345678-9012345",
    "171-9876543-2109876",
    "028-1234567-8901234",
    "114-9876543-1234567",
)
EXAMPLES = {"123-4567890-1234567": ChargeKind.TIP, "202-1234567-8901234": ChargeKind.SHIPPING_TAX}


@pytest.fixture(scope="module")
def examples(model):
    """The orders of the model's `examples`, by id."""
    answers = [
        example for path in model["paths"].values() for example in path["get"]["responses"]["200"]["examples"].values()
    ]
    found = [order for answer in answers for order in answer.get("orders", [answer.get("order")])]
    return {order["orderId"]: json.dumps(order) for order in found}


def test_all_sandbox_answers_are_in_the_model(model_text):
    assert tuple(order.order_id for order in read_saved(model_text)) == SANDBOX


def test_sandbox_orders_add_up_without_doubt(model_text):
    read = [read_order(order.content, "de", "A1") for order in read_saved(model_text)]
    assert {order.order_id: order.doubts for order in read} == dict.fromkeys(SANDBOX, ())
    assert {order.order_id: prove(order).proven for order in read} == dict.fromkeys(SANDBOX, True)
    assert {order.currency for order in read} == {"JPY", "GBP", "BRL", "TRY", "USD"}
    assert [order.marketplace.country for order in read] == ["JP", "GB", "BR", "BR", "TR", "US"]


def test_examples_add_up_without_doubt(examples):
    assert set(examples) == set(EXAMPLES)
    for order_id, kind in EXAMPLES.items():
        order = read_order(examples[order_id], "de", "A1")
        assert (order.doubts, prove(order).proven) == ((), True)
        assert kind in {charge.kind for charge in order.all_charges()}
        assert ChargeKind.TAX not in {charge.kind for charge in order.all_charges()}


def test_the_tip_belongs_to_the_order(examples):
    order = read_order(examples["123-4567890-1234567"], "de", "A1")
    assert [(charge.kind, charge.amount) for charge in order.charges] == [
        (ChargeKind.TIP, Money(Decimal("5.00"), "USD"))
    ]
    assert order.replaces == "123-4567890-1234566"


def test_every_sandbox_answer_is_a_page_or_an_order(model):
    for path, operations in model["paths"].items():
        for case in operations["get"]["responses"]["200"]["x-amzn-api-sandbox"]["static"]:
            body = json.dumps(case["response"]).encode()
            if path.endswith("{orderId}"):
                assert wire_order(decoded(body, path)["order"]) is not None
            else:
                page = read_page(decoded(body, path), path)
                assert (len(page.orders), page.problems) == (1, ())
                assert page.upper_bound is not None
                assert (page.next_token is None) == ("pagination" not in case["response"])
