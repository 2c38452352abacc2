"""What does one line of the file say? A frozen value for each type: instants in UTC, names trimmed, None for no limit.

`named` is what makes a line the same thing as another; `refers` are the things that must have been named before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

SELF = "self"
Named = str | tuple[object, ...]


class LineType(StrEnum):
    """In the order of an export: each thing after those that it refers to."""

    PLATFORM = "platform"
    PROGRAM = "program"
    FORM = "form"
    PATRON = "patron"
    GUARDIAN = "guardian"
    GUARDIANSHIP = "guardianship"
    ENROLLMENT = "enrollment"
    CONSENT = "consent"
    WITHDRAWAL = "withdrawal"
    HOLD = "hold"


class Reference(NamedTuple):
    """Something another line or an earlier file named, and the key that names it here."""

    key: str
    type: LineType
    named: Named


class Wording(NamedTuple):
    """A text of a form in both languages."""

    en: str
    es: str


@dataclass(frozen=True, slots=True)
class PlatformLine:
    id: str
    name: str
    approved_from: datetime
    approved_until: datetime | None

    @property
    def named(self) -> Named:
        return self.id

    def refers(self) -> Iterator[Reference]:
        return iter(())


@dataclass(frozen=True, slots=True)
class ProgramLine:
    id: str
    name: str
    starts: date
    ends: date

    @property
    def named(self) -> Named:
        return self.id

    def refers(self) -> Iterator[Reference]:
        return iter(())


@dataclass(frozen=True, slots=True)
class FormLine:
    id: str
    version: int
    uses: tuple[str, ...]
    title: Wording
    body: Wording
    published_at: datetime
    withdrawn_at: datetime | None

    @property
    def named(self) -> Named:
        return self.id, self.version

    def refers(self) -> Iterator[Reference]:
        return iter(())


@dataclass(frozen=True, slots=True)
class PatronLine:
    id: str
    first_name: str
    last_name: str
    born: date | None
    adult: bool
    emancipated_on: date | None
    handles: tuple[tuple[str, str], ...]

    @property
    def named(self) -> Named:
        return self.id

    def refers(self) -> Iterator[Reference]:
        for platform, _ in self.handles:
            yield Reference("handles", LineType.PLATFORM, platform)


@dataclass(frozen=True, slots=True)
class GuardianLine:
    id: str
    first_name: str
    last_name: str
    email: str | None
    phone: str | None

    @property
    def named(self) -> Named:
        return self.id

    def refers(self) -> Iterator[Reference]:
        return iter(())


@dataclass(frozen=True, slots=True)
class GuardianshipLine:
    guardian: str
    patron: str
    relationship: str
    since: datetime
    until: datetime | None
    beyond_majority: bool

    @property
    def named(self) -> Named:
        return self.guardian, self.patron, self.since

    def refers(self) -> Iterator[Reference]:
        yield Reference("guardian", LineType.GUARDIAN, self.guardian)
        yield Reference("patron", LineType.PATRON, self.patron)


@dataclass(frozen=True, slots=True)
class EnrollmentLine:
    patron: str
    program: str

    @property
    def named(self) -> Named:
        return self.patron, self.program

    def refers(self) -> Iterator[Reference]:
        yield Reference("patron", LineType.PATRON, self.patron)
        yield Reference("program", LineType.PROGRAM, self.program)


@dataclass(frozen=True, slots=True)
class ConsentLine:
    id: str
    patron: str
    signer: str
    signed_at: datetime
    witnessed_at: datetime | None
    answers: tuple[tuple[str, str], ...]
    channels: tuple[str, ...]
    platforms: tuple[str, ...] | None
    programs: tuple[str, ...] | None
    expires_at: datetime | None
    form: str
    version: int
    language: str
    voided_at: datetime | None

    @property
    def named(self) -> Named:
        return self.id

    def refers(self) -> Iterator[Reference]:
        yield Reference("patron", LineType.PATRON, self.patron)
        if self.signer != SELF:
            yield Reference("signer", LineType.GUARDIAN, self.signer)
        for platform in self.platforms or ():
            yield Reference("platforms", LineType.PLATFORM, platform)
        for program in self.programs or ():
            yield Reference("programs", LineType.PROGRAM, program)
        yield Reference("version", LineType.FORM, (self.form, self.version))


@dataclass(frozen=True, slots=True)
class WithdrawalLine:
    id: str
    patron: str
    signer: str
    at: datetime
    uses: tuple[str, ...] | None
    voided_at: datetime | None

    @property
    def named(self) -> Named:
        return self.id

    def refers(self) -> Iterator[Reference]:
        yield Reference("patron", LineType.PATRON, self.patron)
        if self.signer != SELF:
            yield Reference("signer", LineType.GUARDIAN, self.signer)


@dataclass(frozen=True, slots=True)
class HoldLine:
    id: str
    patron: str
    since: datetime
    until: datetime | None
    reason: str

    @property
    def named(self) -> Named:
        return self.id

    def refers(self) -> Iterator[Reference]:
        yield Reference("patron", LineType.PATRON, self.patron)


Line = (
    PlatformLine
    | ProgramLine
    | FormLine
    | PatronLine
    | GuardianLine
    | GuardianshipLine
    | EnrollmentLine
    | ConsentLine
    | WithdrawalLine
    | HoldLine
)
