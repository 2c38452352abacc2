"""Which policy is in force, where is each clause kept, and have I acknowledged it?"""

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_security import current_user

from consent.documents.acknowledgements import draw_acknowledgement
from consent.domain.permissions import Permission
from consent.services import accounts, notes, rules
from consent.services.policy import Reading, acknowledge, acknowledgement_paper, has_to_acknowledge
from consent.services.training import whose_training_lapses
from consent.storage import policy as stored
from consent.storage.database import db
from consent.web.access import staff_may
from consent.web.asking import acting, department, today, zone
from consent.web.language import chosen_language
from consent.web.looking import names_colleagues, names_nobody, names_oneself
from consent.wording_policy import CLAUSES
from forms.policy import AcknowledgementForm

REGISTERS: dict[str, tuple[object, Permission]] = {
    "accounts.entries": (_("Accounts"), Permission.READ_REGISTERS),
    "rules.entries": (_("Rules"), Permission.READ_REGISTERS),
    "recordings.entries": (_("Recording"), Permission.READ_REGISTERS),
    "training.entries": (_("Training"), Permission.SEE_STAFF_REGISTERS),
    "policy.acknowledgements": (_("Who has acknowledged the policy"), Permission.SEE_STAFF_REGISTERS),
    "spokespersons.entries": (_("Spokespersons"), Permission.READ_REGISTERS),
    "notes.entries": (_("Notes to staff"), Permission.READ_REGISTERS),
    "versions.entries": (_("Versions of the policy"), Permission.READ_REGISTERS),
}
ELSEWHERE = {
    "lookup.look_up": Permission.LOOK_UP,
    "looks.looks": Permission.READ_LOOKS,
    "rosters.programs": Permission.PRINT_ROSTERS,
}
"""Pages that keep a clause and are no register, and whom they open for."""

bp = Blueprint("policy", __name__, url_prefix="/policy")


@bp.get("")
@staff_may(Permission.READ_REGISTERS)
@names_nobody
def policy() -> ResponseReturnValue:
    """The version in force, the registers that keep it, and clause after clause what the registry does for it."""
    version = stored.in_force(db.session(), today())
    signed = version and stored.acknowledgement(db.session(), version.id, current_user.id)
    registers = [(page, label) for page, (label, permission) in REGISTERS.items() if current_user.may(permission)]
    open_pages = {page for page, permission in ELSEWHERE.items() if current_user.may(permission)}
    open_pages |= {page for page, _label in registers}
    return render_template(
        "policy/policy.html",
        clauses=CLAUSES,
        open_pages=open_pages,
        registers=registers,
        signed=signed,
        version=version,
    )


@bp.route("/acknowledge", methods=["GET", "POST"])
@staff_may(Permission.READ_REGISTERS)
@names_oneself
def sign() -> ResponseReturnValue:
    form, version = AcknowledgementForm(), stored.in_force(db.session(), today())
    if version is None:
        abort(404)
    if form.validate_on_submit():
        reading = Reading(form.signed_as.data or "", chosen_language(), department(), zone())
        acknowledge(db.session(), reading, draw_acknowledgement, acting=acting())
        flash(str(_("You have acknowledged the policy. The signed paper is kept for your file.")))
        return redirect(url_for(".policy"), 303)
    return render_template("policy/acknowledge.html", form=form, version=version)


@bp.get("/acknowledgement.pdf")
@staff_may(Permission.READ_REGISTERS)
@names_oneself
def own_paper() -> ResponseReturnValue:
    version = stored.in_force(db.session(), today())
    signed = version and stored.acknowledgement(db.session(), version.id, current_user.id)
    return _pdf(signed.id) if signed else redirect(url_for(".policy"), 303)


@bp.get("/acknowledgements")
@staff_may(Permission.SEE_STAFF_REGISTERS)
@names_colleagues
def acknowledgements() -> ResponseReturnValue:
    """Who has not acknowledged the version in force, and the papers of those who have."""
    version = stored.in_force(db.session(), today())
    readers = stored.readers(db.session(), version.id, today()) if version else []
    return render_template("policy/acknowledgements.html", readers=readers, version=version)


@bp.get("/acknowledgements/<int:key>.pdf")
@staff_may(Permission.SEE_STAFF_REGISTERS)
@names_colleagues
def paper(key: int) -> ResponseReturnValue:
    return _pdf(key)


def has_to_sign() -> bool:
    """Whether whoever is signed in has not acknowledged the version in force."""
    return has_to_acknowledge(db.session(), current_user.id, today=today())


def how_much_waits() -> int:
    """For whoever is signed in: their own acknowledgement, what they decide on, and notes that nobody has written."""
    session, day = db.session(), today()
    waits = int(has_to_sign())
    for permission, count in (
        (Permission.APPROVE_ACCOUNTS, lambda: accounts.how_many_wait(session)),
        (Permission.APPROVE_RULES, lambda: rules.how_many_wait(session)),
        (Permission.WRITE_NOTES, lambda: len(notes.without_note(session, today=day))),
        (Permission.KEEP_TRAINING, lambda: len(whose_training_lapses(session, today=day))),
    ):
        waits += count() if current_user.may(permission) else 0
    return waits


def _pdf(key: int) -> Response:
    drawn = acknowledgement_paper(db.session(), key)
    name = 'inline; filename="acknowledgement.pdf"'
    return Response(drawn, mimetype="application/pdf", headers={"Content-Disposition": name})
