"""An access token as it is kept between runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, repr=False)
class AccessToken:
    """What Login with Amazon gave; its text is a secret and in no message, log or repr.

    Attributes:
        since, until: when it may be used; aware, UTC.
    """

    text: str
    since: datetime
    until: datetime

    def good_at(self, now: datetime) -> bool:
        """Whether it may be used; not where the clock was put behind its beginning: nobody knows how old it is then."""
        return self.since <= now < self.until
