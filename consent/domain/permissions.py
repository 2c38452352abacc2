"""Who may do what? The one table of roles and permissions; nothing else in the registry compares roles."""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    DIRECTOR = "director"
    FRONT_DESK = "front-desk"
    POSTER = "poster"
    PROGRAM_LEAD = "program-lead"
    RECORDS_OFFICER = "records-officer"


class Permission(StrEnum):
    LOOK_UP = "look-up"
    OPEN_EVERY_PROGRAM = "open-every-program"
    PRINT_CARDS = "print-cards"
    PRINT_ROSTERS = "print-rosters"
    SEE_HOLDS = "see-holds"
    SEE_PATRON_RECORD = "see-patron-record"
    SEE_REASONS = "see-reasons"


EVERY_ROLE = frozenset(Role)
ROLES_WITH: dict[Permission, frozenset[Role]] = {
    Permission.LOOK_UP: EVERY_ROLE,
    Permission.OPEN_EVERY_PROGRAM: EVERY_ROLE - {Role.PROGRAM_LEAD},
    Permission.PRINT_CARDS: frozenset({Role.FRONT_DESK, Role.ADMINISTRATOR}),
    Permission.PRINT_ROSTERS: frozenset({Role.PROGRAM_LEAD, Role.FRONT_DESK, Role.ADMINISTRATOR}),
    Permission.SEE_HOLDS: frozenset({Role.RECORDS_OFFICER, Role.ADMINISTRATOR}),
    Permission.SEE_PATRON_RECORD: frozenset({Role.FRONT_DESK, Role.ADMINISTRATOR, Role.RECORDS_OFFICER}),
    Permission.SEE_REASONS: frozenset({Role.FRONT_DESK, Role.ADMINISTRATOR, Role.RECORDS_OFFICER}),
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """What somebody holding all these roles may do."""
    held = frozenset(roles)
    return frozenset(permission for permission, may in ROLES_WITH.items() if held & may)
