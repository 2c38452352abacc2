"""Of which program, and of which day, shall the registry say what will be true then?"""

from collections.abc import Sequence
from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _
from wtforms import Form, SelectField

from forms.fields import Chosen
from forms.keeping import day


class ForecastForm(Form):
    """A question in an address, which changes nothing."""

    program = SelectField(_("Program"), validators=[Chosen(_("a program"))])
    day = day(
        _("Day of the session"), thing=_("the day of the session"), description=_("From today to one year ahead.")
    )

    @property
    def session_on(self) -> date:
        return cast(date, self.day.data)

    def offer(self, programs: Sequence[tuple[str, str]]) -> None:
        self.program.choices = [("", _("Choose a program")), *programs]
