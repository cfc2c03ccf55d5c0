"""The made-up world that both stand-ins share: what is sold, who buys, and what the books know of either.

`products` and `buyers` are what the seller account draws its orders from; `books_products` and `books_customers` are
what the infobase's catalogs hold. Everything is fixed: the same in every process and on every machine.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import lcm

from adapter.simulators.shop_names import AREAS, Area, BooksSpelling

POOLED_CUSTOMER = "Amazon retail"
"""The customer of the books that stands for all buyers without a name."""

UNRELATED_CUSTOMERS = (
    "Розничный покупатель",
    "Nordwind Logistik GmbH",
    "Кузнецов Пётр Ильич",
    "Дорошенко Марія Василівна",
    'ООО "Тихая гавань"',
    "ТОВ «Добрий ранок»",
    "Paketdienst Süd GmbH",
    "Van Dijk Verpakkingen B.V.",
    "Baumann Helga",
    "Соколова Вера Павловна",
    "Office Supplies Ltd",
    "Zimmermann Kurt",
)
"""Customers of the books who never buy on Amazon."""

SERVICES = (
    ("AMZ-SHIPPING", "Доставка Amazon"),
    ("AMZ-GIFTWRAP", "Подарочная упаковка Amazon"),
    ("AMZ-COD", "Наложенный платёж Amazon"),
    ("AMZ-TIP", "Чаевые курьеру Amazon"),
)
"""Service items of the books: sku and title."""

TYPED_AS = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ł": "l", "Ł": "L", "ı": "i"}
NOT_IN_BOOKS_EVERY = 25
RIVAL_EVERY = 9

# sku prefix | title | price in euros; each is sold in three colours.
GOODS = """
KM-10|Kaffeemühle Nordwind|39.90
TK-20|Teekanne aus Steinzeug, 1,2 l|27.50
WF-30|Wasserflasche Edelstahl 750 ml|18.95
RS-40|Rucksack Waldpfad 24 l|64.00
LP-50|LED-Leselampe mit Klemme|22.99
NB-60|Notizbuch A5, 160 Seiten|9.49
MS-70|Messerblock, 6-teilig|119.00
HB-80|Handtuch Biobaumwolle 70x140|16.90
PF-90|Pfanne Gusseisen 28 cm|54.95
GH-11|Garden hose 25 m with reel|48.00
TS-12|Tool set, 48 pieces|89.99
BT-13|Bike light set, USB|31.20
YM-14|Yoga mat 6 mm|24.90
KT-15|Kids' table lamp "Moon"|33.33
SB-16|Säge mit Bügel 530 mm|29.00
CH-17|Стілець складаний для риболовлі|41.50
SV-18|Свеча ароматическая, 200 г|11.99
PD-19|Плед шерстяной 150x200|72.00
CM-21|Чашка керамічна «Світанок»|8.75
GB-22|Glas-Vorratsdosen, 3 Stück|26.40
"""
COLOURS = (("BLK", "schwarz", "0.00"), ("BLU", "blau", "1.00"), ("RED", "rot", "2.50"))

# Goods whose sku tries a reader's patience: leading zeros, spaces, quotes, Cyrillic, numbers in disguise.
ODD_GOODS = """
00123|Ersatzklinge für Säge|4.90
000045|Filter papers, 100 pieces|3.49
D'ART-01|Papier d'art, 50 feuilles|14.20
AB 12/3|Clips, assorted|5.05
ЧАЙ-7|Чай травяной «Полевой», 250 г|12.60
1E5|Batterien AA, 24 Stück|13.99
A&B+50%|Geschenkset "A & B"|349.00
"""

NEW_GOODS = """
NEW-01|Wetterstation mit Funksensor|79.00
NEW-02|Регулятор влажности, настольный|45.00
new-03|Sample pack|1.99
"""
"""Goods that are on sale but were never entered into the books."""


@dataclass(frozen=True, slots=True)
class Product:
    """One thing on sale. `price` is in euros, tax included, as a German shop would show it."""

    sku: str
    asin: str
    title: str
    price: Decimal
    ean: str
    in_books: bool


@dataclass(frozen=True, slots=True)
class Buyer:
    """One person, or one person buying for a company.

    Attributes:
        name: as Amazon shows it.
        books_name: the customer in the books who is this buyer; None: the books do not know the buyer.
        rivals: other customers of the books whom the name fits just as well; with any, only a person can decide.
        company: the buyer's company as Amazon shows it; `books_name` is then the company's.
        country: two letters, ISO 3166-1; United Kingdom is GB.
        email: Amazon's alias, not the buyer's own address.
        tax_id: of companies only; plainly invented, its form says nothing.
    """

    name: str
    books_name: str | None
    rivals: tuple[str, ...]
    company: str | None
    country: str
    city: str
    postal_code: str
    street: str
    phone: str
    email: str
    tax_id: str | None


@cache
def products() -> tuple[Product, ...]:
    """Everything on sale, in a fixed order; 3 of 70 are not in the books."""
    rows: list[tuple[str, str, Decimal, bool]] = []
    for line in GOODS.strip().splitlines():
        prefix, title, price = line.split("|")
        rows += [
            (f"{prefix}-{suffix}", f"{title}, {colour}", Decimal(price) + Decimal(more), True)
            for suffix, colour, more in COLOURS
        ]
    for block, in_books in ((ODD_GOODS, True), (NEW_GOODS, False)):
        for line in block.strip().splitlines():
            sku, title, price = line.split("|")
            rows.append((sku, title, Decimal(price), in_books))
    return tuple(
        Product(sku, f"B0XX{number:06}", title, price, _ean(number), in_books)
        for number, (sku, title, price, in_books) in enumerate(rows, start=1)
    )


@cache
def buyers() -> tuple[Buyer, ...]:
    """Everybody who buys, in a fixed order; no two share a name."""
    found: list[Buyer] = []
    for area in AREAS:
        for index in range(area.count):
            found.append(_buyer(area, index, number=len(found)))
    return tuple(found)


@cache
def books_customers() -> tuple[str, ...]:
    """The names in the infobase's catalog of customers, each once, sorted."""
    names = {POOLED_CUSTOMER, *UNRELATED_CUSTOMERS}
    for buyer in buyers():
        names.update(buyer.rivals)
        if buyer.books_name is not None:
            names.add(buyer.books_name)
    return tuple(sorted(names))


