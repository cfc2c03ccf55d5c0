"""From Amazon into the ledger: whole pages, single orders, and how far each account has been read."""
