"""Stand-in infobases and what is read from them, without sockets."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from adapter.http import HttpClient
from adapter.model.schema import Schema
from adapter.onec.catalogs import Catalogs
from adapter.onec.client import InfobaseClient
from adapter.onec.metadata import parse_metadata
from adapter.onec.query import LONGEST_LINE
from adapter.simulators.onec import Infobase, Modes, load_model
from adapter.simulators.server import StandIn


@dataclass
class Opened:
    """An infobase, what it publishes and its catalogs."""

    infobase: Infobase
    schema: Schema
    catalogs: Catalogs


@pytest.fixture
def open_infobase(transport_to):
    """Opens the stand-in of a model."""

    def open_infobase(model="training"):
        infobase = Infobase(load_model(model), modes=Modes(longest_line=LONGEST_LINE))
        http = HttpClient("http://1c.test", transport=transport_to(StandIn(infobase)))
        client = InfobaseClient(http, f"http://1c.test{infobase.publication}", "odata", "odata")
        schema = parse_metadata(client.read_metadata())
        return Opened(infobase, schema, Catalogs(client, schema))

    return open_infobase
