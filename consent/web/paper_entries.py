"""How does a pile of signed paper come on record? One page for each form, then a second person's look at the scan."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from consent import wording
from consent.documents.scans import page_picture
from consent.domain.looks import LookKind
from consent.domain.paper_forms import MOST_ON_PAPER
from consent.domain.permissions import Permission
from consent.domain.scans import MOST_BYTES
from consent.services.paper_entries import entered_today, scan_of
from consent.services.witness_queue import Queue, open_queue
from consent.storage.database import db
from consent.storage.looks import patrons_in_signing
from consent.web.access import staff_may
from consent.web.asking import clock, zone
from consent.web.looking import changed, looked_at, saw
from consent.web.paper_entries_form import ForPaper, form_for, save
from consent.web.requests import MEBIBYTE, takes_files_of

LAST_PAGE = 100_000

bp = Blueprint("paper_entries", __name__)


@bp.get("/desk/paper")
@staff_may(Permission.WITNESS)
@looked_at(LookKind.SIGNING_QUEUE)
def queue() -> ResponseReturnValue:
    page = min(request.args.get("page", 1, type=int), LAST_PAGE)
    opened = open_queue(db.session(), page=page, zone=zone(), now=clock(), paper=True)
    _saw(opened)
    return render_template(
        "paper_entries/queue.html",
        queue=opened,
        may_enter=current_user.may(Permission.ENTER_PAPER),
        mine=current_user.id,
    )


@bp.route("/desk/paper/enter", methods=["GET", "POST"])
@staff_may(Permission.ENTER_PAPER)
@changed
@takes_files_of(MOST_BYTES + MEBIBYTE)
def enter() -> ResponseReturnValue:
    paper = form_for(request.form.get("code"))
    if paper is None:
        return render_template("paper_entries/no_form.html")
    form = paper.form
    if "use" not in request.form and form.validate_on_submit() and (reference := save(paper)):
        return redirect(url_for(".enter", saved=reference), 303)
    return _page(paper)


@bp.get("/desk/paper/<paper>/scan.pdf")
@staff_may(Permission.WITNESS)
@looked_at(LookKind.PAPER_SCAN)
def scan_pdf(paper: str) -> ResponseReturnValue:
    name = f'inline; filename="scan-{paper}.pdf"'
    return Response(_scan(paper), mimetype="application/pdf", headers={"Content-Disposition": name})


@bp.get("/desk/paper/<paper>/scan/<int:page>.png")
@staff_may(Permission.WITNESS)
@looked_at(LookKind.PAPER_SCAN)
def scan_page(paper: str, page: int) -> ResponseReturnValue:
    picture = page_picture(_scan(paper), page)
    return Response(picture, mimetype="image/png") if picture else abort(404)


def _page(paper: ForPaper) -> str:
    return render_template(
        "paper_entries/enter.html",
        form=paper.form,
        paper=paper,
        numbers=range(1, MOST_ON_PAPER + 1),
        saved=request.args.get("saved"),
        count=entered_today(db.session(), staff_id=current_user.id, zone=zone(), now=clock()),
        words=wording,
    )


def _scan(reference: str) -> bytes:
    found = scan_of(db.session(), reference)
    if found is None:
        abort(404)
    saw(patrons_in_signing(db.session(), reference), about=reference)
    return found


def _saw(opened: Queue) -> None:
    for reference in [*(row.reference for row in opened.waiting), *(row.reference for row in opened.finished)]:
        saw(about=reference)
