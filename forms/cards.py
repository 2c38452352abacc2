"""What is asked before a sheet of cards is printed?"""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField

from forms.fields import Chosen

CELLS_ON_A_SHEET = 10


class CardSheetForm(FlaskForm):
    """Whose cards, and where a sheet that was begun goes on. The programs to choose from come from the view."""

    program = SelectField(_("Whose cards?"), validators=[Chosen(_("a program"))])
    start = SelectField(
        _("Where on the sheet does it start?"),
        description=_("Count from the top left: 1 is a fresh sheet of Avery 5371, 3 is the second row."),
        choices=[SelectChoice(str(cell), str(cell)) for cell in range(1, CELLS_ON_A_SHEET + 1)],
        default="1",
    )
