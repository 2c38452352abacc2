"""With what else than a password does somebody sign in, and must they? Keys, authenticators, codes on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, exists, func, or_, select
from sqlalchemy.orm import Session

from consent.domain.card_codes import code_sha256, is_code, new_code, tidy_code
from consent.domain.events import EventKind
from consent.domain.refusals import ConsentError
from consent.domain.sign_in import reads_records
from consent.services import ledger
from consent.storage.columns import NAME_LENGTH
from consent.storage.database import begin_writing
from consent.storage.models import Authenticator, RecoveryCode, SecurityKey, Staff
from consent.storage.registry import is_demo

REQUIRED: Final = "required"
CODES: Final = 10
Factor = SecurityKey | Authenticator


class FactorKind(StrEnum):
    AUTHENTICATOR = "authenticator"
    SECURITY_KEY = "security-key"


class FactorNameWrong(ConsentError):
    """A second factor's name is empty or too long."""


class UnknownFactor(ConsentError):
    """The person has no such second factor."""


class LastFactor(ConsentError):
    """Whoever reads records keeps one second factor at least."""


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody can give besides a password."""

    keys: Sequence[SecurityKey]
    authenticators: Sequence[Authenticator]
    codes_left: int

    def __bool__(self) -> bool:
        return bool(self.keys or self.authenticators)


MODELS: Final[dict[FactorKind, type[Factor]]] = {
    FactorKind.AUTHENTICATOR: Authenticator,
    FactorKind.SECURITY_KEY: SecurityKey,
}


def must_have_factor(session: Session, staff: Staff, *, rule: str) -> bool:
    """Whether this person signs in with a second factor or not at all. A demo's passwords are no secret anyway."""
    return rule == REQUIRED and reads_records(staff.permissions) and not is_demo(session)


def factors_of(session: Session, staff_id: int) -> Factors:
    unused = select(func.count()).where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
    keys = select(SecurityKey).where(SecurityKey.staff_id == staff_id).order_by(SecurityKey.id)
    authenticators = select(Authenticator).where(Authenticator.staff_id == staff_id).order_by(Authenticator.id)
    return Factors(session.scalars(keys).all(), session.scalars(authenticators).all(), session.scalar(unused) or 0)


def has_factor(session: Session, staff_id: int) -> bool:
    held = [exists().where(model.staff_id == staff_id) for model in MODELS.values()]
    return bool(session.scalar(select(or_(*held))))


def find_factor(session: Session, staff_id: int, kind: FactorKind, factor_id: int) -> Factor:
    """Raises UnknownFactor, for another person's too."""
    model = MODELS[kind]
    found = session.scalar(select(model).where(model.id == factor_id, model.staff_id == staff_id))
    if not isinstance(found, Factor):
        raise UnknownFactor
    return found


def checked_name(name: str) -> str:
    """Raises FactorNameWrong."""
    name = name.strip()
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable():
        raise FactorNameWrong(f"A name has 1 to {NAME_LENGTH} characters on one line.")
    return name


def record_added(session: Session, factor: Factor, kind: FactorKind, *, by: str, now: datetime) -> None:
    """As part of adding it: the caller holds the writer's turn and commits."""
    session.add(factor)
    session.flush()
    told = {"staff": factor.staff_id, "kind": kind.value, "factor": factor.id}
    ledger.record(session, ledger.Event(EventKind.SECOND_FACTOR_ADDED, told), by=by, now=now)


def remove_factor(
    session: Session, staff: Staff, kind: FactorKind, factor_id: int, *, rule: str, by: str, now: datetime
) -> None:
    """Take one of a person's own factors away. Raises UnknownFactor or LastFactor."""
    staff_id = staff.id
    begin_writing(session)
    factor = find_factor(session, staff_id, kind, factor_id)
    held = factors_of(session, staff_id)
    is_last = len(held.keys) + len(held.authenticators) == 1
    if is_last and must_have_factor(session, session.get_one(Staff, staff_id), rule=rule):
        raise LastFactor
    _remove(session, factor, kind, by=by, now=now)
    if is_last:
        _forget_codes(session, staff_id)
    session.commit()


def record_factors_reset(session: Session, staff_id: int, *, by: str, now: datetime) -> int:
    """Take all of somebody's factors away as part of a larger change, and say how many there were.

    The caller holds the writer's turn, signs them out and commits.
    """
    held = factors_of(session, staff_id)
    for key in held.keys:
        _remove(session, key, FactorKind.SECURITY_KEY, by=by, now=now)
    for authenticator in held.authenticators:
        _remove(session, authenticator, FactorKind.AUTHENTICATOR, by=by, now=now)
    _forget_codes(session, staff_id)
    return len(held.keys) + len(held.authenticators)


def make_recovery_codes(session: Session, staff_id: int, *, by: str, now: datetime) -> list[str]:
    """New codes in place of the old ones; the only time that they can be read."""
    codes = [new_code() for _ in range(CODES)]
    begin_writing(session)
    _forget_codes(session, staff_id)
    session.add_all(RecoveryCode(staff_id=staff_id, code_sha256=code_sha256(code), made_at=now) for code in codes)
    told = {"staff": staff_id, "codes": CODES}
    ledger.record(session, ledger.Event(EventKind.RECOVERY_CODES_MADE, told), by=by, now=now)
    session.commit()
    return codes


def use_recovery_code(session: Session, staff_id: int, typed: str, *, now: datetime) -> bool:
    """Whether it is one of this person's that was not used before. From now on it is."""
    code = tidy_code(typed)
    if not is_code(code):
        return False
    begin_writing(session)
    unused = RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None)
    found = session.scalar(select(RecoveryCode).where(RecoveryCode.code_sha256 == code_sha256(code), *unused))
    if found is None:
        session.rollback()
        return False
    found.used_at = max(now, found.made_at)
    told = {"staff": staff_id, "code": found.id}
    ledger.record(session, ledger.Event(EventKind.RECOVERY_CODE_USED, told), by=f"staff:{staff_id}", now=now)
    session.commit()
    return True


def _remove(session: Session, factor: Factor, kind: FactorKind, *, by: str, now: datetime) -> None:
    told = {"staff": factor.staff_id, "kind": kind.value, "factor": factor.id}
    session.delete(factor)
    session.flush()
    ledger.record(session, ledger.Event(EventKind.SECOND_FACTOR_REMOVED, told), by=by, now=now)


def _forget_codes(session: Session, staff_id: int) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
