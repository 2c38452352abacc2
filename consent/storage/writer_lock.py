"""Who writes next? One writer at a time, first come, first served, across threads and processes.

SQLite's own busy handler lets one writer wait for seconds while others overtake it.
"""

import fcntl
import os
import threading
from collections import deque
from pathlib import Path

from consent.domain.refusals import RegistryBusy

PATIENCE_SECONDS = 10.0


class WriterLock:
    """Held from before `BEGIN IMMEDIATE` until the connection is back in its pool."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = _Queue()
        self._descriptor: tuple[int, int] | None = None

    def acquire(self) -> None:
        """Wait for the turn. Raises RegistryBusy when this process has waited ten seconds for its own threads."""
        if not self._threads.acquire(timeout=PATIENCE_SECONDS):
            raise RegistryBusy("The registry is busy with a long change. Try again in a moment.")
        held = False
        try:
            fcntl.flock(self._file(), fcntl.LOCK_EX)
            held = True
        finally:
            if not held:
                self._threads.release()

    __enter__ = acquire

    def __exit__(self, *_told: object) -> None:
        self.release()

    def release(self) -> None:
        fcntl.flock(self._file(), fcntl.LOCK_UN)
        self._threads.release()

    def _file(self) -> int:
        """A child process must open the file anew: a lock belongs to the opening, not to the process."""
        if self._descriptor is None or self._descriptor[0] != os.getpid():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.getpid(), os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        return self._descriptor[1]


class _Queue:
    """A lock that is handed to whoever has waited longest; Python's own goes to whoever grabs it first."""

    def __init__(self) -> None:
        # A forgotten session lets go when it is collected, which may be in the middle of this thread's own turn here.
        self._changing = threading.RLock()
        self._held = False
        self._waiting: deque[threading.Event] = deque()

    def acquire(self, *, timeout: float) -> bool:
        with self._changing:
            if not self._held:
                self._held = True
                return True
            self._waiting.append(turn := threading.Event())
        if turn.wait(timeout):
            return True
        with self._changing:
            if turn.is_set():
                return True
            self._waiting.remove(turn)
            return False

    def release(self) -> None:
        with self._changing:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False
