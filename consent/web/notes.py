"""Do a program's staff know how to reach each other? Written before it starts; a program without a note is shown."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import lazy_gettext as _
from flask_security import current_user

from consent.domain.permissions import Permission
from consent.services.checks import Door
from consent.services.notes import Note, WantedNote, end_note, give_note, list_notes, without_note
from consent.services.programs import list_programs
from consent.services.registers import EntryWrong
from consent.storage.database import db
from consent.web.access import staff_may
from consent.web.asking import acting, asker, today
from consent.web.language import chosen_language
from consent.web.looking import changed, names_colleagues
from consent.web.registers import OVER, Line, Register, back, show, show_form, told_beside_its_field
from forms.notes import NoteForm

REGISTER = Register(
    "notes",
    _("Notes to staff"),
    _("Before a program starts, its staff are told how they reach each other and the office while they work."),
    (_("Program"), _("Note"), _("Given on"), _("Written by"), _("State")),
    _("No program has a note yet."),
    _("Give a note"),
    _("Give it"),
)

bp = Blueprint("notes", __name__, url_prefix="/policy/notes")


@bp.get("")
@staff_may(Permission.READ_REGISTERS)
@names_colleagues
def entries() -> ResponseReturnValue:
    writes = current_user.may(Permission.WRITE_NOTES)
    mine = {program.external_id for program in list_programs(db.session(), asker=asker(Door.ROSTER))} if writes else ()
    lines = [_line(note, endable=note.program in mine) for note in list_notes(db.session())]
    missing = [
        _("%(program)s, from %(day)s: no note yet", program=name, day=format_date(starts))
        for name, starts in without_note(db.session(), today=today())
    ]
    return show(REGISTER, lines, may_add=writes, missing=missing)


@bp.route("/add", methods=["GET", "POST"])
@staff_may(Permission.WRITE_NOTES)
@names_colleagues
def add() -> ResponseReturnValue:
    form, listed = NoteForm(), list_programs(db.session(), asker=asker(Door.ROSTER))
    form.offer([(program.external_id, program.name) for program in listed if program.ends >= today()])
    if form.validate_on_submit():
        wanted = WantedNote(form.program.data, form.text_en.data or "", form.text_es.data or "", form.given)
        try:
            give_note(db.session(), wanted, asker=asker(Door.ROSTER), acting=acting())
            return back(bp, _("The note is given."))
        except EntryWrong as wrong:
            told_beside_its_field(form, wrong)
    return show_form(REGISTER, form)


@bp.post("/<int:key>/end")
@staff_may(Permission.WRITE_NOTES)
@changed
def end(key: int) -> ResponseReturnValue:
    end_note(db.session(), key, asker=asker(Door.ROSTER), acting=acting())
    return back(bp, _("The note is ended."))


def _line(note: Note, *, endable: bool) -> Line:
    return Line(
        note.key,
        note.program_name,
        (
            (note.text_es if chosen_language() == "es" else note.text_en,),
            (format_date(note.given_on),),
            (note.written_by,),
        ),
        note.state,
        endable=endable and note.state not in OVER,
    )
