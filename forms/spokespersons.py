"""What is asked about whoever speaks for the city?"""

from collections.abc import Iterable
from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from forms.keeping import day
from forms.registers import offer_people, person


class SpokespersonForm(FlaskForm):
    person = person()
    starts = day(_("First day"), thing=_("the first day"))
    last_day = day(_("Last day"), thing=_("the last day"), description=_("It ends by itself at the midnight after it."))

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        offer_people(self.person, people)

    @property
    def days(self) -> tuple[date, date]:
        return cast(date, self.starts.data), cast(date, self.last_day.data)
