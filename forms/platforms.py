"""What is asked about a platform on which the department may post?"""

from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from forms.keeping import day, name


class PlatformForm(FlaskForm):
    name = name(_("Name of the platform"), _("the name of the platform"))
    approved_on = day(
        _("Approved from"),
        thing=_("the day from which it is approved"),
        description=_("The day of the department's decision. Who signed before that day has said nothing about it."),
    )

    @property
    def approved_day(self) -> date:
        return cast(date, self.approved_on.data)


class CloseForm(FlaskForm):
    """Nothing is asked; whoever sends it means it."""
