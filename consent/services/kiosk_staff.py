"""Who may open the staff menu of a kiosk, and what can be set there? Whoever types its PIN."""

from datetime import datetime
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.refusals import ConsentError
from consent.domain.throttle import Scope
from consent.services import ledger, throttle
from consent.services.kiosks import UnknownKiosk
from consent.storage.database import begin_writing
from consent.storage.models import Kiosk

PIN_AT_LEAST: Final = 6
PIN_AT_MOST: Final = 12
_HASHER: Final = PasswordHasher()


class PinWrong(ConsentError):
    """Not the PIN of this kiosk; or it has none."""


class PinTooWeak(ConsentError):
    """Too short, too long, not digits, or the same digit again and again."""


def set_pin(session: Session, kiosk_id: int, pin: str, *, by: str, now: datetime) -> None:
    """A new PIN in place of any before; it is shown nowhere. Raises PinTooWeak or UnknownKiosk."""
    if not (pin.isascii() and pin.isdigit() and PIN_AT_LEAST <= len(pin) <= PIN_AT_MOST) or len(set(pin)) == 1:
        raise PinTooWeak(f"A PIN has {PIN_AT_LEAST} to {PIN_AT_MOST} digits, and not the same one throughout.")
    hashed = _HASHER.hash(pin)  # slow on purpose, so before the writer's turn
    begin_writing(session)
    kiosk = kiosk_numbered(session, kiosk_id)
    kiosk.staff_pin_hash = hashed
    ledger.record(session, ledger.Event(EventKind.KIOSK_CHANGED, {"name": kiosk.name, "pin": "set"}), by=by, now=now)
    session.commit()
    throttle.forget(session, Scope.KIOSK_PIN, str(kiosk_id))


def check_pin(session: Session, kiosk_id: int, pin: str, *, now: datetime) -> None:
    """Raises PinWrong, or TooManyTries after five wrong ones, with a minute between the next."""
    hashed = kiosk_numbered(session, kiosk_id).staff_pin_hash
    if hashed is None:
        raise PinWrong("This kiosk has no PIN yet.")
    if wait := throttle.count_try(session, Scope.KIOSK_PIN, str(kiosk_id), now=now):
        raise throttle.TooManyTries(wait)
    try:
        _HASHER.verify(hashed, pin)
    except VerificationError as wrong:
        raise PinWrong("This is not the PIN.") from wrong
    throttle.forget(session, Scope.KIOSK_PIN, str(kiosk_id))


def set_display(session: Session, kiosk_id: int, *, large_text: bool, silent: bool, by: str, now: datetime) -> None:
    """How large the kiosk writes, and whether its warning can be heard. Raises UnknownKiosk."""
    begin_writing(session)
    kiosk = kiosk_numbered(session, kiosk_id)
    if (kiosk.large_text, kiosk.silent) != (large_text, silent):
        kiosk.large_text, kiosk.silent = large_text, silent
        told = {"name": kiosk.name, "large_text": large_text, "silent": silent}
        ledger.record(session, ledger.Event(EventKind.KIOSK_CHANGED, told), by=by, now=now)
    session.commit()


def kiosk_numbered(session: Session, kiosk_id: int) -> Kiosk:
    """Raises UnknownKiosk."""
    kiosk = session.get(Kiosk, kiosk_id)
    if kiosk is None:
        raise UnknownKiosk("No kiosk has this number.")
    return kiosk
