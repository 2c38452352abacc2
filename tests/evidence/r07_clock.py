"""R7: is anybody a day too old or too young anywhere, and what does a clock that is wrong do to the records?"""

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from consent.app import create_app
from consent.domain.decision import decide
from consent.domain.events import EventKind
from consent.domain.facts import SELF, Consent, Facts, Guardianship, Patron, Platform
from consent.domain.majority import age_in_years
from consent.domain.signing import expires_at
from consent.services.verification import verify
from consent.settings import Settings
from consent.storage.database import db
from consent.storage.models import LedgerEvent
from consent.storage.schema import upgrade_schema
from tests.builders.camp import FACEBOOK, FORM, keep
from tests.builders.facts import MOTHER, a_yes, ask, facts
from tests.builders.registries import dispose
from tests.builders.sittings import NOW, Kiosk, a_child, a_sitting
from tests.evidence.results import Control, Shown

DAYS, DAYS_IN_SHORT = 20_000, 2_000
ZONES: Final = tuple(
    ZoneInfo(name)
    for name in (
        "America/Phoenix", "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Havana",
        "America/Sao_Paulo", "Asia/Beirut", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "UTC",
    )
)  # fmt: skip
ODD_BIRTHS: Final = date(2008, 2, 29), date(2000, 2, 29), date(2007, 12, 31), date(2008, 1, 1), date(2008, 3, 1)
DAWN: Final = datetime(1900, 1, 1, tzinfo=UTC)
BLINK, DAY = timedelta(microseconds=1), timedelta(days=1)
FIRST_DAY, YEARS = date(2024, 1, 1), 5
CLOCK: Final = {
    "right": timedelta(days=2), "back by an hour": timedelta(days=2, hours=-1), "back by a day": timedelta(days=1),
    "ahead by ten years": timedelta(days=3653), "right again": timedelta(days=2, seconds=5),
}  # fmt: skip


