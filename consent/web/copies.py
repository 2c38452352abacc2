"""How does a signer get their copy? By their own link for 24 hours, or printed once more by the desk."""

from flask import Blueprint, Response, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh

from consent.documents.copies import draw_copy
from consent.domain.copies import SignedCopy
from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.services.copies import UnknownSigning, copy_by_reference, copy_by_token
from consent.storage.database import db
from consent.storage.looks import patrons_in_signing
from consent.web.access import anybody, staff_may
from consent.web.asking import clock, zone
from consent.web.guessing import count_guess
from consent.web.looking import looked_at, saw

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
    return Response(draw_copy(found), mimetype="application/pdf", headers={"Content-Disposition": name})
