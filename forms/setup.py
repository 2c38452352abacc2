"""What is asked of whoever sets a new registry up: the code from the console, and who its first administrator is?"""

from flask_babel import lazy_gettext as _
from wtforms import EmailField, StringField

from forms.fields import AtMost, Required, trimmed
from forms.keeping import name
from forms.sign_in import EMAIL_AT_MOST, NewPasswordForm

CODE_AT_MOST = 100


class SetupForm(NewPasswordForm):
    """The fields of the first password come last."""

    code = StringField(
        _("Setup code"),
        description=_("It stands on the console where the registry was started."),
        filters=[trimmed],
        validators=[Required(_("the setup code")), AtMost(CODE_AT_MOST)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    name = name(_("Your name"), _("your name"))
    email = EmailField(
        _("Your email address"),
        description=_("You sign in with it."),
        filters=[trimmed],
        validators=[Required(_("your email address")), AtMost(EMAIL_AT_MOST)],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )
