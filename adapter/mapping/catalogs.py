"""Who the customer of an order is and which product was sold: the catalogs' part of a mapping."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from adapter.mapping.evidence import DECIDING, EVIDENCE, KindSource, Source, Sources, each_source
from adapter.mapping.paths import further
from adapter.mapping.policies import AliasPolicy, CustomerPolicy, FuzzyName, NameAlone, Pooled
from adapter.mapping.sources import Constant, Name, Strict, Value
from adapter.yamlfile import Location


def _further_name(name: str) -> str:
    if not further(f"customer.{name}"):
        raise ValueError("a name of yours consists of small letters, digits and _, such as partner")
    return name


class Owned(Strict):
    """The element of another catalog that belongs to this one, such as the customer's contract."""

    owned: Name = Field(description="entity set whose elements have an owner, such as Catalog_Contracts")
    by: Name | None = Field(None, description="the property that refers to the owner; without it 1C's own Owner counts")
    where: dict[str, Constant] = Field(
        default_factory=dict, description="properties and their values; one element of an owner must have them all"
    )


class Read(BaseModel):
    """Which properties of a catalog hold what; a key of yours, such as partner, makes the path customer.partner."""

    model_config = ConfigDict(
        extra="allow",
        frozen=True,
        hide_input_in_errors=True,
        strict=True,
        json_schema_extra={"propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"}},
    )
    __pydantic_extra__: dict[Annotated[str, AfterValidator(_further_name)], Name | Owned] = Field(init=False)

    @property
    def further(self) -> dict[str, str]:
        """Name of ours -> property, of what is read besides."""
        return {name: prop for name, prop in self.__pydantic_extra__.items() if isinstance(prop, str)}

    @property
    def owned(self) -> dict[str, Owned]:
        """Name of ours -> the element of another catalog that belongs to this one."""
        return {name: owned for name, owned in self.__pydantic_extra__.items() if isinstance(owned, Owned)}

    @property
    def named(self) -> dict[str, str]:
        """Name -> property, of everything that is read of the catalog itself."""
        own = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: prop for name, prop in own.items() if prop and isinstance(prop, str)} | self.further


class CustomerRead(Read):
    """What of customers is read and where it stands; a key of yours, such as partner, makes the path customer.partner.

    Each value may stand in a property of the catalog, in another place, or in several of either.
    """

    name: Name = Field(description="the property that holds the name, such as Description")
    full_name: Name | None = Field(None, description="the property that holds the name for documents")
    kind: KindSource | Name | None = Field(
        None, description="what tells persons from companies; a property alone is read, but tells nothing"
    )
    email: Sources | None = Field(None, description="e-mail addresses")
    alias: Sources | None = Field(None, description="the address that Amazon gave the buyer, where you keep it apart")
    phone: Sources | None = Field(None, description="telephone numbers")
    tax_id: Sources | None = Field(None, description="tax numbers: VAT, ИНН, ЄДРПОУ, BIN and the like")
    postal_code: Sources | None = Field(None, description="postal codes")
    city: Sources | None = Field(None, description="cities")
    country: Sources | None = Field(None, description="countries: two letters, or the name as 1C writes it")

    @property
    def evidence(self) -> dict[str, tuple[Source, ...]]:
        """Kind of value -> every place in which it stands."""
        return {key: found for key in EVIDENCE if (found := tuple(source for _, source in self._places(key)))}

    @property
    def places(self) -> list[tuple[Location, Source]]:
        """The same, each with its location below `customers.read`."""
        return [place for key in EVIDENCE for place in self._places(key)]

    def _places(self, key: str) -> list[tuple[Location, Source]]:
        return list(each_source(key, getattr(self, key)))

    @property
    def tells_evidence(self) -> bool:
        """Whether anything is read that can decide together with a name."""
        return any(getattr(self, key) is not None for key in DECIDING)


NewRows = dict[Name, list[dict[str, Value]]]
"""Tabular section -> its rows."""


class Companion(Strict):
    """An element of another catalog that is created together with a new customer, such as the customer's partner."""

    entity_set: Name = Field(description="such as Catalog_Partners")
    name: Name = Field("Description", description="the property that holds its name: one of that name is taken instead")
    create: dict[str, Value] = Field(min_length=1, description="its properties")
    create_rows: NewRows = Field(default_factory=dict, description="rows of its tabular sections")


