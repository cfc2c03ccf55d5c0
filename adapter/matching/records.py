"""Customers as lines of text, made into values again when asked for: a million of them would fill the memory."""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from uuid import UUID

from adapter.model.catalog import Customer, Evidence, Kind

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_quoted = json.encoder.encode_basestring
NO_EVIDENCE = Evidence()


def written(customer: Customer) -> bytes:
    """A customer without its key as a line; what is empty at the end is left out."""
    # Put together by hand: in a catalog of a million an encoder of lists is a third of the time.
    evidence = customer.evidence
    line = f"[{_quoted(customer.name)},{_quoted(customer.full_name)},{_quoted(customer.kind)}"
    if customer.further or (evidence is not NO_EVIDENCE and evidence != NO_EVIDENCE):
        line += (
            f",{_list(evidence.emails)},{_list(evidence.phones)},{_list(evidence.tax_ids)}"
            f",{_list(evidence.postal_codes)},{_quoted(evidence.city)},{_quoted(evidence.country)}"
        )
    if customer.further:
        line += "," + _encode(dict(customer.further))
    return (line + "]").encode("utf-8", "surrogatepass")


def _list(values: tuple[str, ...]) -> str:
    return f"[{','.join(map(_quoted, values))}]" if values else "[]"


def read(ref_key: UUID, line: bytes) -> Customer:
    """The customer whose line `written` gave."""
    name, full_name, kind, *rest = json.loads(line.decode("utf-8", "surrogatepass"))
    evidence = NO_EVIDENCE
    if rest:
        emails, phones, tax_ids, postal_codes, city, country = rest[:6]
        evidence = Evidence(tuple(emails), tuple(phones), tuple(tax_ids), tuple(postal_codes), city, country)
    return Customer(ref_key, name, rest[6] if len(rest) > 6 else {}, full_name, Kind(kind), evidence)


class Lines(Protocol):
    """Where lines are kept."""

    def read(self, start: int, end: int) -> bytes:
        """The bytes between two places."""


class MemoryLines:
    """Lines of a catalog that was just read."""

    def __init__(self, data: bytes | bytearray) -> None:
        self._data = data

    def read(self, start: int, end: int) -> bytes:
        return bytes(self._data[start:end])


class FileLines:
    """Lines in a snapshot. They are read, not mapped: mapped pages stay in the memory of the process."""

    def __init__(self, path: Path, at: int) -> None:
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._at = at
        weakref.finalize(self, os.close, self._file)

    def read(self, start: int, end: int) -> bytes:
        # One call with the place in it: several threads may read at once.
        return os.pread(self._file, end - start, self._at + start)


def chunks(lines: Lines, starts: list[int], ends: list[int], size: int = 4096) -> Iterator[bytes]:
    """Lines one after another, many at a time."""
    for at in range(0, len(starts), size):
        yield b"".join(map(lines.read, starts[at : at + size], ends[at : at + size]))
