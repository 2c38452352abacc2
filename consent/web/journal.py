"""What is logged of requests? Sign-ins, refusals and failures: who, on which page, when; never about whom.

A page is named by its endpoint: addresses hold names, numbers of people and one-time tokens.
"""

import logging
from http import HTTPStatus

from flask import Flask, Response, g, request
from flask.logging import default_handler
from flask.signals import request_finished
from flask_login import user_logged_out
from flask_security import user_authenticated
from sqlalchemy import inspect

from consent.journal import TOLD, JsonLines
from consent.storage.models.staff import Staff

KNOWN_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


def init_journal(app: Flask) -> None:
    app.logger.setLevel(logging.INFO)
    # Whichever server runs it: this is where Flask writes unless the server said otherwise.
    default_handler.setFormatter(JsonLines())
    request_finished.connect(_tell_refusal, app)
    user_authenticated.connect(_tell_sign_in, app)
    user_logged_out.connect(_tell_sign_out, app)


def _tell_sign_in(app: Flask, user: Staff, **_told: object) -> None:
    app.logger.info("signed in", extra=_line(_staff(user)))


def _tell_sign_out(app: Flask, user: Staff, **_told: object) -> None:
    app.logger.info("signed out", extra=_line(_staff(user)))


def _tell_refusal(app: Flask, response: Response, **_told: object) -> None:
    if response.status_code < HTTPStatus.BAD_REQUEST and not _is_sign_in_refused():
        return
    if request.endpoint is None:
        return  # no page of ours, so nothing of ours was refused
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        level, said = logging.ERROR, "failed"
    else:
        level, said = logging.WARNING, "sign-in refused" if _is_sign_in_refused() else "refused"
    app.logger.log(level, said, extra=_line(_who(), response.status_code))


def _is_sign_in_refused() -> bool:
    """The page comes again, with the error on it."""
    return bool(g.get("not_proven"))


def _line(who: str | None, status: int | None = None) -> dict[str, object]:
    method = request.method if request.method in KNOWN_METHODS else "other"
    told = {"who": who, "page": request.endpoint, "method": method}
    return {TOLD: told | ({"status": status} if status else {})}


def _who() -> str | None:
    """As far as the request got to know; nothing is asked of the database, which may be what failed."""
    if kiosk := g.get("kiosk_id"):
        return f"kiosk:{kiosk}"
    if (named := g.get("named")) and named.found.token_id:
        return f"token:{named.found.token_id}"
    return _staff(g.get("_login_user"))


def _staff(user: object) -> str | None:
    if not isinstance(user, Staff):
        return None
    identity = inspect(user).identity
    return f"staff:{identity[0]}" if identity else None
