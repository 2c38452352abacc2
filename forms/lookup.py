"""What is asked before somebody is shown or tagged: who, for what, where, on whose account, and at what?"""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _
from wtforms import Field, Form, HiddenField, SearchField, SelectField
from wtforms.validators import StopValidation

from consent.domain.vocabulary import Channel, Use
from consent.wording import CHANNELS, USES, say
from forms.fields import AtMost, trimmed

TYPED_AT_MOST = 300
REMEMBERED = ("use", "platform", "channel", "program")
"""Kept between look-ups: what is being done and where, never about whom."""

Choices = Sequence[tuple[str, str]]


class Offered:
    """Says it plainly when an address names something that nobody offered."""

    def __call__(self, _form: Form, field: Field) -> None:
        if field.data not in {value for value, _label in field.choices}:
            raise StopValidation(_("Choose one from the list"))


def who(*, then: str) -> SearchField:
    """A card that is scanned, or a name that is typed; `then` is what a phone's Enter key says."""
    return SearchField(
        _("Scan a card, or type a name or a card number"),
        filters=[trimmed],
        validators=[AtMost(TYPED_AT_MOST)],
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "off",
            "autofocus": True,
            "enterkeyhint": then,
            "spellcheck": "false",
        },
    )


def one_offered(label: object, default: str = "") -> SelectField:
    return SelectField(label, default=default, validators=[Offered()], validate_choice=False)


class LookUpForm(Form):
    """A question in an address, which changes nothing: it needs no token. Its choices come from the view."""

    q = who(then="search")
    patron = HiddenField(validators=[AtMost(64)])
    use = one_offered(_("What for?"), Use.PHOTO.value)
    platform = one_offered(_("Where?"))
    channel = one_offered(_("On whose account?"), Channel.DEPARTMENT.value)
    program = one_offered(_("At which program?"))

    def offer(self, *, platforms: Choices, programs: Choices, language: str) -> None:
        """What there is to choose from."""
        self.use.choices = [(use.value, say(told, language)) for use, told in USES.items()]
        self.channel.choices = [(channel.value, say(told, language)) for channel, told in CHANNELS.items()]
        self.platform.choices = [("", _("Every approved platform")), *platforms]
        self.program.choices = [("", _("Not tied to a program")), *programs]

    def recall(self, asked: Mapping[str, str], remembered: Mapping[str, str]) -> None:
        """For what is not asked: what was chosen last, where that can still be chosen, or the usual."""
        for name in REMEMBERED:
            field = self[name]
            offered = {value for value, _label in field.choices}
            if name not in asked:
                kept = remembered.get(name)
                field.data = kept if kept in offered else field.default
            elif not field.data and field.data not in offered:
                field.data = field.default

    @property
    def choices_made(self) -> dict[str, str]:
        return {name: self[name].data for name in REMEMBERED}
