"""What does the desk's form offer for one signing, and where on it does a refusal stand?"""

from flask import request
from flask_babel import lazy_gettext as _
from flask_security import current_user

from consent.domain.authority import EndNeeded, EndsBeforeItStarts, LastsTooLong, OrderNotSeen
from consent.domain.permissions import Permission
from consent.domain.refusals import ConsentError
from consent.domain.vocabulary import Identification
from consent.services.checks import Door
from consent.services.programs import list_programs
from consent.services.witness_matching import Chosen, Matching, SamePatronTwice
from consent.services.witness_opened import OpenedSigning
from consent.storage.database import db
from consent.web.asking import asker, clock, zone
from consent.web.language import chosen_language, local_day
from forms.witness import NEW, ON_FILE, WitnessForm, witness_form

TOLD = (SamePatronTwice, OrderNotSeen, EndNeeded, EndsBeforeItStarts, LastsTooLong)
"""Refusals that stand beside a field."""
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


def form_of(opened: OpenedSigning) -> WitnessForm:
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
        on_paper=opened.paper is not None,
    )
    if request.method == "GET":
        for child in opened.children:
            form.of("person", child.number).data = _suggested(child.suggested, offered=bool(child.offered))
        if opened.signer.relationship:
            form["guardian"].data = _suggested(opened.suggested_guardian, offered=bool(opened.guardians))
        if opened.paper and opened.paper.order_seen and "order_seen" in form:
            form["order_seen"].data = "yes"
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


def identified_by(form: WitnessForm) -> Identification | None:
    """None for a paper, whose signer nobody saw: what was entered is compared with the scan."""
    return Identification(form["identified_by"].data) if "identified_by" in form else None


def matching_of(form: WitnessForm, children: int) -> Matching:
    return Matching(
        children=tuple(
            Chosen(form.chosen(number), form.of("program", number).data or None) for number in range(1, children + 1)
        ),
        guardian=form.chosen_guardian,
        order_seen="order_seen" in form and form["order_seen"].data == "yes",
        last_day=form["last_day"].data if "last_day" in form else None,
        active_duty="active_duty" in form and form["active_duty"].data,
    )


def tell(form: WitnessForm, refusal: ConsentError) -> None:
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
    field.errors = [*field.errors, told]
