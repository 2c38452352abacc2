"""Did somebody touch their own security key? Asks the browser and checks what it answers (WebAuthn)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import webauthn
from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn.helpers.exceptions import (
    InvalidAuthenticationResponse,
    InvalidJSONStructure,
    InvalidRegistrationResponse,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from consent.domain.refusals import ConsentError
from consent.services.second_factors import FactorKind, checked_name, record_added
from consent.storage.database import begin_writing
from consent.storage.models import SecurityKey, Staff

NOT_AN_ANSWER: Final = (
    RecursionError,
    InvalidRegistrationResponse,
    InvalidAuthenticationResponse,
    InvalidJSONStructure,
    ValueError,
    KeyError,
)
# A touch is enough: the password was given before, and a PIN each time would be in the way.
A_TOUCH: Final = UserVerificationRequirement.DISCOURAGED


class KeyTaken(ConsentError):
    """Somebody has registered this security key already."""


@dataclass(frozen=True, slots=True)
class Site:
    """The site that the browser's answer must be for: the host of this request, at one of our addresses."""

    host: str
    origins: Sequence[str]
    name: str


def ask_to_add(session: Session, staff: Staff, challenge: bytes, *, site: Site) -> str:
    """What the browser needs to make a new key pair, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=f"staff:{staff.id}".encode(),
        user_name=staff.email,
        user_display_name=staff.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=A_TOUCH
        ),
        exclude_credentials=_known(session, staff.id),
    )
    return webauthn.options_to_json(options)


def ask_for_a_touch(session: Session, staff_id: int, challenge: bytes, *, site: Site) -> str:
    """What the browser needs to ask for one of this person's keys, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        allow_credentials=_known(session, staff_id),
        user_verification=A_TOUCH,
    )
    return webauthn.options_to_json(options)


def add_key(
    session: Session, staff_id: int, name: str, answer: str, challenge: bytes, *, site: Site, by: str, now: datetime
) -> bool:
    """Add the key if the browser's answer proves it. Raises KeyTaken or FactorNameWrong."""
    name = checked_name(name)
    try:
        verified = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=list(site.origins),
        )
    except NOT_AN_ANSWER:
        return False
    begin_writing(session)
    if session.scalar(select(SecurityKey.id).where(SecurityKey.credential_id == verified.credential_id)):
        raise KeyTaken
    key = SecurityKey(
        staff_id=staff_id,
        name=name,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        added_at=now,
    )
    record_added(session, key, FactorKind.SECURITY_KEY, by=by, now=now)
    session.commit()
    return True


def use_key(session: Session, staff_id: int, answer: str, challenge: bytes, *, site: Site, now: datetime) -> bool:
    """Whether the browser's answer comes from one of this person's keys, and from no copy of it."""
    begin_writing(session)
    if (key := _key_answering(session, staff_id, answer)) is None:
        session.rollback()
        return False
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=list(site.origins),
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
        )
    except NOT_AN_ANSWER:
        session.rollback()
        return False
    key.sign_count, key.last_used_at = verified.new_sign_count, max(now, key.added_at)
    session.commit()
    return True


def _key_answering(session: Session, staff_id: int, answer: str) -> SecurityKey | None:
    try:
        credential_id = webauthn.base64url_to_bytes(str(json.loads(answer)["rawId"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    mine = SecurityKey.staff_id == staff_id, SecurityKey.credential_id == credential_id
    return session.scalar(select(SecurityKey).where(*mine))


def _known(session: Session, staff_id: int) -> list[PublicKeyCredentialDescriptor]:
    kept = session.scalars(select(SecurityKey.credential_id).where(SecurityKey.staff_id == staff_id))
    return [PublicKeyCredentialDescriptor(id=credential_id) for credential_id in kept]
