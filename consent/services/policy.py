"""Which policy is in force, and who has acknowledged it? Each for themself; a new version asks again. (II.a, III.j)"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Permission
from consent.domain.policy import Acknowledged
from consent.domain.refusals import ConsentError
from consent.domain.vocabulary import Language
from consent.services.acting import Acting, begin_as
from consent.services.registers import EntryWrong, Fault, UnknownEntry, record_entry
from consent.storage import policy as stored
from consent.storage.models import PolicyAcknowledgement, PolicyVersion, Staff
from consent.storage.registry import is_demo

Draw = Callable[[Acknowledged], bytes]


class NoPolicy(ConsentError):
    """No version of the policy is in force, so there is nothing to acknowledge."""


class PaperDoesNotMatch(ConsentError):
    """What is stored is no longer the paper that was signed."""


@dataclass(frozen=True, slots=True)
class WantedVersion:
    """A version as it is entered; its words may stand elsewhere."""

    number: str
    version: str
    reference: str
    text: str
    in_force_from: date


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody signs with: the name they type, in the language of the page they read."""

    signed_as: str
    language: Language
    department: str
    zone: tzinfo


def publish_version(session: Session, wanted: WantedVersion, *, acting: Acting) -> int:
    """It takes the place of the one before from its day on. Gives its number. Raises EntryWrong."""
    begin_as(session, acting, Permission.PUBLISH_POLICY)
    taken = stored.last_day_taken(session)
    if taken is not None and wanted.in_force_from <= taken:
        raise EntryWrong("in_force_from", Fault.NOT_AFTER_THE_LAST)
    known = {(row.version.number, row.version.version) for row in stored.versions(session)}
    if (wanted.number, wanted.version) in known:
        raise EntryWrong("version", Fault.THERE_ALREADY)
    row = PolicyVersion(
        number=wanted.number,
        version=wanted.version,
        reference=wanted.reference,
        text=wanted.text,
        in_force_from=wanted.in_force_from,
        added_by=acting.staff_id,
        added_at=acting.now,
    )
    key = record_entry(session, row, EventKind.POLICY_PUBLISHED, by=acting.by, now=acting.now)
    session.commit()
    return key


def has_to_acknowledge(session: Session, staff_id: int, *, today: date) -> bool:
    """Whether a version is in force that they have not acknowledged."""
    version = stored.in_force(session, today)
    return version is not None and stored.acknowledgement(session, version.id, staff_id) is None


def acknowledge(session: Session, reading: Reading, draw: Draw, *, acting: Acting) -> int:
    """Gives its number; sent twice, it is signed once. Raises NoPolicy."""
    begin_as(session, acting, Permission.READ_REGISTERS)
    version = stored.in_force(session, acting.today)
    if version is None:
        raise NoPolicy("No version of the policy is in force.")
    if signed := stored.acknowledgement(session, version.id, acting.staff_id):
        session.rollback()
        return signed.id
    key = record_acknowledgement(session, version, reading, draw, staff_id=acting.staff_id, now=acting.now)
    session.commit()
    return key


def record_acknowledgement(
    session: Session, version: PolicyVersion, reading: Reading, draw: Draw, *, staff_id: int, now: datetime
) -> int:
    """As part of a larger change: the caller holds the writer's turn and commits."""
    paper = draw(
        Acknowledged(
            department=reading.department,
            number=version.number,
            version=version.version,
            reference=version.reference,
            in_force_from=version.in_force_from,
            text_sha256=_sha256(version.text.encode()),
            name=session.get_one(Staff, staff_id).name,
            signed_as=reading.signed_as,
            at=now.astimezone(reading.zone),
            language=reading.language,
            demo=is_demo(session),
        )
    )
    row = PolicyAcknowledgement(
        policy_version_id=version.id,
        staff_id=staff_id,
        signed_as=reading.signed_as,
        language=reading.language.value,
        acknowledged_at=now,
        pdf_sha256=_sha256(paper),
        pdf=paper,
    )
    return record_entry(session, row, EventKind.POLICY_ACKNOWLEDGED, by=f"staff:{staff_id}", now=now)


def acknowledgement_paper(session: Session, key: int) -> bytes:
    """As it was drawn once. Raises UnknownEntry or PaperDoesNotMatch."""
    signed = session.get(PolicyAcknowledgement, key)
    if signed is None:
        raise UnknownEntry("Nobody has signed an acknowledgement of this number.")
    if _sha256(signed.pdf) != signed.pdf_sha256:
        raise PaperDoesNotMatch("The stored paper is not the one that was signed. Tell a records officer.")
    return signed.pdf


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
