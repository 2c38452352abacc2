"""How does a test get between a program and its disk? strace stops, breaks or writes down its calls."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ATTACHED_WITHIN_SECONDS = 30.0
TRACED = re.compile(r"^TracerPid:\s+[1-9]", re.MULTILINE)


class NotTraced(Exception):
    """strace is missing here, or may not look into another program."""


def require_strace() -> None:
    if shutil.which("strace") is None:
        raise NotTraced("strace is missing. On Debian or Ubuntu: apt-get install strace. Then run it again.")


@contextmanager
def traced(process: int, *asked: str, log: Path | None = None) -> Iterator[None]:
    """While it is entered, strace looks at this process, as told by its options. What is left of it goes on alone."""
    require_strace()
    command = ["strace", "-qq", "-f", "-p", str(process), "-o", str(log or os.devnull), *asked]
    strace = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _wait_until_traced(process, strace)
        yield
    finally:
        strace.terminate()
        strace.communicate()


def _wait_until_traced(process: int, strace: subprocess.Popen[bytes]) -> None:
    status, deadline = Path(f"/proc/{process}/status"), time.monotonic() + ATTACHED_WITHIN_SECONDS
    while not TRACED.search(status.read_text("ascii")):
        if strace.poll() is not None or time.monotonic() > deadline:
            strace.kill()
            told = (strace.stderr.read() if strace.stderr else b"").decode(errors="replace").strip()
            raise NotTraced(
                f"strace could not look into a process (it needs ptrace, which containers may forbid): {told}"
            )
        time.sleep(0.001)
