"""How does the desk take back a permission for somebody? One form, at once, and a slip to take home."""

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from consent.documents.slips import draw_slip
from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.domain.refusals import InTheFuture, SentBefore
from consent.services.checks import Door
from consent.services.families import patron_named, possible_signers
from consent.services.withdrawals import (
    Foreseen,
    TakenBack,
    foresee_withdrawal,
    open_withdrawal,
    record_withdrawal,
    withdrawal_slip,
)
from consent.storage.database import CHECKS, db
from consent.web.access import current_actor, staff_may
from consent.web.asking import asker, clock, letterhead, zone
from consent.web.keeping import on_the_clock, person_named, sayings, signer_label
from consent.web.language import chosen_language
from consent.web.looking import checked, looked_at, saw
from forms.withdrawals import WithdrawalForm

bp = Blueprint("withdrawals", __name__)


@bp.route("/patrons/<path:patron>/withdraw", methods=["GET", "POST"])
@staff_may(Permission.RECORD_WITHDRAWALS)
@looked_at(LookKind.WITHDRAWAL)
def withdraw(patron: str) -> ResponseReturnValue:
    person = person_named(patron)
    form, foreseen = _form(patron), None
    if form.validate_on_submit():
        told = TakenBack(
            patron, form.signer.data, form.uses_meant, form.how, form.reference.data or "", on_the_clock(form.at.data)
        )
        try:
            foreseen = foresee_withdrawal(
                db.session(), told, permissions=current_user.permissions, zone=zone(), now=clock()
            )
            if form.anyway.data or not foreseen.falls_short:
                return redirect(url_for("withdrawals.withdrawal", withdrawal=_record(told)), 303)
            form.anyway.errors = [_("Read what it does not reach, then tick to record it all the same")]
        except InTheFuture:
            form.at.errors = [_("Enter a time that is not in the future")]
        except SentBefore:
            form.reference.renew()
            form.form_errors = [_("This form was saved before, with other answers. Send it again to record this too.")]
    return _page(form, person=person, foreseen=foreseen)


@bp.get("/withdrawals/<path:withdrawal>")
@staff_may(Permission.RECORD_WITHDRAWALS)
@checked
def withdrawal(withdrawal: str) -> ResponseReturnValue:
    kept = open_withdrawal(
        db.session(), db.engines[CHECKS], withdrawal, asker=asker(Door.PATRON_PAGE), zone=zone(), now=clock()
    )
    return render_template("withdrawals/withdrawal.html", withdrawal=kept, **sayings())


@bp.get("/withdrawals/<path:withdrawal>/slip.pdf")
@staff_may(Permission.RECORD_WITHDRAWALS)
@looked_at(LookKind.WITHDRAWAL_SLIP)
def slip(withdrawal: str) -> ResponseReturnValue:
    saw(about=withdrawal)
    paper = withdrawal_slip(db.session(), withdrawal, letterhead=letterhead(), zone=zone())
    return Response(
        draw_slip(paper), mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="slip.pdf"'}
    )


def _form(patron: str) -> WithdrawalForm:
    form = WithdrawalForm()
    session = db.session()
    signers = possible_signers(session, patron_named(session, patron), zone=zone(), now=clock())
    form.offer([(signer.key, signer_label(signer)) for signer in signers], language=chosen_language())
    return form


def _record(told: TakenBack) -> str:
    return record_withdrawal(db.session(), told, staff_id=current_user.id, by=current_actor(), zone=zone(), now=clock())


def _page(form: WithdrawalForm, *, person: object, foreseen: Foreseen | None) -> str:
    return render_template("withdrawals/withdraw.html", form=form, person=person, foreseen=foreseen, **sayings())
