"""How does whoever gave a password give the second thing? A key's touch, a code, or a code from paper."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from consent.domain.throttle import Scope
from consent.services.second_factors import factors_of
from consent.storage.database import db
from consent.storage.models import Staff
from consent.web.proofs import ask_for_a_touch, keys_work_here, prove
from consent.web.sign_in_state import half_way, let_in, password_given, way_kept
from consent.web.tries import answer_wait
from forms.sign_in import CodeForm, RecoveryCodeForm, TouchForm

bp = Blueprint("sign_in_second", __name__, url_prefix="/sign-in/second")


@bp.get("")
@password_given
def second() -> ResponseReturnValue:
    return _ask(_staff(), None)


@bp.post("/touch")
@password_given
def touch() -> ResponseReturnValue:
    return _answer(TouchForm())


@bp.post("/code")
@password_given
def code() -> ResponseReturnValue:
    return _answer(CodeForm())


@bp.route("/recovery-code", methods=["GET", "POST"])
@password_given
def recovery_code() -> ResponseReturnValue:
    return _answer(RecoveryCodeForm())


def _answer(form: FlaskForm) -> ResponseReturnValue:
    staff, way = _staff(), way_kept()
    proof = prove(form, staff, Scope.SECOND_FACTOR)
    if proof is None or isinstance(proof, timedelta):
        return answer_wait(_ask(staff, form), proof)
    return let_in(staff, proof, way)


def _ask(staff: Staff, sent: FlaskForm | None) -> str:
    if isinstance(sent, RecoveryCodeForm):
        return render_template("sign_in/recovery_code.html", form=sent)
    held = factors_of(db.session(), staff.id)
    code_form = sent if isinstance(sent, CodeForm) else CodeForm(formdata=None)
    return render_template(
        "sign_in/second.html",
        form=sent or code_form,
        code_form=code_form,
        factors=held,
        keys_work_here=keys_work_here(),
        touch=ask_for_a_touch(staff),
    )


def _staff() -> Staff:
    staff = half_way()
    assert staff is not None, "the access rule lets nobody else in"
    return staff