@cache
def books_contacts() -> dict[str, Buyer]:
    """Name of a customer of the books -> whose telephone and address stand there.

    Rivals live together: their contacts tell them apart no better than their names.
    """
    found: dict[str, Buyer] = {}
    for buyer in buyers():
        for name in (buyer.books_name, *buyer.rivals):
            if name is not None:
                found.setdefault(name, buyer)
    return found


@cache
def books_products() -> tuple[tuple[str, str], ...]:
    """The (sku, title) of the infobase's catalog of products, service items last."""
    return tuple((product.sku, product.title) for product in products() if product.in_books) + SERVICES


def _ean(number: int) -> str:
    """An EAN-13 of the range 200-299, which shops give out themselves and nobody owns."""
    body = f"200{number:09}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-total % 10}"


def _buyer(area: Area, index: int, number: int) -> Buyer:
    woman = index % 2 == 1
    turn = index // 2
    all_given = area.women if woman else area.men
    given, given_books = _spellings(all_given, turn)
    # One step further each time both lists start anew together: no pair of names comes twice.
    family, family_books = _spellings(area.families, turn + turn // lcm(len(all_given), len(area.families)))
    if woman and area.feminine:
        ending, ending_books = area.feminine.split("|")
        family, family_books = family + ending, family_books + ending_books
    if area.native_every and index % area.native_every == 2:
        given, family = given_books, family_books
    name = f"{family} {given}" if area.family_first else f"{given} {family}"
    company = area.companies[index // 7] if index % 7 == 3 and index // 7 < len(area.companies) else None
    known = number % NOT_IN_BOOKS_EVERY != NOT_IN_BOOKS_EVERY - 1
    rivals: tuple[str, ...] = ()
    if company is not None:
        company, books_name = company.split("|")
    elif area.patronymics:
        patronymics = [
            f"{family_books} {given_books} {pair.split('|')[woman]}"
            for pair in (area.patronymics * 2)[index % len(area.patronymics) :]
        ]
        books_name, rivals = patronymics[0], (patronymics[1],) if known and index % RIVAL_EVERY == 0 else ()
    else:
        spelling = area.spellings[(turn + woman) % len(area.spellings)]
        books_name = _books_name(spelling, name, (given, family), (given_books, family_books))
    country, city, postal_code = area.places[index % len(area.places)].split("|")
    return Buyer(
        name=name,
        books_name=books_name if known else None,
        rivals=rivals,
        company=company,
        country=country,
        city=city,
        postal_code=postal_code,
        street=area.street.format(1 + number % 90),
        phone=area.phone.format(number),
        email=f"{_alias(name)}@marketplace.amazon.example",
        tax_id=f"{country}0000{number:05}" if company is not None else None,
    )


def _spellings(names: tuple[str, ...], index: int) -> tuple[str, str]:
    """A name as on Amazon and as in the books."""
    amazon, _, books = names[index % len(names)].partition("|")
    return amazon, books or amazon


def _books_name(spelling: BooksSpelling, name: str, plain: tuple[str, str], script: tuple[str, str]) -> str:
    match spelling:
        case "same":
            return name
        case "reversed":
            return f"{plain[1]} {plain[0]}"
        case "folded":
            return _fold(f"{plain[1]} {plain[0]}")
        case "script":
            return f"{script[1]} {script[0]}"


def _fold(text: str) -> str:
    """Write a name with plain Latin letters, as a typist without the keys would: ü is ue, ß is ss, ł is l."""
    replaced = "".join(TYPED_AS.get(char, char) for char in text)
    return "".join(char for char in unicodedata.normalize("NFD", replaced) if not unicodedata.combining(char))


def _alias(name: str) -> str:
    """Fourteen letters and digits that stay the same for a name."""
    return hashlib.sha256(name.encode()).hexdigest()[:14]
