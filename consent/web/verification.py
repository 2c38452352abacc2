"""Are the records what was sealed? For records officers and administrators, on a page."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consent.domain.permissions import Permission
from consent.services.checkpoints import head
from consent.services.verification_kept import last_verified, verify_and_record
from consent.storage.database import db
from consent.web.access import current_actor, staff_may
from consent.web.asking import clock
from consent.web.looking import not_looked_at
from forms.verification import VerificationForm

bp = Blueprint("verification", __name__)


@bp.route("/ledger", methods=["GET", "POST"])
@staff_may(Permission.VERIFY_RECORDS)
@not_looked_at("it names records by their numbers; each verification is in the ledger")
def ledger() -> ResponseReturnValue:
    form = VerificationForm()
    if form.validate_on_submit():
        verify_and_record(db.session(), form.given(), by=current_actor(), now=clock())
        return redirect(url_for("verification.ledger"), 303)
    last, stands = last_verified(db.session()), head(db.session())
    return render_template("verification/ledger.html", form=form, last=last, stands=stands)
