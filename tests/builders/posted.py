"""What stands on a platform with somebody in it, and what did their mother sign? Rows for the pages of a browser."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.vocabulary import Answer, Use
from consent.services.ledger import Event, record
from consent.storage.database import begin_writing
from consent.storage.models import (
    Clearance,
    ClearanceDecision,
    ClearancePerson,
    ClearanceVerdict,
    Consent,
    ConsentAnswer,
    Guardian,
    Patron,
    PatronMatch,
    PlatformAccount,
    Post,
    PostPerson,
    Signing,
    Staff,
    Witnessing,
)
from tests.builders.links import lasting_link
from tests.builders.rows import a_row

FIRST = 1
"""An event that is in the tree: rows past the ledger would tear it."""


def a_post(session: Session, patron: str, what: str, *, by: str, now: datetime) -> None:
    """A photo of somebody on the department's account, posted an hour ago. The caller commits."""
    key = session.scalars(select(Patron.id).where(Patron.external_id == patron)).one()
    poster = session.scalars(select(Staff.id).where(Staff.email == by)).one()
    account = session.scalars(select(PlatformAccount.id).where(PlatformAccount.owner_id.is_(None)).limit(1)).one()
    made = a_row(session, Clearance, what=what, account_id=account, made_by=poster, program_id=None)["id"]
    a_row(session, ClearancePerson, clearance_id=made, patron_id=key)
    decided = a_row(session, ClearanceDecision, clearance_id=made, decided_by=poster, event_position=FIRST)["id"]
    a_row(session, ClearanceVerdict, decision_id=decided, patron_id=key, use=Use.PHOTO.value)
    posted_at = now - timedelta(hours=1)
    post = a_row(
        session, Post, clearance_id=made, decision_id=decided, told_by=poster, posted_at=posted_at, told_at=posted_at
    )
    a_row(session, PostPerson, post_id=post["id"], patron_id=key)


def a_mothers_link(session: Session, patron: str, *, now: datetime) -> str:
    """She said yes to a photo at a kiosk, and the desk confirmed it; the token of her copy's status page."""
    begin_writing(session)
    position = record(session, Event(EventKind.CONSENT_SIGNED, {"patron": patron}), by="kiosk", now=now)
    key = session.scalars(select(Patron.id).where(Patron.external_id == patron)).one()
    mother = session.scalars(select(Guardian.id).where(Guardian.external_id == f"mother-of-{patron}")).one()
    yesterday = now - timedelta(days=1)
    signing = a_row(session, Signing, signed_at=yesterday)
    signed = a_row(
        session,
        Consent,
        signing_id=signing["id"],
        event_position=position,
        signed_at=yesterday,
        expires_at=now + timedelta(days=300),
    )["id"]
    a_row(session, ConsentAnswer, consent_id=signed, use=Use.PHOTO.value, answer=Answer.YES.value)
    a_row(session, PatronMatch, consent_id=signed, patron_id=key, guardian_id=mother)
    a_row(session, Witnessing, consent_id=signed, at=yesterday)
    return lasting_link(session, signing["reference"], now=now)
