"""What is asked about a note to a program's staff?"""

from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from forms.keeping import day
from forms.registers import Choices, offer_programs, program, text

NOTE_AT_MOST = 4000


class NoteForm(FlaskForm):
    """In both languages: who works in a program reads one or the other."""

    program = program()
    text_en = text(_("The note in English"), _("the note in English"), at_most=NOTE_AT_MOST)
    text_es = text(_("The note in Spanish"), _("the note in Spanish"), at_most=NOTE_AT_MOST)
    given_on = day(_("Given on"), thing=_("the day on which it was given"))

    def offer(self, programs: Choices) -> None:
        offer_programs(self.program, programs)

    @property
    def given(self) -> date:
        return cast(date, self.given_on.data)
