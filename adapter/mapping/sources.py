"""Where a value comes from, and what a condition asks: the small words that all parts of a mapping are made of."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

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

from adapter.mapping.paths import CONDITION_NAMES, FURTHER, PATHS, further
from adapter.yamlfile import did_you_mean

Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Constant = str | bool | int | Annotated[Decimal, WithJsonSchema({"type": "number"})]


class Strict(BaseModel):
    """A closed vocabulary: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, strict=True)


def _known_path(path: str) -> str:
    if path not in PATHS and further(path) is None:
        raise ValueError(f'there is no path "{path}"{did_you_mean(path, PATHS)}')
    return path


def _decimal(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


Path = Annotated[
    str,
    AfterValidator(_known_path),
    Field(json_schema_extra={"anyOf": [{"enum": sorted(PATHS)}, {"pattern": f"^{FURTHER.pattern}$"}]}),
]

# -------------------- value sources


NotNegative = Annotated[int, Field(ge=0)]
_FACTOR = {"type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000}
Factor = Annotated[Decimal, Field(gt=0, le=1_000_000), BeforeValidator(_decimal), WithJsonSchema(_FACTOR)]


TaxNumber = Literal["inn", "edrpou", "rnokpp", "vat"]


class FactorTable(Strict):
    """A factor chosen by another value."""

    map: Path = Field(description="the path whose value is looked up in the table")
    table: dict[str, Factor] = Field(min_length=1, description="value of the path: factor")
    otherwise: Factor | None = Field(None, description="without it an unlisted value holds the order")


class Lookup(Strict):
    """A reference to the one element of a catalog whose properties have these values."""

    lookup: Name = Field(description="entity set, such as Catalog_Warehouses")
    where: dict[str, Constant] = Field(
        min_length=1, description="properties and their values; exactly one element must have them all"
    )


class From(Strict):
    """A value of the order, the row, the buyer or a match; the transforms apply in the order given here."""

    source: Path = Field(alias="from", description="a path, such as order.id")
    default: Constant | Lookup | None = Field(
        None, description="taken where there is nothing; without it the property is left out"
    )
    optional: bool = Field(
        False, description="customer.x and product.x: leave the property out where 1C has nothing, instead of holding"
    )
    valid: TaxNumber | None = Field(
        None,
        description="a tax number of this kind, by its check digits, else nothing; of buyer.tax_id, the first of all "
        "the buyer's numbers that is one",
    )
    trim: bool = Field(False, description="cut blanks at both ends")
    upper: bool = Field(False, description="capital letters")
    substring: Annotated[tuple[NotNegative, NotNegative], Field(strict=False)] | None = Field(
        None, description="[first character from 0, how many]"
    )
    times: Factor | FactorTable | None = Field(
        None, description="multiply a number: by 0.5, or by {map: ..., table: ...} such as exchange rates"
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

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths in braces."""
        return tuple(path for _, path in placeholders(self.text) if path is not None)


class MapTable(Strict):
    """A value chosen by another value."""

    map: Path = Field(description="the path whose value is looked up in the table")
    table: dict[str, Constant | Lookup] = Field(
        default_factory=dict, description="value of the path: value for the infobase"
    )
    absent: Constant | Lookup | None = Field(None, description="where there is nothing to look up")
    otherwise: Constant | Lookup | None = Field(None, description="without it an unlisted value holds the order")

    @model_validator(mode="after")
    def _maps_something(self) -> MapTable:
        if not self.table and self.absent is None:
            raise ValueError("a map needs a table, or absent")
        return self


_PER_CENT = {"type": "number", "minimum": 0, "maximum": 100}


PerCent = Annotated[Decimal, Field(ge=0, le=100), BeforeValidator(_decimal), WithJsonSchema(_PER_CENT)]


class RateTable(Strict):
    """A rate chosen by another value."""

    map: Path = Field(description="the path whose value is looked up in the table")
    table: dict[str, PerCent] = Field(min_length=1, description="value of the path: per cent")
    otherwise: PerCent | None = Field(None, description="without it an unlisted value holds the order")


class Vat(Strict):
    """The VAT of a number, or the number without or with it; rounded half up to the currency's smallest unit."""

    vat: Path = Field(description="such as line.amount")
    rate: PerCent | RateTable = Field(description="per cent, or {map: ..., table: ...} of them")
    included: bool = Field(True, description="true: part of the number; false: comes on top")
    give: Literal["vat", "net", "gross"] = Field("vat", description="net and vat add up to gross, whatever is rounded")


class Rate(Strict):
    """A number that a register in 1C keeps for the currency of the document: its newest one on the day of the order."""

    rate: Name = Field(description="information register by days, such as InformationRegister_ExchangeRates")
    give: Name = Field(description="its column with the number: the rate, or for how many units it is")
    currency: Name = Field(description="its column that refers to the currency")
    of: Name = Field(description="the property of this document that refers to the currency")


def _which(value: Any) -> str | None:
    for key in ("from", "const", "text", "lookup", "map", "vat", "rate"):
        if (isinstance(value, dict) and key in value) or hasattr(value, key):
            return key
    return "from" if isinstance(value, From) else None


Value = Annotated[
    Annotated[From, Tag("from")]
    | Annotated[Const, Tag("const")]
    | Annotated[Text, Tag("text")]
    | Annotated[Lookup, Tag("lookup")]
    | Annotated[MapTable, Tag("map")]
    | Annotated[Vat, Tag("vat")]
    | Annotated[Rate, Tag("rate")],
    Discriminator(
        _which,
        custom_error_type="value_source",
        custom_error_message="must be one of {from: ...}, {const: ...}, {text: ...}, {lookup: ..., where: ...}, "
        "{map: ..., table: ...}, {vat: ..., rate: ...}, {rate: ..., give: ..., currency: ..., of: ...}",
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
