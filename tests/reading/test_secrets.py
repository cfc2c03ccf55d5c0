"""The life of client secrets: warned in time, a new one kept safely, none ever shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from loguru import logger

from adapter.amazon.messages import NewSecret, SecretExpiry
from adapter.errors import ConfigurationError
from adapter.ledger import Ledger
from adapter.reading.secrets import SecretKeeper, mark_of, secret_lives

CREATED = date(2026, 6, 1)
ENDS = CREATED + timedelta(days=180)
FRESH = "amzn1.oa2-cs.v1.fresh"


@dataclass(frozen=True)
class Account:
    name: str = "main"
    client_id: str = "app"
    client_secret_created: date | None = None


class Clock:
    def __init__(self):
        self.now = datetime(2026, 6, 2, 9, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ledger(clock):
    with Ledger.open(None) as ledger:
        yield ledger.own(clock())


@pytest.fixture
def log():
    lines = []
    number = logger.add(lambda message: lines.append((message.record["level"].name, message.record["message"])))
    yield lines
    logger.remove(number)


def keeper(clock, *accounts, secret="in use", kept=None):  # noqa: S107
    def store(account, value):
        if kept is None:
            raise ConfigurationError("read-only")
        kept[account] = value
        return Path(f"/credentials/amazon-{account}-client-secret.new")

    return SecretKeeper(accounts, {one.name: mark_of(secret) for one in accounts}, store, clock)


def at(days_before):
    return datetime.combine(ENDS - timedelta(days=days_before), datetime.min.time(), UTC)


def test_warned_at_each_stage_and_daily_in_the_last(clock, ledger, log):
    keep = keeper(clock, Account(client_secret_created=CREATED))
    told = []
    for days in range(70, -3, -1):
        clock.now = at(days)
        for _ in range(3):
            keep.look(ledger)
        told += [(days, level) for level, _ in log]
        log.clear()
    warned = [60, 30, 14, *range(7, 0, -1)]
    assert told == [*((days, "WARNING") for days in warned), *((days, "ERROR") for days in (0, -1, -2))]


@pytest.mark.parametrize(
    ("days", "words"),
    [(30, f"ends in 30 days, on {ENDS}"), (1, f"ends in 1 day, on {ENDS}"), (0, f"ended on {ENDS}")],
)
def test_the_words_say_what_to_do(clock, ledger, log, days, words):
    clock.now = at(days)
    keeper(clock, Account(client_secret_created=CREATED)).look(ledger)
    ((_, text),) = log
    assert words in text
    assert "amazon-main-client-secret" in text
    assert "client_secret_created" in text


def test_nothing_is_known_of_a_secret_without_a_day(clock, ledger, log):
    keeper(clock, Account()).look(ledger)
    assert (log, secret_lives([Account()], [])) == ([], [])


def test_amazon_tells_when_a_secret_ends(clock, ledger, log):
    keep = keeper(clock, Account(), Account("other", "another app"))
    assert keep.take(SecretExpiry("1", "app", clock.now + timedelta(days=20)), ledger, clock.now)
    assert not keep.take(SecretExpiry("2", "nobody's app", clock.now), ledger, clock.now)
    keep.look(ledger)
    ((level, text),) = log
    assert (level, "account main: the client secret ends in 20 days" in text) == ("WARNING", True)


def test_a_day_in_the_settings_that_is_younger_than_the_message_counts(clock, ledger):
    keeper(clock, Account()).take(SecretExpiry("1", "app", clock.now + timedelta(days=20)), ledger, clock.now)
    (life,) = secret_lives([Account(client_secret_created=clock.now.date() + timedelta(days=1))], ledger.notices.all())
    assert life.ends_on == clock.now.date() + timedelta(days=181)


def test_a_replaced_secret_ends_the_warning(clock, ledger, log):
    message = SecretExpiry("1", "app", clock.now + timedelta(days=20))
    keeper(clock, Account()).take(message, ledger, clock.now)
    keeper(clock, Account(), secret="another").look(ledger)
    assert (log, ledger.notices.all()) == ([], [])


def test_a_new_secret_is_kept_for_every_account_of_the_application(clock, ledger, log):
    kept = {}
    keep = keeper(clock, Account("de"), Account("us"), Account("other", "another app"), kept=kept)
    assert keep.take(NewSecret("1", "app", FRESH, clock.now + timedelta(days=7)), ledger, clock.now)
    assert kept == {"de": FRESH, "us": FRESH}
    keep.look(ledger)
    keep.look(ledger)
    assert [level for level, _ in log] == ["WARNING"] * 2
    assert "it is in /credentials/amazon-de-client-secret.new" in log[0][1]
    assert "ends in 7 days" in log[0][1]
    kept_in_ledger = json.dumps([notice.value for notice in ledger.notices.all()])
    assert FRESH not in kept_in_ledger + json.dumps(log)


def test_a_new_secret_that_cannot_be_kept_stays_in_the_queue(clock, ledger, log):
    keep = keeper(clock, Account())
    for _ in range(3):
        assert not keep.take(NewSecret("1", "app", FRESH, None), ledger, clock.now)
        keep.look(ledger)
    ((_, text),) = log
    assert "sudo amazon1c notifications new-secret" in text
    assert "ends in 7 days" in text


def test_a_new_secret_that_is_in_use_already_is_let_go(clock, ledger):
    keep = keeper(clock, Account(), secret=FRESH)
    assert keep.take(NewSecret("1", "app", FRESH, None), ledger, clock.now)
    assert ledger.notices.all() == []


def test_a_new_secret_of_an_unknown_application_stays(clock, ledger):
    kept = {}
    assert not keeper(clock, Account(), kept=kept).take(NewSecret("1", "else", FRESH, None), ledger, clock.now)
    assert kept == {}
