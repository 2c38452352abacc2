"""Who takes a permission back, and what does that change? At once, without a signature, easier than giving."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from consent.domain import facts as rule
from consent.domain.cards import Letterhead
from consent.domain.events import EventKind
from consent.domain.exchange.lines import SELF, WithdrawalLine
from consent.domain.exchange.writing import as_said
from consent.domain.outliving import LaterYes, later_yeses, still_yes
from consent.domain.permissions import Permission
from consent.domain.refusals import InTheFuture, SentBefore, UnknownRecord
from consent.domain.shown import Face
from consent.domain.slips import WithdrawalSlip
from consent.domain.vocabulary import AskedHow, Assurance, Use
from consent.services.checks import Asker
from consent.services.families import Signer, answers_now, patron_facts, patron_named, signer_named
from consent.services.ledger import Event, record
from consent.storage.database import begin_writing
from consent.storage.models import Patron, Withdrawal, WithdrawalUse
from consent.storage.withdrawals import find_withdrawal, uses_of


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What the desk was told. No uses stand for every use, no instant for now; the reference is the form's own."""

    patron: str
    signer: str
    uses: frozenset[Use] | None
    asked_how: AskedHow
    reference: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Why the answer would stay YES all the same: later yeses of the signer, or a signer whose word does not count."""

    signer: Signer
    later: tuple[LaterYes, ...]
    still_yes: tuple[Use, ...]

    @property
    def falls_short(self) -> bool:
        return bool(self.later or self.still_yes)


@dataclass(frozen=True, slots=True)
class WithdrawalKept:
    """One withdrawal on file and the answers of now, as the asker may see them."""

    external_id: str
    patron: str
    patron_name: str
    signer: Signer
    uses: tuple[Use, ...]
    at: datetime
    asked_how: str | None
    recorded_at: datetime | None
    voided_at: datetime | None
    foreseen: Foreseen
    faces: Mapping[Use, Face]


def foresee_withdrawal(
    session: Session, told: TakenBack, *, permissions: frozenset[Permission], zone: tzinfo, now: datetime
) -> Foreseen:
    """What it would change; nothing is saved. Raises UnknownPatron, UnknownGuardian or InTheFuture."""
    patron = patron_named(session, told.patron)
    signer = signer_named(session, patron, told.signer, zone=zone, now=now)
    meant = rule.Withdrawal(signer.guardian_id, _instant(told, now), told.uses)
    known = patron_facts(session, patron, zone=zone)
    return Foreseen(
        signer, later_yeses(known, meant, now=now), still_yes(known, meant, permissions=permissions, now=now)
    )


def record_withdrawal(session: Session, told: TakenBack, *, staff_id: int, by: str, zone: tzinfo, now: datetime) -> str:
    """Its external id. Sent twice, it is recorded once.

    Raises UnknownPatron, UnknownGuardian, InTheFuture, or SentBefore when the same form was sent with other answers.
    """
    begin_writing(session)
    patron = patron_named(session, told.patron)
    signer = signer_named(session, patron, told.signer, zone=zone, now=now)
    at, external_id = _instant(told, now), f"W-{told.reference}"
    if known := find_withdrawal(session, external_id):
        _refuse_other_answers(session, known.Withdrawal, patron, signer, told)
        session.rollback()
        return external_id
    withdrawal = Withdrawal(
        external_id=external_id,
        patron_id=patron.id,
        guardian_id=signer.guardian_id,
        at=at,
        every_use=told.uses is None,
        assurance=Assurance.DESK.value,
        asked_how=told.asked_how.value,
        recorded_by=staff_id,
        recorded_at=now,
    )
    session.add(withdrawal)
    session.flush()
    session.add_all(WithdrawalUse(withdrawal_id=withdrawal.id, use=use.value) for use in sorted(told.uses or ()))
    record(session, _event(withdrawal, patron, told), by=by, now=now)
    session.commit()
    return external_id


def open_withdrawal(
    session: Session, checks: Engine, external_id: str, *, asker: Asker, zone: tzinfo, now: datetime
) -> WithdrawalKept:
    """What was withdrawn, and what the answers are now; that they were asked for is recorded. Raises UnknownRecord."""
    found = find_withdrawal(session, external_id)
    if found is None:
        raise UnknownRecord("No withdrawal has this reference.")
    withdrawal, patron = found.Withdrawal, found.Patron
    signer = signer_named(session, patron, found.Guardian.external_id if found.Guardian else SELF, zone=zone, now=now)
    uses = uses_of(session, withdrawal)
    known = patron_facts(session, patron, zone=zone)
    meant = rule.Withdrawal(signer.guardian_id, withdrawal.at, uses, found.voided_at)
    foreseen = Foreseen(
        signer,
        later_yeses(known, meant, now=now),
        still_yes(known, meant, permissions=asker.permissions, now=now),
    )
    return WithdrawalKept(
        external_id=external_id,
        patron=patron.external_id,
        patron_name=f"{patron.first_name} {patron.last_name}",
        signer=signer,
        uses=in_order(uses),
        at=withdrawal.at,
        asked_how=withdrawal.asked_how,
        recorded_at=withdrawal.recorded_at,
        voided_at=found.voided_at,
        foreseen=foreseen,
        faces=answers_now(checks, patron, asker=asker, zone=zone, now=now),
    )


def withdrawal_slip(session: Session, external_id: str, *, letterhead: Letterhead, zone: tzinfo) -> WithdrawalSlip:
    """What the printed slip says. Raises UnknownRecord."""
    found = find_withdrawal(session, external_id)
    if found is None:
        raise UnknownRecord("No withdrawal has this reference.")
    return WithdrawalSlip(
        reference=external_id,
        withdrawn_at=found.Withdrawal.at.astimezone(zone),
        by=f"{found.Guardian.first_name} {found.Guardian.last_name}" if found.Guardian else None,
        uses=in_order(uses_of(session, found.Withdrawal)),
        department=letterhead.department,
        demo=letterhead.demo,
    )


def in_order(uses: frozenset[Use] | None) -> tuple[Use, ...]:
    """As they stand everywhere; empty for every use."""
    return tuple(use for use in Use if use in (uses or ()))


def _instant(told: TakenBack, now: datetime) -> datetime:
    if told.at is not None and told.at > now:
        raise InTheFuture("A withdrawal counts from when it was asked for, which is not in the future.")
    return told.at or now


def _refuse_other_answers(session: Session, known: Withdrawal, patron: Patron, signer: Signer, told: TakenBack) -> None:
    saved = known.patron_id, known.guardian_id, uses_of(session, known), known.asked_how
    sent = patron.id, signer.guardian_id, told.uses, told.asked_how.value
    if saved != sent or told.at not in {None, known.at}:
        raise SentBefore("This form was saved already, with other answers.")


def _event(withdrawal: Withdrawal, patron: Patron, told: TakenBack) -> Event:
    uses = None if told.uses is None else tuple(sorted(use.value for use in told.uses))
    line = WithdrawalLine(withdrawal.external_id, patron.external_id, told.signer, withdrawal.at, uses, None)
    how = {"assurance": withdrawal.assurance, "asked_how": withdrawal.asked_how}
    return Event(EventKind.WITHDRAWAL_MADE, {**as_said(line), **how})
