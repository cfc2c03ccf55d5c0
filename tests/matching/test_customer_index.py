"""The index as a thing: kept in a file, extended during the day, the same whatever the order of the catalog."""

from __future__ import annotations

import random
import re
import threading
from dataclasses import replace
from uuid import UUID, uuid5

import pytest

from adapter.matching.answers import Matched
from adapter.matching.asked import Asked
from adapter.matching.customers import CustomerIndex
from adapter.matching.decision import Sureness
from adapter.matching.evidence import country_code, email_key, phone_key, postal_code_key, tax_id_key
from adapter.matching.snapshot import SnapshotUnusable
from adapter.model.catalog import Customer, Evidence, Kind
from adapter.simulators import shop

NEVER = Sureness(name_alone="never")
SPACE = UUID(int=5)


def made(count):
    """Customers of the made-up shops, with values of their own."""
    names = [each if isinstance(each, str) else each.name for each in shop.books_customers()]
    for at in range(count):
        name = names[at % len(names)]
        evidence = Evidence(
            (f"u{at}@marketplace.amazon.de",) if at % 3 else (),
            (f"+49 30 {5550000 + at * 7}",) if at % 2 else (),
            (f"DE{811000000 + at}",) if at % 5 == 0 else (),
            (f"{10100 + at % 90}",),
            "Berlin",
            "DE",
        )
        kind = (Kind.PERSON, Kind.COMPANY, Kind.UNKNOWN)[at % 3]
        further = {"customer_id": f"C{at}"} if at % 2 else {}
        yield Customer(uuid5(SPACE, str(at)), name, further, f"{name} Плюс" if at % 11 == 0 else "", kind, evidence)


CUSTOMERS = list(made(400))
LONG = Customer(uuid5(SPACE, "long"), "Aa Bb Cc Dd Ee Ff Gg Hh Ii", {"note": 'quotes "\\ \n'}, "", Kind.COMPANY)
ORDERS = [
    Asked(each.name, "", "", replace(each.evidence, phones=(), postal_codes=each.evidence.postal_codes))
    for each in CUSTOMERS[::4]
]


def answers(index):
    return [index.find(asked, NEVER) for asked in ORDERS]


def explained(index):
    return [list(index.find(asked, NEVER).explanation.text()) for asked in ORDERS]


@pytest.fixture(scope="module")
def whole():
    return CustomerIndex([*CUSTOMERS, LONG])


def test_what_is_in_it(whole):
    assert len(whole) == 401
    assert sorted(whole.customers(), key=lambda each: each.ref_key) == sorted(
        [*CUSTOMERS, LONG], key=lambda each: each.ref_key
    )
    assert all(whole.by_ref(each.ref_key) == each for each in (*CUSTOMERS, LONG))
    assert whole.by_ref(UUID(int=1)) is None
    assert sum(isinstance(each, Matched) for each in answers(whole)) > 60


def test_a_snapshot_answers_byte_for_byte_the_same(whole, tmp_path):
    path = tmp_path / "customers"
    whole.save(path)
    loaded = CustomerIndex.load(path)
    assert list(loaded.customers()) == list(whole.customers())
    assert answers(loaded) == answers(whole)
    assert explained(loaded) == explained(whole)
    loaded.save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == path.read_bytes()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["again", "customers"]


def test_the_order_of_the_catalog_does_not_count(whole, tmp_path):
    shuffled = random.Random(1).sample([*CUSTOMERS, LONG, CUSTOMERS[3]], 402)
    other = CustomerIndex(shuffled)
    assert explained(other) == explained(whole)
    for name, index in (("one", whole), ("two", other)):
        index.save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("damage", ["cut", "flipped", "foreign", "older", "empty", "head"])
