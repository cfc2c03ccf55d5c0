"""Whether an account is the one that the settings mean; a silent Sellers API prevents nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from adapter.amazon.errors import AccessDenied, AmazonUnavailable
from adapter.amazon.marketplaces import MARKETPLACES, MarketplaceFacts, Region
from adapter.amazon.read import read_order
from adapter.amazon.sellers import Participation
from adapter.ledger import Ledger
from adapter.reading.marketplaces import AccountCheck, WrongAccount, check_participations, describe, marketplaces_of
from tests.world import Clock

DE, FR, US = "A1PA6795UKMFR9", "A13V1IB3VIYZZH", "ATVPDKIKX0DER"
NEW = MarketplaceFacts("A0NEWMARKET00", "AT", "Amazon.at", Region.EU, "EUR")
OUTSIDE = MarketplaceFacts("A38D8NSA03LJTC", "DE", "Non-Amazon DE", Region.NA, "EUR")


def sells(*ids, **more):
    return [Participation(MARKETPLACES[name], "Shop", **more) for name in ids]


@pytest.mark.parametrize(
    ("region", "wanted", "told", "problem", "error"),
    [
        (Region.EU, (), sells(DE, FR), "", ""),
        (Region.EU, (DE,), sells(DE, FR), "", ""),
        (Region.EU, (NEW.marketplace_id,), [Participation(NEW)], "", ""),
        (Region.EU, (), [], "", ""),
        (Region.EU, (DE, FR), sells(DE), "does not sell in FR (A13V1IB3VIYZZH), but in DE", ""),
        (Region.EU, (DE, FR), [*sells(DE), *sells(FR, sells=False)], "does not sell in FR", ""),
        (Region.EU, (FR,), sells(DE), "", "does not sell in FR (A13V1IB3VIYZZH), but in DE"),
        (Region.EU, (DE,), [], "", "but in no marketplace"),
        (Region.EU, (), sells(US), "", "for the region NA, the settings say EU: the seller sells in US"),
        (Region.NA, (), [*sells(DE), Participation(OUTSIDE)], "", "for the region EU, the settings say NA"),
    ],
)
def test_what_fits(region, wanted, told, problem, error):
    if error:
        with pytest.raises(WrongAccount) as found:
            check_participations("main", region, wanted, told)
        assert error in str(found.value)
        assert "account main: " in str(found.value)
    else:
        problems = check_participations("main", region, wanted, told)
        assert [problem in text for text in problems] == ([True] if problem else [])


def test_what_people_see():
    assert describe(sells(DE, FR)) == "Shop: DE, FR"
    assert describe([*sells(DE), *sells(FR, suspended=True)]) == "Shop: DE, FR; listings are suspended in FR"
    assert describe(sells(DE, sells=False)) == "a store without a name: no marketplace"


@dataclass
class Sellers:
    """Answers as planned, the last answer again and again."""

    answers: list[object]
    region: Region = Region.EU
    asked: list[object] = field(default_factory=list)

    def participations(self):
        self.asked.append(None)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return tuple(answer)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ledger(clock):
    with Ledger.open(None) as ledger:
        yield ledger.own(clock())


def test_once_a_process_and_once_a_day(ledger, clock):
    sellers = Sellers([sells(DE)])
    check = AccountCheck("main", sellers, (DE,))
    for hours, asked in ((0, 1), (1, 1), (23, 2), (1, 2), (-48, 3)):
        clock.forward(hours=hours)
        check.look(ledger, clock())
        assert len(sellers.asked) == asked
    AccountCheck("main", sellers, (DE,)).look(ledger, clock())
    assert len(sellers.asked) == 4


@pytest.mark.parametrize("problem", [AmazonUnavailable("503"), AccessDenied("no role")])
def test_no_answer_prevents_nothing(ledger, clock, problem):
    sellers = Sellers([problem, sells(DE)])
    check = AccountCheck("main", sellers, (DE,))
    assert check.look(ledger, clock()) == ()
    assert check.look(ledger, clock()) == ()
    assert len(sellers.asked) == 1  # not with every reading
    clock.forward(hours=1)
    check.look(ledger, clock())
    assert len(sellers.asked) == 2


def test_a_wrong_account_is_asked_again_at_once(ledger, clock):
    check = AccountCheck("main", Sellers([sells(FR), sells(DE)]), (DE,))
    with pytest.raises(WrongAccount):
        check.look(ledger, clock())
    assert marketplaces_of(ledger, "main") is MARKETPLACES
    assert check.look(ledger, clock()) == ()


def test_country_and_currency_of_a_new_marketplace(ledger, clock):
    AccountCheck("main", Sellers([[*sells(DE), Participation(NEW, "Shop")]]), ()).look(ledger, clock())
    known = marketplaces_of(ledger, "main")
    assert (known[NEW.marketplace_id], known[US]) == (NEW, MARKETPLACES[US])
    assert marketplaces_of(ledger, "other") is MARKETPLACES
    order = {
        "orderId": "1", "salesChannel": {"channelName": "AMAZON", "marketplaceId": NEW.marketplace_id}, "orderItems": []
    }  # fmt: skip
    place = read_order(json.dumps(order), "main", "A1", known).marketplace
    assert (place.country, place.currency, place.name) == ("AT", "EUR", "Amazon.at")
    assert read_order(json.dumps(order), "main", "A1").marketplace.country is None


def test_the_whole_way(world):
    """A marketplace that no table knows gets its country from the account."""
    account = world.parts.accounts[0]
    assert account.check is not None
    world.account.sellers.further = [
        {
            "marketplace": {
                "id": NEW.marketplace_id, "name": NEW.name, "countryCode": "AT", "defaultCurrencyCode": "EUR",
                "defaultLanguageCode": "de_AT", "domainName": "www.amazon.at",
            },
            "participation": {"isParticipating": True, "hasSuspendedListings": False},
            "storeName": "Shop",
        }
    ]  # fmt: skip
    order = world.order()
    world.account.edit(
        order,
        lambda data: data.update(
            salesChannel={"channelName": "AMAZON", "marketplaceId": NEW.marketplace_id, "marketplaceName": NEW.name}
        ),
    )
    world.run()
    assert world.document(order)["Comment"].endswith(", AT")
