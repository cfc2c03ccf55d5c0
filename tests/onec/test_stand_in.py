"""The whole way to 1C and back, against the stand-in infobase: what is sent must be what is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.errors import ConfigurationError
from adapter.http import HttpClient
from adapter.model.catalog import Element
from adapter.model.document import Document, NewElement
from adapter.onec.catalogs import Catalogs
from adapter.onec.client import InfobaseClient
from adapter.onec.compare import Difference, differences
from adapter.onec.documents import Documents
from adapter.onec.errors import (
    AccessDenied,
    Changed,
    InfobaseUnavailable,
    KeyExists,
    NoSession,
    NotPublished,
    RefusedByInfobase,
    UnknownOutcome,
    WrongAddress,
)
from adapter.onec.metadata import parse_metadata
from adapter.simulators.faults import Fault
from adapter.simulators.onec import Infobase, Modes, User, load_model
from adapter.simulators.server import StandIn

NOW = datetime(2026, 5, 20, 12)  # noqa: DTZ001 - wall clock of the infobase
SINCE = NOW - timedelta(days=30)
KEY = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
ORDER = "111-1234567-1234567"
CLERK = User("clerk", "x", denied=frozenset({("Document_SalesOrder", "Insert"), ("Catalog_Products", "Read")}))


class Base:
    """A stand-in and everything of ours that talks to it."""

    def __init__(self, transport_to, modes: Modes = Modes()) -> None:  # noqa: B008 - a frozen value
        self.inside = Infobase(load_model("training"), modes=modes, clock=lambda: NOW, users=[CLERK])
        self.stand_in = StandIn(self.inside)
        self._http = HttpClient("http://1c.test", transport=transport_to(self.stand_in))
        self.schema = parse_metadata(self.client("odata", "odata").read_metadata())
        client = self.client("odata", "odata")
        self.catalogs, self.documents = Catalogs(client, self.schema), Documents(client, self.schema)
        self.stand_in.log.clear()

    def client(self, user: str, password: str, address: str = "http://1c.test/training") -> InfobaseClient:
        return InfobaseClient(self._http, address, user, password)

    def writes(self) -> int:
        """Requests other than reads that reached the infobase."""
        return sum(entry.method != "GET" for entry in self.stand_in.log)


@pytest.fixture
def base(transport_to):
    return Base(transport_to)


def order(key: UUID = KEY, **properties: object) -> Document:
    return Document(
        "Document_SalesOrder",
        key,
        {"Number": ORDER, "Date": "2026-05-19T23:30:00", "Comment": f"Amazon {ORDER}, DE"} | properties,
        {
            "Products": (
                {"LineNumber": 1, "Quantity": Decimal(2), "Price": Decimal("9.95"), "Amount": Decimal("19.90")},
                {"LineNumber": 2, "Quantity": Decimal("0.5"), "Price": Decimal("0.10"), "Amount": Decimal("0.05")},
            )
        },
    )


def test_a_catalog_of_several_pages(base):
    for number in range(1, 2_011):
        base.inside.add("Catalog_Products", {"Ref_Key": str(UUID(int=number)), "sku": f"SKU-{number:05}"})
    base.inside.edit("Catalog_Products", str(UUID(int=7)), {"DeletionMark": True})
    elements = base.catalogs.read_elements("Catalog_Products", ["sku"])
    assert sorted(elements, key=lambda element: element.ref_key.int) == [
        Element(UUID(int=number), {"sku": f"SKU-{number:05}"}) for number in range(1, 2_011) if number != 7
    ]
    assert len(base.stand_in.log) == 3


def test_finding_elements(base):
    for number, name in enumerate(["Ann O'Neil", "ANN O'NEIL", "Ann", "Анна & Ко + 100%", "😀 #1"], start=1):
        base.inside.add("Catalog_Customers", {"Ref_Key": str(UUID(int=number)), "Description": name})
    found = base.catalogs.find_elements("Catalog_Customers", "Description", "ann o'neil ", ["Description"])
    assert {element.properties["Description"] for element in found} == {"Ann O'Neil", "ANN O'NEIL"}
    for number, name in [(4, "Анна & Ко + 100%"), (5, "😀 #1")]:
        assert base.catalogs.find_elements("Catalog_Customers", "Description", name, []) == [
            Element(UUID(int=number), {})
        ]
        assert base.catalogs.lookup("Catalog_Customers", {"Description": name}) == UUID(int=number)
    assert base.catalogs.lookup("Catalog_Customers", {"Description": "Ann O'Neil"}) == UUID(int=1)
    with pytest.raises(ConfigurationError, match="there is no"):
        base.catalogs.lookup("Catalog_Customers", {"Description": "Ann O"})


def test_looking_up_references_dates_and_flags(base):
    base.inside.add("Document_SalesOrder", {"Ref_Key": str(KEY), "Customer_Key": str(UUID(int=3))})
    assert base.catalogs.lookup("Document_SalesOrder", {"Customer_Key": str(UUID(int=3)), "Posted": False}) == KEY
    assert base.catalogs.lookup("Document_SalesOrder", {"Date": NOW.isoformat()}) == KEY
    with pytest.raises(ConfigurationError, match="there is no"):
        base.catalogs.lookup("Document_SalesOrder", {"Customer_Key": str(UUID(int=4))})


def test_creating_an_element(base):
    customer = NewElement("Catalog_Customers", KEY, "ann", "Description", {"Description": "Ann", "email": "a@b"})
    assert base.catalogs.create_element(customer) == KEY
    with pytest.raises(KeyExists, match="POST Catalog_Customers: refused"):
        base.catalogs.create_element(customer)
    assert base.catalogs.find_elements("Catalog_Customers", "email", "A@B", ["Code"]) == [
        Element(KEY, {"Code": base.inside.row("Catalog_Customers", str(KEY))["Code"]})
    ]
    assert len(base.inside.rows("Catalog_Customers")) == 1


def test_a_document_from_creation_to_deletion(base):
    customer = str(base.inside.add("Catalog_Customers", {"Description": "Ann"})["Ref_Key"])
    product = str(base.inside.add("Catalog_Products", {"sku": "A"})["Ref_Key"])
    wanted = order(Customer_Key=customer)
    rows = tuple({**row, "Product_Key": product.upper()} for row in wanted.sections["Products"])
    wanted = replace(wanted, sections={"Products": rows})
    documents = base.documents

    assert documents.read("Document_SalesOrder", KEY) is None
    created = documents.create(wanted)
    assert (created.ref_key, created.posted, differences(wanted, created)) == (KEY, False, ())
    posted = documents.post("Document_SalesOrder", KEY)
    assert (posted.posted, posted.sections) == (True, created.sections)
    assert documents.post("Document_SalesOrder", KEY).posted  # a repetition does no harm
    assert (
        documents.read("Document_SalesOrder", KEY)
        == documents.find_by_order_id("Document_SalesOrder", "Number", ORDER, SINCE).pop()
    )

    with pytest.raises(RefusedByInfobase, match="HTTP 500, code -1"):
        documents.mark("Document_SalesOrder", KEY)
    draft = documents.unpost("Document_SalesOrder", KEY)
    assert (draft.posted, draft.data_version != created.data_version) == (False, True)
    changed = replace(wanted, properties=wanted.properties | {"Comment": "changed"}, sections={"Products": rows[:1]})
    assert [str(each) for each in differences(changed, draft)] == [
        f"Comment: 'changed' was sent, 'Amazon {ORDER}, DE' is stored",
        f"Products[2]: nothing was sent, a row of Ref_Key {KEY}, LineNumber 2, Product_Key {product}, Quantity 0.5, "
        "Price 0.1, Amount 0.05 is stored",
    ]
    assert differences(changed, documents.replace(changed)) == ()
    assert (
        documents.set_properties("Document_SalesOrder", KEY, {"Comment": "cancelled"}).properties["Comment"]
        == "cancelled"
    )
    assert documents.mark("Document_SalesOrder", KEY).marked
    assert not documents.mark("Document_SalesOrder", KEY, marked=False).marked
    assert len(base.inside.rows("Document_SalesOrder")) == 1


@pytest.mark.parametrize("modes", [Modes(), Modes(repeated_key="400/15"), Modes(bom=True), Modes(iis=True)])
def test_a_key_is_taken_once(transport_to, modes):
    base = Base(transport_to, modes)
    base.documents.create(order())
    with pytest.raises(KeyExists):
        base.documents.create(order(Comment="another"))
    assert [row["Comment"] for row in base.inside.rows("Document_SalesOrder")] == [f"Amazon {ORDER}, DE"]


def test_a_number_is_taken_once(base):
    base.documents.create(order())
    with pytest.raises(RefusedByInfobase):
        base.documents.create(order(key=UUID(int=8)))
    assert len(base.inside.rows("Document_SalesOrder")) == 1


def test_an_infobase_that_chooses_key_and_number_itself(transport_to):
    base = Base(transport_to, Modes(replaces_key=True, replaces_number=True))
    created = base.documents.create(order())
    assert created.ref_key != KEY
    assert [each.path for each in differences(order(), created)] == ["Number"]
    assert base.documents.read("Document_SalesOrder", KEY) is None
    found = base.documents.find_by_order_id("Document_SalesOrder", "Comment", ORDER, SINCE, unlimited=True)
    assert found == [base.documents.read("Document_SalesOrder", created.ref_key)]


@pytest.mark.parametrize("action", ["lost", "reset", "cut", "html", "empty"])
@pytest.mark.parametrize("after_commit", [True, False])
def test_a_lost_answer_is_settled_by_looking(base, action, after_commit):
    committed = after_commit or action == "cut"
    base.stand_in.faults.add(Fault(action, method="POST", status=502, after_commit=after_commit))
    with pytest.raises(UnknownOutcome, match="POST Document_SalesOrder"):
        base.documents.create(order())
    stored = base.documents.read("Document_SalesOrder", KEY)
    assert (stored is not None) == committed
    if stored:
        assert differences(order(), stored) == ()
    assert base.writes() == 1


def test_a_person_edits_the_document(base):
    base.documents.create(order())
    before = base.documents.read("Document_SalesOrder", KEY)
    lines = base.inside.row("Document_SalesOrder", str(KEY))["Products"]
    lines[1] |= {"Quantity": 3}
    edited = [{name: value for name, value in line.items() if name != "LineNumber"} for line in lines]
    base.inside.edit("Document_SalesOrder", str(KEY), {"Comment": "called the buyer", "Products": edited[::-1]})
    after = base.documents.read("Document_SalesOrder", KEY)
    assert after.data_version != before.data_version
    assert {(each.path, str(each.stored)) for each in differences(order(), after)} == {
        ("Comment", "called the buyer"),
        ("Products[1].Quantity", "3"),
        ("Products[1].Price", "0.1"),
        ("Products[1].Amount", "0.05"),
        ("Products[2].Quantity", "2"),
        ("Products[2].Price", "9.95"),
        ("Products[2].Amount", "19.9"),
    }


@pytest.mark.parametrize(("mode", "refused"), [("ignored", False), ("obeyed", True)])
def test_a_stale_version(transport_to, mode, refused):
    base = Base(transport_to, Modes(if_match=mode))
    stale = base.documents.create(order()).data_version
    base.inside.edit("Document_SalesOrder", str(KEY), {"Comment": "by a person"})
    if not refused:
        assert base.documents.replace(order(), stale).properties["Comment"] == f"Amazon {ORDER}, DE"
        return
    with pytest.raises(Changed):
        base.documents.replace(order(), stale)
    fresh = base.documents.read("Document_SalesOrder", KEY).data_version
    assert base.documents.replace(order(), fresh).properties["Comment"] == f"Amazon {ORDER}, DE"


def test_text_that_is_too_long_is_cut_without_a_word(base):
    name = "Наименование " * 20
    customer = NewElement("Catalog_Customers", KEY, "x", "Description", {"Description": name})
    base.catalogs.create_element(customer)
    stored = base.documents.read("Catalog_Customers", KEY)
    (difference,) = differences(Document("Catalog_Customers", KEY, {"Description": name}), stored)
    assert difference == Difference("Description", name, name[:100].rstrip())
    assert str(difference).endswith(f"(cut to {len(name[:100].rstrip())} characters)")


def test_a_posting_that_fails_leaves_a_draft(base):
    base.documents.create(order())
    with pytest.raises(RefusedByInfobase) as refused:
        base.documents.post("Document_SalesOrder", KEY)  # without a customer
    assert (refused.value.status, refused.value.code) == (500, "-1")
    assert "Customer" in refused.value.text
    assert base.documents.read("Document_SalesOrder", KEY).posted is False


def test_a_closed_period(transport_to):
    base = Base(transport_to, Modes(closed_before=date(2026, 6, 1)))
    with pytest.raises(RefusedByInfobase, match="за закрытый период запрещено"):
        base.documents.create(order())
    assert base.inside.rows("Document_SalesOrder") == []


def test_an_unlimited_text_can_only_be_searched(base):
    base.documents.create(order())
    with pytest.raises(RefusedByInfobase, match="неограниченной длины"):
        base.documents.find_by_order_id("Document_SalesOrder", "Comment", ORDER, SINCE)
    found = base.documents.find_by_order_id("Document_SalesOrder", "Comment", ORDER, SINCE, unlimited=True)
    assert [hit.ref_key for hit in found] == [KEY]
    assert base.documents.find_by_order_id("Document_SalesOrder", "Number", ORDER, NOW) == []


@pytest.mark.parametrize(
    ("modes", "problem"),
    [
        (Modes(failure="Не обнаружено свободной лицензии!"), NoSession),
        (Modes(failure="Конфликт блокировок"), RefusedByInfobase),
        (Modes(html_page=True), WrongAddress),
        (Modes(pool_size=0, pool_wait=0), NoSession),
        (Modes(unpublished=frozenset({"Document_SalesOrder"})), NotPublished),
    ],
)
def test_troubles_of_an_infobase(base, modes, problem):
    base.inside.modes = modes
    with pytest.raises(problem):
        base.documents.read("Document_SalesOrder", KEY)
    with pytest.raises(UnknownOutcome if modes.html_page else problem):
        base.documents.create(order())
    assert len(base.stand_in.log) == 2


def test_who_may_do_what(base):
    for user, password in [("odata", "wrong"), ("nobody", "")]:
        with pytest.raises(AccessDenied, match="user or password is wrong"):
            base.client(user, password).read_metadata()
    clerk = base.client("clerk", "x")
    with pytest.raises(AccessDenied, match="POST Document_SalesOrder: the user of the OData interface lacks a right"):
        Documents(clerk, base.schema).create(order())
    with pytest.raises(AccessDenied, match=r"GET Catalog_Products: .* give the user a role"):
        Catalogs(clerk, base.schema).read_elements("Catalog_Products", [])
    with pytest.raises(WrongAddress, match="check the address"):
        base.client("odata", "odata", "http://1c.test/other").read_metadata()


def test_reads_get_over_a_bad_moment(base):
    base.documents.create(order())
    for fault in (Fault("lost"), Fault("html", status=503), Fault("cut"), Fault("empty")):
        base.stand_in.faults.add(fault)
        assert base.documents.read("Document_SalesOrder", KEY) is not None
    base.stand_in.faults.add(Fault("html", status=503, times=3))
    with pytest.raises(InfobaseUnavailable, match="503 from the web server"):
        base.documents.read("Document_SalesOrder", KEY)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from("'&#%+\"\\/\u202e😀"), max_size=60
    ),
    amount=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=2),
)
def test_whatever_is_written_comes_back_and_is_found(base, text, amount):
    key = uuid5(KEY, f"{text} {amount}")
    sku = text[:50]
    wanted = Document(
        "Document_SalesOrder", key, {"Comment": text}, {"Products": ({"LineNumber": 1, "Amount": amount},)}
    )
    if base.documents.read("Document_SalesOrder", key) is None:
        assert differences(wanted, base.documents.create(wanted)) == ()
    assert differences(wanted, base.documents.read("Document_SalesOrder", key)) == ()
    base.inside.add("Catalog_Products", {"Ref_Key": str(key), "sku": sku})
    assert key in {hit.ref_key for hit in base.catalogs.find_elements("Catalog_Products", "sku", sku, [])}
