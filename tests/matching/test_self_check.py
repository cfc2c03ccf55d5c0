"""Leave-one-out on a catalog in which two customers are easily mistaken for each other."""

from __future__ import annotations

from uuid import UUID

import pytest

from adapter.matching.asked import Asked
from adapter.matching.customers import CustomerIndex
from adapter.matching.decision import Sureness
from adapter.matching.self_check import Checked, Mistaken, as_order, leave_one_out
from adapter.model.catalog import Customer, Evidence, Kind

NEVER = Sureness(name_alone="never")
FATHER = Customer(
    UUID(int=1),
    "Kowalczyk Zbigniew",
    kind=Kind.PERSON,
    evidence=Evidence(("f@x.pl",), ("+48 600 111 222",), (), ("30-063",), "Kraków", "PL"),
)
SON = Customer(
    UUID(int=2), "Zbigniew Kowalczyk", kind=Kind.PERSON, evidence=Evidence((), (), (), ("30-063",), "Kraków", "PL")
)
OTHER = Customer(
    UUID(int=3), "Anna Nowak", kind=Kind.PERSON, evidence=Evidence((), ("+48 600 999 888",), (), ("00-950",), "", "PL")
)
ORDER = Asked("Zbigniew Kowalczyk", "Zbigniew Kowalczyk", "", FATHER.evidence)


def test_whoever_would_be_taken_instead_is_told():
    index = CustomerIndex([FATHER, SON, OTHER])
    checked = leave_one_out(index, [ORDER, as_order(OTHER), Asked("Jan Wójcik")], NEVER)
    assert checked == Checked(3, 2, (Mistaken(ORDER, FATHER, SON),))


def test_nobody_is_mistaken_without_a_double():
    done = []
    checked = leave_one_out(CustomerIndex([FATHER, OTHER]), [ORDER] * 130, NEVER, done.append)
    assert checked == Checked(130, 130, ())
    assert done == [64, 128]


@pytest.mark.parametrize(
    ("accepted", "mistaken", "at_most"),
    [(0, 0, 1.0), (2, 0, 1.0), (3000, 0, 0.001), (3000, 1, 0.00161), (10, 9, 1.0)],
)
def test_the_bound(accepted, mistaken, at_most):
    checked = Checked(accepted, accepted, (Mistaken(ORDER, FATHER, SON),) * mistaken)
    assert checked.at_most == pytest.approx(at_most, rel=0.01)


def test_a_customer_as_an_order():
    company = Customer(UUID(int=4), "Ромашка", full_name="ООО «Ромашка»", kind=Kind.COMPANY, evidence=OTHER.evidence)
    assert as_order(company) == Asked(company="ООО «Ромашка»", evidence=OTHER.evidence)
    assert as_order(OTHER) == Asked("Anna Nowak", "Anna Nowak", "", OTHER.evidence)
