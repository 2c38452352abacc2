"""Who are the people in a signing? Each answer goes to whom the desk named; whoever is new comes on file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from consent.domain.events import EventKind
from consent.domain.exchange.lines import SELF
from consent.domain.refusals import ConsentError, UnknownProgram
from consent.services.families import guardian_named, patron_named
from consent.services.witness_sealed import Sealed
from consent.services.witness_writing import (
    Desk,
    Shown,
    add_guardian,
    add_patron,
    bring_accounts_up_to_date,
    enroll,
    ensure_authority,
    forget_accounts,
    forget_authority,
)
from consent.storage import signings
from consent.storage.models import Guardian, Patron, PatronMatch, Program


class SamePatronTwice(ConsentError):
    """Two children of one signing are two people."""

    def __init__(self, number: int) -> None:
        super().__init__("Two children of one signing cannot be the same person.")
        self.number = number


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who a typed child is: somebody on file, or (None) somebody new; and a program to enroll them in."""

    patron: str | None
    program: str | None = None


@dataclass(frozen=True, slots=True)
class Matching:
    """Who everybody in a signing is; no guardian means a new one, where the signer is one at all."""

    children: tuple[Chosen, ...]
    guardian: str | None = None
    order_seen: bool = False
    last_day: date | None = None
    active_duty: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the signing with what it was sealed with and whom it is linked to."""

    row: Row[*tuple[Any, ...]]
    sealed: Sealed
    match: PatronMatch | None


def match_people(desk: Desk, records: Sequence[Record], matching: Matching, *, signed_at: datetime) -> None:
    """Whoever is new comes on file; a match that was right already is left as it is."""
    signer = records[0].sealed.signer
    guardian = None if signer.relationship is None else _guardian(desk, records[0], matching)
    matched: set[int] = set()
    for number, (record, chosen) in enumerate(zip(records, matching.children, strict=True), start=1):
        patron = _patron(desk, record, chosen)
        if patron.id in matched:
            raise SamePatronTwice(number)
        matched.add(patron.id)
        if guardian:
            shown = Shown(matching.order_seen, matching.last_day, matching.active_duty)
            ensure_authority(desk, signer, guardian, patron, shown, signed_at=signed_at)
        _link(desk, record, patron, guardian, signed_at=signed_at)
        if chosen.program:
            enroll(desk, patron, _program(desk, chosen.program))


def _patron(desk: Desk, record: Record, chosen: Chosen) -> Patron:
    typed = record.sealed.patron
    if chosen.patron is None:
        return add_patron(desk, typed, for_self=record.sealed.signer.relationship is None)
    patron = patron_named(desk.session, chosen.patron)
    if record.row.witnessed_at is None or record.match is None or record.match.patron_id != patron.id:
        bring_accounts_up_to_date(desk, patron, typed)
    return patron


def _guardian(desk: Desk, record: Record, matching: Matching) -> Guardian:
    if matching.guardian is None:
        return add_guardian(desk, record.sealed.signer)
    return guardian_named(desk.session, matching.guardian)


def _program(desk: Desk, external_id: str) -> Program:
    found = signings.programs_named(desk.session, [external_id])
    if not found:
        raise UnknownProgram(f"No program has the id {external_id!r}.")
    return found[0]


def _link(desk: Desk, record: Record, patron: Patron, guardian: Guardian | None, *, signed_at: datetime) -> None:
    was, guardian_id = record.match, guardian.id if guardian else None
    if was and (was.patron_id, was.guardian_id) == (patron.id, guardian_id):
        return
    desk.session.add(
        PatronMatch(
            consent_id=record.row.Consent.id,
            patron_id=patron.id,
            guardian_id=guardian_id,
            matched_at=desk.now,
            matched_by=desk.staff_id,
        )
    )
    signer = guardian.external_id if guardian else SELF
    told = {
        "consent": record.row.Consent.external_id,
        "patron": patron.external_id,
        "signer": signer,
        "how": "at-the-desk",
    }
    desk.record(EventKind.CONSENT_MATCHED, told)
    if was and record.row.witnessed_at is not None:
        forget_authority(desk, was, signed_at=signed_at)
        if was.patron_id != patron.id:
            forget_accounts(desk, was.patron_id, record.sealed.patron)
