"""How is the registry served in a trial? By waitress, in as many processes as are asked for, on one socket."""

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from waitress.server import create_server

from tests.evidence.mortal import Life

THREADS = 8


def listening() -> socket.socket:
    return socket.create_server(("localhost", 0), backlog=64)


def worker(app: Flask, at: socket.socket, before: Callable[[], object] = lambda: None) -> Life:
    """A process that serves until it is killed."""

    def serve(_line: object) -> None:
        before()
        app.logger.disabled = True  # a failure is answered, and counted by whoever asked
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        create_server(app, sockets=[at], threads=THREADS).run()

    life = Life(serve)
    life.go_on()
    return life


@contextmanager
def workers(app: Flask, at: socket.socket, count: int, before: Callable[[], object] = lambda: None) -> Iterator[None]:
    """So many processes that serve for as long as somebody asks."""
    serving = [worker(app, at, before) for _ in range(count)]
    try:
        yield
    finally:
        for life in serving:
            life.kill()
            life.end()
