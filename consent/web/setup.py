"""Who is the first administrator of a new registry? Whoever reads the code on its console."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consent.domain.sign_in import shortest_password
from consent.services.passwords import check_password, hash_new_password
from consent.services.second_factors import REQUIRED
from consent.services.setup import SetupCodeWrong, set_up, setup_is_open
from consent.services.staff import EmailWrong, NewStaff, StaffNameWrong
from consent.services.throttle import TooManyTries
from consent.storage.database import db
from consent.storage.models import Staff
from consent.web.access import anybody
from consent.web.asking import clock, settings
from consent.web.new_passwords import taken
from consent.web.sign_in_state import go_on
from forms.setup import SetupForm

bp = Blueprint("setup", __name__)


@bp.route("/setup", methods=["GET", "POST"])
@anybody("whoever holds the console's one-time code makes the first administrator; the page is gone afterwards")
def setup() -> ResponseReturnValue:
    if not setup_is_open(db.session()):
        abort(404)
    form, status = SetupForm(), 200
    # An administrator reads records, so a second factor is what they set up next.
    form.ask_for(at_least := shortest_password(with_factor=settings().second_factor == REQUIRED))
    try:
        if taken(form, lambda chosen: check_password(chosen, at_least=at_least, about=_about(form))):
            return go_on(_set_up(form), "/")
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


def _set_up(form: SetupForm) -> Staff:
    password_hash = hash_new_password(form.password.data or "")
    first = NewStaff(form.email.data or "", form.name.data or "", frozenset(), password_hash=password_hash)
    return set_up(db.session(), form.code.data or "", first, source=request.remote_addr or "", now=clock())


def _about(form: SetupForm) -> list[str]:
    return [form.email.data or "", *(form.name.data or "").split()]
