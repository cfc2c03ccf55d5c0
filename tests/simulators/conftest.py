"""A client of the stand-in infobase that speaks to it without a socket."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from adapter.simulators.onec import Infobase, Model, load_model
from adapter.simulators.server import Request, Response

SAMPLE = Path(__file__).parent / "onec_sample.json"
NOON = datetime.fromisoformat("2024-05-01T12:00:00")
BUYER = "00000000-0000-11ee-8000-0000000000b1"
PRODUCT = "00000000-0000-11ee-8000-0000000000a1"


@dataclass(frozen=True)
class Answer:
    """A response, read."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def value(self) -> Any:
        return self.json["value"]

    @property
    def code(self) -> str | None:
        """The OData code of an error; None where the body is no OData error."""
        if not self.text.startswith("{"):
            return None
        return self.json.get("odata.error", {}).get("code")


def read(response: Response) -> Answer:
    return Answer(response.status, dict(response.headers), response.body.decode("utf-8"))


@dataclass
class OneC:
    """Sends requests to an infobase as one user, asking for JSON unless told otherwise."""

    infobase: Infobase
    user: str = "odata"
    password: str = "odata"
    headers: dict[str, str] = field(default_factory=lambda: {"accept": "application/json", "host": "1c.test"})

    def __call__(self, method: str, target: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """`target` is the address below the service, unquoted; a `str` body goes out as it is."""
        pair = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        sent = {"authorization": f"Basic {pair}", "content-length": "0"} | self.headers | (headers or {})
        path, mark, query = target.partition("?")
        address = f"{self.infobase.publication}/{quote(path, safe='/$()=,')}{mark}{quote(query, safe='$&=+')}"
        content = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        request = Request(method, address, {k: v for k, v in sent.items() if v is not None}, content.encode())
        return read(self.infobase.handle(request))

    def get(self, target: str) -> Any:
        """The JSON of a good answer to a GET."""
        answer = self("GET", target)
        assert answer.status == 200, answer
        return answer.json


@pytest.fixture
def now() -> list[datetime]:
    """The infobase's clock; change its only item to let time pass."""
    return [NOON]


@pytest.fixture
def training(now: list[datetime]) -> OneC:
    """The training configuration with one buyer and one product."""
    infobase = Infobase(load_model("training"), clock=lambda: now[0], sleep=no_sleep)
    infobase.add("Catalog_Customers", {"Ref_Key": BUYER, "Description": "Anna Muster", "first_name": "Anna"})
    infobase.add("Catalog_Products", {"Ref_Key": PRODUCT, "Description": "Teapot", "sku": "TK-20"})
    return OneC(infobase)


@pytest.fixture
def onec_of() -> Callable[[Model], OneC]:
    """Makes a client: `onec_of(model)`."""
    return lambda model: OneC(Infobase(model, clock=lambda: NOON, sleep=no_sleep))


@pytest.fixture(scope="session")
def sample_model() -> Model:
    return load_model(SAMPLE)


@pytest.fixture
def sample(sample_model: Model, now: list[datetime]) -> OneC:
    """A configuration with Cyrillic names and every kind of attribute and register, with one buyer."""
    infobase = Infobase(sample_model, clock=lambda: now[0], sleep=no_sleep)
    infobase.add("Catalog_Контрагенты", {"Ref_Key": BUYER, "Description": "Альфа", "ИНН": "7701"})
    return OneC(infobase)


def no_sleep(seconds: float) -> None:
    raise AssertionError(f"nothing should sleep, asked for {seconds} s")
