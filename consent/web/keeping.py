"""What do the pages that keep records right share? Whom they are about, the desk's clock, and what was done."""

from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers.response import Response as Redirect

from consent import wording
from consent.domain.vocabulary import Relationship
from consent.services.families import Signer, patron_named
from consent.services.lookup_people import Person, person_of
from consent.storage.database import db
from consent.web.asking import clock, zone
from consent.web.language import say
from consent.web.looking import saw
from consent.web.lookup import who


def person_named(patron: str) -> Person:
    """Whom a page is about. Raises UnknownPatron."""
    session = db.session()
    today = clock().astimezone(zone()).date()
    saw([patron])
    return person_of(session.connection(), patron_named(session, patron).id, today=today)


def on_the_clock(typed: datetime | None) -> datetime | None:
    """What somebody typed, who reads the time from the wall."""
    return None if typed is None else typed.replace(tzinfo=zone()).astimezone(UTC)


def back_to(patron: str, done: str) -> Redirect:
    """To the person's page, which says what was done. The sentence is kept in a cookie, so it names nobody."""
    flash(done)
    return redirect(url_for("patrons.patron", patron=patron), 303)


def signer_label(signer: Signer) -> str:
    """Who they are, and whether their word counts."""
    if signer.name is None:
        return _("The person themself")
    shown = signer.name
    if signer.relationship:
        shown = f"{shown}, {say(wording.RELATIONSHIPS[Relationship(signer.relationship)])}"
    return shown if signer.counts else _("%(signer)s: no longer a guardian, does not count", signer=shown)


def sayings() -> dict[str, Any]:
    """What the templates say things with."""
    return {
        "permissions": current_user.permissions,
        "reason_sentence": wording.reason_sentence,
        "signer_label": signer_label,
        "who": who,
        "words": wording,
    }
