"""Who works with the registry, in which roles and until when? Administrators change everybody's but their own."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers.response import Response as Redirect

from consent import wording
from consent.domain.permissions import Permission, Role
from consent.domain.staff import StaffState
from consent.services.authorizations import list_authorizations
from consent.services.staff import EmailTaken, EmailWrong, NewStaff, NotAProgramLead, StaffNameWrong, add_staff
from consent.services.staff_changes import (
    Details,
    LastAdministrator,
    RoleChange,
    change_roles,
    change_staff,
    open_details,
)
from consent.services.staff_list import StaffListed, list_colleagues, open_colleague
from consent.services.staff_sign_in import first_sign_in_address
from consent.services.staff_standing import reset_staff, restore_staff, suspend_staff
from consent.services.trails import ChangedMeanwhile
from consent.storage.database import db
from consent.storage.models import Staff
from consent.storage.signings import platforms_approved
from consent.storage.staff import programs_to_lead
from consent.web.access import staff_may
from consent.web.asking import acting, clock, settings
from consent.web.corrections import take_over
from consent.web.language import chosen_language
from consent.web.looking import changed, names_colleagues
from forms.staff import NewStaffForm, OwnNameForm, PostingForm, RolesForm, StaffFilterForm, StaffForm, roles_form

bp = Blueprint("staff", __name__, url_prefix="/staff")


@bp.get("")
@staff_may(Permission.MANAGE_STAFF)
@names_colleagues
def staff() -> ResponseReturnValue:
    """Everybody, and what each may do."""
    find, people = _found()
    form = _roles_form(people)
    form.fill({person.id: person.roles for person in people})
    return _show_matrix(find, people, form)


@bp.post("")
@staff_may(Permission.MANAGE_STAFF, fresh=True)
@names_colleagues
def save_roles() -> ResponseReturnValue:
    """All the ticks that were changed, or none."""
    find, people = _found()
    form = _roles_form(people)
    if form.validate_on_submit():
        try:
            return _save_roles(form)
        except ChangedMeanwhile:
            form.take_over({person.id: person.roles for person in people})
            form.form_errors = [_("Somebody changed these roles while the page was open. Nothing is saved yet.")]
        except LastAdministrator:
            form.form_errors = [_("One administrator must remain who stays. Nothing is saved yet.")]
        db.session.rollback()
    return _show_matrix(find, people, form)


@bp.route("/new", methods=["GET", "POST"])
@staff_may(Permission.MANAGE_STAFF, fresh=True)
@names_colleagues
def new() -> ResponseReturnValue:
    form = NewStaffForm()
    _offer(form, None)
    if form.validate_on_submit():
        programs = tuple(form.programs.data or ())
        wanted = NewStaff(
            form.email.data or "",
            form.name.data or "",
            form.chosen_roles,
            programs,
            last_day=form.last_day.data,
            kind=form.chosen_kind,
        )
        try:
            return _show_address(add_staff(db.session(), wanted, by=acting().by, now=clock()))
        except EmailTaken:
            form.email.errors = [_("A member of staff has this email address already")]
        except EmailWrong:
            form.email.errors = [_("Enter an email address, such as name@city.example")]
        except StaffNameWrong:
            form.name.errors = [_("Enter a name on one line, of 128 characters at most")]
        except NotAProgramLead:
            form.programs.errors = [_("Tick the role of a program lead, or no program")]
        db.session.rollback()
    return render_template("staff/new.html", form=form)


@bp.route("/<int:staff>", methods=["GET", "POST"])
@staff_may(Permission.MANAGE_STAFF, fresh=True)
@names_colleagues
def person(staff: int) -> ResponseReturnValue:
    on_file = open_details(db.session(), staff)
    form, changes = _form(staff), []
    if not form.is_submitted():
        form.fill(on_file.said)
        form.base_on(on_file.said)
    elif form.validate_on_submit():
        becomes = _details(form, on_file)
        try:
            change_staff(db.session(), staff, form.was, becomes, acting=acting())
            flash(_("It is saved."))
            return redirect(url_for(".staff"), 303)
        except ChangedMeanwhile as changed:
            db.session.rollback()
            changes = take_over(form, becomes.said, changed)
        except LastAdministrator:
            form.form_errors = [_("This is the last administrator who stays. Make somebody else one first.")]
        except StaffNameWrong:
            form.name.errors = [_("Enter a name on one line, of 128 characters at most")]
        except NotAProgramLead:
            form.programs.errors = [_("Tick the role of a program lead, or no program")]
        db.session.rollback()
    return show_person(staff, form=form, changes=changes)


@bp.post("/<int:staff>/suspend")
@staff_may(Permission.MANAGE_STAFF, fresh=True)
@changed
def suspend(staff: int) -> ResponseReturnValue:
    suspend_staff(db.session(), staff, acting=acting())
    return _back(staff, _("They are out, and can no longer sign in."))


@bp.post("/<int:staff>/restore")
@staff_may(Permission.MANAGE_STAFF, fresh=True)
@changed
def restore(staff: int) -> ResponseReturnValue:
    restore_staff(db.session(), staff, acting=acting())
    return _back(staff, _("They may sign in again."))


@bp.post("/<int:staff>/reset")
@staff_may(Permission.MANAGE_STAFF, fresh=True)
@names_colleagues
def reset(staff: int) -> ResponseReturnValue:
    """A new one-time address, which is shown this once."""
    return _show_address(reset_staff(db.session(), staff, acting=acting()))


def show_person(
    staff: int,
    *,
    form: StaffForm | OwnNameForm | None = None,
    posting: PostingForm | None = None,
    changes: object = (),
) -> ResponseReturnValue:
    """A colleague's page, with what was typed in one of its two forms."""
    session, who = db.session(), acting()
    if form is None:
        form, on_file = _form(staff), open_details(session, staff)
        form.process(formdata=None)
        form.fill(on_file.said)
        form.base_on(on_file.said)
    if posting is None:
        posting = PostingForm(prefix="posting", formdata=None)
        offer_posting(posting)
    return render_template(
        "staff/person.html",
        authorizations=list_authorizations(session, staff_id=staff, today=who.today),
        changes=changes,
        form=posting if posting.errors else form,
        own=staff == who.staff_id,
        person=open_colleague(session, staff, now=who.now, today=who.today),
        person_form=form,
        posting=posting,
        **_sayings(),
    )


