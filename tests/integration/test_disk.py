"""What does the registry say, and do, once its disk has failed or is full? Nothing that was open is believed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pysqlite3
import pytest
from flask import Flask
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from consent.domain.permissions import Role
from consent.storage.database import CHECKS, begin_writing, db
from consent.storage.direct import Direct
from consent.storage.disk import is_out_of_room
from consent.storage.models import Program
from tests.builders.kiosk_pages import AtKiosk
from tests.builders.pages import fill
from tests.builders.staff import signed_in

SYNC_FAILED = pysqlite3.dbapi2.SQLITE_IOERR | 4 << 8
NOT_TOLD_WHAT = pysqlite3.dbapi2.SQLITE_IOERR
"""So it says where the last sync of a commit, that of the folder, fails."""
FULL = pysqlite3.dbapi2.SQLITE_FULL
PROGRAM = {"name": "Swimming", "starts": "2026-07-06", "ends": "2026-07-31"}


@pytest.fixture
def database() -> str:
    """PostgreSQL looks after its own disk."""
    return "sqlite"


@pytest.fixture
def engines(app: Flask) -> dict[str | None, Engine]:
    with app.app_context():
        return dict(db.engines)


def failure(code: int) -> pysqlite3.dbapi2.OperationalError:
    error = pysqlite3.dbapi2.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    return error


@contextmanager
def failing(engine: Engine, code: int) -> Iterator[None]:
    """The disk does this to every change."""

    def fail(_cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            raise failure(code)

    event.listen(engine, "do_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "do_execute", fail)


def write(engine: Engine) -> None:
    with Session(engine) as session:
        begin_writing(session)
        session.execute(text("UPDATE program SET name = name"))
        session.rollback()


def opened(engine: Engine) -> int:
    """Which of the driver's connections is in use."""
    with engine.connect() as connection:
        return id(connection.connection.driver_connection)


@pytest.mark.parametrize(("code", "kept"), [(SYNC_FAILED, False), (NOT_TOLD_WHAT, False), (FULL, True)])
def test_after_a_failed_sync_nothing_that_was_open_is_used_again_and_after_a_full_disk_it_is(
    engines: dict[str | None, Engine], code: int, kept: bool
):
    held = {bind: engine.connect() for bind, engine in engines.items()}  # so that none is opened at the same place
    were = {bind: id(connection.connection.driver_connection) for bind, connection in held.items()}
    for connection in held.values():
        connection.close()
    with failing(engines[None], code), pytest.raises(OperationalError):
        write(engines[None])
    assert [opened(engine) == were[bind] for bind, engine in engines.items()] == [kept, kept]


def test_whoever_writes_next_is_not_kept_waiting_by_whom_the_disk_failed(engines: dict[str | None, Engine]):
    with failing(engines[None], SYNC_FAILED), pytest.raises(OperationalError):
        write(engines[None])
    write(engines[None])


def test_a_check_that_meets_a_failing_disk_raises_the_same_doubt(engines: dict[str | None, Engine]):
    before = opened(engines[None])
    held = engines[None].connect()
    with pytest.raises(OperationalError), Direct(engines[CHECKS]):
        raise failure(SYNC_FAILED)
    assert opened(engines[None]) != before
    held.close()


def test_a_file_that_is_found_damaged_answers_nothing_until_it_is_whole(
    app: Flask, engines: dict[str | None, Engine], settings: Any
):
    client, file = app.test_client(), settings.instance / "registry.sqlite"
    assert client.get("/healthz").status_code == 200
    for engine in engines.values():
        engine.dispose()
    whole = file.read_bytes()
    with pytest.raises(OperationalError), Direct(engines[CHECKS]):
        raise failure(SYNC_FAILED)
    file.write_bytes(whole[: 3 * 4096] + b"\x55" * 4096 + whole[4 * 4096 :])
    assert client.get("/healthz").status_code == 503
    assert client.get("/healthz").status_code == 503
    for engine in engines.values():
        engine.dispose()
    file.write_bytes(whole)
    assert client.get("/healthz").status_code == 200


def test_a_file_that_is_no_database_is_no_mistake_of_the_page(
    app: Flask, settings: Any, engines: dict[str | None, Engine]
):
    for engine in engines.values():
        engine.dispose()
    (settings.instance / "registry.sqlite").write_bytes(b"not a database, whatever its name says " * 400)
    assert app.test_client().get("/healthz").status_code == 503


@pytest.mark.parametrize(("code", "said"), [(FULL, "Not saved"), (SYNC_FAILED, "Perhaps not saved")])
def test_the_desk_is_told_whether_it_was_saved_and_nothing_is_half(
    app: Flask, session: Session, engines: dict[str | None, Engine], code: int, said: str
):
    desk = signed_in(app, Role.ADMINISTRATOR)
    page = fill(desk, "/programs/new", **PROGRAM)
    with failing(engines[None], code):
        answer = desk.post("/programs/new", data=page)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert re.findall("<h1>(.*?)</h1>", answer.text) == [said]
    assert session.scalars(select(Program.name)).all() == []
    session.rollback()
    assert desk.post("/programs/new", data=page).status_code == 303
    assert session.scalars(select(Program.name)).all() == ["Swimming"]


def test_a_family_whose_signature_was_not_saved_sends_it_again_with_one_tap(
    app: Flask, engines: dict[str | None, Engine]
):
    kiosk = AtKiosk(app).ready()
    with failing(engines[None], FULL):
        answer = kiosk.sign()
    assert answer.status_code == 503
    assert "Not saved yet. Tap again: it will not be saved twice." in answer.text
    assert "Aún no se guardó. Toque otra vez: no se guardará dos veces." in answer.text
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text.split("<h1")[1]))
    assert again["name"] == "José María García-Márquez de la O"
    assert kiosk.client.post("/kiosk/sign", data=again).location == "/kiosk/done"


def test_a_family_reads_its_reference_number_though_nothing_can_be_written(
    app: Flask, engines: dict[str | None, Engine]
):
    kiosk = AtKiosk(app).ready()
    assert kiosk.sign().location == "/kiosk/done"
    with kiosk.session() as session:
        session.execute(text("UPDATE kiosk SET last_seen_at = NULL"))
        session.commit()
    with failing(engines[None], FULL):
        assert "data-reference" in kiosk.get("/done").text
        assert kiosk.get("/alive").status_code == 503


@pytest.mark.parametrize("told", [failure(FULL), failure(SYNC_FAILED), ValueError()])
def test_a_full_disk_is_told_from_every_other_failure(told: Exception):
    assert is_out_of_room(told) is (getattr(told, "sqlite_errorcode", 0) == FULL)
