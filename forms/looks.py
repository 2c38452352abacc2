"""Whose looks, of what kind, at whom and when are asked for? A question in an address, which changes nothing."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import Form, SelectField, StringField
from wtforms.validators import StopValidation

from forms.fields import AtMost, trimmed
from forms.keeping import day

Groups = dict[str, list[tuple[str, str]]]
"""What there is to choose from, under headings."""


class LooksForm(Form):
    patron = StringField(
        _("About whom? Their number"),
        description=_("It stands on the person's page."),
        filters=[trimmed],
        validators=[AtMost(64)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    who = SelectField(_("By whom?"), validate_choice=False)
    what = SelectField(_("What?"), validate_choice=False)
    since = day(_("First day"))
    until = day(_("Last day"))

    def offer(self, *, who: Groups, what: Groups) -> None:
        self.who.choices = {"": [("", _("Anybody"))], **who}
        self.what.choices = {"": [("", _("Anything"))], **what}

    def validate_who(self, field: SelectField) -> None:
        _refuse_unless_offered(field)

    def validate_what(self, field: SelectField) -> None:
        _refuse_unless_offered(field)

    def validate_until(self, _field: object) -> None:
        if self.since.data and self.until.data and self.until.data < self.since.data:
            raise StopValidation(_("Enter a last day that is not before the first"))

    @property
    def asks(self) -> bool:
        """Whether anything is left out."""
        return any(field.data for field in self)

    @property
    def asked(self) -> dict[str, str]:
        """The question as an address carries it on."""
        written = {field.name: str(field.data) for field in self if field.data}
        return {name: value for name, value in written.items() if value}


def _refuse_unless_offered(field: SelectField) -> None:
    offered: Sequence[str] = [value for group in field.choices.values() for value, _label in group]
    if field.data not in {"", None, *offered}:
        raise StopValidation(_("Choose one from the list"))
