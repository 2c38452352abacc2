"""What can staff do at a kiosk itself? Behind a PIN: put it out of order, start over, and how it looks and sounds."""

from datetime import timedelta

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh

from consent.domain.vocabulary import Language
from consent.services.kiosk_staff import PinWrong, check_pin, set_display
from consent.services.kiosks import set_out_of_order
from consent.services.throttle import TooManyTries
from consent.storage.database import db
from consent.storage.models import Kiosk
from consent.web.access import kiosk_device
from consent.web.asking import clock
from consent.web.kiosk_device import PLACE, STAFF_LANGUAGE, STAFF_MENU, find_kiosk, forget_sitting
from forms.kiosk_staff import PinForm

OPEN_FOR = timedelta(seconds=60)

bp = Blueprint("kiosk_staff", __name__, url_prefix=f"{PLACE}/staff")


def find_nobody() -> ResponseReturnValue | None:
    """Whoever comes here is no family, and chooses the language for these pages alone."""
    refused = find_kiosk()
    if refused is not None:
        return refused
    g.family = None
    chosen = request.args.get("language") or session.get(STAFF_LANGUAGE)
    if chosen in set(Language):
        session[STAFF_LANGUAGE] = g.language = Language(chosen)
        refresh()
    return None


def find_staff() -> ResponseReturnValue | None:
    """Let whoever typed the PIN here in for a minute from their last step."""
    refused = find_nobody()
    if refused is not None:
        return refused
    kiosk, until = session.get(STAFF_MENU, (0, 0.0))
    if kiosk != g.kiosk_id or clock().timestamp() >= until:
        session.pop(STAFF_MENU, None)
        return redirect(url_for("kiosk_staff.enter"), 303)
    _keep_open()
    return None


at_menu = kiosk_device(find_staff)


@bp.route("/enter", methods=["GET", "POST"])
@kiosk_device(find_nobody)
def enter() -> ResponseReturnValue:
    form = PinForm()
    if form.validate_on_submit():
        try:
            check_pin(db.session(), g.kiosk_id, form.pin.data or "", now=clock())
        except PinWrong:
            form.pin.errors = [_("This is not the PIN of this kiosk. Whoever looks after the kiosks sets it.")]
        except TooManyTries:
            form.pin.errors = [_("Too many tries. Wait a minute, then try again.")]
        else:
            _keep_open()
            return redirect(url_for(".menu"), 303)
    return render_template("kiosk/staff_enter.html", form=form)


@bp.get("")
@at_menu
def menu() -> ResponseReturnValue:
    kiosk = db.session().get_one(Kiosk, g.kiosk_id)
    return render_template("kiosk/staff_menu.html", kiosk=kiosk, seconds=int(OPEN_FOR.total_seconds()))


@bp.post("/out-of-order")
@at_menu
def out_of_order() -> ResponseReturnValue:
    broken = request.form.get("out_of_order") == "yes"
    set_out_of_order(db.session(), g.kiosk_id, broken, by=f"kiosk:{g.kiosk_id}", now=clock())
    return redirect(url_for(".menu"), 303)


@bp.post("/display")
@at_menu
def display() -> ResponseReturnValue:
    """One of the two at a time: what is not sent stays."""
    kiosk = db.session().get_one(Kiosk, g.kiosk_id)
    large = request.form.get("text", "large" if kiosk.large_text else "normal") == "large"
    silent = request.form.get("sound", "off" if kiosk.silent else "on") == "off"
    set_display(db.session(), g.kiosk_id, large_text=large, silent=silent, by=f"kiosk:{g.kiosk_id}", now=clock())
    return redirect(url_for(".menu"), 303)


@bp.post("/close")
@kiosk_device(find_kiosk)
def close() -> ResponseReturnValue:
    """Closed, and whatever a family left goes with it."""
    answer = redirect(url_for("kiosk.start"), 303)
    forget_sitting(answer)
    return answer


def _keep_open() -> None:
    session[STAFF_MENU] = g.kiosk_id, (clock() + OPEN_FOR).timestamp()
