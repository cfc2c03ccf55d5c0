"""What a buyer has told stays only where the mapping needs it, wherever Amazon puts it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapter.amazon.private import CUSTOMIZATION, GIFT_MESSAGE, TAX_REGISTRATIONS, without_private

ORDER: dict[str, Any] = {
    "orderId": "1",
    "tax": {
        "taxRegistrations": [{"entityType": "BUYER", "legalName": "BUYER-NAME"}, {"entityType": "MERCHANT"}, {}, 7],
        "taxInvoicing": {"invoiceStatus": "ACCEPTED"},
    },
    "orderItems": [
        {
            "orderItemId": "11",
            "product": {"asin": "B0", "customization": {"customizedUrl": "CUSTOM-URL"}},
            "fulfillment": {"packing": {"giftOption": {"giftMessage": "GIFT-WORDS", "giftWrapLevel": "PREMIUM"}}},
            "cancellation": {
                "cancellationRequest": {"requester": "BUYER", "cancelReason": "REASON-1"},
                "cancellationExecution": {"cancelledBy": "BUYER", "cancelReason": "REASON-2"},
            },
        },
        None,
    ],
}
WORDS = {"BUYER-NAME", "CUSTOM-URL", "GIFT-WORDS", "REASON-1", "REASON-2"}


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        ((), set()),
        ((TAX_REGISTRATIONS,), {"BUYER-NAME"}),
        ((GIFT_MESSAGE,), {"GIFT-WORDS"}),
        ((CUSTOMIZATION,), {"CUSTOM-URL"}),
        ((TAX_REGISTRATIONS, GIFT_MESSAGE, CUSTOMIZATION), {"BUYER-NAME", "GIFT-WORDS", "CUSTOM-URL"}),
    ],
)
def test_what_stays(keep, kept):
    before = json.dumps(ORDER)
    text = json.dumps(without_private(ORDER, keep))
    assert {word for word in WORDS if word in text} == kept
    assert json.dumps(ORDER) == before  # a copy
    for other in ("MERCHANT", "ACCEPTED", "PREMIUM", "cancellationRequest", "cancelledBy", "B0"):
        assert other in text


@pytest.mark.parametrize("odd", [None, 7, "x", [], {}, [{}], {"packing": 7}])
def test_odd_forms_stay_as_they_are(odd):
    order = {"orderId": "1", "tax": odd, "orderItems": [{"fulfillment": odd, "product": odd, "cancellation": odd}]}
    if not isinstance(odd, dict):
        assert without_private(order, ()) == order
    assert without_private({"orderItems": odd}, ())["orderItems"] == odd
