"""What must come down, and what became of it? The list, one task, and the form that closes it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.domain.refusals import InTheFuture
from consent.domain.takedowns import TakedownOutcome
from consent.services import reports
from consent.services.takedowns import (
    Task,
    how_many_open,
    how_many_overdue,
    list_closed,
    list_open,
    next_after,
    open_task,
)
from consent.services.takedowns_closed import (
    Closing,
    GoneBeforePosted,
    StaffNotAsked,
    assign_task,
    close_task,
    who_may_own,
)
from consent.storage.database import db
from consent.web.access import current_actor, staff_may
from consent.web.asking import clock, today, zone
from consent.web.keeping import on_the_clock, sayings
from consent.web.language import chosen_language
from consent.web.looking import changed, looked_at, saw
from forms.takedowns import AssignForm, ClosingForm

bp = Blueprint("takedowns", __name__, url_prefix="/takedowns")


@bp.get("")
@staff_may(Permission.READ_CLEARANCES)
@looked_at(LookKind.TAKEDOWNS)
def tasks() -> ResponseReturnValue:
    """After one was closed, the focus is on the one that comes next. `overdue` asks for those alone, if any are."""
    given = {"permissions": current_user.permissions, "zone": zone(), "now": clock()}
    listed, closed = list_open(db.session(), **given), list_closed(db.session(), **given)
    if request.args.get("overdue") and (late := [task for task in listed if task.overdue]):
        listed, closed = late, []
    saw(task.patron for task in (*listed, *closed))
    return render_template(
        "takedowns/tasks.html",
        tasks=listed,
        closed=closed,
        left=how_many_open(db.session()),
        overdue=how_many_overdue(db.session(), zone=zone(), now=clock()),
        reported=reports.how_many_open(db.session()),
        focused=_focused(listed),
        **sayings(),
    )


@bp.get("/<int:key>")
@staff_may(Permission.READ_CLEARANCES)
@looked_at(LookKind.TAKEDOWNS)
def task(key: int) -> ResponseReturnValue:
    found = _task(key)
    return _page(found, _closing_form(found), _assign_form(found))


@bp.post("/<int:key>/close")
@staff_may(Permission.CORRECT_POSTS)
@looked_at(LookKind.TAKEDOWNS)
def close(key: int) -> ResponseReturnValue:
    found = _task(key)
    form = _closing_form(found)
    if form.validate_on_submit():
        after = next_after(db.session(), key)
        try:
            _close(key, form)
            return _back(after)
        except StaffNotAsked:
            form.reposts_asked.errors = [_("Ask staff to remove what they reposted of it, and tick this")]
        except InTheFuture:
            form.gone_at.errors = [_("Enter a time that is not in the future")]
        except GoneBeforePosted:
            form.gone_at.errors = [_("Enter a time after it was posted")]
    return _page(found, form, _assign_form(found))


@bp.post("/<int:key>/assign")
@staff_may(Permission.CORRECT_POSTS)
@changed
def assign(key: int) -> ResponseReturnValue:
    """Of those who can be chosen there is always one."""
    assign_task(
        db.session(),
        key,
        AssignForm().owner_id,
        assigned_by=current_user.id,
        by=current_actor(),
        today=today(),
        now=clock(),
    )
    flash(_("It is their task now."))
    return redirect(url_for("takedowns.task", key=key), 303)


def _task(key: int) -> Task:
    found = open_task(db.session(), key, permissions=current_user.permissions, zone=zone(), now=clock())
    saw([found.patron])
    return found


def _page(found: Task, form: ClosingForm, assigning: AssignForm) -> ResponseReturnValue:
    return render_template(
        "takedowns/task.html",
        task=found,
        form=form,
        assigning=assigning,
        may_correct=current_user.may(Permission.CORRECT_POSTS),
        **sayings(),
    )


def _closing_form(found: Task) -> ClosingForm:
    form = ClosingForm()
    outcomes = [TakedownOutcome.GONE, TakedownOutcome.CANNOT]
    form.offer(outcomes + [TakedownOutcome.KEPT] * found.allowed_again, chosen_language())
    return form


def _assign_form(found: Task) -> AssignForm:
    form = AssignForm()
    form.offer(who_may_own(db.session(), now=clock(), today=today()), found.owner_id)
    return form


def _close(key: int, form: ClosingForm) -> None:
    outcome, now = TakedownOutcome(form.outcome.data), clock()
    gone = outcome is TakedownOutcome.GONE
    closing = Closing(
        outcome,
        gone_at=(on_the_clock(form.gone_at.data) or now) if gone else None,
        reposts_asked=gone and bool(form.reposts_asked.data),
        note=form.note.data or "",
    )
    close_task(db.session(), key, closing, staff_id=current_user.id, by=current_actor(), zone=zone(), now=now)


def _back(after: int) -> ResponseReturnValue:
    if left := how_many_open(db.session()):
        said = ngettext(
            "It is closed. %(num)d is left to take down.", "It is closed. %(num)d are left to take down.", left
        )
    else:
        said = _("It is closed. Nothing is left to take down.")
    flash(said)
    return redirect(url_for("takedowns.tasks", next=after), 303)


def _focused(listed: list[Task]) -> int | None:
    """Whichever comes next; where that is gone too, the first."""
    wanted = request.args.get("next", type=int)
    if wanted is None or not listed:
        return None
    return wanted if wanted in {task.key for task in listed} else listed[0].key
