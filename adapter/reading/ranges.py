"""From when to when old orders are read: what people write, and how far back Amazon keeps orders."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day

from adapter.amazon.marketplaces import MARKETPLACES
from adapter.errors import ConfigurationError

BEHIND_NOW = timedelta(minutes=3)
"""How far a search stays behind now: Amazon wants two minutes, and clocks differ. Source: FACTS 5.2, 16.35."""

_YEARS = 2
_SINCE_2016 = {"JP", "AU", "SG"}  # Source: FACTS 4.1 and 5.1
_FIRST = datetime(2016, 1, 1, tzinfo=UTC)


def read_range(since: str, until: str | None, now: datetime) -> tuple[datetime, datetime]:
    """The range of two dates as people write them, both inclusive, aware, UTC.

    A date alone is a day in UTC: its beginning for `since`, its end for `until`. Another zone is written as an offset.

    Raises:
        ConfigurationError: no dates, dates of the future, or an end before the beginning.
    """
    latest = now - BEHIND_NOW
    first, _ = _moment(since, "--since")
    if first > latest:
        raise ConfigurationError(f"--since {since}: lies in the future; old orders are read up to now")
    if until is None:
        return first, latest
    last, day = _moment(until, "--until")
    if last > now:
        raise ConfigurationError(f"--until {until}: lies in the future; leave it out to read up to now")
    if day:
        last += timedelta(days=1, seconds=-1)
    if last < first:
        raise ConfigurationError(f"--until {until}: comes before --since {since}; exchange them")
    return first, min(last, latest)


def earliest(marketplace_ids: Collection[str], now: datetime) -> datetime:
    """Since when Amazon tells orders of these marketplaces; of the one with the shortest memory."""
    countries = {facts.country if (facts := MARKETPLACES.get(name)) else "" for name in marketplace_ids}
    if countries and countries <= _SINCE_2016:
        return _FIRST
    # The last day of February has no namesake in most years.
    day = now.date()
    years_ago = date(day.year - _YEARS, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
    return datetime.combine(years_ago, time_of_day(), UTC)


def check_reach(account: str, since: datetime, marketplace_ids: Collection[str], now: datetime) -> None:
    """See that Amazon still has orders of that age.

    Raises:
        ConfigurationError: it has not; the message tells the earliest date.
    """
    first = earliest(marketplace_ids, now)
    if since < first:
        raise ConfigurationError(
            f"account {account}: Amazon keeps orders for two years, in Japan, Australia and Singapore since 2016; "
            f"the earliest date is {first:%Y-%m-%d}"
        )


def _moment(text: str, option: str) -> tuple[datetime, bool]:
    """A moment, and whether it was written as a day alone."""
    wanted = f'{option} {text}: no date; write it as 2026-01-31, or with a time as "2026-01-31T18:00+01:00" (else UTC)'
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ConfigurationError(wanted) from None
    if not re.match(r"\d{4}-\d\d-\d\d", text.strip()):
        raise ConfigurationError(wanted)
    try:
        aware = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        raise ConfigurationError(wanted) from None
    return aware, len(text.strip()) == len("2026-01-31")
