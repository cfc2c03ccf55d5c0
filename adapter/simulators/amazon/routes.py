"""The routing table: which operation a method and a path mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from urllib.parse import unquote

from adapter.simulators.server import Request, Response


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way to an operation: `path` holds the decoded `{names}` of the route."""

    request: Request
    path: Mapping[str, str]
    now: datetime


Handler: TypeAlias = Callable[[Call], Response]
"""Answers a call, or raises `ApiError`."""


@dataclass(frozen=True, slots=True)
class Route:
    """One operation.

    `template` is a path with `{names}`; `grantless` operations take a token of the grant `client_credentials`, all
    others one that acts for the seller.
    """

    operation: str
    method: str
    template: str
    handler: Handler
    grantless: bool = False


class Routes:
    """A table of routes that any API of the account adds its operations to."""

    def __init__(self) -> None:
        self._routes: list[tuple[re.Pattern[str], Route]] = []

    def add(self, *routes: Route) -> None:
        """Add operations; the first that fits a request wins."""
        for route in routes:
            parts = re.split(r"\{(\w+)\}", route.template)
            pattern = "".join(
                f"(?P<{part}>[^/]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts)
            )
            self._routes.append((re.compile(pattern), route))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route of a request and the decoded values of its `{names}`."""
        for pattern, route in self._routes:
            if route.method == method and (match := pattern.fullmatch(path)):
                return route, {name: unquote(value) for name, value in match.groupdict().items()}
        return None
