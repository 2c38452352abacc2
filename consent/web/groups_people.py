"""Who comes into a group check, and who leaves it? Scanned, ticked in a program, or found by name."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consent.domain.card_codes import is_code, tidy_code
from consent.domain.groups import AddedBy
from consent.domain.looks import LookKind
from consent.domain.name_order import SortBy, name_order
from consent.domain.permissions import Permission
from consent.services.checks import Ask, record_unknown
from consent.services.groups import open_group, plan_of
from consent.services.groups_people import add_people, mean, put_back, remove_person
from consent.services.lookup_people import may_be_a_name, search
from consent.services.programs import open_program
from consent.storage.database import CHECKS, db
from consent.storage.programs import people_of
from consent.web.access import staff_may
from consent.web.asking import clock, today
from consent.web.groups_page import answered, asking, is_part, page_of
from consent.web.looking import checked, looked_at, saw
from forms.lookup import TYPED_AT_MOST

bp = Blueprint("groups_people", __name__)


@bp.post("/group-check/<int:number>/people")
@staff_may(Permission.LOOK_UP)
@looked_at(LookKind.NAME_SEARCH)
def add(number: int) -> ResponseReturnValue:
    """Cards scanned, people ticked or chosen, each named by code or number; or what somebody typed, as `q`."""
    given = [text.strip()[:TYPED_AT_MOST] for text in request.form.getlist("person")]
    typed = request.form.get("q", "").strip()[:TYPED_AT_MOST]
    if typed and not _is_plain(typed):
        if not is_part():
            return redirect(url_for("groups.group", number=number, q=typed), 303)
        open_group(db.session(), number, asker=asking())
        return page_of(number, found=search(db.session().connection(), typed, asker=asking(), today=today()))
    named = [text for text in [*given, typed] if text]
    added_by = next((way for way in AddedBy if way == request.form.get("by")), AddedBy.SCAN)
    now = clock()
    added = add_people(db.session(), number, named, added_by, asker=asking(), today=today(), now=now)
    plan = plan_of(db.session(), open_group(db.session(), number, asker=asking()))
    ask = Ask(plan.uses, max(now, plan.planned_at or now), plan.platform, plan.channel, plan.program)
    for unknown in added.in_vain:
        record_unknown(db.engines[CHECKS], unknown, ask, asker=asking(), now=now)
    return answered(number, added)


@bp.post("/group-check/<int:number>/remove")
@staff_may(Permission.LOOK_UP)
@checked
def remove(number: int) -> ResponseReturnValue:
    """Whoever is named, or without a name whoever came last."""
    remove_person(db.session(), number, request.form.get("person") or None, asker=asking(), now=clock())
    return answered(number)


@bp.post("/group-check/<int:number>/undo")
@staff_may(Permission.LOOK_UP)
@checked
def undo(number: int) -> ResponseReturnValue:
    put_back(db.session(), number, asker=asking(), now=clock())
    return answered(number)


@bp.get("/group-check/<int:number>/roster")
@staff_may(Permission.LOOK_UP)
@looked_at(LookKind.PROGRAM_PEOPLE)
def roster(number: int) -> ResponseReturnValue:
    """Everybody who takes part in a program, to tick who is in the picture."""
    open_group(db.session(), number, asker=asking())
    program = open_program(db.session(), request.args.get("program", ""), asker=asking())
    rows = people_of(db.session(), program.id)
    people = sorted(rows, key=lambda row: name_order(row.first_name, row.last_name, SortBy.LAST))
    saw((row.external_id for row in people), about=program.external_id)
    return render_template("groups/roster.html", number=number, people=people, program=program)


def _is_plain(typed: str) -> bool:
    """A code or a number that means one person, or nobody, and that nobody could mean as a name."""
    connection = db.session().connection()
    [meant] = mean(db.session(), [typed], asker=asking(), today=today())
    if is_code(tidy_code(typed)):
        # Other systems' numbers, and some names, have 26 letters too.
        return meant.patron_id is not None or not search(connection, typed, asker=asking(), today=today()).people
    return meant.patron_id is not None and not may_be_a_name(connection, typed, meant.patron_id, asker=asking())
