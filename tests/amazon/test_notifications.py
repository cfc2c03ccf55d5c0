"""The Notifications API, against the stand-in seller account."""

from __future__ import annotations

import pytest

from adapter.amazon.auth import NOTIFICATIONS_SCOPE, LwaTokens
from adapter.amazon.budget import Budget
from adapter.amazon.calls import Calls
from adapter.amazon.errors import AccessDenied, BadAnswer, BadRequest
from adapter.amazon.notifications import AlreadyThere, Destination, Notifications, Subscription
from adapter.http import HttpClient
from adapter.ledger import Ledger
from adapter.simulators.amazon import SellerAccount
from adapter.simulators.faults import Fault
from adapter.simulators.server import Response, StandIn

ARN = "arn:aws:sqs:eu-west-1:123456789012:orders"
KIND = "ORDER_CHANGE"


@pytest.fixture
def stand_in(clock):
    return StandIn(SellerAccount(clock=clock.now, rates={}))


@pytest.fixture
def api(stand_in, transport_to, clock):
    http = HttpClient("https://amazon.test", transport=transport_to(stand_in))
    client = "amzn1.application-oa2-client.demo", "amzn1.oa2-cs.v1.demo"
    tokens = LwaTokens(http, *client, "Atzr|demo", clock.now, account="shop")
    grantless = LwaTokens.grantless(http, *client, NOTIFICATIONS_SCOPE, clock.now, account="shop")
    with Ledger.open(None) as ledger:
        budget = Budget("A1", ledger.own(clock.now()).notes, now=clock.now, monotonic=clock.monotonic)
        calls = Calls(http, tokens, budget, account="shop", user_agent="Test/1 (Language=Python)", now=clock.now)
        yield Notifications(calls, grantless)


def test_from_nothing_to_a_subscription_and_back(api):
    assert (api.destinations(), api.subscription(KIND)) == ((), None)
    made = api.create_destination("orders", ARN)
    assert made == Destination(made.destination_id, "orders", ARN)
    assert api.destinations() == (made,)
    wished = api.subscribe(KIND, made.destination_id)
    assert wished == Subscription(wished.subscription_id, made.destination_id, "1.0")
    assert api.subscription(KIND) == wished
    for again in (lambda: api.create_destination("other", ARN), lambda: api.subscribe(KIND, made.destination_id)):
        with pytest.raises(AlreadyThere):
            again()
    assert api.unsubscribe(KIND, wished.subscription_id)
    assert not api.unsubscribe(KIND, wished.subscription_id)
    assert api.delete_destination(made.destination_id)
    assert not api.delete_destination(made.destination_id)
    assert (api.destinations(), api.subscription(KIND)) == ((), None)


def test_a_lost_answer_is_repeated(api, stand_in):
    stand_in.faults.add(Fault("lost", method="POST", path="/destinations", times=1))
    assert api.create_destination("orders", ARN).arn == ARN


def test_what_amazon_refuses(api, stand_in):
    with pytest.raises(BadRequest, match="FIFO"):
        api.create_destination("orders", f"{ARN}.fifo")
    stand_in.faults.add(Fault("status", status=403, path="/notifications", times=0))
    with pytest.raises(AccessDenied):
        api.destinations()


@pytest.mark.parametrize("body", [{}, {"payload": {}}, {"payload": {"destinationId": 7}}, {"payload": [1]}])
def test_an_answer_of_another_form(api, stand_in, body):
    inner = stand_in.service.handle
    stand_in.service.handle = lambda request: inner(request) if "auth" in request.target else Response.json(200, body)
    with pytest.raises(BadAnswer):
        api.subscribe(KIND, "any")
    with pytest.raises(BadAnswer):
        api.create_destination("orders", ARN)
