"""How much processor time does one answer take? gunicorn serves, wrk asks on loopback, the kernel keeps the count."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SERVER: Final = ("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--log-level", "error")
READY_WITHIN_SECONDS: Final = 60
UNITS: Final = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
TICKS: Final = os.sysconf("SC_CLK_TCK")


class NoLoadGenerator(Exception):
    """wrk is missing."""


class BadAnswers(Exception):
    """What was measured was not the answer."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of wrk saw, and the processor time of the server for each answer."""

    cpu_us: float
    per_second: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Served:
    """A running server."""

    address: str
    master: int

    def cpu_seconds(self) -> float:
        return sum(_cpu_seconds(process) for process in (self.master, *_children(self.master)))


def require_wrk() -> None:
    """Install wrk where that is allowed; else say how."""
    if shutil.which("wrk"):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing wrk, which asks the questions", file=sys.stderr)
        subprocess.run(["apt-get", "update", "-q=2"], check=False)
        subprocess.run(["apt-get", "install", "-q=2", "-y", "wrk"], check=False, stdout=subprocess.DEVNULL)
    if not shutil.which("wrk"):
        raise NoLoadGenerator("`make bench` needs wrk. On Debian or Ubuntu: apt-get install wrk. Then run it again.")


@contextmanager
def serving(application: str, environment: dict[str, str]) -> Iterator[Served]:
    """Serve `module:application` with two workers of four threads."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gunicorn = Path(sys.executable).with_name("gunicorn")
    server = subprocess.Popen(
        [gunicorn, *SERVER, "--bind", f"127.0.0.1:{port}", application],
        cwd=ROOT,
        env=os.environ | environment,
    )
    try:
        _wait_for(server, port)
        yield Served(f"http://127.0.0.1:{port}", server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def ask(served: Served, path: str, *, connections: int, seconds: float, script: Path | None = None) -> Load:
    """Ask again and again, each connection as soon as it was answered."""
    asking = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--latency"]
    if script is not None:
        asking += ["-s", str(script)]
    before = served.cpu_seconds()
    told = subprocess.run([*asking, served.address + path], capture_output=True, text=True, check=True).stdout
    spent = served.cpu_seconds() - before
    if bad := re.search(r"Non-2xx.*|Socket errors.*", told):
        raise BadAnswers(f"{path}: {bad[0]}")
    answers = int(_found(r"(\d+) requests in", told))
    if not answers:
        raise BadAnswers(f"{path}: not one answer in {seconds} seconds")
    return Load(
        cpu_us=spent / answers * 1e6,
        per_second=float(_found(r"Requests/sec:\s+([\d.]+)", told)),
        p50_ms=_milliseconds(_found(r"(?m)^\s+50%\s+(\S+)", told)),
        p99_ms=_milliseconds(_found(r"(?m)^\s+99%\s+(\S+)", told)),
    )


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=READY_WITHIN_SECONDS)
            connection.request("GET", "/")
            connection.getresponse()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise BadAnswers("the server did not start")


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _found(pattern: str, told: str) -> str:
    match = re.search(pattern, told)
    if match is None:
        raise BadAnswers(f"wrk did not say {pattern}")
    return match[1]


def _milliseconds(written: str) -> float:
    unit = written.lstrip("0123456789.")
    return float(written.removesuffix(unit)) * UNITS[unit]
