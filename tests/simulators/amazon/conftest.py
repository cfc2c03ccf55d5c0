"""A clock that stands still, and a caller that talks to the account as a client would."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from jsonschema import Draft4Validator

from adapter.simulators.amazon import SellerAccount
from adapter.simulators.server import Request, Response

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ORDERS = "/orders/2026-01-01/orders"


@dataclass
class Clock:
    """Stands at `now` until a test moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass(frozen=True)
class Answer:
    """An answer with its body read."""

    status: int
    body: Any
    headers: dict[str, str]

    @classmethod
    def of(cls, response: Response) -> Answer:
        return cls(response.status, json.loads(response.body), dict(response.headers))

    @property
    def order_ids(self) -> list[str]:
        return [order["orderId"] for order in self.body["orders"]]

    @property
    def next_token(self) -> str | None:
        return self.body["pagination"]["nextToken"] if "pagination" in self.body else None

    @property
    def message(self) -> str:
        return str(self.body["errors"][0]["message"])

    @property
    def details(self) -> str | None:
        details: str | None = self.body["errors"][0].get("details")
        return details


@dataclass
class Caller:
    """A client with an access token, which it gets on its first call."""

    account: SellerAccount
    clock: Clock
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def ask_token(self, **fields: str) -> Answer:
        """Ask for an access token; `fields` replace those of a good request, empty ones are left out."""
        form = {
            "grant_type": "refresh_token",
            "refresh_token": "Atzr|demo",
            "client_id": "amzn1.application-oa2-client.demo",
            "client_secret": "amzn1.oa2-cs.v1.demo",
        }
        body = urlencode({name: value for name, value in (form | fields).items() if value})
        headers = {"content-type": "application/x-www-form-urlencoded;charset=UTF-8"}
        return Answer.of(self.account.handle(Request("POST", "/auth/o2/token", headers, body.encode())))

    def get(self, path: str, **parameters: object) -> Answer:
        """GET with a good token."""
        if not self.token:
            self.token = self.ask_token().body["access_token"]
        query = f"?{urlencode(parameters)}" if parameters else ""
        headers = {"x-amz-access-token": self.token, "user-agent": "test/1 (Language=Python)"} | self.headers
        return Answer.of(self.account.handle(Request("GET", path + query, headers)))

    def send(self, method: str, path: str, body: object = None, *, grantless: bool = False) -> Answer:
        """Any request; with a fresh token of the application itself if `grantless`."""
        if grantless:
            scope = "sellingpartnerapi::notifications"
            given = self.ask_token(grant_type="client_credentials", refresh_token="", scope=scope)
        else:
            given = self.ask_token()
        headers = {"x-amz-access-token": given.body["access_token"], "user-agent": "test/1 (Language=Python)"}
        data = b"" if body is None else json.dumps(body).encode()
        return Answer.of(self.account.handle(Request(method, path, headers, data)))

    def search(self, **parameters: object) -> Answer:
        """searchOrders; all orders ever created if `parameters` have no lower bound."""
        if not {"createdAfter", "lastUpdatedAfter"} & set(parameters):
            parameters["createdAfter"] = "1970-01-01T00:00:00Z"
        return self.get(ORDERS, **parameters)

    def order(self, order_id: str, **parameters: object) -> Answer:
        """getOrder."""
        return self.get(f"{ORDERS}/{order_id}", **parameters)


@pytest.fixture
def open_account() -> Callable[..., Caller]:
    """Opens an account with the given arguments, unthrottled unless they say otherwise."""

    def open_(orders: Any = 0, **options: Any) -> Caller:
        clock = Clock()
        return Caller(SellerAccount(orders, clock=clock, **({"rates": {}} | options)), clock)

    return open_


MODELS = Path(__file__).parents[3].parent / "shared" / "spapi" / "models"


@pytest.fixture(scope="session")
def official_model() -> Callable[[str], Callable[[str], Draft4Validator]]:
    """Makes what makes validators of the definitions in one of Amazon's own models."""

    def model(name: str) -> Callable[[str], Draft4Validator]:
        file = MODELS / f"{name}.json"
        if not file.is_file():
            pytest.skip(f"no copy of Amazon's model {name} beside the checkout")
        definitions = json.loads(file.read_text(encoding="utf-8"))["definitions"]
        return lambda definition: Draft4Validator(
            {"$ref": f"#/definitions/{definition}", "definitions": definitions},
            format_checker=Draft4Validator.FORMAT_CHECKER,
        )

    return model
