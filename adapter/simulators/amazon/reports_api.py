"""The Reports API: reports are asked for, made one after the other, and fetched from a document's address.

Source: SP-API model reports_2021-06-30; SP-API documentation, "Order reports", for what is cancelled and how far back
they go; amzn/selling-partner-api-models issues 385 and 2591 for the longest window of the "all orders" reports.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from adapter.simulators.amazon.answers import ApiError, invalid_input
from adapter.simulators.amazon.marketplaces import Region, region_ids
from adapter.simulators.amazon.order_book import OrderBook
from adapter.simulators.amazon.order_reports import CHARSETS, COLUMNS, FIELDS, flat_file
from adapter.simulators.amazon.query import read_parameters
from adapter.simulators.amazon.routes import Call, Route
from adapter.simulators.amazon.wire import Wire, moment_of, timestamp
from adapter.simulators.server import Request, Response

BASE = "/reports/2021-06-30"
DOCUMENTS = "/report-documents/"
"""Where the documents lie: at a host of their own at Amazon, here at the same one, outside the API."""

LONGEST_WINDOW = timedelta(days=30)
HISTORY = timedelta(days=730)
SINCE_2016 = frozenset({"A1VC38T7YXB528", "A39IBJ37TRP1C6", "A19VAU5U5O7RUS"})
"""Japan, Australia, Singapore: their orders are told from 2016 on."""

URL_LIFETIME = timedelta(minutes=5)
KEPT = timedelta(days=30)
LISTED = timedelta(days=90)
MOST_MARKETPLACES = 25
STATUSES = frozenset({"CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE"})
OVER = frozenset({"CANCELLED", "DONE", "FATAL"})
RANGE_EXCEEDED = "Date range exceeded. Report can be requested only upto 30 days\r\n"


@dataclass(frozen=True, slots=True)
class _Report:
    """A report: what was asked for, when it will be made, and what comes of it.

    Attributes:
        end: how it ends, `CANCELLED`, `DONE` or `FATAL`; decided when it is begun.
    """

    report_id: str
    report_type: str
    marketplace_ids: tuple[str, ...]
    after: datetime
    before: datetime
    created_at: datetime
    begins_at: datetime
    ends_at: datetime
    end: str = ""
    text: str = ""

    @property
    def document_id(self) -> str:
        return f"amzn1.spdoc.1.4.eu.{hashlib.sha256(self.report_id.encode()).hexdigest()[:32]}"


class ReportsApi:
    """Reports of the account's orders.

    Not safe for several threads: the account holds its lock.

    Attributes:
        queued, made_in: how long a report waits at least, and how long its making takes.
        charset: the encoding of documents, as their Content-Type names it; None: it names none.
        compressed: whether documents are compressed.
        columns: of the documents.
        fatal: how many of the next reports end with an error.
    """

    def __init__(self, book: OrderBook, region: Region, name: str) -> None:
        self._book = book
        self._region = region
        self._name = name
        self._reports: dict[str, _Report] = {}
        self._pages: dict[str, tuple[str, ...]] = {}
        self.queued, self.made_in = timedelta(seconds=15), timedelta(seconds=45)
        self.charset: str | None = CHARSETS[region]
        self.compressed = True
        self.columns = COLUMNS
        self.fatal = 0

    def routes(self) -> tuple[Route, ...]:
        """The operations for the routing table."""
        reports, report = f"{BASE}/reports", f"{BASE}/reports/{{reportId}}"
        return (
            Route("createReport", "POST", reports, self.create),
            Route("getReports", "GET", reports, self.list),
            Route("getReport", "GET", report, self.get),
            Route("cancelReport", "DELETE", report, self.cancel),
            Route("getReportDocument", "GET", f"{BASE}/documents/{{reportDocumentId}}", self.document),
        )

    def create(self, call: Call) -> Response:
        """POST /reports/2021-06-30/reports."""
        kind, marketplace_ids, after, before = self._specification(call)
        now = call.now
        # One after the other: a report waits for the one that is being made.
        begins_at = max((*(report.ends_at for report in self._reports.values()), now + self.queued))
        report_id = str(
            50_000_000_000 + int(hashlib.sha256(f"{self._name}/{len(self._reports)}".encode()).hexdigest()[:8], 16)
        )
        self._reports[report_id] = _Report(
            report_id, kind, marketplace_ids, after, before, now, begins_at, begins_at + self.made_in
        )
        return Response.json(202, {"reportId": report_id})

    def get(self, call: Call) -> Response:
        """GET /reports/2021-06-30/reports/{reportId}."""
        return Response.json(200, self._shown(self._found(call.path["reportId"], call.now), call.now))

    def cancel(self, call: Call) -> Response:
        """DELETE /reports/2021-06-30/reports/{reportId}: only before it is being made."""
        report = self._found(call.path["reportId"], call.now)
        if self._status(report, call.now) != "IN_QUEUE":
            raise invalid_input("The report is not in the queue any more.")
        self._reports[report.report_id] = replace(report, begins_at=call.now, ends_at=call.now, end="CANCELLED")
        return Response(200)

    def list(self, call: Call) -> Response:
        """GET /reports/2021-06-30/reports."""
        asked = read_parameters(call.request.query)
        if (token := asked.get("nextToken")) is not None:
            if len(asked) > 1 or token not in self._pages:
                raise invalid_input("nextToken is invalid, or is not the only parameter.")
            ids = self._pages[token]
            size = 10
        else:
            ids, size = self._listed(asked, call.now)
        body: Wire = {"reports": [self._shown(self._reports[key], call.now) for key in ids[:size]]}
        if rest := ids[size:]:
            body["nextToken"] = hashlib.sha256("/".join(rest).encode()).hexdigest()
            self._pages[body["nextToken"]] = rest
        return Response.json(200, body)

    def document(self, call: Call) -> Response:
        """GET /reports/2021-06-30/documents/{reportDocumentId}."""
        wanted = call.path["reportDocumentId"]
        report = next((known for known in self._reports.values() if known.document_id == wanted), None)
        if report is None or not self._has_document(report, call.now) or call.now - report.ends_at > KEPT:
            raise ApiError(404)
        host = call.request.headers.get("host", "127.0.0.1")
        # Only on this machine are documents fetched unencrypted.
        scheme = "http" if host.rpartition(":")[0] in {"127.0.0.1", "localhost", "[::1]"} else "https"
        until = call.now + URL_LIFETIME
        signed = f"Expires={int(until.timestamp())}&Signature={_signature(wanted, until)}"
        url = f"{scheme}://{host}{DOCUMENTS}{wanted}?{signed}"
        body: Wire = {"reportDocumentId": wanted, "url": url}
        if self.compressed:
            body["compressionAlgorithm"] = "GZIP"
        return Response.json(200, body)

    def download(self, request: Request, now: datetime) -> Response:
        """A document from its signed address; no token of the API is asked for."""
        asked = {name: values[0] for name, values in parse_qs(request.query).items()}
        wanted = request.path.removeprefix(DOCUMENTS)
        try:
            until = datetime.fromtimestamp(int(asked.get("Expires", "")), now.tzinfo)
        except (ValueError, OverflowError, OSError):
            return _denied()
        report = next((known for known in self._reports.values() if known.document_id == wanted), None)
        if report is None or now > until or asked.get("Signature") != _signature(wanted, until):
            return _denied()
        body = self._finished(report).text.encode(self.charset or "utf-8", "replace")
        kind = "text/plain" + (f";charset={self.charset}" if self.charset else "")
        return Response(200, gzip.compress(body, mtime=0) if self.compressed else body, (("Content-Type", kind),))

    # -------------------- what is asked for

    def _specification(self, call: Call) -> tuple[str, tuple[str, ...], datetime, datetime]:
        try:
            body: Any = json.loads(call.request.body)
        except ValueError:
            raise invalid_input("The request body is malformed.") from None
        if not isinstance(body, Mapping):
            raise invalid_input("The request body is malformed.")
        kind, ids = body.get("reportType"), body.get("marketplaceIds")
        if kind not in FIELDS:
            raise invalid_input("reportType is invalid.")
        if not isinstance(ids, list) or not 1 <= len(ids) <= MOST_MARKETPLACES or not all(map(_is_text, ids)):
            raise invalid_input(f"marketplaceIds must hold 1 to {MOST_MARKETPLACES} values.")
        if not set(ids) <= region_ids(self._region) | self._book.marketplace_ids:
            raise ApiError(403, details="The marketplaces you provided are not valid for region")
        before = _moment(body, "dataEndTime", call.now)
        after = _moment(body, "dataStartTime", before)
        if not after <= before <= call.now:
            raise invalid_input("dataStartTime must be before dataEndTime, and neither may lie in the future.")
        return str(kind), tuple(ids), after, before

    def _listed(self, asked: Mapping[str, str], now: datetime) -> tuple[tuple[str, ...], int]:
        types = set(asked["reportTypes"].split(",")) if "reportTypes" in asked else set()
        if not 1 <= len(types) <= 10:
            raise invalid_input("Either reportTypes or nextToken is required; at most 10 reportTypes may be given.")
        statuses = set(asked["processingStatuses"].split(",")) if "processingStatuses" in asked else set(STATUSES)
        if not statuses <= STATUSES:
            raise invalid_input("processingStatuses has an invalid value.")
        size = asked.get("pageSize", "10")
        if not size.isascii() or not size.isdigit() or not 1 <= int(size) <= 100:
            raise invalid_input("pageSize must be between 1 and 100.")
        since = _moment(asked, "createdSince", now - LISTED)
        until = _moment(asked, "createdUntil", now)
        places = set(asked["marketplaceIds"].split(",")) if "marketplaceIds" in asked else None
        found = [
            report.report_id
            for report in sorted(self._reports.values(), key=lambda report: report.created_at, reverse=True)
            if report.report_type in types
            and self._status(report, now) in statuses
            and since <= report.created_at <= until
            and (places is None or places & set(report.marketplace_ids))
        ]
        return tuple(found), int(size)

    # -------------------- what comes of it

    def _found(self, report_id: str, now: datetime) -> _Report:
        report = self._reports.get(report_id)
        if report is None or now - report.created_at > LISTED:
            raise ApiError(404)
        return report

    def _status(self, report: _Report, now: datetime) -> str:
        if report.end and report.ends_at <= now:
            return report.end
        if now < report.begins_at:
            return "IN_QUEUE"
        return "IN_PROGRESS" if now < report.ends_at else self._finished(report).end

    def _finished(self, report: _Report) -> _Report:
        """The report with its end and its text, made once."""
        report = self._reports[report.report_id]
        if not report.end:
            report = self._made(report)
            self._reports[report.report_id] = report
        return report

    def _made(self, report: _Report) -> _Report:
        if self.fatal:
            self.fatal -= 1
            return replace(report, end="FATAL", text="The report could not be made.\r\n")
        if report.before - report.after > LONGEST_WINDOW:
            return replace(report, end="FATAL", text=RANGE_EXCEEDED)
        orders = [
            version.seen for version in self._book.all_visible(report.ends_at) if self._belongs(report, version.seen)
        ]
        if not orders:
            return replace(report, end="CANCELLED")
        return replace(report, end="DONE", text=flat_file(orders, report.report_type, self.columns))

    def _belongs(self, report: _Report, order: Wire) -> bool:
        marketplace_id = order["salesChannel"].get("marketplaceId")
        # Orders of other channels may have none, and are told all the same. Source: SP-API documentation, "Order
        # tracking reports".
        if marketplace_id is not None and marketplace_id not in report.marketplace_ids:
            return False
        too_old = moment_of(order["createdTime"]) < report.created_at - HISTORY
        if too_old and marketplace_id not in SINCE_2016:
            return False
        return report.after <= moment_of(order[FIELDS[report.report_type]]) <= report.before

    def _has_document(self, report: _Report, now: datetime) -> bool:
        return self._status(report, now) in {"DONE", "FATAL"}

    def _shown(self, report: _Report, now: datetime) -> Wire:
        status = self._status(report, now)
        shown: Wire = {
            "reportId": report.report_id,
            "reportType": report.report_type,
            "marketplaceIds": list(report.marketplace_ids),
            "dataStartTime": timestamp(report.after),
            "dataEndTime": timestamp(report.before),
            "createdTime": timestamp(report.created_at),
            "processingStatus": status,
        }
        if status != "IN_QUEUE":
            shown["processingStartTime"] = timestamp(report.begins_at)
        if status in OVER:
            shown["processingEndTime"] = timestamp(report.ends_at)
        if self._has_document(report, now):
            shown["reportDocumentId"] = report.document_id
        return shown


def _moment(asked: Mapping[str, Any], name: str, default: datetime) -> datetime:
    if name not in asked:
        return default
    try:
        moment = moment_of(asked[name])
    except (ValueError, TypeError):
        raise invalid_input(f"{name} must be a date and time in ISO 8601 format.") from None
    return moment


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _signature(document_id: str, until: datetime) -> str:
    return hashlib.sha256(f"{document_id}/{int(until.timestamp())}".encode()).hexdigest()[:40]


def _denied() -> Response:
    """What a store of files answers, which knows nothing of the API."""
    body = b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>'
    return Response(403, body, (("Content-Type", "application/xml"),))
