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
    APPROVE_ACCOUNTS = "approve-accounts"
    APPROVE_ERASURES = "approve-erasures"
    APPROVE_POSTING = "approve-posting"
    APPROVE_RULES = "approve-rules"
    ASK_FOR_RULES = "ask-for-rules"
    AUTHORIZE_RECORDING = "authorize-recording"
    CLEAR_POSTS = "clear-posts"
    CORRECT_POSTS = "correct-posts"
    EDIT_GUARDIANSHIPS = "edit-guardianships"
    EDIT_PATRONS = "edit-patrons"
    EDIT_PROGRAMS = "edit-programs"
    ENROLL = "enroll"
    ENTER_PAPER = "enter-paper"
    KEEP_TRAINING = "keep-training"
    LIFT_HOLDS = "lift-holds"
    LOOK_UP = "look-up"
    MANAGE_KIOSKS = "manage-kiosks"
    MANAGE_PLATFORMS = "manage-platforms"
    MANAGE_STAFF = "manage-staff"
    NAME_SPOKESPERSONS = "name-spokespersons"
    OPEN_EVERY_PROGRAM = "open-every-program"
    PLACE_HOLDS = "place-holds"
    PRINT_CARDS = "print-cards"
    PRINT_ROSTERS = "print-rosters"
    PUBLISH_FORMS = "publish-forms"
    PUBLISH_POLICY = "publish-policy"
    READ_CLEARANCES = "read-clearances"
    READ_LOOKS = "read-looks"
    READ_REGISTERS = "read-registers"
    RECORD_WITHDRAWALS = "record-withdrawals"
    REPORT_POSTS = "report-posts"
    REQUEST_ERASURES = "request-erasures"
    SEE_DASHBOARD = "see-dashboard"
    SEE_HEALTH = "see-health"
    SEE_HOLDS = "see-holds"
    SEE_PATRON_RECORD = "see-patron-record"
    SEE_REASONS = "see-reasons"
    SEE_STAFF_REGISTERS = "see-staff-registers"
    SET_ESIGN_POLICY = "set-esign-policy"
    SET_UP = "set-up"
    VERIFY_RECORDS = "verify-records"
    VOID_RECORDS = "void-records"
    WITNESS = "witness"
    WRITE_NOTES = "write-notes"


EVERY_ROLE = frozenset(Role)
THE_DESK = frozenset({Role.FRONT_DESK, Role.ADMINISTRATOR})
THE_RECORDS = frozenset({Role.FRONT_DESK, Role.ADMINISTRATOR, Role.RECORDS_OFFICER})
ROLES_WITH: dict[Permission, frozenset[Role]] = {
    Permission.APPROVE_ACCOUNTS: frozenset({Role.DIRECTOR}),
    Permission.APPROVE_ERASURES: frozenset({Role.RECORDS_OFFICER, Role.DIRECTOR}),
    Permission.APPROVE_POSTING: frozenset({Role.DIRECTOR}),
    Permission.APPROVE_RULES: frozenset({Role.DIRECTOR}),
    Permission.ASK_FOR_RULES: frozenset({Role.ADMINISTRATOR, Role.PROGRAM_LEAD}),
    Permission.AUTHORIZE_RECORDING: frozenset({Role.ADMINISTRATOR, Role.DIRECTOR, Role.PROGRAM_LEAD}),
    Permission.CLEAR_POSTS: frozenset({Role.POSTER}),
    Permission.CORRECT_POSTS: frozenset({Role.POSTER, Role.ADMINISTRATOR, Role.DIRECTOR}),
    Permission.EDIT_GUARDIANSHIPS: THE_DESK,
    Permission.EDIT_PATRONS: THE_DESK,
    Permission.EDIT_PROGRAMS: frozenset({Role.ADMINISTRATOR}),
    Permission.ENROLL: THE_DESK,
    Permission.ENTER_PAPER: THE_DESK,
    Permission.KEEP_TRAINING: frozenset({Role.ADMINISTRATOR}),
    Permission.LIFT_HOLDS: frozenset({Role.RECORDS_OFFICER}),
    Permission.LOOK_UP: EVERY_ROLE,
    Permission.MANAGE_KIOSKS: THE_DESK,
    Permission.MANAGE_PLATFORMS: frozenset({Role.ADMINISTRATOR}),
    Permission.MANAGE_STAFF: frozenset({Role.ADMINISTRATOR}),
    Permission.NAME_SPOKESPERSONS: frozenset({Role.DIRECTOR}),
    Permission.OPEN_EVERY_PROGRAM: EVERY_ROLE - {Role.PROGRAM_LEAD},
    Permission.PLACE_HOLDS: THE_RECORDS,
    Permission.PRINT_CARDS: THE_DESK,
    Permission.PRINT_ROSTERS: THE_DESK | {Role.PROGRAM_LEAD},
    Permission.PUBLISH_FORMS: frozenset({Role.ADMINISTRATOR}),
    Permission.PUBLISH_POLICY: frozenset({Role.ADMINISTRATOR}),
    Permission.READ_CLEARANCES: frozenset({Role.POSTER, Role.ADMINISTRATOR, Role.DIRECTOR, Role.RECORDS_OFFICER}),
    Permission.READ_LOOKS: frozenset({Role.RECORDS_OFFICER}),
    Permission.READ_REGISTERS: EVERY_ROLE,
    Permission.RECORD_WITHDRAWALS: THE_RECORDS,
    Permission.REPORT_POSTS: EVERY_ROLE,
    Permission.REQUEST_ERASURES: frozenset({Role.RECORDS_OFFICER}),
    Permission.SEE_DASHBOARD: EVERY_ROLE - {Role.POSTER},
    Permission.SEE_HEALTH: frozenset({Role.ADMINISTRATOR}),
    Permission.SEE_HOLDS: frozenset({Role.RECORDS_OFFICER, Role.ADMINISTRATOR}),
    Permission.SEE_PATRON_RECORD: THE_RECORDS,
    Permission.SEE_REASONS: THE_RECORDS,
    Permission.SEE_STAFF_REGISTERS: frozenset({Role.ADMINISTRATOR, Role.DIRECTOR}),
    Permission.SET_ESIGN_POLICY: frozenset({Role.ADMINISTRATOR}),
    Permission.SET_UP: frozenset({Role.ADMINISTRATOR}),
    Permission.VERIFY_RECORDS: frozenset({Role.RECORDS_OFFICER, Role.ADMINISTRATOR}),
    Permission.VOID_RECORDS: THE_RECORDS,
    Permission.WITNESS: THE_DESK,
    Permission.WRITE_NOTES: frozenset({Role.ADMINISTRATOR, Role.PROGRAM_LEAD}),
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """What somebody holding all these roles may do."""
    held = frozenset(roles)
    return frozenset(permission for permission, may in ROLES_WITH.items() if held & may)
