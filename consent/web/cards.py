"""How does the desk print consent cards? One for a patron, or a sheet for a program or a selection."""

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from consent.documents.cards import CELLS, draw_card, draw_sheet
from consent.domain.cards import Card
from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.services.cards import issue_cards, people_for_cards, people_of_program
from consent.services.checks import Door
from consent.services.programs import list_programs
from consent.storage.database import db
from consent.web.access import current_actor, staff_may
from consent.web.asking import asker, clock, letterhead, zone
from consent.web.looking import changed, looked_at, saw
from forms.cards import CardSheetForm

bp = Blueprint("cards", __name__)


@bp.get("/cards")
@staff_may(Permission.PRINT_CARDS)
@looked_at(LookKind.CARD_LIST)
def choose() -> ResponseReturnValue:
    """With a `program`, its people to choose from."""
    form, program = _form(), request.args.get("program", "")
    people = people_of_program(db.session(), program, asker=asker(Door.CARD)) if program else ()
    form.program.data = program
    saw(external_id for external_id, _name in people)
    return render_template("cards/choose.html", form=form, people=people)


@bp.route("/cards/sheet.pdf", methods=["GET", "POST"])
@staff_may(Permission.PRINT_CARDS)
@changed
def sheet_pdf() -> ResponseReturnValue:
    """A program's cards (`program`) or those of some people (`patron`, repeated), from cell `start` on."""
    _refuse_guesses_of_a_browser()
    start, chosen = _start_cell(), request.values.getlist("patron")
    if not chosen and not request.values.get("program"):
        form = _form()
        form.program.errors = [_("Choose a program")]
        return render_template("cards/choose.html", form=form, people=()), 422
    people = chosen or people_for_cards(db.session(), request.values["program"], asker=asker(Door.CARD))
    return _pdf(draw_sheet(_issue(people), start_cell=start))


@bp.route("/patrons/<path:patron>/card.pdf", methods=["GET", "POST"])
@staff_may(Permission.PRINT_CARDS)
@changed
def card_pdf(patron: str) -> ResponseReturnValue:
    _refuse_guesses_of_a_browser()
    [card] = _issue([patron])
    return _pdf(draw_card(card))


def _issue(people: list[str]) -> list[Card]:
    return issue_cards(
        db.session(),
        people,
        letterhead=letterhead(),
        asker=asker(Door.CARD),
        by=current_actor(),
        zone=zone(),
        now=clock(),
    )


def _form() -> CardSheetForm:
    form = CardSheetForm()
    listed = list_programs(db.session(), asker=asker(Door.CARD))
    form.program.choices = [
        SelectChoice("", _("Choose a program")),
        *(SelectChoice(program.external_id, program.name) for program in listed if program.enrolled),
    ]
    return form


def _start_cell() -> int:
    cells = {str(cell): cell for cell in range(1, CELLS + 1)}
    return cells.get(request.values.get("start", "1")) or abort(422)


def _refuse_guesses_of_a_browser() -> None:
    """A new card ends the old one, so nothing but a person's own step may ask for it: no prefetch, no other site."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    if "prefetch" in purpose or request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)
    if request.method == "HEAD":
        abort(405)


def _pdf(drawn: bytes) -> Response:
    return Response(
        drawn, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="consent-card.pdf"'}
    )
