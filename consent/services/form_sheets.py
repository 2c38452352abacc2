"""What does the whole form say to this family? Everything that FORM_POINTS asks for, in the language they chose.

What a form version says is its own; who, what, where and until when is theirs; and what the law wants said on every
such form is said here, whatever a version left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from babel.dates import format_date

from consent.domain.form_sheets import ITEM, FormSheet, Section, paragraphs
from consent.domain.signing import Sitting, TypedPatron, last_day_shown
from consent.domain.vocabulary import Answer, Channel, Use
from consent.wording import CHANNELS, RELATIONSHIPS, USE_MEANINGS, USES, _, say

POLICY: Final = "6.5, III.k"


@dataclass(frozen=True, slots=True)
class ProgramDays:
    name: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class FormShown:
    """The form version in the sitting's language, and the names of what may be chosen, on the day it is signed."""

    department: str
    title: str
    version: int
    body: str
    platforms: Mapping[str, str]
    programs: Mapping[str, ProgramDays]
    signed_on: date
    on_paper: bool = False


THE_FORM: Final = _("This form")
WHO: Final = _("Who this is about, and who signs")
ANSWERS: Final = _("Answers for %(name)s")
TERMS: Final = _("The permission")
KNOW: Final = _("Please know")
RIGHT: Final = _("Your right to sign")
SCREEN: Final = _("Signing on a screen")
PAPER: Final = _("Signing on paper")
SIGNATURE: Final = _("Your signature")
COPY: Final = _("Your copy")

ASKED_BY: Final = _("%(department)s asks for this permission under the city's policy %(policy)s.")
VERSION: Final = _("Form: %(title)s, version %(version)s.")
PERSON: Final = _("Person shown or contacted: %(name)s, born %(day)s")
PERSON_ONLY: Final = _("Person shown or contacted: %(name)s")
SIGNER: Final = _("Signed by: %(name)s. Relationship: %(relationship)s")
SELF: Final = _("signs for themself")
YES: Final = _("YES")
NO: Final = _("NO")
LINE: Final = _("%(use)s: %(meaning)s Answer: %(answer)s")
ON_ACCOUNTS: Final = _("On whose accounts: %(accounts)s.")
ON_PLATFORMS: Final = _("On which platforms: %(platforms)s.")
ON_ALL_PLATFORMS: Final = _(
    "On which platforms: all that the department has approved today (%(platforms)s). "
    "One approved later needs a new yes."
)
IN_PROGRAMS: Final = _("For which programs: %(programs)s.")
IN_ALL_PROGRAMS: Final = _("For which programs: all programs and events.")
PROGRAM: Final = _("%(name)s (%(starts)s to %(ends)s)")
ACCOUNT: Final = _("Account on %(platform)s: %(account)s")
UNTIL: Final = _("A yes counts until and including %(day)s: 12 months at most.")
UNTIL_18: Final = _(
    "For a minor it ends on the 18th birthday, if that comes first. From then on they sign for themselves."
)
NOTHING_ALLOWED: Final = _("Every answer is no: nothing is permitted.")

RECALL: Final = _("Once something is on the internet it cannot be fully recalled: others may have copied it.")
NO_COST: Final = _("A no costs nothing. Taking part, prices and how we treat you are the same whatever you answer.")
WITHDRAW: Final = _(
    "You may take a yes back at any time, without a reason and without signing: at any front desk of %(department)s, "
    "or in writing to that address. Give the reference number that you get when you have signed. It counts at once."
)
PUBLIC: Final = _(
    "This form may be asked for as a public record under state law. "
    "Details of minors are blacked out as far as the law allows."
)
AUTHORITY: Final = _(
    "By signing you say that you have the authority (%(relationship)s) to sign for each person named above, that you "
    "are 18 or older, and that no court order says otherwise."
)
OWN_AUTHORITY: Final = _("By signing you say that you are the person named above, and that you are 18 or older.")
E_RECORD: Final = (
    _("You agree to sign this one record electronically, and nothing else."),
    _("You may have a paper form instead. Ask at the front desk: it costs nothing and counts the same."),
    _("Until you sign, you may change your mind about signing electronically. What you have signed stays signed."),
    _("To withdraw a permission, or to tell us a new address, ask at the front desk or write to the department."),
    _("A paper copy is free, today and later. Ask at the front desk."),
    _("To keep your copy you need a phone or computer that opens PDF files. If you can read this page, this one does."),
)
ON_PAPER: Final = (
    _("You sign this one paper. You may sign on a screen at the front desk instead: it counts the same."),
    _("The front desk keeps a scan of this paper, and a second person compares what was entered with it."),
    _("To withdraw a permission, or to tell us a new address, ask at the front desk or write to the department."),
)
INTENT: Final = _(
    "Your drawn mark or your typed name, with today's date, is your signature. Signing means that you intend it so."
)
PAPER_INTENT: Final = _(
    "Your signature by hand, with the date, is your signature. Signing means that you intend what is ticked above."
)
NAME_AND_DATE: Final = _("Name: %(name)s. Date: %(day)s.")
TAKE_COPY: Final = _(
    "You take a copy home on your own phone, by a code that works for 24 hours, or the front desk prints it. "
    "The original stays with %(department)s, where the city clerk may see it."
)
PAPER_COPY: Final = _(
    "The front desk gives you a copy, free of charge, today and later. "
    "The original stays with %(department)s, where the city clerk may see it."
)


