"""Orders that once went to somebody else, each with the catalog that misled; found by the made-up shops."""

from __future__ import annotations

from uuid import UUID

import pytest

from adapter.matching.answers import Matched
from adapter.matching.asked import Asked
from adapter.matching.customers import CustomerIndex
from adapter.matching.decision import Sureness
from adapter.model.catalog import Customer, Evidence, Kind

NEVER = Sureness(name_alone="never")
CROWD = (
    "Anna Nowak, Hans Müller, Petra Schmidt, Иванов Сергей Петрович, Коваленко Олена, Marie Dupont, Luca Rossi, "
    "Mehmet Yılmaz, John Smith, Кузнецова Ольга, Piotr Zieliński, Jan de Vries, Carmen García López, Шевчук Тарас"
)


def person(number, name, email="", phone="", postal_code="", country="DE", full_name=""):
    return Customer(
        UUID(int=number),
        name,
        full_name=full_name,
        kind=Kind.PERSON,
        evidence=evidence(email, phone, postal_code, country),
    )


def evidence(email="", phone="", postal_code="", country="DE"):
    return Evidence(
        *((each,) if each else () for each in (email, phone)), (), (postal_code,) if postal_code else (), "", country
    )


def order(name, *known, recipient=None):
    return Asked(name, name if recipient is None else recipient, "", evidence(*known))


