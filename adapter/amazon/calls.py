"""Calls of the Selling Partner API: each within its budget, each failure named by what happens next.

One `Calls` is one seller account in one region; the modules of the single APIs stand on it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import stamina

from adapter.amazon.budget import Budget
from adapter.amazon.errors import (
    AccessDenied,
    AmazonUnavailable,
    BadAnswer,
    BadRequest,
    Throttled,
    request_id,
    told,
)
from adapter.amazon.page import decoded
from adapter.amazon.query import request_headers
from adapter.http import MEGABYTE, Answer, HttpClient, NoAnswer, NotSent

_LIMIT = 16 * MEGABYTE
_ATTEMPTS = 3
_NEW = timedelta(minutes=1)


class TokenSource(Protocol):
    """Gives the token that a call carries in x-amz-access-token."""

    def token(self) -> str:
        """A token that is good now, from memory or from Amazon."""

    def renew(self, stale: str) -> str:
        """Another token than `stale`, which Amazon has just refused."""


class Calls:
    """Calls for one seller account; may be used by several threads, whose calls then queue.

    Args:
        http: a connection to the region's endpoint.
        tokens: acts for the seller; an operation that needs another kind of token brings its own.
        account: our name of the seller account, for messages.
        user_agent: as `query.user_agent` makes it.
        now: the wall clock, aware UTC.
    """

    def __init__(
        self,
        http: HttpClient,
        tokens: TokenSource,
        budget: Budget,
        *,
        account: str,
        user_agent: str,
        now: Callable[[], datetime],
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._budget = budget
        self.account = account
        self._user_agent = user_agent
        self._now = now
        self._renewed = ("", now())

    def what(self, operation: str, subject: str = "") -> str:
        """How a call is named in messages."""
        return f"account {self.account}: {operation}" + (f" {subject}" if subject else "")

    def send(
        self,
        operation: str,
        method: str,
        target: str,
        what: str,
        *,
        body: Mapping[str, Any] | None = None,
        tokens: TokenSource | None = None,
        repeatable: bool = True,
    ) -> Answer:
        """An answer below 500 that is neither 401, 403 nor 429; the rest has become an error, some after retries.

        Args:
            operation: name of its bucket, one of `budget.LIMITS`.
            target: path and query, percent-encoded.
            what: names the call in messages, as `what` makes it.
            tokens: instead of the seller's own, for restricted and grantless operations.
            repeatable: a second attempt does no harm; otherwise there is only one.

        Raises:
            Throttled: no call is allowed now; nothing was sent unless Amazon answered 429.
            AccessDenied: a person has to correct something.
            AmazonUnavailable, BadAnswer: the next run repeats.
        """
        data = None if body is None else json.dumps(body, separators=(",", ":")).encode()
        failed: AmazonUnavailable | None = None
        for attempt in stamina.retry_context(
            on=_Passing if repeatable else (), attempts=_ATTEMPTS, wait_initial=1.0, wait_max=8.0, timeout=120.0
        ):
            with attempt:
                try:
                    return self._authorised(operation, method, target, what, data, tokens or self._tokens)
                except Throttled:
                    if failed is None:
                        raise
                    # The budget is used up by the retries: what they were for says more.
                    raise AmazonUnavailable(str(failed)) from failed
                except _Passing as problem:
                    failed = problem
                    raise
        raise AssertionError("stamina ends with a result or an error")

    def data(self, answer: Answer, what: str) -> dict[str, Any]:
        """The JSON object of a successful answer.

        Raises:
            BadRequest: Amazon refuses the request as it is; a person has to correct something.
            BadAnswer: something else came.
        """
        self.demand_success(answer, what)
        if answer.status == 204:
            raise BadAnswer(f"{what}: HTTP 204 came where data was expected{request_id(answer)}")
        return decoded(answer.body, what)

    def demand_success(self, answer: Answer, what: str) -> None:
        """Refuse every answer that is not a success of the API itself.

        Raises:
            BadRequest, BadAnswer: as `data`.
        """
        if answer.status in {200, 201, 202, 204} and not answer.is_html:
            return
        if answer.is_html and answer.status != 400:
            raise BadAnswer(f"{what}: a web page came instead of an answer (HTTP {answer.status}); is a proxy between?")
        if 400 <= answer.status < 500:
            # A web server in front of the API refuses malformed requests with a page. Source: SP-API changelog,
            # "API request validation for 400 errors with HTML response".
            words = told(answer) or "a web page without a reason"
            raise BadRequest(f"{what}: Amazon refuses the request (HTTP {answer.status}: {words}){request_id(answer)}")
        raise BadAnswer(f"{what}: HTTP {answer.status} is no answer of this API{request_id(answer)}")

    def _authorised(
        self, operation: str, method: str, target: str, what: str, data: bytes | None, tokens: TokenSource
    ) -> Answer:
        token = tokens.token()
        answer = self._once(operation, method, target, what, data, token)
        if answer.status not in {401, 403}:
            return answer
        if not self._is_new(token):
            token = tokens.renew(token)
            self._renewed = (token, self._now())
            answer = self._once(operation, method, target, what, data, token)
            if answer.status not in {401, 403}:
                return answer
        if answer.is_html:
            raise BadAnswer(f"{what}: a web page came instead of an answer (HTTP {answer.status}); is a proxy between?")
        raise AccessDenied(
            f"{what}: Amazon refuses access ({told(answer) or f'HTTP {answer.status}'}){request_id(answer)}: check "
            "that the seller's authorisation of the application is still valid and is for this region, and that the "
            "application has a role that allows this"
        )

    def _is_new(self, token: str) -> bool:
        """Whether a token has just been given: then another one would be refused as well."""
        known, at = self._renewed
        return token == known and timedelta(0) <= self._now() - at < _NEW

    def _once(self, operation: str, method: str, target: str, what: str, data: bytes | None, token: str) -> Answer:
        if seconds := self._budget.take(operation):
            raise Throttled(f"{what}: the budget of calls is used up; the next one in {seconds:.0f} s", seconds)
        headers = request_headers(token, self._user_agent, self._now())
        if data is not None:
            headers["content-type"] = "application/json"
        try:
            answer = self._http.send(method, target, headers=headers, body=data, limit=_LIMIT)
        except NotSent as problem:
            self._budget.landed(operation)
            raise _Passing(f"{what}: {problem}") from problem
        except NoAnswer as problem:
            raise _Passing(f"{what}: {problem}") from problem  # it may reach Amazon later: its flight goes on
        self._budget.landed(operation)
        if answer.status == 429:
            seconds = self._budget.drained(operation)
            raise Throttled(f"{what}: Amazon allows no more calls (429); the next one in {seconds:.0f} s", seconds)
        if answer.status < 500 and answer.status not in {401, 403}:  # others never carry a rate
            self._budget.correct(operation, answer.headers.get("x-amzn-ratelimit-limit"))
        if answer.status >= 500:
            words = told(answer) or "no reason given"
            raise _Passing(f"{what}: Amazon is unavailable (HTTP {answer.status}: {words}){request_id(answer)}")
        return answer


class _Passing(AmazonUnavailable):
    """May be over in a moment: worth another attempt."""
