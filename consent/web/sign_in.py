"""How does staff sign in and out, and when does a session end by itself?"""

import time
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, abort, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import user_logged_out
from flask_security import Security, SQLAlchemyUserDatastore, UserMixin, login_user, user_authenticated

from consent.domain.staff import INVITATION_LIVES, is_over
from consent.services.staff_sign_in import choose_first_password, end_sessions, staff_signing_in_first
from consent.settings import Settings
from consent.storage.database import db
from consent.storage.models.staff import Staff, StaffRole
from consent.web.access import AccessRule, anybody, for_anybody
from consent.web.addresses import same_site_path
from consent.web.asking import clock, today
from consent.web.guessing import count_guess
from forms.sign_in import PASSWORD_AT_LEAST, FirstPasswordForm, SignInForm

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)

FLASK_SECURITY: dict[str, object] = {
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_LOGIN_USER_TEMPLATE": "sign_in/sign_in.html",
    "SECURITY_POST_LOGOUT_VIEW": "/sign-in",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
    "SECURITY_PASSWORD_LENGTH_MIN": PASSWORD_AT_LEAST,
    "SECURITY_PASSWORD_CHECK_BREACHED": False,
    "SECURITY_RESET_PASSWORD_WITHIN": INVITATION_LIVES,
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_FLASH_MESSAGES": False,
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "SECURITY_STATIC_FOLDER": None,
    # A negative freshness leaves out the page that asks for the password again.
    "SECURITY_FRESHNESS": timedelta(seconds=-1),
}
LIBRARY_PAGES: dict[str, AccessRule] = {
    "security.login": for_anybody("staff sign in here"),
    "security.logout": for_anybody("whoever is signed in may sign out"),
}

bp = Blueprint("sign_in", __name__)


class StaffInForce(SQLAlchemyUserDatastore):
    """Whoever's last day is over is nobody: their open session ends, and no way of signing in knows them."""

    def find_user(self, *given: Any, **named: Any) -> UserMixin | None:
        found = super().find_user(*given, **named)
        return None if isinstance(found, Staff) and is_over(found.last_day, today()) else found


def init_sign_in(app: Flask) -> None:
    settings: Settings = app.config["CONSENT"]
    app.config.update(
        FLASK_SECURITY,
        PERMANENT_SESSION_LIFETIME=IDLE,
        SESSION_COOKIE_NAME="__Host-session" if settings.secure else "session",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.before_request(_end_a_long_session)
    app.before_request(_refuse_a_way_elsewhere)
    security = Security(app, StaffInForce(db, Staff, StaffRole), login_form=SignInForm)
    security.want_json(lambda _request: False)
    # Flask-Security would also take a token of its own from the address or a header.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]  # Flask-Login puts it there
    user_authenticated.connect(_begin_a_session, app)
    user_logged_out.connect(_end_every_session, app)
    app.register_blueprint(bp)


@bp.route("/first-sign-in/<token>", methods=["GET", "POST"])
@anybody("whoever was handed the one-time address chooses a password with it")
def first_sign_in(token: str) -> ResponseReturnValue:
    count_guess()
    staff = staff_signing_in_first(token)
    form = FirstPasswordForm()
    if form.validate_on_submit():
        return let_in(choose_first_password(db.session(), token, form.password.data or "", now=clock()))
    return render_template("sign_in/first_sign_in.html", form=form, staff=staff)


def let_in(staff: Staff) -> ResponseReturnValue:
    """Whoever has just chosen their first password is in."""
    session.clear()
    login_user(staff)
    return redirect("/", 303)


def _begin_a_session(_app: Flask, **_told: object) -> None:
    """Whatever was in the browser before is no longer good, and the half hour starts to count."""
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)
    session.permanent = True


def _end_every_session(_app: Flask, user: Staff, **_told: object) -> None:
    """A copy of the cookie, left on a shared desk, must be worth nothing."""
    if user.is_authenticated:
        end_sessions(db.session(), user.id)


def _end_a_long_session() -> None:
    if "_user_id" in session and time.time() - session.get("fs_paa", 0) > LONGEST.total_seconds():
        session.clear()


def _refuse_a_way_elsewhere() -> None:
    """After signing in, nobody is led to a page that is not ours."""
    if request.endpoint == "security.login":
        ways = [way for way in request.values.getlist("next") if way]
        if any(same_site_path(way) is None for way in ways):
            abort(400)
