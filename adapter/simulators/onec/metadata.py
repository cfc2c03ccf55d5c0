"""`$metadata` in the form that a live УТ 11 gives it: EDMX 1.0, data service version 3.0, CSDL of 2009/11."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from adapter.simulators.onec.schema import NAMESPACE, EntityType, Schema

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx">'
    '<edmx:DataServices xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"'
    ' m:DataServiceVersion="3.0" m:MaxDataServiceVersion="3.0">'
    f'<Schema xmlns="http://schemas.microsoft.com/ado/2009/11/edm" Namespace="{NAMESPACE}">'
)
TAIL = "</Schema></edmx:DataServices></edmx:Edmx>"


def metadata_document(schema: Schema) -> bytes:
    """The whole document, UTF-8 without BOM.

    Lengths, precision and the link of a property to its enumeration are not in it; `Nullable` is false on key
    properties and on `RecordSet` only; there are no AssociationSets and members of enumerations have no values.
    """
    parts = [HEAD]
    types = list(schema.types.values())
    for entity in types:
        parts += _entity_type(schema, entity)
    for entity in types:
        for section in entity.sections:
            parts += _complex_type(section.row_type, section.rows)
    for name, members in schema.enumerations.items():
        parts.append(f'<EnumType Name={quoteattr(name)} UnderlyingType="Edm.Int32">')
        parts += [f"<Member Name={quoteattr(member)}/>" for member in members]
        parts.append("</EnumType>")
    for entity in types:
        parts += _associations(schema, entity)
    parts += _container(schema)
    parts.append(TAIL)
    return "".join(parts).encode()


def declared_properties(entity: EntityType) -> list[tuple[str, str, bool]]:
    """Name, type and nullability of every property, in the document's order: scalars, sections, `_Type`s."""
    found: list[tuple[str, str]] = []
    for attribute in entity.attributes:
        if attribute.stream_property:
            found.append((attribute.stream_property, "Edm.Stream"))
        found.append((attribute.name, attribute.edm))
    found += [(section.name, f"Collection({NAMESPACE}.{section.row_type})") for section in entity.sections]
    found += [(name, "Edm.String") for name in entity.by_type_name]
    return [(name, edm, name not in entity.key and name != "RecordSet") for name, edm in found]


def _properties(entity: EntityType) -> list[str]:
    return [
        f'<Property Name={quoteattr(name)} Type={quoteattr(edm)} Nullable="{str(nullable).lower()}"/>'
        for name, edm, nullable in declared_properties(entity)
    ]


def _navigations(schema: Schema, entity: EntityType) -> Iterator[tuple[str, str]]:
    """Navigation property and target set of every reference to a published type."""
    for name, attribute in entity.by_navigation.items():
        if target := schema.target(attribute):
            yield name, target.name


def _entity_type(schema: Schema, entity: EntityType) -> list[str]:
    open_type = ' OpenType="true"' if entity.is_open else ""
    parts = [f"<EntityType Name={quoteattr(entity.name)}{open_type}>", "<Key>"]
    parts += [f"<PropertyRef Name={quoteattr(name)}/>" for name in entity.key]
    parts += ["</Key>", *_properties(entity)]
    parts += [
        f"<NavigationProperty Name={quoteattr(name)}"
        f' Relationship="{NAMESPACE}.{entity.name}_{name}" FromRole="Begin" ToRole="End"/>'
        for name, _ in _navigations(schema, entity)
    ]
    return [*parts, "</EntityType>"]


def _complex_type(name: str, rows: EntityType) -> list[str]:
    return [f"<ComplexType Name={quoteattr(name)}>", *_properties(rows), "</ComplexType>"]


def _associations(schema: Schema, entity: EntityType) -> list[str]:
    return [
        f'<Association Name="{entity.name}_{name}">'
        f'<End Role="Begin" Type="{NAMESPACE}.{entity.name}" Multiplicity="*"/>'
        f'<End Role="End" Type="{NAMESPACE}.{target}" Multiplicity="0..1"/></Association>'
        for name, target in _navigations(schema, entity)
    ]


def _container(schema: Schema) -> list[str]:
    parts = ['<EntityContainer Name="EnterpriseV8" m:IsDefaultEntityContainer="true">']
    parts += [f'<EntitySet Name={quoteattr(name)} EntityType="{NAMESPACE}.{name}"/>' for name in schema.types]
    for entity in schema.types.values():
        if entity.role == "document" and entity.model.posting:
            for name in ("Post", "Unpost"):
                posting = (("PostingModeOperational", "Edm.Boolean"),)
                parts.append(_function(name, entity, posting, side_effect=True))
        if entity.role in {"register", "records"} and entity.model.periodicity != "Nonperiodical":
            for name in ("SliceLast", "SliceFirst"):
                slice_of = (("Condition", "Edm.String"), ("Period", "Edm.DateTime"))
                parts.append(_function(name, entity, slice_of, side_effect=False))
    return [*parts, "</EntityContainer>"]


def _function(name: str, entity: EntityType, parameters: tuple[tuple[str, str], ...], side_effect: bool) -> str:
    """A FunctionImport; a pure one returns a collection of the type it is bound to."""
    bound = f"{NAMESPACE}.{entity.name}"
    returns = "" if side_effect else f' ReturnType="Collection({bound})"'
    described = "".join(
        f'<Parameter Name="{parameter}" Type="{edm}"/>' for parameter, edm in (("bindingParameter", bound), *parameters)
    )
    effect = str(side_effect).lower()
    return (
        f'<FunctionImport Name="{name}" IsBindable="true" IsSideEffecting="{effect}"{returns}>'
        f"{described}</FunctionImport>"
    )
