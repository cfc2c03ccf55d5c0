"""What planning knows of the infobase: its customers, its products and the references that the mapping names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from adapter.matching.customers import CustomerIndex
from adapter.matching.products import ProductIndex
from adapter.planning.rates import Rates
from adapter.planning.values import References

_ROOT = UUID("6f3b1c52-0d0e-5d5c-9a55-1c0a3a2f7e10")


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose documents these are. Keys are derived from it, so it must never change for an installation.

    Attributes:
        installation: a name for this installation of the adapter.
        infobase: our name of the infobase.
    """

    installation: str
    infobase: str

    def document_key(self, seller_id: str, order_id: str, document: str) -> UUID:
        """The `Ref_Key` of a document: the same for the same order, even if the ledger is lost."""
        return self._key("document", seller_id, order_id, document)

    def element_key(self, entity_set: str, natural_key: str) -> UUID:
        """The `Ref_Key` of a catalog element that we create."""
        return self._key("element", entity_set, natural_key)

    def _key(self, *parts: str) -> UUID:
        return uuid5(uuid5(_ROOT, self.installation), "|".join((self.infobase, *parts)))


@dataclass(frozen=True, slots=True)
class Books:
    """The infobase as planning sees it.

    Attributes:
        created: (entity set, natural key) -> key of the elements that we have created already.
        rates: exchange rates, as far as the orders at hand need them.
    """

    customers: CustomerIndex
    products: ProductIndex
    references: References
    created: Mapping[tuple[str, str], UUID] = field(default_factory=dict)
    rates: Rates = field(default_factory=dict)
