"""How does a family's signature become a record? In one change, whole or not at all; once, however often they tap."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

import rfc8785
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.form_sheets import FormSheet
from consent.domain.references import new_reference
from consent.domain.refusals import ConsentError, UnknownPlatform, UnknownProgram
from consent.domain.signatures import Signature
from consent.domain.signing import Sitting, TypedPatron, expires_at, last_day_shown, settle
from consent.domain.vocabulary import Answer, Assurance, Language, Use
from consent.services.form_sheets import FormShown, ProgramDays, compose_form
from consent.services.form_texts import shown_sha256
from consent.services.ledger import Event, record_all
from consent.services.matching import link_exact
from consent.storage import signings
from consent.storage.database import begin_writing
from consent.storage.models import (
    Consent,
    ConsentAnswer,
    ConsentPlatform,
    ConsentProgram,
    FormVersion,
    Kiosk,
    Platform,
    Program,
    ShownText,
    Signing,
    SigningCopy,
)
from consent.storage.registry import esign_policy

SCHEMA: Final = "consent-record/1"
COPY_LIVES: Final = timedelta(hours=24)


class NoForm(ConsentError):
    """The department has published no form, or has withdrawn it."""


class NoEsignPolicy(ConsentError):
    """The city has not decided to take signatures on a screen."""


class TextChanged(ConsentError):
    """The form, or what it names, changed while the family was reading."""


class KeyReused(ConsentError):
    """Something else was signed with the same key."""


class NotAgreedElectronic(ConsentError):
    """They have not agreed to sign on a screen."""


@dataclass(frozen=True, slots=True)
class Submission:
    """All that one tap on "Sign" sends. `shown_sha256` is of the text that was reviewed."""

    idempotency_key: str
    copy_token: str
    sitting: Sitting
    signature: Signature
    shown_sha256: str
    agreed_electronic: bool


@dataclass(frozen=True, slots=True)
class SignedPatron:
    """A child's line at the end."""

    first_name: str
    last_name: str
    yes: tuple[Use, ...]
    no: tuple[Use, ...]
    last_day: date


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed; the same however often it was sent."""

    reference: str
    copy_token: str
    patrons: tuple[SignedPatron, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """What the family is about to sign: their sitting as it counts, and the whole form."""

    sitting: Sitting
    sheet: FormSheet
    form: str
    version: int

    @property
    def shown_sha256(self) -> str:
        return shown_sha256(self.sheet.text)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A review with the rows that it rests on."""

    review: Review
    form: FormVersion
    platforms: dict[str, Platform]
    programs: dict[str, Program]


def current_form(session: Session, now: datetime) -> FormVersion:
    """The form that is signed now: published last and not withdrawn. Raises NoForm."""
    form = signings.form_in_use(session, now)
    if form is None:
        raise NoForm("The department has no form to sign at this moment. Please go to the desk.")
    return form


def form_uses(form: FormVersion) -> tuple[Use, ...]:
    """The uses that the form asks about, in the order in which they are asked."""
    return tuple(use for use in Use if use in form.uses)


def review(session: Session, sitting: Sitting, *, department: str, zone: tzinfo, now: datetime) -> Review:
    """The whole form for this sitting. Raises SigningRefused, NoForm, UnknownPlatform or UnknownProgram."""
    return _prepare(session, sitting, department=department, zone=zone, now=now).review


