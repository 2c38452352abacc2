"""What does the desk read off a form that was signed on paper? One page for each form, in the order of the paper."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, EmailField, Field, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import Optional
from wtforms.widgets import TextInput

from consent.domain.paper_forms import MOST_ON_PAPER
from consent.domain.signing import LONGEST_ACCOUNT, LONGEST_EMAIL, LONGEST_NAME, Sitting, TypedPatron, TypedSigner
from consent.domain.vocabulary import Answer, Channel, Language, Relationship, Use
from consent.wording import RELATIONSHIPS, USES
from forms.fields import AtMost, Chosen, Required, is_email, trimmed
from forms.keeping import EARLIEST, LATEST, FormReference, IsThere
from forms.withdrawals import Ticks

SELF = "self"
CODE_AT_MOST = 900
WAYS_TO_WRITE = (
    re.compile(r"(?P<month>[0-9]{1,2})[/.\- ](?P<day>[0-9]{1,2})[/.\- ](?P<year>[0-9]{4})"),
    re.compile(r"(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?P<year>[0-9]{4})"),
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
)
TYPING: dict[str, Any] = {"autocomplete": "off", "autocorrect": "off", "spellcheck": "false"}
DAY_HINT = _("Month, day, year: 03/04/2015 or 03042015.")


class WrittenDay(Field):
    """A day as it stands on the paper, typed with or without strokes between."""

    widget = TextInput()
    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and (typed := valuelist[0].strip()):
            self.data = read_day(typed)
            if self.data is None:
                raise ValueError(_("Enter a real date, such as 03/04/2015"))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%m/%d/%Y}" if self.data else ""


def read_day(typed: str) -> date | None:
    """None for what is no day, or none that anybody means."""
    found = next((read for way in WAYS_TO_WRITE if (read := way.fullmatch(typed))), None)
    if found is None or not EARLIEST <= int(found["year"]) <= LATEST:
        return None
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Asked:
    """What one form version asks about, and to what a yes may be limited today."""

    language: Language
    uses: Collection[Use]
    platforms: Mapping[str, str]
    programs: Mapping[str, str]


class PaperEntryForm(FlaskForm):
    """Its fields for each person are added by `paper_entry_form`."""

    key = FormReference()
    code = StringField(
        _("Code of the form"),
        description=_("Scan the QR code on the paper, or type the words beside it."),
        filters=[trimmed],
        validators=[Required(_("the code of the form")), AtMost(CODE_AT_MOST)],
        render_kw=TYPING | {"autofocus": True},
    )
    signed_on = WrittenDay(
        _("Date signed"), description=DAY_HINT, validators=[IsThere(_("the date signed"))], render_kw=TYPING
    )
    first_name = StringField(
        _("First name of the signer"),
        filters=[trimmed],
        validators=[Required(_("the first name of the signer")), AtMost(LONGEST_NAME)],
        render_kw=TYPING,
    )
    last_name = StringField(
        _("Last name of the signer"),
        filters=[trimmed],
        validators=[Required(_("the last name of the signer")), AtMost(LONGEST_NAME)],
        render_kw=TYPING,
    )
    relationship = SelectField(
        _("Signs as"),
        choices=[
            SelectChoice("", _("Choose")),
            *(SelectChoice(one.value, _(RELATIONSHIPS[one])) for one in Relationship),
            SelectChoice(SELF, _("Themself")),
        ],
        validators=[Chosen(_("what the signer is to them"))],
    )
    order_seen = BooleanField(_("Order or power of attorney seen"))
    email = EmailField(
        _("Email address"),
        filters=[trimmed],
        validators=[Optional(), AtMost(LONGEST_EMAIL), is_email],
        render_kw=TYPING,
    )
    personal = BooleanField(_("Also any employee's own account, outside work time"))
    platforms = Ticks(_("Only on these platforms"), description=_("Tick none where the paper has none ticked."))
    program = SelectField(_("Only for this program"), default="")
    scan = FileField(
        _("Scan or photo of the paper"),
        description=_("All of its pages: a PDF, or one JPEG or PNG picture; 10 MB at most."),
        render_kw={"accept": "application/pdf,image/jpeg,image/png", "class_": "usa-file-input"},
    )

    asked: Asked

    def of(self, what: str, number: int) -> Field:
        """A field of the person of that number."""
        return self[f"{what}_{number}"]

    def answer(self, number: int, use: Use) -> Field:
        return self[f"answer_{number}_{use.value}"]

    def accounts(self, number: int) -> list[Field]:
        return [self[f"account_{number}_{place}"] for place in range(len(self.asked.platforms))]

    def is_named(self, number: int) -> bool:
        """Whether anything was entered for them. The first is always meant."""
        typed = [self.of(what, number) for what in ("first", "last", "born")]
        answers = [self.answer(number, use) for use in self.asked.uses]
        return number == 1 or any(field.raw_data and field.raw_data[0].strip() for field in (*typed, *answers))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        for number in range(1, MOST_ON_PAPER + 1):
            if self.is_named(number):
                valid = self._validate_person(number) and valid
        return valid

    def _validate_person(self, number: int) -> bool:
        wanted = [
            (self.of("first", number), _("Enter the first name of person %(number)s", number=number)),
            (self.of("last", number), _("Enter the last name of person %(number)s", number=number)),
            (self.of("born", number), _("Enter the birth date of person %(number)s", number=number)),
            *(
                (
                    self.answer(number, use),
                    _("Choose yes or no for person %(number)s: %(use)s", number=number, use=_(USES[use])),
                )
                for use in self.asked.uses
            ),
        ]
        for field, sentence in wanted:
            answered = field.data in set(Answer) if isinstance(field, RadioField) else field.data
            if not answered and not field.errors:
                field.errors = [sentence]
        return not any(field.errors for field, _sentence in wanted)

    @property
    def day(self) -> date:
        """Once it has validated."""
        assert self.signed_on.data is not None
        return self.signed_on.data

    @property
    def sitting(self) -> Sitting:
        """Whoever gave this on paper has declared there to be of age."""
        relationship = None if self.relationship.data == SELF else Relationship(self.relationship.data)
        signer = TypedSigner(
            self.first_name.data, self.last_name.data, relationship, email=self.email.data or "", of_age=True
        )
        people = tuple(self._person(number) for number in range(1, MOST_ON_PAPER + 1) if self.is_named(number))
        return Sitting(self.asked.language, signer, people)

    def _person(self, number: int) -> TypedPatron:
        accounts = zip(self.asked.platforms, self.accounts(number), strict=True)
        return TypedPatron(
            self.of("first", number).data,
            self.of("last", number).data,
            self.of("born", number).data,
            {use: Answer(self.answer(number, use).data) for use in self.asked.uses},
            (Channel.DEPARTMENT.value, *([Channel.PERSONAL.value] if self.personal.data else [])),
            tuple(self.platforms.data) or None,
            (self.program.data,) if self.program.data else None,
            {platform: field.data for platform, field in accounts if field.data},
        )


def paper_entry_form(asked: Asked, **given: Any) -> PaperEntryForm:
    """For papers of this version. What is given stands in it where nothing was sent."""
    fields: dict[str, Any] = {}
    for number in range(1, MOST_ON_PAPER + 1):
        fields |= _fields_of_person(number, asked)
    form: PaperEntryForm = type("BoundPaperEntryForm", (PaperEntryForm,), fields | {"asked": asked})(**given)
    form.platforms.choices = [SelectChoice(key, name) for key, name in asked.platforms.items()]
    form.program.choices = [
        SelectChoice("", _("Every program and event")),
        *(SelectChoice(key, name) for key, name in asked.programs.items()),
    ]
    return form


def _fields_of_person(number: int, asked: Asked) -> dict[str, Any]:
    names = TYPING | {"maxlength": LONGEST_NAME}
    return {
        f"first_{number}": StringField(
            _("First name"), filters=[trimmed], validators=[AtMost(LONGEST_NAME)], render_kw=names
        ),
        f"last_{number}": StringField(
            _("Last name"), filters=[trimmed], validators=[AtMost(LONGEST_NAME)], render_kw=names
        ),
        f"born_{number}": WrittenDay(_("Born"), description=DAY_HINT, render_kw=TYPING),
        **{
            f"answer_{number}_{use.value}": RadioField(
                _(USES[use]),
                choices=[SelectChoice(Answer.YES.value, _("Yes")), SelectChoice(Answer.NO.value, _("No"))],
                validate_choice=False,
            )
            for use in asked.uses
        },
        **{
            f"account_{number}_{place}": StringField(
                name, filters=[trimmed], validators=[AtMost(LONGEST_ACCOUNT)], render_kw=TYPING
            )
            for place, name in enumerate(asked.platforms.values())
        },
    }
