"""How is a finding of the doctor said, and what is to be done about it?"""

from consent.domain.doctor import Check
from consent.wording import _

CHECKS: dict[Check, str] = {
    Check.BACKUP_KEY_ELSEWHERE: _("The key that opens backups is kept elsewhere"),
    Check.BACKUP_RECENT: _("A backup was made within the last day"),
    Check.CLOCK_RIGHT: _("This machine's clock is not behind the records"),
    Check.DATABASE_DURABLE: _("The database waits until a record is on the disk"),
    Check.DEBUG_OFF: _("Nothing of the inside is shown when something fails"),
    Check.FILES_PRIVATE: _("Nobody else on this machine can read the registry's files"),
    Check.FOLDER_LOCAL: _("The database is on a disk of this machine"),
    Check.FOLDER_WRITABLE: _("The instance folder can be written"),
    Check.MAIL_LEAVES: _("No mail has waited for more than two hours"),
    Check.RECORDS_VERIFIED: _("Every record was verified within the last day, and matches what was sealed"),
    Check.RESTORE_TRIED: _("A backup was opened and read back within the last week"),
    Check.SCHEMA_CURRENT: _("The database's tables are those of this version"),
    Check.SECRETS_STRONG: _("The secret key is long enough"),
    Check.SPACE_LEFT: _("There is room on the disk"),
    Check.TLS_USED: _("Browsers reach the registry through TLS"),
    Check.TRIGGERS_IN_FORCE: _("The database refuses to change or delete what was signed"),
}

REMEDIES: dict[Check, str] = {
    Check.BACKUP_KEY_ELSEWHERE: _(
        "Keep backup-key elsewhere, set CONSENT_BACKUP_RECIPIENT to its public half, and remove the file from here."
    ),
    Check.BACKUP_RECENT: _(
        "Set CONSENT_BACKUP_FOLDER, or run consent backup, and see that a timer calls consent tick."
    ),
    Check.CLOCK_RIGHT: _(
        "Set the clock, and let it be kept right by a time server. Until then nothing should be signed."
    ),
    Check.DATABASE_DURABLE: _(
        "On PostgreSQL set fsync, full_page_writes and synchronous_commit to on. On SQLite install pysqlite3 from PyPI."
    ),
    Check.DEBUG_OFF: _("Start the registry with consent serve or gunicorn, without FLASK_DEBUG."),
    Check.FILES_PRIVATE: _("Take the rights of group and others away: chmod -R go= on the instance folder."),
    Check.FOLDER_LOCAL: _("Move the instance folder to a local disk, or use PostgreSQL for several machines."),
    Check.FOLDER_WRITABLE: _("Let the account that serves the registry write in the instance folder."),
    Check.MAIL_LEAVES: _(
        "Look whether CONSENT_SMTP_URL is right and the mail server answers. Copies are printed at the desk."
    ),
    Check.RECORDS_VERIFIED: _(
        "See that a timer calls consent tick. Where a record does not match, change nothing, keep the last good backup "
        "and run consent verify, which says how."
    ),
    Check.RESTORE_TRIED: _("Run consent restore with the newest backup, into a folder that you delete afterwards."),
    Check.SCHEMA_CURRENT: _(
        "Run consent tick, which brings the tables up to date, or start the version that made them."
    ),
    Check.SECRETS_STRONG: _("Stop the registry, delete secret-key in the instance folder and start it again."),
    Check.SPACE_LEFT: _("Make room on the disk, or move the instance folder to a larger one."),
    Check.TLS_USED: _(
        "Put a web server with TLS in front, set CONSENT_BASE_URL to https and CONSENT_ALLOW_PLAIN_HTTP to false."
    ),
    Check.TRIGGERS_IN_FORCE: _(
        "Find out who took them away, run consent verify, and restart the registry to make them again."
    ),
}
