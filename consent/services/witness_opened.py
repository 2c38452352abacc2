"""What stands in one signing, who may be meant, and what became of it? Read for the desk; nothing is decided here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from consent.domain.signing import TypedPatron, TypedSigner
from consent.domain.vocabulary import Identification, Language
from consent.services.checks import Asker
from consent.services.copies import UnknownSigning
from consent.services.mail import Mailed, mail_told
from consent.services.witness_people import GuardianOffered, PatronOffered, offer_guardians, offer_patrons, sole_exact
from consent.services.witness_sealed import read_sealed
from consent.storage import paper_entries, witness
from consent.storage.models import PatronMatch


@dataclass(frozen=True, slots=True)
class Ending:
    """Who confirmed or rejected it, and when."""

    at: datetime
    by: str | None
    identified_by: Identification | None = None
    order_seen: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Child:
    """One record of the signing: what was typed, who is offered, and to whom it is linked now."""

    number: int
    record: str
    typed: TypedPatron
    linked: PatronMatch | None
    linked_to: PatronOffered | None
    offered: tuple[PatronOffered, ...]
    suggested: str | None
    voided: bool

    @property
    def name(self) -> str:
        return f"{self.typed.first_name} {self.typed.last_name}"


@dataclass(frozen=True, slots=True)
class OnPaper:
    """Who entered it from which paper."""

    entered_by: str
    entered_by_id: int
    entered_at: datetime
    pages: int
    order_seen: bool


@dataclass(frozen=True, slots=True)
class OpenedSigning:
    """One signing before the desk; without an ending, it waits."""

    reference: str
    kiosk: str | None
    language: Language
    signed_at: datetime
    signer: TypedSigner
    children: tuple[Child, ...]
    guardians: tuple[GuardianOffered, ...]
    suggested_guardian: str | None
    witnessed: Ending | None
    rejected: Ending | None
    mail: Mailed | None = None
    paper: OnPaper | None = None

    @property
    def signer_name(self) -> str:
        return f"{self.signer.first_name} {self.signer.last_name}"

    @property
    def waits(self) -> bool:
        return self.witnessed is None and self.rejected is None


def open_signing(
    session: Session, reference: str, *, looked_for: Mapping[int, str], asker: Asker, zone: tzinfo, now: datetime
) -> OpenedSigning:
    """The signing with whoever may be meant; `looked_for` has what the desk typed, by the child's number."""
    found = witness.find_signing(session, reference)
    if found is None:
        raise UnknownSigning("No signing has this reference number.")
    rows = witness.consents_in(session, [found.Signing.id])
    sealed = [read_sealed(row.canonical) for row in rows]
    matches = witness.latest_matches(session, [row.Consent.id for row in rows])
    children = tuple(
        _child(
            session,
            number,
            row,
            record.patron,
            record.signer,
            match=matches.get(row.Consent.id),
            looked_for=looked_for.get(number, ""),
            asker=asker,
            zone=zone,
            now=now,
        )
        for number, (row, record) in enumerate(zip(rows, sealed, strict=True), start=1)
    )
    signer = sealed[0].signer
    guardians = _guardians(session, signer, children, matches)
    return OpenedSigning(
        reference=found.Signing.reference,
        kiosk=found.kiosk,
        language=Language(found.Signing.language),
        signed_at=found.Signing.signed_at,
        signer=signer,
        children=children,
        guardians=guardians,
        suggested_guardian=_suggested_guardian(guardians, children),
        witnessed=_witnessed(rows),
        rejected=_rejected(session, found.Signing.id),
        mail=mail_told(session, found.Signing.id),
        paper=_paper(session, found.Signing.id),
    )


def _child(
    session: Session,
    number: int,
    row: Row[*tuple[Any, ...]],
    typed: TypedPatron,
    signer: TypedSigner,
    *,
    match: PatronMatch | None,
    looked_for: str,
    asker: Asker,
    zone: tzinfo,
    now: datetime,
) -> Child:
    linked = match.patron_id if match else None
    offered = offer_patrons(
        session, typed, signer, linked=linked, looked_for=looked_for, asker=asker, zone=zone, now=now
    )
    linked_to = next((one for one in offered if one.linked), None)
    exact = sole_exact(offered)
    suggested = linked_to or exact
    return Child(
        number=number,
        record=row.Consent.external_id,
        typed=typed,
        linked=match,
        linked_to=linked_to,
        offered=offered,
        suggested=suggested.external_id if suggested else None,
        voided=row.voided_at is not None,
    )


def _guardians(
    session: Session, signer: TypedSigner, children: tuple[Child, ...], matches: Mapping[int, PatronMatch]
) -> tuple[GuardianOffered, ...]:
    if signer.relationship is None:
        return ()
    linked = next((match.guardian_id for match in matches.values() if match.guardian_id), None)
    return offer_guardians(session, signer, [one.id for child in children for one in child.offered], linked=linked)


def _suggested_guardian(guardians: tuple[GuardianOffered, ...], children: tuple[Child, ...]) -> str | None:
    """Whoever is linked; or the only one of the typed name, if they sign for a child that is suggested."""
    if linked := next((one for one in guardians if one.linked), None):
        return linked.external_id
    exact = [one for one in guardians if one.compared.exact]
    theirs = {one.name for child in children for one in child.offered if one.external_id == child.suggested}
    return exact[0].external_id if len(exact) == 1 and theirs & set(exact[0].signs_for) else None


def _witnessed(rows: Any) -> Ending | None:
    row = next((row for row in rows if row.witnessed_at is not None), None)
    if row is None:
        return None
    how = Identification(row.identified_by) if row.identified_by else None
    return Ending(row.witnessed_at, row.witnessed_by, how, row.order_seen)


def _paper(session: Session, signing_id: int) -> OnPaper | None:
    row = paper_entries.entry_of(session, signing_id)
    if row is None:
        return None
    entry = row.PaperEntry
    return OnPaper(row.by, entry.entered_by, entry.entered_at, row.pages, entry.order_seen)


def _rejected(session: Session, signing_id: int) -> Ending | None:
    row = witness.rejection_of(session, signing_id)
    return None if row is None else Ending(row.SigningRejection.at, row.by, reason=row.SigningRejection.reason)
