"""Builds the objects of a run from the settings; the one place where all parts meet."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from functools import partial
from importlib.metadata import version
from pathlib import Path

from adapter.amazon.auth import LwaTokens, TokenStore
from adapter.amazon.budget import LIMITS, SANDBOX_LIMITS, Budget, BudgetStore
from adapter.amazon.calls import Calls
from adapter.amazon.catalog_items import CatalogItemsClient
from adapter.amazon.marketplaces import LWA_ENDPOINT, MARKETPLACES, Region, by_country
from adapter.amazon.orders import GET_ORDER, SEARCH_ORDERS, OrdersClient
from adapter.amazon.orders_v0 import GET_ITEMS, GET_ORDERS, LAST_DAY, OrdersV0Client
from adapter.amazon.query import user_agent
from adapter.amazon.reports import ReportsClient
from adapter.amazon.sellers import PARTICIPATIONS, SellersClient
from adapter.errors import AdapterError, ConfigurationError
from adapter.http import HttpClient
from adapter.ledger import Ledger
from adapter.listening import missing_for_queue, open_inbox, secret_keeper
from adapter.mapping.load import LoadedRules, load_mapping
from adapter.model.bucket import Bucket
from adapter.onec.client import InfobaseClient
from adapter.parts import Parts
from adapter.planning.books import Identity
from adapter.reading.account import Account, OldOrders, OrdersReader
from adapter.reading.backfill import SEARCH_RESERVE
from adapter.reading.backlog import Backlog, backlog
from adapter.reading.data_sets import ALWAYS_NEEDED, Wanted, wanted_data
from adapter.reading.marketplaces import AccountCheck, check_participations, describe
from adapter.reading.pace import Pace
from adapter.reading.refusals import YieldingReader
from adapter.settings import AccountSettings, Loaded, load_settings

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
def open_parts(
    loaded: Loaded, ledger: Ledger, *, refresh: timedelta | None = None, background: bool = False
) -> Iterator[Parts]:
    """Everything a run works with, its connections open until the block ends.

    Args:
        refresh: how old the copies of catalogs may be; by default what the settings say.
        background: customers are read anew by a connection of their own while the old ones serve, as in a service; not
            where the infobase bears a single session only.

    Raises:
        ConfigurationError: everything that is wrong with the mapping or the credentials.
    """
    settings = loaded.settings
    mapping = load_mapping(loaded.path(settings.mapping))
    infobase = settings.infobase
    wanted = wanted_by_accounts(loaded, mapping)
    budgets: dict[str, Budget] = {}
    with ExitStack() as connections:
        clients = [connections.enter_context(open_infobase(loaded)) for _ in range(infobase.sessions)]
        accounts = [
            _account(loaded, account, ledger, wanted[account.name], budgets, connections)
            for account in settings.accounts
        ]
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
            connect=(lambda: open_infobase(loaded)) if background and infobase.sessions > 1 else None,
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
        if account.notifications is not None:
            missing += missing_for_queue(loaded, account)
    return tuple(missing)


def _account(
    loaded: Loaded,
    settings: AccountSettings,
    ledger: Ledger,
    wanted: Wanted,
    budgets: dict[str, Budget],
    connections: ExitStack,
) -> Account:
    region, notifications = Region(settings.region), settings.notifications
    budget = _budget(settings, ledger.notes, budgets)
    calls = open_calls(loaded, settings, budget, connections, ledger.access_tokens)
    marketplace_ids = _marketplaces(settings, region)
    return Account(
        name=settings.name,
        seller_id=settings.seller_id,
        client=_reader(settings, calls, ledger, wanted, marketplace_ids),
        read_from=datetime.combine(settings.read_from, time_of_day(), UTC),
        marketplace_ids=marketplace_ids,
        included=wanted.asked,
        quiet_poll=timedelta(seconds=notifications.poll_seconds) if notifications else None,
        needed=frozenset(wanted.needed),
        check=AccountCheck(settings.name, SellersClient(calls, region), marketplace_ids),
        items=CatalogItemsClient(calls),
        old=OldOrders(
            ReportsClient(calls),
            lambda: budget.seconds_until(_operations(settings)[0], SEARCH_RESERVE + 1),
            region_marketplaces(region),
        ),
        pace=_pace(settings, budget),
    )


def marketplaces_of_account(settings: AccountSettings) -> tuple[str, ...]:
    """The ids of the marketplaces that an account is read of: those of the settings, else all of its region.

    Raises:
        ConfigurationError: it names a marketplace that its region does not have.
    """
    region = Region(settings.region)
    return _marketplaces(settings, region) or region_marketplaces(region)


def region_marketplaces(region: Region) -> tuple[str, ...]:
    """The ids of all marketplaces of a region, as far as Amazon's table tells them."""
    return tuple(facts.marketplace_id for facts in MARKETPLACES.values() if facts.region is region)


def own_budget(settings: AccountSettings) -> Budget:
    """A budget of one's own: a command that only looks may not write beside a running service."""
    return _budget(settings, _KeptHere(), {})


