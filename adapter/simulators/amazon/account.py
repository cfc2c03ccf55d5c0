"""The stand-in seller account: one seller, one application, all operations behind one lock."""

from __future__ import annotations

import copy
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from adapter.simulators.amazon import answers, lwa, static_sandbox, static_sandbox_more
from adapter.simulators.amazon.answers import ApiError
from adapter.simulators.amazon.buckets import PUBLISHED_RATES, Buckets, Rate
from adapter.simulators.amazon.catalog_api import CatalogApi
from adapter.simulators.amazon.charges import MoneyStyle
from adapter.simulators.amazon.lwa import Credentials, Lwa
from adapter.simulators.amazon.marketplaces import Region
from adapter.simulators.amazon.notifications_api import NotificationsApi
from adapter.simulators.amazon.order_book import VISIBLE_AFTER, OrderBook, Version
from adapter.simulators.amazon.orders import OrderMaker, OrderOptions
from adapter.simulators.amazon.orders_api import OrdersApi
from adapter.simulators.amazon.orders_v0_api import OrdersV0Api
from adapter.simulators.amazon.reports_api import DOCUMENTS, ReportsApi
from adapter.simulators.amazon.restricted import ELEMENTS, RestrictedTokens
from adapter.simulators.amazon.routes import Call, Route, Routes
from adapter.simulators.amazon.search import Pages
from adapter.simulators.amazon.sellers_api import SellersApi
from adapter.simulators.amazon.status import as_seen, with_status
from adapter.simulators.amazon.wire import Wire, timestamp
from adapter.simulators.server import Request, Response

LONGEST_USER_AGENT = 500
Clock = Callable[[], datetime]


def real_time() -> datetime:
    """The time of day, aware, UTC."""
    return datetime.now(UTC)


