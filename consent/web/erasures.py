"""How is somebody's personal data erased? One person asks, and another one decides."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.services.erasures import (
    Asked,
    ErasureForbidden,
    ErasureState,
    Rule,
    Wanted,
    list_erasures,
    open_erasure,
    refuse_erasure,
    request_erasure,
    standing_of,
    waiting_about,
)
from consent.services.erasures_ordered import DespiteWhat, approve_erasure
from consent.services.erasures_wiped import is_wiped
from consent.services.families import patron_named
from consent.services.voidings import RequestedAlready
from consent.storage.database import db
from consent.web.access import staff_may
from consent.web.asking import acting, clock, settings, zone
from consent.web.keeping import person_named, sayings
from consent.web.looking import changed, looked_at, saw
from forms.erasures import DecisionForm, ErasureForm

bp = Blueprint("erasures", __name__)


@bp.route("/patrons/<path:patron>/erase", methods=["GET", "POST"])
@staff_may(Permission.REQUEST_ERASURES, fresh=True)
@looked_at(LookKind.ERASURE)
def ask(patron: str) -> ResponseReturnValue:
    person, form = person_named(patron), ErasureForm()
    if form.validate_on_submit():
        wanted = Wanted(patron, form.reason.data or "", form.legal_basis.data or "")
        try:
            key = request_erasure(db.session(), wanted, _rule(), acting=acting())
            return redirect(url_for("erasures.request", key=key), 303)
        except ErasureForbidden:
            db.session.rollback()  # The page says what stands against it.
        except RequestedAlready:
            form.form_errors = [_("Somebody has asked for this already. It waits for a second person.")]
    waiting = waiting_about(db.session(), patron)
    against = standing_of(db.session(), patron_named(db.session(), patron), _rule(), now=clock())
    return render_template(
        "erasures/ask.html",
        against=against,
        form=form,
        person=person,
        settings=settings(),
        waiting=waiting,
        **sayings(),
    )


@bp.get("/erasures")
@staff_may(Permission.APPROVE_ERASURES)
@looked_at(LookKind.ERASURE)
def requests() -> ResponseReturnValue:
    listed = list_erasures(db.session())
    saw(asked.patron for asked in listed)
    return render_template("erasures/requests.html", requests=listed)


@bp.get("/erasures/<int:key>")
@staff_may(Permission.APPROVE_ERASURES)
@looked_at(LookKind.ERASURE)
def request(key: int) -> ResponseReturnValue:
    return _page(key, DecisionForm())


@bp.post("/erasures/<int:key>/approve")
@staff_may(Permission.APPROVE_ERASURES, fresh=True)
@looked_at(LookKind.ERASURE)
def approve(key: int) -> ResponseReturnValue:
    form = DecisionForm()
    if form.validate_on_submit():
        try:
            approve_erasure(db.session(), key, _rule(), despite=form.despite.data or None, acting=acting())
            return redirect(url_for("erasures.request", key=key), 303)
        except DespiteWhat:
            db.session.rollback()
            form.despite.errors = [_("Enter why it is erased before its time")]
    return _page(key, form)


@bp.post("/erasures/<int:key>/refuse")
@staff_may(Permission.APPROVE_ERASURES, fresh=True)
@changed
def refuse(key: int) -> ResponseReturnValue:
    refuse_erasure(db.session(), key, acting=acting())
    return redirect(url_for("erasures.request", key=key), 303)


def _page(key: int, form: DecisionForm) -> ResponseReturnValue:
    asked, against, wiped = open_erasure(db.session(), key), None, False
    saw([asked.patron])
    if asked.state is ErasureState.OPEN:
        against = standing_of(db.session(), patron_named(db.session(), asked.patron), _rule(), now=clock())
    if asked.state is ErasureState.ERASED and asked.decided_at:
        wiped = is_wiped(db.session(), asked.decided_at)
    return render_template(
        "erasures/request.html",
        against=against,
        asked=asked,
        backups_until=_backups_until(asked),
        form=form,
        own=asked.requester == current_user.id,
        settings=settings(),
        wiped=wiped,
    )


def _backups_until(asked: Asked) -> object:
    """When the last backup that still holds it is deleted."""
    return asked.decided_at + timedelta(days=settings().backup_keep_days) if asked.decided_at else None


def _rule() -> Rule:
    return Rule(settings().retention_years, zone())
