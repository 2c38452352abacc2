"""Which programs can I open, who in them may be photographed today, and is this sheet still true?"""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_security import current_user

from consent import wording
from consent.documents.rosters import draw_roster
from consent.domain.name_order import SortBy
from consent.domain.permissions import Permission
from consent.domain.rosters import ROSTER_USES, Section
from consent.services.checks import Door
from consent.services.programs import list_programs
from consent.services.rosters import call_roster, check_print, print_roster, sheet, stale_prints
from consent.storage.database import db
from consent.web.access import current_actor, staff_may
from consent.web.asking import asker, clock, letterhead, zone
from consent.web.looking import checked, names_nobody

bp = Blueprint("rosters", __name__)


@bp.get("/programs")
@staff_may(Permission.PRINT_ROSTERS)
@names_nobody
def programs() -> ResponseReturnValue:
    listed = list_programs(db.session(), asker=asker(Door.ROSTER))
    return render_template(
        "rosters/programs.html",
        may_edit=current_user.may(Permission.EDIT_PROGRAMS),
        may_enroll=current_user.may(Permission.ENROLL),
        programs=listed,
        today=clock().astimezone(zone()).date(),
    )


@bp.get("/programs/<path:program>/roster")
@staff_may(Permission.PRINT_ROSTERS)
@checked
def roster(program: str) -> ResponseReturnValue:
    called = call_roster(db.session(), program, sort=_sort(), asker=asker(Door.ROSTER), zone=zone(), now=clock())
    return render_template(
        "rosters/roster.html",
        roster=called,
        sections=Section,
        uses=ROSTER_USES,
        sorts=SortBy,
        stale=stale_prints(db.session(), called),
        words=wording,
    )


@bp.get("/programs/<path:program>/roster.pdf")
@staff_may(Permission.PRINT_ROSTERS)
@checked
def roster_pdf(program: str) -> ResponseReturnValue:
    printed = print_roster(
        db.session(),
        program,
        sort=_sort(),
        asker=asker(Door.ROSTER),
        by=current_actor(),
        zone=zone(),
        now=clock(),
    )
    language = str(get_locale())
    paper = sheet(printed, letterhead=letterhead(), printed_by=current_user.name, language=language, zone=zone())
    name = f"roster-{printed.serial}.pdf"
    return Response(
        draw_roster(paper, language),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@bp.get("/R/<serial>")
@staff_may(Permission.LOOK_UP)
@checked
def print_status(serial: str) -> ResponseReturnValue:
    printed = check_print(db.session(), serial.upper(), asker=asker(Door.ROSTER), zone=zone(), now=clock())
    return render_template(
        "rosters/print_status.html", printed=printed, may_open=current_user.may(Permission.PRINT_ROSTERS)
    )


def _sort() -> SortBy:
    """An order that nobody knows is the usual one: a typing error in an address must not keep a sheet back."""
    asked = request.args.get("sort", "")
    return SortBy(asked) if asked in {*SortBy} else SortBy.LAST
