"""How does somebody become a guardian at the desk, and how does a guardianship end?"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_security import current_user

from consent.domain.authority import EndNeeded, EndsBeforeItStarts, LastsTooLong, OrderNotSeen, Overlaps
from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.domain.refusals import EndedAlready, UnknownGuardian
from consent.services.families import patron_named
from consent.services.guardianships import NewGuardian, add_guardianship, end_guardianship, open_guardianship
from consent.storage.database import db
from consent.storage.families import family_guardians
from consent.web.access import current_actor, staff_may
from consent.web.asking import clock, zone
from consent.web.keeping import back_to, on_the_clock, person_named, sayings
from consent.web.language import chosen_language, local_day
from consent.web.looking import looked_at, saw
from forms.guardianships import BY_NUMBER, SOMEBODY_NEW, EndForm, GuardianshipForm

bp = Blueprint("guardianships", __name__)


@bp.route("/patrons/<path:patron>/guardians/add", methods=["GET", "POST"])
@staff_may(Permission.EDIT_GUARDIANSHIPS)
@looked_at(LookKind.GUARDIANSHIP)
def add(patron: str) -> ResponseReturnValue:
    person, form = person_named(patron), _form(patron)
    if form.validate_on_submit():
        try:
            add_guardianship(
                db.session(),
                patron,
                _guardian(form),
                form.authority,
                staff_id=current_user.id,
                by=current_actor(),
                zone=zone(),
                now=clock(),
            )
        except (UnknownGuardian, OrderNotSeen, EndNeeded, LastsTooLong, EndsBeforeItStarts, Overlaps) as refused:
            db.session.rollback()
            _say_why(form, refused)
        else:
            return back_to(patron, _("The guardian is added."))
    return render_template("guardianships/add.html", form=form, person=person, **sayings())


@bp.route("/guardianships/<int:key>/end", methods=["GET", "POST"])
@staff_may(Permission.EDIT_GUARDIANSHIPS)
@looked_at(LookKind.GUARDIANSHIP)
def end(key: int) -> ResponseReturnValue:
    kept, form = open_guardianship(db.session(), key), EndForm()
    saw([kept.patron])
    if form.validate_on_submit():
        until = on_the_clock(form.until.data)
        try:
            end_guardianship(
                db.session(),
                key,
                until=until,
                reason=form.reason.data or "",
                order_seen=form.order_seen.data,
                by=current_actor(),
                now=clock(),
            )
        except EndsBeforeItStarts:
            form.until.errors = [_("Enter a time after the guardianship began")]
        except EndedAlready:
            if until in {None, kept.until}:
                return back_to(kept.patron, _("This guardianship had its end already. Nothing was changed."))
            form.until.errors = [_("Enter a time before its end")]
        else:
            return back_to(kept.patron, _("The guardianship is ended."))
    return render_template("guardianships/end.html", form=form, guardianship=kept, **sayings())


def _form(patron: str) -> GuardianshipForm:
    form, session = GuardianshipForm(), db.session()
    family = family_guardians(session, patron_named(session, patron).id)
    known = [(one.external_id, f"{one.first_name} {one.last_name} ({one.external_id})") for one in family]
    form.offer(known, language=chosen_language())
    if form.since.data is None and not form.is_submitted():
        form.since.data = clock().astimezone(zone()).date()
    return form


def _guardian(form: GuardianshipForm) -> str | NewGuardian:
    if form.who.data == BY_NUMBER:
        return form.number.data or ""
    if form.who.data != SOMEBODY_NEW:
        return str(form.who.data)
    return NewGuardian(
        form.first_name.data or "",
        form.last_name.data or "",
        form.email.data or None,
        form.phone.data or None,
        form.reference.data or "",
    )


def _say_why(form: GuardianshipForm, refused: Exception) -> None:
    """Next to the field that must change."""
    match refused:
        case UnknownGuardian():
            form.number.errors = [_("No guardian has this number. Check it, or choose somebody new")]
        case OrderNotSeen():
            form.order_seen.errors = [_("Tick this once you have seen the paper; without it nobody but a parent signs")]
        case EndNeeded():
            form.until.errors = [_("Enter the last day: a power of attorney always has one")]
        case LastsTooLong(latest=latest):
            form.until.errors = [_("Enter a last day that is not after %(day)s", day=local_day(latest))]
        case EndsBeforeItStarts():
            form.until.errors = [_("Enter a last day that is not before the first")]
        case Overlaps(until=until) if until:
            ended = format_datetime(until)
            form.since.errors = [_("They are a guardian already, until %(until)s. Start after that", until=ended)]
        case Overlaps(since=since):
            began = format_datetime(since)
            form.since.errors = [_("They are a guardian already, since %(since)s. End that first", since=began)]
