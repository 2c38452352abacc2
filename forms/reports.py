"""What is asked of somebody who saw a post or a comment that should not stand, and of whoever corrects it?"""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, Form, SelectChoice, SelectField, TextAreaField, URLField, ValidationError

from consent.domain.accounts import leads_to_account
from forms.fields import AtMost, Chosen, Required, trimmed
from forms.keeping import FormReference

URL_AT_MOST = 500
WRONG_AT_MOST = 1000
NOTE_AT_MOST = 500
ANY_PLATFORM = ""


def _leads_somewhere(_form: Form, field: Field) -> None:
    if field.data and not leads_to_account(field.data, ANY_PLATFORM):
        raise ValidationError(_("Enter the whole address, which begins with https://"))


class ReportForm(FlaskForm):
    """Sent twice, it is reported once."""

    reference = FormReference()
    platform = SelectField(_("On which platform?"), validators=[Chosen(_("a platform"))], validate_choice=False)
    url = URLField(
        _("Its address"),
        description=_("Of the post or the comment, as the browser shows it. It begins with https://"),
        filters=[trimmed],
        validators=[Required(_("its address")), AtMost(URL_AT_MOST), _leads_somewhere],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    wrong = TextAreaField(
        _("What is wrong with it?"),
        description=_("Such as: a visitor's comment gives away a home address. Name nobody."),
        filters=[trimmed],
        validators=[Required(_("what is wrong with it")), AtMost(WRONG_AT_MOST)],
    )

    def offer(self, platforms: Iterable[tuple[str, str]]) -> None:
        self.platform.choices = [
            SelectChoice("", _("Choose a platform")),
            *(SelectChoice(*platform) for platform in platforms),
        ]


class StepForm(FlaskForm):
    """What was done about it, in a few words."""

    note = TextAreaField(
        _("What was done?"),
        description=_("Such as: comment hidden, and its writer told why. Name nobody."),
        filters=[trimmed],
        validators=[AtMost(NOTE_AT_MOST)],
    )
