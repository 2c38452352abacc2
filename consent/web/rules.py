"""Which rules hold on a platform, in a program or at a place? Administrators and leads ask, directors decide."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import lazy_gettext as _
from flask_security import current_user

from consent.domain.permissions import Permission
from consent.domain.registers import EntryState
from consent.services.checks import Door
from consent.services.programs import list_programs
from consent.services.registers import EntryWrong
from consent.services.rules import (
    Rule,
    WantedRule,
    answers_touched,
    ask_for_rule,
    decide_on_rule,
    end_rule,
    list_rules,
)
from consent.storage.database import db
from consent.storage.signings import platforms_approved
from consent.web.access import staff_may
from consent.web.asking import acting, asker, clock, today
from consent.web.language import chosen_language, say
from consent.web.looking import changed, names_colleagues
from consent.web.registers import Line, Register, back, show, show_form, told_beside_its_field
from consent.wording import USES
from forms.rules import RuleForm

REGISTER = Register(
    "rules",
    _("Rules"),
    _(
        "What a platform or a work area does not allow, beside what families have signed. It holds once a director has "
        "approved it who did not ask for it, and is shown wherever somebody looks a person up or prints a roster."
    ),
    (_("Where"), _("Rule"), _("Forbids"), _("Days"), _("Asked by"), _("State")),
    _("No rule is in force."),
    _("Ask for a rule"),
    _("Ask a director"),
    decided=True,
)
STANDS = frozenset({EntryState.AHEAD, EntryState.IN_FORCE})

bp = Blueprint("rules", __name__, url_prefix="/policy/rules")


@bp.get("")
@staff_may(Permission.READ_REGISTERS)
@names_colleagues
def entries() -> ResponseReturnValue:
    lines = [_line(rule) for rule in list_rules(db.session(), today=today())]
    return show(REGISTER, lines, may_add=current_user.may(Permission.ASK_FOR_RULES))


@bp.route("/add", methods=["GET", "POST"])
@staff_may(Permission.ASK_FOR_RULES)
@names_colleagues
def add() -> ResponseReturnValue:
    """Before it is asked for, whoever asks is told how many signed answers it touches."""
    form, session, touched = _form(), db.session(), 0
    if form.validate_on_submit():
        wanted, who = _wanted(form), asker(Door.ROSTER)
        try:
            touched = answers_touched(session, wanted, asker=who, now=clock())
            if not touched or form.anyway.data:
                ask_for_rule(session, wanted, asker=who, acting=acting())
                return back(bp, _("A director decides on it."))
            form.anyway.errors = [_("Tick this to ask for it all the same")]
        except EntryWrong as wrong:
            told_beside_its_field(form, wrong)
    if not touched:
        del form.anyway
    return show_form(REGISTER, form, touched=touched)


@bp.post("/<int:key>/approve")
@staff_may(Permission.APPROVE_RULES, fresh=True)
@changed
def approve(key: int) -> ResponseReturnValue:
    decide_on_rule(db.session(), key, approved=True, acting=acting())
    return back(bp, _("It is approved."))


@bp.post("/<int:key>/refuse")
@staff_may(Permission.APPROVE_RULES, fresh=True)
@changed
def refuse(key: int) -> ResponseReturnValue:
    decide_on_rule(db.session(), key, approved=False, acting=acting())
    return back(bp, _("It is refused."))


@bp.post("/<int:key>/end")
@staff_may(Permission.APPROVE_RULES, fresh=True)
@changed
def end(key: int) -> ResponseReturnValue:
    end_rule(db.session(), key, acting=acting())
    return back(bp, _("The rule holds no more."))


def _form() -> RuleForm:
    form, session = RuleForm(), db.session()
    platforms = [(platform.external_id, platform.name) for platform in platforms_approved(session, clock())]
    listed = list_programs(session, asker=asker(Door.ROSTER))
    programs = [(program.external_id, program.name) for program in listed if program.ends >= today()]
    form.offer(platforms, programs, language=chosen_language())
    return form


def _wanted(form: RuleForm) -> WantedRule:
    return WantedRule(
        form.text_en.data or "",
        form.text_es.data or "",
        form.first_day,
        form.last_day.data,
        platform=form.platform.data or "",
        program=form.program.data or "",
        place=form.place.data or "",
        forbids=form.chosen_uses,
        minors_only=bool(form.minors_only.data),
    )


def _line(rule: Rule) -> Line:
    decides = current_user.may(Permission.APPROVE_RULES)
    own = rule.asker_id == current_user.id
    forbids = tuple(say(said) for use, said in USES.items() if use in rule.forbids)
    return Line(
        rule.key,
        rule.where,
        (
            (rule.text(chosen_language()),),
            (*forbids, _("Only with minors")) if rule.minors_only and forbids else forbids,
            (format_date(rule.starts), format_date(rule.last_day) if rule.last_day else _("until it is ended")),
            (rule.asked_by,),
        ),
        rule.state,
        told=_("Another director decides: you asked for it.") if decides and own else "",
        decidable=decides and not own,
        endable=decides and rule.state in STANDS,
    )
