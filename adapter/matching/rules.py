"""The figures by which names are weighed: bits, that is log2 of how much likelier something is of the same customer.

Source: MATCHING 5.5 and 5.6, measured there, unless said otherwise.
"""

from __future__ import annotations

from typing import Final

RULES: Final = "2026.11"
"""Version of rules and folds, kept in explanations and snapshots; to be changed with them."""
