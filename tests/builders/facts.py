"""What does a valid patron's file look like? Each builder gives a whole thing; a test says only what differs.

Without more said: a ten-year-old with a mother and a father since birth, Facebook and Instagram long approved, and
it is noon on 15 September 2026 in Phoenix.
"""

from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from consent.domain.facts import Consent, Facts, Guardianship, Hold, Patron, Platform, Question, Signer, Withdrawal
from consent.domain.vocabulary import Answer, Channel, Use

PHOENIX: Final = ZoneInfo("America/Phoenix")
MOTHER: Final = "mother"
FATHER: Final = "father"
FACEBOOK: Final = frozenset({"facebook"})
CAMP: Final = frozenset({"camp"})
BOTH_CHANNELS: Final = frozenset(channel.value for channel in Channel)


def on(day: str, hour: int = 0) -> datetime:
    """An instant in the registry's zone: the start of a day, or an hour of it."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time().replace(hour=hour), PHOENIX)


NOW: Final = on("2026-09-15", 12)
THIS_MORNING: Final = on("2026-09-15", 8)
LONG_APPROVED: Final = {"facebook": Platform(on("2020-01-01")), "instagram": Platform(on("2020-01-01"))}


def a_patron(born: str | None = "2016-03-10", *, adult: bool = False, emancipated: str | None = None) -> Patron:
    return Patron(
        born=date.fromisoformat(born) if born else None,
        adult=adult,
        emancipated_on=date.fromisoformat(emancipated) if emancipated else None,
    )


def a_guardianship(
    guardian: Signer = MOTHER, since: str = "2000-01-01", until: str | None = None, **changes: Any
) -> Guardianship:
    return Guardianship(guardian, on(since), on(until) if until else None, **changes)


def a_consent(answer: Answer, signer: Signer, signed: str, uses: tuple[Use, ...], **changes: Any) -> Consent:
    """Witnessed as it was signed, on the department's accounts, on all platforms, in all programs, for ever."""
    signed_at = changes.pop("signed_at", on(signed))
    given: dict[str, Any] = {
        "id": f"{signer or 'self'}-{answer}-{signed}",
        "signer": signer,
        "signed_at": signed_at,
        "witnessed_at": signed_at,
        "answers": dict.fromkeys(uses, answer),
    }
    return Consent(**(given | changes))


def a_yes(
    signer: Signer = MOTHER, signed: str = "2026-01-10", uses: tuple[Use, ...] = tuple(Use), **changes: Any
) -> Consent:
    return a_consent(Answer.YES, signer, signed, uses, **changes)


def a_no(
    signer: Signer = MOTHER, signed: str = "2026-05-10", uses: tuple[Use, ...] = tuple(Use), **changes: Any
) -> Consent:
    return a_consent(Answer.NO, signer, signed, uses, **changes)


def a_withdrawal(signer: Signer = MOTHER, day: str = "2026-05-10", *uses: Use, **changes: Any) -> Withdrawal:
    return Withdrawal(**({"signer": signer, "at": on(day), "uses": frozenset(uses) or None} | changes))


def a_hold(since: str = "2026-08-01", until: str | None = None) -> Hold:
    return Hold(on(since), on(until) if until else None)


Thing = Patron | Guardianship | Consent | Withdrawal | Hold


def facts(*things: Thing, platforms: dict[str, Platform] | None = None, parents: bool = True) -> Facts:
    """A guardianship given for a parent stands in place of that parent's usual one."""
    guardianships = [thing for thing in things if isinstance(thing, Guardianship)]
    named = {guardianship.guardian for guardianship in guardianships}
    usual = [a_guardianship(parent) for parent in (MOTHER, FATHER) if parents and parent not in named]
    return Facts(
        patron=next((thing for thing in things if isinstance(thing, Patron)), a_patron()),
        zone=PHOENIX,
        guardianships=(*usual, *guardianships),
        consents=tuple(thing for thing in things if isinstance(thing, Consent)),
        withdrawals=tuple(thing for thing in things if isinstance(thing, Withdrawal)),
        holds=tuple(thing for thing in things if isinstance(thing, Hold)),
        platforms=LONG_APPROVED if platforms is None else platforms,
    )


def ask(use: str = Use.PHOTO, platform: str | None = None, **changes: Any) -> Question:
    """About a photo, now, on every approved platform, tied to no program, on the department's accounts."""
    given: dict[str, Any] = {"use": use, "at": NOW, "platform": platform}
    return Question(**(given | changes))
