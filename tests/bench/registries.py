"""Which registries are measured? Thrown away after the run, each with its people, a token and somebody signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from consent.app import create_app
from consent.domain.permissions import Role
from consent.settings import Settings
from consent.storage.database import CHECKS, begin_writing, db
from consent.storage.direct import Direct
from consent.storage.name_index import index_names
from consent.storage.schema import upgrade_schema
from tests.bench.seeding import TOKEN, name_of, seed
from tests.builders.staff import signed_in

EVERY_SECOND = 10**9
NAMES_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry of so many patrons, and the cookie of a browser in which staff is signed in."""

    app: Flask
    patrons: int
    environment: dict[str, str]
    cookie: str


@contextmanager
def registry(instance: Path, patrons: int, database_url: str = "") -> Iterator[Registry]:
    """Made for one run of the bench."""
    settings = Settings(instance=instance, database_url=database_url)
    app = create_app(settings)
    with app.app_context():
        upgrade_schema()
        seed(db.engine, patrons)
        _index(patrons)
        db.session.remove()
        _settle()
    session = signed_in(app, Role.FRONT_DESK).get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert session is not None
    environment = {"CONSENT_INSTANCE": str(instance), "CONSENT_API_CHECKS_PER_SECOND": str(EVERY_SECOND)}
    if database_url:
        environment["CONSENT_DATABASE_URL"] = database_url
    yield Registry(app, patrons, environment, f"{app.config['SESSION_COOKIE_NAME']}={session.value}")
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def question_script(folder: Path, patrons: int, people: int = 1) -> Path:
    """Wrk asks about other people each time."""
    script = folder / f"ask-{patrons}-{people}.lua"
    script.write_text(
        f"""
        wrk.method = "POST"
        wrk.headers["Authorization"] = "Bearer {TOKEN}"
        wrk.headers["Content-Type"] = "application/json"
        function request()
          local ids = {{}}
          for place = 1, {people} do ids[place] = '"P' .. math.random(1, {patrons}) .. '"' end
          local body = '{{"patrons":[' .. table.concat(ids, ",") .. '],"uses":["photo"],"platform":"facebook"}}'
          return wrk.format(nil, nil, nil, body)
        end
        """,
        "utf-8",
    )
    return script


def page_script(folder: Path, name: str, address: str, chosen: str, cookie: str = "") -> Path:
    """Wrk opens the address with something else at its end each time; `chosen` is what Lua makes it of."""
    script = folder / f"{name}.lua"
    script.write_text(
        f"""
        wrk.headers["Cookie"] = "{cookie}"
        function request() return wrk.format("GET", "{address}" .. {chosen}) end
        """,
        "utf-8",
    )
    return script


def _settle() -> None:
    """What was inserted in bulk is put into the file itself, or the first check would have to."""
    with Direct(db.engines[CHECKS]) as connection:
        connection.exec_driver_sql("ANALYZE")
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _index(patrons: int) -> None:
    for first in range(1, patrons + 1, NAMES_AT_ONCE):
        begin_writing(db.session())
        some = range(first, min(first + NAMES_AT_ONCE, patrons + 1))
        index_names(db.session(), [(number, *name_of(number)) for number in some])
        db.session.commit()
