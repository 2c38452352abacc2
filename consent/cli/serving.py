"""How is the registry served? By waitress, which calls the tick each minute where the database is embedded."""

import errno
import gc
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from types import FrameType

import click
from flask import Flask
from flask.cli import ScriptInfo
from flask.logging import default_handler
from sqlalchemy.exc import SQLAlchemyError
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from consent.cli.doctor import in_words
from consent.cli.group import RegistryCommand
from consent.cli.tick import PAPERS
from consent.domain.refusals import ConsentError
from consent.journal import write_journal
from consent.services.doctor import examine
from consent.services.setup import new_setup_code
from consent.services.tick import tick, verify_records
from consent.settings import Settings
from consent.storage.database import db

THREADS = 8
MINUTE = 60.0
HIGHEST_PORT = 65_535

log = logging.getLogger(__name__)


class AddressNotFree(ConsentError):
    """Nothing can be served at this address."""


@click.command(cls=RegistryCommand)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, HIGHEST_PORT), default=8000, show_default=True, help="0 is any free one."
)
@click.pass_obj
def serve(info: ScriptInfo, host: str, port: int) -> None:
    """Serve the registry, and print one line with its address when it is ready."""
    # A browser asks for several files at once; that they wait a moment for each other is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    app = info.load_app()
    write_journal()
    app.logger.removeHandler(default_handler)
    server = _listen(app, host, port)
    # A shell that starts it in the background has SIGINT ignored; whoever sends it means it all the same.
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, _stop)
    for finding in examine(db.session(), app.config["CONSENT"], debug=app.debug, now=datetime.now(UTC)):
        log.warning("%s", in_words(finding))
    # What is loaded by now stays, so the collector need not look through it at every request.
    gc.freeze()
    with _ticking(app):
        click.echo(f"The registry is ready at {_address(server, host)}")
        _show_setup_code(app, _address(server, host))
        server.run()
    server.close()


def _listen(app: Flask, host: str, port: int) -> BaseWSGIServer | MultiSocketServer:
    settings: Settings = app.config["CONSENT"]
    try:
        return create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            ident=None,
            # The registry itself reads them, if it is told how many of ours stand in front; else nobody does.
            clear_untrusted_proxy_headers=not settings.trusted_proxies,
        )
    except OSError as refused:
        taken = refused.errno == errno.EADDRINUSE
        why = "another program listens there. Choose another with --port" if taken else refused.strerror
        raise AddressNotFree(f"Nothing can be served at {host}, port {port}: {why}.") from refused
    except ValueError as unknown:
        raise AddressNotFree(f"No address of this machine is called {host!r}.") from unknown


def _address(server: BaseWSGIServer | MultiSocketServer, host: str) -> str:
    port = server.effective_listen[0][1] if isinstance(server, MultiSocketServer) else server.effective_port
    name = "localhost" if host == "127.0.0.1" else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"


def _show_setup_code(app: Flask, served_at: str) -> None:
    """Whoever starts a new registry is whoever may name its first administrator."""
    with app.app_context():
        code = new_setup_code(db.session(), now=datetime.now(UTC))
    if code:
        settings: Settings = app.config["CONSENT"]
        address = served_at if settings.loopback else settings.base_url.rstrip("/")
        click.echo(f"It has no administrator yet. Open {address}/setup and enter this one-time setup code:")
        click.echo(f"    {code}")


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


@contextmanager
def _ticking(app: Flask) -> Iterator[None]:
    """On one machine's own database nobody else would; elsewhere a timer calls `consent tick`."""
    if db.engine.dialect.name != "sqlite":
        yield
        return
    stopped = threading.Event()
    tasks = {"tick": partial(tick, papers=PAPERS), "verification": verify_records}
    threads = [
        threading.Thread(target=_do_until, args=(app, stopped, task), name=name, daemon=True)
        for name, task in tasks.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join(MINUTE)


def _do_until(app: Flask, stopped: threading.Event, task: Callable[..., object]) -> None:
    while not stopped.wait(MINUTE):
        with app.app_context():
            try:
                task(db.session(), now=datetime.now(UTC))
            except (ConsentError, SQLAlchemyError) as failed:
                log.warning("The tick failed and is tried again in a minute: %s", type(failed).__name__)
