"""Where must I act today? Tiles with numbers, each a link to whoever is counted; and what a day to come will bring."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import cache
from typing import TypeVar

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_security import current_user
from sqlalchemy.exc import SQLAlchemyError

from consent import wording, wording_dashboard
from consent.domain.dashboard import STANDINGS, Ending, NotThatFar, Outlook, monday
from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.domain.vocabulary import Shown
from consent.services.checks import Door
from consent.services.dashboard import (
    Everybody,
    Week,
    coverage,
    ending_soon,
    last_of_bar,
    read_everybody,
    stale_sheets,
    withdrawals_by_week,
)
from consent.services.dashboard_lists import Forecast, forecast, list_ending, list_standing, list_withdrawals
from consent.services.kiosks import is_quiet, list_kiosks
from consent.services.programs import list_programs
from consent.services.takedowns import how_many_overdue
from consent.services.training import whose_training_lapses
from consent.storage.database import db
from consent.web.access import staff_may
from consent.web.asking import asker, clock, today, zone
from consent.web.dashboard_charts import between, ending_chart, patterns, share, withdrawals_chart
from consent.web.first_steps import Listed, list_steps
from consent.web.looking import checked, looked_at, names_colleagues, saw
from forms.dashboard import ForecastForm

Told = TypeVar("Told")

bp = Blueprint("dashboard", __name__, url_prefix="/dashboard")


@bp.get("")
@staff_may(Permission.SEE_DASHBOARD)
@names_colleagues
def dashboard() -> ResponseReturnValue:
    """A tile that the database does not answer says so, and leaves the others."""
    session, asking, now = db.session(), asker(Door.DASHBOARD), clock()

    @cache
    def everybody() -> Everybody:
        return read_everybody(session, asker=asking, zone=zone(), now=now)

    people = _or_none(everybody)
    kiosks = _or_none(lambda: list_kiosks(session))
    return render_template(
        "dashboard/dashboard.html",
        as_of=now,
        everybody=people,
        steps=_steps(people),
        covered=_or_none(lambda: coverage(everybody())),
        ending=_or_none(lambda: ending_soon(everybody())),
        weeks=_or_none(lambda: withdrawals_by_week(session, asker=asking, zone=zone(), now=now)),
        sheets=_or_none(lambda: stale_sheets(session, everybody())),
        lapsing=_or_none(lambda: whose_training_lapses(session, today=today())),
        kiosks=kiosks,
        overdue=_or_none(lambda: how_many_overdue(session, zone=zone(), now=now)),
        form=_form(),
        quiet=sum(is_quiet(kiosk, now=now) for kiosk in kiosks or ()),
        may=current_user.may,
        patterns=patterns(),
        share=share,
        ending_chart=ending_chart,
        withdrawals_chart=withdrawals_chart,
        between=between,
        Ending=Ending,
        Permission=Permission,
        standings=STANDINGS,
        words=wording_dashboard,
    )


@bp.get("/programs/<path:program>")
@staff_may(Permission.SEE_DASHBOARD)
@checked
def of_program(program: str) -> ResponseReturnValue:
    asked = request.args.get("standing", "")
    stands = Shown(asked) if asked in STANDINGS else Shown.NOT_KNOWN
    told = list_standing(db.session(), program, stands, asker=asker(Door.DASHBOARD), zone=zone(), now=clock())
    return _people(
        told.people,
        title=wording_dashboard.STANDINGS[stands],
        where=told.program_name,
        meaning=wording_dashboard.STANDING_MEANINGS[stands],
    )


@bp.get("/ending")
@staff_may(Permission.SEE_DASHBOARD)
@checked
def ending() -> ResponseReturnValue:
    asked = request.args.get("why", "")
    why, first = Ending(asked) if asked in {*Ending} else Ending.LAPSES, _day("first", today())
    return _people(
        list_ending(db.session(), why, first, asker=asker(Door.DASHBOARD), zone=zone(), now=clock()),
        title=wording_dashboard.ENDINGS[why],
        days=between(first, last_of_bar(first)),
        meaning=wording_dashboard.ENDING_MEANINGS[why],
    )


@bp.get("/withdrawals")
@staff_may(Permission.RECORD_WITHDRAWALS)
@looked_at(LookKind.WITHDRAWALS_OF_WEEK)
def withdrawals() -> ResponseReturnValue:
    week = Week(monday(_day("week", today())), 0)
    listed = list_withdrawals(db.session(), week, asker=asker(Door.DASHBOARD), zone=zone())
    saw((one.patron for one in listed), about=week.first.isoformat())
    return render_template("dashboard/withdrawals.html", listed=listed, week=week)


@bp.get("/rosters")
@staff_may(Permission.SEE_DASHBOARD)
@names_colleagues
def rosters() -> ResponseReturnValue:
    everybody = read_everybody(db.session(), asker=asker(Door.DASHBOARD), zone=zone(), now=clock())
    sheets = stale_sheets(db.session(), everybody)
    return render_template("dashboard/rosters.html", may_open=current_user.may(Permission.PRINT_ROSTERS), sheets=sheets)


@bp.get("/forecast")
@staff_may(Permission.SEE_DASHBOARD)
@checked
def foresee() -> ResponseReturnValue:
    form, told = _form(), None
    if request.args:
        form.process(request.args)
        told = _foreseen(form) if form.validate() else None
    page = render_template(
        "dashboard/forecast.html",
        form=form,
        outlooks=Outlook,
        permissions=current_user.permissions,
        reason_sentence=wording.reason_sentence,
        told=told,
        words=wording_dashboard,
    )
    return page, 422 if form.errors else 200


def _steps(people: Everybody | None) -> Listed:
    """Where there is no program yet there is nothing to count, and the registry may still have to be set up."""
    if people is None or people.programs or not current_user.may(Permission.SET_UP):
        return []
    steps = list_steps()
    return [] if all(done for _step, done in steps) else steps


def _foreseen(form: ForecastForm) -> Forecast | None:
    try:
        return forecast(
            db.session(), form.program.data, form.session_on, asker=asker(Door.DASHBOARD), zone=zone(), now=clock()
        )
    except NotThatFar:
        form.day.errors = [_("Enter a day from today to one year ahead")]
        return None


def _form() -> ForecastForm:
    form = ForecastForm()
    listed = list_programs(db.session(), asker=asker(Door.DASHBOARD))
    form.offer([(one.external_id, one.name) for one in listed if one.ends >= today()])
    return form


def _people(people: object, **told: object) -> str:
    return render_template(
        "dashboard/people.html",
        people=people,
        permissions=current_user.permissions,
        reason_sentence=wording.reason_sentence,
        **{"days": None, "where": None} | told,
    )


def _day(name: str, usual: date) -> date:
    """A day that nobody can read is the usual one: a typing error in an address must not keep a list back."""
    with suppress(ValueError):
        asked = date.fromisoformat(request.args.get(name, ""))
        return asked if abs((asked - usual).days) < FARTHEST.days else usual
    return usual


FARTHEST = timedelta(days=366)


def _or_none(tell: Callable[[], Told]) -> Told | None:
    try:
        return tell()
    except SQLAlchemyError:
        db.session.rollback()
        return None
