"""Which versions of the policy were there, and from which day on? Each is entered once and never edited."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import lazy_gettext as _
from flask_security import current_user

from consent.domain.permissions import Permission
from consent.domain.registers import EntryState
from consent.services.policy import WantedVersion, publish_version
from consent.services.registers import EntryWrong
from consent.storage.database import db
from consent.storage.models import PolicyVersion
from consent.storage.policy import VersionRow, in_force, versions
from consent.web.access import staff_may
from consent.web.asking import acting, today
from consent.web.looking import names_colleagues
from consent.web.registers import Line, Register, back, show, show_form, told_beside_its_field
from forms.policy import VersionForm

REGISTER = Register(
    "versions",
    _("Versions of the policy"),
    _("From its first day on a version takes the place of the one before, and everybody is asked to acknowledge it."),
    (_("Version"), _("Where it is kept"), _("In force from"), _("Entered by"), _("State")),
    _("No version is entered yet, so nobody can acknowledge it and nothing is cleared for posting."),
    _("Enter a version"),
    _("Enter it"),
)

bp = Blueprint("versions", __name__, url_prefix="/policy/versions")


@bp.get("")
@staff_may(Permission.READ_REGISTERS)
@names_colleagues
def entries() -> ResponseReturnValue:
    current = in_force(db.session(), today())
    lines = [_line(row, current) for row in versions(db.session())]
    return show(REGISTER, lines, may_add=current_user.may(Permission.PUBLISH_POLICY))


@bp.route("/add", methods=["GET", "POST"])
@staff_may(Permission.PUBLISH_POLICY)
@names_colleagues
def add() -> ResponseReturnValue:
    form = VersionForm()
    if form.validate_on_submit():
        wanted = WantedVersion(
            form.number.data or "",
            form.version.data or "",
            form.reference.data or "",
            form.text.data or "",
            form.first_day,
        )
        try:
            publish_version(db.session(), wanted, acting=acting())
            return back(bp, _("The version is entered."))
        except EntryWrong as wrong:
            told_beside_its_field(form, wrong)
    return show_form(REGISTER, form)


def _line(row: VersionRow, current: PolicyVersion | None) -> Line:
    version = row.version
    state = EntryState.AHEAD if version.in_force_from > today() else EntryState.ENDED
    return Line(
        version.id,
        f"{version.number}, {version.version}",
        ((version.reference,), (format_date(version.in_force_from),), (row.giver,)),
        EntryState.IN_FORCE if current is not None and version.id == current.id else state,
    )
