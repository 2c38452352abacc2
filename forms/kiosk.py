"""What does a family type at the kiosk about itself: who signs, and for whom?"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Optional, StopValidation

from consent.domain.majority import YEARS_OF_MINORITY, age_in_years
from consent.domain.signing import LONGEST_EMAIL, LONGEST_NAME
from consent.domain.vocabulary import Relationship
from consent.wording import RELATIONSHIPS
from forms.fields import AtMost, Chosen, Required, is_email, trimmed

NONE_OF_THESE = "none"
NAME_WRONG = _("Enter the name in letters, on one line")
YES, NO = "yes", "no"
NAMES: dict[str, Any] = {"autocapitalize": "words", "autocomplete": "off", "autocorrect": "off", "spellcheck": "false"}
DIGITS: dict[str, Any] = {"autocomplete": "off", "inputmode": "numeric"}
YEAR_DIGITS = 4
MONTHS = (
    _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"), _("August"), _("September"),
    _("October"), _("November"), _("December"),
)  # fmt: skip
SIGNS_AS = (
    (Relationship.PARENT, ""),
    (Relationship.COURT_APPOINTED_GUARDIAN, _("The desk will ask to see the order.")),
    (Relationship.POWER_OF_ATTORNEY, _("The desk will ask to see the paper.")),
)
"""What somebody can be to a child, and what the desk will want of them."""


def name_field(label: object, thing: object) -> StringField:
    return StringField(
        label,
        filters=[trimmed],
        validators=[Required(thing), AtMost(LONGEST_NAME)],
        render_kw=NAMES | {"maxlength": LONGEST_NAME},
    )


class CopyByMail(FlaskForm):
    """Where the copy is mailed, if they like. Left out where no mail server is set."""

    email = EmailField(
        _("Email address"),
        description=_("Your signed copy is mailed there. You get it without an address too."),
        filters=[trimmed],
        validators=[Optional(), AtMost(LONGEST_EMAIL), is_email],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": LONGEST_EMAIL},
    )


class SignerForm(CopyByMail):
    """A parent or guardian, typed once for all their children."""

    first_name = name_field(_("Your first name"), _("your first name"))
    last_name = name_field(_("Your last name"), _("your last name"))
    relationship = RadioField(
        _("What are you to the child or children?"),
        choices=[
            *(SelectChoice(one.value, _(RELATIONSHIPS[one])) for one, _told in SIGNS_AS),
            SelectChoice(NONE_OF_THESE, _("None of these")),
        ],
        validators=[InputRequired(_("Choose what you are to the child or children"))],
    )
    of_age = RadioField(
        _("Are you 18 or older?"),
        choices=[SelectChoice(YES, _("Yes")), SelectChoice(NO, _("No"))],
        validators=[InputRequired(_("Choose whether you are 18 or older"))],
    )
    authority = BooleanField(
        _("I may sign for them, and no court order says otherwise."),
        validators=[InputRequired(_("Tick that you may sign for them. If you are not sure, please ask the desk"))],
    )

    @property
    def turned_away(self) -> str | None:
        """Why this signer gets a page of their own instead of an error."""
        if self.relationship.data == NONE_OF_THESE:
            return "relationship"
        return "age" if self.of_age.data == NO else None

    @property
    def typed(self) -> dict[str, Any]:
        names = ("first_name", "last_name", "relationship", "of_age", "authority")
        return {name: self[name].data for name in names} | {"email": email_in(self)}

    def say_of_name(self) -> None:
        self.first_name.errors = [NAME_WRONG]


class BornForm(FlaskForm):
    """Somebody's name and birth date in three fields; the month is a word, since not everybody puts it first."""

    first_name = name_field(_("First name"), _("the first name"))
    last_name = name_field(_("Last name"), _("the last name"))
    month = SelectField(
        _("Month"),
        choices=[SelectChoice("", _("Choose")), *(SelectChoice(str(at), told) for at, told in enumerate(MONTHS, 1))],
        render_kw={"autocomplete": "off"},
    )
    day = StringField(_("Day"), filters=[trimmed], render_kw=DIGITS | {"maxlength": 2})
    year = StringField(_("Year"), filters=[trimmed], render_kw=DIGITS | {"maxlength": YEAR_DIGITS})

    born: date | None = None
    today: date
    """Set by the view, before it validates."""

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        try:
            self.born = self._read_born()
        except StopValidation:
            return False
        return valid

    def recall(self, born: date | None) -> None:
        """Show a birth date that was typed before."""
        if born:
            self.month.data, self.day.data, self.year.data = str(born.month), str(born.day), f"{born.year:04}"

    def say_of_name(self) -> None:
        self.first_name.errors = [NAME_WRONG]

    def say_of_impossible_birth_date(self) -> None:
        self.year.errors = [_("Check the year of birth: nobody is that old")]

    def say_of_same_child(self) -> None:
        self.first_name.errors = [_("A child with this name and date of birth is here already")]

    def _read_born(self) -> date:
        given = {"month": self.month.data, "day": self.day.data, "year": self.year.data}
        if not any(given.values()):
            self._wrong("month", _("Enter the date of birth"))
        missing = {
            "month": _("The date of birth must include a month"),
            "day": _("The date of birth must include a day"),
            "year": _("The date of birth must include a year"),
        }
        for part, sentence in missing.items():
            if not given[part]:
                self._wrong(part, sentence)
        if len(given["year"]) != YEAR_DIGITS or not given["year"].isdecimal():
            self._wrong("year", _("The year must have 4 digits"))
        try:
            born = date(int(given["year"]), int(given["month"]), int(given["day"]))
        except ValueError:
            self._wrong("month", _("The date of birth must be a real date"))
        if born > self.today:
            self._wrong("year", _("The date of birth must be in the past"))
        return born

    def _wrong(self, part: str, sentence: object) -> None:
        self[part].errors = [sentence]
        raise StopValidation


class OneselfForm(BornForm, CopyByMail):
    """Somebody of age, who signs for themselves."""

    first_name = name_field(_("Your first name"), _("your first name"))
    last_name = name_field(_("Your last name"), _("your last name"))

    @property
    def typed_signer(self) -> dict[str, Any]:
        """The same person, as the one who signs."""
        born = self.born or self.today
        of_age = YES if age_in_years(born, self.today) >= YEARS_OF_MINORITY else NO
        names = {"first_name": self.first_name.data, "last_name": self.last_name.data}
        return names | {"relationship": "self", "of_age": of_age, "authority": True, "email": email_in(self)}


def email_in(form: CopyByMail) -> str:
    return (form.email.data or "") if "email" in form else ""


class ForWhomForm(FlaskForm):
    """One tap: the button is the answer."""

    whom = RadioField(
        _("For whom do you sign?"),
        choices=[SelectChoice("children", _("For my child or children")), SelectChoice("self", _("For myself"))],
        validators=[Chosen(_("for whom you sign"))],
    )
