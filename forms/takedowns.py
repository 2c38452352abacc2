"""What is asked of whoever takes a post down, or gives the task to somebody else?"""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, TextAreaField

from consent.domain.takedowns import TakedownOutcome
from consent.wording import TAKEDOWN_CHOICES, say
from forms.fields import AtMost, Chosen, trimmed
from forms.keeping import moment

NOTE_AT_MOST = 500


class ClosingForm(FlaskForm):
    """What became of it. That it may stay is offered only where it is allowed again."""

    outcome = RadioField(_("What became of it?"), validators=[Chosen(_("what became of it"))], validate_choice=False)
    gone_at = moment(
        _("Since when is it gone?"), description=_("Look at its address once more. Leave it empty for now.")
    )
    reposts_asked = BooleanField(_("I asked staff to remove what they reposted of it"))
    note = TextAreaField(
        _("A note"),
        description=_("Needed where it cannot come down, such as: shared by a newspaper. Name nobody."),
        filters=[trimmed],
        validators=[AtMost(NOTE_AT_MOST)],
    )

    def offer(self, outcomes: Sequence[TakedownOutcome], language: str) -> None:
        self.outcome.choices = [SelectChoice(one.value, say(TAKEDOWN_CHOICES[one], language)) for one in outcomes]

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if self.outcome.data not in {None, "", *(choice.value for choice in self.outcome.choices or ())}:
            self.outcome.errors = [_("Choose what became of it")]
        if self.outcome.data == TakedownOutcome.CANNOT and not self.note.data and not self.note.errors:
            self.note.errors = [_("Enter why it cannot come down")]
        return bool(valid) and not self.errors


class AssignForm(FlaskForm):
    """Who sees to it from now on."""

    owner = SelectField(_("Whose task is it?"), validators=[Chosen(_("somebody"))], validate_choice=False)

    def offer(self, people: Mapping[int, str], owner: int | None) -> None:
        self.owner.choices = [SelectChoice("", _("Choose somebody"))] if owner not in people else []
        self.owner.choices += [SelectChoice(str(key), name) for key, name in people.items()]
        if not self.is_submitted():
            self.owner.data = str(owner or "")

    @property
    def owner_id(self) -> int:
        """Nobody has a number that is no number."""
        chosen = self.owner.data or ""
        return int(chosen) if chosen.isascii() and chosen.isdigit() else 0
