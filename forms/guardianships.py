"""What is asked before somebody becomes a guardian, and before a guardianship ends?"""

from collections.abc import Sequence
from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, RadioField, SelectChoice, StringField, TelField
from wtforms.validators import Optional

from consent.domain.authority import Authority
from consent.domain.vocabulary import Relationship
from consent.wording import RELATIONSHIPS, say
from forms.fields import AtMost, Chosen, is_email, trimmed
from forms.keeping import NAME_AT_MOST, FormReference, day, moment, reason

BY_NUMBER, SOMEBODY_NEW = "by:number", "by:new"
"""Beside the numbers of the family's guardians; no number of ours looks like these."""
PLAIN = {"autocomplete": "off", "spellcheck": "false"}


def email() -> EmailField:
    return EmailField(_("Email address"), filters=[trimmed], validators=[Optional(), AtMost(320), is_email])


def phone() -> TelField:
    return TelField(_("Phone number"), filters=[trimmed], validators=[Optional(), AtMost(64)])


class GuardianshipForm(FlaskForm):
    """Who, what makes them a guardian, for how long, and what the desk has seen."""

    reference = FormReference()
    who = RadioField(_("Who is the guardian?"), validators=[Chosen(_("who the guardian is"))])
    number = StringField(_("Number of the guardian"), filters=[trimmed], validators=[AtMost(64)], render_kw=PLAIN)
    first_name = StringField(_("First name"), filters=[trimmed], validators=[AtMost(NAME_AT_MOST)], render_kw=PLAIN)
    last_name = StringField(_("Last name"), filters=[trimmed], validators=[AtMost(NAME_AT_MOST)], render_kw=PLAIN)
    email = email()
    phone = phone()
    relationship = RadioField(_("What makes them a guardian?"), validators=[Chosen(_("what makes them a guardian"))])
    since = day(_("First day"), thing=_("the first day"))
    until = day(
        _("Last day"),
        description=_(
            "A power of attorney needs one, at most six months on. Else leave it empty: it moves earlier, never later."
        ),
    )
    active_duty = BooleanField(_("Power of attorney of somebody on active military duty: twelve months at most"))
    order_seen = BooleanField(_("I have seen the order or the power of attorney"))
    beyond_majority = BooleanField(_("A court's order says that it continues past the age of 18"))

    def offer(self, family: Sequence[tuple[str, str]], *, language: str) -> None:
        """The family's guardians, and the words in the language of the page."""
        self.who.choices = [
            *(SelectChoice(number, name) for number, name in family),
            SelectChoice(BY_NUMBER, _("Another guardian, by their number")),
            SelectChoice(SOMEBODY_NEW, _("Somebody new")),
        ]
        self.relationship.choices = [
            SelectChoice(relationship.value, say(label, language)) for relationship, label in RELATIONSHIPS.items()
        ]

    def validate(self, extra_validators: object = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if self.who.data == BY_NUMBER and not self.number.data:
            self.number.errors = [_("Enter the number of the guardian")]
            return False
        if self.who.data == SOMEBODY_NEW:
            for field, missing in (
                (self.first_name, _("Enter the first name")),
                (self.last_name, _("Enter the last name")),
            ):
                if not field.data:
                    field.errors, valid = [missing], False
        return valid

    @property
    def authority(self) -> Authority:
        return Authority(
            Relationship(self.relationship.data),
            cast(date, self.since.data),
            self.until.data,
            active_duty=self.active_duty.data,
            order_seen=self.order_seen.data,
            beyond_majority=self.beyond_majority.data,
        )


class EndForm(FlaskForm):
    """Why, from when, and whether the desk has seen an order."""

    reason = reason(_("Why does it end?"), description=_("Such as: ended by a court; the power of attorney ran out."))
    until = moment(
        _("From when?"), description=_("Leave it empty for now. Afterwards it can be moved earlier, never later.")
    )
    order_seen = BooleanField(_("I have seen the court's order"))
