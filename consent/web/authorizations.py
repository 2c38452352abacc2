"""Who may post from the department's accounts? Administrators ask on a colleague's page; directors decide on theirs."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers.response import Response as Redirect

from consent import wording
from consent.domain.authorizations import AuthorizationState
from consent.domain.permissions import Permission
from consent.domain.refusals import UnknownPlatform
from consent.services.authorizations import (
    AccountWrong,
    AuthorizationOver,
    Wanted,
    approve_posting,
    list_authorizations,
    refuse_posting,
    request_posting,
    revoke_posting,
)
from consent.storage.database import db
from consent.web.access import staff_may
from consent.web.asking import acting
from consent.web.looking import changed, names_colleagues
from consent.web.staff import offer_posting, show_person
from forms.staff import PostingForm

bp = Blueprint("authorizations", __name__)


@bp.get("/authorizations")
@staff_may(Permission.APPROVE_POSTING)
@names_colleagues
def authorizations() -> ResponseReturnValue:
    who = acting()
    return render_template(
        "authorizations/authorizations.html",
        me=who.staff_id,
        requests=list_authorizations(db.session(), today=who.today),
        State=AuthorizationState,
        words=wording,
    )


@bp.post("/authorizations/<int:key>/approve")
@staff_may(Permission.APPROVE_POSTING, fresh=True)
@changed
def approve(key: int) -> ResponseReturnValue:
    approve_posting(db.session(), key, acting=acting())
    return _back(_("They may post there from now on."))


@bp.post("/authorizations/<int:key>/refuse")
@staff_may(Permission.APPROVE_POSTING, fresh=True)
@changed
def refuse(key: int) -> ResponseReturnValue:
    refuse_posting(db.session(), key, acting=acting())
    return _back(_("It is refused."))


@bp.post("/authorizations/<int:key>/revoke")
@staff_may(Permission.APPROVE_POSTING, fresh=True)
@changed
def revoke(key: int) -> ResponseReturnValue:
    revoke_posting(db.session(), key, permission=Permission.APPROVE_POSTING, acting=acting())
    return _back(_("They may no longer post there."))


@bp.post("/staff/<int:staff>/authorizations")
@staff_may(Permission.MANAGE_STAFF, fresh=True)
@changed
def ask(staff: int) -> ResponseReturnValue:
    form = PostingForm(prefix="posting")
    offer_posting(form)
    if form.validate_on_submit():
        wanted = Wanted(form.platform.data, form.account.data or "", form.level, form.until)
        try:
            request_posting(db.session(), staff, wanted, acting=acting())
            flash(_("A director decides on it."))
            return redirect(url_for("staff.person", staff=staff), 303)
        except UnknownPlatform:
            form.platform.errors = [_("Choose a platform that is approved")]
        except AccountWrong:
            form.account.errors = [_("Enter the account on one line, in 128 characters at most")]
        except AuthorizationOver:
            form.last_day.errors = [_("Enter a day that is not over")]
        db.session.rollback()
    return show_person(staff, posting=form)


@bp.post("/staff/authorizations/<int:key>/revoke")
@staff_may(Permission.MANAGE_STAFF, fresh=True)
@changed
def revoke_of_colleague(key: int) -> ResponseReturnValue:
    staff = revoke_posting(db.session(), key, permission=Permission.MANAGE_STAFF, acting=acting())
    flash(_("They may no longer post there."))
    return redirect(url_for("staff.person", staff=staff), 303)


def _back(done: str) -> Redirect:
    flash(done)
    return redirect(url_for(".authorizations"), 303)
