"""How many reads at once a publication bears: each connection is a session of 1C, and its pool has an end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from threading import Barrier

from adapter.errors import Unavailable
from adapter.onec.client import InfobaseClient
from adapter.onec.errors import NoSession

MOST_SESSIONS = 10
"""`poolSize` as the designer writes it when it publishes. Source: default.vrd of public repositories."""

Connect = Callable[[], AbstractContextManager[InfobaseClient]]
"""Opens a connection of its own to the infobase."""


@dataclass(frozen=True, slots=True)
class Borne:
    """How many reads at once were answered, and what stopped the counting; empty where nothing did."""

    sessions: int
    stopped_by: str = ""
    pool_is_full: bool = False


def parallel_reads(connect: Connect, target: str, query: str, most: int = MOST_SESSIONS) -> Borne:
    """Read one thing twice at once, three times at once and so on, until 1C has no session left.

    Takes up to `most` sessions, and as many licences, for some seconds.

    Raises:
        ConfigurationError: the thing cannot be read at all.
    """
    with ExitStack() as stack, ThreadPoolExecutor(most) as pool:
        clients: list[InfobaseClient] = []
        for count in range(1, most + 1):
            try:
                clients.append(stack.enter_context(connect()))
                _at_once(pool, clients, target, query)
            except NoSession as problem:
                return Borne(count - 1, str(problem), pool_is_full=True)
            except Unavailable as problem:
                return Borne(count - 1, str(problem))
    return Borne(most)


def _at_once(pool: ThreadPoolExecutor, clients: Sequence[InfobaseClient], target: str, query: str) -> None:
    """One read by every client; the worst of their failures, for a full pool tells more than a slow answer."""
    start = Barrier(len(clients))
    futures = [pool.submit(partial(_read, start, client, target, query)) for client in clients]
    failures = [problem for future in futures if (problem := future.exception()) is not None]
    for kind in (NoSession, Unavailable, BaseException):
        for problem in failures:
            if isinstance(problem, kind):
                raise problem


def _read(start: Barrier, client: InfobaseClient, target: str, query: str) -> None:
    start.wait()
    client.read_rows(target, query)
