"""What all tests share: the stand-ins behind an httpx transport, without sockets."""

from __future__ import annotations

import httpx
import pytest

from adapter.simulators.server import ConnectionLost, Request, StandIn


class StandInTransport(httpx.BaseTransport):
    """Asks a stand-in directly; its lost answers become what a broken connection looks like to httpx."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        target = request.url.raw_path.decode("ascii")
        try:
            answer = self.stand_in(Request(request.method, target, headers, request.read()))
        except ConnectionLost as lost:
            raise httpx.RemoteProtocolError("the stand-in took the answer away", request=request) from lost
        return httpx.Response(
            answer.status,
            headers=[(name.encode(), value.encode()) for name, value in answer.headers],
            stream=httpx.ByteStream(answer.body),  # `content` would be read at once, and the client reads itself
        )


@pytest.fixture
def transport_to():
    """Makes the transport that leads an `HttpClient` to a stand-in."""
    return StandInTransport
