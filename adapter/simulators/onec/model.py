"""An object model: what a configuration holds, read from a JSON file.

A model names catalogs, documents and information registers with their attributes, types and lengths. Lengths and
mandatory flags are not in `$metadata`, so a stand-in cannot be built from that document alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

Kind = Literal["Catalog", "Document", "InformationRegister"]

BUILT_IN = Path(__file__).parent.parent / "models"


class ModelError(ValueError):
    """A model file cannot be read; the message names the file and the place."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute, dimension or resource as OData shows it."""

    name: str
    """OData name; a reference to one type ends in `_Key`, a value storage in `_Base64Data`."""
    edm: str
    types: tuple[str, ...] = ()
    """1C types, such as `CatalogRef.Customers`, `EnumRef.States`, `String(50)`; at most 12 of a composite."""
    onec_name: str = ""
    type_property: str = ""
    """Companion `X_Type` of a composite or a value storage."""
    stream_property: str = ""
    max_length: int = 0
    """Letters of a string; 0 is unlimited."""
    digits: int = 0
    """All digits of a number; 0 where the model says nothing."""
    fraction_digits: int = 0
    fill_check: bool = False
    """Mandatory in forms and on posting; a write over OData does not look at it (measured on a live УТ 11)."""
    fixed_length: bool = False
    synonym: str = ""

    @property
    def title(self) -> str:
        """The name a person sees."""
        return self.synonym or self.onec_name or self.name

    @property
    def is_composite(self) -> bool:
        """Several types: the value travels as `X` with `X_Type`."""
        return bool(self.type_property) and self.edm == "Edm.String"

    @property
    def is_unlimited(self) -> bool:
        """A string without a length: the query language cannot compare or order it."""
        return self.edm == "Edm.String" and self.max_length == 0 and self.types[:1] == ("String(0)",)

    @property
    def target(self) -> str:
        """Entity set of a reference to one type, such as `Catalog_Customers`; else empty."""
        if self.edm != "Edm.Guid" or len(self.types) != 1:
            return ""
        return entity_set_of(self.types[0])

    @property
    def enumeration(self) -> str:
        """Name of the enumeration whose members this attribute takes; else empty."""
        first = self.types[0] if len(self.types) == 1 else ""
        return first.removeprefix("EnumRef.") if first.startswith("EnumRef.") else ""

    @property
    def navigation(self) -> str:
        """Navigation property of a reference (`Customer` for `Customer_Key`); else empty."""
        return self.name.removesuffix("_Key") if self.target and self.name.endswith("_Key") else ""


def entity_set_of(onec_type: str) -> str:
    """`Catalog_X` for `CatalogRef.X`; empty for enumerations and for types that are no references."""
    kind, dot, name = onec_type.partition(".")
    if not dot or not kind.endswith("Ref") or kind == "EnumRef":
        return ""
    return f"{kind.removesuffix('Ref')}_{name}"


@dataclass(frozen=True, slots=True)
class TabularSection:
    """A tabular section and its columns, without `Ref_Key` and `LineNumber`."""

    name: str
    attributes: tuple[Attribute, ...]
    fill_check: bool = False


