"""How does a family's signature become a record? In one change, whole or not at all; once, however often they tap."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from sqlalchemy.orm import Session

from consent.domain.refusals import ConsentError
from consent.domain.signatures import Signature
from consent.domain.signing import Sitting, last_day_shown, settle
from consent.domain.vocabulary import Answer, Use
from consent.services.mail import queue_copy
from consent.services.matching import link_exact
from consent.services.signing_records import Sealing, at_kiosk, by_kiosk, free_reference, json_sha256, keep_records
from consent.services.signing_review import NoForm, Review, current_form, form_uses, prepare, review
from consent.services.throttle import TooManyTries
from consent.storage import signings
from consent.storage.database import begin_writing
from consent.storage.models import Kiosk, Signing, SigningCopy
from consent.storage.registry import esign_policy

__all__ = ["NoForm", "Review", "current_form", "form_uses", "review"]

COPY_LIVES: Final = timedelta(hours=24)


class NoEsignPolicy(ConsentError):
    """The city has not decided to take signatures on a screen."""


class TextChanged(ConsentError):
    """The form, or what it names, changed while the family was reading."""


class KeyReused(ConsentError):
    """Something else was signed with the same key."""


class NotAgreedElectronic(ConsentError):
    """They have not agreed to sign on a screen."""


@dataclass(frozen=True, slots=True)
class Submission:
    """All that one tap on "Sign" sends. `shown_sha256` is of the text that was reviewed."""

    idempotency_key: str
    copy_token: str
    sitting: Sitting
    signature: Signature
    shown_sha256: str
    agreed_electronic: bool


@dataclass(frozen=True, slots=True)
class SignedPatron:
    """A child's line at the end."""

    first_name: str
    last_name: str
    yes: tuple[Use, ...]
    no: tuple[Use, ...]
    last_day: date


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed; the same however often it was sent."""

    reference: str
    copy_token: str
    patrons: tuple[SignedPatron, ...]


def sign(
    session: Session,
    submission: Submission,
    *,
    kiosk_id: int,
    department: str,
    zone: tzinfo,
    now: datetime,
    apart: timedelta = timedelta(),
) -> Signed:
    """Keep what was signed. A repeated tap gives the same reference and keeps nothing more.

    Raises TooManyTries where the last family at this kiosk signed less than so long ago: no hand is that fast.
    """
    body = _body_sha256(submission, kiosk_id)
    begin_writing(session)
    before = signings.signing_with_key(session, submission.idempotency_key)
    if before is not None:
        return _signed_before(session, before, submission, body, zone)
    policy = esign_policy(session)
    if policy is None:
        raise NoEsignPolicy("The city has not yet decided to take signatures on a screen. Please go to the desk.")
    if not submission.agreed_electronic:
        raise NotAgreedElectronic("Agree to sign on the screen, or ask the desk for a paper form.")
    prepared = prepare(session, submission.sitting, department=department, zone=zone, now=now)
    if prepared.review.shown_sha256 != submission.shown_sha256:
        raise TextChanged("The form changed while you were reading. Please read it again, then sign.")

    if (wait := _signed_moments_ago(session, kiosk_id, apart, now)) > timedelta():
        raise TooManyTries(wait)

    signing = _keep_signing(session, submission, body, kiosk_id=kiosk_id, now=now)
    kiosk = session.get_one(Kiosk, kiosk_id)
    sealing = Sealing(prepared, at_kiosk(kiosk, submission.signature, policy), signing, department, zone)
    records = keep_records(session, sealing, now=now)
    if submission.sitting.signer.email:
        queue_copy(session, signing, submission.sitting.signer.email, now=now)
    link_exact(session, records, submission.sitting.signer, by=by_kiosk(kiosk_id), now=now)
    session.commit()
    return _signed(signing.reference, prepared.review.sitting, submission.copy_token, now.astimezone(zone).date())


def signed_with_key(session: Session, idempotency_key: str) -> str | None:
    """The reference of what was signed with this key, such as when a page is sent again after its draft is gone."""
    signing = signings.signing_with_key(session, idempotency_key)
    return signing.reference if signing else None


def _signed_moments_ago(session: Session, kiosk_id: int, apart: timedelta, now: datetime) -> timedelta:
    """How long the next must wait; a clock that was set back holds nobody up."""
    last = signings.last_signed_at(session, kiosk_id)
    return last + apart - now if last and last <= now else timedelta()


def _keep_signing(session: Session, submission: Submission, body: str, *, kiosk_id: int, now: datetime) -> Signing:
    signing = Signing(
        reference=free_reference(session),
        idempotency_key=submission.idempotency_key,
        body_sha256=body,
        kiosk_id=kiosk_id,
        language=submission.sitting.language.value,
        signed_at=now,
    )
    session.add(signing)
    session.flush()
    token_sha256 = copy_token_sha256(submission.copy_token)
    session.add(SigningCopy(signing_id=signing.id, token_sha256=token_sha256, expires_at=now + COPY_LIVES))
    return signing


def _signed_before(session: Session, signing: Signing, submission: Submission, body: str, zone: tzinfo) -> Signed:
    reference, kept, signed_on = signing.reference, signing.body_sha256, signing.signed_at.astimezone(zone).date()
    uses = [Use(use) for use in submission.sitting.patrons[0].answers]
    session.rollback()
    if kept != body:
        raise KeyReused("Something else was signed with this page already. Please go to the desk.")
    sitting = settle(submission.sitting, uses=uses, today=signed_on)
    return _signed(reference, sitting, submission.copy_token, signed_on)


def _signed(reference: str, sitting: Sitting, copy_token: str, signed_on: date) -> Signed:
    lines = tuple(
        SignedPatron(
            patron.first_name,
            patron.last_name,
            patron.said(Answer.YES),
            patron.said(Answer.NO),
            last_day_shown(signed_on, patron.born),
        )
        for patron in sitting.patrons
    )
    return Signed(reference, copy_token, lines)


def copy_token_sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _body_sha256(submission: Submission, kiosk_id: int) -> str:
    """All that was sent, but for the key itself: whatever differs is another signing."""
    return json_sha256(
        {
            "kiosk": kiosk_id,
            "sitting": submission.sitting.to_json(),
            "signature": submission.signature.to_json(),
            "shown_sha256": submission.shown_sha256,
            "agreed_electronic": submission.agreed_electronic,
        }
    )
