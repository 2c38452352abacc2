"""On which platforms may the department post at all, and since when?"""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consent.domain.permissions import Permission
from consent.services.platforms import (
    PlatformNameWrong,
    PlatformThere,
    add_platform,
    close_platform,
    list_platforms,
    open_platform,
)
from consent.storage.database import db
from consent.web.access import current_actor, staff_may
from consent.web.asking import clock, today, zone
from consent.web.looking import names_nobody
from forms.platforms import CloseForm, PlatformForm

SUGGESTED = ("Facebook", "Instagram", "X", "YouTube")

bp = Blueprint("platforms", __name__, url_prefix="/platforms")


@bp.route("", methods=["GET", "POST"])
@staff_may(Permission.MANAGE_PLATFORMS)
@names_nobody
def platforms() -> ResponseReturnValue:
    form = PlatformForm()
    if form.validate_on_submit():
        name, approved_on = form.name.data or "", form.approved_day
        try:
            add_platform(db.session(), name, approved_on, zone=zone(), by=current_actor(), now=clock())
            flash(_("The platform is added."))
            return redirect(url_for(".platforms"), 303)
        except PlatformThere:
            form.name.errors = [_("This platform is there already, and not closed")]
        except PlatformNameWrong:
            form.name.errors = [_("Enter a name on one line, of 128 characters at most")]
        db.session.rollback()
    elif not form.is_submitted():
        form.approved_on.data = today()
    listed = list_platforms(db.session())
    return render_template("platforms/platforms.html", form=form, platforms=listed, suggested=SUGGESTED)


@bp.route("/<path:platform>/close", methods=["GET", "POST"])
@staff_may(Permission.MANAGE_PLATFORMS)
@names_nobody
def close(platform: str) -> ResponseReturnValue:
    """Asked once more, since a platform that is closed is never opened again."""
    form = CloseForm()
    if form.validate_on_submit():
        close_platform(db.session(), platform, by=current_actor(), now=clock())
        flash(_("The platform is closed."))
        return redirect(url_for(".platforms"), 303)
    return render_template("platforms/close.html", form=form, platform=open_platform(db.session(), platform))
