"""Which kiosks are there, do they work, and may they take signatures at all? For the staff who look after them."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_security import current_user

from consent.domain.permissions import Permission
from consent.services.kiosk_staff import PinTooWeak, kiosk_numbered, set_pin
from consent.services.kiosks import (
    KioskNameWrong,
    NameTaken,
    PolicyReferenceWrong,
    add_kiosk,
    enrollment_address,
    is_quiet,
    list_kiosks,
    renew_enrollment,
    set_esign_policy,
    set_out_of_order,
)
from consent.storage.database import db
from consent.storage.models import Kiosk
from consent.storage.registry import esign_policy
from consent.web.access import current_actor, staff_may
from consent.web.asking import clock, settings
from consent.web.looking import names_nobody
from consent.web.qr_pictures import qr_picture
from forms.kiosk_staff import NewPinForm
from forms.kiosks import KioskForm, PolicyForm

bp = Blueprint("kiosks", __name__, url_prefix="/kiosks")


@bp.route("", methods=["GET", "POST"])
@staff_may(Permission.MANAGE_KIOSKS)
@names_nobody
def kiosks() -> ResponseReturnValue:
    """The list; and after a kiosk is added, its one-time address, which is shown this once."""
    form = KioskForm(prefix="kiosk")
    if form.validate_on_submit():
        try:
            name = form.name.data or ""
            return _show_address(name, add_kiosk(db.session(), name, by=current_actor(), now=clock()))
        except NameTaken:
            form.name.errors = [_("A kiosk has this name already. Choose another.")]
        except KioskNameWrong:
            form.name.errors = [_("Enter a name on one line, of 128 characters at most")]
        db.session.rollback()
    return _show(form, PolicyForm(prefix="policy", formdata=None))


@bp.post("/policy")
@staff_may(Permission.SET_ESIGN_POLICY, fresh=True)
@names_nobody
def policy() -> ResponseReturnValue:
    form = PolicyForm(prefix="policy")
    if form.validate_on_submit():
        try:
            set_esign_policy(db.session(), form.reference.data or "", by=current_actor(), now=clock())
            return redirect(url_for(".kiosks"), 303)
        except PolicyReferenceWrong:
            db.session.rollback()
            form.reference.errors = [_("Enter the reference on one line, in 200 characters at most")]
    return _show(KioskForm(prefix="kiosk", formdata=None), form)


@bp.post("/address")
@staff_may(Permission.MANAGE_KIOSKS)
@names_nobody
def address() -> ResponseReturnValue:
    """A new one-time address for a kiosk whose device was replaced, or who lost the first one."""
    name = request.form.get("name", "")
    return _show_address(name, renew_enrollment(db.session(), name, by=current_actor(), now=clock()))


@bp.post("/<int:kiosk>/out-of-order")
@staff_may(Permission.MANAGE_KIOSKS)
@names_nobody
def out_of_order(kiosk: int) -> ResponseReturnValue:
    set_out_of_order(db.session(), kiosk, request.form.get("out_of_order") == "yes", by=current_actor(), now=clock())
    return redirect(url_for(".kiosks"), 303)


@bp.route("/<int:kiosk>/pin", methods=["GET", "POST"])
@staff_may(Permission.MANAGE_KIOSKS)
@names_nobody
def pin(kiosk: int) -> ResponseReturnValue:
    """What opens the staff menu at the kiosk itself."""
    form, found = NewPinForm(), kiosk_numbered(db.session(), kiosk)
    if form.validate_on_submit():
        try:
            set_pin(db.session(), kiosk, form.pin.data or "", by=current_actor(), now=clock())
            return redirect(url_for(".kiosks"), 303)
        except PinTooWeak:
            form.pin.errors = [_("Enter six to twelve digits, and not the same one throughout")]
    return render_template("kiosks/pin.html", form=form, kiosk=found)


def _show(form: KioskForm, policy_form: PolicyForm) -> ResponseReturnValue:
    wrong = form if form.errors else policy_form
    return render_template(
        "kiosks/kiosks.html",
        form=wrong,
        kiosk_form=form,
        policy_form=policy_form,
        kiosks=_listed(),
        policy=esign_policy(db.session()),
        may_set_policy=current_user.may(Permission.SET_ESIGN_POLICY),
    )


def _listed() -> Sequence[Kiosk]:
    """All; or those that should be at work and were not seen for a day."""
    kiosks, now = list_kiosks(db.session()), clock()
    return [kiosk for kiosk in kiosks if is_quiet(kiosk, now=now)] if request.args.get("quiet") else kiosks


def _show_address(name: str, token: str) -> ResponseReturnValue:
    opened = enrollment_address(token, base_url=settings().base_url)
    return render_template("kiosks/address.html", name=name, address=opened, picture=qr_picture(opened))
