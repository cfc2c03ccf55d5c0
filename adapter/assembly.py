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
from adapter.amazon.marketplaces import LWA_ENDPOINT, MARKETPLACES, Region, by_country
from adapter.amazon.orders import OrdersClient
from adapter.amazon.orders_v0 import LAST_DAY, OrdersV0Client
from adapter.amazon.query import user_agent
from adapter.errors import ConfigurationError
from adapter.http import HttpClient
from adapter.ledger import Ledger
from adapter.listening import missing_for_queue, open_inbox, secret_keeper
from adapter.mapping.catalogs import Pooled
from adapter.mapping.load import load_mapping
from adapter.mapping.paths import CONDITION_NAMES
from adapter.mapping.rules import Rules
from adapter.mapping.uses import all_conditions, all_uses
from adapter.onec.client import InfobaseClient
from adapter.planning.books import Identity
from adapter.reading.account import Account, OrdersReader
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
    with ExitStack() as connections:
        clients = [connections.enter_context(open_infobase(loaded)) for _ in range(infobase.sessions)]
        accounts = [_account(loaded, account, ledger, mapping.rules, connections) for account in settings.accounts]
        secrets = secret_keeper(loaded, now)
        yield Parts(
            ledger=ledger,
            accounts=accounts,
            infobase=clients[0],
            sessions=clients,
            mapping=mapping,
            identity=Identity(settings.installation, infobase.name),
            quarantine=timedelta(seconds=infobase.quarantine_seconds),
            refresh=timedelta(seconds=infobase.refresh_seconds) if refresh is None else refresh,
            now=now,
            metadata_age=timedelta(seconds=infobase.metadata_seconds),
            inbox=open_inbox(loaded, accounts, secrets),
            secrets=secrets,
        )


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
        if account.notifications is not None:
            missing += missing_for_queue(loaded, account)
    return tuple(missing)


def _account(
    loaded: Loaded, settings: AccountSettings, ledger: Ledger, rules: Rules, connections: ExitStack
) -> Account:
    notifications, region = settings.notifications, Region(settings.region)
    return Account(
        name=settings.name,
        seller_id=settings.seller_id,
        client=_reader(settings, region, open_calls(loaded, settings, ledger, connections)),
        read_from=datetime.combine(settings.read_from, time_of_day(), UTC),
        marketplace_ids=_marketplaces(settings, region),
        included=data_sets(rules),
        quiet_poll=timedelta(seconds=notifications.poll_seconds) if notifications else None,
    )


def open_calls(loaded: Loaded, settings: AccountSettings, ledger: Ledger, connections: ExitStack) -> Calls:
    """Calls for one seller account.

    Raises:
        ConfigurationError: a credential is missing.
    """
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
    return Calls(
        connections.enter_context(HttpClient(endpoint, deadline=60)),
        tokens,
        _budget(settings.seller_id, ledger, sandbox=endpoint == region.sandbox_endpoint),
        account=settings.name,
        user_agent=user_agent("Amazon1C", version(DISTRIBUTION), {"Language": f"Python/{platform.python_version()}"}),
        now=now,
    )


def _reader(settings: AccountSettings, region: Region, calls: Calls) -> OrdersReader:
    """The version of the Orders API that the account is read by."""
    if settings.orders_api == "v0":
        ids = tuple(facts.marketplace_id for facts in MARKETPLACES.values() if facts.region is region)
        return OrdersV0Client(calls, _marketplaces(settings, region) or ids, now)
    return OrdersClient(calls)


def deprecated(loaded: Loaded) -> tuple[str, ...]:
    """What in the settings will not work for ever, in words."""
    return tuple(
        f"account {account.name} is read by the Orders API v0, which Amazon ends on {LAST_DAY}; write "
        'orders_api: "2026-01-01" before, or leave it out'
        for account in loaded.settings.accounts
        if account.orders_api == "v0"
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


def data_sets(rules: Rules) -> tuple[str, ...]:
    """What to ask Amazon for beyond the bare order: only what the mapping uses, buyers' data above all."""
    used = {path for use in all_uses(rules) for _, path in use.paths}
    used |= {CONDITION_NAMES.get(name, name) for _, condition in all_conditions(rules) for name in condition}
    if not all(isinstance(policy, Pooled) for policy in rules.customers.match):
        used.add("buyer.name")
    wanted = ["PROCEEDS", "FULFILLMENT", "TAX", "CANCELLATION"]
    if any(path.startswith("buyer.") for path in used):
        wanted.append("BUYER")
    if any(path.startswith("ship_to.") for path in used):
        wanted.append("RECIPIENT")
    if "order.payment_method" in used:
        wanted.append("PAYMENT")
    return tuple(wanted)
