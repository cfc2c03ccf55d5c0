"""The error tree: every failure is named by what happens next.

    AdapterError
      ConfigurationError   a person corrects a file, a password, an address     exit 78
      Unavailable          nothing changed anywhere; the next run repeats       exit 75
      Refused              the other side said no; the order is held            exit 1
      OutcomeUnknown       a write got no answer; look before repeating         exit 75

Each side of the adapter subclasses these. What a library raises is translated where the library is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType


class AdapterError(Exception):
    """Base of all errors that a user may see; the text says what to do next."""

    exit_code = 1


class ConfigurationError(AdapterError):
    """A person has to correct something before another attempt makes sense.

    Attributes:
        problems: every problem found, one line each; the message joins them.
        details: the same as they were given: values with a place in a file (`problems.Problem`), or texts.
    """

    exit_code = 78  # EX_CONFIG of sysexits.h: systemd is told not to restart on it

    def __init__(self, problems: str | Sequence[object]) -> None:
        self.details: tuple[object, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        self.problems: tuple[str, ...] = tuple(map(str, self.details))
        super().__init__("\n".join(self.problems))


class Unavailable(AdapterError):
    """Nothing changed on the other side; repeating later is safe."""

    exit_code = 75  # EX_TEMPFAIL of sysexits.h


class Refused(AdapterError):
    """The other side understood and said no; repeating the same request is useless."""


class OutcomeUnknown(AdapterError):
    """A write may or may not have happened; only looking can tell."""

    exit_code = 75


def place_of(problem: BaseException) -> str:
    """File and line of a defect, for a report to us. Never the text: it may hold a buyer's data."""
    trace: TracebackType | None = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/adapter/')[2]}:{trace.tb_lineno}"
