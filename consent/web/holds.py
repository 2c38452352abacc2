"""How is somebody held back from everything, and released? Who may not see holds learns nothing here."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from consent.domain.authority import EndsBeforeItStarts
from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.domain.refusals import EndedAlready, InTheFuture, SentBefore
from consent.services.holds import NewHold, lift_hold, open_hold, place_hold
from consent.storage.database import db
from consent.web.access import current_actor, staff_may
from consent.web.asking import clock
from consent.web.keeping import back_to, on_the_clock, person_named, sayings
from consent.web.looking import looked_at, saw
from forms.holds import HoldForm, LiftForm

bp = Blueprint("holds", __name__)


@bp.route("/patrons/<path:patron>/hold", methods=["GET", "POST"])
@staff_may(Permission.PLACE_HOLDS, fresh=True)
@looked_at(LookKind.HOLD)
def place(patron: str) -> ResponseReturnValue:
    person, form = person_named(patron), HoldForm()
    if form.validate_on_submit():
        new = NewHold(
            patron,
            form.reason.data or "",
            form.reference.data or "",
            on_the_clock(form.since.data),
            on_the_clock(form.until.data),
        )
        try:
            placed = place_hold(db.session(), new, by=current_actor(), now=clock())
        except EndsBeforeItStarts:
            form.until.errors = [_("Enter an end that is later than now and than the start")]
        except SentBefore:
            form.reference.renew()
            form.form_errors = [_("This form was saved before, with other answers. Send it again to save this too.")]
        else:
            if current_user.may(Permission.SEE_HOLDS):
                return redirect(url_for("holds.hold", hold=placed), 303)
            return back_to(patron, _("The hold is placed. While it lasts the answer is no to everything."))
    return render_template("holds/place.html", form=form, person=person, **sayings())


@bp.get("/holds/<path:hold>")
@staff_may(Permission.SEE_HOLDS)
@looked_at(LookKind.HOLD)
def hold(hold: str) -> ResponseReturnValue:
    kept = open_hold(db.session(), hold)
    saw([kept.patron])
    return render_template("holds/hold.html", hold=kept, may_lift=current_user.may(Permission.LIFT_HOLDS))


@bp.route("/holds/<path:hold>/lift", methods=["GET", "POST"])
@staff_may(Permission.LIFT_HOLDS, fresh=True)
@looked_at(LookKind.HOLD)
def lift(hold: str) -> ResponseReturnValue:
    kept, form = open_hold(db.session(), hold), LiftForm()
    saw([kept.patron])
    if form.validate_on_submit():
        until, why = on_the_clock(form.until.data), form.reason.data or ""
        try:
            lift_hold(db.session(), hold, until=until, why=why, by=current_actor(), now=clock())
        except InTheFuture:
            form.until.errors = [_("Enter a time after the hold has begun")]
        except EndsBeforeItStarts:
            form.until.errors = [_("Enter a time that is not in the past")]
        except EndedAlready:
            if until in {None, kept.until}:
                return redirect(url_for("holds.hold", hold=hold), 303)
            form.until.errors = [_("Enter a time before its end")]
        else:
            return redirect(url_for("holds.hold", hold=hold), 303)
    return render_template("holds/lift.html", form=form, hold=kept)
