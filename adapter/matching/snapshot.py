"""The index as one file: arrays that are mapped into memory, so a million customers are there at once.

The file begins with its version and a table of the arrays; after these come the customers' lines, which are read only
for customers that are shown. A check sum of everything tells a damaged file from a whole one.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from adapter.matching import records
from adapter.matching.rules import RULES
from adapter.matching.segments import Segment

_MAGIC: Final = b"amazon1c customers\n"
_FORMAT: Final = 5
_ALIGNED: Final = 64


class SnapshotUnusable(ValueError):
    """The file is none of ours, of another version, or damaged: build the index anew from the catalog."""


def save(segment: Segment, path: Path) -> None:
    """Write a segment; the file is there whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with open(draft, "xb", opener=_private) as file:
            _write(segment, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


def _private(name: str, flags: int) -> int:
    """Open a file that nobody but its owner can read: it holds names and addresses."""
    return os.open(name, flags, 0o600)


def load(path: Path) -> Segment:
    """Map a segment that `save` wrote.

    Raises:
        SnapshotUnusable: see there.
        OSError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            head, begin = _head(file)
            if _sum(file) != head["sum"] or file.tell() != begin + head["length"]:
                raise SnapshotUnusable(f"{path} is damaged")
        mapped = np.memmap(path, np.uint8, "r", offset=0)
        kept = {name: _array(mapped, begin, *table) for name, table in head["arrays"].items()}
        form_sets = [frozenset(forms) for forms in head["form_sets"]]
        return Segment(kept, form_sets, records.FileLines(path, begin + head["lines"]))
    except (KeyError, TypeError, ValueError, UnicodeError) as problem:
        if isinstance(problem, SnapshotUnusable):
            raise
        raise SnapshotUnusable(f"{path} is no snapshot of customers: {problem}") from problem


def _array(mapped: NDArray[np.uint8], begin: int, kind: str, shape: list[int], at: int, length: int) -> NDArray[Any]:
    start = begin + at
    return np.asarray(mapped[start : start + length]).view(np.dtype(kind)).reshape(shape)


def _write(segment: Segment, file: BinaryIO) -> None:
    table: dict[str, object] = {}
    at = 0
    arrays = dict(segment.kept)
    starts, ends = arrays["line_starts"].tolist(), arrays["line_ends"].tolist()
    arrays["line_ends"] = np.cumsum(arrays["line_ends"] - arrays["line_starts"])
    arrays["line_starts"] = np.concatenate([np.zeros(1, np.int64), arrays["line_ends"]])[:-1]
    for name, values in arrays.items():
        table[name] = (values.dtype.str, values.shape, at, values.nbytes)
        at += -(-values.nbytes // _ALIGNED) * _ALIGNED
    head: dict[str, object] = {"arrays": table, "form_sets": [sorted(forms) for forms in segment.form_sets]}
    lines = sum(ends) - sum(starts)
    total = 0
    for part in _parts(segment, arrays, starts, ends):
        total = zlib.crc32(part, total)
    head |= {"lines": at, "length": at + lines, "sum": total}
    text = json.dumps(head, ensure_ascii=False).encode()
    begin = -(-(len(_MAGIC) + len(_version()) + 12 + len(text)) // _ALIGNED) * _ALIGNED
    file.write(_MAGIC + _version() + b"%011d\n" % len(text) + text)
    file.write(b"\n" * (begin - file.tell()))
    for part in _parts(segment, arrays, starts, ends):
        file.write(part)


def _parts(segment: Segment, arrays: dict[str, NDArray[Any]], starts: list[int], ends: list[int]) -> Iterator[bytes]:
    for values in arrays.values():
        yield np.ascontiguousarray(values).tobytes()
        yield bytes(-values.nbytes % _ALIGNED)
    yield from records.chunks(segment.lines, starts, ends)


def _version() -> bytes:
    return f"{_FORMAT} {RULES}\n".encode()


def _head(file: BinaryIO) -> tuple[dict[str, Any], int]:
    """The table, and where the arrays begin; the file stands there afterwards."""
    if file.read(len(_MAGIC)) != _MAGIC:
        raise SnapshotUnusable("it begins otherwise")
    if file.read(len(_version())) != _version():
        raise SnapshotUnusable("it was written by another version")
    length = int(file.read(12))
    head = json.loads(file.read(length))
    file.seek(-(-file.tell() // _ALIGNED) * _ALIGNED)
    return head, file.tell()


def _sum(file: BinaryIO) -> int:
    total = 0
    while part := file.read(1 << 20):
        total = zlib.crc32(part, total)
    return total
