"""What should be done: orders, matches, rules and entries in, a plan out. No clock, network, ledger or log."""
