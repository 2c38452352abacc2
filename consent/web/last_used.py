"""When did each member of staff last use the registry? Noted at most once a minute, when their answer is on its way."""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from flask import Flask, Response, g
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from consent.domain.refusals import RegistryBusy
from consent.services.staff_use import note_use
from consent.storage.database import db
from consent.storage.models import Staff
from consent.web.asking import clock

AT_MOST_EVERY: Final = timedelta(minutes=1)


def init_last_used(app: Flask) -> None:
    app.after_request(_note_when_sent)


def _note_when_sent(response: Response) -> Response:
    """Nobody waits for it, and what an open page asks by itself is no use of the registry."""
    staff, now = g.get("_login_user"), clock()
    # Where the database does not answer, the page has said so already.
    with suppress(SQLAlchemyError):
        if isinstance(staff, Staff) and not g.get("asked_by_itself") and _is_due(staff.last_used_at, now):
            response.call_on_close(partial(_note, db.engine, staff.id, now))
    return response


def _is_due(last_used_at: datetime | None, now: datetime) -> bool:
    return last_used_at is None or not timedelta() <= now - last_used_at < AT_MOST_EVERY


def _note(engine: Engine, staff_id: int, now: datetime) -> None:
    with suppress(RegistryBusy, SQLAlchemyError), Session(engine) as session:
        note_use(session, staff_id, now=now)
