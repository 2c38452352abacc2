"""What was opened that names somebody? Each kind of page leaves a look, under a name that is kept for ever."""

from enum import StrEnum


class LookKind(StrEnum):
    """A look that is no check and no change: those have records of their own."""

    CARD_LIST = "card-list"
    CLEARANCE = "clearance"
    CLEARANCE_CERTIFICATE = "clearance-certificate"
    CORRECTION = "correction"
    ERASURE = "erasure"
    EXPORT = "export"
    GUARDIANSHIP = "guardianship"
    HOLD = "hold"
    LOOKS = "looks"
    LOOKS_FILE = "looks-file"
    NAME_SEARCH = "name-search"
    PAPER_SCAN = "paper-scan"
    PROGRAM_PEOPLE = "program-people"
    PROGRAMS_OF_PERSON = "programs-of-person"
    SIGNED_COPY = "signed-copy"
    SIGNED_COPY_BY_LINK = "signed-copy-by-link"
    SIGNING = "signing"
    SIGNING_QUEUE = "signing-queue"
    TAKEDOWNS = "takedowns"
    VOIDING = "voiding"
    WITHDRAWAL = "withdrawal"
    WITHDRAWAL_SLIP = "withdrawal-slip"
    WITHDRAWALS_OF_WEEK = "withdrawals-of-week"
