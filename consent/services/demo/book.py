"""How is the demo written down? As the lines of an import file, each dated from the moment the demo is made."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import count
from typing import Any, Final

from consent.domain.majority import midnight
from consent.domain.vocabulary import Relationship, Use
from consent.services.demo.starter_form import CURRENT, FORM

MARK: Final = "DEMO-"
EVERY_USE: Final = tuple(Use)
YEAR: Final = timedelta(days=365)
AT_THE_DESK: Final = timedelta(minutes=6)
DESK_CLOSES: Final = time(17, 30)

Line = dict[str, Any]


class Book:
    """The lines written so far. Each method writes one line and returns the id by which later lines name it."""

    def __init__(self, now: datetime, zone: tzinfo) -> None:
        self.now = now.astimezone(UTC).replace(microsecond=0)
        self.zone = zone
        self.lines: list[Line] = []
        self._numbers: dict[str, Any] = {}

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def minutes_ago(self, minutes: float) -> datetime:
        return self.now - timedelta(minutes=minutes)

    def ago(self, days: int, *, minutes: float = 0) -> datetime:
        """So many minutes before the desk closed, so many days ago."""
        closing = datetime.combine(self.day(-days), DESK_CLOSES, self.zone).astimezone(UTC)
        return closing - timedelta(minutes=minutes)

    def years_old(self, years: int, *, days: int = 0) -> date:
        """The birth date of somebody who turned that age so many days ago."""
        birthday = self.day(-days)
        try:
            return birthday.replace(year=birthday.year - years)
        except ValueError:
            return date(birthday.year - years, 3, 1)

    def some_childs_birthday(self) -> date:
        """Six to ten years ago, and never the same."""
        number = self._next("birthday")
        return self.years_old(6 + number % 5, days=20 + 37 * number % 300)

    def patron(self, first_name: str, last_name: str, born: date | None = None, **more: Any) -> str:
        return self._write("patron", "P", first_name=first_name, last_name=last_name, born=born, **more)

    def guardian(self, first_name: str, last_name: str) -> str:
        number = self._next("phone") % 100
        return self._write(
            "guardian",
            "G",
            first_name=first_name,
            last_name=last_name,
            email=f"{plain(first_name)}.{plain(last_name)}@demo.example",
            phone=f"602-555-01{number:02}",
        )

    def guardianship(
        self,
        guardian: str,
        patron: str,
        *,
        since: datetime | date,
        until: datetime | None = None,
        relationship: Relationship = Relationship.PARENT,
        beyond_majority: bool | None = None,
    ) -> None:
        start = since if isinstance(since, datetime) else midnight(since, self.zone)
        self._write(
            "guardianship",
            None,
            guardian=guardian,
            patron=patron,
            relationship=relationship,
            since=start,
            until=until,
            beyond_majority=beyond_majority,
        )

    def enroll(self, patron: str, *programs: str) -> None:
        for program in programs:
            self._write("enrollment", None, patron=patron, program=program)

    def consent(
        self,
        patron: str,
        signer: str = "self",
        *,
        signed: datetime,
        yes: Iterable[Use] = EVERY_USE,
        witnessed: bool = True,
        platforms: list[str] | None = None,
        programs: list[str] | None = None,
        **more: Any,
    ) -> str:
        """Answers no to every use that is not answered yes, and ends after a year, unless told otherwise."""
        agreed = set(yes)
        facts = {
            "patron": patron,
            "signer": signer,
            "signed_at": signed,
            "witnessed_at": signed + AT_THE_DESK if witnessed else None,
            "answers": {use: "yes" if use in agreed else "no" for use in EVERY_USE},
            "platforms": platforms or "all",
            "programs": programs or "all",
            "expires_at": midnight((signed + YEAR).astimezone(self.zone).date(), self.zone),
            "form": FORM,
            "version": CURRENT,
            "language": "en",
        }
        return self._write("consent", "C", **(facts | more))

    def withdrawal(
        self, patron: str, signer: str, *, at: datetime, uses: list[Use] | None = None, voided: datetime | None = None
    ) -> str:
        return self._write("withdrawal", "W", patron=patron, signer=signer, at=at, uses=uses or "all", voided_at=voided)

    def hold(self, patron: str, reason: str, *, since: datetime, until: datetime | None = None) -> str:
        return self._write("hold", "H", patron=patron, since=since, until=until, reason=reason)

    def write(self, kind: str, **facts: Any) -> None:
        """A line of the department itself, which brings its own id."""
        self._write(kind, None, **facts)

    def _write(self, kind: str, letter: str | None, **facts: Any) -> str:
        line: Line = {"type": kind}
        if letter:
            line["id"] = f"{MARK}{letter}{self._next(letter):03}"
        line.update({key: self._told(value) for key, value in facts.items() if value is not None})
        self.lines.append(line)
        return str(line.get("id", ""))

    def _next(self, series: str) -> int:
        return int(next(self._numbers.setdefault(series, count(1))))

    def _told(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(self.zone).isoformat()
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Mapping):
            return {str(key): self._told(inner) for key, inner in value.items()}
        if isinstance(value, str):
            return str(value)
        return [str(inner) for inner in value] if isinstance(value, list | tuple) else value


def plain(name: str) -> str:
    """A name as the part of an e-mail address."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return "-".join(letters.lower().replace(".", " ").split()) or "parent"
