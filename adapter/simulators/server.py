"""What both stand-ins share: requests and answers as values, a request log, and an HTTP/1.1 server for them.

A stand-in is a `Service`: a function from `Request` to `Response` that knows nothing of sockets, so that a test may
call it directly and a real client may meet it on a port. Below `/_sandbox/` every stand-in answers for itself:

    GET    /_sandbox/log       the requests seen so far (JSON)
    DELETE /_sandbox/log       forget them
    GET    /_sandbox/faults    the faults in force
    POST   /_sandbox/faults    add one (JSON as in `faults.Fault`)
    DELETE /_sandbox/faults    remove all
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol, TextIO
from urllib.parse import unquote

from adapter.simulators.faults import Fault, FaultPlan

HTML_PAGE = "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request: `target` is path and query as they came, header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path, still percent-encoded."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """Everything behind the first `?`, still percent-encoded."""
        return self.target.partition("?")[2]


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer. `headers` go out as they are, in UTF-8: 1C sends raw Cyrillic in `Location`."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def json(cls, status: int, data: Any, *headers: tuple[str, str]) -> Response:
        """An answer with a JSON body."""
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        try:
            body = text.encode()
        except UnicodeEncodeError:  # half a surrogate pair can only be sent as an escape
            body = json.dumps(data, separators=(",", ":")).encode()
        return cls(status, body, (("Content-Type", "application/json"), *headers))


class ConnectionLost(Exception):
    """The request gets no answer. `committed` tells whether the service carried it out."""

    def __init__(self, committed: bool, reset: bool = False) -> None:
        super().__init__("the stand-in closed the connection without an answer")
        self.committed = committed
        self.reset = reset


class Service(Protocol):
    """What a stand-in has to offer."""

    def handle(self, request: Request) -> Response:
        """Answer one request; may be called from several threads at once."""

    def error(self, status: int) -> Response:
        """The service's own error answer with this status, for the fault `status`."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the request log. `status` is 0 where the client got no answer."""

    method: str
    target: str
    status: int
    committed: bool
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The entry for the control address; the target percent-decoded for reading."""
        return {
            "method": self.method,
            "target": unquote(self.target),
            "status": self.status,
            "committed": self.committed,
            "seconds": round(self.seconds, 6),
        }


class StandIn:
    """A service with its faults and its log, callable without a socket.

    Attributes:
        log: what came in, in order; read it, or `clear()` it.
        faults: what is to go wrong.
    """

    def __init__(self, service: Service, faults: FaultPlan | None = None) -> None:
        self.service = service
        self.faults = faults or FaultPlan()
        self.log: list[LogEntry] = []
        self._log_file: TextIO | None = None

    def log_to(self, file: Path) -> None:
        """Append every request to a file as well, one JSON line each."""
        self._log_file = file.open("a", encoding="utf-8")

    def _record(self, entry: LogEntry) -> None:
        self.log.append(entry)
        if self._log_file is not None:
            self._log_file.write(json.dumps(entry.as_json(), ensure_ascii=False) + "\n")
            self._log_file.flush()

    def __call__(self, request: Request) -> Response:
        """Answer as a client would see it.

        Raises:
            ConnectionLost: a fault took the answer away.
        """
        if request.path.startswith("/_sandbox/"):
            return self._control(request)
        started = time.monotonic()
        fault = self.faults.pick(request.method, unquote(request.target))
        status, committed = 0, False
        try:
            if fault is None:
                response, committed = self.service.handle(request), True
            else:
                response, committed = self._misbehave(fault, request)
            status = response.status
        except ConnectionLost as lost:
            committed = lost.committed
            raise
        finally:
            self._record(LogEntry(request.method, request.target, status, committed, time.monotonic() - started))
        return response

    def _misbehave(self, fault: Fault, request: Request) -> tuple[Response, bool]:
        """Answer with a fault; the second value says whether the request was carried out."""
        carried_out = fault.after_commit or fault.action in {"delay", "cut", "drip"}
        answer = self.service.handle(request) if carried_out else None
        match fault.action:
            case "lost" | "reset":
                raise ConnectionLost(carried_out, reset=fault.action == "reset")
            case "status":
                return self.service.error(fault.status), carried_out
            case "html":
                page = HTML_PAGE.format(title=f"{fault.status} from the web server").encode()
                return Response(fault.status, page, (("Content-Type", "text/html; charset=utf-8"),)), carried_out
            case "empty":
                return Response(200), carried_out
        assert answer is not None  # noqa: S101 - delay, cut and drip always carry the request out
        if fault.action == "delay":
            time.sleep(fault.seconds)
            return answer, True
        if fault.action == "cut":
            return Response(answer.status, answer.body[: len(answer.body) // 2], answer.headers), True
        return Response(answer.status, answer.body, (*answer.headers, ("X-Drip", str(fault.seconds)))), True

    def _control(self, request: Request) -> Response:
        name = request.path.removeprefix("/_sandbox/")
        if name == "log":
            if request.method == "DELETE":
                self.log.clear()
            return Response.json(200, [entry.as_json() for entry in list(self.log)])
        if name == "faults":
            if request.method == "DELETE":
                self.faults.clear()
            elif request.method == "POST":
                try:
                    self.faults.add(Fault.from_mapping(json.loads(request.body)))
                except (TypeError, ValueError) as problem:
                    return Response.json(400, {"error": str(problem)})
            return Response.json(200, self.faults.as_json())
        return Response.json(404, {"error": "there are /_sandbox/log and /_sandbox/faults"})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def handle_any(self) -> None:
        """Read one request, ask the stand-in, write its answer."""
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            response = self.server.stand_in(Request(self.command, self.path, headers, body))
        except ConnectionLost as lost:
            if lost.reset:
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
            return
        except Exception:
            # A defect of the stand-in itself: seen by whoever runs it, a broken connection to the client.
            traceback.print_exc()
            self.close_connection = True
            return
        self._write(response)

    def _write(self, response: Response) -> None:
        drip = next((float(value) for name, value in response.headers if name == "X-Drip"), None)
        lines = [f"HTTP/1.1 {response.status} {self.responses.get(response.status, ('',))[0]}"]
        lines += [f"{name}: {value}" for name, value in response.headers if name != "X-Drip"]
        if response.status != 204:
            lines.append(f"Content-Length: {len(response.body)}")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode()
        body = b"" if self.command == "HEAD" else response.body
        if drip is None:
            self.wfile.write(head + body)
            return
        for byte in head + body:
            self.wfile.write(bytes((byte,)))
            time.sleep(drip)

    def log_message(self, *_: Any) -> None:
        """Stay silent: the request log is `StandIn.log`."""

    # The names that http.server looks for.
    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_MERGE = do_OPTIONS = handle_any  # noqa: N815


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], stand_in: StandIn) -> None:
        super().__init__(address, _Handler)
        self.stand_in = stand_in

    def handle_error(self, *_: Any) -> None:
        """A client that went away is nothing to report."""


class RunningServer:
    """A stand-in on a port; use it as a context manager.

    Attributes:
        address: `http://127.0.0.1:PORT`, without a slash at the end.
    """

    def __init__(self, stand_in: StandIn, port: int = 0, host: str = "127.0.0.1") -> None:
        self.stand_in = stand_in
        self._server = _Server((host, port), stand_in)
        self.port: int = self._server.server_address[1]
        self.address = f"http://{host}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> RunningServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening; answers under way are not waited for."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
