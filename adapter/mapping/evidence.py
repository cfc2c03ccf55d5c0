"""What of a customer is read besides the name, and where a configuration keeps it: what matching compares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from adapter.mapping.sources import Constant, Name, Strict
from adapter.yamlfile import Location


class Elsewhere(Strict):
    """A value that does not stand in a property of the customers' catalog, or that is only a part of one.

    In a tabular section of the customer; in the element that a property of the customer refers to, or in a section of
    that; in elements that belong to the customer; in records of a register that refer to the customer.
    """

    value: Name = Field(description="the property or column that holds it")
    section: Name | None = Field(None, description="the tabular section in whose column it stands")
    through: Name | None = Field(
        None, description="the property of the customer that refers to the element that has it, such as Partner_Key"
    )
    owned: Name | None = Field(None, description="entity set whose elements have it and belong to the customer")
    by: Name | None = Field(
        None, description="with owned: the property that refers to the customer; without it 1C's own Owner counts"
    )
    register_: Name | None = Field(None, alias="register", description="information register whose records have it")
    customer: Name | None = Field(None, description="with register: the column that refers to the customer")
    where: dict[str, Constant] = Field(
        default_factory=dict, description="values that the row, element or record must have, such as {Type: Phone}"
    )
    take: Literal["postal_code"] | None = Field(
        None, description="postal_code: the value is a whole address, of which this part is taken"
    )

    @model_validator(mode="after")
    def _one_place(self) -> Elsewhere:
        if sum(place is not None for place in (self.through, self.owned, self.register_)) > 1:
            raise ValueError("through, owned and register exclude one another")
        if self.section is not None and (self.owned or self.register_):
            raise ValueError("a section is one of the customer, or of the element that through leads to")
        if self.by is not None and self.owned is None:
            raise ValueError("by goes with owned")
        if (self.customer is None) != (self.register_ is None):
            raise ValueError("register and customer go together: the register, and its column that refers to customers")
        if self.where and not (self.section or self.owned or self.register_):
            raise ValueError("where chooses among rows, elements or records: it goes with section, owned or register")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The value and what chooses it, each once."""
        return tuple(dict.fromkeys([self.value, *self.where]))


class KindSource(Strict):
    """The property that tells persons from companies."""

    value: Name = Field(description="the property, such as LegalEntityIndividual")
    person: list[Name] = Field(default_factory=list, description="its values that mean a person")
    company: list[Name] = Field(default_factory=list, description="its values that mean a company; others: not known")

    @model_validator(mode="after")
    def _tells_something(self) -> KindSource:
        if not (self.person or self.company):
            raise ValueError("name the values that mean a person or a company")
        if both := sorted(set(self.person) & set(self.company)):
            raise ValueError(f"{', '.join(both)} cannot mean both")
        return self


Source = Name | Elsewhere
Sources = Source | Annotated[list[Source], Field(min_length=1)]

DECIDING = ("email", "alias", "phone", "tax_id", "postal_code")
"""What can decide together with a name; a city and a country alone cannot."""

EVIDENCE = (*DECIDING, "city", "country")


def each_source(key: str, sources: Sources | None) -> Iterator[tuple[Location, Source]]:
    """Every place of one kind of value, with where the file names it below `customers.read`."""
    if isinstance(sources, list):
        yield from (((key, index), source) for index, source in enumerate(sources))
    elif sources is not None:
        yield (key,), sources
