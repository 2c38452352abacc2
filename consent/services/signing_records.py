"""What is kept of a signing? For each child one record, sealed by its event: who, what, where, until when, and how.

The sealed record says it as it was typed and shown; whom it means is the match's to say.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Final

import rfc8785
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.references import new_reference
from consent.domain.scans import Scan
from consent.domain.signatures import Signature
from consent.domain.signing import TypedPatron, expires_at, last_day_shown
from consent.domain.vocabulary import Assurance
from consent.services.ledger import Event, record_all
from consent.services.signing_review import Prepared
from consent.storage import signings
from consent.storage.models import (
    Consent,
    ConsentAnswer,
    ConsentPlatform,
    ConsentProgram,
    Kiosk,
    ShownText,
    Signing,
)

SCHEMA: Final = "consent-record/1"


@dataclass(frozen=True, slots=True)
class Capture:
    """How a signature came in, and what the sealed record says of it."""

    by: str
    assurance: Assurance
    signature: dict[str, Any]
    said: dict[str, Any]


def at_kiosk(kiosk: Kiosk, signature: Signature, policy: str) -> Capture:
    said = {
        "kiosk": {"id": kiosk.id, "name": kiosk.name},
        "capture": "kiosk",
        "agreed_electronic": True,
        "esign_policy": policy,
    }
    return Capture(by_kiosk(kiosk.id), Assurance.KIOSK_UNWITNESSED, signature.to_json(), said)


def on_paper(scan: Scan, *, order_seen: bool, by: str) -> Capture:
    """Signed by hand: what stands for the signature is the scan of the paper."""
    said = {
        "kiosk": None,
        "capture": "paper",
        "scan": {"sha256": scan.sha256, "pages": scan.pages},
        "order_seen": order_seen,
    }
    return Capture(by, Assurance.PAPER, {"kind": "paper", "scan_sha256": scan.sha256}, said)


@dataclass(frozen=True, slots=True)
class Sealing:
    """All that each child's sealed record says alike."""

    prepared: Prepared
    capture: Capture
    signing: Signing
    department: str
    zone: tzinfo

    @property
    def signed_on(self) -> date:
        return self.signing.signed_at.astimezone(self.zone).date()

    @property
    def expires_at(self) -> datetime:
        return expires_at(self.signed_on, self.zone)

    def external_id(self, place: int) -> str:
        return f"{self.signing.reference}-{place}"

    def content(self, place: int, patron: TypedPatron) -> dict[str, Any]:
        """DESIGN's sealed record, as typed and as shown."""
        review, form = self.prepared.review, self.prepared.form
        return {
            "schema": SCHEMA,
            "id": self.external_id(place),
            "reference": self.signing.reference,
            "department": self.department,
            "form": {
                "id": form.form,
                "version": form.version,
                "language": review.sitting.language.value,
                "text_sha256": form.text_sha256,
            },
            "shown_sha256": review.shown_sha256,
            "signer": review.sitting.signer.to_json(),
            "patron": patron.to_json(),
            "signature": {
                "kind": self.capture.signature["kind"],
                "sha256": json_sha256(self.capture.signature),
            },
            "signed_at": self.signing.signed_at.isoformat(),
            "expires_at": self.expires_at.isoformat(),
            "last_day_shown": last_day_shown(self.signed_on, patron.born).isoformat(),
            "assurance": self.capture.assurance.value,
            **self.capture.said,
        }


def keep_records(session: Session, sealing: Sealing, *, now: datetime) -> list[tuple[Consent, TypedPatron]]:
    """A record for each child, its answers and limits, and the text that all were shown."""
    review = sealing.prepared.review
    if not signings.is_text_kept(session, review.shown_sha256):
        session.add(ShownText(sha256=review.shown_sha256, text=review.sheet.text))
        session.flush()
    patrons = review.sitting.patrons
    events = [
        Event(EventKind.CONSENT_SIGNED, sealing.content(place, patron)) for place, patron in enumerate(patrons, 1)
    ]
    positions = record_all(session, events, by=sealing.capture.by, now=now)
    records = [
        (_consent(sealing, place, patron, position), patron)
        for place, (patron, position) in enumerate(zip(patrons, positions, strict=True), 1)
    ]
    session.add_all(consent for consent, _ in records)
    session.flush()
    for consent, patron in records:
        session.add_all(_answers_and_limits(sealing.prepared, consent.id, patron))
    session.flush()
    return records


def _consent(sealing: Sealing, place: int, patron: TypedPatron, position: int) -> Consent:
    return Consent(
        external_id=sealing.external_id(place),
        signing_id=sealing.signing.id,
        form_version_id=sealing.prepared.form.id,
        shown_sha256=sealing.prepared.review.shown_sha256,
        language=sealing.signing.language,
        assurance=sealing.capture.assurance.value,
        signed_at=sealing.signing.signed_at,
        expires_at=sealing.expires_at,
        channels=" ".join(patron.channels),
        every_platform=patron.platforms is None,
        every_program=patron.programs is None,
        signature=sealing.capture.signature,
        event_position=position,
    )


def _answers_and_limits(
    prepared: Prepared, consent_id: int, patron: TypedPatron
) -> list[ConsentAnswer | ConsentPlatform | ConsentProgram]:
    return [
        *(ConsentAnswer(consent_id=consent_id, use=use, answer=answer) for use, answer in patron.answers.items()),
        *(
            ConsentPlatform(consent_id=consent_id, platform_id=prepared.platforms[key].id)
            for key in dict.fromkeys(patron.platforms or ())
        ),
        *(
            ConsentProgram(consent_id=consent_id, program_id=prepared.programs[key].id)
            for key in dict.fromkeys(patron.programs or ())
        ),
    ]


def free_reference(session: Session) -> str:
    """For a new signing."""
    reference = new_reference()
    while signings.signing_named(session, reference):
        reference = new_reference()
    return reference


def json_sha256(value: Any) -> str:
    """Over canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


def by_kiosk(kiosk_id: int) -> str:
    """Who did it, in the ledger."""
    return f"kiosk:{kiosk_id}"
