"""Who signed at the kiosks and waits for us? The desk confirms, corrects or rejects each signing."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_security import current_user
from wtforms import Field

from consent import wording
from consent.domain.authority import EndNeeded, EndsBeforeItStarts, LastsTooLong, OrderNotSeen
from consent.domain.permissions import Permission
from consent.domain.refusals import ConsentError
from consent.domain.vocabulary import Answer, Identification
from consent.services.checks import Door
from consent.services.programs import list_programs
from consent.services.witness import (
    Chosen,
    Matching,
    SamePatronTwice,
    SigningFinished,
    confirm_signing,
    correct_signing,
    reject_signing,
)
from consent.services.witness_opened import OpenedSigning, open_signing
from consent.services.witness_queue import anything_new, open_queue
from consent.storage import lookup
from consent.storage.database import db
from consent.web.access import current_actor, staff_may
from consent.web.asking import asker, clock, zone
from consent.web.language import chosen_language, local_day
from forms.witness import NEW, ON_FILE, RejectForm, WitnessForm, witness_form

bp = Blueprint("witness", __name__, url_prefix="/desk/signings")

REFUSALS: dict[type[ConsentError], tuple[str, object]] = {
    OrderNotSeen: (
        "order_seen",
        _("Nobody but a parent is confirmed without the order. Ask them to bring it, or reject the signing."),
    ),
    EndNeeded: ("last_day", _("Enter the last day of the power of attorney")),
    EndsBeforeItStarts: (
        "last_day",
        _("It had ended when they signed. Check the date, or reject the signing."),
    ),
}
"""Beside which field a refusal stands, and what to do about it."""


@bp.get("")
@staff_may(Permission.WITNESS)
def queue() -> ResponseReturnValue:
    return render_template("witness/queue.html", queue=_queue())


@bp.get("/waiting")
@staff_may(Permission.WITNESS)
def waiting() -> ResponseReturnValue:
    """Asked by the page itself every few seconds: the list, or nothing where nothing has changed."""
    g.asked_by_itself = True
    mark = request.args.get("mark", type=int)
    if mark is not None and not anything_new(db.session(), mark):
        return "", 204
    return render_template("witness/waiting.html", queue=_queue())


@bp.route("/<reference>", methods=["GET", "POST"])
@staff_may(Permission.WITNESS)
def signing(reference: str) -> ResponseReturnValue:
    opened = _open(reference)
    if not opened.waits:
        return _show_finished(opened, late=request.method == "POST")
    form = _form(opened)
    if "look" not in request.form and form.validate_on_submit():
        try:
            confirm_signing(
                db.session(),
                reference,
                _matching(form, len(opened.children)),
                Identification(form["identified_by"].data),
                staff_id=current_user.id,
                by=current_actor(),
                zone=zone(),
                now=clock(),
            )
        except SigningFinished:
            return _show_finished(_open(reference), late=True)
        except (SamePatronTwice, OrderNotSeen, EndNeeded, EndsBeforeItStarts, LastsTooLong) as refusal:
            _tell(form, refusal)
        else:
            return redirect(url_for(".signing", reference=reference), 303)
    return _show_open(opened, form)


@bp.route("/<reference>/correct", methods=["GET", "POST"])
@staff_may(Permission.WITNESS)
def correct(reference: str) -> ResponseReturnValue:
    opened = _open(reference)
    if opened.witnessed is None:
        return redirect(url_for(".signing", reference=reference), 303)
    form = _form(opened)
    del form["identified_by"]
    if "look" not in request.form and form.validate_on_submit():
        try:
            correct_signing(
                db.session(),
                reference,
                _matching(form, len(opened.children)),
                staff_id=current_user.id,
                by=current_actor(),
                zone=zone(),
                now=clock(),
            )
        except (SamePatronTwice, OrderNotSeen, EndNeeded, EndsBeforeItStarts, LastsTooLong) as refusal:
            _tell(form, refusal)
        else:
            return redirect(url_for(".signing", reference=reference), 303)
    return _show_open(opened, form)


@bp.route("/<reference>/reject", methods=["GET", "POST"])
@staff_may(Permission.WITNESS)
def reject(reference: str) -> ResponseReturnValue:
    opened = _open(reference)
    if not opened.waits:
        return _show_finished(opened, late=request.method == "POST")
    form = RejectForm()
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


def _queue() -> object:
    page = request.args.get("page", 1, type=int)
    return open_queue(db.session(), page=page, zone=zone(), now=clock())


def _open(reference: str) -> OpenedSigning:
    looked_for = {
        int(name.removeprefix("find_")): typed.strip()
        for name, typed in request.form.items()
        if name.startswith("find_") and name.removeprefix("find_").isdecimal() and typed.strip()
    }
    return open_signing(
        db.session(), reference, looked_for=looked_for, asker=asker(Door.LOOK_UP), zone=zone(), now=clock()
    )


def _form(opened: OpenedSigning) -> WitnessForm:
    """With what was found already chosen where it is beyond doubt; the desk looks and confirms."""
    people = [
        [*((f"{ON_FILE}{one.external_id}", one.name) for one in child.offered), (NEW, _("Create a new record"))]
        for child in opened.children
    ]
    guardians = [
        *((f"{ON_FILE}{one.external_id}", one.name) for one in opened.guardians),
        (NEW, _("Add as a new guardian")),
    ]
    form = witness_form(
        people,
        guardians if opened.signer.relationship else None,
        relationship=opened.signer.relationship,
        programs=_programs(),
        language=chosen_language(),
    )
    if request.method == "GET":
        for child in opened.children:
            form.of("person", child.number).data = _suggested(child.suggested, offered=bool(child.offered))
        if opened.signer.relationship:
            form["guardian"].data = _suggested(opened.suggested_guardian, offered=bool(opened.guardians))
    return form


def _suggested(external_id: str | None, *, offered: bool) -> str | None:
    """Whoever is meant beyond doubt, or somebody new where nobody on file is like them."""
    if external_id:
        return f"{ON_FILE}{external_id}"
    return None if offered else NEW


def _programs() -> list[tuple[str, str]]:
    if not current_user.may(Permission.ENROLL):
        return []
    today = clock().astimezone(zone()).date()
    listed = list_programs(db.session(), asker=asker(Door.LOOK_UP))
    return [(program.external_id, program.name) for program in listed if program.ends >= today]


def _names() -> dict[str, str]:
    """Of the platforms and programs to which a yes may be limited."""
    listed = list_programs(db.session(), asker=asker(Door.LOOK_UP))
    platforms = {row.external_id: row.name for row in lookup.platforms(db.session().connection())}
    return platforms | {program.external_id: program.name for program in listed}


def _matching(form: WitnessForm, children: int) -> Matching:
    return Matching(
        children=tuple(
            Chosen(form.chosen(number), form.of("program", number).data or None) for number in range(1, children + 1)
        ),
        guardian=form.chosen_guardian,
        order_seen="order_seen" in form and form["order_seen"].data == "yes",
        last_day=form["last_day"].data if "last_day" in form else None,
        active_duty="active_duty" in form and form["active_duty"].data,
    )


def _tell(form: WitnessForm, refusal: ConsentError) -> None:
    """Beside the field that it is about."""
    db.session.rollback()
    if isinstance(refusal, SamePatronTwice):
        field, told = form.of("person", refusal.number), _("Two children of one signing are two people. Choose again.")
    elif isinstance(refusal, LastsTooLong):
        field = form["last_day"]
        told = _("A power of attorney lasts until %(day)s at the longest.", day=local_day(refusal.latest))
    else:
        name, told = REFUSALS[type(refusal)]
        field = form[name]
    _add_error(field, told)


def _add_error(field: Field, told: object) -> None:
    field.errors = [*field.errors, told]


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
