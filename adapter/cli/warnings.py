"""What an operator has to know of the seller accounts, whatever else was asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapter.ledger.notices import Notice
    from adapter.settings import Settings


def warnings(settings: Settings, notices: Sequence[Notice], now: datetime) -> list[str]:
    """Accounts that are not read any more, and client secrets that end soon; `now` is aware, UTC."""
    from adapter.intake import NO_ACCESS
    from adapter.reading.secrets import secret_lives

    stopped = [
        f"{notice.value}. Not read since {notice.since:%Y-%m-%d %H:%M} UTC"
        for notice in notices
        if notice.kind == NO_ACCESS
    ]
    today = now.date()
    lives = secret_lives(settings.accounts, notices)
    return [
        *stopped,
        *(life.text(today) for life in lives if life.new_secret is not None or life.stage(today) is not None),
    ]
