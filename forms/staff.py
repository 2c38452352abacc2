"""What is asked about a member of staff: who they are, what they may do, and until when?"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, Form, RadioField, SearchField, SelectChoice, SelectField, StringField

from consent.domain.authorizations import AccessLevel
from consent.domain.permissions import Role
from consent.domain.registers import StaffKind
from consent.wording import ACCESS_LEVELS, ROLES, STAFF_KINDS, say
from forms.corrections import BasedOnForm, Said, put_day
from forms.fields import AtMost, Chosen, Required, trimmed
from forms.keeping import NAME_AT_MOST, day, name
from forms.sign_in import EMAIL_AT_MOST
from forms.withdrawals import Ticks

ROLES_OF = "roles-"
Roles = frozenset[Role]


class StaffForm(BasedOnForm):
    """A colleague's name, roles, programs and last day. The e-mail address they sign in with never changes."""

    name = name(_("Name"), _("the name"))
    kind = SelectField(
        _("How do they work for the department?"),
        description=_("The policy holds for all of them alike."),
        default=StaffKind.EMPLOYEE.value,
    )
    roles = Ticks(_("Roles"), validators=[Chosen(_("one role at least"))])
    programs = Ticks(_("Which programs do they lead?"), description=_("Only for the role of a program lead."))
    last_day = day(
        _("Last day"), description=_("Leave it empty if they stay. From the midnight that ends it they are out.")
    )

    def offer(self, programs: Iterable[tuple[str, str]], *, language: str) -> None:
        self.roles.choices = [SelectChoice(role.value, say(label, language)) for role, label in ROLES.items()]
        self.programs.choices = [SelectChoice(*each) for each in programs]
        self.kind.choices = [SelectChoice(kind.value, say(label, language)) for kind, label in STAFF_KINDS.items()]

    def fill(self, said: Said) -> None:
        self.name.data, self.kind.data = said["name"], said["kind"]
        self.roles.data, self.programs.data = said["roles"], said["programs"]
        put_day(self.last_day, said["last_day"])

    @property
    def chosen_kind(self) -> StaffKind:
        return StaffKind(self.kind.data)

    @property
    def chosen_roles(self) -> Roles:
        return frozenset(Role(role) for role in self.roles.data or ())


class NewStaffForm(StaffForm):
    """Somebody who starts to work with the registry."""

    email = EmailField(
        _("Email address"),
        description=_("They sign in with it."),
        filters=[trimmed],
        validators=[Required(_("the email address")), AtMost(EMAIL_AT_MOST)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class OwnNameForm(BasedOnForm):
    """All that somebody may change about themself."""

    name = name(_("Name"), _("the name"))

    def fill(self, said: Said) -> None:
        self.name.data = said["name"]


class StaffFilterForm(Form):
    """Whom to show: a question in an address, which changes nothing."""

    q = SearchField(_("Name or email address"), filters=[trimmed], validators=[AtMost(NAME_AT_MOST)])


class RoleTicks(Ticks):
    """One person's line of the matrix."""

    def __init__(self, label: str, **options: object) -> None:
        super().__init__(label, choices=[SelectChoice(role.value, role.value) for role in Role], **options)

    @property
    def staff_id(self) -> int:
        return int(self.name.removeprefix(ROLES_OF))

    @property
    def ticked(self) -> Roles:
        return frozenset(Role(role) for role in self.data or ())


class RolesForm(BasedOnForm):
    """Everybody's roles at once. It is based on the roles that each had, by their number."""

    def fill(self, on_file: Mapping[int, Roles]) -> None:
        for line in self.lines:
            line.data = sorted(on_file[line.staff_id])
        self._base_on_roles(on_file)

    def take_over(self, on_file: Mapping[int, Roles]) -> None:
        """What somebody else changed meanwhile, but for the lines that were changed here too."""
        for line in self.lines:
            if line.ticked == self._was(line):
                line.data = sorted(on_file[line.staff_id])
        self._base_on_roles(on_file)

    @property
    def changed(self) -> dict[int, tuple[Roles, Roles]]:
        """(was, becomes) of each person whose ticks were changed."""
        said = {line.staff_id: (self._was(line), line.ticked) for line in self.lines}
        return {staff_id: (was, becomes) for staff_id, (was, becomes) in said.items() if was != becomes}

    def of(self, staff_id: int) -> RoleTicks | None:
        """Nobody has a line of their own to change."""
        found: RoleTicks | None = self._fields.get(f"{ROLES_OF}{staff_id}")
        return found

    @property
    def lines(self) -> Sequence[RoleTicks]:
        return [field for field in self if isinstance(field, RoleTicks)]

    def _was(self, line: RoleTicks) -> Roles:
        return frozenset(Role(role) for role in self.was.get(str(line.staff_id), ()) if role in set(Role))

    def _base_on_roles(self, on_file: Mapping[int, Roles]) -> None:
        self.base_on({str(line.staff_id): sorted(on_file[line.staff_id]) for line in self.lines})


def roles_form(people: Iterable[tuple[int, str]]) -> type[RolesForm]:
    """With a line for each of these, given as (number, name)."""
    return type("RolesFormHere", (RolesForm,), {f"{ROLES_OF}{key}": RoleTicks(shown) for key, shown in people})


class PostingForm(FlaskForm):
    """From which account of the department shall somebody be able to post? A director decides."""

    platform = SelectField(_("Platform"), validators=[Chosen(_("a platform"))], validate_choice=False)
    account = StringField(
        _("Account of the department"),
        description=_("As it is called there, such as: @cityparks."),
        filters=[trimmed],
        validators=[Required(_("the account")), AtMost(NAME_AT_MOST)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    access = RadioField(_("What may they do with it?"), validators=[Chosen(_("what they may do with it"))])
    last_day = day(_("Last day"), thing=_("the last day"), description=_("It ends by itself at the midnight after it."))

    def offer(self, platforms: Iterable[tuple[str, str]], *, language: str) -> None:
        choices = [SelectChoice(*each) for each in platforms]
        self.platform.choices = [SelectChoice("", _("Choose a platform")), *choices]
        self.access.choices = [SelectChoice(level.value, say(said, language)) for level, said in ACCESS_LEVELS.items()]

    @property
    def level(self) -> AccessLevel:
        return AccessLevel(self.access.data)

    @property
    def until(self) -> date:
        return cast(date, self.last_day.data)
