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


class Line:
    """What a process under test says to whoever tries it, and waits for."""

    def __init__(self, listens: int, speaks: int) -> None:
        self._listens, self._speaks = listens, speaks

    def __call__(self, told: Any) -> None:
        """Told at once: a process that dies later cannot take it back."""
        os.write(self._speaks, f"{json.dumps(told)}\n".encode())

    def wait(self) -> None:
        os.read(self._listens, 1)


Act = Callable[[Line], None]


@dataclass(frozen=True, slots=True)
class Ended:
    """What the process told before it ended, and whether it was killed."""

    told: list[Any]
    killed: bool


class Life:
    """`act` in a process of its own, which begins when it is told to go on."""

    def __init__(self, act: Act) -> None:
        listens, self._speaks = os.pipe()
        tells, speaks = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            _act(act, Line(listens, speaks))
        os.close(listens)
        os.close(speaks)
        self._told = os.fdopen(tells, encoding="utf-8")

    def go_on(self) -> None:
        os.write(self._speaks, b"x")

    def hear(self) -> Any:
        """The next thing that it tells."""
        return json.loads(self._told.readline())

    def kill(self) -> None:
        os.kill(self.process, signal.SIGKILL)

    @property
    def is_running(self) -> bool:
        return os.waitid(os.P_PID, self.process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def end(self) -> Ended:
        """Wait for it. Half a line is what it was killed over."""
        with self._told:
            told = [json.loads(line) for line in self._told if line.endswith("\n")]
        os.close(self._speaks)
        _pid, status = os.waitpid(self.process, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if status and not killed:
            raise RuntimeError(f"A process under test failed by itself: {told}")
        return Ended(told, killed)


def live(act: Act, *strace: str, log: Path | None = None) -> Ended:
    """From its beginning to its end, looked at by strace if its options are given."""
    life = Life(act)
    with ExitStack() as watched:
        if strace:
            watched.enter_context(traced(life.process, *strace, log=log))
        life.go_on()
        return life.end()


def _act(act: Act, line: Line) -> None:
    """Never returns: whatever the parent would do when it ends is the parent's."""
    status = 1
    try:
        ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANYBODY, 0, 0, 0)
        line.wait()
        act(line)
        status = 0
    finally:
        if status:
            line(traceback.format_exc())
        os._exit(status)
