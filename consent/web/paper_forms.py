"""Which form can a family take on paper? Every version that was ever published, blank and ready to print."""

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from consent.documents.paper_forms import draw_paper_form
from consent.domain.paper_forms import FormCode, FormState
from consent.domain.permissions import Permission
from consent.domain.vocabulary import Language
from consent.services.paper_forms import UnknownForm, blank_form, forms_on_paper
from consent.storage.database import db
from consent.web.access import staff_may
from consent.web.asking import clock, department, zone
from consent.web.language import chosen_language
from consent.web.looking import names_nobody

MOST_VERSIONS = 2**63 - 1
bp = Blueprint("paper_forms", __name__, url_prefix="/desk/paper/forms")


@bp.get("")
@staff_may(Permission.WITNESS)
@names_nobody
def forms() -> ResponseReturnValue:
    listed = forms_on_paper(db.session(), language=chosen_language(), zone=zone(), now=clock())
    return render_template("paper_forms/forms.html", forms=listed, states=FormState, languages=Language)


@bp.get("/<path:form>/<int:version>/<language>.pdf")
@staff_may(Permission.WITNESS)
@names_nobody
def blank(form: str, version: int, language: str) -> ResponseReturnValue:
    if version > MOST_VERSIONS or language not in set(Language):
        abort(404)
    code = FormCode(form, version, Language(language))
    try:
        drawn = blank_form(db.session(), code, department=department(), zone=zone(), now=clock())
    except UnknownForm:
        abort(404)
    name = f'inline; filename="form-{version}-{language}.pdf"'
    return Response(draw_paper_form(drawn), mimetype="application/pdf", headers={"Content-Disposition": name})
