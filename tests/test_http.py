"""One request over real sockets: its outcome has a name, whatever the other side does."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpcore
import pytest

from adapter.errors import ConfigurationError, OutcomeUnknown, Unavailable
from adapter.http import Answer, HttpClient, NoAnswer, NotSent, Redirected
from adapter.simulators.faults import Fault
from adapter.simulators.server import Request, Response, RunningServer, StandIn

HELLO = Response(200, b"hello", (("Content-Type", "text/plain"),))


@dataclass
class Echo:
    """A service that answers with one prepared answer and remembers what it was asked."""

    answer: Response = HELLO
    asked: list[Request] = field(default_factory=list)

    def handle(self, request: Request) -> Response:
        self.asked.append(request)
        return self.answer

    def error(self, status: int) -> Response:
        return Response.json(status, {"errors": []})


@contextlib.contextmanager
def serving(service: Echo, *faults: Fault) -> Iterator[RunningServer]:
    stand_in = StandIn(service)
    for fault in faults:
        stand_in.faults.add(fault)
    with RunningServer(stand_in) as server:
        yield server


@contextlib.contextmanager
def raw(*answers: bytes, kept: list[socket.socket] | None = None) -> Iterator[str]:
    """A server that sends these bytes, one for each connection, whatever it is asked.

    Args:
        kept: takes the connections, which then stay open.
    """
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        for text in answers:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            connection.recv(65536)
            if kept is not None:
                kept.append(connection)
            connection.sendall(text)
            if kept is None:
                # A close with something unread would reset the connection and take the answer along.
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(10)
                with contextlib.suppress(OSError):
                    while connection.recv(65536):
                        pass
                connection.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()
        for connection in kept or ():
            connection.close()


def ask(address: str, method: str = "POST", *, deadline: float = 10, limit: int = 1000) -> Answer:
    with HttpClient(address, deadline=deadline) as client:
        return client.send(method, "/path?q=1", headers={"X-Token": "secret"}, body=b"{}", limit=limit)


def test_an_answer():
    service = Echo()
    with serving(service) as server:
        answer = ask(server.address)
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, b"hello", "text/plain")
    (request,) = service.asked
    assert (request.method, request.target, request.body) == ("POST", "/path?q=1", b"{}")
    assert (request.headers["accept-encoding"], request.headers["x-token"]) == ("identity", "secret")


@pytest.mark.parametrize("status", [204, 400, 401, 404, 412, 429, 500, 503])
def test_every_status_but_a_redirect_is_an_answer(status):
    with serving(Echo(Response(status, b"" if status == 204 else b"no"))) as server:
        assert ask(server.address).status == status


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(NotSent, match="cannot be reached: connection refused or host unknown") as caught:
        ask(address)
    assert isinstance(caught.value, Unavailable)


def test_no_such_host():
    with pytest.raises(NotSent, match=r"nobody\.invalid cannot be reached"):
        ask("http://nobody.invalid")


@pytest.mark.parametrize("after_commit", [False, True])
@pytest.mark.parametrize("action", ["lost", "reset"])
def test_the_connection_breaks(action, after_commit):
    service = Echo()
    with serving(service, Fault(action, after_commit=after_commit)) as server:
        with pytest.raises(NoAnswer, match="gave no complete answer") as caught:
            ask(server.address)
        assert isinstance(caught.value, OutcomeUnknown)
        assert len(service.asked) == after_commit


@pytest.mark.parametrize(
    "text",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"this is not HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
        b"",
    ],
    ids=["cut", "cut chunks", "no chunks", "two lengths", "no HTTP", "long header", "nothing"],
)
def test_what_is_no_complete_answer(text):
    with raw(text) as address, pytest.raises(NoAnswer):
        ask(address)


def test_an_answer_without_a_length_ends_with_the_connection():
    """Whether it is whole cannot be told here; whoever reads it demands a complete document."""
    with raw(b"HTTP/1.1 200 OK\r\n\r\nhel") as address:
        assert ask(address).body == b"hel"


def test_the_deadline_is_for_the_whole_request():
    """Each byte comes in time, the answer does not."""
    with serving(Echo(), Fault("drip", seconds=0.02)) as server, pytest.raises(NoAnswer, match="no answer in time"):
        ask(server.address, deadline=0.15)


def test_a_server_that_never_answers_uses_up_no_connection():
    with raw(*[b""] * 20, kept=[]) as address, HttpClient(address, deadline=0.02) as client:
        for _ in range(20):
            with pytest.raises(NoAnswer, match="no answer in time"):
                client.send("GET", "/", headers={})


def test_the_client_works_again_after_a_failure():
    with serving(Echo(), Fault("lost"), Fault("reset")) as server, HttpClient(server.address) as client:
        for _ in range(2):
            with pytest.raises(NoAnswer):
                client.send("GET", "/", headers={})
        assert client.send("GET", "/", headers={}).status == 200


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_given_up(chunked):
    text = b"x" * 5000
    body = b"1388\r\n" + text + b"\r\n0\r\n\r\n" if chunked else text
    head = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: 5000"
    with raw(*[b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body] * 2) as address:
        with pytest.raises(NoAnswer, match="sent more than 4,999 bytes"):
            ask(address, limit=4999)
        assert ask(address, limit=5000).body == text


def test_a_compressed_answer_is_given_up_unread():
    """None was asked for, and a small one may unpack into gigabytes."""
    answer = Response(200, gzip.compress(bytes(1_000_000)), (("Content-Encoding", "gzip"),))
    with serving(Echo(answer)) as server, pytest.raises(NoAnswer, match="compressed answer"):
        ask(server.address)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(status):
    """Nothing reaches the second host, least of all a token."""
    second = Echo()
    with serving(second) as there:
        first = Echo(Response(status, b"", (("Location", f"{there.address}/elsewhere?token=x"),)))
        with serving(first) as here, pytest.raises(Redirected) as caught:
            ask(here.address)
    assert (len(first.asked), second.asked) == (1, [])
    assert str(caught.value) == (
        f"127.0.0.1:{here.port} redirects to 127.0.0.1:{there.port}; put the final address into the settings"
    )
    assert isinstance(caught.value, ConfigurationError)


@pytest.mark.parametrize("location", ["/login", "", "file:///etc/passwd"])
def test_a_redirect_to_no_host(location):
    page = Echo(Response(302, b"", (("Location", location),)))
    with serving(page) as server, pytest.raises(Redirected, match="redirects to another page"):
        ask(server.address)


def test_no_proxy_from_the_environment(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(Echo()) as server:
        assert ask(server.address).status == 200


def test_the_connection_is_used_again():
    service = Echo()
    with serving(service) as server, HttpClient(server.address) as client:
        accepted = []
        original = server._server.get_request
        server._server.get_request = lambda: accepted.append(original()) or accepted[-1]
        for _ in range(3):
            client.send("GET", "/", headers={})
    assert (len(service.asked), len(accepted)) == (3, 1)


@pytest.mark.parametrize(("idle", "connections"), [(14, 1), (16, 2), (21, 2)])
def test_a_connection_is_left_before_1c_ends_its_session(monkeypatch, idle, connections):
    """1C keeps a session for 20 s; a connection used later would only find out that it is gone."""
    clock = time.monotonic
    with serving(Echo()) as server, HttpClient(server.address) as http:
        made = []
        connect = httpcore.SyncBackend.connect_tcp
        monkeypatch.setattr(
            httpcore.SyncBackend, "connect_tcp", lambda *args, **kw: made.append(args) or connect(*args, **kw)
        )
        http.send("GET", "/", headers={})
        monkeypatch.setattr(time, "monotonic", lambda: clock() + idle)
        http.send("GET", "/", headers={})
    assert len(made) == connections


def test_a_connection_that_the_server_has_closed_meanwhile():
    """It is noticed before anything is sent: a new one is made, no outcome is unknown."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    kept: list[socket.socket] = []
    with raw(answer, answer, kept=kept) as address, HttpClient(address) as client:
        for _ in range(2):
            assert client.send("POST", "/", headers={}, body=b"").body == b"ok"
            kept[-1].close()
    assert len(kept) == 2