def run(*, short: bool, seed: int) -> Shown:
    lot = random.Random(seed)  # noqa: S311  # whose birthday it is is no secret
    moments = [Moment.drawn(lot) for _ in range(DAYS_IN_SHORT if short else DAYS)]
    changes = [*clock_changes()]
    failures = [found for moment in moments for found in moment.wrong(moment.zone)]
    failures += [found for zone, day in changes for found in _wrong_end(zone, day)]
    failures += [*_wrong_order()]
    days_of_utc = sum(any(moment.wrong(UTC)) for moment in moments)
    return Shown(
        "R7",
        "Whatever the zone, the birth date and the day, the age is right and a minor is no adult; a yes ends with its "
        "last local day, at clock changes too; and records stay in the order of their making while the clock jumps",
        n=len(moments) + len(changes) + len(CLOCK),
        failures=failures,
        control=Control("the day of Greenwich in place of the city's", len(moments), days_of_utc),
        seed=seed,
        figures={
            "birth, instant and zone": len(moments),
            "zones": len(ZONES),
            "ends of a yes at a clock change, a year's end or a leap day": len(changes),
            "settings of the clock": len(CLOCK),
        },
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """Somebody's birth date, and an instant in a city's zone."""

    born: date
    at: datetime
    zone: ZoneInfo

    @classmethod
    def drawn(cls, lot: random.Random) -> "Moment":
        """Every second one about an 18th birthday, and every second one about a midnight."""
        born = lot.choice((*ODD_BIRTHS, *[date(1930, 1, 1) + DAY * lot.randrange(34_000) for _ in ODD_BIRTHS]))
        eighteenth = date(born.year + 18, born.month, min(born.day, 28))
        near, ever = eighteenth + DAY * lot.randint(-2, 3), born + DAY * lot.randrange(12_000)
        minutes = lot.choice((lot.randrange(120), 1439 - lot.randrange(120), lot.randrange(1440)))
        zone, clock = lot.choice(ZONES), time(minutes // 60, minutes % 60, fold=lot.randint(0, 1))
        return cls(born, datetime.combine(lot.choice((near, ever)), clock, zone).astimezone(UTC), zone)

    @property
    def age(self) -> int:
        """As one reckons it on paper: 29 February comes after 28 February, and before 1 March."""
        today = self.at.astimezone(self.zone).date()
        return today.year - self.born.year - ((today.month, today.day) < (self.born.month, self.born.day))

    def wrong(self, zone: tzinfo) -> Iterator[str]:
        minor = self.age < 18
        if age_in_years(self.born, self.at.astimezone(zone).date()) != self.age:
            yield f"{self}: not {self.age} years old"
        for signer, counts in ((MOTHER, minor), (SELF, not minor)):
            known = on_file(zone, a_yes(signer, signed_at=self.at), Patron(self.born))
            if decide(known, ask(at=self.at)).allowed is not counts:
                yield f"{self}: the yes of {signer or 'themself'} {'does not count' if counts else 'counts'}"


def on_file(zone: tzinfo, yes: Consent, patron: Patron) -> Facts:
    known = facts(patron, Guardianship(MOTHER, DAWN), yes, parents=False, platforms={"facebook": Platform(DAWN)})
    return replace(known, zone=zone)


def clock_changes() -> Iterator[tuple[ZoneInfo, date]]:
    """Days about which a local day is longer or shorter than others, a year ends, or February does."""
    for zone in ZONES:
        for number in range(YEARS * 365):
            day = FIRST_DAY + DAY * number
            before, after = (datetime.combine(day + DAY * n, time(12), zone).utcoffset() for n in (-1, 1))
            if before != after or (day.month, day.day) in {(12, 31), (1, 1), (2, 28), (2, 29), (3, 1)}:
                yield zone, day


def _wrong_end(zone: ZoneInfo, day: date) -> Iterator[str]:
    """Of a yes that was signed on that day, and of one that ends on it."""
    for signed_on in (day, day - 365 * DAY, day - 366 * DAY):
        leap_day = (signed_on.month, signed_on.day) == (2, 29)
        over = date(signed_on.year + 1, 3, 1) if leap_day else signed_on.replace(year=signed_on.year + 1)
        end = expires_at(signed_on, zone)
        if not (end - BLINK).astimezone(zone).date() < over <= end.astimezone(zone).date():
            yield f"{zone}: what is signed on {signed_on} ends at {end}"
        yes = a_yes(signed_at=datetime.combine(signed_on, time(12), zone), expires_at=end)
        known = on_file(zone, yes, Patron(date(2016, 3, 10)))
        for hour in range(-3, 4):
            for fold in (0, 1):
                shown = (datetime.combine(over, time(), zone) + timedelta(hours=hour)).replace(fold=fold)
                instant = shown.astimezone(UTC)
                if (
                    not decide(known, ask(at=shown)).allowed
                    == decide(known, ask(at=instant)).allowed
                    == (instant < end)
                ):
                    yield f"{zone}: what is signed on {signed_on} is answered wrongly at {shown}"


def _wrong_order() -> Iterator[str]:
    """Families sign one after the other while the clock of the machine jumps."""
    with tempfile.TemporaryDirectory(prefix="r7-") as folder:
        app = create_app(Settings(instance=Path(folder)))
        with app.app_context():
            upgrade_schema()
        keep(app, [FORM, FACEBOOK])
        kiosk, family = Kiosk(app), a_sitting(a_child("Zoë", born=date(2025, 3, 4)))
        for what, since in CLOCK.items():
            signed = kiosk.tap(kiosk.reviewed(family, now=NOW + since), now=NOW + since)
            again = kiosk.tap(kiosk.reviewed(family, now=NOW + since), now=NOW + since)
            if signed.reference == again.reference:
                yield f"{what}: two families have one reference number"
        with app.app_context():
            told = select(LedgerEvent.recorded_at).where(LedgerEvent.kind == EventKind.CONSENT_SIGNED)
            instants = db.session.scalars(told.order_by(LedgerEvent.position)).all()
            if instants != [NOW + since for since in CLOCK.values() for _ in range(2)]:
                yield f"the ledger is not in the order of signing: {instants}"
            yield from (str(finding) for finding in verify(db.session()).findings)
        dispose(app)
