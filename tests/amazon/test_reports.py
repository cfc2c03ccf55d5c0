"""The Reports API: what goes out, what comes back, and where no token may go."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from jsonschema import Draft4Validator

from adapter.amazon import reports
from adapter.amazon.errors import AmazonUnavailable, BadAnswer, BadRequest, Throttled
from adapter.amazon.reports import ReportGone, ReportsClient, ReportState, ReportStatus, ReportTooLarge
from adapter.errors import ConfigurationError
from adapter.http import HttpClient
from adapter.simulators.amazon import Rate
from adapter.simulators.server import Response
from tests.world import GERMANY, START

AFTER, BEFORE = START - timedelta(days=20), START - timedelta(hours=1)


@pytest.fixture
def client(world):
    world.order()
    return world.parts.accounts[0].old.reports


def made(world, client):
    """The id of a finished report's document."""
    report_id = client.order(AFTER, START, [GERMANY])
    world.clock.forward(minutes=5)
    state = client.look(report_id)
    assert state.status == ReportStatus.DONE
    return state.document_id


def test_the_life_of_a_report(client, world):
    report_id = client.order(AFTER, START, [GERMANY])
    assert client.look(report_id) == ReportState(ReportStatus.IN_QUEUE)
    world.clock.forward(seconds=20)
    assert client.look(report_id) == ReportState(ReportStatus.IN_PROGRESS)
    world.clock.forward(seconds=60)
    state = client.look(report_id)
    text = client.text(state.document_id)
    assert text.splitlines()[1].split("\t")[0] == "302-0000000-0000001"


def test_nothing_in_it(client, world):
    report_id = client.order(AFTER - timedelta(days=20), AFTER, [GERMANY])
    world.clock.forward(minutes=5)
    assert client.look(report_id) == ReportState(ReportStatus.CANCELLED)


def test_its_own_buckets(client, world):
    world.account.set_rate("createReport", Rate(0.0167, 15))
    for _ in range(15):
        client.order(AFTER, START, [GERMANY])
    with pytest.raises(Throttled):
        client.order(AFTER, START, [GERMANY])
    assert world.account.throttled == {}


@pytest.mark.parametrize("count", [0, 26])
def test_too_few_or_too_many_marketplaces(client, world, count):
    with pytest.raises(ConfigurationError, match="1 to 25"):
        client.order(AFTER, START, [GERMANY] * count)


def test_a_refusal_says_what_amazon_says(client, world):
    with pytest.raises(BadRequest, match="neither may lie in the future"):
        client.order(AFTER, START + timedelta(days=1), [GERMANY])


def test_one_attempt_only_at_ordering(client, world):
    """A report ordered twice costs calls; the window is ordered again in its own time."""
    world.amazon.faults.add(_fault(after_commit=True))
    with pytest.raises(AmazonUnavailable):
        client.order(AFTER, START, [GERMANY])
    assert sum(entry.method == "POST" and "/reports" in entry.target for entry in world.amazon.log) == 1


def _fault(**more):
    from adapter.simulators.faults import Fault

    return Fault(action="lost", method="POST", path="/reports/2021-06-30", **more)


def test_what_amazon_no_longer_has(client, world):
    document_id = made(world, client)
    world.clock.forward(days=31)
    with pytest.raises(ReportGone):
        client.text(document_id)
    world.clock.forward(days=61)
    with pytest.raises(ReportGone):
        client.look("50000000000")


@dataclass
class Host(httpx.BaseTransport):
    """Another host, which keeps what it was asked."""

    response: Response
    seen: list[httpx.Request] = field(default_factory=list)

    def handle_request(self, request):
        self.seen.append(request)
        given = self.response
        return httpx.Response(given.status, headers=list(given.headers), stream=httpx.ByteStream(given.body))


class Elsewhere:
    """A stand-in whose documents lie elsewhere."""

    def __init__(self, inner, **document):
        self.inner, self.document = inner, document

    def handle(self, request):
        if "/documents/" in request.path:
            return Response.json(200, {"reportDocumentId": "d", **self.document})
        return self.inner.handle(request)

    def error(self, status):
        return self.inner.error(status)


@pytest.fixture
def fetch(world):
    """Fetches a document that lies elsewhere: text, and the requests that the other host has seen."""

    def fetch(response, url="https://documents.test/a/b?X-Amz-Signature=s%2F1", **document):
        host = Host(response)
        world.amazon.service = Elsewhere(world.account, url=url, **document)
        client = ReportsClient(world.calls, lambda origin, _: HttpClient(origin, transport=host))
        try:
            return client.text("d"), host.seen
        except Exception as problem:
            problem.seen = host.seen
            raise

    return fetch


