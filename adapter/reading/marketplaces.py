"""Whether a seller account is the one that the settings mean, and what it tells of its marketplaces."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Protocol

from adapter.amazon.marketplaces import MARKETPLACES, MarketplaceFacts, Region
from adapter.amazon.sellers import Participation
from adapter.errors import AdapterError, ConfigurationError
from adapter.ledger import Ledger
from adapter.ledger.database import LedgerBroken

KEPT_FOR: Final = timedelta(days=1)
Marketplaces = Mapping[str, MarketplaceFacts]
_AGAIN: Final = timedelta(hours=1)
_NAME: Final = "marketplaces"


class SellersReader(Protocol):
    """Tells where a seller account sells, as `sellers.SellersClient` does."""

    @property
    def region(self) -> Region:
        """Of the account."""

    def participations(self) -> tuple[Participation, ...]:
        """Every marketplace that the account knows."""


class WrongAccount(ConfigurationError):
    """The account is not the one that the settings describe: another region, or other marketplaces."""


def check_participations(
    account: str, region: Region, wanted: Sequence[str], told: Iterable[Participation]
) -> tuple[str, ...]:
    """See that an account fits the settings.

    Args:
        wanted: marketplace ids in the settings; none: all where the seller sells.

    Returns:
        Marketplaces of the settings where the seller does not sell, in words: the others are read all the same, for a
        seller who has left a marketplace still has orders elsewhere.

    Raises:
        WrongAccount: nothing fits; what to do.
    """
    sells = [each for each in told if each.sells]
    # Of what is in no table, such as a shop outside Amazon, nobody knows the region.
    regions = {each.marketplace.region for each in sells if each.marketplace.marketplace_id in MARKETPLACES}
    listed = _listed(sells)
    if regions and region not in regions:
        other = min(regions)
        raise WrongAccount(
            f"account {account}: the refresh token is for the region {other}, the settings say {region}: the seller "
            f"sells in {listed}. Correct region, or take the refresh token of the authorisation for {region}"
        )
    known = {each.marketplace.marketplace_id for each in sells}
    missing = [name for name in wanted if name not in known]
    if not missing:
        return ()
    text = (
        f"account {account}: the seller does not sell in {', '.join(_shown(name) for name in missing)}, but in "
        f"{listed or 'no marketplace'}; correct marketplaces, or compare the refresh token with the account"
    )
    if len(missing) == len(wanted):
        raise WrongAccount(text)
    return (text,)


def describe(told: Iterable[Participation]) -> str:
    """Where an account sells, for people: stores, countries, and where listings are suspended."""
    sells = [each for each in told if each.sells]
    stores = " / ".join(sorted({each.store for each in sells if each.store})) or "a store without a name"
    suspended = _listed(each for each in sells if each.suspended)
    text = f"{stores}: {_listed(sells) or 'no marketplace'}"
    return f"{text}; listings are suspended in {suspended}" if suspended else text


def _listed(several: Iterable[Participation]) -> str:
    return ", ".join(sorted({each.marketplace.country for each in several}))


def _shown(marketplace_id: str) -> str:
    facts = MARKETPLACES.get(marketplace_id)
    return f"{facts.country} ({marketplace_id})" if facts else marketplace_id


def marketplaces_of(ledger: Ledger, account: str) -> Marketplaces:
    """What is known of marketplaces, by id: what the account told last, else Amazon's table."""
    kept = ledger.accounts.get(account, _NAME)
    if kept is None:
        return MARKETPLACES
    own = {
        entry["id"]: MarketplaceFacts(
            entry["id"], entry["country"], entry["name"], Region(entry["region"]), entry["currency"]
        )
        for entry in json.loads(kept[0])
    }
    return MappingProxyType({**MARKETPLACES, **own})


def marketplaces_told(ledger: Ledger, account: str) -> frozenset[str]:
    """The ids of the marketplaces that the account itself told last; none where it was never asked."""
    kept = ledger.accounts.get(account, _NAME)
    return frozenset() if kept is None else frozenset(entry["id"] for entry in json.loads(kept[0]))


@dataclass(slots=True)
class AccountCheck:
    """Sees once per process, and then once a day, that an account is the one that the settings mean.

    Args:
        marketplace_ids: of the settings.
    """

    account: str
    client: SellersReader
    marketplace_ids: tuple[str, ...]
    _next: datetime | None = field(default=None, init=False)

    def look(self, ledger: Ledger, now: datetime) -> tuple[str, ...]:
        """Ask Amazon if it is time, and keep what it tells.

        That Amazon does not answer, or that the application may not ask, prevents nothing: reading orders will tell.

        Returns:
            What a person should know, as `check_participations`.

        Raises:
            WrongAccount: nothing must be read from this account; it is asked again next time.
        """
        # A clock that was put back may not keep us from asking.
        if self._next is not None and self._next - KEPT_FOR <= now < self._next:
            return ()
        self._next = now + KEPT_FOR
        try:
            told = self.client.participations()
        except LedgerBroken:
            raise
        except AdapterError:
            self._next = now + _AGAIN
            return ()
        try:
            problems = check_participations(self.account, self.client.region, self.marketplace_ids, told)
        except WrongAccount:
            self._next = None
            raise
        content = [_as_json(each.marketplace) for each in told]
        ledger.accounts.keep(self.account, _NAME, json.dumps(content, ensure_ascii=False), now)
        return problems


def _as_json(facts: MarketplaceFacts) -> dict[str, str]:
    return {
        "id": facts.marketplace_id,
        "country": facts.country,
        "name": facts.name,
        "region": facts.region.value,
        "currency": facts.currency,
    }
