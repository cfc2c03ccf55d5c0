"""The long hunt: a thousand orders, and the service killed at fifty random moments among them."""

from __future__ import annotations

import json
import random
import signal
import time
from collections import Counter

import pytest

pytestmark = pytest.mark.soak
KILLS = 50


@pytest.mark.parametrize("seed", [1])
def test_a_thousand_orders_and_fifty_kills(amazon1c, open_shop, service, killer, seed):
    """Before 1C carries out a request, after it, or at any moment behind the answer."""
    chance = random.Random(seed)
    shop = open_shop(1000, seed=seed)
    aim = killer(shop)
    daemon = service(shop.config)
    started = time.monotonic()
    moments = sorted(chance.sample(range(1, 1200), KILLS))
    for last, moment in zip([0, *moments], moments, strict=False):
        daemon.start()
        how = chance.choice([(False, None), (True, None), (True, chance.uniform(0, 0.01))])
        aim.aim(daemon.process, moment - last, *how)
        assert daemon.process.wait(timeout=120) == -signal.SIGKILL
    daemon.start().wait_for("STATUS=last run")
    daemon.process.send_signal(signal.SIGTERM)
    assert daemon.process.wait(timeout=10) == 0

    status = json.loads(amazon1c("status", "-c", shop.config, "--json")[1])
    numbers = Counter(document["Number"] for document in shop.documents)
    documents = status["documents"]
    print(
        f"\n{KILLS} kills in {time.monotonic() - started:.0f} s; {status['orders']} orders seen, "
        f"{len(numbers)} documents, {sum(numbers.values()) - len(numbers)} doubled; states {documents}; "
        f"429 given: {shop.account.throttled}; searches: {sum('/orders' in e.target for e in shop.amazon.log)}"
    )
    assert status["orders"] == {"demo": 1000}
    assert max(numbers.values()) == 1
    assert all(document["Posted"] for document in shop.documents)
    assert documents["done"] == len(numbers)
    assert documents["intent"] == documents["unknown"] == documents["planned"] == documents["unplanned"] == 0
    assert documents["done"] + documents["held"] + documents["waiting"] + documents["closed"] == 1000
    assert set(shop.account.throttled.values()) <= {0}
