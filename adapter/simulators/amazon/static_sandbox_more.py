"""The static sandbox of the Orders API v0 and of the Reports API: documented test cases, and nothing else.

The requests are those of the official models, the answers are made up here. No restricted token is asked for: those
come from production, which a sandbox does not know. Source: SP-API models ordersV0 and reports_2021-06-30, extension
x-amzn-api-sandbox.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from adapter.simulators.amazon.answers import ApiError
from adapter.simulators.amazon.included import INCLUDED_DATA
from adapter.simulators.amazon.orders_v0 import address_v0, buyer_v0, order_v0
from adapter.simulators.amazon.orders_v0_api import BASE as ORDERS
from adapter.simulators.amazon.orders_v0_items import items_buyer_v0, items_v0
from adapter.simulators.amazon.query import read_parameters
from adapter.simulators.amazon.reports_api import BASE as REPORTS
from adapter.simulators.amazon.reports_api import DOCUMENTS
from adapter.simulators.amazon.restricted import ELEMENTS
from adapter.simulators.amazon.routes import Call, Route
from adapter.simulators.amazon.static_sandbox import MADE_AT, NO_MATCH, made_order, place_of
from adapter.simulators.amazon.wire import Wire, timestamp
from adapter.simulators.server import Response

AMERICA = "ATVPDKIKX0DER"
FOUND, REFUSED = ("TEST_CASE_200", "TEST_CASE_IBA_200"), "TEST_CASE_400"
FIRST_PAGE, NEXT_TOKEN = "TEST_CASE_200_NEXT_TOKEN", "2YgYW55IGNhcm5hbCBwbGVhc3VyZS4"
REPORT, DOCUMENT = "ID323", "0356cf79-b8b0-4226-b4b9-0ee058ea5760"
REPORT_TYPE = "GET_MERCHANT_LISTINGS_ALL_DATA"
LISTED_TYPES = "FEE_DISCOUNTS_REPORT,GET_AFN_INVENTORY_DATA"
LISTED_STATES = "IN_QUEUE,IN_PROGRESS"


class StaticOrdersV0:
    """The test cases of the older Orders API."""

    def routes(self) -> tuple[Route, ...]:
        """The operations for the routing table; they stand before those that live."""
        order = f"{ORDERS}/{{orderId}}"
        return (
            Route("v0.getOrders", "GET", ORDERS, self.get_orders),
            Route("v0.getOrder", "GET", order, _of_one(lambda made: order_v0(made, ELEMENTS))),
            Route("v0.getOrderBuyerInfo", "GET", f"{order}/buyerInfo", _of_one(lambda made: buyer_v0(made, ELEMENTS))),
            Route("v0.getOrderAddress", "GET", f"{order}/address", _of_one(lambda made: address_v0(made, ELEMENTS))),
            Route(
                "v0.getOrderItems",
                "GET",
                f"{order}/orderItems",
                _of_one(lambda made: _items(items_v0(made, ELEMENTS), made)),
            ),
            Route(
                "v0.getOrderItemsBuyerInfo",
                "GET",
                f"{order}/orderItems/buyerInfo",
                _of_one(lambda made: _items(items_buyer_v0(made), made)),
            ),
        )

    def get_orders(self, call: Call) -> Response:
        """GET /orders/v0/orders."""
        asked = read_parameters(call.request.query)
        asked.pop("MaxResultsPerPage", None)
        if asked.get("CreatedAfter") == REFUSED:
            raise ApiError(400)
        payload: Wire = {"CreatedBefore": timestamp(MADE_AT), "Orders": [order_v0(_made(), ELEMENTS)]}
        if asked == {"CreatedAfter": FIRST_PAGE, "MarketplaceIds": AMERICA}:
            payload["NextToken"] = NEXT_TOKEN
        elif asked not in (
            {"CreatedAfter": FOUND[0], "MarketplaceIds": AMERICA},
            {"CreatedAfter": FIRST_PAGE, "MarketplaceIds": AMERICA, "NextToken": NEXT_TOKEN},
        ):
            raise ApiError(400, NO_MATCH)
        return Response.json(200, {"payload": payload})


class StaticReports:
    """The test cases of the Reports API."""

    def routes(self) -> tuple[Route, ...]:
        """The operations for the routing table; they stand before those that live."""
        reports = f"{REPORTS}/reports"
        return (
            Route("createReport", "POST", reports, self.create),
            Route("getReports", "GET", reports, self.list),
            Route("getReport", "GET", f"{reports}/{{reportId}}", self.get),
            Route("cancelReport", "DELETE", f"{reports}/{{reportId}}", self.cancel),
            Route("getReportDocument", "GET", f"{REPORTS}/documents/{{reportDocumentId}}", self.document),
        )

    def create(self, call: Call) -> Response:
        """POST /reports/2021-06-30/reports."""
        try:
            body: Any = json.loads(call.request.body)
        except ValueError:
            raise ApiError(400) from None
        wanted = {
            "reportType": REPORT_TYPE,
            "dataStartTime": "2024-03-10T20:11:24.000Z",
            "marketplaceIds": ["A1PA6795UKMFR9", AMERICA],
        }
        if body != wanted:
            raise ApiError(400, NO_MATCH)
        return Response.json(202, {"reportId": REPORT})

    def list(self, call: Call) -> Response:
        """GET /reports/2021-06-30/reports."""
        asked = read_parameters(call.request.query)
        if asked != {"reportTypes": LISTED_TYPES, "processingStatuses": LISTED_STATES}:
            raise ApiError(400, NO_MATCH)
        return Response.json(200, {"reports": [_report()]})

    def get(self, call: Call) -> Response:
        """GET /reports/2021-06-30/reports/{reportId}."""
        if call.path["reportId"] != REPORT:
            raise ApiError(400, NO_MATCH)
        return Response.json(200, _report())

    def cancel(self, call: Call) -> Response:
        """DELETE /reports/2021-06-30/reports/{reportId}."""
        if call.path["reportId"] != REPORT:
            raise ApiError(400, NO_MATCH)
        return Response(200)

    def document(self, call: Call) -> Response:
        """GET /reports/2021-06-30/documents/{reportDocumentId}; the address given has expired long ago."""
        if call.path["reportDocumentId"] != DOCUMENT:
            raise ApiError(400, NO_MATCH)
        host = call.request.headers.get("host", "127.0.0.1")
        return Response.json(
            200, {"reportDocumentId": DOCUMENT, "url": f"https://{host}{DOCUMENTS}{DOCUMENT}?Expires=0"}
        )


def _of_one(shown: Callable[[Wire], Wire]) -> Callable[[Call], Response]:
    """Answers the test cases of an operation about one order."""

    def answer(call: Call) -> Response:
        if call.path["orderId"] == REFUSED:
            raise ApiError(400)
        if call.path["orderId"] not in FOUND:
            raise ApiError(400, NO_MATCH)
        made = _made()
        if call.path["orderId"] == FOUND[1]:
            made["programs"] = ["AMAZON_BUSINESS", "INVOICE_BY_AMAZON"]
        return Response.json(200, {"payload": shown(made)})

    return answer


def _made() -> Wire:
    return made_order(place_of("US"), tuple(sorted(INCLUDED_DATA)))


def _items(lines: list[Wire], made: Wire) -> Wire:
    return {"AmazonOrderId": made["orderId"], "OrderItems": lines}


def _report() -> Wire:
    return {
        "reportId": REPORT,
        "reportType": REPORT_TYPE,
        "dataStartTime": timestamp(MADE_AT),
        "dataEndTime": timestamp(MADE_AT),
        "createdTime": timestamp(MADE_AT),
        "processingStatus": "IN_PROGRESS",
        "processingStartTime": timestamp(MADE_AT),
    }
