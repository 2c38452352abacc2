"""How does the registry die a hundred times a minute? Forked from a process that has loaded it once."""

import ctypes
import json
import os
import signal
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.evidence.strace import traced

PR_SET_PTRACER, ANYBODY = 0x59616D61, -1
Told = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Ended:
    """What the process told before it ended, and whether it was killed."""

    told: list[Any]
    killed: bool


class Life:
    """`act` in a process of its own, which begins with `begin`.

    What it tells is told at once: a process that dies later cannot take it back.
    """

    def __init__(self, act: Callable[[Told], None]) -> None:
        go, self._starts = os.pipe()
        self._tells, out = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            _act(act, go, out)
        os.close(go)
        os.close(out)

    def begin(self) -> None:
        os.write(self._starts, b"x")
        os.close(self._starts)

    def kill(self) -> None:
        os.kill(self.process, signal.SIGKILL)

    @property
    def is_running(self) -> bool:
        return os.waitid(os.P_PID, self.process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def end(self) -> Ended:
        """Wait for it. Half a line is what it was killed over."""
        with os.fdopen(self._tells, encoding="utf-8") as lines:
            told = [json.loads(line) for line in lines if line.endswith("\n")]
        _pid, status = os.waitpid(self.process, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if status and not killed:
            raise RuntimeError(f"A process under test failed by itself: {told}")
        return Ended(told, killed)


def live(act: Callable[[Told], None], *strace: str, log: Path | None = None) -> Ended:
    """From its beginning to its end, looked at by strace if its options are given."""
    life = Life(act)
    with ExitStack() as watched:
        if strace:
            watched.enter_context(traced(life.process, *strace, log=log))
        life.begin()
        return life.end()


def _act(act: Callable[[Told], None], go: int, out: int) -> None:
    """Never returns: whatever the parent would do when it ends is the parent's."""
    status = 1
    try:
        ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANYBODY, 0, 0, 0)
        os.read(go, 1)
        act(lambda told: os.write(out, f"{json.dumps(told)}\n".encode()) and None)
        status = 0
    finally:
        if status:
            os.write(out, f"{json.dumps(traceback.format_exc())}\n".encode())
        os._exit(status)