CASES = {
    "the e-mail is another's who has the same name": (
        [
            person(1, "Забіла Юлія", phone="+44 472 1141662", postal_code="B8 1EE", country="GB"),
            person(2, "Забіла Юлія", email="d71@marketplace.amazon.es"),
        ],
        order("Yuliia Zabila", "d71@marketplace.amazon.es", "+44 472 1141662", "B8 1EE", "GB"),
    ),
    "the e-mail is another's of the name in the same house": (
        [
            person(1, "Rosasso Giovanna", "430@marketplace.amazon.nl", "", "00012", "IT"),
            person(2, "Giovanna Rosasso", "1b2@marketplace.amazon.it", "", "00012", "IT"),
            person(3, "Rosasso Giovanna", "", "+39 06 5550101", "00012", "IT"),
        ],
        order("Giovanna Rosasso", "1b2@marketplace.amazon.it", "+39 06 5550101", "00012", "IT"),
    ),
    "a woman's name, and a man in the catalog": (
        [person(1, "Michael Gutmhorst", "4cb@marketplace.amazon.it", "", "04040")],
        order("Michaela Gutmhorst", "f8f@marketplace.amazon.pl", "", "04040"),
    ),
    "a woman's name as the surname comes first": (
        [person(1, "Schneider, Daniel", "08a@marketplace.amazon.co.uk", "", "55331")],
        order("Schneider Daniela", "12b@marketplace.amazon.es", "", "55331"),
    ),
    "a man's name, and a woman in the catalog": (
        [person(1, "Кравчук Вікторія", "1@marketplace.amazon.de", "", "79000", "UA")],
        order("Viktor Kravchuk", "2@marketplace.amazon.de", "", "79000", "UA"),
    ),
    "a woman's name that is one letter longer": (
        [person(1, "Martin Hochkamp", "", "+49 40 5550111", "20725")],
        order("Martina Hochkamp", "06f@marketplace.amazon.fr", "", "20725"),
    ),
    "a woman's name that is one letter shorter": (
        [person(1, "Weiüler Andreas", "1f9@marketplace.amazon.com", "", "99186")],
        order("Andrea Weiüler", "3e2@marketplace.amazon.com", "", "99186"),
    ),
    "a woman's name that is one letter shorter, of one house": (
        [person(1, "Weiüler Andreas", "", "+49 40 5550111", "99186")],
        order("Andrea Weiüler", "", "+49 40 5550111", "99186"),
    ),
    "another form of the name, of one house with one phone": (
        [person(1, "Hans Eismann", "f13@marketplace.amazon.pl", "+49 279 2592600", "52850")],
        order("Prof. Dr. Eismann Jan", "d70@marketplace.amazon.it", "+49 279 2592600", "52850"),
    ),
    "another form and a slip, of one house with one phone": (
        [person(1, "Katrin Bauter", "98d@marketplace.amazon.com", "+49 579 9047080", "60114")],
        order("Katharina Babter", "7fd@marketplace.amazon.es", "+49 579 9047080", "60114"),
    ),
    "a woman's name after a t": (
        [person(1, "Blumenthal Walter", "", "+593 219 88221", "14035")],
        order("Blumenthal Waltera", "", "", "14035"),
    ),
    "a woman's name after th": (
        [person(1, "Blumenthal Gunther", "", "", "53836")],
        order("Gunthera Blumenthal", "", "", "53836"),
    ),
    "a woman's name in another spelling": (
        [person(1, "Назарова Жанат", "", "+577 727 691900", "16854", "KZ")],
        order("Nazarova Janata", "", "+577 727 691900", "16854", "KZ"),
    ),
    "a woman's name, of which there is a man's form": (
        [person(1, "Алексієнко Захарій Силолюбович", "", "+72077175638", "99364", "UA")],
        order("Zakhariia Aleksiienko", "753@marketplace.amazon.es", "", "99364", "UA"),
    ),
    "a surname that is one letter longer": (
        [person(1, "Гуляйвітер Іван", "", "", "79000", "UA")],
        order("Huliaivitera Ivan", "", "", "79000", "UA"),
    ),
    "a woman's name that looks French": (
        [person(1, "Новак Мартин", "", "+33 4 14745067", "13000", "FR")],
        order("Martine Novak", "", "+33 4 14745067", "13000", "FR"),
    ),
    "a woman's name with an s before it": (
        [person(1, "Barbieri Zaira", "", "+39 06 5550101", "00012", "IT")],
        order("Sara Barbieri", "", "+39 06 5550101", "00012", "IT"),
    ),
    "a woman's name with a doubled letter": (
        [person(1, "Brun Jean", "", "+33 4 14745067", "13000", "FR")],
        order("Jeanne Brun", "", "+33 4 14745067", "13000", "FR"),
    ),
    "a surname with a German z": (
        [person(1, "Краевски Анна", "", "", "10117")],
        order("Anna Krajewzki", "", "", "10117"),
    ),
    "a surname with an s that is no German one": (
        [person(1, "Зотов Иван", "", "", "10117")],
        order("Ivan Sotov", "", "", "10117"),
    ),
    "an initial, and the recipient shows whose": (
        [person(1, "Артюшенко Пересвіт Благодарович", "", "+784 882 58234", "", "UA")],
        order("P. Artjuschenko", "", "+784 882 58234", "91447", "UA", recipient="Пава Артюшенко"),
    ),
    "a second name, and the first is another": (
        [person(1, "Philippe Jean Allaelard", "", "+33 410 7538579", "06402", "FR")],
        order("Jean Allaelard", "11f@marketplace.amazon.nl", "", "06402", "FR"),
    ),
    "a second name, and the first is another, of one house": (
        [person(1, "Allaelard Philippe Jean", "", "+33 410 7538579", "06402", "FR")],
        order("Jean Allaelard", "11f@marketplace.amazon.nl", "+33 410 7538579", "06402", "FR"),
    ),
    "an initial, and the phone of the house": (
        [person(1, "Senaych, Małgorzata", "", "0535/2949188", "50-020", "PL")],
        order("Senaych M.", "81e@marketplace.amazon.es", "+485352949188", "40-176", "PL"),
    ),
    "an initial, phone and address of the house": (
        [person(1, "Alberto Salinas Díaya", "a25@marketplace.amazon.it", "+341984068870", "08905", "ES")],
        order("A. Salinas Díaya", "", "+34 198 4068870", "08905", "ES"),
    ),
    "a letter changed, and the phone of the house": (
        [person(1, "Lucia Cortucci", "", "+39 472 3407383", "00344", "IT")],
        order("Lcia Cortucci", "", "+39 472 3407383", "00344", "IT"),
    ),
    "an initial that sounds alike in another language": (
        [person(1, "Jean Pottier", "", "+33 4 14745067", "13000", "FR")],
        order("S. Pottier", "cee@marketplace.amazon.it", "+33 4 14745067", "13000", "FR"),
    ),
    "the recipient's patronymic is another": (
        [person(1, "Утегенов Бақыт Арманұлы", "", "+7 708 7867267", "070768", "KZ")],
        order("Baqyt Utegenov", "", "+7 708 7867267", "070768", "KZ", recipient="Baqyt Nurzhanuly Utegenov"),
    ),
    "the buyer's patronymic is another": (
        [person(1, "Рогов Александр Сергеевич", "374@marketplace.amazon.it", "", "08767", "ES")],
        order(
            "Aleksandr Ippolitovich Rogov", "a31@marketplace.amazon.pl", "", "08767", "ES", recipient="Aleksandr Rogow"
        ),
    ),
}


@pytest.mark.parametrize(("customers", "asked"), CASES.values(), ids=CASES.keys())
def test_nobody_wrong_is_accepted(customers, asked):
    crowd = [person(100 + at, name, postal_code=f"{10115 + at}") for at, name in enumerate(CROWD.split(", "))]
    found = CustomerIndex([*customers, *crowd]).find(asked, NEVER)
    right = {customer.ref_key for customer in customers if set(customer.evidence.emails) & set(asked.evidence.emails)}
    assert not isinstance(found, Matched) or found.customer.ref_key in right, found