def sign(
    session: Session, submission: Submission, *, kiosk_id: int, department: str, zone: tzinfo, now: datetime
) -> Signed:
    """Keep what was signed. A repeated tap gives the same reference and keeps nothing more."""
    body = _body_sha256(submission, kiosk_id)
    begin_writing(session)
    before = signings.signing_with_key(session, submission.idempotency_key)
    if before is not None:
        return _signed_before(session, before, submission, body, zone)
    policy = esign_policy(session)
    if policy is None:
        raise NoEsignPolicy("The city has not yet decided to take signatures on a screen. Please go to the desk.")
    if not submission.agreed_electronic:
        raise NotAgreedElectronic("Agree to sign on the screen, or ask the desk for a paper form.")
    prepared = _prepare(session, submission.sitting, department=department, zone=zone, now=now)
    if prepared.review.shown_sha256 != submission.shown_sha256:
        raise TextChanged("The form changed while you were reading. Please read it again, then sign.")

    signing = _keep_signing(session, submission, body, kiosk_id=kiosk_id, now=now)
    sealing = _Sealing(prepared, submission, signing, session.get_one(Kiosk, kiosk_id), policy, department, zone)
    records = _keep_records(session, sealing, now=now)
    link_exact(session, records, submission.sitting.signer, by=_by(kiosk_id), now=now)
    session.commit()
    return _signed(signing.reference, prepared.review.sitting, submission.copy_token, now.astimezone(zone).date())


def signed_with_key(session: Session, idempotency_key: str) -> str | None:
    """The reference of what was signed with this key, such as when a page is sent again after its draft is gone."""
    signing = signings.signing_with_key(session, idempotency_key)
    return signing.reference if signing else None


def _prepare(session: Session, sitting: Sitting, *, department: str, zone: tzinfo, now: datetime) -> _Prepared:
    today = now.astimezone(zone).date()
    form = current_form(session, now)
    settled = settle(sitting, uses=form_uses(form), today=today)
    platforms = {platform.external_id: platform for platform in signings.platforms_approved(session, now)}
    wanted = {program for patron in settled.patrons for program in patron.programs or ()}
    programs = {program.external_id: program for program in signings.programs_named(session, wanted)}
    _check_limits(settled.patrons, platforms, programs)
    spanish = settled.language is Language.SPANISH
    shown = FormShown(
        department=department,
        title=form.title_es if spanish else form.title_en,
        version=form.version,
        body=form.body_es if spanish else form.body_en,
        platforms={key: platform.name for key, platform in platforms.items()},
        programs={key: ProgramDays(program.name, program.starts, program.ends) for key, program in programs.items()},
        signed_on=today,
    )
    made = Review(settled, compose_form(settled, shown), form.form, form.version)
    return _Prepared(made, form, platforms, programs)


def _check_limits(patrons: Sequence[TypedPatron], platforms: dict[str, Platform], programs: dict[str, Program]) -> None:
    for patron in patrons:
        if {*(patron.platforms or ()), *patron.accounts} - platforms.keys():
            raise UnknownPlatform("One of the platforms is not approved any more. Choose again.")
        if unknown := set(patron.programs or ()) - programs.keys():
            raise UnknownProgram(f"No program has the id {min(unknown)}. Choose again.")


def _keep_signing(session: Session, submission: Submission, body: str, *, kiosk_id: int, now: datetime) -> Signing:
    reference = new_reference()
    while signings.signing_named(session, reference):
        reference = new_reference()
    signing = Signing(
        reference=reference,
        idempotency_key=submission.idempotency_key,
        body_sha256=body,
        kiosk_id=kiosk_id,
        language=submission.sitting.language.value,
        signed_at=now,
    )
    session.add(signing)
    session.flush()
    token_sha256 = copy_token_sha256(submission.copy_token)
    session.add(SigningCopy(signing_id=signing.id, token_sha256=token_sha256, expires_at=now + COPY_LIVES))
    return signing


