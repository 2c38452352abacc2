"""What is asked about a program, and about who takes part?"""

from collections.abc import Sequence
from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Form, HiddenField, SearchField, SelectChoice, SelectField

from consent.domain.exchange.lines import ProgramLine
from forms.corrections import BasedOnForm, Said, put_day
from forms.fields import AtMost, Chosen, trimmed
from forms.keeping import FormReference, day, name
from forms.withdrawals import Ticks


class ProgramForm(BasedOnForm):
    """A program's name, days and leads; its number is made once and never changes."""

    reference = FormReference()
    name = name(_("Name"), _("the name of the program"))
    starts = day(_("First day"), thing=_("the first day"))
    ends = day(_("Last day"), thing=_("the last day"))
    leads = Ticks(_("Who leads it?"), coerce=int, description=_("They see its people, and nobody else."))

    def offer(self, leads: Sequence[tuple[int, str]]) -> None:
        self.leads.choices = [SelectChoice(key, shown) for key, shown in leads]

    def fill(self, said: Said) -> None:
        self.name.data = said["name"]
        put_day(self.starts, said["starts"])
        put_day(self.ends, said["ends"])

    def line(self, external_id: str) -> ProgramLine:
        return ProgramLine(external_id, self.name.data, cast(date, self.starts.data), cast(date, self.ends.data))


class FindForm(Form):
    """Whom to enroll: a question in an address, which changes nothing."""

    q = SearchField(
        _("Name of the person"), filters=[trimmed], validators=[AtMost(300)], render_kw={"autocomplete": "off"}
    )


class EnrollForm(FlaskForm):
    """A person and a program; the one that the page is about comes from its address."""

    patron = HiddenField(validators=[AtMost(64)])
    program = SelectField(_("Program"), validators=[Chosen(_("a program"))], validate_choice=False)

    def offer(self, programs: Sequence[tuple[str, str]]) -> None:
        self.program.choices = [SelectChoice("", _("Choose a program")), *(SelectChoice(*each) for each in programs)]
