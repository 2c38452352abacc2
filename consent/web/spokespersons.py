"""Who speaks for the city, and until when? A director names them, never themself."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import lazy_gettext as _
from flask_security import current_user

from consent.domain.permissions import Permission
from consent.services.registers import EntryWrong
from consent.services.spokespersons import Named, end_spokesperson, list_spokespersons, name_spokesperson
from consent.storage.database import db
from consent.storage.staff import colleagues
from consent.web.access import staff_may
from consent.web.asking import acting, today
from consent.web.looking import changed, names_colleagues
from consent.web.registers import OVER, Line, Register, back, show, show_form, told_beside_its_field
from forms.spokespersons import SpokespersonForm

REGISTER = Register(
    "spokespersons",
    _("Spokespersons"),
    _("Only whom a director names speaks for the city. Everybody else says that it is their own opinion."),
    (_("Who"), _("From"), _("Last day"), _("Named by"), _("State")),
    _("Nobody speaks for the city at present."),
    _("Name a spokesperson"),
    _("Name them"),
)

bp = Blueprint("spokespersons", __name__, url_prefix="/policy/spokespersons")


@bp.get("")
@staff_may(Permission.READ_REGISTERS)
@names_colleagues
def entries() -> ResponseReturnValue:
    names = current_user.may(Permission.NAME_SPOKESPERSONS)
    lines = [_line(named, endable=names) for named in list_spokespersons(db.session(), today=today())]
    return show(REGISTER, lines, may_add=names)


@bp.route("/add", methods=["GET", "POST"])
@staff_may(Permission.NAME_SPOKESPERSONS)
@names_colleagues
def add() -> ResponseReturnValue:
    form = SpokespersonForm()
    form.offer(colleagues(db.session(), today()))
    if form.validate_on_submit():
        try:
            name_spokesperson(db.session(), form.person.data, *form.days, acting=acting())
            return back(bp, _("They speak for the city from that day on."))
        except EntryWrong as wrong:
            told_beside_its_field(form, wrong)
    return show_form(REGISTER, form)


@bp.post("/<int:key>/end")
@staff_may(Permission.NAME_SPOKESPERSONS)
@changed
def end(key: int) -> ResponseReturnValue:
    end_spokesperson(db.session(), key, acting=acting())
    return back(bp, _("They no longer speak for the city."))


def _line(named: Named, *, endable: bool) -> Line:
    return Line(
        named.key,
        named.person,
        ((format_date(named.starts),), (format_date(named.last_day),), (named.named_by,)),
        named.state,
        endable=endable and named.state not in OVER,
    )
