"""What does a member of staff type to sign in, and to choose a password the first time?"""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_security.forms import LoginForm
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField
from wtforms.validators import EqualTo

from forms.fields import AtLeast, AtMost, Required, trimmed

PASSWORD_AT_LEAST = 15
PASSWORD_AT_MOST = 256
EMAIL_AT_MOST = 320


class SignInForm(LoginForm):
    """Says the same whether the address is unknown, the password wrong or the account closed."""

    email = EmailField(
        _("Email address"),
        filters=[trimmed],
        validators=[Required(_("your email address")), AtMost(EMAIL_AT_MOST)],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )
    password = PasswordField(
        _("Password"),
        # Without a text of our own, Flask-Security writes a link here.
        description=" ",
        validators=[Required(_("your password")), AtMost(PASSWORD_AT_MOST)],
        render_kw={"autocomplete": "current-password"},
    )
    remember = None  # a shared desk remembers nobody
    submit = None

    def validate(self, **kwargs: Any) -> bool:
        if super().validate(**kwargs):
            return True
        if self.ifield is not None:  # both were filled in, and somebody was looked for
            self.email.errors = self.password.errors = []
            self.form_errors = [_("The email address or the password is wrong. Check both and try again.")]
        return False


class FirstPasswordForm(FlaskForm):
    """A passphrase is easier to remember than a puzzle, and harder to guess."""

    password = PasswordField(
        _("Choose a password"),
        description=_("15 characters or more. A few words that only you would put together are best."),
        validators=[Required(_("a password")), AtLeast(PASSWORD_AT_LEAST), AtMost(PASSWORD_AT_MOST)],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _("The same password again"),
        validators=[
            Required(_("the same password again")),
            EqualTo("password", _("Enter the same password in both places")),
        ],
        render_kw={"autocomplete": "new-password"},
    )
