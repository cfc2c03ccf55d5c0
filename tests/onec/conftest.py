"""A scripted infobase behind the client, and a small schema."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stamina

from adapter.http import HttpClient
from adapter.onec.client import READ_ATTEMPTS, InfobaseClient
from adapter.onec.metadata import parse_metadata
from adapter.simulators.server import Request, Response, StandIn

EDMX = """\ufeff<?xml version="1.0" encoding="UTF-8"?>
<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx">
 <edmx:DataServices m:DataServiceVersion="3.0" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">
  <Schema Namespace="StandardODATA" xmlns="http://schemas.microsoft.com/ado/2009/11/edm">
   <EntityType Name="Catalog_Buyers">
    <Key><PropertyRef Name="Ref_Key"/></Key>
    <Property Name="Ref_Key" Type="Edm.Guid" Nullable="false"/>
    <Property Name="Description" Type="Edm.String"/>
    <Property Name="Code" Type="Edm.String"/>
    <Property Name="IsFolder" Type="Edm.Boolean"/>
    <Property Name="DeletionMark" Type="Edm.Boolean"/>
    <Property Name="Rank" Type="Edm.Int64"/>
    <Property Name="Артикул" Type="Edm.String"/>
   </EntityType>
   <EntityType Name="Document_Order">
    <Key><PropertyRef Name="Ref_Key"/></Key>
    <Property Name="Ref_Key" Type="Edm.Guid" Nullable="false"/>
    <Property Name="DataVersion" Type="Edm.String"/>
    <Property Name="Number" Type="Edm.String"/>
    <Property Name="Date" Type="Edm.DateTime"/>
    <Property Name="DeletionMark" Type="Edm.Boolean"/>
    <Property Name="Posted" Type="Edm.Boolean"/>
    <Property Name="Buyer_Key" Type="Edm.Guid"/>
    <Property Name="Comment" Type="Edm.String"/>
    <Property Name="Total" Type="Edm.Double"/>
    <Property Name="Lines" Type="Collection(StandardODATA.Document_Order_Lines_RowType)"/>
    <NavigationProperty Name="Buyer" Relationship="StandardODATA.Document_Order_Buyer" FromRole="Begin" ToRole="End"/>
   </EntityType>
   <EntityType Name="Document_Order_Lines">
    <Key><PropertyRef Name="Ref_Key"/><PropertyRef Name="LineNumber"/></Key>
    <Property Name="Ref_Key" Type="Edm.Guid" Nullable="false"/>
    <Property Name="LineNumber" Type="Edm.Int64" Nullable="false"/>
    <Property Name="Item_Key" Type="Edm.Guid"/>
    <Property Name="Quantity" Type="Edm.Double"/>
    <Property Name="RowCode" Type="Edm.Int64"/>
    <NavigationProperty Name="Item" Relationship="StandardODATA.Order_Lines_Item" FromRole="Begin" ToRole="End"/>
   </EntityType>
   <ComplexType Name="Document_Order_Lines_RowType">
    <Property Name="Ref_Key" Type="Edm.Guid" Nullable="false"/>
    <Property Name="LineNumber" Type="Edm.Int64" Nullable="false"/>
    <Property Name="Item_Key" Type="Edm.Guid"/>
    <Property Name="Quantity" Type="Edm.Double"/>
    <Property Name="RowCode" Type="Edm.Int64"/>
   </ComplexType>
   <EnumType Name="AllowedLength" UnderlyingType="Edm.Int32"><Member Name="Variable"/><Member Name="Fixed"/></EnumType>
   <EnumType Name="AllowedLength" UnderlyingType="Edm.Int32"><Member Name="Other"/></EnumType>
   <Novelty Name="nobody knows it"><EntitySet/></Novelty>
   <Association Name="Document_Order_Buyer">
    <End Role="Begin" Type="StandardODATA.Document_Order" Multiplicity="*"/>
    <End Role="End" Type="StandardODATA.Catalog_Buyers" Multiplicity="0..1"/>
   </Association>
   <Association Name="Order_Lines_Item">
    <End Role="Begin" Type="StandardODATA.Document_Order_Lines" Multiplicity="*"/>
    <End Role="End" Type="StandardODATA.Catalog_NotPublished" Multiplicity="0..1"/>
   </Association>
   <EntityContainer Name="EnterpriseV8" m:IsDefaultEntityContainer="true">
    <EntitySet Name="Catalog_Buyers" EntityType="StandardODATA.Catalog_Buyers"/>
    <EntitySet Name="Document_Order" EntityType="StandardODATA.Document_Order"/>
    <EntitySet Name="Document_Order_Lines" EntityType="StandardODATA.Document_Order_Lines"/>
    <FunctionImport Name="Post" IsBindable="true" IsSideEffecting="true">
     <Parameter Name="bindingParameter" Type="StandardODATA.Document_Order"/>
     <Parameter Name="PostingModeOperational" Type="Edm.Boolean"/>
    </FunctionImport>
    <FunctionImport Name="Unpost" IsBindable="true" IsSideEffecting="true">
     <Parameter Name="bindingParameter" Type="StandardODATA.Document_Order"/>
    </FunctionImport>
   </EntityContainer>
  </Schema>
 </edmx:DataServices>
</edmx:Edmx>
"""


class Scripted:
    """Answers with what it was given, in that order; the last answer is repeated. Keeps the requests."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []

    def handle(self, request: Request) -> Response:
        self.requests.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def error(self, status: int) -> Response:
        return Response(status)


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """Reads are repeated as often as in earnest, but at once."""
    with stamina.set_testing(True, attempts=READ_ATTEMPTS, cap=True):
        yield


@pytest.fixture
def edmx():
    return EDMX.encode()


@pytest.fixture
def schema(edmx):
    return parse_metadata(edmx)


@pytest.fixture
def infobase(transport_to):
    """Makes a client and the scripted infobase behind it."""

    def make(*answers: Response, faults=None, address="http://1c.test/base", user="odata"):
        service = Scripted(*answers)
        http = HttpClient("http://1c.test", transport=transport_to(StandIn(service, faults)))
        return InfobaseClient(http, address, user, "пароль"), service

    return make
