"""Builds the objects of a run from the settings; the one place where all parts meet."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from importlib.metadata import version
from pathlib import Path

from adapter.amazon.auth import LwaTokens
from adapter.amazon.budget import LIMITS, SANDBOX_LIMITS, Budget
from adapter.amazon.calls import Calls
from adapter.amazon.marketplaces import LWA_ENDPOINT, Region, by_country
from adapter.amazon.orders import OrdersClient
from adapter.amazon.query import user_agent
from adapter.errors import ConfigurationError
from adapter.http import HttpClient
from adapter.ledger import Ledger
from adapter.mapping.load import LoadedRules, load_mapping
from adapter.onec.client import InfobaseClient
from adapter.planning.books import Identity
from adapter.reading.account import Account
from adapter.reading.data_sets import ALWAYS_NEEDED, Wanted, wanted_data
from adapter.reading.refusals import YieldingReader
from adapter.settings import AccountSettings, Loaded, load_settings
from adapter.sync import Parts

DISTRIBUTION = "amazon-1c-adapter"


def now() -> datetime:
    """The wall clock, aware, UTC."""
    return datetime.now(UTC)


def open_ledger(file: Path) -> Ledger:
    """The ledger alone, for commands that only look.

    Raises:
        ConfigurationError: settings or ledger cannot be used.
    """
    return Ledger.open(load_settings(file).state_directory)


@contextmanager
def open_parts(loaded: Loaded, ledger: Ledger, *, refresh: timedelta | None = None) -> Iterator[Parts]:
    """Everything a run works with, its connections open until the block ends.

    Args:
        refresh: how old the copies of catalogs may be; by default what the settings say.

    Raises:
        ConfigurationError: everything that is wrong with the mapping or the credentials.
    """
    settings = loaded.settings
    mapping = load_mapping(loaded.path(settings.mapping))
    infobase = settings.infobase
    wanted = wanted_by_accounts(loaded, mapping)
    with ExitStack() as connections:
        clients = [connections.enter_context(open_infobase(loaded)) for _ in range(infobase.sessions)]
        yield Parts(
            ledger=ledger,
            accounts=[
                _account(loaded, account, ledger, wanted[account.name], connections) for account in settings.accounts
            ],
            infobase=clients[0],
            sessions=clients,
            mapping=mapping,
            identity=Identity(settings.installation, infobase.name),
            quarantine=timedelta(seconds=infobase.quarantine_seconds),
            refresh=timedelta(seconds=infobase.refresh_seconds) if refresh is None else refresh,
            now=now,
            metadata_age=timedelta(seconds=infobase.metadata_seconds),
        )


def wanted_by_accounts(loaded: Loaded, mapping: LoadedRules) -> dict[str, Wanted]:
    """Account -> what to ask Amazon for.

    Raises:
        ConfigurationError: the settings forbid what the mapping needs, each with its line.
    """
    problems: list[object] = []
    found = {}
    for at, account in enumerate(loaded.settings.accounts):
        policy = account.included_data
        found[account.name] = wanted = wanted_data(mapping.rules, policy.always, policy.never)
        for index, name in enumerate(policy.never):
            if name in wanted.needed:
                place = wanted.needed[name]
                why = ALWAYS_NEEDED[name] if place is None else f"the mapping needs it: {mapping.document.where(place)}"
                location = ("accounts", at, "included_data", "never", index)
                problems.append(loaded.document.problem(location, f"{name} cannot be left out, {why}"))
    if problems:
        raise ConfigurationError(problems)
    return found


@contextmanager
def open_infobase(loaded: Loaded) -> Iterator[InfobaseClient]:
    """The infobase alone, for commands that do not need Amazon.

    Raises:
        ConfigurationError: the password is missing, or address or user cannot be used.
    """
    infobase = loaded.settings.infobase
    password = loaded.secret("onec-password")
    ca_file = loaded.path(infobase.ca_file) if infobase.ca_file else None
    with HttpClient(infobase.address, deadline=infobase.deadline_seconds, ca_file=ca_file) as http:
        client = InfobaseClient(http, infobase.address, infobase.user, password, own_session=infobase.own_sessions)
        with closing(client):
            yield client


def missing_for_amazon(loaded: Loaded) -> tuple[str, ...]:
    """Which credentials of the seller accounts are still to be put in place, in words.

    Raises:
        ConfigurationError: an account names a marketplace that its region does not have.
    """
    missing = []
    for account in loaded.settings.accounts:
        _marketplaces(account, Region(account.region))
        for name in ("client-secret", "refresh-token"):
            try:
                loaded.secret(f"amazon-{account.name}-{name}")
            except ConfigurationError as problem:
                missing.append(str(problem))
    return tuple(missing)


def _account(
    loaded: Loaded, settings: AccountSettings, ledger: Ledger, wanted: Wanted, connections: ExitStack
) -> Account:
    region = Region(settings.region)
    endpoint = settings.endpoint or region.endpoint
    tokens = LwaTokens(
        connections.enter_context(HttpClient(settings.login_endpoint or LWA_ENDPOINT, deadline=30)),
        settings.client_id,
        loaded.secret(f"amazon-{settings.name}-client-secret"),
        loaded.secret(f"amazon-{settings.name}-refresh-token"),
        now,
        account=settings.name,
    )
    calls = Calls(
        connections.enter_context(HttpClient(endpoint, deadline=60)),
        tokens,
        _budget(settings.seller_id, ledger, sandbox=endpoint == region.sandbox_endpoint),
        account=settings.name,
        user_agent=user_agent("Amazon1C", version(DISTRIBUTION), {"Language": f"Python/{platform.python_version()}"}),
        now=now,
    )
    return Account(
        name=settings.name,
        seller_id=settings.seller_id,
        client=YieldingReader(
            OrdersClient(calls, wanted.private), settings.name, ledger, now, set(wanted.asked) - set(wanted.needed)
        ),
        read_from=datetime.combine(settings.read_from, time_of_day(), UTC),
        marketplace_ids=_marketplaces(settings, region),
        included=wanted.asked,
        needed=frozenset(wanted.needed),
    )


def _budget(seller_id: str, ledger: Ledger, *, sandbox: bool) -> Budget:
    """The budget of calls; Amazon's sandbox has limits of its own, which must not be taken for the live ones."""
    seller, limits = (f"{seller_id}@sandbox", SANDBOX_LIMITS) if sandbox else (seller_id, LIMITS)
    return Budget(seller, ledger.notes, now=now, monotonic=time.monotonic, limits=limits)


def _marketplaces(settings: AccountSettings, region: Region) -> tuple[str, ...]:
    """Marketplace ids for country codes; ids stay as they are."""
    found = []
    for name in settings.marketplaces:
        facts = by_country(name) if len(name) == 2 else None
        if len(name) == 2 and (facts is None or facts.region is not region):
            raise ConfigurationError(f"account {settings.name}: there is no marketplace {name} in the region {region}")
        found.append(facts.marketplace_id if facts else name)
    return tuple(found)
