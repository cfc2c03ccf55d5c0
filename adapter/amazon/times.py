"""Moments as Amazon writes them: ISO 8601, UTC."""

from __future__ import annotations

from datetime import UTC, datetime


def read_time(text: object) -> datetime | None:
    """A moment, aware and in UTC; None for anything that is not one, a time without an offset included."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return None if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_old_time(text: object) -> datetime | None:
    """As `read_time`; seconds since 1970 in a text are taken too, as the Orders API v0 writes some of its moments.

    Source: SP-API model ordersV0, sandbox answer of getOrders, `CreatedBefore`.
    """
    if (moment := read_time(text)) is not None or not isinstance(text, str):
        return moment
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def write_time(moment: datetime) -> str:
    """`2026-05-01T10:00:00Z`, with milliseconds where there are any; finer parts are cut off, never rounded up."""
    precise = "milliseconds" if moment.microsecond >= 1000 else "seconds"
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precise) + "Z"


def header_date(moment: datetime) -> str:
    """`20260501T100000Z`, the form of x-amz-date. Source: SP-API developer guide, step "Add headers"."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
