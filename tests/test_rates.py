"""Exchange rates on the whole way: from a register of the infobase into the document, by the day of the order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from adapter.simulators.onec import load_model, read_model

REGISTER, CURRENCIES = "InformationRegister_Rates", "Catalog_Currencies"
RATE = f"rate: {REGISTER}, currency: Currency_Key, of: Currency_Key"
HEADER = (
    "      Customer_Key: {from: customer}\n",
    "      Customer_Key: {from: customer}\n"
    "      Currency_Key: {map: order.currency, table: {EUR: {lookup: Catalog_Currencies, "
    'where: {Description: "EUR"}}}}\n'
    f"      Rate: {{give: Rate, {RATE}}}\n      Units: {{give: Units, {RATE}}}\n",
)


def number(name, edm="Edm.Double"):
    return {"name": name, "property": name, "edm": edm, "types": ["Number(10,4)"], "digits": 10, "fraction_digits": 4}


REFERENCE = {"name": "Currency", "property": "Currency_Key", "edm": "Edm.Guid", "types": ["CatalogRef.Currencies"]}
UNITS = {**number("Units", "Edm.Int64"), "types": ["Number(10,0)"], "fraction_digits": 0}
MORE = read_model(
    {
        "objects": [
            {"entity_set": CURRENCIES, "kind": "Catalog", "name": "Currencies", "description_length": 10},
            {
                "entity_set": REGISTER, "kind": "InformationRegister", "name": "Rates", "periodicity": "Day",
                "dimensions": [REFERENCE], "resources": [number("Rate"), UNITS],
            },
            {
                "entity_set": "Document_X", "kind": "Document", "name": "X", "number_length": 9,
                "attributes": [REFERENCE, number("Rate"), UNITS],
            },
        ]
    }
)  # fmt: skip


def model():
    training = load_model("training")
    (extra,) = [item for item in MORE.objects if item.kind == "Document"]
    objects = [
        replace(item, attributes=(*item.attributes, *extra.attributes)) if item.kind == "Document" else item
        for item in training.objects
    ]
    return replace(training, objects=(*objects, *(item for item in MORE.objects if item is not extra)))


@pytest.fixture
def world(open_world, monkeypatch):
    """Orders of 2026-05-04, 12:00 in the infobase."""
    monkeypatch.setattr("tests.world.load_model", lambda _: model())
    world = open_world(HEADER)
    for name in ("EUR", "GBP"):
        world.infobase.add(CURRENCIES, {"Description": name})
    return world


def enter(world, day, rate, units=1, currency="EUR"):
    key = next(row["Ref_Key"] for row in world.infobase.rows(CURRENCIES) if row["Description"] == currency)
    values = {"Currency_Key": key, "Rate": rate, "Units": units}
    world.infobase.add(REGISTER, {"Period": f"{day}T00:00:00", **values})


def asked(world):
    count = sum(REGISTER in entry.target for entry in world.onec.log)
    world.onec.log.clear()
    return count


def test_the_newest_rate_up_to_the_day_of_the_order(world):
    for day, rate in (("2020-01-01", 1), ("2026-05-03", 2), ("2026-05-04", 92.5125), ("2026-05-05", 4)):
        enter(world, day, rate, 10)
    enter(world, "2026-05-04", 7, currency="GBP")
    order_ids = [world.order() for _ in range(3)]
    world.run()
    for order_id in order_ids:
        document = world.document(order_id)
        assert (document["Rate"], document["Units"]) == (92.5125, 10)
    assert asked(world) == 1


def test_a_rate_of_long_ago(world):
    enter(world, "2019-12-31", 3)
    order_id = world.order()
    world.run()
    assert world.document(order_id)["Rate"] == 3


@pytest.mark.parametrize(
    "records", [[], [("2026-05-05", 4)], [("2026-05-01", 4), ("2026-05-04", 0)]], ids=["none", "later", "zero"]
)
def test_without_a_rate_the_order_is_held(world, records):
    for day, rate in records:
        enter(world, day, rate)
    order_id = world.order()
    world.run()
    (reason, *_) = world.entry(order_id).reasons
    assert reason == f"Rate: {REGISTER} has no Rate of EUR on 2026-05-04; enter it in 1C"
    assert not world.documents(order_id)


def test_a_rate_entered_later_lets_it_go(world):
    order_id = world.order()
    world.run()
    enter(world, "2026-05-04", 5)
    world.parts = replace(world.parts, refresh=timedelta(minutes=1))
    world.run()
    assert world.document(order_id)["Rate"] == 5


def test_a_copy_serves_all_orders_of_its_days(world):
    enter(world, "2026-05-01", 5)
    world.order()
    world.run()
    asked(world)
    order_id = world.order()
    world.run()
    assert world.document(order_id)["Rate"] == 5
    assert asked(world) == 0


def test_years_between_two_orders(world):
    """More days than one page of records holds: the oldest order gets its own rate, too."""
    first = date(2022, 1, 1)
    for number_ in range(1300):
        enter(world, first + timedelta(days=number_), 1 + number_ / 1000)
    old = world.order()
    world.account.edit(old, lambda order: order.update(createdTime="2022-01-02T09:00:00Z"))
    new = world.order()
    world.run()
    assert world.document(old)["Rate"] == 1.001
    assert world.document(new)["Rate"] == 2.299
    assert asked(world) == 2


def test_a_currency_that_the_mapping_does_not_know(world):
    enter(world, "2020-01-01", 1)
    order_id = world.order()

    def in_pounds(order):
        text = {"currencyCode": "GBP", "amount": "10.00"}
        for place in (order["proceeds"]["breakdowns"][0], order["orderItems"][0]["proceeds"]["breakdowns"][0]):
            place["subtotal"] = text
        order["proceeds"]["grandTotal"] = order["orderItems"][0]["proceeds"]["proceedsTotal"] = text

    world.account.edit(order_id, in_pounds)
    world.run()
    reasons = world.entry(order_id).reasons
    assert any('no entry for "GBP" in its table of order.currency' in reason for reason in reasons)
