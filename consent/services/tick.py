"""What has time made due? Each task may run any number of times; they take the writer's turn one after another."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import text
from sqlalchemy.orm import Session

from consent.domain.backups import BackupNotMade
from consent.domain.housekeeping import Chore
from consent.services.backups import back_up_when_due
from consent.services.checkpoints import make_when_due
from consent.services.checkpoints_mailed import mail_when_due
from consent.services.clearances_rechecks import sweep_clearances
from consent.services.copies_stored import Draw, store_missing_copies
from consent.services.doctor import examine
from consent.services.drafts import sweep_drafts
from consent.services.erasures_wiped import wipe_when_due
from consent.services.mail import Compose, send_mail
from consent.services.sealed_checks import BY_TICK, seal_checks
from consent.services.staff_sessions import sweep_sessions
from consent.services.takedowns_opened import sweep_takedowns
from consent.services.throttle import sweep_tries
from consent.services.verification_kept import verify_when_due
from consent.settings import Settings
from consent.storage.database import begin_writing, db
from consent.storage.housekeeping import last_done_at, note_done

log = logging.getLogger(__name__)

Task = Callable[[Session, datetime], str | None]
EXAMINE_EVERY = timedelta(hours=1)
LOOK_AT_EVERY_TABLE = 0x10002
ONLY_TELL = 0x00001


@dataclass(frozen=True, slots=True)
class Papers:
    """How papers are drawn and mails written; whoever calls the tick says so."""

    draw_copy: Draw
    compose_mail: Compose


def tick(session: Session, papers: Papers, *, now: datetime) -> list[str]:
    """Do what is due and return what was done, a sentence each; empty when nothing was due."""
    settings: Settings = current_app.config["CONSENT"]
    copies = store_missing_copies(session, papers.draw_copy, settings=settings, now=now)
    done = [copies, *(task(session, now) for task in DUE)]
    # Last, since nothing may wait for a mail server that is slow.
    done.append(send_mail(session, papers.compose_mail, settings, now=now))
    return [told for told in done if told]


def measure_tables(session: Session, _now: datetime) -> str | None:
    """SQLite plans its searches by how full each table was when last measured. PostgreSQL measures by itself."""
    if session.get_bind().dialect.name != "sqlite":
        return None
    begin_writing(session)
    due = session.execute(text(f"PRAGMA optimize({LOOK_AT_EVERY_TABLE | ONLY_TELL})")).all()
    session.execute(text(f"PRAGMA optimize({LOOK_AT_EVERY_TABLE})"))
    session.commit()
    return f"Measured {len(due)} tables anew." if due else None


def examine_installation(session: Session, now: datetime) -> str | None:
    """Once an hour; what is found is told in words by `consent doctor` and on the health page."""
    last = last_done_at(session, Chore.EXAMINED)
    if last and now - last < EXAMINE_EVERY:
        session.rollback()
        return None
    findings = examine(session, current_app.config["CONSENT"], debug=current_app.debug, now=now)
    begin_writing(session)
    note_done(session, Chore.EXAMINED, now=now)
    session.commit()
    if not findings:
        return None
    told = ", ".join(finding.check for finding in findings)
    log.warning("The doctor found what needs somebody: %s", told)
    return f"The doctor found what needs somebody: {told}. Run consent doctor."


def sign_checkpoint(session: Session, now: datetime) -> str | None:
    return make_when_due(session, current_app.config["CONSENT"], by=BY_TICK, now=now)


def mail_checkpoint(session: Session, now: datetime) -> str | None:
    return mail_when_due(session, current_app.config["CONSENT"], by=BY_TICK, now=now)


def verify_records(session: Session, now: datetime) -> str | None:
    """Not part of the tick itself: it may take minutes, and nothing shall wait for it."""
    return verify_when_due(session, current_app.config["CONSENT"], by=BY_TICK, now=now)


def sweep_posts(session: Session, now: datetime) -> str | None:
    return sweep_takedowns(session, now=now)


def wipe_what_was_erased(session: Session, now: datetime) -> str | None:
    return wipe_when_due(session, db.engine, now=now)


def recheck_cleared_posts(session: Session, now: datetime) -> str | None:
    return sweep_clearances(session, zone=current_app.config["CONSENT"].zone, now=now)


def make_backup(session: Session, now: datetime) -> str | None:
    """One that fails hinders nothing else; the doctor finds that none is recent."""
    try:
        return back_up_when_due(session, db.engine, current_app.config["CONSENT"], now=now)
    except (BackupNotMade, OSError) as failed:
        log.warning("The scheduled backup was not made")
        return f"No backup was made: {failed}"


DUE: tuple[Task, ...] = (
    seal_checks,
    sign_checkpoint,
    mail_checkpoint,
    recheck_cleared_posts,
    sweep_drafts,
    sweep_tries,
    sweep_sessions,
    measure_tables,
    sweep_posts,
    wipe_what_was_erased,
    make_backup,
    examine_installation,
)
"""Every task, in the order in which they are done."""
