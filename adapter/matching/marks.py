"""By what a buyer is known again: digests of an alias, a telephone number and a name as they are written in orders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from adapter.matching.asked import Asked
from adapter.matching.evidence import email_key, phone_key
from adapter.matching.hypotheses import hypotheses
from adapter.matching.names import normalised
from adapter.model.remembered import Mark, MarkKind


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one order; None where it does not tell."""

    alias: Mark | None = None
    phone: Mark | None = None
    name: Mark | None = None

    def __iter__(self) -> Iterator[Mark]:
        return (mark for mark in (self.alias, self.phone, self.name) if mark is not None)


def marks_of(asked: Asked) -> Marks:
    """The marks of who is asked for.

    A telephone number is that of the address: it counts only where the recipient is the buyer. Nobody is known again by
    an order of a proxy, such as Amazon's own company that buys for others: all of them would be one.
    """
    if not hypotheses(asked):
        return Marks()
    name = asked.company or asked.buyer
    known = normalised(name) if name else ""
    to_buyer = not asked.recipient or normalised(asked.recipient) in {known, normalised(asked.buyer or name)}
    return Marks(
        _alias(asked.evidence.emails[0]) if asked.evidence.emails else None,
        _phone(asked.evidence.phones[0]) if asked.evidence.phones and to_buyer and known else None,
        Mark(MarkKind.NAME, _digest(MarkKind.NAME, known), _initials(name)) if known else None,
    )


def _alias(email: str) -> Mark | None:
    if not (known := email_key(email)):
        return None
    local, _, domain = known.rpartition("@")
    return Mark(MarkKind.ALIAS, _digest(MarkKind.ALIAS, known), f"{local[:2]}...@{domain}")


def _phone(number: str) -> Mark | None:
    if not (known := phone_key(number)):
        return None
    return Mark(MarkKind.PHONE, _digest(MarkKind.PHONE, known), f"...{known[-3:]}")


def _initials(name: str) -> str:
    return " ".join(f"{word[0]}." for word in name.split() if word[:1].isalnum())


def _digest(kind: MarkKind, value: str) -> str:
    return hashlib.blake2b(f"{kind}:{value}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
