"""What is left to do before a new registry is ready for its first family? A list, and the pages of its own steps."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_security import current_user
from werkzeug.wrappers.response import Response as Redirect

from consent.domain.first_steps import Step
from consent.domain.form_sheets import ITEM, paragraphs
from consent.domain.permissions import Permission
from consent.services.department import DepartmentNameWrong, Names, name_department, stored_names
from consent.services.first_steps import confirm_step, is_put_away, put_away, steps_done
from consent.services.starter_form import ProposalChanged, is_published, proposal, publish_starter_form
from consent.storage.database import db
from consent.storage.registry import is_demo
from consent.web.access import current_actor, staff_may
from consent.web.asking import clock, department, settings, zone
from consent.web.looking import changed, names_nobody
from forms.first_steps import BackupForm, NamesForm, StarterForm, TimeZoneForm

bp = Blueprint("first_steps", __name__, url_prefix="/first-steps")


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step's name, why it is needed, and its page."""

    task: object
    told: object
    path: str


STEPS = {
    Step.ADMINISTRATOR: StepShown(_("First administrator"), _("You are in, and can let others in."), "/staff"),
    Step.NAMES: StepShown(
        _("Names of the city and the department"),
        _("They stand on every page and paper, and in what families sign."),
        "/first-steps/names",
    ),
    Step.TIME_ZONE: StepShown(
        _("Time zone"), _("A birthday and a last day begin and end at its midnight."), "/first-steps/time-zone"
    ),
    Step.ESIGN_POLICY: StepShown(
        _("The city's decision on electronic signatures"),
        _("No kiosk takes a signature before its reference is set."),
        "/kiosks#policy",
    ),
    Step.FORM: StepShown(
        _("The form that families sign"),
        _("Read the starter form in both languages, and publish it."),
        "/first-steps/form",
    ),
    Step.PLATFORMS: StepShown(
        _("Platforms"), _("Where the department may post at all. Everywhere else the answer is no."), "/platforms"
    ),
    Step.PROGRAMS: StepShown(_("Programs"), _("The camps, classes and events with a roster."), "/programs/new"),
    Step.STAFF: StepShown(
        _("Staff"), _("The front desk, a director, whoever posts: each with what their work needs."), "/staff/new"
    ),
    Step.KIOSK: StepShown(
        _("First kiosk"), _("Add it, and open its one-time address on the device itself."), "/kiosks"
    ),
    Step.BACKUP: StepShown(_("Backup"), _("A disk breaks one day. See how copies are made."), "/first-steps/backup"),
}
Listed = list[tuple[StepShown, bool]]


@bp.get("")
@staff_may(Permission.SET_UP)
@names_nobody
def steps() -> ResponseReturnValue:
    return render_template("first_steps/steps.html", steps=list_steps())


@bp.post("/put-away")
@staff_may(Permission.SET_UP)
@changed
def put_steps_away() -> ResponseReturnValue:
    put_away(db.session(), by=current_actor(), now=clock())
    return redirect("/", 303)


@bp.route("/names", methods=["GET", "POST"])
@staff_may(Permission.SET_UP)
@names_nobody
def names() -> ResponseReturnValue:
    stored = stored_names(db.session())
    form = NamesForm(obj=stored)
    if form.validate_on_submit():
        try:
            becomes = Names(form.city.data or "", form.department.data or "")
            name_department(db.session(), becomes, by=current_actor(), now=clock())
            return _done()
        except DepartmentNameWrong:
            db.session.rollback()
            form.form_errors = [gettext("Enter each name on one line, in 60 characters at most.")]
    return render_template("first_steps/names.html", explicit=settings().department, form=form, stored=stored)


@bp.route("/time-zone", methods=["GET", "POST"])
@staff_may(Permission.SET_UP)
@names_nobody
def time_zone() -> ResponseReturnValue:
    form = TimeZoneForm()
    if form.validate_on_submit():
        confirm_step(db.session(), Step.TIME_ZONE, settings().time_zone, by=current_actor(), now=clock())
        return _done()
    return render_template("first_steps/time_zone.html", form=form, zone=zone().key)


@bp.route("/form", methods=["GET", "POST"])
@staff_may(Permission.PUBLISH_FORMS)
@names_nobody
def starter_form() -> ResponseReturnValue:
    proposed, form = proposal(department()), StarterForm()
    if form.validate_on_submit():
        try:
            publish_starter_form(
                db.session(),
                form.text_sha256.data or "",
                department=department(),
                zone=zone(),
                by=current_actor(),
                now=clock(),
            )
            return _done()
        except ProposalChanged:
            db.session.rollback()
            form.form_errors = [gettext("The text changed since you opened this page. Read it again.")]
            form.read.data = False
    form.text_sha256.data = proposed.text_sha256
    return render_template(
        "first_steps/form.html",
        form=form,
        ITEM=ITEM,
        named=settings().department or stored_names(db.session()),
        paragraphs=paragraphs,
        proposed=proposed,
        published=is_published(db.session()),
    )


@bp.route("/backup", methods=["GET", "POST"])
@staff_may(Permission.SET_UP)
@names_nobody
def backup() -> ResponseReturnValue:
    form = BackupForm()
    if form.validate_on_submit():
        confirm_step(db.session(), Step.BACKUP, "made", by=current_actor(), now=clock())
        return _done()
    folder, instance = settings().backup_folder, settings().instance.resolve()
    return render_template("first_steps/backup.html", folder=folder, form=form, instance=instance)


def list_steps() -> Listed:
    """Each step, and whether it is done."""
    named = settings().department is not None
    done = steps_done(db.session(), named=named, zone=settings().time_zone, now=clock())
    return [(STEPS[step], done[step]) for step in Step]


def steps_on_first_page() -> Listed:
    """None where somebody else sets up, nothing is left, or the list was put away. A demo is set up already."""
    session = db.session()
    if not current_user.may(Permission.SET_UP) or is_put_away(session) or is_demo(session):
        return []
    listed = list_steps()
    return [] if all(done for _step, done in listed) else listed


def _done() -> Redirect:
    flash(gettext("It is done."))
    return redirect(url_for(".steps"), 303)
