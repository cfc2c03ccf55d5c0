"""Why an order is asked for by itself."""

from __future__ import annotations

ITEMS = "items"
"""A page told it without its lines (Orders API v0)."""

DATA_SETS = "data sets"
"""It was read without something that the mapping needs."""

NOTIFICATION = "notification"
"""A message of Amazon told that it has changed."""

BACKFILL, REPORT = "backfill", "report"
"""A report of Amazon named it: an order of before the account was read, or one that a comparison misses."""

NEEDS_ITS_OWN_CALL = (ITEMS, DATA_SETS)
"""Wishes that no page of orders fulfils."""

CAN_WAIT = (BACKFILL, REPORT)
"""Wishes that come after all others: they are many, and nobody waits for the single one."""