class Customers(Strict):
    """Who the customer of an order is. The policies are asked in turn; the first that decides wins."""

    entity_set: Name = Field(description="such as Catalog_Customers")
    read: CustomerRead
    match: list[CustomerPolicy] = Field(min_length=1, description="asked from top to bottom")
    otherwise: Literal["hold", "create"] | Pooled = Field("hold", description="when no policy decides")
    create: dict[str, Value] = Field(default_factory=dict, description="properties of a new customer")
    create_rows: NewRows = Field(
        default_factory=dict,
        description="rows of a new customer's tabular sections; a row is left out where the order lacks a value of it",
    )
    together: dict[str, Companion] = Field(
        default_factory=dict,
        description="what is created together with a new customer, by names that are read too: with partner here, "
        "{from: customer.partner} below create is the new partner",
    )

    @property
    def policies(self) -> list[CustomerPolicy]:
        """The policies as they are asked: what people have decided comes first, unless the file says where."""
        if any(isinstance(policy, AliasPolicy) for policy in self.match):
            return self.match
        return [AliasPolicy(alias=True), *self.match]

    def name_alone(self, policy: FuzzyName) -> NameAlone:
        """Whether a name may decide without any other value that agrees."""
        return policy.fuzzy_name.name_alone or ("never" if self.read.tells_evidence else "sure")

    @model_validator(mode="after")
    def _says_what_to_create(self) -> Customers:
        if self.otherwise == "create" and self.read.name not in self.create:
            raise ValueError(f"otherwise: create needs at least {self.read.name} below create")
        return self


class BarcodeRegister(Strict):
    """The information register in which the barcodes of products stand."""

    entity_set: Name = Field(alias="register", description="entity set, such as InformationRegister_Barcodes")
    barcode: Name = Field(description="the column that holds the barcode")
    product: Name = Field(description="the column that refers to the product")
    empty: list[Name] = Field(
        default_factory=list,
        description="columns such as package and characteristic: a record that fills one of them is not for the "
        "product itself, and holds the order",
    )
    characteristic: Name | None = Field(
        None, description="the column that refers to the characteristic; it makes the path product.characteristic"
    )

    @property
    def columns(self) -> list[str]:
        """All columns that matter, each once."""
        own = [self.characteristic] if self.characteristic else []
        return list(dict.fromkeys([self.barcode, self.product, *self.empty, *own]))

    @model_validator(mode="after")
    def _reads_or_refuses(self) -> BarcodeRegister:
        if self.characteristic in self.empty:
            raise ValueError(f"{self.characteristic} is the characteristic, so it cannot be among empty, too")
        return self


class ProductRead(Read):
    """Which properties of the products' catalog hold what; more of them make paths: unit makes product.unit."""

    sku: Name = Field(description="the property that holds the SKU")
    name: Name | None = Field(None, description="the property that holds the name, for messages")
    barcode: Name | BarcodeRegister | None = Field(
        None,
        description="the property that holds a barcode, or the register that holds them; compared with a seller SKU "
        "that is an EAN, UPC or GTIN",
    )
    asin: Name | None = Field(None, description="the property that holds the ASIN; compared where SKU and barcode fail")


def _owner(path: str) -> str:
    if path != "product" and not ((own := further(path)) and own[0] == "product"):
        raise ValueError("must be product, or what products.read reads of it, such as product.category")
    return path


class AliasReference(Strict):
    """What a column of the table of aliases refers to: elements of a catalog, by a text or by their Ref_Key."""

    lookup: Name = Field(description="entity set, such as Catalog_Characteristics")
    by: Name = Field("Description", description="the property that holds the text of the table")
    owner: list[Annotated[str, AfterValidator(_owner)]] = Field(
        default_factory=list,
        description="whose elements may be meant, the first that has one: product, or product.category and the like; "
        "then those without an owner. Without this key all elements count",
    )


class AliasReferences(Strict):
    """Which columns of the table of aliases are references; the others are texts."""

    characteristic: AliasReference | None = Field(None, description="makes the path product.characteristic")
    unit: AliasReference | None = Field(None, description="makes the path product.unit")

    @property
    def named(self) -> dict[str, AliasReference]:
        """Column -> what it refers to, for those that are references."""
        both = {"characteristic": self.characteristic, "unit": self.unit}
        return {name: found for name, found in both.items() if found is not None}


class Products(Strict):
    """Which product a seller SKU is."""

    entity_set: Name = Field(description="such as Catalog_Products")
    read: ProductRead
    leading_zeros: Literal["count", "ignore"] = Field(
        "count",
        description='ignore: a SKU "123" is also the code "00000000123" of 1C, where no product has "123" itself',
    )
    aliases: Name | None = Field(
        None,
        description="CSV file beside this one: seller_sku, sku or barcode, multiplier, characteristic, unit; for kits "
        "several lines with share or price",
    )
    alias_references: AliasReferences = Field(
        default_factory=lambda: AliasReferences(characteristic=None, unit=None),
        description="catalogs that the columns characteristic and unit of the aliases refer to",
    )
    otherwise: Literal["hold", "create"] = Field("hold", description="when no product has the SKU")
    create: dict[str, Value] = Field(default_factory=dict, description="properties of a new product")

    @property
    def given(self) -> dict[str, bool]:
        """What aliases and barcodes may say of a product besides, and whether it is a reference."""
        found = {name: name in self.alias_references.named for name in ("characteristic", "unit") if self.aliases}
        if isinstance(self.read.barcode, BarcodeRegister) and self.read.barcode.characteristic:
            found["characteristic"] = True
        return found

    @model_validator(mode="after")
    def _says_what_to_create(self) -> Products:
        if self.otherwise == "create" and self.read.sku not in self.create:
            raise ValueError(f"otherwise: create needs at least {self.read.sku} below create")
        return self
