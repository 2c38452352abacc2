"""What is asked of somebody at the desk who takes a permission back? By whom, of what, and how they asked; no more."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectChoice, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from consent.domain.vocabulary import AskedHow, Use
from consent.wording import ASKED_HOW, USES, say
from forms.fields import Chosen
from forms.keeping import FormReference, moment

ALL, SOME = "all", "some"


class Ticks(SelectMultipleField):
    """Several of a list, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class WithdrawalForm(FlaskForm):
    """Whoever may say it comes from the view. `anyway` is asked only when the answer would stay YES all the same."""

    reference = FormReference()
    signer = RadioField(_("Who takes it back?"), validators=[Chosen(_("who takes it back"))])
    what = RadioField(
        _("What do they take back?"),
        choices=[SelectChoice(ALL, _("Everything")), SelectChoice(SOME, _("Only some uses"))],
        validators=[Chosen(_("what they take back"))],
    )
    uses = Ticks(_("Which uses?"), description=_("Only if they take back some uses."))
    asked_how = RadioField(_("How did they ask?"), validators=[Chosen(_("how they asked"))])
    at = moment(
        _("When did they ask?"),
        description=_("Leave it empty for now. It may be earlier, never later: it counts from then on."),
    )
    anyway = BooleanField(_("Record it all the same"))

    def offer(self, signers: Sequence[tuple[str, str]], *, language: str) -> None:
        """Who may be chosen, and the words in the language of the page."""
        self.signer.choices = [SelectChoice(key, label) for key, label in signers]
        self.uses.choices = [SelectChoice(use.value, say(label, language)) for use, label in USES.items()]
        self.asked_how.choices = [SelectChoice(how.value, say(label, language)) for how, label in ASKED_HOW.items()]

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        if self.what.data == SOME and not self.uses.data and not self.uses.errors:
            self.uses.errors = [_("Choose the uses that they take back")]
            return False
        if self.what.data == ALL and self.uses.data:
            self.what.errors = [_("Choose everything, or only the uses ticked below")]
            return False
        return bool(valid)

    @property
    def uses_meant(self) -> frozenset[Use] | None:
        """None stands for every use."""
        return None if self.what.data == ALL else frozenset(Use(use) for use in self.uses.data)

    @property
    def how(self) -> AskedHow:
        return AskedHow(self.asked_how.data)
