"""The service: reports to systemd, stops cleanly, and goes on after SIGKILL as if nothing had been."""

from __future__ import annotations

import json
import signal
from collections import Counter

import pytest

from adapter.simulators.faults import Fault


def states(amazon1c, shop):
    return json.loads(amazon1c("status", "-c", shop.config, "--json")[1])["documents"]


def test_runs_and_stops(open_shop, service):
    shop = open_shop(20)
    daemon = service(shop.config).start()
    daemon.wait_for("READY=1")
    daemon.wait_for("STATUS=last run")
    daemon.process.send_signal(signal.SIGTERM)
    daemon.wait_for("STOPPING=1")
    assert daemon.process.wait(timeout=10) == 0
    assert len(shop.documents) > 10
    assert [line["message"] for line in daemon.log()][-1] == "stopped"


def test_a_stop_in_the_middle_of_an_order(amazon1c, open_shop, service):
    """The request in flight is answered and recorded; what was not begun stays for the next start."""
    shop = open_shop(20)
    shop.edit("adapter.yaml", "  user: odata", "  user: odata\n  sessions: 1")
    daemon = service(shop.config)

    class Stop:
        """Sends SIGTERM while the fifth write is under way."""

        def __init__(self, inner):
            self.inner, self.writes = inner, 0

        def handle(self, request):
            self.writes += request.method != "GET"
            if self.writes == 5:
                daemon.process.send_signal(signal.SIGTERM)
                daemon.wait_for("STOPPING=1")
            return self.inner.handle(request)

    shop.onec.service = Stop(shop.onec.service)
    daemon.start()
    assert daemon.process.wait(timeout=10) == 0
    assert len(shop.documents) == 3
    assert all(document["Posted"] for document in shop.documents)
    after = states(amazon1c, shop)
    assert (after["done"], after["intent"], after["unknown"]) == (3, 0, 0)
    amazon1c("sync", "-c", shop.config)
    assert max(Counter(document["Number"] for document in shop.documents).values()) == 1


def test_a_stop_while_the_infobase_does_not_answer(open_shop, service, amazon1c):
    """It does not wait for ever: the intent is on the disk, and the next start looks."""
    shop = open_shop(20)
    daemon = service(shop.config)
    answered = []

    class Hang:
        def __init__(self, inner):
            self.inner = inner

        def handle(self, request):
            if request.method == "POST" and not answered:
                answered.append(request)
                daemon.process.send_signal(signal.SIGTERM)
                daemon.process.wait(timeout=15)
            return self.inner.handle(request)

    shop.onec.service = Hang(shop.onec.service)
    daemon.start()
    assert daemon.process.wait(timeout=15) == 0
    assert states(amazon1c, shop)["intent"] == 1
    amazon1c("sync", "-c", shop.config)
    after = states(amazon1c, shop)
    assert (after["intent"], after["unknown"], after["planned"]) == (0, 0, 0)
    assert after["done"] == len(shop.documents)


def test_killed_again_and_again(amazon1c, open_shop, service, killer):
    """SIGKILL before and after the infobase has carried out a write: nothing doubled, nothing lost, nobody asked."""
    shop = open_shop(60, seed=4)
    plan = json.loads(amazon1c("plan", "-c", shop.config, "--json")[1])
    wanted = {step["order_id"] for step in plan["steps"] if step["verb"] == "create"}
    aim = killer(shop)
    daemon = service(shop.config)
    for at, after_commit in [(1, False), (1, True), (2, False), (2, True), (7, True), (4, False)]:
        daemon.start()
        aim.aim(daemon.process, at, after_commit)
        assert daemon.process.wait(timeout=60) == -signal.SIGKILL
    daemon.start().wait_for("STATUS=last run")
    numbers = Counter(document["Number"] for document in shop.documents)
    assert set(numbers) == wanted
    assert max(numbers.values()) == 1
    assert all(document["Posted"] for document in shop.documents)
    after = states(amazon1c, shop)
    assert after["done"] == len(wanted)
    assert (after["intent"], after["unknown"], after["planned"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda shop: shop.edit("mapping.yaml", "Quantity:", "Qty:"), 78),
        (lambda shop: (shop.folder / "credentials/onec-password").write_text("wrong"), 78),
        (lambda shop: shop.edit("adapter.yaml", "version: 1", "version: 9"), 78),
    ],
    ids=["mapping", "password", "settings"],
)
def test_a_wrong_setting_ends_it(open_shop, service, break_it, code):
    """Exit code 78: systemd does not start it again and again."""
    shop = open_shop(20)
    break_it(shop)
    daemon = service(shop.config).start()
    assert daemon.process.wait(timeout=30) == code
    assert shop.writes() == []


def test_an_infobase_that_is_down_is_waited_for(open_shop, service):
    shop = open_shop(20)
    shop.onec.faults.add(Fault("html", status=503, times=0))
    daemon = service(shop.config).start()
    told = daemon.wait_for("STATUS=")
    assert "503" in told
    assert daemon.process.poll() is None
    assert shop.writes() == []


def test_a_second_service_is_refused(amazon1c, open_shop, service):
    shop = open_shop(5)
    service(shop.config).start().wait_for("STATUS=last run")
    code, _, err = amazon1c("sync", "-c", shop.config)
    assert code == 75
    assert "another amazon1c is at work" in err
    code, out, _ = amazon1c("plan", "-c", shop.config)
    assert code == 0
    assert "The service is running" in out
