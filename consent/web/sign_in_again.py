"""How does somebody who is signed in prove that it is still them? By a touch or the password; nothing typed is lost."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, URLSafeTimedSerializer

from consent.domain.sign_in import IDLE
from consent.domain.throttle import Scope
from consent.web.access import signed_in
from consent.web.addresses import same_site_path
from consent.web.looking import names_oneself
from consent.web.proofs import app_secret, ask_for_a_touch, keys_work_here, prove
from consent.web.sign_in_state import renew_seat, way_on
from consent.web.tries import answer_wait
from forms.sign_in import PasswordForm, TouchForm

NOT_KEPT = frozenset({"csrf_token"})

bp = Blueprint("sign_in_again", __name__, url_prefix="/sign-in/again")


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that arrived too late, to be sent once more."""

    path: str
    fields: list[list[str]]


@bp.get("")
@signed_in
@names_oneself
def again() -> ResponseReturnValue:
    return _ask(None)


@bp.post("/form")
@signed_in
@names_oneself
def keep() -> ResponseReturnValue:
    """What was typed stays in the page, sealed, until they have proven that it is them."""
    path = same_site_path(request.args.get("form", "/")) or abort(400)
    fields = [[name, value] for name, value in request.form.items(multi=True) if name not in NOT_KEPT]
    return _ask(None, _sealing().dumps([path, fields]))


@bp.post("/touch")
@signed_in
@names_oneself
def touch() -> ResponseReturnValue:
    return _answer(TouchForm())


@bp.post("/password")
@signed_in
@names_oneself
def password() -> ResponseReturnValue:
    return _answer(PasswordForm())


def _answer(form: FlaskForm) -> ResponseReturnValue:
    way, sealed = way_on(), request.form.get("kept", "")
    kept = _open(sealed) if sealed else None
    proof = prove(form, current_user, Scope.REAUTHENTICATION)
    if proof is None or isinstance(proof, timedelta):
        return answer_wait(_ask(form, sealed), proof)
    renew_seat()
    if kept is None:
        return redirect(way, 303)
    return render_template("sign_in/send_again.html", kept=kept)


def _ask(sent: FlaskForm | None, kept: str = "") -> str:
    password_form = sent if isinstance(sent, PasswordForm) else PasswordForm(formdata=None)
    return render_template(
        "sign_in/again.html",
        form=sent or password_form,
        password_form=password_form,
        keys_work_here=keys_work_here(),
        touch=ask_for_a_touch(current_user),
        way=way_on(),
        kept=kept,
    )


def _open(sealed: str) -> Kept:
    try:
        path, fields = _sealing().loads(sealed, max_age=int(IDLE.total_seconds()))
    except BadSignature:
        abort(400)
    return Kept(path, fields)


def _sealing() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(app_secret(), salt=f"kept form of staff {current_user.id}")
