"""What does a family answer for one person: yes or no to each use, and within which limits?"""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from consent.domain.signing import LONGEST_ACCOUNT
from consent.domain.vocabulary import Answer, Channel, Use
from consent.wording import USES
from forms.fields import AtMost, trimmed

ALL, SOME = "all", "some"
DEPARTMENT_ONLY, ALSO_PERSONAL = Channel.DEPARTMENT.value, f"{Channel.DEPARTMENT} {Channel.PERSONAL}"
AT = "at-"
GROUPS = (
    (_("Taking"), (Use.RECORD,)),
    (_("Showing"), (Use.PHOTO, Use.VIDEO, Use.NAME, Use.REPOST)),
    (_("Contacting"), (Use.TAG, Use.FRIEND, Use.FOLLOW, Use.MESSAGE)),
)
"""The rows in the order of the page."""


class AnswersForm(FlaskForm):
    """One row for each use of the form version; made by `answers_form`. Nothing is chosen beforehand."""

    @property
    def answers(self) -> dict[Use, Answer]:
        """What was answered so far, with what follows from it."""
        given = {Use(name): Answer(field.data) for name, field in self._rows() if field.data in set(Answer)}
        if given.get(Use.RECORD) is Answer.NO and Use.VIDEO in self:
            given[Use.VIDEO] = Answer.NO
        return given

    def recall(self, answers: Mapping[Use, Answer]) -> None:
        for name, field in self._rows():
            field.data = answers.get(Use(name))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        self.recall(self.answers)
        return super().validate(extra_validators)

    def _rows(self) -> list[tuple[str, Any]]:
        return [(field.short_name, field) for field in self if field.short_name in set(Use)]


def answers_form(uses: Collection[Use], **given: Any) -> AnswersForm:
    """The rows of these uses."""
    rows = {
        use.value: RadioField(
            _(USES[use]),
            choices=[SelectChoice(Answer.YES.value, _("Yes")), SelectChoice(Answer.NO.value, _("No"))],
            validators=[InputRequired(_("Choose yes or no: %(use)s", use=_(USES[use])))],
            validate_choice=False,
        )
        for _group, group in GROUPS
        for use in group
        if use in uses
    }
    return type("AnswersForm", (AnswersForm,), rows)(**given)


class Ticks(SelectMultipleField):
    """Several of a list, each with a box of its own."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class LimitsForm(FlaskForm):
    """Where the yeses count. Whoever passes it by has the widest platforms and programs, and the narrowest accounts."""

    where = RadioField(
        _("On which platforms?"),
        choices=[
            SelectChoice(ALL, _("On every platform that the department has approved")),
            SelectChoice(SOME, _("Only on these")),
        ],
        default=ALL,
    )
    platforms = Ticks(_("Platforms"))
    whose = RadioField(
        _("On whose accounts?"),
        choices=[
            SelectChoice(DEPARTMENT_ONLY, _("Only the department's own accounts")),
            SelectChoice(ALSO_PERSONAL, _("Also any employee's own account, outside work time")),
        ],
        default=DEPARTMENT_ONLY,
    )
    what_for = RadioField(
        _("For which programs?"),
        choices=[SelectChoice(ALL, _("For every program and event")), SelectChoice(SOME, _("Only for these"))],
        default=ALL,
    )
    programs = Ticks(_("Programs"))

    def offer(self, *, platforms: Mapping[str, str], programs: Mapping[str, str]) -> None:
        self.platforms.choices = [SelectChoice(key, name) for key, name in platforms.items()]
        self.programs.choices = [SelectChoice(key, name) for key, name in programs.items()]

    def recall(self, limits: Mapping[str, Any]) -> None:
        """Show limits that were chosen before; None is no limit."""
        self.where.data = ALL if limits["platforms"] is None else SOME
        self.platforms.data = limits["platforms"] or []
        self.what_for.data = ALL if limits["programs"] is None else SOME
        self.programs.data = limits["programs"] or []
        self.whose.data = " ".join(limits["channels"])

    @property
    def limits(self) -> dict[str, Any]:
        return {
            "platforms": None if self.where.data == ALL else self.platforms.data,
            "programs": None if self.what_for.data == ALL else self.programs.data,
            "channels": self.whose.data.split(),
        }

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if self.where.data == SOME and not self.platforms.data:
            self.platforms.errors = [_("Choose at least one platform, or every platform")]
            valid = False
        if self.what_for.data == SOME and not self.programs.data:
            self.programs.errors = [_("Choose at least one program, or every program")]
            valid = False
        return valid


class AccountsForm(FlaskForm):
    """The account names that a tag, a friend request or a follow needs; made by `accounts_form`."""

    @property
    def accounts(self) -> dict[str, str]:
        return {key: self[AT + key].data for key in self.platforms if self[AT + key].data}

    platforms: Collection[str] = ()


def accounts_form(platforms: Mapping[str, str], kept: Mapping[str, str], **given: Any) -> AccountsForm:
    """One field for each of these platforms, with what was typed before."""
    typing: dict[str, Any] = {
        "autocapitalize": "none", "autocomplete": "off", "autocorrect": "off", "spellcheck": "false",
        "maxlength": LONGEST_ACCOUNT,
    }  # fmt: skip
    fields: dict[str, Any] = {
        AT + key: StringField(name, filters=[trimmed], validators=[AtMost(LONGEST_ACCOUNT)], render_kw=typing)
        for key, name in platforms.items()
    }
    made = type("AccountsForm", (AccountsForm,), fields | {"platforms": tuple(platforms)})
    return made(data={AT + key: account for key, account in kept.items()}, **given)
