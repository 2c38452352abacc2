"""Who signed at the kiosks and waits for us? The desk confirms, corrects or rejects each signing."""

from collections.abc import Iterator

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from consent import wording
from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.domain.signing import MOST_PATRONS
from consent.domain.vocabulary import Answer
from consent.services.checks import Door
from consent.services.programs import list_programs
from consent.services.witness import SigningFinished, confirm_signing, correct_signing, reject_signing
from consent.services.witness_opened import OpenedSigning, open_signing
from consent.services.witness_queue import Queue, anything_new, open_queue
from consent.storage import lookup
from consent.storage.database import db
from consent.web.access import current_actor, staff_may
from consent.web.asking import asker, clock, zone
from consent.web.looking import looked_at, saw
from consent.web.witness_form import TOLD, form_of, identified_by, matching_of, tell
from forms.witness import RejectForm, RejectPaperForm, WitnessForm

LAST_PAGE = 100_000
NO_KEY = 1_000_000_000
"""Beyond them a database counts no further."""

bp = Blueprint("witness", __name__, url_prefix="/desk/signings")


@bp.get("")
@staff_may(Permission.WITNESS)
@looked_at(LookKind.SIGNING_QUEUE)
def queue() -> ResponseReturnValue:
    return render_template("witness/queue.html", queue=_queue())


@bp.get("/waiting")
@staff_may(Permission.WITNESS)
@looked_at(LookKind.SIGNING_QUEUE)
def waiting() -> ResponseReturnValue:
    """Asked by the page itself every few seconds: the list, or nothing where nothing has changed."""
    g.asked_by_itself = True
    mark = request.args.get("mark", type=int)
    if mark is not None and abs(mark) < NO_KEY and not anything_new(db.session(), mark):
        return "", 204
    return render_template("witness/waiting.html", queue=_queue())


@bp.route("/<reference>", methods=["GET", "POST"])
@staff_may(Permission.WITNESS)
@looked_at(LookKind.SIGNING)
def signing(reference: str) -> ResponseReturnValue:
    opened = _open(reference)
    if not opened.waits:
        return _show_finished(opened, late=request.method == "POST")
    if opened.paper and opened.paper.entered_by_id == current_user.id:
        return _show_own(opened)
    form = form_of(opened)
    if "look" not in request.form and form.validate_on_submit():
        try:
            confirm_signing(
                db.session(),
                reference,
                matching_of(form, len(opened.children)),
                identified_by(form),
                staff_id=current_user.id,
                by=current_actor(),
                zone=zone(),
                now=clock(),
            )
        except SigningFinished:
            return _show_finished(_open(reference), late=True)
        except TOLD as refusal:
            tell(form, refusal)
        else:
            return redirect(url_for(".signing", reference=reference), 303)
    return _show_open(opened, form)


@bp.route("/<reference>/correct", methods=["GET", "POST"])
@staff_may(Permission.WITNESS)
@looked_at(LookKind.SIGNING)
def correct(reference: str) -> ResponseReturnValue:
    opened = _open(reference)
    if opened.witnessed is None:
        return redirect(url_for(".signing", reference=reference), 303)
    form = form_of(opened)
    for confirming in {"identified_by", "compared"} & set(form.data):
        del form[confirming]
    if "look" not in request.form and form.validate_on_submit():
        try:
            correct_signing(
                db.session(),
                reference,
                matching_of(form, len(opened.children)),
                staff_id=current_user.id,
                by=current_actor(),
                zone=zone(),
                now=clock(),
            )
        except TOLD as refusal:
            tell(form, refusal)
        else:
            return redirect(url_for(".signing", reference=reference), 303)
    return _show_open(opened, form)


@bp.route("/<reference>/reject", methods=["GET", "POST"])
@staff_may(Permission.WITNESS)
@looked_at(LookKind.SIGNING)
def reject(reference: str) -> ResponseReturnValue:
    opened = _open(reference)
    if not opened.waits:
        return _show_finished(opened, late=request.method == "POST")
    form = RejectForm() if opened.paper is None else RejectPaperForm()
    if form.validate_on_submit():
        try:
            reject_signing(
                db.session(),
                reference,
                form.reason.data,
                staff_id=current_user.id,
                by=current_actor(),
                zone=zone(),
                now=clock(),
            )
        except SigningFinished:
            return _show_finished(_open(reference), late=True)
        return redirect(url_for(".signing", reference=reference), 303)
    return render_template("witness/reject.html", opened=opened, form=form, answers=Answer)


def _queue() -> Queue:
    page = min(request.args.get("page", 1, type=int), LAST_PAGE)
    opened = open_queue(db.session(), page=page, zone=zone(), now=clock())
    for reference in [*(row.reference for row in opened.waiting), *(row.reference for row in opened.finished)]:
        saw(about=reference)
    return opened


def _open(reference: str) -> OpenedSigning:
    looked_for = {
        number: typed
        for number in range(1, MOST_PATRONS + 1)
        if (typed := request.form.get(f"find_{number}", "").strip())
    }
    opened = open_signing(
        db.session(), reference, looked_for=looked_for, asker=asker(Door.LOOK_UP), zone=zone(), now=clock()
    )
    saw(_patrons(opened), about=opened.reference)
    return opened


def _patrons(opened: OpenedSigning) -> Iterator[str]:
    """Those on file beside those who were typed."""
    for child in opened.children:
        named = (*child.offered, child.linked_to)
        yield from (patron.external_id for patron in named if patron)


def _names() -> dict[str, str]:
    """Of the platforms and programs to which a yes may be limited."""
    listed = list_programs(db.session(), asker=asker(Door.LOOK_UP))
    platforms = {row.external_id: row.name for row in lookup.platforms(db.session().connection())}
    return platforms | {program.external_id: program.name for program in listed}


def _show_open(opened: OpenedSigning, form: WitnessForm) -> ResponseReturnValue:
    return render_template(
        "witness/signing.html",
        opened=opened,
        form=form,
        looked=request.form.get("look", type=int),
        correcting=opened.witnessed is not None,
        may_enroll=current_user.may(Permission.ENROLL),
        answers=Answer,
        names=_names(),
        words=wording,
    )


def _show_own(opened: OpenedSigning) -> ResponseReturnValue:
    """Whoever entered a paper waits for somebody else; only rejecting it is theirs too."""
    shown = render_template("witness/own.html", opened=opened, answers=Answer, names=_names(), words=wording)
    return (shown, 409) if request.method == "POST" else shown


def _show_finished(opened: OpenedSigning, *, late: bool) -> ResponseReturnValue:
    shown = render_template(
        "witness/finished.html",
        opened=opened,
        late=late,
        may_print=current_user.may(Permission.PRINT_CARDS),
        answers=Answer,
        names=_names(),
        words=wording,
    )
    return (shown, 409) if late else shown
