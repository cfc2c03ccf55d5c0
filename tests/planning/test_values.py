"""Values of the mapping: every path, every source, every transform."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from adapter.mapping.paths import PATHS, Scope
from adapter.mapping.rules import Lookup, Value
from adapter.model.details import LineDetails, OrderDetails, Package
from adapter.model.item import CatalogItem
from adapter.model.money import Money
from adapter.model.order import Address, Buyer, TaxRegistration
from adapter.planning.paths import RowValues
from adapter.planning.values import Context, NoValue, clean, reference_key

SOURCE = TypeAdapter(Value)


DETAILS = OrderDetails(
    ship_not_before=datetime(2026, 5, 1, 22, 0, tzinfo=UTC),
    deliver_not_before=datetime(2026, 5, 3, 22, 0, tzinfo=UTC),
    invoice_status="ACCEPTED",
    invoice_preference="BUSINESS",
    tax_address="ACME Inc., Street 2, 10115, Berlin, DE",
    tax_office="Kadikoy",
    cancelled_by="BUYER",
    packages=(
        Package("1", "SHIPPED", "DHL", "Paket", "T1", datetime(2026, 5, 2, 8, 0, tzinfo=UTC)),
        Package("2", "SHIPPED", "DHL", "Paket", "T2", datetime(2026, 5, 2, 7, 0, tzinfo=UTC)),
        Package("3"),
    ),
    fulfillment_orders=("E1", "E2"),
    district="Mitte",
    address_type="COMMERCIAL",
    instructions="at the porch",
)
LINE_DETAILS = LineDetails(
    condition="NEW",
    serial_numbers=("S1", "S2"),
    promotions=("P1", "P2"),
    points=5,
    points_value=Money(Decimal("5"), "EUR"),
    tax_scheme="IOSS",
    tax_collector="Amazon Services, Inc.",
    ioss="IM0000000001",
    measure=Decimal("1.5"),
    measure_unit="KILOGRAMS",
    gift_wrap="PREMIUM",
    gift_message="Hello",
    customization="https://amazon.test/c",
)


@pytest.fixture(scope="session")
def order(shop):
    return shop.order(
        shop.line("A", "10.00", 3, asin="B0", shop_price=shop.money("3.50"), details=LINE_DETAILS),
        shop.line("B", "0.00", 0, details=LineDetails(promotions=("P2", "P3"), tax_scheme="UOSS")),
        seller_order_id="S-1",
        service_level="STANDARD",
        channel="AMAZON",
        programs=("PRIME", "AMAZON_BUSINESS"),
        payment_methods=("Invoice", "GiftCard"),
        ship_by=datetime(2026, 5, 2, 22, 0, tzinfo=UTC),
        deliver_by=datetime(2026, 5, 5, 22, 0, tzinfo=UTC),
        buyer=Buyer(
            "Alice", "a@b", "ACME", "PO-1", (TaxRegistration("VAT", "DE1", "ACME Inc."), TaxRegistration("VAT", "DE2"))
        ),
        ship_to=Address("Bob", "BOB Ltd", "Street 1", "Berlin", "BE", "10115", "DE", "+49"),
        replaces="302-0",
        details=DETAILS,
    )


@pytest.fixture(scope="session")
def context(shop, order):
    line = order.lines[0]
    numbers = (Decimal("6"), Decimal("10.00"), Decimal("12.00"), Decimal("2.00"), Decimal("1.60"))
    row = RowValues(1, shop.ref("A"), *numbers, line)
    item = CatalogItem("B0", "Title in the catalog", "Nordwind", ("00012345678905", "4006381333931"))
    return shop.context(order, item=item, customer=shop.ref("Alice"), document_total=shop.money("9.00"), row=row)


RAW = {
    "order.id": "302-1234567-1234567",
    "order.seller_order_id": "S-1",
    "order.account": "de",
    "order.status": "UNSHIPPED",
    "order.fulfilled_by": "MERCHANT",
    "order.service_level": "STANDARD",
    "order.channel": "AMAZON",
    "order.program": "PRIME,AMAZON_BUSINESS",
    "order.payment_method": "Invoice,GiftCard",
    "order.currency": "EUR",
    "order.tax_collected": False,
    "line.tax_collected": False,
    "order.total": Decimal("9.00"),
    "order.amazon_total": Decimal("10.00"),
    "order.purchased_at": "2026-05-01T12:30:00",
    "order.updated_at": "2026-05-01T12:30:00",
    "order.ship_by": "2026-05-03T01:00:00",
    "order.ship_on": "2026-05-03T01:00:00",
    "order.deliver_by": "2026-05-06T01:00:00",
    "order.marketplace.id": "M-DE",
    "order.marketplace.name": "Amazon.de",
    "order.marketplace.country": "DE",
    "buyer.name": "Alice",
    "buyer.company": "ACME",
    "buyer.company_or_name": "ACME",
    "buyer.email": "a@b",
    "buyer.kind": "company",
    "buyer.purchase_order": "PO-1",
    "buyer.tax_id": "DE1",
    "ship_to.name": "Bob",
    "ship_to.company": "BOB Ltd",
    "ship_to.street": "Street 1",
    "ship_to.city": "Berlin",
    "ship_to.region": "BE",
    "ship_to.postal_code": "10115",
    "ship_to.country": "DE",
    "ship_to.phone": "+49",
    "order.ship_not_before": "2026-05-02T01:00:00",
    "order.deliver_not_before": "2026-05-04T01:00:00",
    "order.replaces": "302-0",
    "order.cancelled_by": "BUYER",
    "order.tax_scheme": "IOSS,UOSS",
    "order.tax_collector": "Amazon Services, Inc.",
    "order.ioss": "IM0000000001",
    "order.invoice_status": "ACCEPTED",
    "order.promotion": "P1,P2,P3",
    "order.points_value": Decimal("5"),
    "order.tracking": "T1,T2",
    "order.carrier": "DHL",
    "order.shipped_at": "2026-05-02T10:00:00",
    "order.easy_ship_id": "E1,E2",
    "order.marketplace.currency": "EUR",
    "buyer.tax_name": "ACME Inc.",
    "buyer.tax_type": "VAT",
    "buyer.tax_address": "ACME Inc., Street 2, 10115, Berlin, DE",
    "buyer.tax_office": "Kadikoy",
    "buyer.invoice_preference": "BUSINESS",
    "ship_to.district": "Mitte",
    "ship_to.type": "COMMERCIAL",
    "ship_to.instructions": "at the porch",
    "item.title": "Title in the catalog",
    "item.brand": "Nordwind",
    "item.ean": "4006381333931",
    "line.condition": "NEW",
    "line.measure": Decimal("1.5"),
    "line.measure_unit": "KILOGRAMS",
    "line.serial_numbers": "S1,S2",
    "line.tax_scheme": "IOSS",
    "line.tax_collector": "Amazon Services, Inc.",
    "line.promotion": "P1,P2",
    "line.points": Decimal("5"),
    "line.points_value": Decimal("5"),
    "line.gift_wrap": "PREMIUM",
    "line.gift_message": "Hello",
    "line.customization": "https://amazon.test/c",
    "customer": "alice",
    "product": "a",
    "line.id": "L-A",
    "line.uuid": "1aeb38b4-9f1d-5a19-b54d-754c2121809b",
    "line.number": 1,
    "line.quantity": Decimal("6"),
    "line.unit_price": Decimal("1.67"),
    "line.shop_price": Decimal("3.50"),
    "line.amount": Decimal("10.00"),
    "line.gross": Decimal("12.00"),
    "line.discount": Decimal("2.00"),
    "line.tax": Decimal("1.60"),
    "line.sku": "A",
    "line.asin": "B0",
    "line.title": "Title A",
}


def test_every_path(shop, context):
    references = {"customer": str(shop.ref("Alice")), "product": str(shop.ref("A"))}
    found = {path: context.value(SOURCE.validate_python({"from": path})) for path in PATHS}
    assert found == RAW | references


def test_nothing_where_amazon_gave_nothing(shop):
    bare = shop.context(
        shop.order(shop.line("A", None, asin=None, title=None), buyer=Buyer(), ship_to=Address(), fulfilled_by=None)
    )
    given = {"order.id", "order.account", "order.status", "order.purchased_at", "order.updated_at"}
    assert bare.raw("order.tax_collected") is False  # Amazon says so where it does
    given |= {"order.tax_collected"}
    given |= {"order.ship_on"}  # the day of the order where Amazon names no other
    given |= {
        "order.marketplace.currency",
        "order.marketplace.id",
        "order.marketplace.name",
        "order.marketplace.country",
    }
    for path, (_, scope, _) in PATHS.items():
        if path not in given and scope is Scope.ORDER:
            assert (bare.raw(path), bare.text(path)) == (None, "")


def test_who_the_customer_is(shop):
    buyers = [Buyer("Alice", company="ACME"), Buyer("Alice"), Buyer("Alice", company=" "), Buyer()]
    source = SOURCE.validate_python({"from": "buyer.company_or_name"})
    found = [shop.context(shop.order(buyer=buyer)).value(source) for buyer in buyers]
    assert found == ["ACME", "Alice", "Alice", None]


def test_the_row_of_a_charge_has_no_line(shop):
    row = RowValues(2, shop.ref("S"), *map(Decimal, ("1", "4", "4", "0", "0")), title="Shipping")
    context = shop.context(row=row)
    assert [context.raw(path) for path in ("line.title", "line.sku", "line.id", "line.amount")] == [
        "Shipping", None, None, Decimal(4),
    ]  # fmt: skip


def test_a_new_product_has_a_line_but_no_row(shop):
    context = shop.context(line=shop.line("A"))
    assert [context.raw(path) for path in ("item.title", "item.brand", "item.ean")] == ["Title A", None, None]
    assert [context.raw(path) for path in ("line.sku", "line.title", "line.amount")] == ["A", "Title A", None]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ({"const": "x"}, "x"),
        ({"const": False}, False),
        ({"const": Decimal("1.50")}, Decimal("1.50")),
        ({"from": "buyer.name", "upper": True}, "ALICE"),
        ({"from": "order.id", "substring": [0, 3]}, "302"),
        ({"from": "order.id", "substring": [4, 100]}, "1234567-1234567"),
        ({"from": "buyer.purchase_order", "substring": [100, 3]}, None),
        ({"from": "buyer.purchase_order", "substring": [100, 3], "default": "none"}, "none"),
        ({"from": "line.amount", "round": 0}, Decimal("10")),
        ({"from": "line.tax", "round": 1}, Decimal("1.6")),
        ({"from": "line.amount", "times": 2}, Decimal("20")),
        ({"from": "line.number", "times": Decimal("0.5")}, Decimal("0.5")),
        ({"from": "line.amount", "times": Decimal("0.1255"), "round": 2}, Decimal("1.26")),
        ({"from": "line.amount", "times": {"map": "order.currency", "table": {"EUR": 3}}}, Decimal("30")),
        ({"from": "line.amount", "times": {"map": "order.currency", "table": {"USD": 3}, "otherwise": 4}},
         Decimal("40")),
        ({"from": "order.total", "times": Decimal("0.5"), "round": 2, "default": 7}, Decimal("4.50")),
        ({"from": "order.ship_by", "date": "start_of_day"}, "2026-05-03T00:00:00"),
        ({"text": "{order.id}: {line.quantity} x {line.unit_price}, {order.ship_by}"},
         "302-1234567-1234567: 6 x 1.67, 2026-05-03 01:00:00"),
        ({"text": "{{{buyer.name}}"}, "{Alice}"),
        ({"text": "plain"}, "plain"),
        ({"lookup": "Catalog_Products", "where": {"sku": "AMZ-COD"}}, "AMZ-COD"),
        ({"map": "order.currency", "table": {"EUR": "978", "USD": "840"}}, "978"),
        ({"map": "order.currency", "table": {"USD": "840"}, "otherwise": "000"}, "000"),
        ({"map": "order.currency", "table": {"EUR": False}, "otherwise": "000"}, False),
        ({"map": "order.status", "table": {"UNSHIPPED": {"lookup": "Catalog_Products", "where": {"sku": "AMZ-COD"}}}},
         "AMZ-COD"),
        ({"vat": "line.amount", "rate": 19}, Decimal("1.60")),
        ({"vat": "line.amount", "rate": 20}, Decimal("1.67")),
        ({"vat": "line.amount", "rate": Decimal("5.5")}, Decimal("0.52")),
        ({"vat": "line.amount", "rate": 20, "included": False}, Decimal("2.00")),
        ({"vat": "line.amount", "rate": 0}, Decimal("0.00")),
        ({"vat": "order.total", "rate": 20}, Decimal("1.50")),
    ],
)  # fmt: skip
def test_sources(shop, context, source, value):
    expected = str(shop.ref(value)) if value == "AMZ-COD" else value
    found = context.value(SOURCE.validate_python(source))
    assert (found, type(found)) == (expected, type(expected))


def test_trim(shop):
    context = shop.context(shop.order(buyer=Buyer(name="  Alice \n")))
    assert context.value(SOURCE.validate_python({"from": "buyer.name", "trim": True})) == "Alice"
    assert context.value(SOURCE.validate_python({"from": "buyer.name"})) == "  Alice  "


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ({"from": "customer"}, "there is no customer (the matched or created customer); look at the order at Amazon"),
        ({"map": "order.currency", "table": {"USD": "840"}},
         'the mapping has no entry for "EUR" in its table of order.currency; add one'),
        ({"map": "buyer.company", "table": {"X": "840"}},
         'the mapping has no entry for "" in its table of buyer.company; add one'),
        ({"from": "order.amazon_total", "times": {"map": "order.currency", "table": {"USD": 2}}},
         'the mapping has no factor for "EUR" in its table of order.currency; add one'),
        ({"vat": "line.amount", "rate": 20},
         "there is no line.amount to take the VAT from; name another value in the mapping"),
        ({"lookup": "Catalog_X", "where": {"Code": "1", "Mark": False}},
         "Catalog_X with Code 1, Mark False was not found in the infobase; see: amazon1c check"),
    ],
)  # fmt: skip
def test_no_value(shop, source, reason):
    with pytest.raises(NoValue) as caught:
        shop.context().value(SOURCE.validate_python(source))
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("currency", "amount", "price", "vat"),
    [("EUR", "1000", "333.33", "166.67"), ("JPY", "1000", "333.33", "167"), ("KWD", "1.000", "0.333", "0.167")],
)
def test_prices_and_vat_are_as_fine_as_the_currency(shop, currency, amount, price, vat):
    changes = {"documents/sales_order/rows/Products/VAT": {"vat": "line.amount", "rate": 20}}
    (row,) = shop.rows(shop.order(shop.line("A", amount, 3, currency=currency)), changes)
    assert (str(row["Price"]), str(row["VAT"])) == (price, vat)


# -------------------- time


@pytest.mark.parametrize(
    ("moment", "local"),
    [
        ("2026-01-15T22:30:00Z", "2026-01-16T00:30:00"),
        ("2026-07-15T21:30:00Z", "2026-07-16T00:30:00"),
        # Kyiv's clocks go forward on 29 March 2026 at 3, back on 25 October 2026 at 4.
        ("2026-03-29T00:59:59Z", "2026-03-29T02:59:59"),
        ("2026-03-29T01:00:00Z", "2026-03-29T04:00:00"),
        ("2026-10-25T00:30:00Z", "2026-10-25T03:30:00"),
        ("2026-10-25T01:30:00Z", "2026-10-25T03:30:00"),
        ("2026-12-31T22:00:00Z", "2027-01-01T00:00:00"),
        ("2026-05-01T10:00:00+05:00", "2026-05-01T08:00:00"),
        ("2026-05-01T10:00:00.999999Z", "2026-05-01T13:00:00"),
    ],
)
def test_times_are_the_infobases_wall_clock(shop, moment, local):
    context = shop.context(shop.order(purchased_at=datetime.fromisoformat(moment)))
    assert context.value(SOURCE.validate_python({"from": "order.purchased_at"})) == local
    day = SOURCE.validate_python({"from": "order.purchased_at", "date": "start_of_day"})
    assert context.value(day) == local[:10] + "T00:00:00"


def test_a_time_beyond_the_calendar(shop):
    far = shop.order(purchased_at=datetime(9999, 12, 31, 23, tzinfo=UTC))
    assert shop.reasons(far) == (
        "Date: the time 9999-12-31T23:00:00+00:00 is beyond any calendar; look at the order at Amazon",
    )


@settings(max_examples=200, derandomize=True, deadline=None)
@given(moment=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_wall_clock_time_leads_back_to_the_moment(shop, moment):
    context = shop.context(shop.order(purchased_at=moment))
    text = context.value(SOURCE.validate_python({"from": "order.purchased_at"}))
    local = datetime.fromisoformat(text)
    back = {local.replace(tzinfo=context.zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    assert len(text) == 19
    assert moment.replace(microsecond=0) in back


# -------------------- texts


@settings(max_examples=300, derandomize=True)
@given(text=st.text(st.characters(codec=None)))
def test_cleaned_texts_can_be_sent(text):
    cleaned = clean(text)
    assert not any(letter < " " or "\x7f" <= letter <= "\x9f" for letter in cleaned)
    assert cleaned.encode().decode() == cleaned
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [("a\r\nb\nc\rd\te", "a b c d e"), ("a\x00b\x1b[0m", "ab[0m"), ("\ud800x", "\ufffdx"), ("\ud83d\ude00", "😀")],
)
def test_clean(text, cleaned):
    assert clean(text) == cleaned


def test_a_lookup_is_known_by_its_conditions_in_any_order():
    one = Lookup(lookup="Catalog_X", where={"a": "1", "b": True})
    other = Lookup(lookup="Catalog_X", where={"b": True, "a": "1"})
    assert reference_key(one) == reference_key(other) == ("Catalog_X", (("a", "1"), ("b", True)))


def test_the_unit_price_of_nothing_is_nothing(shop):
    assert RowValues(1, shop.ref("A"), *[Decimal(0)] * 5).unit_price == 0


def test_a_context_knows_its_currency(shop):
    assert [Context(shop.order(*lines), {}, None).digits for lines in (
        [shop.line(currency="JPY")], [shop.line()], [shop.line(goods=None)])] == [0, 2, 2]  # fmt: skip
