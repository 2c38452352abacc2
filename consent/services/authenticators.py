"""Is this the code that an authenticator app or a hardware token shows now? Each code is taken once (RFC 6238)."""

from datetime import datetime
from typing import Final

from passlib.exc import TokenError
from passlib.totp import TOTP
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.services.encryption import decrypt, encrypt
from consent.services.second_factors import FactorKind, checked_name, record_added
from consent.storage.database import begin_writing
from consent.storage.models import Authenticator

SECRET_BYTES: Final = 20  # what hardware tokens hold
WINDOW_SECONDS: Final = 30
NEVER: Final = -1


def new_secret(staff_id: int, *, secret: str) -> str:
    """A new authenticator's secret, encrypted: it travels through the page that sets it up, and counts only then."""
    return encrypt(_text(TOTP(new=True, size=SECRET_BYTES)), secret=secret, about=_about(staff_id))


def readable_secret(staff_id: int, sealed: str, *, secret: str) -> str:
    """For an app without a camera. Raises NotReadable."""
    return decrypt(sealed, secret=secret, about=_about(staff_id))


def address_of(base32: str, *, email: str, issuer: str) -> str:
    """What the QR code says, in the form that every app reads."""
    return str(TOTP(base32).to_uri(label=email.replace(":", ""), issuer=issuer.replace(":", "")))


def add_authenticator(
    session: Session, staff_id: int, name: str, sealed: str, code: str, *, secret: str, by: str, now: datetime
) -> bool:
    """Add it if `code` shows that it is set up. Raises NotReadable or FactorNameWrong."""
    counter = _match(readable_secret(staff_id, sealed, secret=secret), code, NEVER, now)
    if counter is None:
        return False
    added = Authenticator(
        staff_id=staff_id, name=checked_name(name), encrypted_secret=sealed, last_counter=counter, added_at=now
    )
    begin_writing(session)
    record_added(session, added, FactorKind.AUTHENTICATOR, by=by, now=now)
    session.commit()
    return True


def use_code(session: Session, staff_id: int, code: str, *, secret: str, now: datetime) -> bool:
    """Whether one of this person's authenticators shows this code, and it was not taken before. From now on it was."""
    begin_writing(session)
    for held in session.scalars(select(Authenticator).where(Authenticator.staff_id == staff_id)):
        base32 = decrypt(held.encrypted_secret, secret=secret, about=_about(staff_id))
        counter = _match(base32, code, held.last_counter, now)
        if counter is not None:
            held.last_counter, held.last_used_at = counter, max(now, held.added_at)
            session.commit()
            return True
    session.rollback()
    return False


def _match(base32: str, code: str, last_counter: int, now: datetime) -> int | None:
    """The count of half minutes at which the code is shown; None where it is not, or was taken before."""
    try:
        found = TOTP(base32).match(code, time=now, window=WINDOW_SECONDS, last_counter=last_counter)
    except TokenError:
        return None
    return int(found.counter)


def _text(totp: TOTP) -> str:
    return str(totp.base32_key)


def _about(staff_id: int) -> str:
    return f"authenticator of staff {staff_id}"
