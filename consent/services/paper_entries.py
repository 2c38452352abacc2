"""How does a form that was signed on paper become a record? As a signing like any other, with its scan sealed into it.

Until a second person has confirmed it, its yeses do not count and its noes do: it awaits a witness.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.majority import midnight
from consent.domain.paper_forms import FormCode
from consent.domain.refusals import ConsentError, InTheFuture
from consent.domain.scans import Scan
from consent.domain.signing import Sitting
from consent.domain.vocabulary import Language
from consent.services.ledger import Event, record
from consent.services.matching import link_exact
from consent.services.paper_forms import find_version
from consent.services.signing import KeyReused
from consent.services.signing_records import Sealing, free_reference, json_sha256, keep_records, on_paper
from consent.services.signing_review import prepare_on
from consent.storage import paper_entries, signings
from consent.storage.database import begin_writing
from consent.storage.models import FormVersion, PaperEntry, PaperScan, Signing


class SignedTooEarly(ConsentError):
    """The form that was signed did not exist yet."""

    def __init__(self, published_on: date) -> None:
        super().__init__(f"This version of the form was published on {published_on}.")
        self.published_on = published_on


class EnteredBefore(ConsentError):
    """A signing stands on this very scan."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"This scan belongs to signing {reference}.")
        self.reference = reference


class ScanDoesNotMatch(ConsentError):
    """What is kept of a scan is not what was stored."""


@dataclass(frozen=True, slots=True)
class PaperSubmission:
    """All that was read off one paper. `key` makes a second tap harmless."""

    key: str
    code: FormCode
    sitting: Sitting
    signed_on: date
    order_seen: bool
    scan: Scan


@dataclass(frozen=True, slots=True)
class LastEntered:
    """What the next form of a pile most likely has too."""

    code: FormCode
    signed_on: date
    program: str | None


def enter_paper(
    session: Session,
    submission: PaperSubmission,
    *,
    staff_id: int,
    by: str,
    department: str,
    zone: tzinfo,
    now: datetime,
) -> str:
    """The reference of the signing. Sent twice, it is kept once.

    Raises UnknownForm, InTheFuture, SignedTooEarly, EnteredBefore, KeyReused, SigningRefused, UnknownPlatform or
    UnknownProgram.
    """
    body = _body_sha256(submission)
    begin_writing(session)
    if before := signings.signing_with_key(session, submission.key):
        reference, kept = before.reference, before.body_sha256
        session.rollback()
        if kept != body:
            raise KeyReused("Another form was saved with this page already.")
        return reference
    form = find_version(session, submission.code, now)
    _check_day(form, submission.signed_on, zone=zone, now=now)
    if (taken := paper_entries.signing_with_scan(session, submission.scan.sha256)) is not None:
        raise EnteredBefore(taken)

    signed_at = _signed_at(session, form, submission.signed_on, zone=zone, now=now)
    prepared = prepare_on(
        session, form, submission.sitting, department=department, zone=zone, now=signed_at, on_paper=True
    )
    signing = _keep_signing(session, submission, body, signed_at=signed_at)
    _keep_scan(session, submission.scan, now=now)
    session.add(
        PaperEntry(
            signing_id=signing.id,
            scan_sha256=submission.scan.sha256,
            entered_by=staff_id,
            entered_at=now,
            order_seen=submission.order_seen,
        )
    )
    _record(session, submission, signing.reference, by=by, now=now)
    capture = on_paper(submission.scan, order_seen=submission.order_seen, by=by)
    records = keep_records(session, Sealing(prepared, capture, signing, department, zone), now=now)
    link_exact(session, records, submission.sitting.signer, by=by, now=now)
    reference = signing.reference
    session.commit()
    return reference


def last_entered(session: Session, *, staff_id: int, zone: tzinfo) -> LastEntered | None:
    """None for whoever never entered one."""
    row = paper_entries.last_entered(session, staff_id)
    if row is None:
        return None
    code = FormCode(row.form, row.version, Language(row.language))
    return LastEntered(code, row.signed_at.astimezone(zone).date(), row.external_id)


def entered_today(session: Session, *, staff_id: int, zone: tzinfo, now: datetime) -> int:
    since = midnight(now.astimezone(zone).date(), zone)
    return paper_entries.how_many_entered(session, staff_id, since=since)


def scan_of(session: Session, reference: str) -> bytes | None:
    """The paper as it was scanned; None where there is none. Raises ScanDoesNotMatch."""
    found = paper_entries.scan_of(session, reference)
    if found is None:
        return None
    scan = Scan(bytes(found.content), 0)
    if scan.sha256 != found.sha256:
        raise ScanDoesNotMatch("What is kept of this scan is not what was stored. Tell a records officer.")
    return scan.content


def _check_day(form: FormVersion, signed_on: date, *, zone: tzinfo, now: datetime) -> None:
    if signed_on > now.astimezone(zone).date():
        raise InTheFuture("Nobody has signed on a day that is still to come.")
    published_on = form.published_at.astimezone(zone).date()
    if signed_on < published_on:
        raise SignedTooEarly(published_on)


def _signed_at(session: Session, form: FormVersion, signed_on: date, *, zone: tzinfo, now: datetime) -> datetime:
    """Paper tells a day and no hour: the first instant of it at which all stood that the paper names.

    The start of the day lets whatever was taken back on that day stay taken back.
    """
    starts, ends = midnight(signed_on, zone), midnight(signed_on + timedelta(days=1), zone)
    approved = [platform.approved_from for platform in signings.platforms_approved(session, min(now, ends))]
    return max(at for at in (starts, form.published_at, *approved) if at < ends)


def _keep_signing(session: Session, submission: PaperSubmission, body: str, *, signed_at: datetime) -> Signing:
    signing = Signing(
        reference=free_reference(session),
        idempotency_key=submission.key,
        body_sha256=body,
        kiosk_id=None,
        language=submission.sitting.language.value,
        signed_at=signed_at,
    )
    session.add(signing)
    session.flush()
    return signing


def _keep_scan(session: Session, scan: Scan, *, now: datetime) -> None:
    if not paper_entries.is_scan_kept(session, scan.sha256):
        session.add(PaperScan(sha256=scan.sha256, pages=scan.pages, stored_at=now, content=scan.content))
        session.flush()


def _record(session: Session, submission: PaperSubmission, reference: str, *, by: str, now: datetime) -> None:
    told = {
        "signing": reference,
        "form": submission.code.text,
        "signed_on": submission.signed_on.isoformat(),
        "scan_sha256": submission.scan.sha256,
        "pages": submission.scan.pages,
        "order_seen": submission.order_seen,
    }
    record(session, Event(EventKind.PAPER_ENTERED, told), by=by, now=now)


def _body_sha256(submission: PaperSubmission) -> str:
    said: dict[str, Any] = {
        "form": submission.code.text,
        "sitting": submission.sitting.to_json(),
        "signed_on": submission.signed_on.isoformat(),
        "order_seen": submission.order_seen,
        "scan": submission.scan.sha256,
    }
    return json_sha256(said)
