"""Who may use a camera or a recorder, where and when? A supervisor lets somebody else."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_security import current_user

from consent.domain.permissions import Permission
from consent.services.checks import Door
from consent.services.programs import list_programs
from consent.services.recordings import (
    Recording,
    WantedRecording,
    authorize_recording,
    end_recording,
    list_recordings,
)
from consent.services.registers import EntryWrong
from consent.storage.database import db
from consent.storage.staff import colleagues
from consent.web.access import staff_may
from consent.web.asking import acting, asker, clock, today
from consent.web.keeping import on_the_clock
from consent.web.language import chosen_language, local_time, say
from consent.web.looking import changed, names_colleagues
from consent.web.registers import OVER, Line, Register, back, show, show_form, told_beside_its_field
from consent.wording_gate import MEDIA
from forms.recordings import RecordingForm

REGISTER = Register(
    "recordings",
    _("Recording"),
    _(
        "During work nobody uses a camera or a recorder unless a supervisor lets them: with this device, in this "
        "program, for this time and this kind of recording. Nobody lets themself."
    ),
    (_("Who"), _("Device"), _("Program"), _("What"), _("From"), _("Until"), _("Supervisor"), _("State")),
    _("Nobody may record anything at present."),
    _("Authorize a recording"),
    _("Authorize it"),
)

bp = Blueprint("recordings", __name__, url_prefix="/policy/recordings")


@bp.get("")
@staff_may(Permission.READ_REGISTERS)
@names_colleagues
def entries() -> ResponseReturnValue:
    lets = current_user.may(Permission.AUTHORIZE_RECORDING)
    mine = {program.external_id for program in list_programs(db.session(), asker=asker(Door.ROSTER))} if lets else ()
    found = list_recordings(db.session(), now=clock())
    return show(REGISTER, [_line(one, endable=one.program in mine) for one in found], may_add=lets)


@bp.route("/add", methods=["GET", "POST"])
@staff_may(Permission.AUTHORIZE_RECORDING)
@names_colleagues
def add() -> ResponseReturnValue:
    form = _form()
    starts, ends = on_the_clock(form.starts_at.data), on_the_clock(form.ends_at.data)
    if form.validate_on_submit() and starts and ends:
        wanted = WantedRecording(
            form.person.data, form.device.data or "", form.program.data, form.chosen_media, starts, ends
        )
        try:
            authorize_recording(db.session(), wanted, asker=asker(Door.ROSTER), acting=acting())
            return back(bp, _("They may record within that time."))
        except EntryWrong as wrong:
            told_beside_its_field(form, wrong)
    return show_form(REGISTER, form)


@bp.post("/<int:key>/end")
@staff_may(Permission.AUTHORIZE_RECORDING)
@changed
def end(key: int) -> ResponseReturnValue:
    end_recording(db.session(), key, asker=asker(Door.ROSTER), acting=acting())
    return back(bp, _("They may no longer record there."))


def _form() -> RecordingForm:
    form, session = RecordingForm(), db.session()
    listed = list_programs(session, asker=asker(Door.ROSTER))
    programs = [(program.external_id, program.name) for program in listed if program.ends >= today()]
    form.offer(colleagues(session, today()), programs, language=chosen_language())
    return form


def _line(recording: Recording, *, endable: bool) -> Line:
    return Line(
        recording.key,
        recording.person,
        (
            (recording.device,),
            (recording.program_name,),
            tuple(say(said) for media, said in MEDIA.items() if media in recording.media),
            (local_time(recording.starts_at),),
            (local_time(recording.ends_at),),
            (recording.supervisor,),
        ),
        recording.state,
        endable=endable and recording.state not in OVER,
    )
