"""Login with Amazon: gives out access tokens and says which are good.

Source: SP-API developer guide, "Connecting to the Selling Partner API"; OAuth 2.0 (RFC 6749) for errors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import parse_qsl

from adapter.simulators.server import Request, Response

PATH = "/auth/o2/token"
LIFETIME = timedelta(hours=1)
SCOPES = frozenset({"sellingpartnerapi::notifications", "sellingpartnerapi::client_credential:rotation"})
FIELDS_OF_GRANT = {
    "refresh_token": ("refresh_token", "client_id", "client_secret"),
    "client_credentials": ("scope", "client_id", "client_secret"),
    "authorization_code": ("code", "redirect_uri", "client_id", "client_secret"),
}

TokenState = Literal["seller", "grantless", "expired", "unknown"]


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an application proves itself with."""

    client_id: str
    client_secret: str
    refresh_token: str


@dataclass(frozen=True, slots=True)
class _Token:
    grantless: bool
    expires_at: datetime


class _Refused(Exception):
    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status, self.error, self.description = status, error, description


class Lwa:
    """The token endpoint of one application that one seller has authorised.

    Not safe for several threads: the account holds its lock.
    """

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self._tokens: dict[str, _Token] = {}
        self._given = 0

    def answer(self, request: Request, now: datetime) -> Response:
        """Answer a request to the token endpoint."""
        try:
            grant, form = self._checked(request)
        except _Refused as refused:
            body = {"error": refused.error, "error_description": refused.description}
            return Response.json(refused.status, body, ("Cache-Control", "no-store"))
        granted = {
            "access_token": self._new_token(grantless=grant == "client_credentials", now=now),
            "token_type": "bearer",
            "expires_in": int(LIFETIME.total_seconds()),
        }
        if grant == "refresh_token":
            granted["refresh_token"] = form["refresh_token"]
        return Response.json(200, granted, ("Cache-Control", "no-store"), ("Pragma", "no-cache"))

    def state(self, access_token: str, now: datetime) -> TokenState:
        """What an access token is worth at `now`."""
        token = self._tokens.get(access_token)
        if token is None:
            return "unknown"
        if now >= token.expires_at:
            return "expired"
        return "grantless" if token.grantless else "seller"

    def revoke_access_tokens(self) -> None:
        """Forget every access token given so far."""
        self._tokens.clear()

    def _checked(self, request: Request) -> tuple[str, dict[str, str]]:
        form = _form(request)
        grant = form.get("grant_type", "")
        if grant not in FIELDS_OF_GRANT:
            raise _Refused(
                400,
                "unsupported_grant_type",
                "The authorization grant type is not supported by the authorization server",
            )
        _require(form, FIELDS_OF_GRANT[grant])
        known = self.credentials
        if (form["client_id"], form["client_secret"]) != (known.client_id, known.client_secret):
            raise _Refused(401, "invalid_client", "Client authentication failed")
        if grant == "client_credentials" and not set(form["scope"].split()) <= SCOPES:
            raise _Refused(400, "invalid_scope", "The requested scope is invalid, unknown or malformed")
        # No codes are given out here, so none is good.
        if grant == "authorization_code" or (grant == "refresh_token" and form["refresh_token"] != known.refresh_token):
            raise _Refused(400, "invalid_grant", "The request has an invalid grant parameter")
        return grant, form

    def _new_token(self, grantless: bool, now: datetime) -> str:
        self._given += 1
        digest = hashlib.sha256(f"{self.credentials.refresh_token}/{self._given}".encode()).hexdigest()
        token = f"Atza|{digest}"
        self._tokens = {key: kept for key, kept in self._tokens.items() if now < kept.expires_at + LIFETIME}
        self._tokens[token] = _Token(grantless, now + LIFETIME)
        return token


def _form(request: Request) -> dict[str, str]:
    if request.method != "POST":
        raise _Refused(405, "invalid_request", "The request must be a POST")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise _Refused(400, "invalid_request", "The Content-Type must be application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise _Refused(400, "invalid_request", "The request body is malformed") from None
    form = dict(pairs)
    if len(form) < len(pairs):
        raise _Refused(400, "invalid_request", "The request repeats a parameter")
    return form


def _require(form: dict[str, str], names: Iterable[str]) -> None:
    for name in names:
        if not form.get(name):
            raise _Refused(400, "invalid_request", f"The request is missing a required parameter: {name}")
