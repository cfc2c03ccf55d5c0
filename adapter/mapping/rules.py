"""Rules: what a mapping file may say. The models double as its JSON Schema."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from adapter.mapping.catalogs import Customers, Products, Read
from adapter.mapping.sources import Condition, Lookup, Name, Strict, Value
from adapter.model.order import ChargeKind
from adapter.yamlfile import did_you_mean

# -------------------- documents


ROW_KINDS = ("shipping", "gift_wrap", "cod_fee", "tip", "other")
"""The kinds of charges that can have rows of their own."""


def _row_kind(kind: str) -> str:
    if kind not in ROW_KINDS:
        wanted = ", ".join(ROW_KINDS)
        also = "; goods stands alone: each: goods" if kind == ChargeKind.GOODS else did_you_mean(kind, ROW_KINDS)
        raise ValueError(f"must be one of {wanted}{also}")
    return kind


RowKind = Annotated[str, AfterValidator(_row_kind), Field(json_schema_extra={"enum": list(ROW_KINDS)})]


class Rows(BaseModel):
    """Rows of one tabular section: every other key is a column. `LineNumber` is ours to write."""

    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True, strict=True)
    __pydantic_extra__: dict[str, Value] = Field(init=False)

    each: Literal["goods"] | Annotated[list[RowKind], Field(min_length=1)] = Field(
        "goods",
        description="goods: the lines of the order and every charge that has a row; or a list of kinds of charges",
    )

    @property
    def columns(self) -> dict[str, Value]:
        """The columns and where their values come from."""
        return self.__pydantic_extra__

    def overlaid(self, changed: Rows) -> Rows:
        """These rows with the columns that a variant changes."""
        both = self.model_copy(update={"each": changed.each} if "each" in changed.model_fields_set else {})
        object.__setattr__(both, "__pydantic_extra__", self.columns | changed.columns)
        return both


class SetOnCancel(Strict):
    """On a cancellation, write these properties instead of unposting."""

    set: dict[str, Value] = Field(min_length=1, description="properties of the document and their new values")


class Total(Strict):
    """Where the document's sum can be read: a column to add up, or a property of the header."""

    rows: Name | Annotated[list[Name], Field(min_length=1)] | None = Field(
        None, description="the tabular section, or several, whose column is added up; none: the header"
    )
    property: Name | Annotated[list[Name], Field(min_length=1)] = Field(
        description="the column, or several that are added up, or the property of the header"
    )

    def sections(self) -> list[str]:
        """The tabular sections; none: the header counts."""
        return [self.rows] if isinstance(self.rows, str) else self.rows or []

    def properties(self) -> list[str]:
        """The columns or properties that are added up."""
        return [self.property] if isinstance(self.property, str) else self.property


class DocumentRule(Strict):
    """One document that an order becomes."""

    entity_set: Name = Field(description="such as Document_SalesOrder")
    when: Condition = Field(default_factory=dict, description="for which orders this document is written")
    order_id: Name = Field(description="the property that carries Amazon's order id")
    order_id_search: Literal["equals", "contains"] = Field(
        "equals", description="contains: the order id stands within a text of unlimited length, such as a comment"
    )
    post: bool = Field(True, description="post the document once it is written")
    header: dict[str, Value] = Field(min_length=1, description="properties of the document and their values")
    rows: dict[str, Rows] = Field(min_length=1, description="tabular sections and their columns")
    on_cancel: Literal["unpost_and_mark", "hold"] | SetOnCancel = Field(
        "hold", description="what to do when Amazon cancels an order whose document is written; nothing is deleted"
    )
    total: Total = Field(description="what has to equal Amazon's total; otherwise the order is held")


class DocumentOverlay(Strict):
    """What a variant changes in a document."""

    when: Condition | None = Field(None, description="instead of the document's own condition")
    post: bool | None = Field(None, description="post the document once it is written")
    header: dict[str, Value] = Field(default_factory=dict, description="properties to add or replace")
    rows: dict[str, Rows] = Field(default_factory=dict, description="columns to add or replace, by tabular section")


# -------------------- charges


class RowAnswer(Strict):
    """The charge gets a row of its own, with this product."""

    row: RowProduct


class RowProduct(Strict):
    """The product of a charge's row."""

    product: Lookup


