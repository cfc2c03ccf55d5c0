"""Setting up notifications from the command line: twice is as good as once, and nothing is taken from others."""

from __future__ import annotations

import json

import pytest

from adapter.amazon.errors import BadRequest, Throttled
from adapter.amazon.notifications import AlreadyThere, Destination, Subscription
from adapter.errors import Refused, Unavailable
from adapter.settings import NotificationSettings
from adapter.setup.notifications import Found, Subscribing, policy_text, queue_policy, region_hint

ARN = "arn:aws:sqs:eu-west-1:123456789012:orders"
OTHER = "arn:aws:sqs:eu-west-1:123456789012:other"
NEW_SECRET = {
    "notificationType": "APPLICATION_OAUTH_CLIENT_NEW_SECRET",
    "payload": {
        "applicationOAuthClientNewSecret": {
            "clientId": "amzn1.application-oa2-client.demo",
            "newClientSecret": "amzn1.oa2-cs.v1.fresh",
        }
    },
}


@pytest.fixture
def shop(open_shop):
    """A shop whose account names a queue that only Amazon is told of."""
    shop = open_shop(1)
    file = shop.folder / "adapter.yaml"
    file.write_text(file.read_text().rstrip() + f'\n    notifications: {{queue: "{ARN}"}}\n', encoding="utf-8")
    return shop


def made(shop):
    """What Amazon was asked to make or delete."""
    return [
        f"{entry.method} {entry.target.split('/')[3]}"
        for entry in shop.amazon.log
        if entry.method != "GET" and entry.target.startswith("/notifications")
    ]


def test_set_up_look_and_remove(shop, amazon1c):
    run = lambda *words: amazon1c("notifications", *words, "-c", shop.config)  # noqa: E731
    assert run("status")[0] == 1
    code, out, err = run("setup")
    assert (code, err) == (0, "")
    assert f'"Resource": "{ARN}"' in out
    assert "destination made" in out
    assert "subscription to ORDER_CHANGE made" in out
    assert made(shop) == ["POST destinations", "POST subscriptions"]
    assert "everything was there already" in run("setup")[1]
    assert len(made(shop)) == 2
    code, out, _ = run("status", "--json")
    assert (code, json.loads(out)["demo"]["complete"]) == (0, True)
    assert "subscription to ORDER_CHANGE ended" in run("remove", "--with-destination")[1]
    assert "nothing was there" in run("remove")[1]
    assert run("status")[0] == 1


def test_beside_the_running_service(shop, amazon1c):
    """It takes neither the ledger nor the budget of calls that the service uses."""
    from adapter.assembly import now
    from adapter.ledger import Ledger

    with Ledger.open(shop.folder / "state") as ledger:
        ledger.own(now())
        assert amazon1c("notifications", "setup", "-c", shop.config)[0] == 0
        ledger.orders.reopen("demo", "nothing")


@pytest.mark.parametrize(
    ("words", "message"),
    [(("--account", "nobody"), "there is no account nobody"), ((), "no queue is named")],
)
def test_nothing_to_set_up(open_shop, amazon1c, words, message):
    code, _, err = amazon1c("notifications", "setup", *words, "-c", open_shop(1).config)
    assert (code, message in err) == (78, True)


def test_a_revoked_authorisation(shop, amazon1c):
    (shop.folder / "credentials/amazon-demo-refresh-token").write_text("Atzr|revoked")
    code, _, err = amazon1c("notifications", "setup", "-c", shop.config)
    assert (code, "put the new refresh token into" in err) == (78, True)


