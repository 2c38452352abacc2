"""How does somebody sign at the kiosk: the agreement to sign on a screen, the mark, and that it is meant as one?"""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired

from consent.domain.signatures import LONGEST_NAME
from forms.fields import AtMost

TYPED, DRAWN = "typed", "drawn"


class SignForm(FlaskForm):
    """Nothing is ticked beforehand. Which signature is good enough, the rules say."""

    key = HiddenField()
    agrees = BooleanField(
        _("I agree to sign this form electronically."),
        validators=[InputRequired(_("Tick that you agree to sign electronically, or choose paper"))],
    )
    kind = RadioField(
        _("How do you want to sign?"),
        choices=[SelectChoice(TYPED, _("Type my name")), SelectChoice(DRAWN, _("Draw my signature"))],
        default=TYPED,
        validators=[InputRequired(_("Choose how you want to sign"))],
    )
    name = StringField(
        _("Type your first and last name"),
        validators=[AtMost(LONGEST_NAME)],
        render_kw={
            "autocapitalize": "words",
            "autocomplete": "off",
            "autocorrect": "off",
            "maxlength": LONGEST_NAME,
            "spellcheck": "false",
        },
    )
    shown = HiddenField()
    strokes = HiddenField()
    meant = BooleanField(
        _("I intend this to be my signature."),
        validators=[InputRequired(_("Tick that you intend this to be your signature"))],
    )