def plain(body, kind="text/plain;charset=Cp1252", status=200):
    return Response(status, body, (("Content-Type", kind),))


def test_no_token_goes_to_the_other_host(fetch):
    text, (request,) = fetch(plain("Größe".encode("cp1252")))
    assert text == "Größe"
    assert str(request.url) == "https://documents.test/a/b?X-Amz-Signature=s%2F1"
    sent = {name.lower() for name in request.headers}
    assert sent & {"x-amz-access-token", "authorization", "cookie", "x-amz-date"} == set()


def test_compressed(fetch):
    assert fetch(plain(gzip.compress(b"a\tb")), compressionAlgorithm="GZIP")[0] == "a\tb"


@pytest.mark.parametrize(
    "url",
    ["http://documents.test/a", "ftp://documents.test/a", "file:///etc/passwd", "https:///a", "//x", "https://[/"],
)
def test_unsafe_addresses(fetch, url):
    with pytest.raises(BadAnswer, match="not a safe one") as caught:
        fetch(plain(b"x"), url)
    assert caught.value.seen == []


def test_this_machine_may_be_unencrypted(fetch):
    assert fetch(plain(b"x"), "http://127.0.0.1:8701/a")[0] == "x"


@pytest.mark.parametrize(
    ("response", "document", "problem"),
    [
        (plain(b"<Error/>", "application/xml", 403), {}, "does not give the document"),
        (Response(302, b"", (("Location", "https://elsewhere.test/"),)), {}, "leads nowhere"),
        (plain(gzip.compress(b"text" * 99)[:-9]), {"compressionAlgorithm": "GZIP"}, "cut off"),
        (plain(b"no gzip"), {"compressionAlgorithm": "GZIP"}, "damaged"),
        (plain(gzip.compress(b"text" * 99)[:-8] + b"\0" * 8), {"compressionAlgorithm": "GZIP"}, "damaged"),
        (plain(b"x"), {"compressionAlgorithm": "ZSTD"}, "not known: ZSTD"),
        (plain(b"x"), {"url": ""}, "has no url"),
        (plain(b"x"), {"url": 7}, "has no url"),
    ],
    ids=["refused", "redirect", "cut off", "no gzip", "damaged", "unknown compression", "no address", "a number"],
)
def test_documents_that_are_none(fetch, response, document, problem):
    with pytest.raises(BadAnswer, match=problem) as caught:
        fetch(response, **({"url": "https://documents.test/secret"} | document))
    assert "secret" not in str(caught.value)  # a signed address opens the document


@pytest.mark.parametrize("packed", [True, False])
def test_no_more_is_read_than_may_be(fetch, monkeypatch, packed):
    monkeypatch.setattr(reports, "LARGEST_REPORT", 1000)
    body = b"0" * 1001
    with pytest.raises(ReportTooLarge):
        fetch(plain(gzip.compress(body) if packed else body), **({"compressionAlgorithm": "GZIP"} if packed else {}))
    assert len(fetch(plain(b"0" * 1000))[0]) == 1000


def test_why_a_report_failed(client, world):
    world.account.reports.fatal = 1
    report_id = client.order(AFTER, START, [GERMANY])
    world.clock.forward(minutes=5)
    state = client.look(report_id)
    assert (state.status, client.why(state.document_id)) == (ReportStatus.FATAL, "The report could not be made.")
    assert client.why("no such document") == ""


def test_a_status_that_is_not_known(client, world):
    class Newer(Elsewhere):
        def handle(self, request):
            response = self.inner.handle(request)
            return replace(response, body=response.body.replace(b"IN_QUEUE", b"PAUSED"))

    world.amazon.service = Newer(world.account)
    assert client.look(client.order(AFTER, START, [GERMANY])) == ReportState("PAUSED")


def test_what_goes_out_is_what_the_model_wants(client, world):
    file = Path(__file__).parents[2].parent / "shared" / "spapi" / "models" / "reports_2021-06-30.json"
    if not file.is_file():
        pytest.skip("no copy of Amazon's model reports_2021-06-30 beside the checkout")
    definitions = json.loads(file.read_text(encoding="utf-8"))["definitions"]
    bodies = []

    class Listening(Elsewhere):
        def handle(self, request):
            bodies.append(request.body)
            return self.inner.handle(request)

    world.amazon.service = Listening(world.account)
    client.order(AFTER, START, [GERMANY])
    body = json.loads(bodies[-1])
    model = {"$ref": "#/definitions/CreateReportSpecification", "definitions": definitions}
    Draft4Validator(model, format_checker=Draft4Validator.FORMAT_CHECKER).validate(body)
    assert set(body) <= set(definitions["CreateReportSpecification"]["properties"])
