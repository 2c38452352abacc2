"""What did they sign? The signer's copy, read back from what was sealed: by their link for a day, or for the desk."""

from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from consent.domain.copies import Seal, SignedCopy
from consent.domain.form_sheets import FormSheet
from consent.domain.references import tidy_reference
from consent.domain.refusals import ConsentError
from consent.domain.signatures import Signature
from consent.domain.vocabulary import Language
from consent.services.form_texts import shown_sha256
from consent.services.signing import copy_token_sha256
from consent.services.signing_records import json_sha256
from consent.storage import signings
from consent.storage.models import ShownText, Signing
from consent.storage.registry import is_demo


class UnknownSigning(ConsentError):
    """No signing has this reference number."""


class CopyDoesNotMatch(ConsentError):
    """What is kept is not what was sealed."""


def copy_by_token(session: Session, token: str, *, zone: tzinfo, now: datetime) -> SignedCopy | None:
    """The copy that this link opens; None for a link that is too old or was never one, alike."""
    signing = signings.signing_with_copy(session, copy_token_sha256(token), now)
    return _copy(session, signing, zone) if signing else None


def copy_by_reference(session: Session, reference: str, *, zone: tzinfo) -> SignedCopy:
    """For the desk, to print it once more. Raises UnknownSigning or CopyDoesNotMatch."""
    signing = signings.signing_named(session, tidy_reference(reference))
    found = _copy(session, signing, zone) if signing else None
    if found is None:
        raise UnknownSigning("No signing has this reference number. Check it.")
    return found


def _copy(session: Session, signing: Signing, zone: tzinfo) -> SignedCopy | None:
    records = signings.sealed_consents(session, [signing.id])[signing.id]
    if not records:
        return None
    first = records[0]
    text = session.get_one(ShownText, first.consent.shown_sha256).text
    if text is None:
        return None
    for record in records:
        _check(record, text)
    signer = first.content["signer"]
    return SignedCopy(
        reference=signing.reference,
        language=Language(signing.language),
        department=first.content["department"],
        signer=f"{signer['first_name']} {signer['last_name']}",
        signed_at=datetime.fromisoformat(first.content["signed_at"]).astimezone(zone),
        sheet=FormSheet.from_text(text),
        signature=Signature.from_json(first.consent.signature or {}),
        seals=tuple(Seal(record.consent.external_id, record.leaf) for record in records),
        demo=is_demo(session),
        scan_sha256=first.content["scan"]["sha256"] if "scan" in first.content else "",
    )


def _check(record: signings.SealedConsent, text: str) -> None:
    """A copy is made of what was sealed or not at all."""
    sealed = record.content
    if (
        sealed["shown_sha256"] != shown_sha256(text)
        or sealed["signature"]["sha256"] != json_sha256(record.consent.signature)
        or record.leaf != record.leaf_recomputed
    ):
        raise CopyDoesNotMatch("What is kept of this signing is not what was sealed. Tell a records officer.")


def copy_address(token: str, *, base_url: str) -> str:
    """Where a signer's own phone finds the copy."""
    return f"{base_url.rstrip('/')}/copy/{token}"
