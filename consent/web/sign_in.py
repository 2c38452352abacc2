"""How does staff sign in and out?"""

from typing import Any

from flask import Blueprint, Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import Security, SQLAlchemyUserDatastore, UserMixin

from consent.domain.sign_in import IDLE
from consent.domain.staff import INVITATION_LIVES, is_over
from consent.services.passwords import shortest_for
from consent.services.staff_sign_in import choose_first_password, staff_signing_in_first, staff_with_password
from consent.storage.database import db
from consent.storage.models.staff import Staff, StaffRole
from consent.web.access import anybody
from consent.web.asking import clock, settings, today
from consent.web.guessing import count_guess
from consent.web.new_passwords import taken
from consent.web.sign_in_provider import init_sign_in_provider
from consent.web.sign_in_state import go_on, init_sign_in_state, leave_seat, way_on
from consent.web.tries import answer_wait, count_sign_in, forget_sign_in, note_refusal, say_wait
from forms.sign_in import NewPasswordForm, SignInForm

# What is used of the library: accounts, passwords and one-time addresses. It puts up no page of its own.
FLASK_SECURITY: dict[str, object] = {
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
    "SECURITY_PASSWORD_CHECK_BREACHED": False,
    "SECURITY_RESET_PASSWORD_WITHIN": INVITATION_LIVES,
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_FLASH_MESSAGES": False,
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "SECURITY_STATIC_FOLDER": None,
}

bp = Blueprint("sign_in", __name__)


class StaffInForce(SQLAlchemyUserDatastore):
    """Whoever's last day is over is nobody, whose one-time address opens nothing."""

    def find_user(self, *given: Any, **named: Any) -> UserMixin | None:
        found = super().find_user(*given, **named)
        return None if isinstance(found, Staff) and is_over(found.last_day, today()) else found


def init_sign_in(app: Flask) -> None:
    secure = app.config["CONSENT"].secure
    app.config.update(
        FLASK_SECURITY,
        PERMANENT_SESSION_LIFETIME=IDLE,
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    Security(app, StaffInForce(db, Staff, StaffRole), register_blueprint=False)
    init_sign_in_state(app)
    init_sign_in_provider(app)
    app.register_blueprint(bp)


@bp.route("/sign-in", methods=["GET", "POST"])
@anybody("staff sign in here")
def sign_in() -> ResponseReturnValue:
    way, form, wait = way_on(), SignInForm(), None
    if current_user.is_authenticated:
        return redirect(way, 303)
    if form.validate_on_submit():
        email, password = form.email.data or "", form.password.data or ""
        if wait := count_sign_in(email):
            say_wait(form, wait)
        elif staff := staff_with_password(db.session(), email, password, today=today()):
            forget_sign_in(email)
            return go_on(staff, way)
        else:
            note_refusal()
            form.form_errors = [_("The email address or the password is wrong. Check both and try again.")]
    return answer_wait(render_template("sign_in/sign_in.html", form=form), wait)


@bp.post("/sign-out")
@anybody("whoever is signed in may sign out")
def sign_out() -> ResponseReturnValue:
    if current_user.is_authenticated:
        leave_seat()
    return redirect(url_for("sign_in.sign_in"), 303)


@bp.route("/first-sign-in/<token>", methods=["GET", "POST"])
@anybody("whoever was handed the one-time address chooses a password with it")
def first_sign_in(token: str) -> ResponseReturnValue:
    count_guess()
    staff, form, rule = staff_signing_in_first(token), NewPasswordForm(), settings().second_factor
    form.ask_for(shortest_for(db.session(), staff, rule=rule))
    if taken(form, lambda chosen: choose_first_password(db.session(), token, chosen, rule=rule, now=clock())):
        return go_on(staff, "/")
    return render_template("sign_in/first_sign_in.html", form=form, staff=staff)
