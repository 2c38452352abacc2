"""Is this installation fit to keep records? For administrators, on a page."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from consent.domain.permissions import Permission
from consent.services.doctor import LOOKS, examine
from consent.storage.database import db
from consent.web.access import staff_may
from consent.web.asking import clock, settings
from consent.web.looking import not_looked_at
from consent.wording_doctor import CHECKS, REMEDIES

bp = Blueprint("doctor", __name__)


@bp.get("/health")
@staff_may(Permission.SEE_HEALTH)
@not_looked_at("it tells of the machine, not of people")
def health() -> ResponseReturnValue:
    findings = examine(db.session(), settings(), debug=current_app.debug, now=clock())
    found = {finding.check: finding for finding in findings}
    return render_template("doctor/health.html", checks=list(LOOKS), found=found, expected=CHECKS, remedies=REMEDIES)