def test_a_damaged_or_foreign_file_is_refused(whole, tmp_path, damage):
    path = tmp_path / "customers"
    whole.save(path)
    data = bytearray(path.read_bytes())
    match damage:
        case "cut":
            data = data[:-100]
        case "flipped":
            data[len(data) // 2] ^= 4
        case "foreign":
            data = bytearray(b"SQLite format 3\0" + bytes(500))
        case "older":
            data = bytearray(re.sub(rb"\n\d+ 20", b"\n0 20", data, count=1))
        case "empty":
            data = bytearray()
        case "head":
            data[60:64] = b"{{{{"
    path.write_bytes(data)
    with pytest.raises(SnapshotUnusable) as raised:
        CustomerIndex.load(path)
    assert isinstance(raised.value, ValueError)


def test_the_days_changes_are_found_as_if_built_anew(whole):
    grown = CustomerIndex([*CUSTOMERS[:300], LONG])
    for at in range(300, 400, 4):
        grown = grown.extended(CUSTOMERS[at : at + 4])
    assert len(grown) == len(whole)
    assert answers(grown) == answers(whole)
    assert list(grown.customers()) != []
    assert {each.ref_key for each in grown.customers()} == {each.ref_key for each in whole.customers()}


def test_a_changed_customer_takes_the_place_of_the_old_one(whole, tmp_path):
    old = CUSTOMERS[7]
    new = replace(old, name="Zwetkovsky Arkadi", evidence=Evidence(("z@marketplace.amazon.de",)))
    changed = whole.extended([new])
    assert (len(changed), changed.by_ref(old.ref_key), whole.by_ref(old.ref_key)) == (401, new, old)
    asked = Asked("Arkadi Zwetkovsky", "", "", new.evidence)
    assert changed.find(asked, NEVER).customer == new
    changed.save(tmp_path / "kept")
    assert CustomerIndex.load(tmp_path / "kept").find(asked, NEVER).customer == new
    assert len(changed.removed([new.ref_key])) == 400
    assert changed.removed([new.ref_key]).by_ref(new.ref_key) is None
    assert changed.extended([]) is changed


@pytest.mark.parametrize("count", [0, 1, 10])
def test_small_catalogs(count, tmp_path):
    index = CustomerIndex(CUSTOMERS[1 : count + 1])
    asked = Asked(CUSTOMERS[1].name, "", "", CUSTOMERS[1].evidence)
    index.save(tmp_path / "kept")
    for each in (index, CustomerIndex.load(tmp_path / "kept")):
        assert len(each) == count
        assert isinstance(each.find(asked, NEVER), Matched) == (count > 0)
    assert index.extended([CUSTOMERS[50]]).by_ref(CUSTOMERS[50].ref_key) == CUSTOMERS[50]


def test_several_threads_ask_at_once(whole):
    alone = answers(whole)
    results = {}
    threads = [
        threading.Thread(target=lambda number=number: results.update({number: answers(whole)})) for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(results[number] == alone for number in range(4))


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        (email_key, " A1@Marketplace.Amazon.DE", "a1@marketplace.amazon.de"),
        (phone_key, "+49 (0)170 555-12-34", "00491705551234"),
        (phone_key, "+1 415-851-1136 ext. 52309", "4158511136 ext 52309"),
        (tax_id_key, "DE 811 000 001", "811000001"),
        (tax_id_key, "ИНН 7701234567".removeprefix("ИНН "), "RU7701234567"),
        (postal_code_key, "D-10117", "10117"),
        (postal_code_key, "87-000", "87000"),
        (postal_code_key, "b20 2ng", "B202NG"),
    ],
)
def test_writings_of_one_value_are_one(key, one, other):
    assert key(one) == key(other) != ""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (email_key, "no-reply@amazon.de"),
        (email_key, "noreply-business@example.com"),
        (email_key, "auto-confirm@business.amazon.co.uk"),
        (email_key, "nobody"),
        (phone_key, "000000000"),
        (phone_key, "12345"),
        (phone_key, "n/a"),
        (tax_id_key, "-"),
        (tax_id_key, "0000000000"),
        (postal_code_key, "0"),
    ],
)
def test_values_of_nobody_are_none(key, value):
    assert key(value) == ""


def test_numbers_with_other_extensions_are_others():
    assert phone_key("+1 415-851-1136 ext. 52309") != phone_key("+1 415-851-1136 ext. 52310")
    assert country_code("de") == country_code("DE ") != country_code("AT")
    assert country_code("Германия") == 0
