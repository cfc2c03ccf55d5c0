"""Rules: what a mapping file may say. The models double as its JSON Schema."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from adapter.mapping.paths import CONDITION_NAMES, PATHS
from adapter.model.order import ChargeKind
from adapter.yamlfile import did_you_mean

Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Constant = str | bool | int | Annotated[Decimal, WithJsonSchema({"type": "number"})]


class Strict(BaseModel):
    """A closed vocabulary: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, strict=True)


def _known_path(path: str) -> str:
    if path not in PATHS:
        raise ValueError(f'there is no path "{path}"{did_you_mean(path, PATHS)}')
    return path


def _decimal(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


Path = Annotated[str, AfterValidator(_known_path), Field(json_schema_extra={"enum": sorted(PATHS)})]

# -------------------- value sources


NotNegative = Annotated[int, Field(ge=0)]


class From(Strict):
    """A value of the order, the row, the buyer or a match; the transforms apply in the order given here."""

    source: Path = Field(alias="from", description="a path, such as order.id")
    default: Constant | None = Field(
        None, description="taken where Amazon gave nothing; without it the property is left out"
    )
    trim: bool = Field(False, description="cut blanks at both ends")
    upper: bool = Field(False, description="capital letters")
    substring: Annotated[tuple[NotNegative, NotNegative], Field(strict=False)] | None = Field(
        None, description="[first character from 0, how many]"
    )
    round: int | None = Field(None, ge=0, le=6, description="decimal digits, half up")
    date: Literal["start_of_day"] | None = Field(None, description="cut the time of day off")


class Const(Strict):
    """Always the same value."""

    const: Constant = Field(description="a text, a number, true or false")


class Text(Strict):
    """A text with paths in braces: `"Amazon {order.id}"`."""

    text: str = Field(description='such as "Amazon {order.id}"; {{ is a brace')

    @field_validator("text")
    @classmethod
    def _check(cls, text: str) -> str:
        placeholders(text)
        return text


class Lookup(Strict):
    """A reference to the one element of a catalog whose properties have these values."""

    lookup: Name = Field(description="entity set, such as Catalog_Warehouses")
    where: dict[str, str | bool | int] = Field(
        min_length=1, description="properties and their values; exactly one element must have them all"
    )


class MapTable(Strict):
    """A value chosen by another value."""

    map: Path = Field(description="the path whose value is looked up in the table")
    table: dict[str, Constant | Lookup] = Field(min_length=1, description="value of the path: value for the infobase")
    otherwise: Constant | Lookup | None = Field(None, description="without it an unlisted value holds the order")


_PER_CENT = {"type": "number", "minimum": 0, "maximum": 100}


class Vat(Strict):
    """The VAT contained in a number, or due on top of it."""

    vat: Path = Field(description="such as line.amount")
    rate: Annotated[Decimal, Field(ge=0, le=100), BeforeValidator(_decimal), WithJsonSchema(_PER_CENT)] = Field(
        description="per cent"
    )
    included: bool = Field(True, description="true: part of the number; false: comes on top")


def _which(value: Any) -> str | None:
    for key in ("from", "const", "text", "lookup", "map", "vat"):
        if (isinstance(value, dict) and key in value) or hasattr(value, key):
            return key
    return "from" if isinstance(value, From) else None


Value = Annotated[
    Annotated[From, Tag("from")]
    | Annotated[Const, Tag("const")]
    | Annotated[Text, Tag("text")]
    | Annotated[Lookup, Tag("lookup")]
    | Annotated[MapTable, Tag("map")]
    | Annotated[Vat, Tag("vat")],
    Discriminator(
        _which,
        custom_error_type="value_source",
        custom_error_message="must be one of {from: ...}, {const: ...}, {text: ...}, {lookup: ..., where: ...}, "
        "{map: ..., table: ...}, {vat: ..., rate: ...}",
    ),
]


def placeholders(text: str) -> tuple[tuple[str, str | None], ...]:
    """Split a template: pairs of literal text and the path that follows it (None at the end). `{{` is a brace.

    Raises:
        ValueError: an open brace, or a path that does not exist.
    """
    parts: list[tuple[str, str | None]] = []
    literal, rest = "", text
    while rest:
        head, brace, tail = rest.partition("{")
        literal += head
        if not brace:
            break
        if tail.startswith("{"):
            literal, rest = literal + "{", tail[1:]
            continue
        path, closed, rest = tail.partition("}")
        if not closed:
            raise ValueError(f'the brace before "{path[:20]}" is never closed; write {{{{ for a brace')
        parts.append((literal, _known_path(path)))
        literal = ""
    parts.append((literal, None))
    return tuple(parts)


# -------------------- conditions

Wanted = str | bool | Annotated[list[str], Field(min_length=1)]


def _condition_name(name: str) -> str:
    if name not in CONDITION_NAMES and name not in PATHS:
        raise ValueError(f"a condition cannot ask for this{did_you_mean(name, [*CONDITION_NAMES, *PATHS])}")
    return name


ConditionName = Annotated[
    str, AfterValidator(_condition_name), Field(json_schema_extra={"enum": [*CONDITION_NAMES, *sorted(PATHS)]})
]
Condition = dict[ConditionName, Wanted]
"""Holds if every named value is the wanted one or among the wanted ones; `absent` and `present` ask for existence."""

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

    rows: Name | None = Field(None, description="the tabular section whose column is added up; none: the header")
    property: Name = Field(description="the column, or the property of the header")


class DocumentRule(Strict):
    """One document that an order becomes."""

    entity_set: Name = Field(description="such as Document_SalesOrder")
    when: Condition = Field(default_factory=dict, description="for which orders this document is written")
    order_id: Name = Field(description="the property that carries Amazon's order id")
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


# -------------------- customers, products


class Pooled(Strict):
    """One customer for all buyers for whom the condition holds."""

    pooled: Lookup
    when: Condition = Field(default_factory=dict)


class ExactName(Strict):
    """The customer whose name is the buyer's, but for case, marks, punctuation and order of words."""

    exact_name: Literal[True]


class FuzzyName(Strict):
    """The customer whose name is most like the buyer's."""

    fuzzy_name: FuzzyLimits


class FuzzyLimits(Strict):
    """How sure a name must be to decide."""

    sure: float = Field(0.93, ge=0.8, le=1, description="likeness from 0 to 1 from which a name may decide")
    margin: float = Field(0.04, ge=0.01, le=0.5, description="by how much the second-best has to be behind")


FuzzyName.model_rebuild()


def _which_policy(value: Any) -> str | None:
    for key in ("pooled", "exact_name", "fuzzy_name"):
        if (isinstance(value, dict) and key in value) or hasattr(value, key):
            return key
    return None


CustomerPolicy = Annotated[
    Annotated[Pooled, Tag("pooled")]
    | Annotated[ExactName, Tag("exact_name")]
    | Annotated[FuzzyName, Tag("fuzzy_name")],
    Discriminator(
        _which_policy,
        custom_error_type="customer_policy",
        custom_error_message="must be one of {pooled: ..., when: ...}, {exact_name: true}, {fuzzy_name: ...}",
    ),
]


class CustomerRead(Strict):
    """Which properties of the customers' catalog hold what."""

    name: Name = Field(description="the property that holds the name, such as Description")


class Customers(Strict):
    """Who the customer of an order is. The policies are asked in turn; the first that decides wins."""

    entity_set: Name = Field(description="such as Catalog_Customers")
    read: CustomerRead
    match: list[CustomerPolicy] = Field(min_length=1, description="asked from top to bottom")
    otherwise: Literal["hold", "create"] | Pooled = Field("hold", description="when no policy decides")
    create: dict[str, Value] = Field(default_factory=dict, description="properties of a new customer")

    @model_validator(mode="after")
    def _says_what_to_create(self) -> Customers:
        if self.otherwise == "create" and self.read.name not in self.create:
            raise ValueError(f"otherwise: create needs at least {self.read.name} below create")
        return self


class ProductRead(Strict):
    """Which properties of the products' catalog hold what."""

    sku: Name = Field(description="the property that holds the SKU")
    name: Name | None = Field(None, description="the property that holds the name, for messages")


class Products(Strict):
    """Which product a seller SKU is."""

    entity_set: Name = Field(description="such as Catalog_Products")
    read: ProductRead
    aliases: Name | None = Field(None, description="CSV file beside this one: seller_sku,sku,multiplier")
    otherwise: Literal["hold", "create"] = Field("hold", description="when no product has the SKU")
    create: dict[str, Value] = Field(default_factory=dict, description="properties of a new product")

    @model_validator(mode="after")
    def _says_what_to_create(self) -> Products:
        if self.otherwise == "create" and self.read.sku not in self.create:
            raise ValueError(f"otherwise: create needs at least {self.read.sku} below create")
        return self


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
    safety: Safety = Safety()
    variants: list[Variant] = Field(default_factory=list, description="exceptions; later ones win")
