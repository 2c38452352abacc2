"""Are the records what was sealed? For records officers and administrators, on a page."""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from flask import Blueprint, Response, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from consent.domain.checkpoints import Given
from consent.domain.permissions import Permission
from consent.domain.verification import AT_LEAST_EVERY
from consent.services.checkpoints import head
from consent.services.verification_kept import (
    LastVerified,
    last_verified,
    verify_and_record,
    verify_and_record_in_steps,
)
from consent.storage.database import db
from consent.web.access import current_actor, staff_may
from consent.web.asking import clock
from consent.web.looking import not_looked_at
from forms.verification import VerificationForm

bp = Blueprint("verification", __name__)

LINES: Final = "application/x-ndjson"


class Badge(StrEnum):
    BROKEN = "broken"
    TOO_OLD = "too-old"
    VERIFIED = "verified"


@bp.route("/ledger", methods=["GET", "POST"])
@staff_may(Permission.VERIFY_RECORDS)
@not_looked_at("it names records by their numbers; each verification is in the ledger")
def ledger() -> ResponseReturnValue:
    form = VerificationForm()
    if form.validate_on_submit():
        if request.accept_mimetypes.best == LINES:
            return Response(stream_with_context(_progress(form.given())), mimetype=LINES)
        verify_and_record(db.session(), form.given(), by=current_actor(), now=clock())
        return redirect(url_for("verification.ledger"), 303)
    last, stands = last_verified(db.session()), head(db.session())
    return render_template("verification/ledger.html", form=form, last=last, stands=stands, badge=badge_of(last))


def badge_of(last: LastVerified | None) -> Badge:
    """How a page's badge stands out, beside its words."""
    if last and last.mismatches:
        return Badge.BROKEN
    return Badge.VERIFIED if last and clock() - last.at <= AT_LEAST_EVERY else Badge.TOO_OLD


def _progress(given: Given | None) -> Iterator[str]:
    """How far it is, a line at a time, for a page that shows it."""
    session = db.session()
    stands = head(session)
    for entries in verify_and_record_in_steps(session, given, by=current_actor(), now=clock()):
        yield json.dumps({"entries": entries, "of": stands.size if stands else 0}) + "\n"
