"""Is each fault of an installation found and named, and is nothing found where there is none?"""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, text

from consent.app import main
from consent.domain.doctor import Check
from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.services import doctor, ledger
from consent.services import tick as passing_time
from consent.services.backups import KEY_FILE, note_backup
from consent.services.doctor import LOOKS, examine
from consent.settings import Settings
from consent.storage.database import begin_writing, db
from consent.storage.models import RegistryMark
from consent.wording_doctor import CHECKS, REMEDIES
from tests.builders.staff import signed_in

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
OF_THE_TESTS = {Check.DATABASE_DURABLE}
"""The tests' PostgreSQL does not wait for the disk, so that they are fast; the doctor says so."""
Plant = Callable[[Flask, pytest.MonkeyPatch], None]


def found(app: Flask, *, now: datetime = NOW, **changed: object) -> dict[Check, str]:
    settings: Settings = replace(app.config["CONSENT"], **changed)
    with app.app_context():
        return {finding.check: finding.detail for finding in examine(db.session(), settings, debug=app.debug, now=now)}


def begin(app: Flask, at: datetime) -> None:
    """The registry's first event."""
    with app.app_context():
        session = db.session()
        begin_writing(session)
        ledger.record(session, ledger.Event(EventKind.PATRON_ADDED, {"id": "P1"}), by="import", now=at)
        session.commit()


def execute(app: Flask, statement: str) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(statement))


def no_room(_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    used = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: used._replace(free=499 * 1024 * 1024))


