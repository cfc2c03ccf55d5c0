"""Everything that a plan depends on, besides the orders and their entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from adapter.mapping.rules import Rules
from adapter.model.remembered import Remembered
from adapter.planning.books import Books, Identity
from adapter.planning.items import KnownItems


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that a plan depends on, besides the orders and their entries.

    Attributes:
        mapping_version: of the file that `rules` came from.
        chosen: (account, order id) -> the customer that a person chose.
        items: what Amazon's catalog tells of products that 1C does not know.
        remembered: what people decided for earlier orders of the same buyers.
    """

    rules: Rules
    mapping_version: str
    books: Books
    identity: Identity
    chosen: Mapping[tuple[str, str], UUID] = field(default_factory=dict)
    items: KnownItems = field(default_factory=KnownItems)
    remembered: Remembered = field(default_factory=Remembered)