class SellerAccount:
    """A seller account of one region with its orders; a `server.Service`.

    Attributes:
        sellers: where the seller sells; `catalog`: what Amazon tells of products; `reports`: how reports are made.
            Changed before the first call, or between two.

    Args:
        orders: how many to make up, or orders in wire form to serve as they are.
        seed: of the orders made up, and of ids and tokens given out.
        clock: aware UTC; tests pass their own.
        discount_sign: see `charges.MoneyStyle`.
        collected_tax_inside: see `charges.MoneyStyle`.
        rates: per operation; those published if None. An empty mapping never throttles.
        visible_after: how long orders and changes stay unseen.
        spread: how far back the made-up orders go.
        restricted: data elements for which the application has a role; see `restricted.ELEMENTS`.
        static: answer as Amazon's static sandbox does: documented test cases only, with its own rates.
    """

    def __init__(
        self,
        orders: int | Sequence[Wire] = 0,
        *,
        seed: int = 1,
        clock: Clock = real_time,
        client_id: str = "amzn1.application-oa2-client.demo",
        client_secret: str = "amzn1.oa2-cs.v1.demo",  # noqa: S107 - the made-up account's own
        refresh_token: str = "Atzr|demo",  # noqa: S107
        seller_id: str = "A0DEMOSELLER00",
        region: Region = "EU",
        discount_sign: Literal[-1, 1] = -1,
        collected_tax_inside: bool = True,
        rates: Mapping[str, Rate] | None = None,
        visible_after: timedelta = VISIBLE_AFTER,
        spread: timedelta = timedelta(days=7),
        restricted: Iterable[str] = ELEMENTS,
        static: bool = False,
    ) -> None:
        self.seller_id = seller_id
        self.region = region
        self.routes = Routes()
        self._clock = clock
        self._lock = threading.RLock()
        self._requests = 0
        self._lwa = Lwa(Credentials(client_id, client_secret, refresh_token))
        if rates is None:
            rates = dict.fromkeys(PUBLISHED_RATES, static_sandbox.RATE) if static else PUBLISHED_RATES
        self._buckets = Buckets(rates)
        self._book = OrderBook(visible_after)
        self._maker = OrderMaker(seed, OrderOptions(region, MoneyStyle(discount_sign, collected_tax_inside), spread))
        pages = Pages(self._book, f"{seller_id}/{seed}")
        self.sellers = SellersApi(region)
        self.catalog = CatalogApi(seller_id, region)
        self.restricted_tokens = RestrictedTokens(restricted)
        self.orders_v0 = OrdersV0Api(
            self._book, Pages(self._book, f"{seller_id}/{seed}/v0"), region, self.restricted_tokens
        )
        self.notifications = NotificationsApi(seller_id)
        self.reports = ReportsApi(self._book, region, f"{seller_id}/{seed}")
        self._book.listeners.append(self.notifications.changed)
        if static:
            self.routes.add(*static_sandbox.StaticSandbox().routes())
            self.routes.add(
                *static_sandbox_more.StaticOrdersV0().routes(), *static_sandbox_more.StaticReports().routes()
            )
        self._orders = OrdersApi(self._book, pages, region)
        self.routes.add(*self._orders.routes(), *self.sellers.routes(), *self.catalog.routes())
        self.routes.add(*self.orders_v0.routes(), *self.restricted_tokens.routes(), *self.notifications.routes())
        self.routes.add(*self.reports.routes())
        if isinstance(orders, int):
            for order in self._maker.backlog(orders, clock()):
                self._book.add(Version.of(order, as_seen(order)))
        else:
            for order in orders:
                self.put(order)

    # The service

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        with self._lock:
            now = self._clock()
            if request.path == lwa.PATH:
                return self._stamped(self._lwa.answer(request, now))
            if request.path.startswith(DOCUMENTS):
                return self.reports.download(request, now)
            operation = None
            try:
                route, path = self._route(request, now)
                operation = route.operation
                if not self._buckets.take(operation, now):
                    raise ApiError(429)
                response = route.handler(Call(request, path, now))
            except ApiError as problem:
                response = problem.response()
            return self._stamped(response, operation)

    def error(self, status: int) -> Response:
        """The API's error answer with this status."""
        with self._lock:
            return self._stamped(ApiError(status).response())

    def _route(self, request: Request, now: datetime) -> tuple[Route, dict[str, str]]:
        """The operation meant, once the caller may use it."""
        if len(request.headers.get("user-agent", "")) > LONGEST_USER_AGENT:
            raise answers.invalid_input(f"The user-agent may not exceed {LONGEST_USER_AGENT} characters.")
        found = self.routes.find(request.method, request.path)
        if found is None:
            raise ApiError(404)
        token = request.headers.get("x-amz-access-token", "")
        if not token:
            raise ApiError(403, details=answers.TOKEN_MISSING)
        if self.restricted_tokens.elements(request, now) is not None:
            return found
        match self._lwa.state(token, now):
            case "unknown":
                raise ApiError(403, details=answers.TOKEN_INVALID)
            case "expired":
                raise ApiError(403, details=answers.TOKEN_EXPIRED)
            case "grantless" | "seller" as state:
                if (state == "grantless") != found[0].grantless:
                    raise ApiError(403, details="")
        return found

    def _stamped(self, response: Response, operation: str | None = None) -> Response:
        """With the headers that every answer has.

        Source: SP-API usage plans guide: the limit comes with 20x, 400 and 404 only.
        """
        self._requests += 1
        request_id = uuid.uuid5(uuid.NAMESPACE_OID, f"{self.seller_id}/{self._requests}")
        headers = (*response.headers, ("x-amzn-RequestId", str(request_id)))
        rate = self._buckets.rate(operation) if operation is not None else None
        if rate is not None and (response.status // 100 == 2 or response.status in {400, 404}):
            headers = (*headers, ("x-amzn-RateLimit-Limit", f"{rate.per_second:g}"))
        return Response(response.status, response.body, headers)

    # What happens to the account, for tests and the demo

    def place_order(self, status: str = "UNSHIPPED") -> str:
        """A buyer orders something now, and the order is at once in `status`; its id."""
        with self._lock:
            now = self._clock()
            order = self._maker.make(now, now, status)
            self._book.add(Version.of(order, as_seen(order)))
            return str(order["orderId"])

    def put(self, order: Wire) -> None:
        """Add an order, or a new version of one, exactly as given, times included."""
        with self._lock:
            kept = copy.deepcopy(order)
            self._book.add(Version.of(kept, kept))

    def change_status(self, order_id: str, status: str) -> None:
        """Bring an order into another state now; quantities and packages follow.

        Raises:
            KeyError: there is no such order.
            ValueError: an order of one unit cannot be shipped in part.
        """
        with self._lock:
            order = with_status(self._book.latest(order_id).whole, status, self._clock())
            self._book.add(Version.of(order, as_seen(order)))

    def cancel(self, order_id: str, cancelled_by: str = "BUYER", reason: str = "No longer needed") -> None:
        """Cancel an order now. `cancelled_by` is BUYER, MERCHANT or AMAZON.

        Raises:
            KeyError: there is no such order.
        """
        with self._lock:
            whole = self._book.latest(order_id).whole
            order = with_status(whole, "CANCELLED", self._clock(), cancelled_by, reason)
            self._book.add(Version.of(order, as_seen(order)))

    def edit(self, order_id: str, change: Callable[[Wire], None] | None = None) -> None:
        """Let `change` alter the whole order; without it only the time of the last update moves.

        Raises:
            KeyError: there is no such order.
        """
        with self._lock:
            order = self._book.copy_of(order_id)
            if change is not None:
                change(order)
            order["lastUpdatedTime"] = timestamp(self._clock())
            self._book.add(Version.of(order, as_seen(order)))

    def order(self, order_id: str) -> Wire:
        """An order with all blocks, as the API will show it once its last change is visible.

        Raises:
            KeyError: there is no such order.
        """
        with self._lock:
            return copy.deepcopy(self._book.latest(order_id).seen)

    def order_ids(self) -> tuple[str, ...]:
        """The ids of all orders, visible or not."""
        with self._lock:
            return self._book.ids()

    def revoke_access_tokens(self) -> None:
        """Make every access token given so far worthless."""
        with self._lock:
            self._lwa.revoke_access_tokens()
            self.restricted_tokens.revoke()

    def set_credentials(self, credentials: Credentials) -> None:
        """Change what the application must prove itself with; access tokens stay good."""
        with self._lock:
            self._lwa.credentials = credentials

    def refuse_data(self, *names: str, named: bool = True) -> None:
        """From now on requests for one of these data sets are wrong (400), whether or not the answer says which.

        Without names it is over.
        """
        with self._lock:
            self._orders.refused, self._orders.names_refused = frozenset(names), named

    def set_rate(self, operation: str, rate: Rate) -> None:
        """Change the rate of an operation."""
        with self._lock:
            self._buckets.set_rate(operation, rate)

    @property
    def throttled(self) -> dict[str, int]:
        """How many 429 each operation has given, operations without any left out."""
        with self._lock:
            return self._buckets.refused
