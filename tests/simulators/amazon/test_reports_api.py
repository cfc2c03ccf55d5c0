"""The Reports API of the stand-in: its rules, and its answers against Amazon's own model."""

from __future__ import annotations

import gzip
from urllib.parse import urlsplit

import pytest

from adapter.simulators.amazon import Rate
from adapter.simulators.amazon.order_reports import BY_LAST_UPDATE, BY_ORDER_DATE, COLUMNS
from adapter.simulators.server import Request
from tests.simulators.amazon.conftest import NOW

BASE = "/reports/2021-06-30"
DE, UK = "A1PA6795UKMFR9", "A1F83G8C2ARO7P"
EVERYWHERE = [DE, UK, "A13V1IB3VIYZZH", "A1C3SOZRARQ6R3", "A33AVAJ2PDY3EV", "APJ6JRA9NG5V4"]


@pytest.fixture
def caller(open_account):
    return open_account(80)


@pytest.fixture
def check(official_model):
    return official_model("reports_2021-06-30")


def ask(caller, **changes):
    body = {
        "reportType": BY_ORDER_DATE,
        "marketplaceIds": EVERYWHERE,
        "dataStartTime": "2026-11-01T00:00:00Z",
        "dataEndTime": "2026-11-21T00:00:00Z",
    } | changes
    return caller.send("POST", f"{BASE}/reports", {name: value for name, value in body.items() if value is not None})


def status(caller, report_id):
    return caller.get(f"{BASE}/reports/{report_id}").body["processingStatus"]


def made(caller, **changes):
    """A report that is over, as getReport shows it."""
    report_id = ask(caller, **changes).body["reportId"]
    caller.clock.forward(hours=1)
    caller.token = ""  # it has expired
    return caller.get(f"{BASE}/reports/{report_id}").body


def fetched(caller, document, headers=None):
    url = urlsplit(document["url"])
    return caller.account.handle(Request("GET", f"{url.path}?{url.query}", headers or {}))


def test_the_life_of_a_report(caller, check):
    answer = ask(caller)
    assert answer.status == 202
    check("CreateReportResponse").validate(answer.body)
    report_id, seen = answer.body["reportId"], []
    for seconds in (0, 20, 60):
        caller.clock.forward(seconds=seconds)
        report = caller.get(f"{BASE}/reports/{report_id}")
        check("Report").validate(report.body)
        seen.append((report.body["processingStatus"], "reportDocumentId" in report.body))
    assert seen == [("IN_QUEUE", False), ("IN_PROGRESS", False), ("DONE", True)]


def test_one_after_the_other(caller):
    first, second = ask(caller).body["reportId"], ask(caller).body["reportId"]
    caller.clock.forward(seconds=61)
    assert (status(caller, first), status(caller, second)) == ("DONE", "IN_PROGRESS")


def test_the_document(caller, check):
    report = made(caller)
    document = caller.get(f"{BASE}/documents/{report['reportDocumentId']}")
    check("ReportDocument").validate(document.body)
    answer = fetched(caller, document.body)
    assert dict(answer.headers) == {"Content-Type": "text/plain;charset=Cp1252"}
    header, *lines = gzip.decompress(answer.body).decode("cp1252").splitlines()
    assert header.split("\t") == [*COLUMNS, "cpf"]
    ids = {line.split("\t")[0] for line in lines}
    orders = [caller.account.order(order_id) for order_id in caller.account.order_ids()]
    within = [order for order in orders if order["createdTime"] <= "2026-11-21"]
    places = {*EVERYWHERE, None}
    assert ids == {order["orderId"] for order in within if order["salesChannel"].get("marketplaceId") in places}
    assert len(lines) == sum(len(order["orderItems"]) for order in within if order["orderId"] in ids)


def test_a_document_is_fetched_within_five_minutes_and_without_a_token(caller):
    report = made(caller)
    document = caller.get(f"{BASE}/documents/{report['reportDocumentId']}").body
    caller.clock.forward(minutes=5)
    assert fetched(caller, document).status == 200
    caller.clock.forward(seconds=1)
    assert fetched(caller, document).status == 403
    forged = {"url": document["url"].replace("Signature=", "Signature=0")}
    assert fetched(caller, forged).status == 403


def test_uncompressed_and_in_another_encoding(caller):
    caller.account.reports.compressed, caller.account.reports.charset = False, None
    report = made(caller)
    document = caller.get(f"{BASE}/documents/{report['reportDocumentId']}").body
    assert "compressionAlgorithm" not in document
    answer = fetched(caller, document)
    assert (answer.body.decode("utf-8")[:15], dict(answer.headers)) == (
        "amazon-order-id",
        {"Content-Type": "text/plain"},
    )


def test_by_last_update(caller):
    order_id = caller.account.order_ids()[0]
    caller.clock.forward(days=3)
    caller.account.edit(order_id)
    window = {"dataStartTime": "2026-11-24T00:00:00Z", "dataEndTime": "2026-11-24T10:00:00Z"}
    caller.clock.forward(hours=3)
    assert made(caller, **window)["processingStatus"] == "CANCELLED"
    assert made(caller, reportType=BY_LAST_UPDATE, **window)["processingStatus"] == "DONE"


