"""Who is the first administrator of a new registry? Whoever reads the code on its console."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consent.services.setup import SetupCodeWrong, set_up, setup_is_open
from consent.services.staff import EmailWrong, NewStaff, StaffNameWrong
from consent.services.staff_sign_in import hash_new_password
from consent.services.throttle import TooManyTries
from consent.storage.database import db
from consent.web.access import anybody
from consent.web.asking import clock
from consent.web.sign_in import let_in
from forms.setup import SetupForm

bp = Blueprint("setup", __name__)


@bp.route("/setup", methods=["GET", "POST"])
@anybody("whoever holds the console's one-time code makes the first administrator; the page is gone afterwards")
def setup() -> ResponseReturnValue:
    if not setup_is_open(db.session()):
        abort(404)
    form, status = SetupForm(), 200
    if form.validate_on_submit():
        first = NewStaff(
            form.email.data or "",
            form.name.data or "",
            frozenset(),
            password_hash=hash_new_password(form.password.data or ""),
        )
        try:
            source = request.remote_addr or ""
            return let_in(set_up(db.session(), form.code.data or "", first, source=source, now=clock()))
        except SetupCodeWrong:
            form.code.errors = [_("This is not the code on the console. The latest start shows the one that counts")]
        except TooManyTries as refused:
            seconds, status = max(1, round(refused.wait.total_seconds())), 429
            form.form_errors = [_("Too many wrong codes. Wait %(seconds)d seconds, then try again.", seconds=seconds)]
        except EmailWrong:
            form.email.errors = [_("Enter an email address, such as name@city.example")]
        except StaffNameWrong:
            form.name.errors = [_("Enter a name on one line, of 128 characters at most")]
        db.session.rollback()
    return render_template("setup/setup.html", form=form), status
