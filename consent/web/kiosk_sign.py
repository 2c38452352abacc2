"""What exactly is signed at the kiosk, and what does the family take away?"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from flask import Blueprint, g, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from consent.domain.refusals import UnknownPlatform, UnknownProgram
from consent.domain.signatures import (
    Signature,
    SignatureMissing,
    SignatureRefused,
    SignatureTooLarge,
    SignatureTooSimple,
    SignatureUnreadable,
)
from consent.domain.signing import LimitWrong
from consent.services.copies import copy_address
from consent.services.drafts import DraftGone
from consent.services.signing import KeyReused, Review, Signed, Submission, TextChanged, sign
from consent.services.signing import review as compose
from consent.services.throttle import TooManyTries
from consent.storage.database import db
from consent.web.asking import clock, department, settings, zone
from consent.web.kiosk_answers import offered
from consent.web.kiosk_device import PLACE, at_kiosk, in_sitting
from consent.web.kiosk_family import Family
from consent.web.kiosk_questions import ask, keep, typed_here
from consent.web.kiosk_start import saved_before
from consent.web.kiosk_way import Stop, unanswered
from consent.web.qr_pictures import qr_picture
from forms.kiosk_sign import DRAWN, SignForm

DONE_SECONDS: Final = 45
APART: Final = timedelta(seconds=3)
"""No two families sign at one kiosk faster than that; whoever tries to has taken its key elsewhere."""
SIGNATURES_REFUSED: Final[Mapping[type[SignatureRefused], object]] = {
    SignatureMissing: _("Draw your signature, or type your name"),
    SignatureTooSimple: _("The drawing is too small for a signature. Clear it, and sign again"),
    SignatureUnreadable: _("The drawing could not be read. Clear it, and sign again"),
    SignatureTooLarge: _("The drawing is too large. Clear it, and sign again with fewer lines"),
}
SIGNED_MOMENTS_AGO: Final = _("Something was signed here a moment ago. Wait three seconds, then sign.")
TEXT_CHANGED: Final = _("The form changed while you were reading. Please read it again, then sign.")
"""Such as at midnight, or where a platform was approved in between."""

bp = Blueprint("kiosk_sign", __name__, url_prefix=PLACE)


@bp.get("/review")
@in_sitting
def review() -> ResponseReturnValue:
    family: Family = g.family
    if stop := _unanswered(family):
        return redirect(stop.path, 303)
    return ask("kiosk/review.html", Stop("review"), offered=offered(), sitting=family.sitting)


@bp.get("/sign")
@in_sitting
def sign_form() -> ResponseReturnValue:
    if stop := _unanswered(g.family):
        return redirect(stop.path, 303)
    return _ask_to_sign(SignForm(**typed_here()))


@bp.post("/sign")
@at_kiosk
def sign_once() -> ResponseReturnValue:
    """A second tap, a retry and Back lead to the same reference; of a family that is gone, to nothing but that."""
    form, family = SignForm(), g.family
    if family is None:
        return saved_before(form.key.data)
    if stop := Stop("done") if family.signed else _unanswered(family):
        return redirect(stop.path, 303)
    valid, signature = form.validate(), _signature_on(form)
    return _sign_once(family, form, signature) if valid and signature else _ask_to_sign(form)


def _sign_once(family: Family, form: SignForm, signature: Signature) -> ResponseReturnValue:
    submission = Submission(
        family.draft.idempotency_key,
        family.draft.copy_token,
        family.sitting,
        signature,
        form.shown.data or "",
        agreed_electronic=form.agrees.data,
    )
    try:
        return _signed(
            sign(
                db.session(),
                submission,
                kiosk_id=family.kiosk_id,
                department=department(),
                zone=zone(),
                now=clock(),
                apart=APART,
            )
        )
    except (TextChanged, TooManyTries) as refused:
        db.session.rollback()
        form.form_errors = [TEXT_CHANGED if isinstance(refused, TextChanged) else SIGNED_MOMENTS_AGO]
        return _ask_to_sign(form)
    except (KeyReused, DraftGone):
        db.session.rollback()
        return saved_before(family.draft.idempotency_key)


@bp.get("/paper")
@in_sitting
def paper() -> ResponseReturnValue:
    return render_template("kiosk/paper.html")


@bp.get("/done")
@in_sitting
def done() -> ResponseReturnValue:
    family: Family = g.family
    if family.signed is None:
        return redirect(Stop("review").path, 303)
    address = None if settings().loopback else copy_address(family.draft.copy_token, base_url=settings().base_url)
    code = qr_picture(address) if address else None
    told = {"signed": family.signed, "code": code, "address": address}
    return render_template("kiosk/done.html", **told, seconds=DONE_SECONDS)


def _unanswered(family: Family) -> Stop | None:
    return unanswered(family, offered().uses, clock().astimezone(zone()).date())


def _review(family: Family) -> Review:
    return compose(db.session(), family.sitting, department=department(), zone=zone(), now=clock())


def _ask_to_sign(form: SignForm) -> ResponseReturnValue:
    try:
        reviewed = _review(g.family)
    except (UnknownPlatform, UnknownProgram, LimitWrong):
        return redirect(Stop("limits", 1).path, 303)
    form.key.data, form.shown.data = g.family.draft.idempotency_key, reviewed.shown_sha256
    return ask("kiosk/sign.html", Stop("sign"), form=form, review=reviewed, today=clock().astimezone(zone()).date())


def _signature_on(form: SignForm) -> Signature | None:
    """None where it is refused; the form says why, beside what else is missing."""
    drawn = form.kind.data == DRAWN
    try:
        if drawn:
            return Signature.drawn(form.strokes.data or "")
        return Signature.typed(form.name.data or "", meant=True)  # whether it is meant, the form asks of both
    except SignatureRefused as refused:
        field = form.kind if drawn else form.name
        field.errors = [SIGNATURES_REFUSED[type(refused)]]
        return None


def _signed(signed: Signed) -> ResponseReturnValue:
    """Of all that they typed, only what the last page tells is left."""
    lines = [
        {
            "name": f"{patron.first_name} {patron.last_name}",
            "yes": [use.value for use in patron.yes],
            "no": [use.value for use in patron.no],
            "last_day": patron.last_day.isoformat(),
        }
        for patron in signed.patrons
    ]
    keep(g.family.only(signed={"reference": signed.reference, "patrons": lines}))
    return redirect(Stop("done").path, 303)
