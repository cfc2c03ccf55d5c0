"""Login with Amazon fails, a token ends, an authorisation is revoked: one account stops with one alarm at most."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from loguru import logger

from adapter.amazon.auth import LwaTokens
from adapter.amazon.budget import Budget
from adapter.amazon.calls import Calls
from adapter.amazon.errors import AmazonUnavailable, CredentialsRefused
from adapter.amazon.orders import OrdersClient
from adapter.daemon import Daemon
from adapter.http import HttpClient
from adapter.intake import NO_ACCESS
from adapter.simulators.amazon import Credentials, SellerAccount
from adapter.simulators.faults import Fault
from adapter.simulators.server import StandIn
from adapter.sync import Report, Sync

POLL = timedelta(minutes=5)


def kinds(stand_in):
    """What Amazon was asked of orders: `token`, `first` page, `next` page."""
    found = []
    for entry in stand_in.log:
        if entry.target.startswith("/auth"):
            found.append("token")
        elif "/orders?" in entry.target:
            found.append("next" if "paginationToken" in entry.target else "first")
    stand_in.log.clear()
    return found


@pytest.fixture
def many(world):
    """Three pages of orders."""
    for _ in range(250):
        world.order()
    world.clock.forward(minutes=3)
    return world


def orders_in_ledger(world):
    return sum(world.ledger.orders.counts().values())


def test_a_token_that_ends_between_two_pages(many):
    inner = many.account.handle
    seen = []

    def handle(request):
        seen.append(request.target)
        if sum("/orders?" in target for target in seen) == 2:
            many.account.revoke_access_tokens()
        return inner(request)

    many.amazon.service = type("Ending", (), {"handle": staticmethod(handle), "error": many.account.error})()
    many.sync().run()
    assert orders_in_ledger(many) == 250
    assert kinds(many.amazon) == ["token", "first", "next", "token", "next", "next"]


def test_login_fails_in_the_middle_and_the_page_is_resumed(many):
    reader = many.parts.accounts[0].client
    search = reader.search
    pages = []

    def failing(query, page_token=None):
        pages.append(page_token)
        if len(pages) == 2:
            many.account.revoke_access_tokens()
            many.amazon.faults.add(Fault("status", path="/auth/", status=503, times=3))
        return search(query, page_token)

    reader.search = failing
    report = many.sync().run()
    assert isinstance(report.failed["shop"], AmazonUnavailable)
    assert orders_in_ledger(many) == 100
    assert kinds(many.amazon) == ["token", "first", "next", "token", "token", "token"]
    many.sync().run()
    assert kinds(many.amazon) == ["token", "next", "next"]
    assert orders_in_ledger(many) == 250
    assert many.ledger.notices.all() == []


@pytest.fixture
def two(world, transport_to):
    """A run over two accounts: the first, of another seller, has an authorisation that was revoked."""
    other = StandIn(
        SellerAccount(5, seller_id="A0OTHERSELLER0", clock=world.clock, rates={}, refresh_token="Atzr|other")
    )
    http = HttpClient("https://amazon.test", transport=transport_to(other))
    client = "amzn1.application-oa2-client.demo", "amzn1.oa2-cs.v1.demo"
    tokens = LwaTokens(http, *client, "Atzr|revoked", world.clock, account="other")
    budget = Budget("A0OTHERSELLER0", world.ledger.notes, now=world.clock, monotonic=world.clock.monotonic)
    calls = Calls(http, tokens, budget, account="other", user_agent="Test/1 (Language=Python)", now=world.clock)
    (account,) = world.parts.accounts
    revoked = replace(account, name="other", seller_id="A0OTHERSELLER0", client=OrdersClient(calls))
    world.other = other
    return replace(world.parts, accounts=[revoked, account])


def test_a_revoked_authorisation_stops_that_account_only(world, two):
    sync = Sync(two)
    for _ in range(11):
        order = world.order()
        world.clock.forward(minutes=6)
        report = sync.run(poll_every=POLL)
        assert isinstance(report.failed["other"], CredentialsRefused)
        assert world.document(order)["Posted"]
    assert kinds(world.other) == ["token", "token"]  # once, and once more after an hour
    (notice,) = world.ledger.notices.all()
    assert (notice.account, notice.kind) == ("other", NO_ACCESS)
    assert "authorise the application for this seller again" in notice.value
    world.other.service.set_credentials(
        Credentials("amzn1.application-oa2-client.demo", "amzn1.oa2-cs.v1.demo", "Atzr|revoked")
    )
    world.clock.forward(minutes=61)
    assert sync.run(poll_every=POLL).failed == {}
    assert world.ledger.notices.all() == []


def test_one_alarm_and_one_word_when_it_is_over(world, two):
    lines = []
    number = logger.add(lambda message: lines.append((message.record["level"].name, message.record["message"])))
    sync = Sync(two)
    daemon = Daemon(lambda _: sync, 300)
    try:
        for _ in range(30):
            world.clock.forward(minutes=6)
            daemon._tell(sync.run(poll_every=POLL))
        assert [level for level, _ in lines] == ["ERROR"]
        assert "The account other is not read until then" in lines[0][1]
        world.other.service.set_credentials(
            Credentials("amzn1.application-oa2-client.demo", "amzn1.oa2-cs.v1.demo", "Atzr|revoked")
        )
        world.clock.forward(minutes=61)
        daemon._tell(sync.run(poll_every=POLL))
        assert ("INFO", "account other: read again") in lines
    finally:
        logger.remove(number)


def test_status_and_check_show_it(open_shop, amazon1c):
    shop = open_shop(3)
    (shop.folder / "credentials/amazon-demo-refresh-token").write_text("Atzr|revoked")
    shop.edit("adapter.yaml", "    region: EU", '    region: EU\n    client_secret_created: "2020-01-01"')
    assert amazon1c("sync", "-c", shop.config)[0] == 78
    for words in (("status",), ("status", "--json")):
        _, out, _ = amazon1c(*words, "-c", shop.config)
        assert "authorise the application for this seller again" in out
        assert "the client secret ended on 2020-06-29" in out
    code, _, err = amazon1c("check", "-c", shop.config)
    assert (code, "authorise the application for this seller again" in err) == (78, True)


def test_a_message_while_a_run_is_under_way_is_followed_by_another():
    class Fake:
        runs = 0

        def run(self, poll_every):
            self.runs += 1
            if self.runs == 1:
                daemon.wake()
            return Report()

        def seconds_to_sweeps(self, without):
            return []

    fake = Fake()
    daemon = Daemon(lambda _: fake, 300)
    daemon._scheduler.add_job(daemon._cycle, "interval", seconds=300, id="cycle")
    daemon._scheduler.start(paused=True)
    try:
        daemon._cycle()
        assert fake.runs == 2
    finally:
        daemon._scheduler.shutdown()