def compose_form(sitting: Sitting, form: FormShown) -> FormSheet:
    """The whole form for this sitting, as it is reviewed, kept and copied."""
    return FormSheet(form.title, tuple(_Composer(sitting, form).sections()))


class _Composer:
    """One sitting's form in its language."""

    def __init__(self, sitting: Sitting, form: FormShown) -> None:
        self.sitting, self.form = sitting, form
        self.say = partial(say, language=sitting.language)

    def sections(self) -> Iterator[Section]:
        yield self._section(THE_FORM, self._form())
        yield self._section(WHO, self._who())
        for patron in self.sitting.patrons:
            heading = self.say(ANSWERS, name=_name(patron.first_name, patron.last_name))
            yield Section(heading, tuple(self._answers(patron)))
        yield self._section(TERMS, iter(paragraphs(self.form.body)))
        yield self._section(KNOW, self._know())
        yield self._section(RIGHT, self._right())
        paper = self.form.on_paper
        agreed = (ITEM + self.say(line) for line in (ON_PAPER if paper else E_RECORD))
        yield self._section(PAPER if paper else SCREEN, agreed)
        yield self._section(SIGNATURE, self._signature())
        copy = self.say(PAPER_COPY if paper else TAKE_COPY, department=self.form.department)
        yield self._section(COPY, iter([copy]))

    def _section(self, heading: str, lines: Iterator[str]) -> Section:
        return Section(self.say(heading), tuple(lines))

    def _form(self) -> Iterator[str]:
        yield self.say(ASKED_BY, department=self.form.department, policy=POLICY)
        yield self.say(VERSION, title=self.form.title, version=self.form.version)

    def _who(self) -> Iterator[str]:
        for patron in self.sitting.patrons:
            name = _name(patron.first_name, patron.last_name)
            yield (
                self.say(PERSON, name=name, day=self._day(patron.born))
                if patron.born
                else self.say(PERSON_ONLY, name=name)
            )
        yield self.say(SIGNER, name=self._signer(), relationship=self._relationship())

    def _answers(self, patron: TypedPatron) -> Iterator[str]:
        for use in (use for use in Use if use in patron.answers):
            answer = YES if patron.answers[use] is Answer.YES else NO
            line = self.say(LINE, use=self.say(USES[use]), answer=self.say(answer), meaning=self.say(USE_MEANINGS[use]))
            yield ITEM + line
        if not patron.said(Answer.YES):
            yield self.say(NOTHING_ALLOWED)
            return
        channels = (self.say(CHANNELS[Channel(channel)]) for channel in patron.channels)
        yield self.say(ON_ACCOUNTS, accounts="; ".join(channels))
        yield self._platforms(patron)
        yield from (
            self.say(ACCOUNT, platform=self.form.platforms.get(platform, platform), account=account)
            for platform, account in sorted(patron.accounts.items())
        )
        yield self._programs(patron)
        yield self.say(UNTIL, day=self._day(last_day_shown(self.form.signed_on, patron.born)))
        if self.sitting.signer.relationship:
            yield self.say(UNTIL_18)

    def _platforms(self, patron: TypedPatron) -> str:
        names = self.form.platforms
        if patron.platforms is None:
            return self.say(ON_ALL_PLATFORMS, platforms=", ".join(names.values()) or "–")
        return self.say(ON_PLATFORMS, platforms=", ".join(names[platform] for platform in patron.platforms))

    def _programs(self, patron: TypedPatron) -> str:
        if patron.programs is None:
            return self.say(IN_ALL_PROGRAMS)
        chosen = (self.form.programs[program] for program in patron.programs)
        days = (
            self.say(PROGRAM, name=each.name, starts=self._day(each.starts), ends=self._day(each.ends))
            for each in chosen
        )
        return self.say(IN_PROGRAMS, programs=", ".join(days))

    def _know(self) -> Iterator[str]:
        yield self.say(RECALL)
        yield self.say(NO_COST)
        yield self.say(WITHDRAW, department=self.form.department)
        yield self.say(PUBLIC)

    def _right(self) -> Iterator[str]:
        if self.sitting.signer.relationship:
            yield self.say(AUTHORITY, relationship=self._relationship())
        else:
            yield self.say(OWN_AUTHORITY)

    def _signature(self) -> Iterator[str]:
        yield self.say(PAPER_INTENT if self.form.on_paper else INTENT)
        yield self.say(NAME_AND_DATE, name=self._signer(), day=self._day(self.form.signed_on))

    def _signer(self) -> str:
        return _name(self.sitting.signer.first_name, self.sitting.signer.last_name)

    def _relationship(self) -> str:
        relationship = self.sitting.signer.relationship
        return self.say(RELATIONSHIPS[relationship] if relationship else SELF)

    def _day(self, day: date) -> str:
        return format_date(day, "long", locale=self.sitting.language.value)


def _name(first_name: str, last_name: str) -> str:
    return f"{first_name} {last_name}"
