"""The ledger: what was seen, decided and written, kept so that a crash forgets nothing."""

from adapter.ledger.store import Ledger

__all__ = ["Ledger"]