def open_calls(
    loaded: Loaded,
    settings: AccountSettings,
    budget: Budget,
    connections: ExitStack,
    store: TokenStore | None = None,
) -> Calls:
    """Calls that act for one seller account.

    Args:
        store: keeps access tokens for the next run.

    Raises:
        ConfigurationError: a credential is missing.
    """
    tokens = LwaTokens(
        connections.enter_context(HttpClient(settings.login_endpoint or LWA_ENDPOINT, deadline=30)),
        settings.client_id,
        loaded.secret(f"amazon-{settings.name}-client-secret"),
        loaded.secret(f"amazon-{settings.name}-refresh-token"),
        now,
        account=settings.name,
        store=store,
    )
    return Calls(
        connections.enter_context(HttpClient(_endpoint(settings), deadline=60)),
        tokens,
        budget,
        account=settings.name,
        user_agent=user_agent("Amazon1C", version(DISTRIBUTION), {"Language": f"Python/{platform.python_version()}"}),
        now=now,
    )


def _reader(
    settings: AccountSettings, calls: Calls, ledger: Ledger, wanted: Wanted, marketplace_ids: tuple[str, ...]
) -> OrdersReader:
    """The version of the Orders API that the account is read by."""
    if settings.orders_api == "v0":
        region = Region(settings.region)
        return OrdersV0Client(calls, marketplace_ids or region_marketplaces(region), now, wanted.private)
    extra = set(wanted.asked) - set(wanted.needed)
    return YieldingReader(OrdersClient(calls, wanted.private), settings.name, ledger, now, extra)


def _pace(settings: AccountSettings, budget: Budget) -> Pace:
    return Pace(budget, *_operations(settings), whole_pages=settings.orders_api != "v0")


def _operations(settings: AccountSettings) -> tuple[str, str]:
    """What brings a page of orders and a single one, in the version of the Orders API that the account is read by."""
    return (GET_ORDERS, GET_ITEMS) if settings.orders_api == "v0" else (SEARCH_ORDERS, GET_ORDER)


def backlog_of(settings: AccountSettings, ledger: Ledger, wanted: int) -> Backlog | None:
    """What is still to be read of an account.

    Args:
        wanted: how many orders are to be asked for by themselves.
    """
    return backlog(
        ledger.orders.cursor(settings.name),
        wanted,
        partial(ledger.notes.load_bucket, budget_name(settings)),
        SANDBOX_LIMITS if _in_sandbox(settings) else LIMITS,
        _operations(settings),
        now(),
        whole_pages=settings.orders_api != "v0",
    )


def deprecated(loaded: Loaded) -> tuple[str, ...]:
    """What in the settings will not work for ever, in words."""
    return tuple(
        f"account {account.name} is read by the Orders API v0, which Amazon ends on {LAST_DAY}; write "
        'orders_api: "2026-01-01" before, or leave it out'
        for account in loaded.settings.accounts
        if account.orders_api == "v0"
    )


def _endpoint(settings: AccountSettings) -> str:
    return settings.endpoint or Region(settings.region).endpoint


def _budget(settings: AccountSettings, store: BudgetStore, known: dict[str, Budget]) -> Budget:
    """The budget of calls; accounts of one seller in one region share it.

    Each region has an endpoint, and so buckets, of its own. Amazon's sandbox has limits of its own too, which must not
    be taken for the live ones.
    """
    seller, sandbox = budget_name(settings), _in_sandbox(settings)
    if seller not in known:
        limits = SANDBOX_LIMITS if sandbox else LIMITS
        known[seller] = Budget(seller, store, now=now, monotonic=time.monotonic, limits=limits)
    return known[seller]


def budget_name(settings: AccountSettings) -> str:
    """Under which the ledger keeps the buckets of an account."""
    return f"{settings.seller_id}@{settings.region}" + ("@sandbox" if _in_sandbox(settings) else "")


def _in_sandbox(settings: AccountSettings) -> bool:
    return _endpoint(settings) == Region(settings.region).sandbox_endpoint


class _KeptHere:
    """Buckets that end with their command."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def load_bucket(self, seller: str, operation: str) -> Bucket | None:
        return self._buckets.get((seller, operation))

    def save_bucket(self, seller: str, operation: str, bucket: Bucket) -> None:
        self._buckets[seller, operation] = bucket


def check_accounts(loaded: Loaded) -> tuple[str, ...]:
    """Ask Amazon whether each account is the one that the settings mean; accounts without credentials are left out.

    Returns:
        What was found, in words; that Amazon does not answer is no problem of the settings.

    Raises:
        ConfigurationError: every account that does not fit.
    """
    found: list[str] = []
    problems: list[object] = []
    for settings in loaded.settings.accounts:
        region = Region(settings.region)
        with ExitStack() as connections:
            try:
                calls = open_calls(loaded, settings, own_budget(settings), connections)
            except ConfigurationError:
                continue  # told by `missing_for_amazon`
            try:
                told = SellersClient(calls, region).participations()
                problems += check_participations(settings.name, region, _marketplaces(settings, region), told)
            except AdapterError as problem:
                # Refused where the sellers are asked: a role of the application may be missing that orders do without.
                if isinstance(problem, ConfigurationError) and PARTICIPATIONS not in str(problem):
                    problems += problem.details
                    continue
                found.append(f"account {settings.name}: not checked: {problem}")
            else:
                found.append(f"account {settings.name}: {describe(told)}")
    if problems:
        raise ConfigurationError(problems)
    return tuple(found)


def _marketplaces(settings: AccountSettings, region: Region) -> tuple[str, ...]:
    """Marketplace ids for country codes; ids stay as they are."""
    found = []
    for name in settings.marketplaces:
        facts = by_country(name) if len(name) == 2 else None
        if len(name) == 2 and (facts is None or facts.region is not region):
            raise ConfigurationError(f"account {settings.name}: there is no marketplace {name} in the region {region}")
        found.append(facts.marketplace_id if facts else name)
    return tuple(found)
