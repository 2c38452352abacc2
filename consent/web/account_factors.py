"""How does somebody add and remove what they sign in with besides the password, and get recovery codes?"""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response as Redirect

from consent.domain.card_codes import in_groups
from consent.domain.sign_in import Proof
from consent.services import authenticators, security_keys
from consent.services.encryption import NotReadable
from consent.services.second_factors import (
    FactorKind,
    FactorNameWrong,
    LastFactor,
    factors_of,
    find_factor,
    make_recovery_codes,
    remove_factor,
)
from consent.services.security_keys import KeyTaken
from consent.storage.database import db
from consent.storage.models import Staff
from consent.web.access import current_actor, freshly_signed_in
from consent.web.asking import clock, department, settings
from consent.web.looking import names_oneself
from consent.web.proofs import app_secret, challenge_sent, keys_work_here, new_challenge, site
from consent.web.qr_pictures import qr_picture
from consent.web.sign_in_state import half_way, let_in, setting_up, way_kept, way_on
from forms.account import AddAuthenticatorForm, AddKeyForm, SureForm

bp = Blueprint("account_factors", __name__, url_prefix="/account")


@bp.get("/second-factor")
@setting_up
@names_oneself
def choose() -> ResponseReturnValue:
    """Which one to add; whoever must have one and has none comes here straight from the password."""
    return render_template("account/choose.html", keys_work_here=keys_work_here())


@bp.route("/security-key", methods=["GET", "POST"])
@setting_up
@names_oneself
def security_key() -> ResponseReturnValue:
    staff, form = _owner(), AddKeyForm()
    if form.validate_on_submit():
        try:
            if security_keys.add_key(
                db.session(),
                staff.id,
                form.name.data or "",
                form.answer.data or "",
                challenge_sent(),
                site=site(),
                by=f"staff:{staff.id}",
                now=clock(),
            ):
                return _added(staff, Proof.SECURITY_KEY)
            form.form_errors = [_("The security key was not recognized. Try again.")]
        except KeyTaken:
            form.form_errors = [_("This security key is registered already. Take another one.")]
        except FactorNameWrong:
            form.name.errors = [_("Use letters, digits and signs on one line")]
    asked = security_keys.ask_to_add(db.session(), staff, new_challenge(), site=site())
    return render_template("account/security_key.html", form=form, asked=asked, keys_work_here=keys_work_here())


@bp.route("/authenticator", methods=["GET", "POST"])
@setting_up
@names_oneself
def authenticator() -> ResponseReturnValue:
    staff, form = _owner(), AddAuthenticatorForm()
    if form.validate_on_submit():
        try:
            if authenticators.add_authenticator(
                db.session(),
                staff.id,
                form.name.data or "",
                form.secret.data or "",
                form.code.data or "",
                secret=app_secret(),
                by=f"staff:{staff.id}",
                now=clock(),
            ):
                return _added(staff, Proof.AUTHENTICATOR)
            form.code.errors = [_("It should show another code now. Wait for the next one, and enter that")]
        except FactorNameWrong:
            form.name.errors = [_("Use letters, digits and signs on one line")]
        except NotReadable:
            form.secret.data = None
    return _show_authenticator(staff, form)


@bp.route("/security-key/<int:key>/remove", methods=["GET", "POST"], defaults={"kind": FactorKind.SECURITY_KEY})
@bp.route("/authenticator/<int:key>/remove", methods=["GET", "POST"], defaults={"kind": FactorKind.AUTHENTICATOR})
@freshly_signed_in
@names_oneself
def remove(kind: FactorKind, key: int) -> ResponseReturnValue:
    form, factor = SureForm(), find_factor(db.session(), current_user.id, kind, key)
    if form.validate_on_submit():
        rule = settings().second_factor
        try:
            remove_factor(db.session(), current_user, kind, key, rule=rule, by=current_actor(), now=clock())
        except LastFactor:
            form.form_errors = [_("Your work needs a second factor. Add another one first, then remove this one.")]
        else:
            return _back(_("It is removed, and signs nobody in any more."))
    return render_template("account/remove.html", form=form, factor=factor)


@bp.route("/recovery-codes", methods=["GET", "POST"])
@freshly_signed_in
@names_oneself
def recovery_codes() -> ResponseReturnValue:
    """Shown once, in the answer to the button that makes them; what was made before is then worth nothing."""
    form, codes, way = SureForm(), [], way_on()
    if form.validate_on_submit():
        made = make_recovery_codes(db.session(), current_user.id, by=current_actor(), now=clock())
        codes = [in_groups(code) for code in made]
    left = factors_of(db.session(), current_user.id).codes_left
    return render_template("account/recovery_codes.html", form=form, codes=codes, left=left, way=way)


def _owner() -> Staff:
    """Whoever is signed in, or is half way in and has no second factor yet."""
    staff = current_user if current_user.is_authenticated else half_way()
    assert staff is not None, "the access rule lets nobody else in"
    return staff


def _added(staff: Staff, proof: Proof) -> Redirect:
    """In with it, if it was the first and they were on the way in; and on to the codes for the day it is lost."""
    first = factors_of(db.session(), staff.id).codes_left == 0
    if not current_user.is_authenticated:
        return let_in(staff, proof, url_for("account_factors.recovery_codes", next=way_kept()))
    if first:
        return redirect(url_for("account_factors.recovery_codes", next=url_for("account.account")), 303)
    return _back(_("It is added. From now on you can sign in with it."))


def _show_authenticator(staff: Staff, form: AddAuthenticatorForm) -> str:
    sealed = form.secret.data or authenticators.new_secret(staff.id, secret=app_secret())
    try:
        base32 = authenticators.readable_secret(staff.id, sealed, secret=app_secret())
    except NotReadable:
        sealed = authenticators.new_secret(staff.id, secret=app_secret())
        base32 = authenticators.readable_secret(staff.id, sealed, secret=app_secret())
    form.secret.data = sealed
    address = authenticators.address_of(base32, email=staff.email, issuer=department())
    return render_template("account/authenticator.html", form=form, picture=qr_picture(address), key=in_groups(base32))


def _back(done: str) -> Redirect:
    flash(done)
    return redirect(url_for("account.account"), 303)
