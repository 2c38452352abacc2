"""Which fields do the forms of the registers share? A colleague, a program, and texts in both languages."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import SelectChoice, SelectField, TextAreaField

from forms.fields import AtMost, Chosen, Required, trimmed

Choices = Iterable[tuple[str, str]]


def person() -> SelectField:
    return SelectField(_("Who?"), coerce=number, validators=[Chosen(_("a colleague"))], validate_choice=False)


def program() -> SelectField:
    return SelectField(_("Program"), validators=[Chosen(_("a program"))], validate_choice=False)


def text(label: object, thing: object, *, at_most: int, description: object = "") -> TextAreaField:
    return TextAreaField(
        label, description=description, filters=[trimmed], validators=[Required(thing), AtMost(at_most)]
    )


def offer_people(field: SelectField, people: Iterable[tuple[int, str]]) -> None:
    field.choices = [SelectChoice(0, _("Choose a colleague")), *(SelectChoice(*each) for each in people)]


def offer_programs(field: SelectField, programs: Choices) -> None:
    field.choices = [SelectChoice("", _("Choose a program")), *(SelectChoice(*each) for each in programs)]


def number(typed: object) -> int:
    """Nobody has the number 0."""
    said = str(typed or "")
    return int(said) if said.isascii() and said.isdigit() else 0
