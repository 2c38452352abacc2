"""What is asked about a post before it goes out, what is confirmed when it is cleared, and where does it stand then?"""

import json
from collections.abc import Iterable, Mapping, Sequence

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectChoice, SelectField, StringField, URLField
from wtforms.validators import InputRequired, NumberRange, Optional

from consent.domain.gate_facts import ChecklistItem, Limit, LimitKind
from consent.domain.vocabulary import Media, Use
from consent.wording import USES, say
from consent.wording_gate import CHECKLIST_ITEMS, LIMITS, MEDIA
from forms.fields import AtMost, Chosen, Required, trimmed
from forms.groups import WholeNumber
from forms.keeping import FormReference, moment
from forms.lookup import Choices, Offered
from forms.withdrawals import Ticks

WHAT_AT_MOST = 300
URL_AT_MOST = 500
PEOPLE_AT_MOST = 500
OF_A_RECORDING = frozenset({Use.RECORD, Use.PHOTO, Use.VIDEO})
"""What was recorded says these."""


def _count(label: object, *, description: object) -> WholeNumber:
    said = _("Enter a whole number from %(min)d to %(max)d")
    return WholeNumber(
        label,
        description=description,
        validators=[InputRequired(said), NumberRange(0, PEOPLE_AT_MOST, message=said)],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "min": 0, "max": PEOPLE_AT_MOST},
    )


def _choice(label: object, *, description: object = "") -> SelectField:
    return SelectField(label, description=description, validators=[Offered()], validate_choice=False)


class ClearanceForm(FlaskForm):
    """Its choices and whoever is in it come from the view."""

    reference = FormReference()
    what = StringField(
        _("What is it?"),
        description=_("In a few words, such as: photo of the pool opening. Name nobody."),
        filters=[trimmed],
        validators=[Required(_("what it is")), AtMost(WHAT_AT_MOST)],
        render_kw={"autocomplete": "off"},
    )
    account = SelectField(
        _("From which account?"), validators=[Chosen(_("an account")), Offered()], validate_choice=False
    )
    uses = Ticks(
        _("What else is to be done?"),
        description=_("What the recordings below show is asked about in any case."),
    )
    program = _choice(_("At which program?"))
    planned_at = moment(_("When will it be posted?"), description=_("Leave it empty for now."))
    headcount = _count(
        _("How many people are in it?"), description=_("Count everybody who can be recognized or heard.")
    )
    unidentified = _count(_("How many of them does nobody know?"), description=_("Whoever is not known is a no."))
    media = Ticks(_("What was recorded?"), description=_("Nothing, for a text or a friend request."))
    captured_at = moment(_("When was it recorded?"), description=_("If something was recorded."))
    captured_by = _choice(_("Who recorded it?"))
    device = _choice(_("With which device?"), description=_("Those that a supervisor has authorized."))

    def offer(
        self, *, accounts: Choices, programs: Choices, recorders: Choices, devices: Sequence[str], language: str
    ) -> None:
        """What there is to choose from."""
        self.account.choices = [("", _("Choose")), *accounts]
        self.program.choices = [("", _("Not tied to a program")), *programs]
        self.captured_by.choices = list(recorders)
        other = ("another device", _("Another device"))
        self.device.choices = [("", _("Nothing was recorded")), *((device, device) for device in devices), other]
        self.uses.choices = [
            SelectChoice(use.value, say(told, language)) for use, told in USES.items() if use not in OF_A_RECORDING
        ]
        self.media.choices = [SelectChoice(media.value, say(told, language)) for media, told in MEDIA.items()]

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if self.media.data:
            _needed(self.captured_at, _("Enter when it was recorded"))
            _needed(self.device, _("Choose the device"))
        return bool(valid) and not self.errors

    @property
    def uses_meant(self) -> frozenset[Use]:
        return frozenset(Use(use) for use in self.uses.data)

    @property
    def media_meant(self) -> frozenset[Media]:
        return frozenset(Media(media) for media in self.media.data)


class DecisionForm(FlaskForm):
    """What is confirmed, one by one. A limit is ticked for the people who stand beside it, and for nobody else."""

    checklist = Ticks(_("Look at it, and confirm"))
    limits = Ticks(_("Limits"), validate_choice=False)

    def offer(self, limits: Mapping[LimitKind, tuple[str, ...]], names: Mapping[str, str], *, language: str) -> None:
        self.checklist.choices = [
            SelectChoice(item.value, say(told, language)) for item, told in CHECKLIST_ITEMS.items()
        ]
        self.limits.choices = [
            SelectChoice(
                json.dumps([kind.value, *people]),
                f"{say(LIMITS[kind], language)}: {', '.join(names[person] for person in people)}",
            )
            for kind, people in limits.items()
        ]

    @property
    def items_meant(self) -> frozenset[ChecklistItem]:
        return frozenset(ChecklistItem(item) for item in self.checklist.data or () if item in set(ChecklistItem))

    @property
    def limits_meant(self) -> frozenset[Limit]:
        return frozenset(limit for ticked in self.limits.data or () for limit in _limits(ticked))


class PostForm(FlaskForm):
    """Where it stands. `already` is asked only when something changed since it was cleared."""

    url = URLField(
        _("Its address on the platform"),
        description=_("Of the post; or of the account that you tagged, befriended, followed or wrote to."),
        filters=[trimmed],
        validators=[Required(_("its address")), AtMost(URL_AT_MOST)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    posted_at = moment(_("When was it posted?"), description=_("Leave it empty for now."))
    already = BooleanField(_("It is out already, and cannot be kept back"), validators=[Optional()])


def _needed(field: Field, error: object) -> None:
    if not field.data and not field.errors:
        field.errors = [error]


def _limits(ticked: str) -> Iterable[Limit]:
    """A tick that says nothing is no tick."""
    try:
        kind, *people = json.loads(ticked)
        return [Limit(LimitKind(kind), str(person)) for person in people]
    except (ValueError, TypeError, RecursionError):
        return []
