"""What all tests share: the stand-ins, behind an httpx transport or on ports, and the command line."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import stamina

from adapter.simulators.amazon import SellerAccount
from adapter.simulators.onec import Infobase, fill_training, load_model
from adapter.simulators.server import ConnectionLost, Request, RunningServer, StandIn

pytest_plugins = ["tests.world", "tests.aws"]


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


@pytest.fixture(autouse=True)
def _no_pauses():
    """Retries of reads happen at once."""
    stamina.set_testing(True, attempts=3, cap=True)
    yield
    stamina.set_testing(False)


@pytest.fixture
def transport_to():
    """Makes the transport that leads an `HttpClient` to a stand-in."""
    return StandInTransport


@dataclass
class Shop:
    """Both stand-ins on ports, with settings, mapping and credentials for them in a folder."""

    folder: Path
    amazon: StandIn
    onec: StandIn
    config: Path

    @property
    def account(self) -> SellerAccount:
        return self.amazon.service

    @property
    def infobase(self) -> Infobase:
        return getattr(self.onec.service, "inner", self.onec.service)

    @property
    def documents(self):
        return self.infobase.rows("Document_SalesOrder")

    def edit(self, file, old, new):
        """Change one of the files."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def writes(self):
        """Requests that write to the infobase."""
        return [entry for entry in self.onec.log if entry.method not in {"GET", "HEAD"}]


@pytest.fixture
def open_shop(tmp_path):
    """Opens a `Shop`; the stand-ins are closed after the test."""
    from adapter.demo import write_settings

    with ExitStack() as stack:

        def open_shop(orders=20, seed=1, **account):
            amazon = StandIn(SellerAccount(orders, seed=seed, **account))
            infobase = Infobase(load_model("training"))
            fill_training(infobase)
            onec = StandIn(infobase)
            addresses = [stack.enter_context(RunningServer(stand_in)).address for stand_in in (amazon, onec)]
            config = write_settings(tmp_path, addresses[0], addresses[1] + infobase.publication)
            return Shop(tmp_path, amazon, onec, config)

        yield open_shop


@pytest.fixture
def amazon1c(capsys, monkeypatch):
    """Runs a command in this process: exit code, standard output, standard error."""
    from adapter.cli import main

    for name in ("CREDENTIALS_DIRECTORY", "STATE_DIRECTORY", "AMAZON1C_CONFIG"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["amazon1c", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code or 0
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


class Service:
    """The daemon as systemd runs it: a process of its own that reports over a notification socket."""

    def __init__(self, config, folder):
        self._config = config
        self._address = folder / "notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self._address))
        self._socket.settimeout(60)
        self._errors = (folder / "service.log").open("ab")
        self.process = None

    def start(self):
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "adapter", "run", "--config", str(self._config)],
            env=environment | {"NOTIFY_SOCKET": str(self._address)},
            stderr=self._errors,
        )
        return self

    def wait_for(self, state):
        """Wait until the service has told this."""
        while True:
            told = self._socket.recv(4096).decode()
            if told.startswith(state):
                return told

    def log(self):
        """What it logged, as JSON."""
        lines = Path(self._errors.name).read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._socket.close()
        self._errors.close()


@pytest.fixture
def service(tmp_path):
    """Makes the service for a settings file; it is gone after the test."""
    with ExitStack() as stack:

        def service(config):
            made = Service(config, tmp_path)
            stack.callback(made.close)
            return made

        yield service


class Killer:
    """Kills a process at a chosen write to the infobase: before or after it is carried out, or a little later."""

    def __init__(self, inner):
        self.inner = inner
        self.process = None
        self.at = self.writes = 0
        self.after_commit = False
        self.delay = None

    def aim(self, process, at, after_commit, delay=None):
        """Kill `process` at the write number `at` from now.

        With `delay` the write is answered, and the end comes so many seconds later, wherever the process is then.
        """
        self.at, self.after_commit, self.delay = self.writes + at, after_commit, delay
        self.process = process

    def handle(self, request):
        if request.method == "GET":
            return self.inner.handle(request)
        self.writes += 1
        if self.process is None or self.writes < self.at:
            return self.inner.handle(request)
        victim, self.process = self.process, None
        if self.delay is not None:
            threading.Timer(self.delay, victim.kill).start()
            return self.inner.handle(request)
        if self.after_commit:
            self.inner.handle(request)
        victim.kill()
        raise ConnectionLost(self.after_commit)

    def error(self, status):
        return self.inner.error(status)


@pytest.fixture
def killer():
    """Puts a `Killer` before a shop's infobase."""

    def killer(shop):
        shop.onec.service = Killer(shop.onec.service)
        return shop.onec.service

    return killer
