"""What is asked about a training that a colleague took?"""

from collections.abc import Iterable
from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from forms.keeping import day, name
from forms.registers import offer_people, person


class TrainingForm(FlaskForm):
    person = person()
    course = name(_("Course"), _("the course"))
    taken_on = day(_("Taken on"), thing=_("the day on which it was taken"))
    valid_until = day(_("Counts until"), description=_("Leave it empty for a year from then. That day is included."))

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        offer_people(self.person, people)

    @property
    def taken(self) -> date:
        return cast(date, self.taken_on.data)
