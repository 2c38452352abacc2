"""What does staff type to open a kiosk's menu, and to set the PIN that opens it?"""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import EqualTo

from forms.fields import AtMost, Required

DIGITS: dict[str, Any] = {"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}
TYPED_AT_MOST = 64


class PinForm(FlaskForm):
    pin = PasswordField(_("PIN"), validators=[Required(_("the PIN")), AtMost(TYPED_AT_MOST)], render_kw=DIGITS)


class NewPinForm(FlaskForm):
    """Typed twice, since it is never shown."""

    pin = PasswordField(
        _("New PIN"),
        description=_("Six to twelve digits. It opens the staff menu at this kiosk, and is never shown again."),
        validators=[Required(_("the new PIN")), AtMost(TYPED_AT_MOST)],
        render_kw=DIGITS,
    )
    again = PasswordField(
        _("The same PIN once more"),
        validators=[EqualTo("pin", message=_("Enter the same PIN twice"))],
        render_kw=DIGITS,
    )