@dataclass(frozen=True, slots=True)
class Predefined:
    """An element that the configuration itself brings."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Recalculation:
    """How a document's sum follows from its rows before every write.

    Own key of a model file: `{"property": "Total", "rows": "Products", "sum": "Amount"}`; `rows` and `sum` may be
    lists, then every column of every section is added. Accounting configurations add the VAT of the rows where it is
    on top of their sums: `"on_top": {"unless": "AmountIncludesVAT", "sum": "VATAmount"}`.
    """

    total: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    included_flag: str = ""
    """Property of the document that says whether the sums include the VAT; empty: no such thing."""
    on_top: tuple[str, ...] = ()
    """Columns that are added too, unless the flag is set."""


@dataclass(frozen=True, slots=True)
class ObjectModel:
    """One object of the configuration; what its kind lacks stays empty."""

    entity_set: str
    kind: Kind
    name: str
    attributes: tuple[Attribute, ...] = ()
    tabular_sections: tuple[TabularSection, ...] = ()
    dimensions: tuple[Attribute, ...] = ()
    resources: tuple[Attribute, ...] = ()
    code_length: int = 0
    description_length: int = 0
    number_length: int = 0
    number_periodicity: str = "Nonperiodical"
    fixed_length: bool = False
    """Code or Number always has its full length: what is sent shorter is padded with spaces."""
    autonumbering: bool = False
    check_unique: bool = False
    hierarchical: bool = False
    hierarchy_type: str = ""
    owners: tuple[str, ...] = ()
    predefined: tuple[Predefined, ...] = ()
    posting: bool = False
    periodicity: str = "Nonperiodical"
    independent: bool = True
    standard_fill_check: tuple[str, ...] = ()
    recalculate: Recalculation | None = None
    posting_demands: tuple[str, ...] | None = None
    """Own key: what posting demands in place of all `fill_check` flags (`"Customer_Key"`, `"Products"` for a row at
    least, `"Products/Product_Key"`). Real modules waive many of the flags by their own conditions."""


@dataclass(frozen=True, slots=True)
class Model:
    """A configuration."""

    configuration: str
    objects: tuple[ObjectModel, ...]
    enumerations: Mapping[str, tuple[str, ...]]


def load_model(name_or_path: str | Path) -> Model:
    """Read a model by the name of a built-in one (`training`) or by the path of a file.

    Raises:
        ModelError: there is no such file, or it has another form.
    """
    path = Path(name_or_path)
    if path.suffix != ".json" and not path.exists():  # unf-3.0 is a name too
        path = BUILT_IN / f"{name_or_path}.json"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in BUILT_IN.glob("*.json")))
        raise ModelError(f"{name_or_path}: no such model; built in are {known}, or give the path of a file")
    try:
        data = json.loads(path.read_text("utf-8"))
        return read_model(data)
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        raise ModelError(f"{path}: {problem!r}") from problem


def read_model(data: Mapping[str, Any]) -> Model:
    """Read a model from parsed JSON.

    Raises:
        KeyError, TypeError, ValueError: the data has another form.
    """
    return Model(
        configuration=data.get("configuration", ""),
        objects=tuple(_object(item) for item in data["objects"]),
        enumerations={name: tuple(members) for name, members in data.get("enumerations", {}).items()},
    )


def _object(data: Mapping[str, Any]) -> ObjectModel:
    if data["kind"] not in get_args(Kind):
        raise ValueError(f"{data['entity_set']}: kind {data['kind']!r} is not one of {', '.join(get_args(Kind))}")
    return ObjectModel(
        entity_set=data["entity_set"],
        kind=data["kind"],
        name=data["name"],
        attributes=_attributes(data.get("attributes", ())),
        tabular_sections=tuple(_section(item) for item in data.get("tabular_sections", ())),
        dimensions=_attributes(data.get("dimensions", ())),
        resources=_attributes(data.get("resources", ())),
        code_length=data.get("code_length", 0),
        description_length=data.get("description_length", 0),
        number_length=data.get("number_length", 0),
        number_periodicity=data.get("number_periodicity", "Nonperiodical"),
        fixed_length="Fixed" in {data.get("code_allowed_length"), data.get("number_allowed_length")},
        autonumbering=data.get("autonumbering", False),
        check_unique=data.get("check_unique", False),
        hierarchical=data.get("hierarchical", False),
        hierarchy_type=data.get("hierarchy_type", ""),
        owners=tuple(data.get("owners", ())),
        predefined=tuple(Predefined(item["name"], item.get("description", "")) for item in data.get("predefined", ())),
        posting=data.get("posting") == "Allow",
        periodicity=data.get("periodicity", "Nonperiodical"),
        independent=data.get("write_mode", "Independent") == "Independent",
        standard_fill_check=tuple(data.get("standard_fill_check", ())),
        recalculate=_recalculation(data["recalculate"]) if data.get("recalculate") else None,
        posting_demands=tuple(data["posting_demands"]) if "posting_demands" in data else None,
    )


def _attributes(items: Any) -> tuple[Attribute, ...]:
    """Read attributes; a type that has no form in OData (`edm` null) is left out."""
    return tuple(
        Attribute(
            name=item["property"],
            edm=item["edm"],
            types=tuple(item.get("types", ())),
            onec_name=item["name"],
            type_property=item.get("type_property", ""),
            stream_property=item.get("stream_property", ""),
            max_length=item.get("max_length", 0),
            digits=item.get("digits", 0),
            fraction_digits=item.get("fraction_digits", 0),
            fill_check=item.get("fill_check", False),
            fixed_length=item.get("fixed_length", False),
            synonym=item.get("synonym", ""),
        )
        for item in items
        if item.get("edm")
    )


def _section(data: Mapping[str, Any]) -> TabularSection:
    return TabularSection(data["name"], _attributes(data["attributes"]), data.get("fill_check", False))


def _recalculation(data: Mapping[str, Any]) -> Recalculation:
    def names(value: str | list[str]) -> tuple[str, ...]:
        return (value,) if isinstance(value, str) else tuple(value)

    on_top = data.get("on_top", {"unless": "", "sum": []})
    return Recalculation(
        data["property"], names(data["rows"]), names(data["sum"]), on_top["unless"], names(on_top["sum"])
    )
