"""May this picture go out, with everybody in it? What is planned with it, and how many people it shows."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consent import wording
from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.services.groups import (
    change_plan,
    close_group,
    count_unidentified,
    declare_headcount,
    list_groups,
    start_group,
)
from consent.services.lookup_people import search
from consent.storage.database import db
from consent.web.access import staff_may
from consent.web.asking import clock, today
from consent.web.groups_page import answered, asking, offer, page_of, plan_meant
from consent.web.looking import checked, looked_at, names_nobody
from forms.groups import AddForm, HeadcountForm, PlanForm, StartForm

bp = Blueprint("groups", __name__)


@bp.route("/group-check", methods=["GET", "POST"])
@staff_may(Permission.LOOK_UP)
@names_nobody
def start() -> ResponseReturnValue:
    form = StartForm()
    offer(form)
    if form.validate_on_submit():
        number = start_group(db.session(), plan_meant(form), form.headcount.data, asker=asking(), now=clock())
        return redirect(url_for("groups.group", number=number), 303)
    started = list_groups(db.session(), asker=asking())
    return render_template("groups/start.html", form=form, started=started, words=wording)


@bp.get("/group-check/<int:number>")
@staff_may(Permission.LOOK_UP)
@looked_at(LookKind.NAME_SEARCH)
def group(number: int) -> ResponseReturnValue:
    """Everybody is checked anew, which is on record; what is looked at besides is whom a typed name may mean."""
    form = AddForm(request.args, meta={"csrf": False})
    typed = form.q.data if form.validate() else None
    connection = db.session().connection()
    found = search(connection, typed, asker=asking(), today=today()) if typed else None
    return page_of(number, found=found)


@bp.post("/group-check/<int:number>/plan")
@staff_may(Permission.LOOK_UP)
@checked
def plan(number: int) -> ResponseReturnValue:
    form = PlanForm()
    offer(form)
    if not form.validate():
        return page_of(number, plan=form)
    change_plan(db.session(), number, plan_meant(form), asker=asking(), now=clock())
    return answered(number)


@bp.post("/group-check/<int:number>/headcount")
@staff_may(Permission.LOOK_UP)
@checked
def headcount(number: int) -> ResponseReturnValue:
    form = HeadcountForm()
    if not form.validate():
        return page_of(number, headcount=form)
    declare_headcount(db.session(), number, form.headcount.data, asker=asking(), now=clock())
    return answered(number)


@bp.post("/group-check/<int:number>/unidentified")
@staff_may(Permission.LOOK_UP)
@checked
def unidentified(number: int) -> ResponseReturnValue:
    """One more person in the picture whom nobody knows, or one fewer."""
    fewer = "fewer" in request.form
    count_unidentified(db.session(), number, -1 if fewer else 1, asker=asking(), now=clock())
    return answered(number)


@bp.post("/group-check/<int:number>/close")
@staff_may(Permission.LOOK_UP)
@names_nobody
def close(number: int) -> ResponseReturnValue:
    close_group(db.session(), number, asker=asking(), now=clock())
    return redirect(url_for("groups.start"), 303)
