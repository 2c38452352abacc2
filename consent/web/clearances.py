"""May this be posted, and where does it stand? From a draft to what was cleared, refused and posted."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from consent.documents.certificates import draw_certificate
from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.domain.refusals import InTheFuture, SentBefore
from consent.services.clearances import list_clearances, open_clearance
from consent.services.clearances_certificates import certify
from consent.services.clearances_decided import decide_clearance
from consent.services.clearances_kept import start_clearance
from consent.services.clearances_weighed import Ticked
from consent.services.posts import NoLongerClear, NotOnPlatform, Posted, log_post
from consent.storage.database import db
from consent.web.access import current_actor, staff_may
from consent.web.asking import clock, letterhead, zone
from consent.web.clearances_page import asking, new_form, page_of, people_given, told_of
from consent.web.keeping import on_the_clock, sayings
from consent.web.looking import looked_at, names_nobody, saw
from forms.clearances import DecisionForm, PostForm

bp = Blueprint("clearances", __name__)


@bp.get("/clearances")
@staff_may(Permission.READ_CLEARANCES)
@names_nobody
def clearances() -> ResponseReturnValue:
    return render_template("clearances/clearances.html", clearances=list_clearances(db.session()), **sayings())


@bp.route("/clearances/new", methods=["GET", "POST"])
@staff_may(Permission.CLEAR_POSTS)
@looked_at(LookKind.CLEARANCE)
def new() -> ResponseReturnValue:
    given = people_given(request.args)
    form = new_form(given)
    if form.validate_on_submit():
        try:
            told = told_of(form, given)
            start_clearance(db.session(), told, asker=asking(), by=current_actor(), now=clock())
            return redirect(url_for("clearances.clearance", number=told.number), 303)
        except SentBefore:
            form.reference.renew()
            form.form_errors = [_("This form was saved before, with other answers. Send it again to save this too.")]
    saw(person.external_id for person in given.people)
    return render_template("clearances/new.html", form=form, given=given, **sayings())


@bp.get("/P/<number>")
@bp.get("/clearances/<number>")
@staff_may(Permission.READ_CLEARANCES)
@looked_at(LookKind.CLEARANCE)
def clearance(number: str) -> ResponseReturnValue:
    """The code on a certificate leads to the short address."""
    return page_of(number.upper())


@bp.get("/clearances/<number>/certificate.pdf")
@staff_may(Permission.READ_CLEARANCES)
@looked_at(LookKind.CLEARANCE_CERTIFICATE)
def certificate(number: str) -> ResponseReturnValue:
    kept = open_clearance(db.session(), number, asker=asking(), zone=zone(), now=clock())
    certified = certify(db.session(), kept, letterhead=letterhead(), zone=zone())
    saw((person.external_id for person in kept.people), about=kept.number)
    return Response(
        draw_certificate(certified, str(get_locale())),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="clearance-{kept.number}.pdf"'},
    )


@bp.post("/clearances/<number>/clear")
@staff_may(Permission.CLEAR_POSTS)
@looked_at(LookKind.CLEARANCE)
def clear(number: str) -> ResponseReturnValue:
    """Enter in a box sends the form without its button: then the page is shown again, with its ticks."""
    form = DecisionForm()
    if "clear" not in request.form:
        return page_of(number, deciding=form)
    ticked = Ticked(form.items_meant, form.limits_meant)
    decide_clearance(db.session(), number, ticked, asker=asking(), by=current_actor(), zone=zone(), now=clock())
    return redirect(url_for("clearances.clearance", number=number, decided=1), 303)


@bp.post("/clearances/<number>/post")
@staff_may(Permission.CLEAR_POSTS)
@looked_at(LookKind.CLEARANCE)
def post(number: str) -> ResponseReturnValue:
    form = PostForm()
    if form.validate():
        posted = Posted(form.url.data or "", on_the_clock(form.posted_at.data), form.already.data)
        try:
            log_post(db.session(), number, posted, asker=asking(), by=current_actor(), zone=zone(), now=clock())
            return redirect(url_for("clearances.clearance", number=number, decided=1), 303)
        except NotOnPlatform:
            form.url.errors = [_("Enter an https address on the platform that was cleared")]
        except InTheFuture:
            form.posted_at.errors = [_("Enter a time that is not in the future")]
        except NoLongerClear:
            form.already.errors = [_("Do not post it: something changed. If it is out already, tick this")]
    return page_of(number, posting=form)