def test_a_new_secret_is_fetched(open_shop, amazon1c, aws):
    shop, arn = open_shop(1), aws.make("orders")
    file = shop.folder / "adapter.yaml"
    queue = f'    notifications: {{queue: "{arn}", endpoint: {aws.address}}}\n'
    file.write_text(file.read_text().rstrip() + "\n" + queue, encoding="utf-8")
    for name in ("aws-access-key-id", "aws-secret-access-key"):
        (shop.folder / "credentials" / name).write_text("example")
        (shop.folder / "credentials" / name).chmod(0o600)
    command = ("notifications", "new-secret", "--wait", "0", "-c", shop.config)
    code, _, err = amazon1c(*command)
    assert (code, "no new client secret" in err) == (75, True)
    aws.put(arn, {"NotificationType": "ORDER_CHANGE"})
    aws.put(arn, NEW_SECRET)
    code, out, _ = amazon1c(*command)
    kept = shop.folder / "credentials/amazon-demo-client-secret.new"
    assert (code, kept.read_text(), kept.stat().st_mode & 0o777) == (0, "amzn1.oa2-cs.v1.fresh\n", 0o600)
    assert str(kept) in out
    assert "fresh" not in out
    assert sum(aws.count(arn)) == 1


class Api:
    """The Notifications API as a value."""

    def __init__(self, *destinations, subscription=None):
        self.known = list(destinations)
        self.subscribed = subscription
        self.raising = []

    def _maybe(self):
        if self.raising:
            raise self.raising.pop(0)

    def destinations(self):
        self._maybe()
        return tuple(self.known)

    def subscription(self, kind):
        return self.subscribed

    def create_destination(self, name, arn):
        if any(one.arn == arn for one in self.known):
            raise AlreadyThere("there")
        if arn == OTHER:
            raise BadRequest("no access")
        self.known.append(Destination("d-new", name, arn))
        return self.known[-1]

    def subscribe(self, kind, destination_id):
        self.subscribed = Subscription("s-new", destination_id, "1.0")
        self._maybe()
        return self.subscribed


OURS, THEIRS = Destination("d-1", "ours", ARN), Destination("d-2", "theirs", OTHER)
waits = []


def subscribing(api, arn=ARN):
    waits.clear()
    return Subscribing(api, arn, waits.append)


def test_a_destination_for_the_queue_is_used_again():
    api = Api(THEIRS, OURS)
    assert subscribing(api).set_up() == ("subscription to ORDER_CHANGE made (s-new)",)
    assert api.subscribed.destination_id == "d-1"


def test_a_subscription_to_another_queue_is_not_taken_away():
    api = Api(OURS, THEIRS, subscription=Subscription("s-2", "d-2", "1.0"))
    assert subscribing(api).look() == Found(OURS, "s-2", OTHER)
    with pytest.raises(Refused, match="notifications remove"):
        subscribing(api).set_up()


def test_the_answer_to_a_subscription_is_lost():
    api = Api(OURS)
    api.raising = []
    subscribe = api.subscribe

    def lost(kind, destination_id):
        subscribe(kind, destination_id)
        raise AlreadyThere("there")

    api.subscribe = lost
    assert subscribing(api).set_up() == ("subscription to ORDER_CHANGE made",)


def test_amazon_may_not_use_the_queue():
    with pytest.raises(BadRequest, match="Has the queue the policy above"):
        subscribing(Api(), OTHER).set_up()


def test_it_waits_for_the_budget_and_not_for_ever():
    api = Api(OURS)
    api.raising = [Throttled("later", 1.5), Throttled("later", 2.5)]
    subscribing(api).look()
    assert waits == [1.5, 2.5]
    api.raising = [Throttled("later", 1.0)] * 9
    with pytest.raises(Unavailable):
        subscribing(api).look()


def test_the_policy_names_the_queue_and_every_sender():
    queues = [NotificationSettings(queue=ARN), NotificationSettings(queue=ARN, sender="507733088537")]
    (statement,) = queue_policy(queues)["Statement"]
    assert statement["Principal"]["AWS"] == ["arn:aws:iam::437568002678:root", "arn:aws:iam::507733088537:root"]
    assert (statement["Resource"], statement["Action"]) == (ARN, ["sqs:SendMessage", "sqs:GetQueueAttributes"])
    assert "Not sure" in policy_text(queues)


@pytest.mark.parametrize(("region", "unusual"), [("EU", False), ("NA", True), ("FE", True)])
def test_a_queue_in_an_unusual_region(region, unusual):
    assert bool(region_hint(region, ARN)) is unusual
