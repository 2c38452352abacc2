"""May we show, tag or message this person, now? A scanned card, a typed name or a number; one clear verdict."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user
from sqlalchemy.exc import SQLAlchemyError

from consent import wording
from consent.domain.card_codes import code_sha256, is_code, tidy_code
from consent.domain.look_alikes import doubts
from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.domain.refusals import RegistryBusy, UnknownPatron
from consent.domain.vocabulary import Language, Shown, Use
from consent.services import lookup
from consent.services.checks import Ask, Door, record_unknown
from consent.services.lookup import CardExpired, CardNotRecognized, CardReplaced, LookedUp
from consent.services.lookup_people import Found, Person, may_be_a_name, search
from consent.services.rules import Rule, rules_here
from consent.storage.columns import EXTERNAL_ID_LENGTH
from consent.storage.database import CHECKS, db
from consent.web.access import anybody, staff_may
from consent.web.asking import asker, clock, settings, zone
from consent.web.guessing import count_guess
from consent.web.headers import scans_codes
from consent.web.language import chosen_language, local_day
from consent.web.looking import checked, looked_at, saw
from forms.lookup import REMEMBERED, LookUpForm

bp = Blueprint("lookup", __name__)
# Known to every template: a component imported without its page's context is compiled into one module, once.
bp.record_once(lambda setup: setup.app.jinja_env.globals.update(words=wording))

SUGGESTED_MOST = 8
NO_ANSWER = (SQLAlchemyError, RegistryBusy)
IN_VAIN = (CardExpired, CardNotRecognized, CardReplaced, UnknownPatron)


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands below the question: a verdict, people to choose from, or why there is neither."""

    looked: LookedUp | None = None
    rules: tuple[Rule, ...] = ()
    found: Found | None = None
    unknown: str | None = None
    dead_card: str | None = None
    cannot_check: bool = False


NOTHING_ASKED = Answer()


@bp.get("/look-up")
@staff_may(Permission.LOOK_UP)
@looked_at(LookKind.NAME_SEARCH)
def look_up() -> ResponseReturnValue:
    return _answered(_form(), _asked)


@bp.get("/look-up/people")
@staff_may(Permission.LOOK_UP)
@looked_at(LookKind.NAME_SEARCH)
def people() -> ResponseReturnValue:
    """Who may be meant, while a name is being typed."""
    typed = request.args.get("q", "").strip()[:300]
    found = search(db.session().connection(), typed, asker=asker(Door.LOOK_UP), today=_today(), at_most=SUGGESTED_MOST)
    saw(person.external_id for person in found.people)
    listed = [{"id": person.external_id, "name": person.name, "told": told(person)} for person in found.people]
    return jsonify(people=listed, more=found.more)


@bp.get("/C/<code>")
@bp.get("/c/<code>")
@anybody("a found card tells a stranger nothing, and staff the verdict")
@checked
def card(code: str) -> ResponseReturnValue:
    if not current_user.is_authenticated or not current_user.may(Permission.LOOK_UP):
        if "staff" in request.args:
            return redirect(url_for("sign_in.sign_in", next=request.path), 303)
        count_guess()
        return render_template("lookup/card.html", languages=Language, say_in=wording.say)
    return _answered(_form(), lambda form: _card(form, code))


def told(person: Person) -> str:
    """What tells namesakes apart, in one line: never a birth date."""
    return " · ".join([who(person), *marks(person)])


def who(person: Person) -> str:
    return " · ".join([age(person), *person.programs])


def age(person: Person) -> str:
    if person.age is not None:
        return ngettext("%(num)d year old", "%(num)d years old", person.age)
    return _("Adult, age not known") if person.adult else _("Age not known")


def marks(person: Person) -> list[str]:
    said = []
    if person.card_issued_at:
        said.append(_("Card out since %(day)s", day=local_day(person.card_issued_at)))
    if person.same_name:
        said.append(_("Another person has the same name"))
    if person.same_birth_date:
        said.append(_("Another person has the same last name and birth date"))
    said += [_(wording.DOUBTS[doubt]) for doubt in doubts(person.name)]
    return said


def _form() -> LookUpForm:
    form = LookUpForm(request.args)
    connection = db.session().connection()
    offered = lookup.offer(connection, asker=asker(Door.LOOK_UP), asked=request.args, today=_today(), now=clock())
    form.offer(platforms=offered.platforms, programs=offered.programs, language=chosen_language())
    form.recall(request.args, dict(parse_qsl(request.cookies.get(_cookie_name(), ""))))
    return form


def _answered(form: LookUpForm, asked: Callable[[LookUpForm], Answer]) -> Response:
    if not form.validate():
        return _page(form, NOTHING_ASKED, 422)
    try:
        return _page(form, asked(form))
    except IN_VAIN as refusal:
        return _page(form, _answer_in_vain(refusal))
    except NO_ANSWER:
        db.session.rollback()
        return _page(form, Answer(cannot_check=True), 503)


