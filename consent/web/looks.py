"""Who looked at what, and when? The record of looking, a page or a file of it; reading it is a look too."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consent.domain.looks import LookKind
from consent.domain.majority import midnight
from consent.domain.permissions import Permission
from consent.domain.refusals import UnknownPatron
from consent.services.checkpoints import head
from consent.services.looks_timeline import (
    Filter,
    Place,
    Source,
    about_patron,
    list_actors,
    read_all,
    read_place,
    read_timeline,
    seen_together,
    write_place,
)
from consent.services.verification_kept import last_verified
from consent.storage.database import db
from consent.web.access import staff_may
from consent.web.asking import clock, zone
from consent.web.csv_cells import inert
from consent.web.looking import looked_at, saw
from consent.web.looks_words import called, done, names_of, what_to_choose, who_to_choose
from consent.web.verification import badge_of
from forms.looks import LooksForm

bp = Blueprint("looks", __name__, url_prefix="/looks")

EVERYBODY = "everybody"


@bp.get("")
@staff_may(Permission.READ_LOOKS)
@looked_at(LookKind.LOOKS)
def looks() -> ResponseReturnValue:
    form, asked = _ask()
    if asked is None:
        return render_template("looks/looks.html", form=form, timeline=None), 422
    newer, older = request.args.get("newer", ""), request.args.get("older", "")
    timeline = read_timeline(db.session(), asked, place=read_place(newer or older), newer=bool(newer))
    _saw(asked)
    return render_template(
        "looks/looks.html",
        called=_caller(),
        done=done,
        form=form,
        page=lambda **place: _page(form, **place),
        people=lambda entry: url_for(".together", source=entry.source.value, key=entry.place.key),
        timeline=timeline,
        last=(last := last_verified(db.session())),
        badge=badge_of(last),
    )


@bp.get("/file.csv")
@staff_may(Permission.READ_LOOKS, fresh=True)
@looked_at(LookKind.LOOKS_FILE)
def file_csv() -> ResponseReturnValue:
    """Everything that the page's filter lets through, each person on a line of their own."""
    _form, asked = _ask()
    if asked is None:
        abort(422)
    _saw(asked)
    now = clock().astimezone(zone())
    lines = _lines(asked, _caller())
    name = f'attachment; filename="record-of-looking-{now:%Y-%m-%d-%H%M}.csv"'
    return Response(stream_with_context(lines), mimetype="text/csv", headers={"Content-Disposition": name})


@bp.get("/<int:source>/<int:key>")
@staff_may(Permission.READ_LOOKS)
@looked_at(LookKind.LOOKS)
def together(source: int, key: int) -> ResponseReturnValue:
    """Everybody who was seen or changed at once."""
    if source not in {*Source}:
        abort(404)
    people = seen_together(db.session(), Source(source), key)
    saw(external_id for external_id, _name in people)
    return render_template("looks/together.html", people=people)


def _ask() -> tuple[LooksForm, Filter | None]:
    """What is asked for; None where it cannot be, and the form says why."""
    form = LooksForm(request.args)
    form.offer(who=who_to_choose(list_actors(db.session())), what=what_to_choose())
    if not form.validate():
        return form, None
    source, _colon, kind = (form.what.data or "").partition(":")
    until = form.until.data and form.until.data + timedelta(days=1)
    asked = Filter(
        patron=form.patron.data or "",
        actor=form.who.data or "",
        source=Source(int(source)) if source else None,
        kind=kind,
        since=midnight(form.since.data, zone()) if form.since.data else None,
        before=midnight(until, zone()) if until else None,
    )
    try:
        return form, about_patron(db.session(), asked)
    except UnknownPatron:
        form.patron.errors = [_("Nobody has this number. Check it, or leave it empty")]
        return form, None


def _saw(asked: Filter) -> None:
    saw([asked.patron] if asked.patron else (), about="" if asked.patron else asked.actor or EVERYBODY)


def _caller() -> Callable[[str], str]:
    names = names_of(list_actors(db.session()))
    return lambda actor: called(actor, names)


def _page(form: LooksForm, **place: Place) -> str:
    asked: dict[str, Any] = form.asked | {way: write_place(there) for way, there in place.items()}
    return url_for(".looks", **asked)


def _lines(asked: Filter, called: Callable[[str], str]) -> Iterator[str]:
    """The view's own session is closed by the time that these are drawn."""
    heading = (_("Time in UTC"), _("Time"), _("Who"), _("What"), _("Number"), _("Name"), _("About"))
    yield _line(heading)
    for entry in read_all(db.session(), asked):
        at, local = entry.place.at, entry.place.at.astimezone(zone())
        times = f"{at:%Y-%m-%d %H:%M:%S}", f"{local:%Y-%m-%d %H:%M:%S}"
        yield _line((*times, called(entry.actor), done(entry), entry.patron or "", entry.name or "", entry.about or ""))
    if stands := head(db.session()):
        yield _line(("", "", "", _("Checkpoint of the registry's ledger"), "", "", stands.short))


def _line(cells: tuple[str, ...]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([inert(cell) for cell in cells])
    return written.getvalue()
