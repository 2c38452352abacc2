"""What does the page of a group check show? The banner, whoever must leave the picture first, then everybody else."""

from datetime import datetime

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from consent import wording
from consent.domain.groups import InVain
from consent.domain.vocabulary import Shown
from consent.services import lookup
from consent.services.checks import Asker, Door
from consent.services.groups import Plan
from consent.services.groups_answer import GroupAnswer, InGroup, ask_group
from consent.services.groups_people import Added
from consent.services.lookup_people import Found
from consent.storage.database import CHECKS, db
from consent.web.asking import asker, clock, today, zone
from consent.web.headers import scans_codes
from consent.web.keeping import on_the_clock
from consent.web.language import chosen_language
from consent.web.looking import saw
from consent.web.lookup import NO_ANSWER, marks, who
from forms.groups import AddForm, HeadcountForm, PlanForm

NOTHING_ADDED = Added()


def asking() -> Asker:
    return asker(Door.GROUP_CHECK)


def page_of(
    number: int,
    *,
    added: Added = NOTHING_ADDED,
    found: Found | None = None,
    plan: PlanForm | None = None,
    headcount: HeadcountForm | None = None,
) -> Response:
    """The whole page, or for a page that is open already the answer alone. A form given is one with errors."""
    wrong = plan or headcount
    try:
        answer = _ask(number)
        plan, headcount = plan or _plan_form(answer.plan), headcount or HeadcountForm(headcount=answer.headcount)
        saw(person.external_id for person in (found.people if found else ()))
        told = {"answer": answer, "plan": plan, "headcount": headcount, "programs": plan.program.choices[1:]}
    except NO_ANSWER:
        db.session.rollback()
        page = render_template(_template(), answer=None, number=number, Shown=Shown, words=wording)
        return make_response(page, 503)
    scans_codes()
    page = render_template(
        _template(), add=AddForm(), added=added, form=wrong or plan, found=found, number=number, **told, **_sayings()
    )
    return make_response(page, 422 if wrong else 200)


def answered(number: int, added: Added = NOTHING_ADDED) -> ResponseReturnValue:
    """After a change: the answer alone for a page that is open, or back to the page, which says what came of it."""
    if is_part():
        return page_of(number, added=added)
    if added.again:
        flash(
            ngettext("%(num)d of them was counted already.", "%(num)d of them were counted already.", len(added.again))
        )
    return redirect(url_for("groups.group", number=number), 303)


def is_part() -> bool:
    return request.headers.get("X-Part") == "group"


def offer(form: PlanForm, plan: Plan | None = None) -> None:
    """What there is to choose from, with what was chosen before."""
    named = {"platform": (plan and plan.platform) or "", "program": (plan and plan.program) or ""}
    connection = db.session().connection()
    offered = lookup.offer(connection, asker=asking(), asked=named, today=today(), now=clock())
    form.offer(platforms=offered.platforms, programs=offered.programs, language=chosen_language())


def plan_meant(form: PlanForm) -> Plan:
    return Plan(
        form.uses_meant,
        form.channel.data,
        form.platform.data or None,
        form.program.data or None,
        on_the_clock(form.planned_at.data),
    )


def _plan_form(plan: Plan) -> PlanForm:
    form = PlanForm(
        formdata=None, data={**{name: getattr(plan, name) or "" for name in ("channel", "platform", "program")}}
    )
    form.uses.data = [use.value for use in plan.uses]
    form.planned_at.data = _by_the_clock(plan.planned_at)
    offer(form, plan)
    return form


def _by_the_clock(instant: datetime | None) -> datetime | None:
    return instant and instant.astimezone(zone()).replace(tzinfo=None)


def _ask(number: int) -> GroupAnswer:
    return ask_group(db.session(), db.engines[CHECKS], number, asker=asking(), zone=zone(), now=clock())


def _template() -> str:
    return "groups/part.html" if is_part() else "groups/group.html"


def _sayings() -> dict[str, object]:
    """What the templates say things with."""
    return {
        "banner": banner,
        "counted": counted,
        "marks": marks,
        "named": named,
        "notes": notes,
        "permissions": current_user.permissions,
        "reason_sentence": wording.reason_sentence,
        "Shown": Shown,
        "who": who,
        "words": wording,
    }


def banner(answer: GroupAnswer) -> str:
    """The one line with the numbers."""
    face = answer.face
    if face.shown is Shown.YES:
        return ngettext("POST: yes, %(num)d person", "POST: yes, all %(num)d", face.total)
    if face.shown is Shown.NO:
        return _("NO: %(refused)d of %(total)d", refused=face.refused, total=face.total)
    if face.shown is Shown.LIMITS:
        return _("LIMITS: %(limited)d of %(total)d", limited=face.limited, total=face.total)
    if face.missing:
        return _("NOT YET: %(missing)d of %(total)d to check", missing=face.missing, total=face.total)
    if face.surplus:
        return _("COUNT AGAIN: %(total)d checked, %(declared)d said", total=face.total, declared=answer.headcount)
    return _("NOT YET: %(total)d checked, of how many?", total=face.total)


def counted(answer: GroupAnswer) -> str:
    """How far one is, to be read out after each scan."""
    people = len(answer.people) + answer.unidentified
    if answer.headcount:
        return _("%(people)d of %(declared)d in the picture.", people=people, declared=answer.headcount)
    return ngettext("%(num)d person in the picture.", "%(num)d people in the picture.", people)


def notes(answer: GroupAnswer, added: Added) -> list[str]:
    """Who was scanned again, which changes nothing."""
    again = [one for one in answer.people if one.named in added.again]
    return [_("%(name)s is counted already.", name=named(one)) for one in again]


def named(one: InGroup) -> str:
    """Whoever it is; what means nobody by what was asked, but for a card's code, which is kept nowhere."""
    if one.person:
        return one.person.name
    said = {
        InVain.NOT_KNOWN: _("Nobody in the registry has this card or number"),
        InVain.CARD_REPLACED: _("This card was replaced by a newer one"),
        InVain.CARD_EXPIRED: _("This card has expired"),
    }
    return said[one.in_vain or InVain.NOT_KNOWN]