class Recorded(httpcore.NetworkStream):
    """A socket that remembers what it was given at once."""

    def __init__(self, inner, written):
        self._inner, self._written = inner, written

    def read(self, max_bytes, timeout=None):
        return self._inner.read(max_bytes, timeout)

    def write(self, buffer, timeout=None):
        self._written.append(bytes(buffer))
        self._inner.write(buffer, timeout)

    def get_extra_info(self, info):
        return self._inner.get_extra_info(info)

    def close(self):
        self._inner.close()


@pytest.fixture
def written(monkeypatch):
    """What went to the sockets, write by write."""
    connect, written = httpcore.SyncBackend.connect_tcp, []
    monkeypatch.setattr(
        httpcore.SyncBackend, "connect_tcp", lambda *args, **kw: Recorded(connect(*args, **kw), written)
    )
    return written


def test_head_and_body_are_sent_in_one_go(written):
    """A server that answers a packet late would otherwise hold up each request."""
    service, bodies = Echo(), [b"x" * 20_000, b"", b"{}"]
    with serving(service) as server, HttpClient(server.address) as client:
        for body in bodies:
            assert client.send("POST", "/", headers={}, body=body).status == 200
    assert [request.body for request in service.asked] == bodies
    assert [data.partition(b"\r\n\r\n")[2] for data in written] == bodies


