"""Notices: one of a kind for an account, as old as it was first seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from adapter.ledger import Ledger
from adapter.ledger.notices import Notice

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_a_notice_stays_as_old_as_it_is():
    with Ledger.open(None) as ledger:
        notices = ledger.own(NOW).notices
        assert notices.keep("shop", "access", "revoked", NOW)
        assert not notices.keep("shop", "access", "revoked", NOW + timedelta(days=1))
        assert notices.keep("shop", "access", "expired", NOW + timedelta(days=2))
        notices.keep("shop", "secret", "{}", NOW)
        notices.keep("other", "access", "revoked", NOW)
        assert notices.all("access") == [
            Notice("other", "access", "revoked", NOW),
            Notice("shop", "access", "expired", NOW),
        ]
        assert notices.drop("shop", "access")
        assert not notices.drop("shop", "access")
        assert [(one.account, one.kind) for one in notices.all()] == [("other", "access"), ("shop", "secret")]
