"""Which fields do the forms share that keep the records right? Days, moments, reasons, and the mark of one form."""

import re
from datetime import date, datetime
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _
from wtforms import DateField, DateTimeLocalField, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, StopValidation

from consent.domain.card_codes import ALPHABET
from consent.domain.references import new_reference
from forms.fields import AtMost, Required, trimmed

NAME_AT_MOST = 128
REASON_AT_MOST = 1000
EARLIEST, LATEST = 1880, 2200
Day = TypeVar("Day", date, datetime)
REFERENCE = re.compile(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}")


class DayField(DateField):
    """A day as the browser's own picker gives it, or typed as YYYY-MM-DD."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            self.data = _sensible(date.fromisoformat(valuelist[0].strip()))
        except ValueError:
            self.data = None
            raise ValueError(_("Enter a real date, as year-month-day")) from None


class MomentField(DateTimeLocalField):
    """A day and a time on the registry's clock, without a zone."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            self.data = _sensible(datetime.fromisoformat(valuelist[0].strip()).replace(tzinfo=None))
        except ValueError:
            self.data = None
            raise ValueError(_("Enter a real date and time")) from None


class FormReference(HiddenField):
    """Made with the form: sent twice, it saves once."""

    data: str | None

    def __init__(self, **options: Any) -> None:
        super().__init__(default=new_reference, **options)

    def pre_validate(self, _form: Form) -> None:
        if not REFERENCE.fullmatch(self.data or ""):
            self.data = new_reference()

    def renew(self) -> None:
        """For what is meant to be saved beside what was saved before."""
        self.data = new_reference()


class IsThere(InputRequired):
    """Says 'Enter the first day' where nothing was entered, and leaves what could not be read to the field."""

    def __init__(self, thing: object) -> None:
        super().__init__(_("Enter %(thing)s", thing=thing))

    def __call__(self, form: Form, field: Any) -> None:
        if field.raw_data and field.raw_data[0].strip():
            if field.data is None:
                raise StopValidation
            return
        super().__call__(form, field)


def _sensible(typed: Day) -> Day:
    """Within the years that somebody means; beyond them a typing error, or the calendar's end."""
    if not EARLIEST <= typed.year <= LATEST:
        raise ValueError
    return typed


def day(label: object, *, thing: object = None, description: object = "") -> DayField:
    """Needed if it has a name for what to enter."""
    validators = [IsThere(thing)] if thing else [Optional()]
    return DayField(label, description=description, validators=validators, render_kw={"autocomplete": "off"})


def moment(label: object, *, description: object) -> MomentField:
    return MomentField(
        label,
        format=["%Y-%m-%dT%H:%M"],
        description=description,
        validators=[Optional()],
        render_kw={"autocomplete": "off"},
    )


def reason(label: object, *, description: object) -> TextAreaField:
    return TextAreaField(
        label,
        description=description,
        filters=[trimmed],
        validators=[Required(_("the reason")), AtMost(REASON_AT_MOST)],
    )


def name(label: object, thing: object) -> StringField:
    return StringField(
        label,
        filters=[trimmed],
        validators=[Required(thing), AtMost(NAME_AT_MOST)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
