"""Is the new password taken? If not, its field says why."""

from collections.abc import Callable

from flask_babel import gettext as _

from consent.services.passwords import PasswordTooCommon, PasswordTooShort
from forms.sign_in import NewPasswordForm


def taken(form: NewPasswordForm, set_it: Callable[[str], object]) -> bool:
    """Whether `set_it` took the password; else the form says what to do."""
    if not form.validate_on_submit():
        return False
    try:
        set_it(form.password.data or "")
    except PasswordTooShort as short:
        form.password.errors = [_("Use %(min)d characters or more", min=short.at_least)]
    except PasswordTooCommon:
        form.password.errors = [
            _("This password is among the first that a stranger would try. Choose another one, such as a few words")
        ]
    else:
        return True
    return False