def _answer_in_vain(refusal: Exception) -> Answer:
    if isinstance(refusal, CardReplaced):
        return Answer(dead_card="replaced")
    if isinstance(refusal, CardExpired):
        return Answer(dead_card="expired")
    if isinstance(refusal, CardNotRecognized):
        return Answer(unknown=_("No card has this number."))
    return Answer(unknown=_("Nobody who is open to you has this number."))


def _asked(form: LookUpForm) -> Answer:
    typed = form.q.data or ""
    if not typed:
        return _numbered(form, form.patron.data) if form.patron.data else NOTHING_ASKED
    form.patron.data = ""  # whoever was asked about before must not be asked about again
    if not is_code(tidy_code(typed)):
        return _named(form, typed)
    try:
        return _card(form, typed)
    except CardNotRecognized:
        # Other systems' numbers, and some names, have 26 letters too.
        named = _named(form, typed)
        if named.found and not named.found.people:
            raise
        return named


def _card(form: LookUpForm, typed: str) -> Answer:
    code = tidy_code(typed)
    with _kept_in_vain(form, code_sha256(code) if is_code(code) else "", Door.CARD):
        patron_id = lookup.find_card(db.session().connection(), code, asker=asker(Door.CARD), today=_today())
    return _verdict(form, patron_id, Door.CARD)


def _numbered(form: LookUpForm, external_id: str) -> Answer:
    with _kept_in_vain(form, external_id, Door.LOOK_UP):
        patron_id = lookup.find_patron(db.session().connection(), external_id, asker=asker(Door.LOOK_UP))
    return _verdict(form, patron_id, Door.LOOK_UP)


@contextmanager
def _kept_in_vain(form: LookUpForm, asked_as: str, door: Door) -> Iterator[None]:
    """Whoever asks about somebody they do not get leaves a trace as well."""
    try:
        yield
    except IN_VAIN:
        now = clock()
        record_unknown(db.engines[CHECKS], asked_as[:EXTERNAL_ID_LENGTH], _ask(form, now), asker=asker(door), now=now)
        raise


def _named(form: LookUpForm, typed: str) -> Answer:
    """A number leads straight to its person, unless it could be another's name. A name never does."""
    connection, who = db.session().connection(), asker(Door.LOOK_UP)
    try:
        patron_id = lookup.find_patron(connection, typed, asker=who)
    except UnknownPatron:
        return Answer(found=search(connection, typed, asker=who, today=_today()))
    if may_be_a_name(connection, typed, patron_id, asker=who):
        found = search(connection, typed, asker=who, today=_today())
        return Answer(found=lookup.add_by_number(connection, found, patron_id, asker=who, today=_today()))
    return _verdict(form, patron_id, Door.LOOK_UP)


def _verdict(form: LookUpForm, patron_id: int, door: Door) -> Answer:
    now = clock()
    looked = lookup.look_up(
        db.session().connection(),
        db.engines[CHECKS],
        patron_id,
        _ask(form, now),
        asker=asker(door),
        zone=zone(),
        now=now,
    )
    form.patron.data, form.q.data = looked.person.external_id, ""
    platform, program = form.platform.data or None, form.program.data or None
    return Answer(looked, tuple(rules_here(db.session(), platform=platform, program=program, today=_today())))


def _ask(form: LookUpForm, now: datetime) -> Ask:
    first = Use(form.use.data)
    uses = [first, *(use for use in Use if use is not first)]
    return Ask(tuple(uses), now, form.platform.data or None, form.channel.data, form.program.data or None)


def _page(form: LookUpForm, answer: Answer, status: int = 200) -> Response:
    """The whole page, or for a page that is open already the answer alone."""
    saw(person.external_id for person in (answer.found.people if answer.found else ()))
    scans_codes()
    template = "lookup/part.html" if request.headers.get("X-Part") == "answer" else "lookup/look_up.html"
    page = make_response(render_template(template, form=form, answer=answer, **_sayings(form)), status)
    choices = urlencode(form.choices_made)
    if any(name in request.args for name in REMEMBERED) and choices != request.cookies.get(_cookie_name()):
        page.set_cookie(_cookie_name(), choices, secure=settings().secure, httponly=True, samesite="Lax")
    return page


def _sayings(form: LookUpForm) -> dict[str, Any]:
    """What the templates of a look-up say things with."""
    return {
        "chosen": lambda field: dict(field.choices)[field.data],
        "marks": marks,
        "may_open_record": current_user.may(Permission.SEE_PATRON_RECORD),
        "permissions": current_user.permissions,
        "platforms": dict(form.platform.choices),
        "reason_sentence": wording.reason_sentence,
        "Shown": Shown,
        "who": who,
    }


def _cookie_name() -> str:
    return "__Host-look-up" if settings().secure else "look-up"


def _today() -> date:
    return clock().astimezone(zone()).date()
