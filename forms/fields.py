"""Which fields and checks do forms share? Each says what to do next, built from the name of what is missing."""

from collections.abc import Sequence

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _
from wtforms import Field, Form
from wtforms.validators import DataRequired, Length, StopValidation
from wtforms.widgets import ListWidget


class Required(DataRequired):
    """Says 'Enter your password', made from 'your password'."""

    def __init__(self, thing: object) -> None:
        super().__init__(_("Enter %(thing)s", thing=thing))


class Chosen(DataRequired):
    """Says 'Choose a platform', made from 'a platform'."""

    def __init__(self, thing: object) -> None:
        super().__init__(_("Choose %(thing)s", thing=thing))


class AtMost(Length):
    """A length that no honest answer needs."""

    def __init__(self, characters: int) -> None:
        super().__init__(max=characters, message=_("Use %(max)d characters or fewer"))


class AtLeast(Length):
    def __init__(self, characters: int) -> None:
        super().__init__(min=characters, message=_("Use %(min)d characters or more"))


def trimmed(text: str | None) -> str | None:
    """Without the spaces around it, which nobody means."""
    return text.strip() if text else text


def errors_of(form: Form) -> Sequence[tuple[Field | None, str]]:
    """Each error with its field, in the order of the page; those of the whole form first."""
    whole = [(None, str(error)) for error in form.form_errors]
    return [*whole, *((field, str(error)) for field in form for error in field.errors)]


def landing(field: Field) -> str:
    """Where a link to the field leads: a group cannot take the focus, its first choice can."""
    return f"{field.id}-0" if isinstance(field.widget, ListWidget) else str(field.id)


def ties(field: Field) -> dict[str, str]:
    """What ties a field to its hint and its error for a screen reader, which WTForms leaves out."""
    told = [f"{field.id}-hint"] if str(field.description).strip() else []
    wrong = [f"{field.id}-error"] if field.errors else []
    described = {"aria-describedby": " ".join(told + wrong)} if told or wrong else {}
    return described | ({"aria-invalid": "true"} if wrong else {})


def is_email(_form: Form, field: Field) -> None:
    """Its shape only: whether somebody reads it, nobody can tell from here."""
    try:
        validate_email(field.data, check_deliverability=False)
    except EmailNotValidError:
        raise StopValidation(_("Enter an email address, such as name@example.org")) from None
