"""What can be wrong with an installation, so that it might lose, leak or misdate a record?"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

BACKUP_AT_LEAST_EVERY = timedelta(hours=25)
RESTORE_AT_LEAST_EVERY = timedelta(days=7)
FREE_SPACE_AT_LEAST = 500 * 1024 * 1024
MAIL_WAITS_AT_MOST = timedelta(hours=2)
SECRET_AT_LEAST = 32
"""Bytes."""


class Check(StrEnum):
    """Each is named for what is as it should be."""

    BACKUP_KEY_ELSEWHERE = "backup-key-elsewhere"
    BACKUP_RECENT = "backup-recent"
    CLOCK_RIGHT = "clock-right"
    DATABASE_DURABLE = "database-durable"
    DEBUG_OFF = "debug-off"
    FILES_PRIVATE = "files-private"
    FOLDER_LOCAL = "folder-local"
    FOLDER_WRITABLE = "folder-writable"
    MAIL_LEAVES = "mail-leaves"
    RECORDS_VERIFIED = "records-verified"
    RESTORE_TRIED = "restore-tried"
    SCHEMA_CURRENT = "schema-current"
    SECRETS_STRONG = "secrets-strong"
    SPACE_LEFT = "space-left"
    TLS_USED = "tls-used"
    TRIGGERS_IN_FORCE = "triggers-in-force"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be; `detail` is what was seen, never a secret."""

    check: Check
    detail: str
