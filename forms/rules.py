"""What is asked about a rule of a platform or a work area?"""

from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectChoice, SelectField, StringField

from consent.domain.vocabulary import Use
from consent.wording import USES, say
from forms.fields import AtMost, trimmed
from forms.keeping import NAME_AT_MOST, day
from forms.registers import Choices, text
from forms.withdrawals import Ticks

TEXT_AT_MOST = 1000


class RuleForm(FlaskForm):
    """Of one platform, one program or one place. `anyway` is asked only where signed answers are touched."""

    platform = SelectField(
        _("Platform"), description=_("Choose one of these three: where does the rule hold?"), validate_choice=False
    )
    program = SelectField(_("Program"), validate_choice=False)
    place = StringField(
        _("Place"),
        description=_(
            "Such as: the pool. A rule of a place is shown; the registry cannot see where a picture is taken."
        ),
        filters=[trimmed],
        validators=[AtMost(NAME_AT_MOST)],
        render_kw={"autocomplete": "off"},
    )
    text_en = text(_("The rule in English"), _("the rule in English"), at_most=TEXT_AT_MOST)
    text_es = text(_("The rule in Spanish"), _("the rule in Spanish"), at_most=TEXT_AT_MOST)
    forbids = Ticks(_("What does it forbid?"), description=_("Tick nothing for a rule that is only shown."), coerce=str)
    minors_only = BooleanField(_("It forbids this only with minors"))
    starts = day(_("First day"), thing=_("the first day"))
    last_day = day(_("Last day"), description=_("Leave it empty if it holds until somebody ends it."))
    anyway = BooleanField(_("Ask for it all the same"))

    def offer(self, platforms: Choices, programs: Choices, *, language: str) -> None:
        none = SelectChoice("", _("None of these"))
        self.platform.choices = [none, *(SelectChoice(*each) for each in platforms)]
        self.program.choices = [none, *(SelectChoice(*each) for each in programs)]
        self.forbids.choices = [SelectChoice(use.value, say(label, language)) for use, label in USES.items()]

    @property
    def chosen_uses(self) -> frozenset[Use]:
        return frozenset(Use(use) for use in self.forbids.data or ())

    @property
    def first_day(self) -> date:
        return cast(date, self.starts.data)
