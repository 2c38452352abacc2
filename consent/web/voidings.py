"""How is a record voided that was entered by mistake? One person asks, and another one decides."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.services.checks import Door
from consent.services.families import answers_now, patron_named
from consent.services.voidings import (
    Record,
    RecordKind,
    RequestedAlready,
    VoidedAlready,
    VoidingState,
    list_requests,
    open_for_voiding,
    open_request,
    refuse_voiding,
    request_voiding,
    second_voiding,
    waiting_about,
)
from consent.storage.database import CHECKS, db
from consent.web.access import current_actor, staff_may
from consent.web.asking import asker, clock, zone
from consent.web.keeping import sayings
from consent.web.looking import changed, looked_at, saw
from forms.voidings import DecisionForm, VoidingForm

bp = Blueprint("voidings", __name__)


@bp.route("/consents/<path:record>/void", methods=["GET", "POST"], defaults={"kind": RecordKind.CONSENT})
@bp.route("/withdrawals/<path:record>/void", methods=["GET", "POST"], defaults={"kind": RecordKind.WITHDRAWAL})
@staff_may(Permission.VOID_RECORDS)
@looked_at(LookKind.VOIDING)
def ask(kind: RecordKind, record: str) -> ResponseReturnValue:
    about, form = open_for_voiding(db.session(), kind, record), VoidingForm()
    if form.validate_on_submit():
        try:
            key = request_voiding(
                db.session(),
                kind,
                record,
                form.reason.data or "",
                staff_id=current_user.id,
                by=current_actor(),
                now=clock(),
            )
            return redirect(url_for("voidings.request", key=key), 303)
        except VoidedAlready:
            form.form_errors = [_("This record is void already.")]
        except RequestedAlready:
            form.form_errors = [_("Somebody has asked for this already. It waits for a second person.")]
    waiting = waiting_about(db.session(), about)
    _saw(about)
    return render_template("voidings/ask.html", form=form, record=about, waiting=waiting, **sayings())


@bp.get("/voidings")
@staff_may(Permission.VOID_RECORDS)
@looked_at(LookKind.VOIDING)
def requests() -> ResponseReturnValue:
    listed = list_requests(db.session())
    for asked in listed:
        _saw(asked.record)
    return render_template("voidings/requests.html", requests=listed, **sayings())


@bp.get("/voidings/<int:key>")
@staff_may(Permission.VOID_RECORDS)
@looked_at(LookKind.VOIDING)
def request(key: int) -> ResponseReturnValue:
    asked, faces = open_request(db.session(), key), None
    _saw(asked.record)
    if asked.state is VoidingState.VOIDED and asked.record.patron:
        patron = patron_named(db.session(), asked.record.patron)
        faces = answers_now(db.engines[CHECKS], patron, asker=asker(Door.PATRON_PAGE), zone=zone(), now=clock())
    own = asked.requester == current_user.id
    return render_template("voidings/request.html", asked=asked, faces=faces, form=DecisionForm(), own=own, **sayings())


@bp.post("/voidings/<int:key>/second")
@staff_may(Permission.VOID_RECORDS, fresh=True)
@changed
def second(key: int) -> ResponseReturnValue:
    second_voiding(db.session(), key, staff_id=current_user.id, by=current_actor(), now=clock())
    return redirect(url_for("voidings.request", key=key), 303)


@bp.post("/voidings/<int:key>/refuse")
@staff_may(Permission.VOID_RECORDS, fresh=True)
@changed
def refuse(key: int) -> ResponseReturnValue:
    refuse_voiding(db.session(), key, staff_id=current_user.id, by=current_actor(), now=clock())
    return redirect(url_for("voidings.request", key=key), 303)


def _saw(about: Record) -> None:
    """A record that nobody was matched to is named by its own number."""
    saw([about.patron] if about.patron else (), about=about.external_id)