RowAnswer.model_rebuild()
ChargeAnswer = Literal["into_line", "leave_out", "hold"] | RowAnswer


class Charges(Strict):
    """What becomes of every kind of charge.

    `into_line`: it joins what it belongs to (a discount its goods, a shipping tax the shipping).
    `leave_out`: it is not in the document, and the document's sum is less by it.
    """

    shipping: ChargeAnswer
    gift_wrap: ChargeAnswer
    cod_fee: ChargeAnswer
    tip: Literal["leave_out", "hold"] | RowAnswer
    other: ChargeAnswer
    discount: Literal["into_line", "leave_out", "hold"]
    tax: Literal["into_line", "leave_out", "hold"]
    marketplace_tax: Literal["into_line", "leave_out", "hold"]


class ChargesOverlay(Strict):
    """What a variant changes in the charges."""

    shipping: ChargeAnswer | None = None
    gift_wrap: ChargeAnswer | None = None
    cod_fee: ChargeAnswer | None = None
    tip: Literal["leave_out", "hold"] | RowAnswer | None = None
    other: ChargeAnswer | None = None
    discount: Literal["into_line", "leave_out", "hold"] | None = None
    tax: Literal["into_line", "leave_out", "hold"] | None = None
    marketplace_tax: Literal["into_line", "leave_out", "hold"] | None = None


class OrderRules(Strict):
    """What to do with orders that are not ordinary sales."""

    replacement: Literal["hold", "write", "leave_out"] = Field(
        "hold", description="sent free of charge for an earlier order"
    )
    zero_total: Literal["hold", "write"] = Field("hold", description="an order that costs the buyer nothing")


# -------------------- the file


class InfobaseRules(Strict):
    """Facts about the infobase that `$metadata` does not tell."""

    time_zone: Name = Field(description="IANA name such as Europe/Kyiv: 1C's dates carry no zone")

    @field_validator("time_zone")
    @classmethod
    def _exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            meant = did_you_mean(name, sorted(available_timezones())) or "; write it as Europe/Kyiv"
            raise ValueError(f'there is no time zone "{name}"{meant}') from None
        return name


class Safety(Strict):
    """When a plan is too odd to be carried out without a person's word (`--accept-unusual`)."""

    max_new_customers: int = Field(200, ge=0, description="new customers in one run")
    max_new_products: int = Field(100, ge=0, description="new products in one run")
    max_changes: int = Field(100, ge=0, description="updates and cancellations of written documents in one run")
    max_held_share: float = Field(0.5, gt=0, le=1, description="share of held orders, once there are 20 or more")


class Variant(Strict):
    """Laid over the rest for the orders for which the condition holds; later variants win."""

    when: Condition = Field(min_length=1)
    documents: dict[str, DocumentOverlay] = Field(default_factory=dict)
    charges: ChargesOverlay = ChargesOverlay()


class Rules(Strict):
    """A whole mapping file."""

    version: Literal[1] = Field(description="of this form of file")
    infobase: InfobaseRules
    documents: dict[str, DocumentRule] = Field(min_length=1, description="what an order becomes, by names of yours")
    charges: Charges
    orders: OrderRules = OrderRules()
    customers: Customers
    products: Products
    lengths: dict[Name, dict[Name, Annotated[int, Field(ge=1)]]] = Field(
        default_factory=dict,
        description="entity set: {property: most characters}; a column is written Section.Column; a longer text holds "
        "the order, for 1C would cut it without a word",
    )
    enumerations: dict[Name, dict[Name, Name]] = Field(
        default_factory=dict,
        description="entity set: {property: enumeration whose values it takes}; a column is written Section.Column; "
        "check then knows the values",
    )
    safety: Safety = Safety()
    variants: list[Variant] = Field(default_factory=list, description="exceptions; later ones win")

    def limits(self, entity_set: str, section: str | None = None) -> dict[str, int]:
        """The known lengths of an entity set's properties, or of the columns of a tabular section."""
        known = self.lengths.get(entity_set, {})
        if section is None:
            return {name: limit for name, limit in known.items() if "." not in name}
        prefix = f"{section}."
        return {name.removeprefix(prefix): limit for name, limit in known.items() if name.startswith(prefix)}

    def read(self, owner: str) -> Read:
        """What is read of the catalog of `customer` or `product`."""
        return self.customers.read if owner == "customer" else self.products.read
