"""What does the front desk decide about a signing: who each typed person is, how it knows the signer, or why not?"""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    Form,
    RadioField,
    SearchField,
    SelectChoice,
    SelectField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional, StopValidation

from consent.domain.vocabulary import Relationship
from consent.wording import IDENTIFICATIONS, say
from forms.fields import AtMost, Chosen, Required, trimmed

NEW = "new"
ON_FILE = "on-file:"
REASON_AT_MOST = 500
TYPED_AT_MOST = 300

Choices = Sequence[tuple[str, object]]


class WitnessForm(FlaskForm):
    """One signing. Its fields for each child are added by `witness_form`."""

    def of(self, what: str, number: int) -> Field:
        """The field for the child of that number."""
        return self[f"{what}_{number}"]

    def chosen(self, number: int) -> str | None:
        """The id of the record chosen for a child; None for a new one."""
        return _on_file(self.of("person", number).data)

    @property
    def chosen_guardian(self) -> str | None:
        return _on_file(self["guardian"].data) if "guardian" in self._fields else None


class LastDay(DateField):
    """Says what a date looks like, however it was typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as wrong:
            raise ValueError(_("Enter a real date, such as 12/31/2026")) from wrong


class OrderSeen:
    """Says what to do where nobody has seen the order."""

    def __call__(self, _form: Form, field: Field) -> None:
        if field.data not in {"yes", "no"}:
            raise StopValidation(_("Say whether you have seen the order"))


def witness_form(
    people: Sequence[Choices],
    guardians: Choices | None,
    *,
    relationship: Relationship | None,
    programs: Choices,
    language: str,
    on_paper: bool = False,
) -> WitnessForm:
    """The form for these children. Each is one of the people offered, or somebody new; so is the guardian, if any."""
    fields: dict[str, Any] = {}
    for number, offered in enumerate(people, start=1):
        fields[f"person_{number}"] = RadioField(
            _("Who is this?"), choices=_listed(offered), validators=[Chosen(_("who this is"))]
        )
        fields[f"find_{number}"] = SearchField(
            _("Look for somebody else"),
            description=_("A name or a number"),
            filters=[trimmed],
            validators=[AtMost(TYPED_AT_MOST)],
            render_kw={"autocomplete": "off", "spellcheck": "false"},
        )
        fields[f"program_{number}"] = SelectField(
            _("Enroll in a program"), choices=_listed([("", _("No")), *programs]), default=""
        )
    if guardians is not None:
        fields["guardian"] = RadioField(
            _("Who is the signer?"), choices=_listed(guardians), validators=[Chosen(_("who the signer is"))]
        )
    if on_paper:
        fields["compared"] = BooleanField(
            _("I compared names, dates, answers, limits and the signature with the scan"),
            validators=[InputRequired(_("Compare everything with the scan, then tick that you did"))],
        )
    else:
        fields["identified_by"] = RadioField(
            _("How do you know the signer?"),
            description=_("Never write down a document's number, and never copy it."),
            choices=_listed([(way.value, say(told, language)) for way, told in IDENTIFICATIONS.items()]),
            validators=[Chosen(_("how you know the signer"))],
        )
    if relationship not in {None, Relationship.PARENT}:
        fields["order_seen"] = RadioField(
            _("Have you seen the order or the power of attorney?"),
            choices=_listed([("yes", _("Yes")), ("no", _("No"))]),
            validators=[OrderSeen()],
        )
    if relationship is Relationship.POWER_OF_ATTORNEY:
        fields["last_day"] = LastDay(
            _("Last day of the power of attorney"),
            description=_("As the paper says. No more than 6 months from the signing; 12 for a parent on active duty."),
            format=["%Y-%m-%d", "%m/%d/%Y"],
            validators=[Optional()],
        )
        fields["active_duty"] = BooleanField(_("The parent is on active military duty"))
    bound: type[WitnessForm] = type("BoundWitnessForm", (WitnessForm,), fields)
    return bound()


class RejectForm(FlaskForm):
    """Why a signing cannot be confirmed."""

    reason = TextAreaField(
        _("Why can it not be confirmed?"),
        description=_("Such as: nobody at the desk knows them, and they have no document with them."),
        filters=[trimmed],
        validators=[Required(_("the reason")), AtMost(REASON_AT_MOST)],
    )


class RejectPaperForm(RejectForm):
    """Why what was entered does not stand as it is."""

    reason = TextAreaField(
        _("Why can it not be confirmed?"),
        description=_("Such as: an answer was entered otherwise than it is ticked, or nobody signed the paper."),
        filters=[trimmed],
        validators=[Required(_("the reason")), AtMost(REASON_AT_MOST)],
    )


def _listed(choices: Choices) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in choices]


def _on_file(chosen: str | None) -> str | None:
    return chosen.removeprefix(ON_FILE) if chosen and chosen.startswith(ON_FILE) else None