def test_a_large_body_arrives_whole(written):
    service, body = Echo(), bytes(range(256)) * 4000
    with serving(service) as server, HttpClient(server.address) as client:
        client.send("POST", "/", headers={}, body=body)
    assert service.asked[0].body == body
    assert b"".join(written).endswith(body)


@pytest.mark.parametrize(
    ("headers", "agent"), [({}, "amazon1c"), ({"User-Agent": "shop/1.0"}, "shop/1.0")], ids=["default", "given"]
)
def test_every_request_says_who_asks(written, headers, agent):
    with serving(Echo()) as server, HttpClient(server.address) as client:
        client.send("GET", "/", headers=headers)
    lines = written[0].decode().lower().split("\r\n")
    assert [line for line in lines if line.startswith("user-agent:")] == [f"user-agent: {agent}"]
    assert len({line.partition(":")[0] for line in lines[1:-2]}) == len(lines[1:-2])


def test_requests_of_several_threads_queue():
    """One client is one connection, and at 1C one session."""
    service = Echo()
    with serving(service, Fault("delay", seconds=0.01, times=0)) as server, HttpClient(server.address) as client:
        answers: list[Answer] = []
        threads = [
            threading.Thread(target=lambda: answers.append(client.send("GET", "/", headers={}))) for _ in range(5)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [answer.status for answer in answers] == [200] * 5


def test_tls_that_is_none():
    """Nothing was sent: the handshake failed."""
    with raw(b"HTTP/1.1 200 OK\r\n\r\n") as address, pytest.raises(NotSent, match=r"TLS: .*; set ca_file"):
        ask(address.replace("http:", "https:"))


def test_certificates_that_cannot_be_read(tmp_path):
    (tmp_path / "ca.pem").write_text("no certificate")
    for file in (tmp_path / "ca.pem", tmp_path / "absent.pem"):
        with pytest.raises(ConfigurationError, match=rf"{file}: no readable certificates in PEM form"):
            HttpClient("https://1c.test", ca_file=file)


def test_old_tls_is_not_spoken():
    assert ssl.create_default_context().minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("address", ["", "1c.test/base", "ftp://1c.test", "http://", "file:///etc/passwd"])
def test_what_is_no_address(address):
    with pytest.raises(ConfigurationError, match="is no address; write it as https://host/path"):
        HttpClient(address)


def test_a_user_in_the_address_is_not_shown():
    with pytest.raises(NotSent) as caught:
        ask("http://user:password@nobody.invalid")
    assert "password" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "html"),
    [
        (Answer(200, {"content-type": "Text/HTML; charset=utf-8"}, b"{}"), True),
        (Answer(200, {"content-type": "application/json"}, b"\xef\xbb\xbf\r\n <!DOCTYPE HTML><html>"), True),
        (Answer(200, {}, b"<HTML lang='ru'>"), True),
        (Answer(200, {"content-type": "application/json"}, b'{"a": "<html>"}'), False),
        (Answer(200, {"content-type": "application/xml"}, b"<?xml version='1.0'?><error/>"), False),
        (Answer(204), False),
    ],
)
def test_a_page_for_people(answer, html):
    assert answer.is_html is html
