"""What does the registry do for itself now and then, so that somebody notices when it is not done?"""

from enum import StrEnum


class Chore(StrEnum):
    BACKED_UP = "backed-up"
    BACKUP_READ_BACK = "backup-read-back"
    ERASED_SPACE_WIPED = "erased-space-wiped"
    EXAMINED = "examined"
    TAKEDOWNS_SWEPT = "takedowns-swept"
    VERIFICATION_BEGUN = "verification-begun"
    VERIFIED = "verified"
