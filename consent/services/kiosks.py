"""Which devices may collect signatures, and may they at all?

A device is enrolled by a one-time address; from then on its key opens the kiosk's pages, which can create and never
read. Of the address and of the key only SHA-256 is kept.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.refusals import ConsentError
from consent.services import ledger
from consent.storage.columns import NAME_LENGTH
from consent.storage.database import begin_writing
from consent.storage.models import Kiosk, RegistryMark
from consent.storage.registry import ESIGN_POLICY, esign_policy

__all__ = ["esign_policy"]

KEY_BYTES: Final = 32
ENROLLMENT_LIVES: Final = timedelta(days=7)
SEEN_AT_MOST_EVERY: Final = timedelta(minutes=1)
QUIET_AFTER: Final = timedelta(days=1)
LONGEST_REFERENCE: Final = 200


class KioskNameWrong(ConsentError):
    """A kiosk's name is empty or too long."""


class NameTaken(ConsentError):
    """A kiosk has this name already."""


class UnknownKiosk(ConsentError):
    """No kiosk has this name or number."""


class KioskNotEnrolled(ConsentError):
    """A one-time address that was used already, is too old, or never was one."""


class PolicyReferenceWrong(ConsentError):
    """A reference that nobody could look up."""


def add_kiosk(session: Session, name: str, *, by: str, now: datetime) -> str:
    """Add a kiosk and give the one-time token that enrolls its device, the only time it can be read."""
    name = name.strip()
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable():
        raise KioskNameWrong(f"A kiosk's name has 1 to {NAME_LENGTH} characters on one line.")
    begin_writing(session)
    if session.scalar(select(Kiosk.id).where(Kiosk.name == name)):
        raise NameTaken(f"A kiosk is already called {name!r}. Choose another name, or give that one a new address.")

    token = secrets.token_urlsafe(KEY_BYTES)
    session.add(
        Kiosk(name=name, enrollment_sha256=_sha256(token), enrollment_until=now + ENROLLMENT_LIVES, added_at=now)
    )
    ledger.record(session, ledger.Event(EventKind.KIOSK_ADDED, {"name": name}), by=by, now=now)
    session.commit()
    return token


def renew_enrollment(session: Session, name: str, *, by: str, now: datetime) -> str:
    """A new one-time token for a kiosk whose device was replaced; the old device is cut off when it is used."""
    begin_writing(session)
    kiosk = session.scalar(select(Kiosk).where(Kiosk.name == name.strip()))
    if kiosk is None:
        raise UnknownKiosk(f"No kiosk is called {name!r}. `consent kiosk list` shows them.")
    token = secrets.token_urlsafe(KEY_BYTES)
    kiosk.enrollment_sha256, kiosk.enrollment_until = _sha256(token), now + ENROLLMENT_LIVES
    told = {"name": kiosk.name, "enrollment": "renewed"}
    ledger.record(session, ledger.Event(EventKind.KIOSK_CHANGED, told), by=by, now=now)
    session.commit()
    return token


def enrollment_address(token: str, *, base_url: str) -> str:
    """The one-time address to open on the device itself."""
    return f"{base_url.rstrip('/')}/kiosk/enroll/{token}"


def enroll_device(session: Session, token: str, *, now: datetime) -> str:
    """Make the device that shows this token the kiosk, and give its key. Works once. Raises KioskNotEnrolled."""
    begin_writing(session)
    kiosk = session.scalar(select(Kiosk).where(Kiosk.enrollment_sha256 == _sha256(token)))
    if kiosk is None or kiosk.enrollment_until is None or kiosk.enrollment_until <= now:
        raise KioskNotEnrolled("This address was used already, or is older than seven days. Ask for a new one.")
    key = secrets.token_urlsafe(KEY_BYTES)
    kiosk.device_sha256 = _sha256(key)
    kiosk.enrollment_sha256 = kiosk.enrollment_until = None
    ledger.record(session, ledger.Event(EventKind.KIOSK_ENROLLED, {"name": kiosk.name}), by="kiosk", now=now)
    session.commit()
    return key


def kiosk_of(session: Session, device_key: str) -> Kiosk | None:
    """The kiosk whose device holds this key."""
    return session.scalar(_OF_DEVICE, {"device": _sha256(device_key)})


def seen(session: Session, kiosk: Kiosk, now: datetime) -> None:
    """Note that the kiosk is alive, at most once a minute. Ends the session's transaction if it writes."""
    if kiosk.last_seen_at and timedelta() <= now - kiosk.last_seen_at < SEEN_AT_MOST_EVERY:
        return
    kiosk_id = kiosk.id
    begin_writing(session)
    session.get_one(Kiosk, kiosk_id).last_seen_at = now
    session.commit()


def set_out_of_order(session: Session, kiosk_id: int, out_of_order: bool, *, by: str, now: datetime) -> None:
    """Let the kiosk send everybody to the desk, or take signatures again."""
    begin_writing(session)
    kiosk = session.get(Kiosk, kiosk_id)
    if kiosk is None:
        raise UnknownKiosk("No kiosk has this number.")
    if kiosk.out_of_order != out_of_order:
        kiosk.out_of_order = out_of_order
        told = {"name": kiosk.name, "out_of_order": out_of_order}
        ledger.record(session, ledger.Event(EventKind.KIOSK_CHANGED, told), by=by, now=now)
    session.commit()


def list_kiosks(session: Session) -> Sequence[Kiosk]:
    return session.scalars(select(Kiosk).order_by(Kiosk.name)).all()


def is_quiet(kiosk: Kiosk, *, now: datetime) -> bool:
    """It should be at work, and was not seen for a day: switched off, or cut off."""
    if kiosk.out_of_order or not kiosk.device_sha256:
        return False
    return kiosk.last_seen_at is None or now - kiosk.last_seen_at > QUIET_AFTER


def set_esign_policy(session: Session, reference: str, *, by: str, now: datetime) -> None:
    """Say under which decision of the city signatures on a screen are taken; nothing is signed before."""
    begin_writing(session)
    record_esign_policy(session, reference, by=by, now=now)
    session.commit()


def record_esign_policy(session: Session, reference: str, *, by: str, now: datetime) -> None:
    """The same as part of a larger change: the caller holds the writer's turn and commits."""
    reference = reference.strip()
    if not 1 <= len(reference) <= LONGEST_REFERENCE or not reference.isprintable():
        raise PolicyReferenceWrong(f"The reference has 1 to {LONGEST_REFERENCE} characters on one line.")
    mark = session.get(RegistryMark, ESIGN_POLICY)
    told = {"before": mark.value if mark else None, "reference": reference}
    if mark:
        mark.value = reference
    else:
        session.add(RegistryMark(name=ESIGN_POLICY, value=reference))
    ledger.record(session, ledger.Event(EventKind.ESIGN_POLICY_SET, told), by=by, now=now)


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


_OF_DEVICE: Final = select(Kiosk).where(Kiosk.device_sha256 == bindparam("device"))
