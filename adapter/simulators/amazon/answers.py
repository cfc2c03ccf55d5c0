"""Error answers of the Selling Partner API."""

from __future__ import annotations

from adapter.simulators.server import Response

DENIED = "Access to requested resource is denied."
TOKEN_MISSING = "Access token is missing in the request header."  # noqa: S105 - a sentence, not a token
TOKEN_INVALID = "The access token you provided is revoked, malformed or invalid."  # noqa: S105
TOKEN_EXPIRED = "The access token you provided has expired."  # noqa: S105
QUOTA = "You exceeded your quota for the requested resource."

CODES = {
    400: ("InvalidInput", "Invalid Input"),
    403: ("Unauthorized", DENIED),
    404: ("NotFound", "The requested resource does not exist."),
    409: ("Conflict", "The resource already exists."),
    413: ("RequestTooLarge", "The request size exceeded the maximum accepted size."),
    415: ("UnsupportedMediaType", "The request payload is in an unsupported format."),
    429: ("QuotaExceeded", QUOTA),
    500: ("InternalFailure", "We encountered an internal error. Please try again."),
    503: ("ServiceUnavailable", "Service is temporarily unavailable. Please try again later."),
}
"""Code and message by status. Source: SP-API usage plans guide and authorization errors page; 404, 409, 413, 415
and 503 are worded after the model's descriptions."""


class ApiError(Exception):
    """A request that gets an error answer.

    `details` None leaves the field out; an empty text is sent: Amazon says so where a role is missing.
    """

    def __init__(self, status: int, message: str | None = None, details: str | None = None) -> None:
        self.status = status
        self.code, default = CODES.get(status, ("InternalFailure", CODES[500][1]))
        self.message = message or default
        self.details = details
        super().__init__(f"{status} {self.code}: {self.message} {details or ''}")

    def response(self) -> Response:
        """The answer, without the headers that every answer has.

        Source: SP-API model orders_2026-01-01, ErrorList.
        """
        error = {"code": self.code, "message": self.message}
        if self.details is not None:
            error["details"] = self.details
        return Response.json(self.status, {"errors": [error]})


def invalid_input(message: str) -> ApiError:
    """The 400 of a parameter that breaks a rule."""
    return ApiError(400, message)
