"""Entity types as OData knows them, made from an object model: standard attributes, tabular sections, registers.

Order of properties and the shapes of registers: measured on a live УТ 11. The place of `Owner` is an inference.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from adapter.simulators.onec.model import Attribute, Model, ObjectModel, TabularSection, entity_set_of

Role = Literal[
    "catalog",
    "document",
    "register",  # an independent information register: the entity is the record
    "record_set",  # of a register subordinate to a recorder: all records of one recorder
    "rows",  # all rows of one tabular section of all objects; read only
    "records",  # all records of a register subordinate to a recorder; read only
]

NAMESPACE = "StandardODATA"
UNDEFINED = f"{NAMESPACE}.Undefined"

JSON_FIRST: tuple[str, ...] = (
    *("Ref_Key", "DataVersion", "DeletionMark", "Number", "Date", "Posted"),
    *("Owner_Key", "Owner", "Parent_Key", "IsFolder", "Code", "Description"),
)
JSON_LAST: tuple[str, ...] = ("Predefined", "PredefinedDataName")


@dataclass(frozen=True)
class Section:
    """A tabular section (or a `RecordSet`) inside its owner."""

    name: str
    row_type: str
    rows: EntityType
    fill_check: bool = False


@dataclass(frozen=True)
class EntityType:
    """One entity type and the set of the same name.

    Attributes:
        attributes: everything but tabular sections, in the order of `$metadata`, standard ones first.
        holder: of `rows` and `records`, the set whose objects hold them, in the section named `section`.
    """

    name: str
    role: Role
    model: ObjectModel
    key: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    sections: tuple[Section, ...] = ()
    holder: str = ""
    section: str = ""

    @cached_property
    def by_name(self) -> Mapping[str, Attribute]:
        """Attributes by OData name."""
        return {attribute.name: attribute for attribute in self.attributes}

    @cached_property
    def by_type_name(self) -> Mapping[str, Attribute]:
        """Attributes that have a companion, by the companion's name."""
        return {attribute.type_property: attribute for attribute in self.attributes if attribute.type_property}

    @cached_property
    def by_navigation(self) -> Mapping[str, Attribute]:
        """References to one type, by navigation property; published or not."""
        return {attribute.navigation: attribute for attribute in self.attributes if attribute.navigation}

    @cached_property
    def section_by_name(self) -> Mapping[str, Section]:
        """Tabular sections by name."""
        return {section.name: section for section in self.sections}

    @cached_property
    def is_open(self) -> bool:
        """Marked `OpenType` in `$metadata`: some property has a companion `X_Type`."""
        return bool(self.by_type_name)

    @cached_property
    def has_ref(self) -> bool:
        """Catalogs and documents: one guid is the key."""
        return self.role in {"catalog", "document"}

    @cached_property
    def in_json_order(self) -> tuple[Attribute, ...]:
        """Attributes in the order that JSON answers have; it differs from `$metadata` (reported for УТ 11)."""
        ahead = [self.by_name[name] for name in JSON_FIRST if name in self.by_name]
        behind = [self.by_name[name] for name in JSON_LAST if name in self.by_name]
        middle = [item for item in self.attributes if item.name not in JSON_FIRST + JSON_LAST]
        return (*ahead, *middle, *behind)


class Schema:
    """All entity types of what is published."""

    def __init__(self, model: Model, unpublished: Collection[str] = ()) -> None:
        self.model = model
        self.enumerations = model.enumerations
        self.types: dict[str, EntityType] = {}
        for item in model.objects:
            if item.entity_set not in unpublished:
                self.types.update({entity.name: entity for entity in _entity_types(item)})

    def target(self, attribute: Attribute) -> EntityType | None:
        """The published type that a reference leads to."""
        return self.types.get(attribute.target)


def _entity_types(model: ObjectModel) -> list[EntityType]:
    if model.kind == "InformationRegister":
        return _register_types(model)
    attributes = (*_standard(model), *model.attributes)
    sections = tuple(_section(model, section) for section in model.tabular_sections)
    role: Role = "catalog" if model.kind == "Catalog" else "document"
    owner = EntityType(model.entity_set, role, model, ("Ref_Key",), attributes, sections)
    return [owner, *(section.rows for section in sections)]


