"""What is asked about a version of the policy, and of whoever acknowledges it?"""

from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, TextAreaField

from forms.fields import AtMost, Chosen, trimmed
from forms.keeping import day, name
from forms.registers import text

REFERENCE_AT_MOST = 1000
POLICY_AT_MOST = 100_000


class VersionForm(FlaskForm):
    """A version that is entered is never edited."""

    number = name(_("Number of the policy"), _("the number of the policy"))
    version = name(_("Version"), _("the version"))
    reference = text(
        _("Where is it kept?"),
        _("where it is kept"),
        at_most=REFERENCE_AT_MOST,
        description=_("Such as: City Clerk, policy records, section 6."),
    )
    text = TextAreaField(
        _("The words of the policy"),
        description=_("Whoever acknowledges it reads them here. Leave it empty if they read it elsewhere."),
        filters=[trimmed],
        validators=[AtMost(POLICY_AT_MOST)],
    )
    in_force_from = day(_("In force from"), thing=_("the day from which it is in force"))

    @property
    def first_day(self) -> date:
        return cast(date, self.in_force_from.data)


class AcknowledgementForm(FlaskForm):
    """A typed name, and a tick that nobody has set for them."""

    read = BooleanField(
        _("I have been given this version of the policy, I have read it, and I know that I have to keep to it."),
        validators=[Chosen(_("this, if it is so"))],
    )
    signed_as = name(_("Your name, as your signature"), _("your name"))
