"""A plan is a value: one step for each document of each order, with the exact request bodies and every reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Literal
from uuid import UUID

from adapter.model.document import Document, NewElement, Scalar
from adapter.model.entry import HoldCause, Key
from adapter.model.money import Money

OrderIdSearch = Literal["equals", "contains"]
Explained = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Why the document's sum is right: Amazon's total less what the mapping leaves out is what the rows add up to.

    Attributes:
        left_out: name of the charges left out -> their sum, as far as Amazon's total contains it.
    """

    amazon: Money
    left_out: Mapping[str, Money]
    document: Money

    def explain(self) -> str:
        """The sum in words: `119.00 EUR - 19.00 EUR marketplace tax = 100.00 EUR`."""
        signs = {name: "-" if money.amount > 0 else "+" for name, money in self.left_out.items()}
        parts = [str(self.amazon)]
        parts += [
            f"{signs[name]} {money if money.amount > 0 else -money} {name}" for name, money in self.left_out.items()
        ]
        return f"{' '.join(parts)} = {self.document}" if self.left_out else str(self.document)


@dataclass(frozen=True, slots=True)
class Source:
    """What a step was made from; recorded with it.

    Attributes:
        order_hash: of Amazon's content.
        material: fingerprint of what in the order matters for money, goods and people.
        mapping_version: of the mapping file.
    """

    order_hash: str
    material: str
    mapping_version: str


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done about one document of one order."""

    verb: ClassVar[str] = ""
    key: Key
    source: Source


@dataclass(frozen=True, slots=True)
class Create(Step):
    """Write a new document, and before it the catalog elements that it needs.

    Attributes:
        customer: whom it goes to, for people.
        matched: how the customer was found.
        explanation: what was compared for it, as data; it does not change what the step does.
    """

    verb: ClassVar[str] = "create"
    document: Document
    totals: Totals
    customer: str
    matched: str
    new_elements: tuple[NewElement, ...] = ()
    order_id_property: str = ""
    order_id_search: OrderIdSearch = "equals"
    notes: tuple[str, ...] = ()
    explanation: Explained = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Update(Step):
    """Change a written document; only if it is still as we left it.

    Attributes:
        changes: what differs, in words.
    """

    verb: ClassVar[str] = "update"
    document: Document
    totals: Totals
    customer: str
    matched: str
    changes: tuple[str, ...]
    new_elements: tuple[NewElement, ...] = ()
    order_id_property: str = ""
    order_id_search: OrderIdSearch = "equals"
    notes: tuple[str, ...] = ()
    explanation: Explained = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Cancel(Step):
    """Take a written document back: unpost and mark it, or set the properties that the mapping names.

    Attributes:
        set_properties: instead of unposting and marking; empty otherwise.
    """

    verb: ClassVar[str] = "cancel"
    set_properties: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wait(Step):
    """Amazon has not finished with the order."""

    verb: ClassVar[str] = "wait"
    reason: str


@dataclass(frozen=True, slots=True)
class Skip(Step):
    """Nothing is to be done.

    Attributes:
        written: the document is in the infobase already; otherwise there is none to write.
    """

    verb: ClassVar[str] = "skip"
    reason: str
    written: bool = False


@dataclass(frozen=True, slots=True)
class Hold(Step):
    """A person has to decide. All reasons are there, each with its next step.

    Attributes:
        customer, total: for the list of held orders, as far as known.
    """

    verb: ClassVar[str] = "hold"
    reasons: tuple[str, ...]
    customer: str = ""
    total: Money | None = None
    cause: HoldCause = HoldCause.PLAN
    explanation: Explained = field(default=None, compare=False)


AnyStep = Create | Update | Cancel | Wait | Skip | Hold


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in the order in which they are carried out: oldest order first."""

    steps: tuple[AnyStep, ...] = ()

    def __iter__(self) -> Iterator[AnyStep]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def count(self, *kinds: type[Step]) -> int:
        """How many steps are of these kinds."""
        return sum(isinstance(step, kinds) for step in self.steps)

    def new_elements(self) -> dict[UUID, NewElement]:
        """The catalog elements that would be created, each once."""
        return {
            element.ref_key: element
            for step in self.steps
            if isinstance(step, Create | Update)
            for element in step.new_elements
        }

    def only(self, order_ids: frozenset[str]) -> Plan:
        """The steps of these orders."""
        return Plan(tuple(step for step in self.steps if step.key.order_id in order_ids))


