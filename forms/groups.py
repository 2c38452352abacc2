"""What is asked about a picture with several people in it: what for, where, when, and how many are in it?"""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectChoice
from wtforms.validators import NumberRange, Optional

from consent.domain.groups import MOST_PEOPLE
from consent.domain.vocabulary import Channel, Use
from consent.wording import CHANNELS, USES, say
from forms.fields import Chosen
from forms.keeping import moment
from forms.lookup import Choices, one_offered, who
from forms.withdrawals import Ticks


class WholeNumber(IntegerField):
    """Says plainly what it could not read."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([text.strip() for text in valuelist if text.strip()])
        except ValueError:
            raise ValueError(_("Enter a whole number")) from None


def _how_many(label: object, *, description: object = "") -> WholeNumber:
    said = _("Enter a whole number from %(min)d to %(max)d")
    return WholeNumber(
        label,
        description=description,
        validators=[Optional(), NumberRange(1, MOST_PEOPLE, message=said)],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "min": 1, "max": MOST_PEOPLE},
    )


class PlanForm(FlaskForm):
    """Its choices come from the view."""

    uses = Ticks(
        _("What is to be done with it?"),
        default=[Use.PHOTO.value],
        validators=[Chosen(_("what is to be done with it"))],
    )
    platform = one_offered(_("Where?"))
    channel = one_offered(_("On whose account?"), Channel.DEPARTMENT.value)
    program = one_offered(_("At which program?"))
    planned_at = moment(_("When will it be posted?"), description=_("Leave it empty for now."))

    def offer(self, *, platforms: Choices, programs: Choices, language: str) -> None:
        """What there is to choose from."""
        self.uses.choices = [SelectChoice(use.value, say(told, language)) for use, told in USES.items()]
        self.channel.choices = [(channel.value, say(told, language)) for channel, told in CHANNELS.items()]
        self.platform.choices = [("", _("Every approved platform")), *platforms]
        self.program.choices = [("", _("Not tied to a program")), *programs]

    @property
    def uses_meant(self) -> tuple[Use, ...]:
        return tuple(Use(use) for use in self.uses.data)


class StartForm(PlanForm):
    """The same for a new picture, with the number of people that everything is held against."""

    headcount = _how_many(
        _("How many people are in the picture?"),
        description=_("Count everybody who can be recognized. You can also say it later."),
    )


class HeadcountForm(FlaskForm):
    """The number of people that everything is held against."""

    headcount = _how_many(_("People in the picture"))


class AddForm(FlaskForm):
    """Whoever is scanned or typed."""

    q = who(then="done")
