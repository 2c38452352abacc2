"""Who is trained, and whose training lapses soon? Administrators enter it, never about themselves."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import lazy_gettext as _
from flask_security import current_user

from consent.domain.permissions import Permission
from consent.services.registers import EntryWrong
from consent.services.training import Trained, add_training, list_trainings, take_training_back, whose_training_lapses
from consent.storage.database import db
from consent.storage.staff import colleagues
from consent.web.access import staff_may
from consent.web.asking import acting, today
from consent.web.looking import changed, names_colleagues
from consent.web.registers import OVER, Line, Register, back, show, show_form, told_beside_its_field
from forms.training import TrainingForm

REGISTER = Register(
    "training",
    _("Training"),
    _("Nobody posts for the department before they took part in its training, or after it has lapsed."),
    (_("Who"), _("Course"), _("Taken on"), _("Counts until"), _("Entered by"), _("State")),
    _("Nobody is trained at present, so nobody may post."),
    _("Enter a training"),
    _("Enter it"),
    end=_("Take back"),
)

bp = Blueprint("training", __name__, url_prefix="/policy/training")


@bp.get("")
@staff_may(Permission.SEE_STAFF_REGISTERS)
@names_colleagues
def entries() -> ResponseReturnValue:
    """All; or of those whose training lapses, the one of each that counts longest."""
    keeps = current_user.may(Permission.KEEP_TRAINING)
    listed = whose_training_lapses if request.args.get("lapsing") else list_trainings
    lines = [_line(trained, endable=keeps) for trained in listed(db.session(), today=today())]
    return show(REGISTER, lines, may_add=keeps)


@bp.route("/add", methods=["GET", "POST"])
@staff_may(Permission.KEEP_TRAINING)
@names_colleagues
def add() -> ResponseReturnValue:
    form = TrainingForm()
    form.offer(colleagues(db.session(), today()))
    if form.validate_on_submit():
        course, until = form.course.data or "", form.valid_until.data
        try:
            add_training(db.session(), form.person.data, course, form.taken, until, acting=acting())
            return back(bp, _("It is entered."))
        except EntryWrong as wrong:
            told_beside_its_field(form, wrong)
    return show_form(REGISTER, form)


@bp.post("/<int:key>/end")
@staff_may(Permission.KEEP_TRAINING)
@changed
def end(key: int) -> ResponseReturnValue:
    take_training_back(db.session(), key, acting=acting())
    return back(bp, _("It counts no more."))


def _line(trained: Trained, *, endable: bool) -> Line:
    return Line(
        trained.key,
        trained.person,
        (
            (trained.course,),
            (format_date(trained.taken_on),),
            (format_date(trained.valid_until),),
            (trained.entered_by,),
        ),
        trained.state,
        endable=endable and trained.state not in OVER,
    )
