"""May this secret be tried once more, now? Counted for the account and for the address, known or not."""

from collections.abc import Iterable
from datetime import timedelta
from http import HTTPStatus
from math import ceil

from flask import Response, g, make_response, request
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from consent.domain.throttle import Scope
from consent.services import throttle
from consent.storage.database import db
from consent.web.asking import clock

Keys = Iterable[tuple[Scope, str]]


def count_sign_in(email: str) -> timedelta | None:
    """How long to wait before the next try; None where it may be made. Nobody's account is shut for good."""
    return _count([(Scope.SIGN_IN, _here(email.lower())), *_everywhere(email.lower())])


def forget_sign_in(email: str) -> None:
    throttle.forget(db.session(), Scope.SIGN_IN, _here(email.lower()))


def count_proof(scope: Scope, staff_id: int) -> timedelta | None:
    """The same for what somebody gives whose account is known already."""
    account = f"staff {staff_id}"
    return _count([(scope, _here(account)), *_everywhere(account)])


def forget_proof(scope: Scope, staff_id: int) -> None:
    throttle.forget(db.session(), scope, _here(f"staff {staff_id}"))


def say_wait(form: FlaskForm, wait: timedelta) -> None:
    """Beside the form: how long to wait."""
    note_refusal()
    shown = format_timedelta(wait, granularity="second", threshold=1.5)
    form.form_errors = [_("Too many tries. Wait %(time)s, then try again.", time=shown)]


def answer_wait(page: str, wait: timedelta | None) -> Response:
    """The page; where it says that somebody must wait, with the status that says so too."""
    response = make_response(page)
    if wait is not None:
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        response.headers["Retry-After"] = str(ceil(wait.total_seconds()))
    return response


def note_refusal() -> None:
    """Whoever watches the journal shall see it."""
    g.not_proven = True


def _here(account: str) -> str:
    return f"{account} at {request.remote_addr}"


def _everywhere(account: str) -> Keys:
    return (Scope.SIGN_IN_ACCOUNT, account), (Scope.SIGN_IN_ADDRESS, str(request.remote_addr))


def _count(keys: Keys) -> timedelta | None:
    for scope, key in keys:
        if wait := throttle.count_try(db.session(), scope, key, now=clock()):
            return wait
    return None
