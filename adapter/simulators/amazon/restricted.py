"""The Tokens API: Restricted Data Tokens, and what each of them opens.

Source: SP-API model tokens_2021-03-01; amzn/selling-partner-api-models issue 1723 for the refusal.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapter.simulators.amazon.answers import ApiError
from adapter.simulators.amazon.routes import Call, Route
from adapter.simulators.amazon.wire import Wire
from adapter.simulators.server import Request, Response

PATH = "/tokens/2021-03-01/restrictedDataToken"
LIFETIME = timedelta(hours=1)
MOST_RESOURCES = 50
PREFIX = "Atz.sprdt|"
ELEMENTS = frozenset({"buyerInfo", "shippingAddress", "buyerTaxInformation"})

_ORDERS = "/orders/v0/orders"
_ORDER = rf"{_ORDERS}/(?:\{{orderId\}}|[^/{{}}]+)"
_NAMED = {  # operations that want their data elements named, with those that there are
    re.compile(_ORDERS): ELEMENTS,
    re.compile(_ORDER): ELEMENTS,
    re.compile(f"{_ORDER}/orderItems"): frozenset({"buyerInfo"}),
}
_FIXED = {  # operations with one kind of data
    re.compile(f"{_ORDER}/address"): "shippingAddress",
    re.compile(f"{_ORDER}/buyerInfo"): "buyerInfo",
    re.compile(f"{_ORDER}/orderItems/buyerInfo"): "buyerInfo",
}


@dataclass(frozen=True, slots=True)
class _Opened:
    method: str
    path: re.Pattern[str]
    elements: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Token:
    opened: tuple[_Opened, ...]
    expires_at: datetime


class RestrictedTokens:
    """Restricted tokens of one application.

    Not safe for several threads: the account holds its lock.

    Args:
        roles: the data elements that the application may see.
    """

    def __init__(self, roles: Iterable[str] = ELEMENTS) -> None:
        self.roles = frozenset(roles)
        self._tokens: dict[str, _Token] = {}
        self._given = 0

    def routes(self) -> tuple[Route, ...]:
        """The operation for the routing table."""
        return (Route("createRestrictedDataToken", "POST", PATH, self.create),)

    def create(self, call: Call) -> Response:
        """POST /tokens/2021-03-01/restrictedDataToken."""
        opened = tuple(self._opened(resource) for resource in _resources(call.request))
        self._given += 1
        digest = hashlib.sha256(f"{self._given}/{call.now.isoformat()}".encode()).hexdigest()
        token = f"{PREFIX}{digest}"
        self._tokens[token] = _Token(opened, call.now + LIFETIME)
        return Response.json(200, {"restrictedDataToken": token, "expiresIn": int(LIFETIME.total_seconds())})

    def elements(self, request: Request, now: datetime) -> frozenset[str] | None:
        """What the request's token opens of its path; None: it is none of ours, is too old, or is for other paths."""
        token = self._tokens.get(request.headers.get("x-amz-access-token", ""))
        if token is None or now >= token.expires_at:
            return None
        found = [part for part in token.opened if part.method == request.method and part.path.fullmatch(request.path)]
        return frozenset().union(*(part.elements for part in found)) if found else None

    def revoke(self) -> None:
        """Forget all tokens given so far."""
        self._tokens.clear()

    def _opened(self, resource: Wire) -> _Opened:
        path = str(resource.get("path", ""))
        wanted = self._wanted(resource, path)
        # Only one with names in the request is refused at once; the others are refused when they are used.
        if refused := sorted(wanted - self.roles) if "dataElements" in resource else []:
            raise _refusal(
                f"Application does not have access to one or more requested data elements: [{', '.join(refused)}]"
            )
        pattern = "[^/]+".join(re.escape(part) for part in path.split("{orderId}"))
        return _Opened(str(resource["method"]), re.compile(pattern), wanted & self.roles)

    def _wanted(self, resource: Wire, path: str) -> frozenset[str]:
        if resource.get("method") != "GET":
            raise _refusal("Resource not provided.")
        for pattern, known in _NAMED.items():
            if pattern.fullmatch(path):
                elements = frozenset(resource.get("dataElements") or ())
                if not elements or not elements <= known:
                    raise _refusal("Data elements are missing or are not those of the resource.")
                return elements
        for pattern, element in _FIXED.items():
            if pattern.fullmatch(path):
                return frozenset({element})
        raise _refusal("Resource not provided.")


def _resources(request: Request) -> list[Wire]:
    try:
        body: Any = json.loads(request.body)
        resources = body["restrictedResources"]
    except (ValueError, KeyError, TypeError):
        raise _refusal("Resource not provided.") from None
    if not isinstance(resources, list) or not 1 <= len(resources) <= MOST_RESOURCES:
        raise _refusal("Resource not provided.")
    if not all(isinstance(resource, dict) for resource in resources):
        raise _refusal("Resource not provided.")
    return resources


def _refusal(details: str) -> ApiError:
    problem = ApiError(400, "Request is missing or has invalid parameters", details)
    problem.code = "InvalidRequest"
    return problem
