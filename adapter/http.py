"""The only way to the network: one request at a time, bounded in time and bytes, with its outcome named.

Rules for both remote systems: no redirects, no proxy from the environment, TLS verified, no compressed bodies, and an
overall deadline, since a time-out of a library bounds each read and not the request.
"""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import httpcore
import httpx

from adapter.errors import ConfigurationError, OutcomeUnknown, Unavailable

MEGABYTE = 1_000_000
CONNECT_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 15.0  # below the 20 s for which 1C keeps a session for reuse

_ALWAYS = {"accept": "*/*", "accept-encoding": "identity", "connection": "keep-alive", "user-agent": "amazon1c"}


class NotSent(Unavailable):
    """The request never reached the other side."""


class NoAnswer(OutcomeUnknown):
    """The request went out and no complete answer came back; for a read, that is merely unavailable."""


class TooLarge(NoAnswer):
    """More bytes came than the caller reads; the answer was given up."""


class Redirected(ConfigurationError):
    """The other side pointed somewhere else; redirects are never followed, they would carry credentials along."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete HTTP answer. Header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def is_html(self) -> bool:
        """A page for people: from a web server or proxy, never data."""
        kind = self.headers.get("content-type", "").lower()
        return "html" in kind or self.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:14].lower().startswith(
            (b"<!doctype html", b"<html")
        )


class HttpClient:
    """A connection to one origin. Requests queue: one client is one connection, and at 1C one session.

    Args:
        origin: scheme, host and port; everything behind them is ignored.
        deadline: seconds for a whole request, connecting included.
        ca_file: certificates to trust instead of the public ones, for an infobase with its own authority.
        transport: replaces the network; for tests.
    """

    def __init__(
        self,
        origin: str,
        *,
        deadline: float = 60.0,
        ca_file: Path | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ConfigurationError(f"{origin!r} is no address; write it as https://host/path")
        self.host = parts.netloc.rpartition("@")[2]
        self._origin = f"{parts.scheme}://{self.host}"
        self._lock = threading.Lock()
        self._cookies = httpx.Cookies()
        self._transport = transport or _DeadlineTransport(_tls(ca_file), deadline)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def forget_cookies(self) -> None:
        """Send no cookie again that the other side has set."""
        with self._lock:
            self._cookies.clear()

    def send(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        limit: int = 8 * MEGABYTE,
    ) -> Answer:
        """Send one request and read its whole answer, whatever the status.

        Args:
            target: path and query, already percent-encoded.
            limit: bytes of body after which the answer is given up.

        Raises:
            NotSent: no connection; nothing happened on the other side.
            NoAnswer: the connection broke, the deadline passed or the answer was too large.
            Redirected: the answer was a redirect.
        """
        try:
            sent = {**_ALWAYS, **{name.lower(): value for name, value in headers.items()}}
            request = httpx.Request(method, self._origin + target, headers=sent, content=body)
            with self._lock:
                return self._exchange(request, limit)
        except _NOT_SENT as problem:
            raise NotSent(f"{self.host} cannot be reached: {_reason(problem)}") from problem
        except _BROKEN as problem:
            raise NoAnswer(f"{self.host} gave no complete answer: {_reason(problem)}") from problem

    def _exchange(self, request: httpx.Request, limit: int) -> Answer:
        """One request and its answer over the transport alone: httpx's client adds redirects, proxies and hooks."""
        if self._cookies:
            self._cookies.set_cookie_header(request)
        response = self._transport.handle_request(request)
        try:
            received = _headers(response)
            if "set-cookie" in received:
                response.request = request
                self._cookies.extract_cookies(response)
            if 300 <= response.status_code < 400:
                host = urlsplit(received.get("location", "")).netloc or "another page"
                raise Redirected(f"{self.host} redirects to {host}; put the final address into the settings")
            if received.get("content-encoding", "identity") != "identity":
                raise NoAnswer(f"{self.host} sent a compressed answer although none was asked for")
            assert isinstance(response.stream, httpx.SyncByteStream)  # noqa: S101 - the transport is synchronous
            return Answer(response.status_code, received, self._read(response.stream, limit))
        finally:
            response.close()

    def _read(self, chunks: Iterable[bytes], limit: int) -> bytes:
        parts: list[bytes] = []
        size = 0
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise TooLarge(f"{self.host} sent more than {limit:,} bytes; the answer was given up")
            parts.append(chunk)
        return b"".join(parts)