def offer_posting(form: PostingForm) -> None:
    platforms = platforms_approved(db.session(), clock())
    form.offer([(platform.external_id, platform.name) for platform in platforms], language=chosen_language())


def _form(staff: int) -> StaffForm | OwnNameForm:
    if staff == current_user.id:
        return OwnNameForm()
    form = StaffForm()
    _offer(form, staff)
    return form


def _offer(form: StaffForm, staff: int | None) -> None:
    programs = programs_to_lead(db.session(), staff, acting().today)
    form.offer([(program.external_id, program.name) for program in programs], language=chosen_language())


def _details(form: StaffForm | OwnNameForm, on_file: Details) -> Details:
    name = form.name.data or ""
    if isinstance(form, OwnNameForm):
        return replace(on_file, name=name)
    return Details(name, form.chosen_roles, frozenset(form.programs.data or ()), form.last_day.data, form.chosen_kind)


def _found() -> tuple[StaffFilterForm, list[StaffListed]]:
    find, who = StaffFilterForm(request.args), acting()
    name = (find.q.data or "") if find.validate() else ""
    return find, list_colleagues(db.session(), name=name, now=who.now, today=who.today)


def _roles_form(people: list[StaffListed]) -> RolesForm:
    """Nobody has a line of their own in it."""
    return roles_form((person.id, person.name) for person in people if person.id != current_user.id)()


def _show_matrix(find: StaffFilterForm, people: list[StaffListed], form: RolesForm) -> ResponseReturnValue:
    return render_template("staff/staff.html", find=find, form=form, people=people, **_sayings())


def _save_roles(form: RolesForm) -> Redirect:
    changes = {staff_id: RoleChange(*roles) for staff_id, roles in form.changed.items()}
    change_roles(db.session(), changes, acting=acting())
    flash(_("The roles are saved."))
    return redirect(url_for(".staff", q=request.args.get("q")), 303)


def _show_address(staff: Staff) -> ResponseReturnValue:
    address = first_sign_in_address(staff, base_url=settings().base_url)
    return render_template("staff/address.html", address=address, name=staff.name, staff_id=staff.id)


def _back(staff: int, done: str) -> Redirect:
    flash(done)
    return redirect(url_for(".person", staff=staff), 303)


def _sayings() -> dict[str, object]:
    return {"Role": Role, "StaffState": StaffState, "words": wording}
