"""What may be done with one person, and within which limits? Nine rows, and what a yes to some of them needs."""

from dataclasses import replace

from flask import Blueprint, g, redirect, request
from flask.typing import ResponseReturnValue

from consent.domain.signing import NEEDS_ACCOUNT, TypedPatron
from consent.domain.vocabulary import Answer, Use
from consent.services.kiosk_choices import Choices, choices
from consent.storage.database import db
from consent.web.asking import clock, zone
from consent.web.kiosk_device import PLACE, in_sitting
from consent.web.kiosk_family import Family
from consent.web.kiosk_questions import ask, go_on, typed_here
from consent.web.kiosk_way import Stop
from forms.kiosk_answers import GROUPS, LimitsForm, accounts_form, answers_form

bp = Blueprint("kiosk_answers", __name__, url_prefix=f"{PLACE}/child/<int:number>")


@bp.route("/answers", methods=["GET", "POST"])
@in_sitting
def answers(number: int) -> ResponseReturnValue:
    """Yes or no to each; all nine at once, or as for the child before, where that is asked for."""
    patron = _patron(number)
    if patron is None:
        return redirect(Stop("who").path, 303)
    family: Family = g.family
    before = family.patrons[number - 2] if number > 1 else None
    if before and request.form.get("same"):
        patron = _as_before(patron, before)
        return _answered(number, patron, "limits" if patron.said(Answer.YES) else "answers")
    form = answers_form(offered().uses, **typed_here())
    filled = request.form.get("fill")
    if filled in set(Answer):
        form.recall(dict.fromkeys(Use, Answer(filled)))
    elif form.validate_on_submit():
        return _answered(number, replace(patron, answers=form.answers))
    elif not form.is_submitted() and not typed_here():
        form.recall(patron.answers)
    shown = {"patron": patron, "before": before, "groups": GROUPS, "filled": filled}
    return ask("kiosk/answers.html", Stop("answers", number), form=form, **shown)


@bp.route("/limits", methods=["GET", "POST"])
@in_sitting
def limits(number: int) -> ResponseReturnValue:
    patron = _patron(number)
    if patron is None:
        return redirect(Stop("who").path, 303)
    form = LimitsForm(**typed_here())
    form.offer(platforms=offered().platforms, programs=offered().programs)
    if form.validate_on_submit():
        return _answered(number, replace(patron, **form.limits), "limits")
    if not form.is_submitted() and not typed_here():
        form.recall({"platforms": patron.platforms, "programs": patron.programs, "channels": patron.channels})
    return ask("kiosk/limits.html", Stop("limits", number), form=form, patron=patron)


@bp.route("/accounts", methods=["GET", "POST"])
@in_sitting
def accounts(number: int) -> ResponseReturnValue:
    """Only a tag, a friend request and a follow need to know the account."""
    patron = _patron(number)
    if patron is None:
        return redirect(Stop("who").path, 303)
    allowed = {
        key: name for key, name in offered().platforms.items() if key in (patron.platforms or offered().platforms)
    }
    form = accounts_form(allowed, patron.accounts, **typed_here())
    if form.validate_on_submit():
        return _answered(number, replace(patron, accounts=form.accounts), "accounts")
    asked_for = [use for use in NEEDS_ACCOUNT if patron.answers.get(use) is Answer.YES]
    return ask("kiosk/accounts.html", Stop("accounts", number), form=form, patron=patron, asked_for=asked_for)


def offered() -> Choices:
    """Looked up once for each page."""
    if "kiosk_choices" not in g:
        g.kiosk_choices = choices(db.session(), now=clock(), zone=zone())
    found: Choices = g.kiosk_choices
    return found


def _patron(number: int) -> TypedPatron | None:
    family: Family = g.family
    return family.patrons[number - 1] if 1 <= number <= len(family.patrons) else None


def _answered(number: int, patron: TypedPatron, page: str = "answers") -> ResponseReturnValue:
    return go_on(g.family.with_patron(number - 1, patron), Stop(page, number))


def _as_before(patron: TypedPatron, before: TypedPatron) -> TypedPatron:
    """Accounts are each child's own."""
    return replace(
        patron,
        answers=before.answers,
        channels=before.channels,
        platforms=before.platforms,
        programs=before.programs,
    )
