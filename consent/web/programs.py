"""How are programs made, and how do people come into them and leave?"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consent.domain.authority import EndsBeforeItStarts
from consent.domain.exchange.writing import as_said
from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.domain.refusals import SentBefore
from consent.services.checks import Door
from consent.services.enrollments import end_enrollment, enroll
from consent.services.families import patron_named
from consent.services.lookup_people import search
from consent.services.programs import (
    add_program,
    change_program,
    list_programs,
    open_program,
    possible_leads,
    program_line,
)
from consent.services.trails import ChangedMeanwhile
from consent.storage.database import db
from consent.storage.programs import people_of, programs_of
from consent.web.access import current_actor, staff_may
from consent.web.asking import asker, clock, zone
from consent.web.corrections import take_over
from consent.web.keeping import back_to, person_named, sayings
from consent.web.looking import changed, looked_at, names_nobody, saw
from forms.programs import EnrollForm, FindForm, ProgramForm

bp = Blueprint("programs", __name__)


@bp.route("/programs/new", methods=["GET", "POST"])
@staff_may(Permission.EDIT_PROGRAMS)
@names_nobody
def new() -> ResponseReturnValue:
    form = _form()
    if form.validate_on_submit():
        program = form.line(f"PR-{form.reference.data}")
        try:
            add_program(db.session(), program, frozenset(form.leads.data or ()), by=current_actor(), now=clock())
        except EndsBeforeItStarts:
            form.ends.errors = [_("Enter a last day that is not before the first")]
        except SentBefore:
            form.reference.renew()
            form.form_errors = [_("This form was saved before, with other answers. Send it again to save this too.")]
        else:
            flash(_("The program is added. Enroll its people here."))
            return redirect(url_for("programs.people", program=program.id), 303)
    return render_template("programs/edit.html", changes=[], form=form, program=None)


@bp.route("/programs/<path:program>/edit", methods=["GET", "POST"])
@staff_may(Permission.EDIT_PROGRAMS)
@names_nobody
def edit(program: str) -> ResponseReturnValue:
    form, changes = _form(), []
    on_file, leads = program_line(db.session(), program)
    if not form.is_submitted():
        form.fill(as_said(on_file))
        form.leads.data = sorted(leads)
        form.base_on(as_said(on_file))
    elif form.validate_on_submit():
        becomes = form.line(program)
        try:
            change_program(
                db.session(), form.was, becomes, frozenset(form.leads.data or ()), by=current_actor(), now=clock()
            )
        except EndsBeforeItStarts:
            form.ends.errors = [_("Enter a last day that is not before the first")]
        except ChangedMeanwhile as changed:
            db.session.rollback()
            changes = take_over(form, as_said(becomes), changed)
        else:
            flash(_("The program is saved."))
            return redirect(url_for("rosters.programs"), 303)
    return render_template("programs/edit.html", changes=changes, form=form, program=program)


@bp.route("/programs/<path:program>/people", methods=["GET", "POST"])
@staff_may(Permission.ENROLL)
@looked_at(LookKind.PROGRAM_PEOPLE)
def people(program: str) -> ResponseReturnValue:
    """Who takes part, and whom a typed name may mean; a POST enrolls one of them."""
    who_asks, session = asker(Door.LOOK_UP), db.session()
    if request.method == "POST":
        patron = request.form.get("patron", "")
        enroll(session, patron, program, asker=who_asks, by=current_actor(), now=clock())
        flash(_("Enrolled."))
        return redirect(url_for("programs.people", program=program), 303)
    opened, find, found = open_program(session, program, asker=who_asks), FindForm(request.args), None
    if find.validate() and find.q.data:
        today = clock().astimezone(zone()).date()
        found = search(session.connection(), find.q.data, asker=who_asks, today=today)
    enrolled = sorted(people_of(session, opened.id), key=lambda row: (row.last_name, row.first_name, row.id))
    ids = {row.external_id for row in enrolled}
    saw([*ids, *(person.external_id for person in (found.people if found else ()))], about=program)
    return render_template(
        "programs/people.html",
        enrolled=enrolled,
        find=find,
        form=find,
        found=found,
        ids=ids,
        program=opened,
        **sayings(),
    )


@bp.post("/programs/<path:program>/people/end")
@staff_may(Permission.ENROLL)
@changed
def end(program: str) -> ResponseReturnValue:
    patron = request.form.get("patron", "")
    end_enrollment(db.session(), patron, program, asker=asker(Door.LOOK_UP), by=current_actor(), now=clock())
    flash(_("No longer enrolled."))
    return redirect(url_for("programs.people", program=program), 303)


@bp.route("/patrons/<path:patron>/programs", methods=["GET", "POST"])
@staff_may(Permission.ENROLL)
@looked_at(LookKind.PROGRAMS_OF_PERSON)
def of_patron(patron: str) -> ResponseReturnValue:
    """In which programs somebody takes part; a POST enrolls them in one."""
    person, form, who_asks = person_named(patron), EnrollForm(), asker(Door.PATRON_PAGE)
    today = clock().astimezone(zone()).date()
    listed = list_programs(db.session(), asker=who_asks)
    form.offer([(program.external_id, program.name) for program in listed if program.ends >= today])
    if form.validate_on_submit():
        enroll(db.session(), patron, form.program.data, asker=who_asks, by=current_actor(), now=clock())
        return back_to(patron, _("Enrolled."))
    taking_part = programs_of(db.session(), patron_named(db.session(), patron).id)
    return render_template("programs/of_patron.html", form=form, person=person, taking_part=taking_part, **sayings())


@bp.post("/patrons/<path:patron>/programs/end")
@staff_may(Permission.ENROLL)
@changed
def end_of_patron(patron: str) -> ResponseReturnValue:
    program = request.form.get("program", "")
    end_enrollment(db.session(), patron, program, asker=asker(Door.PATRON_PAGE), by=current_actor(), now=clock())
    return back_to(patron, _("No longer enrolled."))


def _form() -> ProgramForm:
    form = ProgramForm()
    form.offer([(staff.id, staff.name) for staff in possible_leads(db.session())])
    return form
