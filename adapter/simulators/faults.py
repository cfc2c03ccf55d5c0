"""Faults that a stand-in can be told to show, so that the client's answer to them can be tested."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

Action = Literal[
    "lost",  # the connection closes without an answer
    "reset",  # the same, by a TCP reset
    "delay",  # the answer comes late, by `seconds`
    "status",  # `status` with the service's own error body
    "html",  # `status` with a web server's HTML page (status 200: a login page)
    "cut",  # the true answer, cut in the middle of its body
    "drip",  # the true answer, a byte at a time with `seconds` between
    "empty",  # 200 without a body
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One misbehaviour: which requests it hits, and what then happens.

    `method` and `path` choose requests (`path` is looked for in the decoded target); the first `skip` of them pass,
    the next `times` are hit (0: all of them), each with `probability`. With `after_commit` the request is carried
    out first and only its answer suffers; otherwise the service never sees it.
    """

    action: Action
    method: str = ""
    path: str = ""
    skip: int = 0
    times: int = 1
    probability: float = 1.0
    status: int = 500
    seconds: float = 0.0
    after_commit: bool = False

    @classmethod
    def from_mapping(cls, data: dict[str, Any]) -> Fault:
        """Read a fault from JSON.

        Raises:
            ValueError: an unknown key or action; the message lists what there is.
        """
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(data) - known):
            raise ValueError(f"a fault has no {', '.join(unknown)}; it has {', '.join(sorted(known))}")
        if data.get("action") not in get_args(Action):
            raise ValueError(f"action must be one of {', '.join(get_args(Action))}")
        return cls(**data)

    @classmethod
    def from_text(cls, text: str) -> Fault:
        """Read `action=lost,method=POST,after_commit=true` as given on a command line.

        Raises:
            ValueError: the text has another form.
        """
        data: dict[str, Any] = {}
        kinds = {field.name: field.type for field in fields(cls)}
        for part in text.split(","):
            key, equals, value = part.partition("=")
            kind = str(kinds.get(key, ""))
            if not equals or not kind:
                raise ValueError(f"{part!r}: write key=value with one of the keys {', '.join(sorted(kinds))}")
            if kind == "bool":
                data[key] = value.lower() in {"1", "true", "yes"}
            elif kind in {"int", "float"}:
                data[key] = (int if kind == "int" else float)(value)
            else:
                data[key] = value
        return cls.from_mapping(data)


class FaultPlan:
    """The faults in force; safe to use from several threads.

    `seed` makes the faults with a probability repeatable.
    """

    def __init__(self, faults: Iterable[Fault] = (), seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(seed)
        self._faults: list[Fault] = list(faults)
        self._seen: list[int] = [0] * len(self._faults)
        self._hit: list[int] = [0] * len(self._faults)

    def add(self, fault: Fault) -> None:
        """Add one fault behind those already there."""
        with self._lock:
            self._faults.append(fault)
            self._seen.append(0)
            self._hit.append(0)

    def clear(self) -> None:
        """Behave well again."""
        with self._lock:
            self._faults, self._seen, self._hit = [], [], []

    def pick(self, method: str, target: str) -> Fault | None:
        """The fault that this request meets, counting it as met; the first that fits wins."""
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.method and fault.method != method:
                    continue
                if fault.path not in target:
                    continue
                self._seen[index] += 1
                if self._seen[index] <= fault.skip or (fault.times and self._hit[index] >= fault.times):
                    continue
                if self._random.random() >= fault.probability:
                    continue
                self._hit[index] += 1
                return fault
        return None

    def as_json(self) -> list[dict[str, Any]]:
        """The faults with how often each was met."""
        with self._lock:
            return [asdict(fault) | {"hit": hit} for fault, hit in zip(self._faults, self._hit, strict=True)]