def no_writing(_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(file: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr(Path, "write_text", refuse)


def over_the_network(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = app.config["CONSENT"].instance.resolve()
    mounts = instance.parent / "mounts"
    mounts.write_text(f"disk / ext4 rw 0 0\nserver:/city {instance} nfs4 rw 0 0\n")
    monkeypatch.setattr(doctor, "MOUNTS", mounts)


def short_secret(app: Flask, _: pytest.MonkeyPatch) -> None:
    (app.config["CONSENT"].instance / "secret-key").write_text("abcd")


def open_files(app: Flask, _: pytest.MonkeyPatch) -> None:
    (app.config["CONSENT"].instance / "secret-key").chmod(0o644)


def a_trigger_gone(app: Flask, _: pytest.MonkeyPatch) -> None:
    on = " ON consent" if app.config["CONSENT"].database_url else ""
    execute(app, f"DROP TRIGGER consent_no_update{on}")


def an_older_schema(app: Flask, _: pytest.MonkeyPatch) -> None:
    execute(app, "UPDATE alembic_version SET version_num = '0000'")


def debugging(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "debug", True)


def a_clock_behind(app: Flask, _: pytest.MonkeyPatch) -> None:
    begin(app, NOW + timedelta(hours=1))


PLANTED: dict[Check, tuple[Plant, str]] = {
    Check.FOLDER_WRITABLE: (no_writing, "Permission denied"),
    Check.FILES_PRIVATE: (open_files, "secret-key"),
    Check.FOLDER_LOCAL: (over_the_network, "nfs4"),
    Check.SPACE_LEFT: (no_room, "499 MB"),
    Check.SECRETS_STRONG: (short_secret, "2 bytes"),
    Check.SCHEMA_CURRENT: (an_older_schema, "0000"),
    Check.TRIGGERS_IN_FORCE: (a_trigger_gone, "consent_no_update"),
    Check.CLOCK_RIGHT: (a_clock_behind, "2026-07-01 13:00 UTC"),
    Check.DEBUG_OFF: (debugging, "debug is on"),
}
PLANTED_ELSEWHERE = {
    Check.BACKUP_KEY_ELSEWHERE, Check.BACKUP_RECENT, Check.DATABASE_DURABLE, Check.MAIL_LEAVES,
    Check.RECORDS_VERIFIED, Check.RESTORE_TRIED, Check.TLS_USED,
}  # fmt: skip


def test_every_check_has_a_planted_fault_a_name_and_a_remedy():
    assert PLANTED.keys() | PLANTED_ELSEWHERE == set(Check)
    assert set(LOOKS) == set(CHECKS) == set(REMEDIES) == set(Check)


def test_nothing_is_found_where_nothing_is_wrong(app: Flask):
    assert found(app).keys() <= OF_THE_TESTS
    begin(app, NOW - timedelta(hours=1))
    assert found(app).keys() <= OF_THE_TESTS


@pytest.mark.parametrize("check", PLANTED)
def test_a_planted_fault_is_found_and_named(app: Flask, monkeypatch: pytest.MonkeyPatch, check: Check):
    plant, seen = PLANTED[check]
    plant(app, monkeypatch)
    told = found(app)
    if check is Check.FOLDER_LOCAL and app.config["CONSENT"].database_url:
        assert check not in told  # PostgreSQL keeps its files where it likes
        return
    assert told.keys() - OF_THE_TESTS == {check}
    assert seen in told[check]


def test_a_database_that_does_not_wait_for_the_disk_is_found(app: Flask):
    if app.config["CONSENT"].database_url:
        assert found(app)[Check.DATABASE_DURABLE].startswith("fsync = off")
        return
    with app.app_context():
        connection = db.session.connection()
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA synchronous = NORMAL")
        [finding] = examine(db.session(), app.config["CONSENT"], debug=False, now=NOW)
    assert (finding.check, finding.detail) == (Check.DATABASE_DURABLE, "synchronous = 1")


def test_plain_http_beyond_this_machine_is_found(app: Flask):
    told = found(app, base_url="http://city.example", allow_plain_http=True)
    assert told[Check.TLS_USED] == "http://city.example"
    assert Check.TLS_USED not in found(app, base_url="https://city.example")


def test_a_registry_that_is_not_backed_up_is_found_once_it_has_something_to_lose(app: Flask):
    begin(app, NOW - timedelta(days=8))
    told = found(app)
    assert (told[Check.BACKUP_RECENT], told[Check.RESTORE_TRIED]) == ("never", "never")
    with app.app_context():
        note_backup(db.session(), opened=True, now=NOW - timedelta(hours=24))
    assert found(app).keys() <= OF_THE_TESTS | {Check.RECORDS_VERIFIED}
    told = found(app, now=NOW + timedelta(days=7))
    assert (told[Check.BACKUP_RECENT], told[Check.RESTORE_TRIED]) == ("2026-06-30 12:00 UTC", "2026-06-30 12:00 UTC")


def test_a_demo_has_nothing_to_lose(app: Flask):
    begin(app, NOW - timedelta(days=30))
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(insert(RegistryMark).values(name="demo", value="yes"))
    assert found(app).keys() <= OF_THE_TESTS


def test_a_key_that_lies_beside_what_it_opens_is_found(app: Flask, tmp_path: Path):
    key: Path = app.config["CONSENT"].instance / KEY_FILE
    os.close(os.open(key, os.O_CREAT, 0o600))
    assert Check.BACKUP_KEY_ELSEWHERE not in found(app)
    assert found(app, backup_folder=str(tmp_path))[Check.BACKUP_KEY_ELSEWHERE] == str(key)


def test_the_command_ends_with_1_and_a_line_for_each_finding(app: Flask, monkeypatch: pytest.MonkeyPatch):
    run = app.test_cli_runner().invoke
    healthy = run(main, ["doctor"])
    if not app.config["CONSENT"].database_url:
        assert (healthy.exit_code, healthy.output) == (0, f"All is well: {len(Check)} checks, nothing found.\n")
        assert json.loads(run(main, ["doctor", "--json"]).output) == {"findings": []}
    short_secret(app, monkeypatch)
    ill = run(main, ["doctor"])
    assert ill.exit_code == 1
    assert "secrets-strong: not so: The secret key is long enough (2 bytes). Stop the registry" in ill.output
    told = {one["check"]: one["seen"] for one in json.loads(run(main, ["doctor", "--json"]).output)["findings"]}
    assert told["secrets-strong"] == "2 bytes"


def test_a_registry_without_tables_is_told_so_and_gets_none(app: Flask):
    execute(app, "DELETE FROM alembic_version")
    assert found(app)[Check.SCHEMA_CURRENT] == "no tables"


def test_the_tick_asks_once_an_hour_and_logs_what_was_found(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def tick(now: datetime) -> str | None:
        with app.app_context():
            return passing_time.examine_installation(db.session(), now)

    debugging(app, monkeypatch)
    assert "debug-off" in (tick(NOW) or "")
    assert "debug-off" in caplog.text
    assert tick(NOW + timedelta(minutes=59)) is None
    monkeypatch.setattr(app, "debug", False)
    later = tick(NOW + timedelta(minutes=61))
    assert later is None or app.config["CONSENT"].database_url


@pytest.mark.parametrize("language", ["en", "es"])
def test_administrators_see_it_on_a_page(app: Flask, monkeypatch: pytest.MonkeyPatch, language: str):
    client = signed_in(app, Role.ADMINISTRATOR)
    client.set_cookie("language", language)
    debugging(app, monkeypatch)
    page = client.get("/health").text
    assert f'<html lang="{language}">' in page
    assert page.count("data-check=") == len(Check)
    assert "debug is on" in page
    remedy = {"en": "Start the registry with consent serve", "es": "Inicie el registro con consent serve"}
    assert remedy[language] in page


def test_nobody_else_sees_it(app: Flask):
    assert signed_in(app, *(set(Role) - {Role.ADMINISTRATOR})).get("/health").status_code == 403