def _headers(response: httpx.Response) -> dict[str, str]:
    """Names in lower case; what came several times is joined. 1C sends raw Cyrillic in `Location`, others Latin-1."""
    found: dict[str, str] = {}
    for name, value in response.headers.raw:
        key = name.decode("ascii", "replace").lower()
        try:
            text = value.decode()
        except UnicodeDecodeError:
            text = value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _tls(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as problem:
        raise ConfigurationError(f"{ca_file}: no readable certificates in PEM form") from problem


def _reason(problem: Exception) -> str:
    """What went wrong, in words, without the address (an address may hold a buyer's name)."""
    name = type(problem).__name__
    words = {
        "ConnectError": "connection refused or host unknown",
        "ConnectTimeout": "no connection in time",
        "ReadTimeout": "no answer in time",
        "WriteTimeout": "the request could not be sent in time",
        "ReadError": "the connection broke",
        "WriteError": "the connection broke while sending",
        "RemoteProtocolError": "the connection was closed early or no HTTP came back",
    }
    text = str(problem)
    if "certificate" in text.lower() or "ssl" in text.lower():
        return f"TLS: {text}; set ca_file if the server has its own certificate authority"
    return words.get(name, name)


_NOT_SENT = (
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
    httpcore.PoolTimeout,
    httpcore.UnsupportedProtocol,
    httpcore.LocalProtocolError,
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
_BROKEN = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpx.TransportError,
)


class _DeadlineTransport(httpx.BaseTransport):
    """httpcore's connection under one deadline for the whole exchange, headers and slow bodies included."""

    def __init__(self, context: ssl.SSLContext, deadline: float) -> None:
        self._deadline = deadline
        self._backend = _DeadlineBackend()
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=1,
            keepalive_expiry=KEEP_ALIVE_SECONDS,
            network_backend=self._backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._backend.ends_at = time.monotonic() + self._deadline
        url = request.url
        response = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions={"timeout": {"connect": min(CONNECT_SECONDS, self._deadline)}},
            )
        )
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions={"http_version": b"HTTP/1.1"},
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


_ONE_PACKET = 32_000
"""Bytes that wait to be sent together at most."""


class _DeadlineBackend(httpcore.NetworkBackend):
    """Sockets whose every operation is given no more time than the request has left."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()
        self.ends_at = 0.0

    def left(self, timeout: float | None, late: Callable[[str], Exception]) -> float:
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise late("the deadline for the whole request has passed")
        return left if timeout is None else min(left, timeout)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> _DeadlineStream:
        allowed = self.left(timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(self._inner.connect_tcp(host, port, allowed, local_address, socket_options), self)


class _DeadlineStream(httpcore.NetworkStream):
    """A socket that sends what it is given piece by piece in one go: head and body of most requests are one packet."""

    def __init__(self, inner: httpcore.NetworkStream, backend: _DeadlineBackend) -> None:
        self._inner = inner
        self._backend = backend
        self._unsent: list[bytes] = []
        self._size = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with contextlib.suppress(httpcore.WriteError):  # whoever closes early may have answered before that
            self._flush(None)
        return self._inner.read(max_bytes, self._backend.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._unsent.append(buffer)
        self._size += len(buffer)
        if self._size > _ONE_PACKET:
            self._flush(timeout)

    def _flush(self, timeout: float | None) -> None:
        if self._size:
            unsent, self._unsent, self._size = b"".join(self._unsent), [], 0
            self._inner.write(unsent, self._backend.left(timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> _DeadlineStream:
        allowed = self._backend.left(timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(self._inner.start_tls(ssl_context, server_hostname, allowed), self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def close(self) -> None:
        self._inner.close()
