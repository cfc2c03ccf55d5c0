"""Sessions that we control ourselves, at a publication in mode `use`."""

from __future__ import annotations

import pytest

from adapter.http import HttpClient
from adapter.onec.client import InfobaseClient
from adapter.simulators.onec import Infobase, Modes, load_model
from adapter.simulators.server import StandIn

ADDRESS = "http://infobase.test/training"


@pytest.fixture
def infobase():
    return Infobase(load_model("training"), modes=Modes(client_sessions=True, pool_size=2))


@pytest.fixture
def connect(infobase, transport_to):
    clients = []

    def connect(own_session=True):
        http = HttpClient(ADDRESS, transport=transport_to(StandIn(infobase)))
        client = InfobaseClient(http, ADDRESS, "odata", "odata", own_session=own_session)
        clients.append((client, http))
        return client

    yield connect
    for client, http in clients:
        client.close()
        http.close()


def test_one_session_for_all_requests(connect, infobase):
    client = connect()
    for _ in range(5):
        client.read_rows("Catalog_Customers")
    client.create("Catalog_Customers", {"Description": "Anna Schmidt"})
    assert (infobase.client_sessions.started, len(infobase.client_sessions)) == (1, 1)


def test_it_is_given_back(connect, infobase):
    client = connect()
    client.read_rows("Catalog_Customers")
    client.close()
    assert len(infobase.client_sessions) == 0


def test_a_session_that_has_ended_is_started_anew(connect, infobase):
    """1C answers 400 and does nothing; so a write may be sent once more."""
    client = connect()
    client.read_rows("Catalog_Customers")
    infobase.client_sessions.forget()
    client.create("Catalog_Customers", {"Description": "Anna Schmidt"})
    infobase.client_sessions.forget()
    assert len(client.read_rows("Catalog_Customers")) == 1
    assert infobase.client_sessions.started == 3


def test_without_it_none_is_started(connect, infobase):
    connect(own_session=False).read_rows("Catalog_Customers")
    assert infobase.client_sessions.started == 0
