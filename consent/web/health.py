"""Can this process answer, and does it reach its database? For whatever watches over the server."""

from pathlib import Path

from flask import Blueprint, abort
from sqlalchemy import literal, select

from consent.storage.database import db
from consent.web.access import anybody

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@anybody("a watching machine has no account, and is told nothing about anybody")
def healthz() -> dict[str, str]:
    """200; the table of `consent.web.answers` makes a database that does not answer a 503."""
    file = db.engine.url.database if db.engine.dialect.name == "sqlite" else None
    # An open connection would go on answering from a file that is no longer there.
    if file and not Path(file).exists():
        abort(503)
    db.session.execute(select(literal(1)))
    return {"status": "ok"}