@pytest.mark.parametrize(
    ("changes", "ends"),
    [
        ({"dataStartTime": "2026-10-01T00:00:00Z", "dataEndTime": "2026-10-02T00:00:00Z"}, "CANCELLED"),
        ({"dataStartTime": "2026-10-21T00:00:00Z"}, "FATAL"),
        ({"marketplaceIds": ["ARBP9OOSHTCHU"]}, "CANCELLED"),
        ({"dataEndTime": None}, "DONE"),
    ],
    ids=["nothing in it", "more than thirty days", "another marketplace", "until now"],
)
def test_how_it_ends(caller, check, changes, ends):
    report = made(caller, **changes)
    check("Report").validate(report)
    assert (report["processingStatus"], "reportDocumentId" in report) == (ends, ends != "CANCELLED")


def test_orders_of_more_than_two_years_ago_are_told_in_japan_only(open_account):
    for region, place, ends in (("EU", DE, "CANCELLED"), ("FE", "A1VC38T7YXB528", "DONE")):
        caller = open_account(region=region)
        maker = open_account(1, region=region, seed=2).account
        (order_id,) = maker.order_ids()
        old = maker.order(order_id) | {"createdTime": "2024-11-01T00:00:00.000Z"}
        old["salesChannel"] = {"channelName": "AMAZON", "marketplaceId": place, "marketplaceName": "Amazon"}
        caller.account.put(old)
        window = {"dataStartTime": "2024-10-25T00:00:00Z", "dataEndTime": "2024-11-10T00:00:00Z"}
        assert made(caller, marketplaceIds=[place], **window)["processingStatus"] == ends


def test_a_report_can_be_made_to_fail(caller):
    caller.account.reports.fatal = 1
    assert [made(caller)["processingStatus"] for _ in range(2)] == ["FATAL", "DONE"]


def test_cancelled_before_it_is_made(caller, check):
    report_id = ask(caller).body["reportId"]
    assert caller.account.handle(_delete(caller, report_id)).status == 200
    assert status(caller, report_id) == "CANCELLED"
    late = made(caller)["reportId"]
    assert caller.account.handle(_delete(caller, late)).status == 400


def _delete(caller, report_id):
    headers = {"x-amz-access-token": caller.token or caller.ask_token().body["access_token"]}
    return Request("DELETE", f"{BASE}/reports/{report_id}", headers | {"user-agent": "test/1 (Language=Python)"})


def test_the_list(caller, check):
    for _ in range(12):
        ask(caller)
    first = caller.get(f"{BASE}/reports", reportTypes=BY_ORDER_DATE)
    check("GetReportsResponse").validate(first.body)
    second = caller.get(f"{BASE}/reports", nextToken=first.body["nextToken"])
    check("GetReportsResponse").validate(second.body)
    assert (len(first.body["reports"]), len(second.body["reports"]), "nextToken" in second.body) == (10, 2, False)
    assert caller.get(f"{BASE}/reports", reportTypes=BY_ORDER_DATE, nextToken=first.body["nextToken"]).status == 400
    assert caller.get(f"{BASE}/reports").status == 400
    assert caller.get(f"{BASE}/reports", reportTypes=BY_LAST_UPDATE).body == {"reports": []}
    assert len(caller.get(f"{BASE}/reports", reportTypes=BY_ORDER_DATE, processingStatuses="DONE").body["reports"]) == 0
    assert caller.get(f"{BASE}/reports", reportTypes=BY_ORDER_DATE, processingStatuses="LATE").status == 400


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reportType": "GET_NOTHING"}, 400),
        ({"reportType": None}, 400),
        ({"marketplaceIds": []}, 400),
        ({"marketplaceIds": DE}, 400),
        ({"marketplaceIds": [DE] * 26}, 400),
        ({"marketplaceIds": ["ATVPDKIKX0DER"]}, 403),
        ({"dataStartTime": "2026-11-01"}, 400),
        ({"dataStartTime": "2026-11-21T00:00:01Z"}, 400),
        ({"dataEndTime": "2026-11-22T00:00:00Z"}, 400),
        ({"dataEndTime": 7}, 400),
    ],
)
def test_refused(caller, check, changes, code):
    answer = ask(caller, **changes)
    assert answer.status == code
    check("ErrorList").validate(answer.body)


def test_unknown_and_forgotten_ones(caller, check):
    answer = caller.get(f"{BASE}/reports/1")
    assert answer.status == 404
    check("ErrorList").validate(answer.body)
    assert caller.get(f"{BASE}/documents/none").status == 404
    report = made(caller)
    caller.clock.forward(days=31)
    caller.token = ""
    assert caller.get(f"{BASE}/documents/{report['reportDocumentId']}").status == 404
    assert status(caller, report["reportId"]) == "DONE"
    caller.clock.forward(days=60)
    caller.token = ""
    assert caller.get(f"{BASE}/reports/{report['reportId']}").status == 404


def test_its_own_buckets(open_account):
    caller = open_account(1, rates={"createReport": Rate(0.0167, 2)})
    assert [ask(caller).status for _ in range(3)] == [202, 202, 429]
    caller.clock.forward(seconds=61)
    assert ask(caller).headers["x-amzn-RateLimit-Limit"] == "0.0167"


def test_the_documented_request_has_the_form_that_is_wanted(caller, check):
    body = {"reportType": BY_ORDER_DATE, "marketplaceIds": [DE], "dataStartTime": NOW.isoformat()}
    check("CreateReportSpecification").validate(body)
    assert ask(caller, dataStartTime="2026-11-20T00:00:00Z", dataEndTime=None).status == 202
