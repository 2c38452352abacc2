"""How does a signer get their copy, and check it later? By their own links, or printed once more by the desk."""

from pathlib import Path

from flask import Blueprint, Response, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh

from consent.documents.copies import draw_copy
from consent.domain import copy_check
from consent.domain.copies import SignedCopy
from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.services.copies import UnknownSigning, copy_by_reference, copy_by_token
from consent.services.copies_stored import is_ours, paper_of, status_of
from consent.services.takedowns_told import posts_of_records
from consent.storage.database import db
from consent.storage.looks import patrons_in_signing
from consent.web.access import anybody, staff_may
from consent.web.asking import clock, settings, zone
from consent.web.guessing import count_guess
from consent.web.looking import looked_at, not_looked_at, saw
from consent.wording import STANDINGS
from forms.copies import VerifyForm

bp = Blueprint("copies", __name__)

HOLDERS = "whoever has the link signed it, or was given it by whoever did"


@bp.get("/copy/<token>")
@anybody(HOLDERS)
@looked_at(LookKind.SIGNED_COPY_BY_LINK)
def copy(token: str) -> ResponseReturnValue:
    found = _find(token)
    if found is None:
        return render_template("copies/gone.html"), 404
    return render_template("copies/copy.html", copy=found, pdf=url_for("copies.copy_pdf", token=token))


@bp.get("/copy/<token>/copy.pdf")
@anybody(HOLDERS)
@looked_at(LookKind.SIGNED_COPY_BY_LINK)
def copy_pdf(token: str) -> ResponseReturnValue:
    found = _find(token)
    if found is None:
        return render_template("copies/gone.html"), 404
    return _pdf(found, "attachment")


@bp.get("/desk/signings/<reference>/copy.pdf")
@staff_may(Permission.WITNESS)
@looked_at(LookKind.SIGNED_COPY)
def desk_copy_pdf(reference: str) -> ResponseReturnValue:
    try:
        found = copy_by_reference(db.session(), reference, zone=zone())
    except UnknownSigning:
        abort(404)
    _saw(found)
    return _pdf(found, "inline")


@bp.get("/signed/<token>")
@anybody(HOLDERS)
@not_looked_at("it tells of records by number, and names nobody")
def signed(token: str) -> ResponseReturnValue:
    """What became of what was signed, for as long as the registry keeps it."""
    count_guess()
    found = status_of(db.session(), token, now=clock())
    if found is None:
        return render_template("copies/no_status.html"), 404
    signing, states = found
    posts = posts_of_records(db.session(), signing.id, states, zone=zone(), now=clock())
    return render_template("copies/signed.html", signing=signing, states=states, standings=STANDINGS, posts=posts)


@bp.route("/verify", methods=["GET", "POST"])
@anybody("whoever holds a copy may ask whether it is one; nothing of it is kept, and nothing else is told")
@not_looked_at("it tells only whether a paper is known")
def verify() -> ResponseReturnValue:
    form = VerifyForm()
    matches = is_ours(db.session(), form.copy.data.read()) if form.validate_on_submit() else None
    return render_template("copies/verify.html", form=form, matches=matches)


@bp.get("/verify/verify_copy.py")
@anybody("the program that checks a copy without the registry is the same for everybody")
@not_looked_at("it names nobody")
def program() -> ResponseReturnValue:
    sent = {"Content-Disposition": 'attachment; filename="verify_copy.py"'}
    return Response(Path(copy_check.__file__).read_bytes(), mimetype="text/x-python", headers=sent)


def _find(token: str) -> SignedCopy | None:
    """The page is in the language that was signed in: this device may never have been asked."""
    count_guess()
    found = copy_by_token(db.session(), token, zone=zone(), now=clock())
    if found is not None:
        g.language = found.language
        refresh()
        _saw(found)
    return found


def _saw(found: SignedCopy) -> None:
    saw(patrons_in_signing(db.session(), found.reference), about=found.reference)


def _pdf(found: SignedCopy, disposition: str) -> Response:
    name = f'{disposition}; filename="signed-copy-{found.reference}.pdf"'
    paper = paper_of(db.session(), found, draw_copy, settings=settings(), now=clock())
    return Response(paper, mimetype="application/pdf", headers={"Content-Disposition": name})
