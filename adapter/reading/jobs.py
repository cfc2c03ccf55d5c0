"""Jobs at the side: each in a thread of its own, so that none waits for another."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Result = TypeVar("Result")


class Jobs(Generic[Key, Result]):
    """Jobs under way. One that hangs is left alone: it ends with the process, and nobody else waits for it."""

    def __init__(self) -> None:
        self._done: queue.SimpleQueue[tuple[Key, Result | BaseException] | None] = queue.SimpleQueue()
        self._under_way: set[Key] = set()

    @property
    def under_way(self) -> frozenset[Key]:
        """The jobs whose end nobody has been told of yet."""
        return frozenset(self._under_way)

    def start(self, key: Key, job: Callable[[], Result]) -> None:
        """Begin a job, unless the one of this name is still under way."""
        if key in self._under_way:
            return
        self._under_way.add(key)
        threading.Thread(target=self._run, args=(key, job), name=f"job {key}", daemon=True).start()

    def wake(self) -> None:
        """Whoever waits for a job to end waits no longer. Any thread may call this."""
        self._done.put(None)

    def finished(self, timeout: float | None = None) -> dict[Key, Result | BaseException]:
        """What has ended since the last time; waits for the next job to end if none has.

        Args:
            timeout: seconds; after them, or after `wake`, nothing may have ended.
        """
        found: dict[Key, Result | BaseException] = {}
        while self._under_way:
            try:
                ended = self._done.get(block=not found, timeout=None if found else timeout)
            except queue.Empty:
                break
            if ended is None:
                break
            key, result = ended
            self._under_way.discard(key)
            found[key] = result
        return found

    def _run(self, key: Key, job: Callable[[], Result]) -> None:
        try:
            result: Result | BaseException = job()
        except BaseException as problem:  # told to whoever asks for the result
            result = problem
        self._done.put((key, result))
