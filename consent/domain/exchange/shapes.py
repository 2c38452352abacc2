"""Which keys does each type of line have, what stands under them, and which may ever change?

Whatever is not listed as gained or corrected stays as it was first stated (INTERCHANGE).
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from consent.domain.exchange import lines as say
from consent.domain.exchange import values as a
from consent.domain.exchange.lines import Line, LineType
from consent.domain.exchange.values import Kind
from consent.domain.vocabulary import Channel


class Change(Enum):
    """What a later line about the same thing may do to a value."""

    NEVER = "never"
    GAINED = "gained once"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Key:
    """An optional key may be absent or null, and then has the value `absent`."""

    name: str
    kind: Kind
    change: Change = Change.NEVER
    optional: bool = False
    absent: Any = None


@dataclass(frozen=True, slots=True)
class Order:
    """Two instants of one line, when both are there."""

    later: str
    earlier: str
    or_equal: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys stand in the order of the line's fields."""

    line: type[Line]
    keys: tuple[Key, ...]
    orders: tuple[Order, ...] = ()

    def names(self) -> tuple[str, ...]:
        return tuple(key.name for key in self.keys)


def fixed(name: str, kind: Kind) -> Key:
    return Key(name, kind)


def optional(name: str, kind: Kind, absent: Any = None) -> Key:
    return Key(name, kind, optional=True, absent=absent)


def gained(name: str) -> Key:
    return Key(name, a.INSTANT, Change.GAINED, optional=True)


def corrected(name: str, kind: Kind) -> Key:
    return Key(name, kind, Change.CORRECTED)


def corrected_if_any(name: str, kind: Kind, absent: Any = None) -> Key:
    return Key(name, kind, Change.CORRECTED, optional=True, absent=absent)


SHAPES: dict[str, Shape] = {
    LineType.PLATFORM: Shape(
        say.PlatformLine,
        (fixed("id", a.ID), corrected("name", a.NAME), fixed("approved_from", a.INSTANT), gained("approved_until")),
    ),
    LineType.PROGRAM: Shape(
        say.ProgramLine,
        (fixed("id", a.ID), corrected("name", a.NAME), corrected("starts", a.DAY), corrected("ends", a.DAY)),
    ),
    LineType.FORM: Shape(
        say.FormLine,
        (
            fixed("id", a.ID),
            fixed("version", a.INTEGER),
            fixed("uses", a.USES_ASKED),
            fixed("title", a.WORDING),
            fixed("body", a.WORDING),
            fixed("published_at", a.INSTANT),
            gained("withdrawn_at"),
        ),
    ),
    LineType.PATRON: Shape(
        say.PatronLine,
        (
            fixed("id", a.ID),
            corrected("first_name", a.NAME),
            corrected("last_name", a.NAME),
            corrected_if_any("born", a.DAY),
            corrected_if_any("adult", a.FLAG, absent=False),
            corrected_if_any("emancipated_on", a.DAY),
            corrected_if_any("handles", a.HANDLES, absent=()),
        ),
    ),
    LineType.GUARDIAN: Shape(
        say.GuardianLine,
        (
            fixed("id", a.GUARDIAN_ID),
            corrected("first_name", a.NAME),
            corrected("last_name", a.NAME),
            corrected_if_any("email", a.EMAIL),
            corrected_if_any("phone", a.PHONE),
        ),
    ),
    LineType.GUARDIANSHIP: Shape(
        say.GuardianshipLine,
        (
            fixed("guardian", a.ID),
            fixed("patron", a.ID),
            fixed("relationship", a.RELATIONSHIP),
            fixed("since", a.INSTANT),
            gained("until"),
            optional("beyond_majority", a.FLAG, absent=False),
        ),
        (Order("until", "since"),),
    ),
    LineType.ENROLLMENT: Shape(say.EnrollmentLine, (fixed("patron", a.ID), fixed("program", a.ID))),
    LineType.CONSENT: Shape(
        say.ConsentLine,
        (
            fixed("id", a.ID),
            fixed("patron", a.ID),
            fixed("signer", a.ID),
            fixed("signed_at", a.INSTANT),
            gained("witnessed_at"),
            fixed("answers", a.ANSWERS),
            optional("channels", a.CHANNELS, absent=(Channel.DEPARTMENT.value,)),
            fixed("platforms", a.ALL_OR_IDS),
            fixed("programs", a.ALL_OR_IDS),
            optional("expires_at", a.INSTANT),
            fixed("form", a.ID),
            fixed("version", a.INTEGER),
            fixed("language", a.LANGUAGE),
            gained("voided_at"),
        ),
        (
            Order("expires_at", "signed_at"),
            Order("witnessed_at", "signed_at", or_equal=True),
            Order("voided_at", "signed_at", or_equal=True),
        ),
    ),
    LineType.WITHDRAWAL: Shape(
        say.WithdrawalLine,
        (
            fixed("id", a.ID),
            fixed("patron", a.ID),
            fixed("signer", a.ID),
            fixed("at", a.INSTANT),
            fixed("uses", a.ALL_USES_OR),
            gained("voided_at"),
        ),
        (Order("voided_at", "at", or_equal=True),),
    ),
    LineType.HOLD: Shape(
        say.HoldLine,
        (
            fixed("id", a.ID),
            fixed("patron", a.ID),
            fixed("since", a.INSTANT),
            gained("until"),
            fixed("reason", a.TEXT),
        ),
        (Order("until", "since"),),
    ),
}
TYPES: dict[type[Line], LineType] = {shape.line: LineType(name) for name, shape in SHAPES.items()}
