"""Who signs at the kiosk, and for whom? Whoever cannot sign gets a page that says what to do."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from consent.domain.signing import (
    MOST_PATRONS,
    BirthDateImpossible,
    MinorSignsAlone,
    NameWrong,
    PatronOfAge,
    SameChildTwice,
    TypedPatron,
    check_patron,
    check_signer,
)
from consent.storage.database import db
from consent.web.asking import clock, settings, zone
from consent.web.kiosk_device import PLACE, in_sitting
from consent.web.kiosk_family import Family
from consent.web.kiosk_way import Stop, next_path, path_back
from forms.kiosk import BornForm, ForWhomForm, OneselfForm, SignerForm

bp = Blueprint("kiosk_questions", __name__, url_prefix=PLACE)


@bp.route("/who", methods=["GET", "POST"])
@in_sitting
def who() -> ResponseReturnValue:
    form = ForWhomForm()
    if form.validate_on_submit():
        family: Family = g.family
        if family.whom != form.whom.data:
            family = family.only(whom=form.whom.data)
        return go_on(family, Stop("who"))
    return ask("kiosk/who.html", Stop("who"), form=form)


@bp.route("/signer", methods=["GET", "POST"])
@in_sitting
def signer() -> ResponseReturnValue:
    family: Family = g.family
    if family.whom != "children":
        return redirect(Stop("who").path, 303)
    stop = Stop("signer")
    form = SignerForm(**typed_here(), data=family.typed_signer)
    _ask_for_address_where_mail_is_sent(form)
    if form.is_submitted() and (turned_away := form.turned_away):
        keep(family.saying(signer=form.typed))
        return redirect(url_for("kiosk_questions.cannot_sign", reason=turned_away), 303)
    if form.validate_on_submit():
        family = family.saying(signer=form.typed)
        try:
            check_signer(family.sitting.signer)
        except NameWrong:
            form.say_of_name()
        else:
            return go_on(family, stop)
    return ask("kiosk/signer.html", stop, form=form)


@bp.route("/child/<int:number>", methods=["GET", "POST"])
@in_sitting
def child(number: int) -> ResponseReturnValue:
    """A child's name and birth date; of who signs for themselves, their own."""
    family: Family = g.family
    if not 1 <= number <= min(len(family.patrons) + 1, 1 if family.for_self else MOST_PATRONS):
        abort(404)
    if family.whom is None or not (family.for_self or family.signer):
        return redirect(Stop("who").path, 303)
    known = family.patrons[number - 1] if number <= len(family.patrons) else TypedPatron("", "")
    form = (OneselfForm if family.for_self else BornForm)(**typed_here(), obj=known)
    form.today = clock().astimezone(zone()).date()
    _ask_for_address_where_mail_is_sent(form)
    if form.validate_on_submit():
        typed = replace(known, first_name=form.first_name.data, last_name=form.last_name.data, born=form.born)
        return _keep_child(family, number, typed, form)
    if not form.is_submitted() and not typed_here():
        form.recall(known.born)
    return ask("kiosk/child.html", Stop("child", number), form=form)


def _ask_for_address_where_mail_is_sent(form: FlaskForm) -> None:
    if "email" in form and not settings().mails:
        del form.email


def _keep_child(family: Family, number: int, typed: TypedPatron, form: BornForm) -> ResponseReturnValue:
    family = family.with_patron(number - 1, typed)
    if family.for_self:
        family = family.saying(signer=form.typed_signer)
    try:
        check_patron(family.sitting, number - 1, today=form.today)
    except NameWrong:
        form.say_of_name()
    except BirthDateImpossible:
        form.say_of_impossible_birth_date()
    except SameChildTwice:
        form.say_of_same_child()
    except PatronOfAge:
        keep(family)
        return redirect(Stop("of_age", number).path, 303)
    except MinorSignsAlone:
        keep(family)
        return redirect(Stop("under_age").path, 303)
    else:
        return go_on(family, Stop("child", number))
    return ask("kiosk/child.html", Stop("child", number), form=form)


@bp.route("/another", methods=["GET", "POST"])
@in_sitting
def another() -> ResponseReturnValue:
    family: Family = g.family
    if not family.patrons or family.for_self:
        return redirect(Stop("who").path, 303)
    full = len(family.patrons) >= MOST_PATRONS
    if request.method == "POST":
        wanted = request.form.get("another") == "yes" and not full
        keep(family.saying(no_more=not wanted))
        return redirect((Stop("child", len(family.patrons) + 1) if wanted else Stop("review")).path, 303)
    return ask("kiosk/another.html", Stop("another"), full=full)


@bp.post("/child/<int:number>/leave-out")
@in_sitting
def leave_out(number: int) -> ResponseReturnValue:
    """Named by mistake, or to sign for themselves."""
    family: Family = g.family
    if not 1 <= number <= len(family.patrons):
        abort(404)
    family = family.without_patron(number - 1)
    keep(family)
    return redirect((Stop("review") if family.patrons else Stop("child", 1)).path, 303)


@bp.get("/child/<int:number>/of-age")
@in_sitting
def of_age(number: int) -> ResponseReturnValue:
    family: Family = g.family
    if not 1 <= number <= len(family.patrons):
        abort(404)
    return render_template("kiosk/of_age.html", patron=family.patrons[number - 1], number=number)


@bp.get("/under-18")
@in_sitting
def under_age() -> ResponseReturnValue:
    return render_template("kiosk/under_age.html")


@bp.get("/cannot-sign/<any(relationship,age):reason>")
@in_sitting
def cannot_sign(reason: str) -> ResponseReturnValue:
    return render_template("kiosk/cannot_sign.html", reason=reason)


def ask(template: str, stop: Stop, **shown: object) -> str:
    """The page of this stop, with the way back from it."""
    back = Stop("review").path if to_review() else path_back(g.family, stop)
    return render_template(template, asks=True, back=back, number=stop.number, **shown)


def go_on(family: Family, stop: Stop) -> ResponseReturnValue:
    """Keep what was answered and turn the page; a change leads straight back to the review."""
    keep(family)
    return redirect(Stop("review").path if to_review() else next_path(family, stop), 303)


def keep(family: Family) -> None:
    family.save(db.session(), now=clock())
    g.family = family


def typed_here() -> dict[str, Any]:
    """What a form begins with: what was typed on this very page before its language was changed on it."""
    kept = None if request.method == "POST" else g.family.unsent(request.path)
    return {"formdata": kept} if kept else {}


def to_review() -> bool:
    return request.args.get("to") == "review"
