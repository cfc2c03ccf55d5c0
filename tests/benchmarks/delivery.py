"""Eight sessions against an infobase that takes 50 ms for every request, beside a plain script that does the same."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from adapter.assembly import open_parts
from adapter.demo import write_settings
from adapter.ledger import Ledger
from adapter.planning.plan import Create
from adapter.settings import load_settings
from adapter.simulators.amazon import SellerAccount
from adapter.simulators.server import RunningServer, StandIn
from adapter.sync import Sync

ORDERS = 1000
PLAIN_ORDERS = 60
LATENCY = 0.05
SESSIONS = 8
LIMIT = SESSIONS / (2 * LATENCY)


@dataclass(frozen=True, slots=True)
class _Moment:
    """When an order was written, and the processor time that both sides had used by then; all in seconds."""

    at: float
    ours: float
    theirs: float


def main() -> None:
    """Print the pace of both, what the latency allows at most, and the work behind it.

    Processor time tells how busy the machine was with other things: it hardly changes with the load, the pace does.
    """
    with tempfile.TemporaryDirectory() as folder:
        moments, bodies, seconds = _with_sessions(Path(folder))
        slow = _plain(bodies)
    warm = moments[len(moments) // 4 :]  # the number of sessions rises during the first orders
    first, last, orders = warm[0], warm[-1], len(warm) - 1
    fast = orders / (last.at - first.at)
    print(f"{fast:.1f} documents a second with up to {SESSIONS} sessions ({seconds:.1f} s in all)")
    print(f"limit by latency: {LIMIT:.0f} a second; reached: {100 * fast / LIMIT:.1f} %")
    print(f"a plain script, one order after another: {slow:.2f} a second; ratio {fast / slow:.1f}")
    ours, theirs = (1000 * used / orders for used in (last.ours - first.ours, last.theirs - first.theirs))
    print(
        f"processor time of an order: {ours:.1f} ms here, {theirs:.1f} ms in the stand-in; "
        f"load {os.getloadavg()[0]:.1f}"
    )


@contextmanager
def _infobase() -> Iterator[tuple[str, int]]:
    """The address of a stand-in in a process of its own, so that it does not share our interpreter, and its id."""
    command = [sys.executable, "-m", "adapter", "sandbox", "onec", "--port", "0", "--latency", str(LATENCY)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[0], process.pid
        process.terminate()


def _with_sessions(folder: Path) -> tuple[list[_Moment], list[Create], float]:
    """The moments of the orders, the steps that were carried out, and the seconds of the whole run."""
    with _infobase() as (onec, process), RunningServer(StandIn(SellerAccount(ORDERS, seed=11))) as amazon:
        config = write_settings(folder, amazon.address, onec + "/training")
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace("  user: odata", f"  user: odata\n  sessions: {SESSIONS}"), encoding="utf-8")
        loaded = load_settings(config)
        with Ledger.open(loaded.state_directory) as ledger, open_parts(loaded, ledger.own(datetime.now(UTC))) as parts:
            moments: list[_Moment] = []
            begun = time.perf_counter()
            report = Sync(parts, progress=lambda _: moments.append(_moment(process))).run()
            seconds = time.perf_counter() - begun
    return moments, [step for step in report.plan if isinstance(step, Create)], seconds


def _moment(process: int) -> _Moment:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])  # utime and stime; source: proc(5)
    return _Moment(time.perf_counter(), time.process_time(), ticks / os.sysconf("SC_CLK_TCK"))


def _plain(steps: list[Create]) -> float:
    """What a script does: look the customer and the products up, create, post, one order after another."""
    with _infobase() as (onec, _):
        service = f"{onec}/training/odata/standard.odata"
        begun = time.perf_counter()
        for step in steps[:PLAIN_ORDERS]:
            customer = urllib.parse.quote(step.customer.replace("'", "''"))
            _call("GET", f"{service}/Catalog_Customers?$format=json&$filter=Description%20eq%20'{customer}'")
            for row in step.document.sections["Products"]:
                key = row["Product_Key"]
                _call("GET", f"{service}/Catalog_Products?$format=json&$filter=Ref_Key%20eq%20guid'{key}'")
            rows = [
                {name: _plain_value(value) for name, value in row.items()} for row in step.document.sections["Products"]
            ]
            body = {name: _plain_value(value) for name, value in step.document.properties.items()} | {"Products": rows}
            made = _call("POST", f"{service}/Document_SalesOrder?$format=json", body)
            _call(
                "POST", f"{service}/Document_SalesOrder(guid'{made['Ref_Key']}')/Post?PostingModeOperational=false", {}
            )
        return PLAIN_ORDERS / (time.perf_counter() - begun)


def _plain_value(value: object) -> object:
    return value if isinstance(value, str | bool | int) else float(str(value))


def _call(method: str, address: str, body: object = None) -> dict[str, str]:
    data = None if body is None else json.dumps(body).encode()
    credentials = base64.b64encode(b"odata:odata").decode()
    headers = {
        "Authorization": f"Basic {credentials}",
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    request = urllib.request.Request(address, data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else {}
