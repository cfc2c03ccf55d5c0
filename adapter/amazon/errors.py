"""What goes wrong at Amazon, named by what happens next; no message holds a token, a header or a buyer's data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from adapter.errors import ConfigurationError, Refused, Unavailable
from adapter.http import Answer

_TOKEN = re.compile(r"Atz[a-z]\|\S*", re.IGNORECASE)
_LONGEST_QUOTE = 200


class AccessDenied(ConfigurationError):
    """Amazon does not let this account in; a person corrects a credential, a role or a region."""


class CredentialsRefused(AccessDenied):
    """Login with Amazon knows the credentials no longer: revoked, replaced or of another application."""


class BadRequest(ConfigurationError):
    """Amazon refuses the request as it is written (400, 413, 415)."""


class AmazonUnavailable(Unavailable):
    """Amazon gave no answer or an error of its own (5xx)."""


class BadAnswer(Unavailable):
    """An answer came, but not one of the API: a web page, cut JSON, another shape."""


class PageTokenExpired(Unavailable):
    """Amazon no longer accepts a page token; the search starts again from its watermark.

    Source: SP-API Orders model 2026-01-01, pagination: a token lives 24 hours.
    """


class Throttled(Unavailable):
    """No call is allowed now, by our own budget or by Amazon's 429.

    Attributes:
        seconds: how long to wait until the next call may succeed.
    """

    def __init__(self, message: str, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(message)


class OrderNotFound(Refused):
    """Amazon knows no order with this id for this seller."""


class UnreadableOrder(Refused):
    """An order's JSON that does not even tell which order it is."""


def quoted(text: str) -> str:
    """A remote's words for a message: one line, short, without anything that looks like a token."""
    plain = " ".join(_TOKEN.sub("[token]", text).split())
    shown = "".join(character if character.isprintable() else "?" for character in plain)
    return shown if len(shown) <= _LONGEST_QUOTE else shown[:_LONGEST_QUOTE] + "..."


def request_id(answer: Answer) -> str:
    """` (request ...)` for support cases, or nothing. Source: SP-API developer guide, x-amzn-RequestId."""
    shown = re.sub(r"[^A-Za-z0-9=._-]", "", answer.headers.get("x-amzn-requestid", ""))[:80]
    return f" (request {shown})" if shown else ""


def without_request(problem: Exception) -> str:
    """An error's text without the number of the single request: the same trouble has the same text."""
    return re.sub(r" \(request [A-Za-z0-9=._-]*\)", "", str(problem))


def told(answer: Answer) -> str:
    """What Amazon says in an error body: `code: message (details)` of the first error; empty for any other body."""
    try:
        first = json.loads(answer.body)["errors"][0]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return ""
    if not isinstance(first, Mapping):
        return ""
    code, message, details = (str(first.get(key) or "") for key in ("code", "message", "details"))
    text = ": ".join(part for part in (code, message) if part)
    return quoted(f"{text} ({details})" if details and details != message else text)
