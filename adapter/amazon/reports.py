"""The Reports API: reports are ordered, looked for until they are made, and fetched from another host.

Source: FACTS 10; SP-API model reports_2021-06-30.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlsplit

from adapter.amazon.calls import Calls
from adapter.amazon.errors import AmazonUnavailable, BadAnswer, quoted, request_id, told
from adapter.amazon.times import write_time
from adapter.amazon.wire.order_report import charset_of, decoded_report
from adapter.errors import ConfigurationError, Unavailable
from adapter.http import MEGABYTE, Answer, HttpClient, NoAnswer, NotSent, TooLarge
from adapter.model.addresses import is_loopback

BY_ORDER_DATE = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"

LONGEST_WINDOW = timedelta(days=30)
"""Amazon makes no "all orders" report over more. Source: amzn/selling-partner-api-models issue 2591."""

MOST_MARKETPLACES = 25
"""Of one report. Source: SP-API model reports_2021-06-30, CreateReportSpecification."""

LARGEST_REPORT = 64 * MEGABYTE
"""Bytes of a document, packed and unpacked: more than 100,000 lines. A larger one is asked for in parts."""

_BASE = "/reports/2021-06-30"
_CREATE, _GET, _DOCUMENT = "createReport", "getReport", "getReportDocument"
_DEADLINE = 240.0  # of a download; its address is good for five minutes
_LONGEST_EXCERPT = 160


class ReportStatus(StrEnum):
    """How far a report is. Source: SP-API model reports_2021-06-30, processingStatus."""

    IN_QUEUE = "IN_QUEUE"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    CANCELLED = "CANCELLED"
    FATAL = "FATAL"


class ReportGone(Unavailable):
    """Amazon no longer has a report or its document; it has to be ordered anew."""


class ReportTooLarge(Unavailable):
    """A document of more bytes than are read at once; a shorter window gives a smaller one."""


@dataclass(frozen=True, slots=True)
class ReportState:
    """A report as Amazon shows it.

    Attributes:
        status: a `ReportStatus`, or Amazon's own word where it is a new one.
        document_id: of its document; of a failed one too, which then says why.
    """

    status: str
    document_id: str | None = None


class ReportsClient:
    """Reports of one seller account.

    Args:
        connect: makes a connection to the host of a document, with a deadline in seconds; by default over the network.
    """

    def __init__(self, calls: Calls, connect: Callable[[str, float], HttpClient] | None = None) -> None:
        self._calls = calls
        self._connect = connect or (lambda origin, deadline: HttpClient(origin, deadline=deadline))

    def order(self, after: datetime, before: datetime, marketplace_ids: Sequence[str]) -> str:
        """Order the report of all orders placed in a window, and give its id.

        Args:
            after, before: aware; `before` must not lie in the future, the window not be longer than `LONGEST_WINDOW`.

        Raises:
            Throttled: no call is allowed now; nothing was sent unless Amazon answered 429.
            AccessDenied, BadRequest: a person has to correct something.
            AmazonUnavailable, BadAnswer: the next run repeats. Perhaps the report was ordered all the same; an unused
                one costs nothing but a call.
        """
        if not 1 <= len(marketplace_ids) <= MOST_MARKETPLACES:
            raise ConfigurationError(
                f"a report covers 1 to {MOST_MARKETPLACES} marketplaces, not {len(marketplace_ids)}"
            )
        what = self._calls.what(_CREATE)
        body = {
            "reportType": BY_ORDER_DATE,
            "marketplaceIds": list(marketplace_ids),
            "dataStartTime": write_time(after),
            "dataEndTime": write_time(before),
        }
        answer = self._calls.send(_CREATE, "POST", f"{_BASE}/reports", what, body=body, repeatable=False)
        return _text(self._calls.data(answer, what), "reportId", what)

    def look(self, report_id: str) -> ReportState:
        """How far a report is.

        Raises:
            ReportGone: Amazon does not know it any more.
            Throttled, AccessDenied, BadRequest, AmazonUnavailable, BadAnswer: as `order`.
        """
        what = self._calls.what(_GET, report_id)
        answer = self._calls.send(_GET, "GET", f"{_BASE}/reports/{quote(report_id, safe='')}", what)
        if answer.status == 404 and not answer.is_html:
            raise ReportGone(f"{what}: Amazon has no such report any more{request_id(answer)}")
        data = self._calls.data(answer, what)
        document_id = data.get("reportDocumentId")
        return ReportState(
            _text(data, "processingStatus", what), document_id if isinstance(document_id, str) and document_id else None
        )

    def text(self, document_id: str) -> str:
        """The text of a report's document.

        Raises:
            ReportGone: Amazon does not have it any more.
            ReportTooLarge: more than is read at once.
            BadAnswer: it came cut off, or is not what Amazon said; ask again.
            Throttled, AccessDenied, BadRequest, AmazonUnavailable: as `order`.
        """
        what = self._calls.what(_DOCUMENT, document_id[:60])
        answer = self._calls.send(_DOCUMENT, "GET", f"{_BASE}/documents/{quote(document_id, safe='')}", what)
        if answer.status == 404 and not answer.is_html:
            raise ReportGone(f"{what}: Amazon has no such document any more{request_id(answer)}")
        data = self._calls.data(answer, what)
        packed = data.get("compressionAlgorithm")
        if packed not in {None, "", "GZIP"}:
            raise BadAnswer(f"{what}: the document is compressed in a way that is not known: {quoted(str(packed))}")
        body, charset = self._download(_text(data, "url", what), what)
        return decoded_report(_unpacked(body, what) if packed else body, charset)[0]

    def why(self, document_id: str) -> str:
        """The first words of a failed report's document, which says why; empty where it cannot be had.

        Raises:
            Nothing: that it failed is known already.
        """
        try:
            words = " ".join(self.text(document_id)[: 4 * _LONGEST_EXCERPT].split())
        except (Unavailable, ConfigurationError):
            return ""
        return words if len(words) <= _LONGEST_EXCERPT else words[:_LONGEST_EXCERPT] + "..."

    def _download(self, url: str, what: str) -> tuple[bytes, str | None]:
        """The document's bytes and the encoding told for them.

        The address is signed and leads to another host: it is shown in no message, and no token goes there.
        """
        try:
            parts = urlsplit(url)
            safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url))
        except ValueError:
            safe = False
        if not safe or not parts.hostname:
            raise BadAnswer(f"{what}: the address of the document is not a safe one (https)")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            with self._connect(f"{parts.scheme}://{parts.netloc}", _DEADLINE) as http:
                answer = http.send("GET", target, headers={"accept": "*/*"}, limit=LARGEST_REPORT)
        except TooLarge as problem:
            raise _too_large(what) from problem
        except (NotSent, NoAnswer) as problem:
            raise AmazonUnavailable(f"{what}: the document did not come: {problem}") from problem
        except ConfigurationError as problem:
            raise BadAnswer(f"{what}: the address of the document leads nowhere ({parts.hostname})") from problem
        if answer.status != 200:
            raise BadAnswer(
                f"{what}: {parts.hostname} does not give the document (HTTP {answer.status}{_words(answer)})"
            )
        return answer.body, charset_of(answer.headers.get("content-type", ""))


def _words(answer: Answer) -> str:
    words = told(answer)
    return f": {words}" if words else ""


def _unpacked(body: bytes, what: str) -> bytes:
    """The contents of a gzip file, of which no more is unpacked than may be read."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
            content = file.read(LARGEST_REPORT + 1)
    except EOFError as problem:
        raise BadAnswer(f"{what}: the document came cut off") from problem
    except (gzip.BadGzipFile, zlib.error) as problem:
        raise BadAnswer(f"{what}: the document is damaged: no complete gzip file") from problem
    if len(content) > LARGEST_REPORT:
        raise _too_large(what)
    return content


def _too_large(what: str) -> ReportTooLarge:
    return ReportTooLarge(f"{what}: the document is larger than {LARGEST_REPORT // MEGABYTE} MB")


def _text(data: dict[str, Any], name: str, what: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value or len(value) > 4000:
        raise BadAnswer(f"{what}: the answer has no {name}")
    return value