@dataclass(frozen=True, slots=True)
class _Sealing:
    """All that each child's sealed record says alike."""

    prepared: _Prepared
    submission: Submission
    signing: Signing
    kiosk: Kiosk
    policy: str
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
        sitting, form = self.submission.sitting, self.prepared.form
        return {
            "schema": SCHEMA,
            "id": self.external_id(place),
            "reference": self.signing.reference,
            "department": self.department,
            "form": {
                "id": form.form,
                "version": form.version,
                "language": sitting.language.value,
                "text_sha256": form.text_sha256,
            },
            "shown_sha256": self.submission.shown_sha256,
            "signer": sitting.signer.to_json(),
            "patron": patron.to_json(),
            "signature": {
                "kind": self.submission.signature.to_json()["kind"],
                "sha256": json_sha256(self.submission.signature.to_json()),
            },
            "signed_at": self.signing.signed_at.isoformat(),
            "expires_at": self.expires_at.isoformat(),
            "last_day_shown": last_day_shown(self.signed_on, patron.born).isoformat(),
            "kiosk": {"id": self.kiosk.id, "name": self.kiosk.name},
            "capture": "kiosk",
            "assurance": Assurance.KIOSK_UNWITNESSED.value,
            "agreed_electronic": self.submission.agreed_electronic,
            "esign_policy": self.policy,
        }


def _keep_records(session: Session, sealing: _Sealing, *, now: datetime) -> list[tuple[Consent, TypedPatron]]:
    review, sha256 = sealing.prepared.review, sealing.submission.shown_sha256
    if not signings.is_text_kept(session, sha256):
        session.add(ShownText(sha256=sha256, text=review.sheet.text))
        session.flush()
    patrons = review.sitting.patrons
    events = [
        Event(EventKind.CONSENT_SIGNED, sealing.content(place, patron)) for place, patron in enumerate(patrons, 1)
    ]
    positions = record_all(session, events, by=_by(sealing.kiosk.id), now=now)
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


def _consent(sealing: _Sealing, place: int, patron: TypedPatron, position: int) -> Consent:
    return Consent(
        external_id=sealing.external_id(place),
        signing_id=sealing.signing.id,
        form_version_id=sealing.prepared.form.id,
        shown_sha256=sealing.submission.shown_sha256,
        language=sealing.signing.language,
        assurance=Assurance.KIOSK_UNWITNESSED.value,
        signed_at=sealing.signing.signed_at,
        expires_at=sealing.expires_at,
        channels=" ".join(patron.channels),
        every_platform=patron.platforms is None,
        every_program=patron.programs is None,
        signature=sealing.submission.signature.to_json(),
        event_position=position,
    )


def _answers_and_limits(
    prepared: _Prepared, consent_id: int, patron: TypedPatron
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


def _signed_before(session: Session, signing: Signing, submission: Submission, body: str, zone: tzinfo) -> Signed:
    reference, kept, signed_on = signing.reference, signing.body_sha256, signing.signed_at.astimezone(zone).date()
    uses = [Use(use) for use in submission.sitting.patrons[0].answers]
    session.rollback()
    if kept != body:
        raise KeyReused("Something else was signed with this page already. Please go to the desk.")
    sitting = settle(submission.sitting, uses=uses, today=signed_on)
    return _signed(reference, sitting, submission.copy_token, signed_on)


def _signed(reference: str, sitting: Sitting, copy_token: str, signed_on: date) -> Signed:
    lines = tuple(
        SignedPatron(
            patron.first_name,
            patron.last_name,
            patron.said(Answer.YES),
            patron.said(Answer.NO),
            last_day_shown(signed_on, patron.born),
        )
        for patron in sitting.patrons
    )
    return Signed(reference, copy_token, lines)


def copy_token_sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def json_sha256(value: Any) -> str:
    """Over canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


def _body_sha256(submission: Submission, kiosk_id: int) -> str:
    """All that was sent, but for the key itself: whatever differs is another signing."""
    return json_sha256(
        {
            "kiosk": kiosk_id,
            "sitting": submission.sitting.to_json(),
            "signature": submission.signature.to_json(),
            "shown_sha256": submission.shown_sha256,
            "agreed_electronic": submission.agreed_electronic,
        }
    )


def _by(kiosk_id: int) -> str:
    return f"kiosk:{kiosk_id}"
