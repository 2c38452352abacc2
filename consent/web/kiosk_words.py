"""How does the kiosk say it: in both languages until one is chosen, and what was chosen in one line?"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby

from flask.sansio.app import App
from flask_babel import format_date, gettext

from consent import wording
from consent.domain.form_sheets import ITEM
from consent.domain.signing import NEEDS_ACCOUNT, TypedPatron
from consent.domain.vocabulary import Answer, Channel, Language, Use
from consent.services.kiosk_choices import Choices
from consent.web.language import say
from consent.wording import CHANNELS, RELATIONSHIPS, USE_MEANINGS, USES, _
from forms.kiosk import SIGNS_AS

HELP = _("Help: ask the desk")
START = _("May we show you or your child on social media?")
START_TOLD = _("You decide, line by line. It takes about two minutes.")
NOT_WORKING = _("This kiosk is not working. Please go to the desk.")
NOT_A_KIOSK = _("This device is not a kiosk. Please go to the desk.")
DID_NOT_WORK = _("This did not work. Please start again, or go to the desk.")
NOT_SAVED = _("Not saved yet. Tap again: it will not be saved twice.")
SEND_AGAIN = _("Send it again")
FINISHED = _("This is finished")
FINISHED_TOLD = _("Nothing of what was typed here is left on this device.")
SAVED_BEFORE = _("What you signed is saved. Your reference number:")
TO_START = _("To the first page")


def init_kiosk_words(app: App) -> None:
    app.jinja_env.globals.update(
        Answer=Answer,
        RELATIONSHIPS=RELATIONSHIPS,
        USE_MEANINGS=USE_MEANINGS,
        in_both=in_both,
        kiosk_day=kiosk_day,
        limits_of=limits_of,
        named=named,
        runs=runs,
        signs_as=dict(SIGNS_AS),
        wants_account=wants_account,
    )


def in_both(message: str) -> list[tuple[Language, str]]:
    """The sentence in each language, for whoever has not chosen one."""
    return [(language, wording.say(message, language)) for language in Language]


def named(uses: Iterable[str]) -> str:
    """Uses in one line, in the order of the form."""
    return ", ".join(say(USES[Use(use)]) for use in uses)


def kiosk_day(day: str | date) -> str:
    return format_date(date.fromisoformat(day) if isinstance(day, str) else day, "long")


def limits_of(patron: TypedPatron, offered: Choices) -> list[str]:
    """Where a yes counts, a line for each limit."""
    return [
        gettext("Every approved platform")
        if patron.platforms is None
        else _listed(patron.platforms, offered.platforms),
        "; ".join(say(CHANNELS[Channel(channel)]) for channel in patron.channels),
        gettext("Every program") if patron.programs is None else _listed(patron.programs, offered.programs),
    ]


def wants_account(patron: TypedPatron) -> bool:
    return any(patron.answers.get(use) is Answer.YES for use in NEEDS_ACCOUNT)


def runs(lines: Collection[str]) -> Iterator[tuple[bool, list[str]]]:
    """The lines of a section in runs: items of one list together."""
    for dashed, run in groupby(lines, key=lambda line: line.startswith(ITEM)):
        yield dashed, [line.removeprefix(ITEM) for line in run]


def _listed(keys: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(key, key) for key in keys)
