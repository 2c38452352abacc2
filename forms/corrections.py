"""What may be corrected about a person, and on what was the form based when it was opened?"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, StringField

from consent.domain.exchange.lines import GuardianLine, PatronLine
from forms.fields import AtMost, trimmed
from forms.guardianships import PLAIN, email, phone
from forms.keeping import day, name, reason

Said = Mapping[str, Any]
ACCOUNT = "account-"
ACCOUNT_AT_MOST = 200
WHY = _("Such as: misspelled; the birth certificate says otherwise. It is kept with the change.")


class BasedOnForm(FlaskForm):
    """Remembers what was on file when it was opened, so that nobody overwrites what they never saw."""

    based_on = HiddenField()

    def base_on(self, said: Said) -> None:
        self.based_on.data = json.dumps(said, sort_keys=True)

    @property
    def was(self) -> Said:
        """Nothing at all where it was bent on its way: then it counts as changed."""
        try:
            said = json.loads(self.based_on.data or "")
        except (ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}


class PatronForm(BasedOnForm):
    """A patron's names, age and accounts."""

    first_name = name(_("First name"), _("the first name"))
    last_name = name(_("Last name"), _("the last name"))
    born = day(_("Birth date"), description=_("Leave it empty if it is not known."))
    adult = BooleanField(_("Declared to be of age, where the birth date is not known"))
    emancipated_on = day(_("Emancipated on"), description=_("Only by a court's order."))
    order_seen = BooleanField(_("I have seen the order of emancipation"))
    reason = reason(_("Why is it changed?"), description=WHY)

    def fill(self, said: Said) -> None:
        self.first_name.data, self.last_name.data = said["first_name"], said["last_name"]
        put_day(self.born, said.get("born"))
        put_day(self.emancipated_on, said.get("emancipated_on"))
        self.adult.data = said["adult"]
        accounts = said.get("handles", {})
        for field in self.accounts:
            field.data = accounts.get(field.name.removeprefix(ACCOUNT), "")

    def line(self, on_file: PatronLine) -> PatronLine:
        """As it becomes."""
        accounts = [(field.name.removeprefix(ACCOUNT), field.data) for field in self.accounts if field.data]
        return replace(
            on_file,
            first_name=self.first_name.data,
            last_name=self.last_name.data,
            born=self.born.data,
            adult=self.adult.data,
            emancipated_on=self.emancipated_on.data,
            handles=tuple(sorted(accounts)),
        )

    @property
    def accounts(self) -> Sequence[Field]:
        return [field for field in self if field.name.startswith(ACCOUNT)]


def patron_form(platforms: Iterable[tuple[str, str]]) -> type[PatronForm]:
    """With a field for the account on each of these platforms, given as (id, name)."""
    fields = {
        ACCOUNT + key: StringField(
            _("Account on %(platform)s", platform=shown),
            filters=[trimmed],
            validators=[AtMost(ACCOUNT_AT_MOST)],
            render_kw=PLAIN,
        )
        for key, shown in platforms
    }
    return type("PatronFormHere", (PatronForm,), fields)


class GuardianForm(BasedOnForm):
    """A guardian's names and how to reach them."""

    first_name = name(_("First name"), _("the first name"))
    last_name = name(_("Last name"), _("the last name"))
    email = email()
    phone = phone()
    reason = reason(_("Why is it changed?"), description=WHY)

    def fill(self, said: Said) -> None:
        self.first_name.data, self.last_name.data = said["first_name"], said["last_name"]
        self.email.data, self.phone.data = said.get("email"), said.get("phone")

    def line(self, on_file: GuardianLine) -> GuardianLine:
        return replace(
            on_file,
            first_name=self.first_name.data,
            last_name=self.last_name.data,
            email=self.email.data or None,
            phone=self.phone.data or None,
        )


def put_day(field: Field, written: str | None) -> None:
    """In place of what was typed, which such a field would show first."""
    field.data = date.fromisoformat(written) if written else None
    field.raw_data = None
