"""What all tests share: the stand-ins, behind an httpx transport or on ports, and the command line."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import stamina

from adapter.simulators.amazon import SellerAccount
from adapter.simulators.onec import Infobase, fill_training, load_model
from adapter.simulators.server import ConnectionLost, Request, RunningServer, StandIn


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
        return self.onec.service

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
