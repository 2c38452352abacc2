"""What is a kiosk called, and under which decision of the city are signatures on a screen taken?"""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField

from forms.fields import AtMost, Required, trimmed

NAME_AT_MOST = 128
REFERENCE_AT_MOST = 200


class KioskForm(FlaskForm):
    """A device, named for the place where it stands."""

    name = StringField(
        _("Name of the kiosk"),
        description=_("Where it stands, such as: Front desk, left."),
        filters=[trimmed],
        validators=[Required(_("a name")), AtMost(NAME_AT_MOST)],
        render_kw={"autocomplete": "off"},
    )


class PolicyForm(FlaskForm):
    """Nothing is signed on a screen before the city has decided to accept it (A.R.S. 44-7042)."""

    reference = StringField(
        _("Reference of the city's decision"),
        description=_("Such as the number and date of a resolution or of an administrative policy."),
        filters=[trimmed],
        validators=[Required(_("the reference")), AtMost(REFERENCE_AT_MOST)],
        render_kw={"autocomplete": "off"},
    )
