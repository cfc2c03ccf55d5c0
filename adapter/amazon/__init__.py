"""The source: a seller's orders, read through the Selling Partner API, as neutral values."""
