"""What is asked about an account from which somebody may post?"""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField, TextAreaField, URLField

from forms.fields import AtMost, Chosen, Required, trimmed
from forms.keeping import NAME_AT_MOST, name

URL_AT_MOST = 300
PURPOSES_AT_MOST = 1000
DEPARTMENT = ""


class AccountForm(FlaskForm):
    """An account of the department, or an employee's own. A director decides."""

    platform = SelectField(_("Platform"), validators=[Chosen(_("a platform"))], validate_choice=False)
    owner = SelectField(
        _("Whose account is it?"),
        description=_("An employee's own account is for what they post outside work time."),
        validate_choice=False,
    )
    handle = StringField(
        _("Name of the account"),
        description=_("As it is called there, such as: @cityparks."),
        filters=[trimmed],
        validators=[Required(_("the name of the account")), AtMost(NAME_AT_MOST)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    url = URLField(
        _("Address of the account"),
        description=_("It begins with https:// and leads to the platform itself."),
        filters=[trimmed],
        validators=[Required(_("the address of the account")), AtMost(URL_AT_MOST)],
        render_kw={"autocomplete": "off"},
    )
    audience = name(_("Audience"), _("the audience"))
    purposes = TextAreaField(
        _("What may it be used for?"),
        filters=[trimmed],
        validators=[Required(_("what it may be used for")), AtMost(PURPOSES_AT_MOST)],
    )
    retention = name(_("How long is kept what is posted there?"), _("how long it is kept"))

    def offer(self, platforms: Iterable[tuple[str, str]], people: Iterable[tuple[int, str]]) -> None:
        self.platform.choices = [
            SelectChoice("", _("Choose a platform")),
            *(SelectChoice(*platform) for platform in platforms),
        ]
        self.owner.choices = [
            SelectChoice(DEPARTMENT, _("The department's")),
            *(SelectChoice(str(key), shown) for key, shown in people),
        ]

    @property
    def owner_id(self) -> int | None:
        """Nobody has a number that is no number."""
        chosen = self.owner.data or DEPARTMENT
        if chosen == DEPARTMENT:
            return None
        return int(chosen) if chosen.isascii() and chosen.isdigit() else 0
