"""How is a name, a birth date or a contact corrected? With a reason, never over what somebody else corrected."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers.response import Response as Redirect

from consent.domain.exchange.lines import GuardianLine, PatronLine
from consent.domain.exchange.writing import as_said
from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.domain.refusals import InTheFuture
from consent.services.corrections import (
    EmancipationOrderNotSeen,
    correct_guardian,
    correct_patron,
    open_guardian,
    open_patron,
)
from consent.services.trails import ChangedMeanwhile, differing, merge
from consent.storage import lookup
from consent.storage.database import db
from consent.web.access import current_actor, staff_may
from consent.web.asking import clock, zone
from consent.web.keeping import back_to, person_named, sayings
from consent.web.looking import looked_at, saw
from forms.corrections import GuardianForm, PatronForm, patron_form

bp = Blueprint("corrections", __name__)

Change = tuple[str, Any, Any]
"""What changed meanwhile: its key, what it was and what it is now."""


@bp.route("/patrons/<path:patron>/correct", methods=["GET", "POST"])
@staff_may(Permission.EDIT_PATRONS)
@looked_at(LookKind.CORRECTION)
def patron(patron: str) -> ResponseReturnValue:
    person, on_file = person_named(patron), open_patron(db.session(), patron)
    platforms = [(row.external_id, row.name) for row in lookup.platforms(db.session().connection())]
    form, changes = patron_form(platforms)(), []
    if not form.is_submitted():
        form.fill(as_said(on_file))
        form.base_on(as_said(on_file))
    elif form.validate_on_submit():
        try:
            return _correct_patron(form, form.line(on_file))
        except ChangedMeanwhile as changed:
            db.session.rollback()
            changes = take_over(form, as_said(form.line(on_file)), changed)
        except InTheFuture:
            form.born.errors = [_("Enter a birth date that is not in the future")]
        except EmancipationOrderNotSeen:
            form.order_seen.errors = [_("Tick this once you have seen the order")]
    return render_template("corrections/patron.html", changes=changes, form=form, person=person, **sayings())


@bp.route("/patrons/<path:patron>/guardians/<path:guardian>/correct", methods=["GET", "POST"])
@staff_may(Permission.EDIT_PATRONS)
@looked_at(LookKind.CORRECTION)
def guardian(patron: str, guardian: str) -> ResponseReturnValue:
    person, on_file = person_named(patron), open_guardian(db.session(), guardian)
    saw(about=guardian)
    form, changes = GuardianForm(), []
    if not form.is_submitted():
        form.fill(as_said(on_file))
        form.base_on(as_said(on_file))
    elif form.validate_on_submit():
        try:
            return _correct_guardian(form, form.line(on_file), patron)
        except ChangedMeanwhile as changed:
            db.session.rollback()
            changes = take_over(form, as_said(form.line(on_file)), changed)
    return render_template(
        "corrections/guardian.html", changes=changes, form=form, guardian=on_file, person=person, **sayings()
    )


def take_over(form: Any, typed: dict[str, Any], changed: ChangedMeanwhile) -> list[Change]:
    """Put what somebody else changed beside what was typed here, and ask to send it again."""
    was = form.was
    form.fill(merge(was, typed, changed.now) if was else typed)
    form.base_on(changed.now)
    form.form_errors = [_("Somebody changed this while the form was open. Nothing is saved yet.")]
    return [(key, _shown(was.get(key)), _shown(changed.now.get(key))) for key in differing(was, changed.now) if was]


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {account}" for key, account in sorted(value.items()))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value or "–")


def _correct_patron(form: PatronForm, becomes: PatronLine) -> Redirect:
    changed = correct_patron(
        db.session(),
        form.was,
        becomes,
        reason=form.reason.data or "",
        order_seen=form.order_seen.data,
        by=current_actor(),
        zone=zone(),
        now=clock(),
    )
    return back_to(becomes.id, _done(changed=changed))


def _correct_guardian(form: GuardianForm, becomes: GuardianLine, patron: str) -> Redirect:
    changed = correct_guardian(
        db.session(), form.was, becomes, reason=form.reason.data or "", by=current_actor(), now=clock()
    )
    return back_to(patron, _done(changed=changed))


def _done(*, changed: bool) -> str:
    return _("The correction is saved.") if changed else _("There was nothing to change.")
