"""What can go wrong at the infobase, named by what happens next.

    ConfigurationError
      AccessDenied          the user, the password or a role has to be put right
      NotPublished          the object has to be added to the composition of the interface
      WrongAddress          whatever answered there is not the OData interface
    Unavailable
      InfobaseUnavailable   nothing changed; the next run repeats
        NoSession           1C opens no session now: ask again after a minute, not at once
        NotAsked            it was not sent, since the one before it in its session failed for all
    Refused
      RefusedByInfobase     1C said no and rolled back; its own text is kept
        KeyExists           this key, or a value that must be unique, is taken
        NotFound            nothing has this key
        Changed             written by somebody else since it was read
        Locked              a person or a transaction holds the object; may be asked again later
      Unsendable            the value cannot travel; found before anything was sent
    OutcomeUnknown
      UnknownOutcome        a write whose answer is no answer; look before repeating

`RefusedByInfobase.text` is the configuration's own wording and may name a buyer or a sum: it is for the person who
looks after the order, and is masked on its way into a log.
"""

from __future__ import annotations

from adapter.errors import ConfigurationError, OutcomeUnknown, Refused, Unavailable


class AccessDenied(ConfigurationError):
    """Wrong user or password, a locked user, or a missing right. Trying again soon may lock the user."""


class NotPublished(ConfigurationError):
    """The object exists only for programs once it is in the composition of the OData interface."""


class WrongAddress(ConfigurationError):
    """A web server or proxy answered instead of the OData interface."""


class InfobaseUnavailable(Unavailable):
    """The infobase did not answer a read, or could not be reached for a write."""


class NoSession(InfobaseUnavailable):
    """No session within the pool, no free licence, or sessions are closed for maintenance: one attempt a minute."""


class NotAsked(InfobaseUnavailable):
    """It waited for its session while another request found none, or failed for all: it was not sent."""


class RefusedByInfobase(Refused):
    """1C refused and nothing was stored.

    Attributes:
        status: the HTTP status.
        code: 1C's own code, such as "-1" for an exception in a handler; None where a web server refused.
        text: 1C's text, on one line and shortened.
    """

    def __init__(self, step: str, status: int, code: str | None = None, text: str = "") -> None:
        self.status = status
        self.code = code
        self.text = text
        reason = text or "without a reason"
        number = f"HTTP {status}" if code is None else f"HTTP {status}, code {code}"
        super().__init__(f"{step}: refused: {reason} ({number})")


class KeyExists(RefusedByInfobase):
    """The key or a unique value is taken. After a create, look it up: an earlier attempt may have written it."""


class NotFound(RefusedByInfobase):
    """No object has this key."""


class Changed(RefusedByInfobase):
    """The object is no longer the version that was named with the write."""


class Locked(RefusedByInfobase):
    """The object is open in a form, or its records are held by a transaction; rolled back, may be asked again later."""


class Unsendable(Refused, ValueError):
    """A value that JSON or OData could not bring over unharmed: a control character, too many digits, a wrong form."""


class UnknownOutcome(OutcomeUnknown):
    """The write may have been carried out: no answer, or one that does not come from 1C or is not whole."""
