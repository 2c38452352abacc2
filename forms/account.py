"""What does a member of staff type about their own account?"""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired

from consent.domain.sign_in import PASSWORD_AT_MOST
from forms.fields import AtMost, Required, trimmed
from forms.sign_in import ANSWER_AT_MOST, CodeForm, NewPasswordForm

NAME_AT_MOST = 128
SECRET_AT_MOST = 200


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(
        _("The password that you have now"),
        validators=[Required(_("the password that you have now")), AtMost(PASSWORD_AT_MOST)],
        render_kw={"autocomplete": "current-password"},
    )


class AddKeyForm(FlaskForm):
    """`answer` is what the browser made of a touch; the page fills it in by itself."""

    name = StringField(
        _("A name for this key"),
        description=_("Such as the color of the key, or where you keep it."),
        filters=[trimmed],
        validators=[Required(_("a name for this key")), AtMost(NAME_AT_MOST)],
        render_kw={"autocomplete": "off"},
    )
    answer = HiddenField(validators=[AtMost(ANSWER_AT_MOST)])


class AddAuthenticatorForm(CodeForm):
    """`secret` is the new authenticator's, encrypted: it counts once a code shows that it was set up."""

    name = StringField(
        _("A name for this authenticator"),
        description=_("Such as the name of the app, or the number on the token."),
        filters=[trimmed],
        validators=[Required(_("a name for this authenticator")), AtMost(NAME_AT_MOST)],
        render_kw={"autocomplete": "off"},
    )
    secret = HiddenField(validators=[DataRequired(), AtMost(SECRET_AT_MOST)])


class SureForm(FlaskForm):
    """A button alone."""
