"""What may somebody see and change of their own account? Their password, and where they are signed in."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers.response import Response as Redirect

from consent.domain.throttle import Scope
from consent.services.passwords import change_password, is_password_of, shortest_for
from consent.services.second_factors import factors_of, must_have_factor
from consent.services.staff_sessions import end_one_of, end_others, list_sessions
from consent.storage.database import db
from consent.storage.models import Staff
from consent.web.access import current_actor, freshly_signed_in, signed_in
from consent.web.asking import clock, settings
from consent.web.looking import names_oneself
from consent.web.new_passwords import taken
from consent.web.sign_in_state import seat
from consent.web.tries import answer_wait, count_proof, forget_proof, note_refusal, say_wait
from forms.account import ChangePasswordForm

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
@signed_in
@names_oneself
def account() -> ResponseReturnValue:
    held = factors_of(db.session(), current_user.id)
    return render_template(
        "account/account.html",
        factors=held,
        needs_factor=must_have_factor(db.session(), current_user, rule=settings().second_factor),
        sessions=list_sessions(db.session(), current_user.id, now=clock()),
        here=seat().id,
    )


@bp.route("/password", methods=["GET", "POST"])
@signed_in
@names_oneself
def password() -> ResponseReturnValue:
    form, rule, wait = ChangePasswordForm(), settings().second_factor, None
    form.ask_for(shortest_for(db.session(), current_user, rule=rule))
    if form.validate_on_submit():
        staff_id = current_user.id
        if wait := count_proof(Scope.REAUTHENTICATION, staff_id):
            say_wait(form, wait)
        elif not is_password_of(current_user, form.current.data or ""):
            note_refusal()
            form.current.errors = [_("This is not the password that you have now. Try again")]
        else:
            forget_proof(Scope.REAUTHENTICATION, staff_id)
            if taken(form, _change):
                return _back(_("Your password is changed. You are signed out everywhere else."))
    return answer_wait(render_template("account/password.html", form=form), wait)


@bp.post("/sessions/<int:key>/end")
@freshly_signed_in
@names_oneself
def end(key: int) -> ResponseReturnValue:
    if key == seat().id:
        return redirect(url_for("sign_in.sign_out"), 307)
    end_one_of(db.session(), current_user.id, key, by=current_actor(), now=clock())
    return _back(_("That browser is signed out."))


@bp.post("/sessions/end-others")
@freshly_signed_in
@names_oneself
def end_all_others() -> ResponseReturnValue:
    ended = end_others(db.session(), current_user.id, seat().id, by=current_actor(), now=clock())
    return _back(ngettext("One other browser is signed out.", "%(num)d other browsers are signed out.", ended))


def _change(chosen: str) -> None:
    staff_id, rule = current_user.id, settings().second_factor
    change_password(db.session(), current_user, chosen, kept=seat().id, rule=rule, now=clock())
    # The account has a new mark, and this browser stays signed in.
    session["_user_id"] = db.session().get_one(Staff, staff_id).fs_uniquifier


def _back(done: str) -> Redirect:
    flash(done)
    return redirect(url_for("account.account"), 303)
