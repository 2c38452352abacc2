"""What was reported that should not stand, and is it corrected? Anybody on staff reports; some correct."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from consent.domain.permissions import Permission
from consent.domain.reports import ReportStep
from consent.domain.takedowns import due_on
from consent.services import takedowns
from consent.services.platforms import list_platforms
from consent.services.reports import (
    NewReport,
    Reported,
    assign_report,
    list_closed,
    list_reports,
    make_report,
    open_report,
    take_step,
)
from consent.services.takedowns_closed import who_may_own
from consent.storage.database import db
from consent.web.access import current_actor, staff_may
from consent.web.asking import clock, settings, today, zone
from consent.web.keeping import sayings
from consent.web.looking import changed, names_colleagues
from forms.reports import ReportForm, StepForm
from forms.takedowns import AssignForm

bp = Blueprint("reports", __name__, url_prefix="/reports")


@bp.get("")
@staff_may(Permission.REPORT_POSTS)
@names_colleagues
def reports() -> ResponseReturnValue:
    now = clock()
    listed = list_reports(db.session(), zone=zone(), now=now)
    return render_template(
        "reports/reports.html",
        reports=listed,
        closed=list_closed(db.session(), zone=zone(), now=now),
        overdue=sum(report.overdue for report in listed),
        takedowns=takedowns.how_many_open(db.session()),
        may_read_takedowns=current_user.may(Permission.READ_CLEARANCES),
        **sayings(),
    )


@bp.route("/new", methods=["GET", "POST"])
@staff_may(Permission.REPORT_POSTS)
@names_colleagues
def new() -> ResponseReturnValue:
    form, now = ReportForm(), clock()
    form.offer((platform.external_id, platform.name) for platform in list_platforms(db.session()))
    if form.validate_on_submit():
        told = NewReport(form.reference.data or "", form.platform.data, form.url.data or "", form.wrong.data or "")
        due = due_on(now, settings().takedown_days, zone())
        make_report(db.session(), told, due_on=due, staff_id=current_user.id, by=current_actor(), now=now)
        flash(_("It is reported. Whoever corrects posts sees it now."))
        return redirect(url_for("reports.report", number=told.number), 303)
    return render_template("reports/new.html", form=form)


@bp.get("/<number>")
@staff_may(Permission.REPORT_POSTS)
@names_colleagues
def report(number: str) -> ResponseReturnValue:
    return _page(open_report(db.session(), number, zone=zone(), now=clock()), StepForm())


@bp.post("/<number>/assign")
@staff_may(Permission.CORRECT_POSTS)
@changed
def assign(number: str) -> ResponseReturnValue:
    assign_report(
        db.session(),
        number,
        AssignForm().owner_id,
        assigned_by=current_user.id,
        by=current_actor(),
        today=today(),
        now=clock(),
    )
    return _back(number, _("It is their task now."))


@bp.post("/<number>/<any(corrected,closed):step>")
@staff_may(Permission.CORRECT_POSTS)
@names_colleagues
def take(number: str, step: str) -> ResponseReturnValue:
    found, form, taken = open_report(db.session(), number, zone=zone(), now=clock()), StepForm(), ReportStep(step)
    if not form.validate_on_submit():
        return _page(found, form)
    take_step(
        db.session(), number, taken, form.note.data or "", staff_id=current_user.id, by=current_actor(), now=clock()
    )
    return _back(number, _("It is corrected.") if taken is ReportStep.CORRECTED else _("It is closed."))


def _page(found: Reported, form: StepForm) -> ResponseReturnValue:
    assigning = AssignForm()
    assigning.offer(who_may_own(db.session(), now=clock(), today=today()), found.owner_id)
    return render_template(
        "reports/report.html",
        report=found,
        assigning=assigning,
        form=form,
        may_correct=current_user.may(Permission.CORRECT_POSTS),
        **sayings(),
    )


def _back(number: str, done: str) -> ResponseReturnValue:
    flash(done)
    return redirect(url_for("reports.report", number=number), 303)
