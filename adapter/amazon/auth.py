"""Access tokens from Login with Amazon (LWA): one at a time, renewed before they expire."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlencode

import stamina

from adapter.amazon.errors import AccessDenied, AmazonUnavailable, BadAnswer, CredentialsRefused, quoted, request_id
from adapter.http import Answer, HttpClient, NoAnswer, NotSent
from adapter.model.access import AccessToken

TOKEN_PATH = "/auth/o2/token"  # noqa: S105 - an address
EARLY = timedelta(minutes=1)
"""How long before its end a token is given up: longer than a call takes. Amazon is asked at most 25 times a day."""

USUAL_LIFE = timedelta(hours=1)  # Source: SP-API developer guide, "Request a Login with Amazon access token"
PARKED = timedelta(hours=1)
"""How long refused credentials are not shown to Amazon again; a restart, which reads them anew, ends it."""

NOTIFICATIONS_SCOPE = "sellingpartnerapi::notifications"
"""For operations that act for the application and not for a seller. Source: SP-API guide, "Grantless operations"."""

_LIMIT = 64_000
_ATTEMPTS = 3


class TokenStore(Protocol):
    """Where access tokens live between runs; only the owner of the process may be able to read it."""

    def load(self, key: str) -> AccessToken | None:
        """The token kept last under this key, good or not."""

    def save(self, key: str, token: AccessToken) -> None:
        """Keep a token."""

    def forget(self, key: str, text: str) -> None:
        """Drop this token, if it is still the one that is kept."""


class LwaTokens:
    """The access token of one seller account; may be used by several threads.

    Credentials that Amazon has refused are not shown to it again for an hour: asking on changes nothing, and the alarm
    stands already.

    Args:
        http: a connection to Login with Amazon.
        account: our name of the seller account, for messages.
        now: the wall clock, aware UTC.
        store: keeps the token for the next run; None: it ends with this one.
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
        store: TokenStore | None = None,
    ) -> None:
        self._http = http
        self._client_id = client_id
        self._client_secret = client_secret
        self._grant = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        self._now = now
        self._account = account
        self._lock = threading.Lock()
        self._store = store
        self._token: AccessToken | None = None
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
            if self._token is None or not self._token.good_at(self._now()):
                kept = self._kept()
                self._token = kept if kept is not None and kept.good_at(self._now()) else self._fetch()
            return self._token.text

    def renew(self, stale: str) -> str:
        """Another token than `stale`, which Amazon has just refused; asks only once for several threads.

        Raises:
            AccessDenied, AmazonUnavailable, BadAnswer: as `token`.
        """
        with self._lock:
            if self._token is None or self._token.text == stale:
                self._token = None
                if self._store is not None:
                    self._store.forget(self._key, stale)
                self._token = self._fetch()
            return self._token.text

    @property
    def _key(self) -> str:
        """Names the token in the store: for what it was given, in a form that tells nothing."""
        parts = (self._http.host, self._client_id, *sorted(self._grant.values()))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _kept(self) -> AccessToken | None:
        return None if self._store is None else self._store.load(self._key)

    def _fetch(self) -> AccessToken:
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
        if self._store is not None:
            self._store.save(self._key, made)
        return made

    def _fetched(self) -> AccessToken:
        for attempt in stamina.retry_context(
            on=AmazonUnavailable, attempts=_ATTEMPTS, wait_initial=0.5, wait_max=5.0, timeout=90.0
        ):
            with attempt:
                return self._ask()
        raise AssertionError("stamina ends with a result or an error")

    def _ask(self) -> AccessToken:
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

    def _read(self, answer: Answer, asked_at: datetime) -> AccessToken:
        data = _json(answer)
        text, seconds = data.get("access_token"), data.get("expires_in")
        # Anything else could not be sent in a header.
        if not isinstance(text, str) or not text or not text.isascii() or not text.isprintable() or " " in text:
            raise BadAnswer(f"account {self._account}: Login with Amazon answered without an access token")
        life = USUAL_LIFE
        if isinstance(seconds, int) and 0 < seconds <= USUAL_LIFE.total_seconds():
            life = timedelta(seconds=seconds)
        return AccessToken(text, asked_at, asked_at + max(life - EARLY, life / 2))


def _json(answer: Answer) -> dict[str, Any]:
    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