def step_as_json(step: AnyStep) -> dict[str, Any]:
    """A step as JSON data; sums are texts, bodies are as they would be sent."""
    data: dict[str, Any] = {
        "verb": step.verb,
        "account": step.key.account,
        "order_id": step.key.order_id,
        "document": step.key.document,
        "mapping_version": step.source.mapping_version,
    }
    match step:
        case Create() | Update():
            data |= {
                "customer": step.customer,
                "matched": step.matched,
                "total": {"amount": str(step.totals.document.amount), "currency": step.totals.document.currency},
                "totals": step.totals.explain(),
                "body": document_as_json(step.document),
                "new_elements": [element_as_json(element) for element in step.new_elements],
                "notes": list(step.notes),
            }
            if isinstance(step, Update):
                data["changes"] = list(step.changes)
        case Cancel():
            data["set_properties"] = values_as_json(step.set_properties)
        case Wait() | Skip():
            data["reason"] = step.reason
        case Hold():
            data |= {"reasons": list(step.reasons), "customer": step.customer}
            if step.total is not None:
                data["total"] = {"amount": str(step.total.amount), "currency": step.total.currency}
    if isinstance(step, Create | Update | Hold) and step.explanation:
        data["explanation"] = dict(step.explanation)
    return data


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """A plan as JSON data, with a digest for each step by which `apply` sees whether anything has changed since."""
    return {
        "version": 1,
        "steps": [step_as_json(step) | {"digest": digest(step)} for step in plan],
    }


def digest(step: AnyStep) -> str:
    """Equal for steps that would do the same."""
    data = {name: value for name, value in step_as_json(step).items() if name != "explanation"}
    text = json.dumps(data, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def document_as_json(document: Document) -> dict[str, Any]:
    """A document in the form in which the ledger keeps it."""
    return {
        "entity_set": document.entity_set,
        "ref_key": str(document.ref_key),
        "posted": document.posted,
        "properties": values_as_json(document.properties),
        "sections": {name: [values_as_json(row) for row in rows] for name, rows in document.sections.items()},
    }


def document_from_json(data: Mapping[str, Any]) -> Document:
    """The document behind `document_as_json`."""
    return Document(
        entity_set=data["entity_set"],
        ref_key=UUID(data["ref_key"]),
        posted=data["posted"],
        properties=_values(data["properties"]),
        sections={name: tuple(map(_values, rows)) for name, rows in data["sections"].items()},
    )


def element_as_json(element: NewElement) -> dict[str, Any]:
    """A new catalog element as JSON data."""
    return {
        "entity_set": element.entity_set,
        "ref_key": str(element.ref_key),
        "natural_key": element.natural_key,
        "name": element.name,
        "properties": values_as_json(element.properties),
        "sections": {name: [values_as_json(row) for row in rows] for name, rows in element.sections.items()},
    }


def values_as_json(values: Mapping[str, Scalar]) -> dict[str, Any]:
    """Properties or columns as JSON data: a `Decimal` is `{"number": "1.50"}`, so that no digit is lost."""
    return {name: {"number": str(value)} if isinstance(value, Decimal) else value for name, value in values.items()}


def _values(data: Mapping[str, Any]) -> dict[str, Scalar]:
    return {name: Decimal(value["number"]) if isinstance(value, dict) else value for name, value in data.items()}
