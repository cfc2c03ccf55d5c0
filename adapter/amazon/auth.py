"""Access tokens from Login with Amazon (LWA): one at a time, renewed before they expire."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import stamina

from adapter.amazon.errors import AccessDenied, AmazonUnavailable, BadAnswer, CredentialsRefused, quoted, request_id
from adapter.http import Answer, HttpClient, NoAnswer, NotSent

TOKEN_PATH = "/auth/o2/token"  # noqa: S105 - an address
EARLY = timedelta(minutes=5)
USUAL_LIFE = timedelta(hours=1)  # Source: SP-API developer guide, "Request a Login with Amazon access token"
PARKED = timedelta(hours=1)
"""How long refused credentials are not shown to Amazon again; a restart, which reads them anew, ends it."""

NOTIFICATIONS_SCOPE = "sellingpartnerapi::notifications"
"""For operations that act for the application and not for a seller. Source: SP-API guide, "Grantless operations"."""

_LIMIT = 64_000
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, repr=False)
class _Token:
    text: str
    since: datetime
    until: datetime


class LwaTokens:
    """The access token of one seller account; may be used by several threads.

    Credentials that Amazon has refused are not shown to it again for an hour: asking on changes nothing, and the alarm
    stands already.

    Args:
        http: a connection to Login with Amazon.
        account: our name of the seller account, for messages.
        now: the wall clock, aware UTC.
    """

    def __init__(
        self,
        http: HttpClient,
        client_id: str,
        client_secret: str,
        refresh_token: str,
        now: Callable[[], datetime],
        *,
        account: str,
    ) -> None:
        self._http = http
        self._client_id = client_id
        self._client_secret = client_secret
        self._grant = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        self._now = now
        self._account = account
        self._lock = threading.Lock()
        self._token: _Token | None = None
        self._denied: tuple[str, datetime] | None = None

    @classmethod
    def grantless(
        cls,
        http: HttpClient,
        client_id: str,
        client_secret: str,
        scope: str,
        now: Callable[[], datetime],
        *,
        account: str,
    ) -> LwaTokens:
        """The access token of the application itself, for operations that need no seller.

        Args:
            scope: what it is for, such as `NOTIFICATIONS_SCOPE`.
        """
        made = cls(http, client_id, client_secret, "", now, account=account)
        made._grant = {"grant_type": "client_credentials", "scope": scope}
        return made

    def __repr__(self) -> str:
        return f"LwaTokens(account={self._account!r})"

    def token(self) -> str:
        """A valid access token, from memory or from Amazon.

        Raises:
            AccessDenied: Amazon refuses the credentials; the message says which to replace.
            AmazonUnavailable: no answer, or an error at Amazon, several times in a row.
            BadAnswer: something else than Login with Amazon answered.
        """
        with self._lock:
            held = self._token
            # The lower bound: after a clock step backwards nobody knows how old the token is.
            if held is None or not held.since <= self._now() < held.until:
                held = self._token = self._fetch()
            return held.text

    def renew(self, stale: str) -> str:
        """Another token than `stale`, which Amazon has just refused; asks only once for several threads.

        Raises:
            AccessDenied, AmazonUnavailable, BadAnswer: as `token`.
        """
        with self._lock:
            if self._token is None or self._token.text == stale:
                self._token = None
                self._token = self._fetch()
            return self._token.text

    def _fetch(self) -> _Token:
        if self._denied is not None:
            text, since = self._denied
            if since <= self._now() < since + PARKED:
                raise CredentialsRefused(text)
        try:
            made = self._fetched()
        except CredentialsRefused as problem:
            self._denied = str(problem), self._now()
            raise
        self._denied = None
        return made

    def _fetched(self) -> _Token:
        for attempt in stamina.retry_context(
            on=AmazonUnavailable, attempts=_ATTEMPTS, wait_initial=0.5, wait_max=5.0, timeout=90.0
        ):
            with attempt:
                return self._ask()
        raise AssertionError("stamina ends with a result or an error")

    def _ask(self) -> _Token:
        form = {**self._grant, "client_id": self._client_id, "client_secret": self._client_secret}
        headers = {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "Accept": "application/json"}
        asked_at = self._now()
        try:
            answer = self._http.send("POST", TOKEN_PATH, headers=headers, body=urlencode(form).encode(), limit=_LIMIT)
        except (NotSent, NoAnswer) as problem:
            raise AmazonUnavailable(f"account {self._account}: no access token: {problem}") from problem
        self._check(answer)
        return self._read(answer, asked_at)

    def _check(self, answer: Answer) -> None:
        place = f"account {self._account}: Login with Amazon"
        if answer.status >= 500 or answer.status in {408, 429}:
            raise AmazonUnavailable(f"{place} is unavailable (HTTP {answer.status}){request_id(answer)}")
        if answer.status == 200 and not answer.is_html:
            return
        if answer.is_html or answer.status < 400:
            raise BadAnswer(f"{place} did not answer itself: HTTP {answer.status}, a page of something between")
        error = _json(answer).get("error")
        code = quoted(error) if isinstance(error, str) else ""
        credential = f"credential amazon-{self._account}"
        advice = {
            "invalid_client": f"put the right client secret into the {credential}-client-secret (a secret has to be "
            "replaced every 180 days) and check the client id in the settings",
            "invalid_grant": f"authorise the application for this seller again and put the new refresh token into the "
            f"{credential}-refresh-token",
            "unauthorized_client": f"the client id in the settings and the {credential}-refresh-token belong to "
            "different applications; take both from the same one",
            "invalid_scope": "an application that is still in the sandbox may not do this; finish its registration",
        }
        usual = f"check the client id in the settings and the {credential}-client-secret and -refresh-token"
        raise (CredentialsRefused if code in advice else AccessDenied)(
            f"{place} refuses the credentials (HTTP {answer.status} {code or 'without a reason'})"
            f"{request_id(answer)}: {advice.get(code, usual)}"
        )

    def _read(self, answer: Answer, asked_at: datetime) -> _Token:
        data = _json(answer)
        text, seconds = data.get("access_token"), data.get("expires_in")
        # Anything else could not be sent in a header.
        if not isinstance(text, str) or not text or not text.isascii() or not text.isprintable() or " " in text:
            raise BadAnswer(f"account {self._account}: Login with Amazon answered without an access token")
        life = USUAL_LIFE
        if isinstance(seconds, int) and 0 < seconds <= USUAL_LIFE.total_seconds():
            life = timedelta(seconds=seconds)
        return _Token(text, asked_at, asked_at + max(life - EARLY, life / 2))


def _json(answer: Answer) -> dict[str, Any]:
    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
