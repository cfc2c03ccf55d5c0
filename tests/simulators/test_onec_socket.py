"""The infobase over a real socket: a kept connection, raw Cyrillic in a header, verbs of its own."""

from __future__ import annotations

import base64
import http.client
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from adapter.simulators.onec import Infobase, load_model
from adapter.simulators.server import RunningServer, StandIn

UT = Path(__file__).parents[2].parent / "shared" / "onec" / "metadata" / "models" / "ut-11.5.json"
HEADERS = {
    "Authorization": "Basic " + base64.b64encode("Администратор:пароль".encode()).decode(),
    "Accept": "application/json",
}


@pytest.fixture
def connection():
    if not UT.is_file():
        pytest.skip("the model of УТ 11.5 is not on this machine")
    infobase = Infobase(load_model(UT), "Администратор", "пароль", publication="/ut/odata/standard.odata")
    with RunningServer(StandIn(infobase)) as server:
        found = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        yield found
        found.close()


def ask(connection, method, target, body=None):
    content = None if body is None else json.dumps(body).encode()
    headers = HEADERS if body is None else HEADERS | {"Content-Type": "application/json"}
    connection.request(method, f"/ut/odata/standard.odata/{quote(target, safe='/$?()=&')}", content, headers)
    response = connection.getresponse()
    return response, response.read()


def test_one_connection_serves_a_whole_conversation(connection):
    connection.connect()
    port = connection.sock.getsockname()[1]
    response, content = ask(connection, "POST", "Catalog_Партнеры", {"Description": "Анна Мустер"})
    key = json.loads(content)["Ref_Key"]
    assert response.status == 201
    # http.client reads headers as Latin-1; the bytes on the wire are UTF-8, not percent-encoded.
    location = response.getheader("Location").encode("latin-1").decode("utf-8")
    assert location == (f"http://127.0.0.1:{connection.port}/ut/odata/standard.odata/Catalog_Партнеры(guid'{key}')")

    one = f"Catalog_Партнеры(guid'{key}')"
    response, content = ask(connection, "PATCH", one, {"Description": "Анна М."})
    assert (response.status, json.loads(content)["Description"]) == (200, "Анна М.")
    response, content = ask(connection, "GET", "Catalog_Партнеры?$filter=Description eq 'анна м.'&$select=Ref_Key")
    assert json.loads(content)["value"] == [{"Ref_Key": key}]
    assert ask(connection, "MERGE", one)[0].status == 405
    assert ask(connection, "HEAD", one)[0].status == 405
    assert ask(connection, "DELETE", one)[0].status == 204
    assert ask(connection, "GET", one)[0].status == 404
    assert connection.sock.getsockname()[1] == port
