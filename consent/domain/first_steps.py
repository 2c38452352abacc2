"""What is there to do before a new registry is ready for its first family?"""

from enum import StrEnum


class Step(StrEnum):
    """In the order in which they are best done."""

    ADMINISTRATOR = "administrator"
    NAMES = "names"
    TIME_ZONE = "time-zone"
    ESIGN_POLICY = "esign-policy"
    FORM = "form"
    PLATFORMS = "platforms"
    PROGRAMS = "programs"
    STAFF = "staff"
    KIOSK = "kiosk"
    BACKUP = "backup"
