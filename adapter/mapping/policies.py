"""How the customer of an order is found: the policies of a mapping."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag
from pydantic.json_schema import SkipJsonSchema

from adapter.mapping.sources import Condition, Lookup, Strict

NameAlone = Literal["exact", "sure", "never"]


class AliasPolicy(Strict):
    """What people have chosen for earlier orders of the same buyer; asked first where the file does not name it."""

    alias: Literal[True]


class Pooled(Strict):
    """One customer for all buyers for whom the condition holds."""

    pooled: Lookup
    when: Condition = Field(default_factory=dict)


class TaxIdPolicy(Strict):
    """The one customer with a tax number of the buyer."""

    tax_id: Literal[True]


class ExactName(Strict):
    """The customer whose name is the buyer's, but for case, marks, punctuation and order of words."""

    exact_name: Literal[True]


class FuzzyName(Strict):
    """The customer whose name, in any spelling or script, and whose other values fit the buyer's best."""

    fuzzy_name: FuzzyLimits


def _sure(value: Any) -> Any:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and not _LEAST_SURE <= value < 1:
        raise ValueError(
            "is the probability that it is this customer and nobody else, from 0.95 to less than 1; write 0.99 (a "
            "likeness such as 0.93 means nothing any more)"
        )
    return value


_LEAST_SURE = 0.95


def _retired(value: Any) -> Any:
    raise ValueError("is no longer needed: rivals count by themselves; take it out, and write fuzzy_name: {sure: 0.99}")


class FuzzyLimits(Strict):
    """How sure it must be who the buyer is."""

    sure: Annotated[
        float, BeforeValidator(_sure), Field(json_schema_extra={"minimum": 0.95, "exclusiveMaximum": 1})
    ] = Field(0.99, description="probability from which a machine decides, against every rival and an unknown buyer")
    name_alone: NameAlone | None = Field(
        None,
        description="whether a name decides where nothing else agrees. never: a person decides; sure: two full words, "
        "no rival; exact: the same words. Without it never, if anything else is read of customers, otherwise sure",
    )
    margin: SkipJsonSchema[Annotated[None, BeforeValidator(_retired)]] = None


FuzzyName.model_rebuild()


def _which_policy(value: Any) -> str | None:
    for key in ("alias", "pooled", "tax_id", "exact_name", "fuzzy_name"):
        if (isinstance(value, dict) and key in value) or hasattr(value, key):
            return key
    return None


CustomerPolicy = Annotated[
    Annotated[AliasPolicy, Tag("alias")]
    | Annotated[Pooled, Tag("pooled")]
    | Annotated[TaxIdPolicy, Tag("tax_id")]
    | Annotated[ExactName, Tag("exact_name")]
    | Annotated[FuzzyName, Tag("fuzzy_name")],
    Discriminator(
        _which_policy,
        custom_error_type="customer_policy",
        custom_error_message="must be one of {alias: true}, {pooled: ..., when: ...}, {tax_id: true}, "
        "{exact_name: true}, {fuzzy_name: ...}",
    ),
]