def _standard(model: ObjectModel) -> tuple[Attribute, ...]:
    checked = model.standard_fill_check
    if model.kind == "Document":
        return (
            Attribute("Ref_Key", "Edm.Guid"),
            _text("DataVersion", 12),
            _text("Number", model.number_length, title="Номер", fixed=model.fixed_length),
            Attribute("Date", "Edm.DateTime", fill_check="Date" in checked, synonym="Дата"),
            Attribute("DeletionMark", "Edm.Boolean"),
            Attribute("Posted", "Edm.Boolean"),
        )
    found = [
        Attribute("Ref_Key", "Edm.Guid"),
        Attribute("Predefined", "Edm.Boolean"),
        _text("PredefinedDataName", 256),
        _text("DataVersion", 12),
    ]
    if model.description_length:
        found.append(_text("Description", model.description_length, "Description" in checked, "Наименование"))
    if model.code_length:
        found.append(_text("Code", model.code_length, "Code" in checked, "Код", model.fixed_length))
    found += _owner(model)
    if model.hierarchical:
        parent = f"CatalogRef.{model.name}"
        found.append(Attribute("Parent_Key", "Edm.Guid", (parent,), fill_check="Parent" in checked))
        if model.hierarchy_type == "HierarchyFoldersAndItems":
            found.append(Attribute("IsFolder", "Edm.Boolean"))
    return (*found, Attribute("DeletionMark", "Edm.Boolean"))


def _owner(model: ObjectModel) -> list[Attribute]:
    types = tuple(f"CatalogRef.{owner.removeprefix('Catalog_')}" for owner in model.owners)
    checked = "Owner" in model.standard_fill_check
    match len(types):
        case 0:
            return []
        case 1:
            return [Attribute("Owner_Key", "Edm.Guid", types, fill_check=checked, synonym="Владелец")]
        case _:
            return [
                Attribute(
                    "Owner",
                    "Edm.String",
                    types,
                    type_property="Owner_Type",
                    fill_check=checked,
                    synonym="Владелец",
                )
            ]


def _text(name: str, length: int, fill_check: bool = False, title: str = "", fixed: bool = False) -> Attribute:
    return Attribute(
        name,
        "Edm.String",
        (f"String({length})",),
        max_length=length,
        fill_check=fill_check,
        fixed_length=fixed,
        synonym=title,
    )


def _section(model: ObjectModel, section: TabularSection) -> Section:
    attributes = (Attribute("Ref_Key", "Edm.Guid"), Attribute("LineNumber", "Edm.Int64"), *section.attributes)
    name = f"{model.entity_set}_{section.name}"
    rows = EntityType(name, "rows", model, ("Ref_Key", "LineNumber"), attributes, (), model.entity_set, section.name)
    return Section(section.name, f"{name}_RowType", rows, section.fill_check)


def _register_types(model: ObjectModel) -> list[EntityType]:
    period = () if model.periodicity == "Nonperiodical" else (Attribute("Period", "Edm.DateTime"),)
    fields = (*model.dimensions, *model.resources, *model.attributes)
    key = (
        *(attribute.name for attribute in (*period, *model.dimensions)),
        *(attribute.type_property for attribute in model.dimensions if attribute.type_property),
    )
    if model.independent:
        return [EntityType(model.entity_set, "register", model, key, (*period, *fields))]
    recorder = Attribute("Recorder", "Edm.String", ("DocumentRef",), type_property="Recorder_Type")
    line = (Attribute("LineNumber", "Edm.Int64"), Attribute("Active", "Edm.Boolean"))
    records = EntityType(
        f"{model.entity_set}_RecordType",
        "records",
        model,
        key,
        (recorder, *period, *line, *fields),
        (),
        model.entity_set,
        "RecordSet",
    )
    record_set = EntityType(
        model.entity_set,
        "record_set",
        model,
        ("Recorder", "Recorder_Type"),
        (recorder,),
        (Section("RecordSet", f"{model.entity_set}_RowType", records),),
    )
    return [record_set, records]


def reference_types(attribute: Attribute) -> frozenset[str] | None:
    """The `X_Type` values that a composite may take; None where the model does not list them all."""
    if len(attribute.types) >= 12 or any("." not in item and item.endswith("Ref") for item in attribute.types):
        return None
    if any(item.startswith(("Characteristic.", "DefinedType.", "AnyRef")) for item in attribute.types):
        return None
    primitive = {
        "String": "String",
        "Number": "Double",
        "Boolean": "Boolean",
        "Date": "DateTime",
        "DateTime": "DateTime",
    }
    names = set()
    for item in attribute.types:
        if entity_set := entity_set_of(item):
            names.add(f"{NAMESPACE}.{entity_set}")
        elif item.startswith("EnumRef."):
            names.add(f"{NAMESPACE}.{item.removeprefix('EnumRef.')}")
        else:
            names.add(f"Edm.{primitive.get(item.partition('(')[0], 'String')}")
    return frozenset(names)
