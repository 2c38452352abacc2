"""What does a member of staff type to sign in, to prove it once more, and to choose a password?"""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo

from consent.domain.sign_in import PASSWORD_AT_MOST
from forms.fields import AtLeast, AtMost, Required, trimmed

EMAIL_AT_MOST = 320
CODE_AT_MOST = 64
ANSWER_AT_MOST = 20_000


class SignInForm(FlaskForm):
    email = EmailField(
        _("Email address"),
        filters=[trimmed],
        validators=[Required(_("your email address")), AtMost(EMAIL_AT_MOST)],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )
    password = PasswordField(
        _("Password"),
        validators=[Required(_("your password")), AtMost(PASSWORD_AT_MOST)],
        render_kw={"autocomplete": "current-password"},
    )


class TouchForm(FlaskForm):
    """Sent by the page itself when a security key was touched; `answer` is what the browser made of it."""

    answer = HiddenField(validators=[Required(_("your security key")), AtMost(ANSWER_AT_MOST)])


class CodeForm(FlaskForm):
    code = StringField(
        _("Code from your authenticator"),
        description=_("Six digits. Each code works once."),
        filters=[trimmed],
        validators=[Required(_("the code that your authenticator shows")), AtMost(CODE_AT_MOST)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"},
    )


class RecoveryCodeForm(FlaskForm):
    recovery_code = StringField(
        _("Recovery code"),
        description=_("26 letters and digits, from the sheet that you printed. Each works once."),
        filters=[trimmed],
        validators=[Required(_("one of your recovery codes")), AtMost(CODE_AT_MOST)],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )


class PasswordForm(FlaskForm):
    """Only the password: the rest is known of whoever is signed in."""

    password = PasswordField(
        _("Password"),
        validators=[Required(_("your password")), AtMost(PASSWORD_AT_MOST)],
        render_kw={"autocomplete": "current-password"},
    )


class NewPasswordForm(FlaskForm):
    """A passphrase is easier to remember than a puzzle, and harder to guess. How long it must be, its view knows."""

    password = PasswordField(
        _("Choose a password"),
        validators=[Required(_("a password")), AtMost(PASSWORD_AT_MOST)],
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

    def ask_for(self, at_least: int) -> None:
        """Say how long the password must be."""
        self.password.validators = [*self.password.validators, AtLeast(at_least)]
        self.password.description = _(
            "%(number)d characters or more. A few words that only you would put together are best.", number=at_least
        )
