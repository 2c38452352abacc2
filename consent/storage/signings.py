"""What was signed at a kiosk, as it was typed? Read back from what was sealed."""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.storage.models import (
    Consent,
    FormVersion,
    FormWithdrawal,
    LedgerEvent,
    Platform,
    Program,
    SealedContent,
    ShownText,
    Signing,
    SigningCopy,
)


class SealedConsent(NamedTuple):
    """One record of a signing: what was sealed, the leaf that the ledger keeps of it, and what it would be today."""

    consent: Consent
    content: dict[str, Any]
    leaf: str
    leaf_recomputed: str


def last_signed_at(session: Session, kiosk_id: int) -> datetime | None:
    """When the last family signed at this kiosk."""
    return session.scalar(
        select(Signing.signed_at).where(Signing.kiosk_id == kiosk_id).order_by(Signing.id.desc()).limit(1)
    )


def form_in_use(session: Session, now: datetime) -> FormVersion | None:
    """The version published last, of those not withdrawn."""
    withdrawn = select(FormWithdrawal.form_version_id).where(FormWithdrawal.at <= now)
    return session.scalar(
        select(FormVersion)
        .where(FormVersion.published_at <= now, FormVersion.id.not_in(withdrawn))
        .order_by(FormVersion.published_at.desc(), FormVersion.version.desc(), FormVersion.id.desc())
        .limit(1)
    )


def platforms_approved(session: Session, now: datetime) -> list[Platform]:
    """By name; those that a yes of this instant can cover."""
    return [
        platform
        for platform in session.scalars(select(Platform).order_by(Platform.name, Platform.id))
        if platform.approved_from <= now and (platform.approved_until is None or now < platform.approved_until)
    ]


def programs_named(session: Session, external_ids: Collection[str]) -> list[Program]:
    found = session.scalars(select(Program).where(Program.external_id.in_(sorted(external_ids))))
    return list(found) if external_ids else []


def signing_with_key(session: Session, idempotency_key: str) -> Signing | None:
    return session.scalar(select(Signing).where(Signing.idempotency_key == idempotency_key))


def signing_named(session: Session, reference: str) -> Signing | None:
    return session.scalar(select(Signing).where(Signing.reference == reference))


def signing_with_copy(session: Session, token_sha256: str, now: datetime) -> Signing | None:
    """The signing whose copy this link opens; it is over at its last instant."""
    return session.scalar(
        select(Signing)
        .join(SigningCopy, SigningCopy.signing_id == Signing.id)
        .where(SigningCopy.token_sha256 == token_sha256, SigningCopy.expires_at > now)
    )


def is_text_kept(session: Session, sha256: str) -> bool:
    return session.get(ShownText, sha256) is not None


def sealed_consents(session: Session, signing_ids: Collection[int]) -> dict[int, list[SealedConsent]]:
    """The records of each of these signings but for those erased, in the order in which the children were named."""
    rows = session.execute(
        select(Consent, SealedContent, LedgerEvent.leaf)
        .join(SealedContent, SealedContent.position == Consent.event_position)
        .join(LedgerEvent, LedgerEvent.position == Consent.event_position)
        .where(Consent.signing_id.in_(sorted(signing_ids)), SealedContent.canonical.is_not(None))
        .order_by(Consent.id)
    )
    found: dict[int, list[SealedConsent]] = {signing_id: [] for signing_id in signing_ids}
    for consent, sealed, leaf in rows:
        assert sealed.salt is not None
        assert sealed.canonical is not None
        recomputed = hashlib.sha256(sealed.salt + sealed.canonical.encode()).hexdigest()
        of_signing = found.setdefault(consent.signing_id or 0, [])
        of_signing.append(SealedConsent(consent, json.loads(sealed.canonical), leaf, recomputed))
    return found
