"""Is what a family signs kept whole, sealed, and once, whatever happens while they tap?"""

import hashlib
import json
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import rfc8785
from flask import Flask
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consent.app import create_app
from consent.domain.decision import decide
from consent.domain.facts import Question
from consent.domain.form_sheets import FormSheet
from consent.domain.refusals import UnknownPlatform, UnknownProgram
from consent.domain.signatures import Signature
from consent.domain.signing import MinorSignsAlone, TypedPatron, TypedSigner
from consent.domain.vocabulary import Answer, Language, Reason, Use
from consent.services import signing_records
from consent.services.evidence import README
from consent.services.signing import (
    KeyReused,
    NoEsignPolicy,
    NoForm,
    NotAgreedElectronic,
    Submission,
    TextChanged,
    current_form,
    signed_with_key,
)
from consent.storage.database import begin_writing
from consent.storage.models import (
    Consent,
    ConsentAnswer,
    ConsentPlatform,
    ConsentProgram,
    LedgerEvent,
    PatronMatch,
    RegistryMark,
    SealedContent,
    ShownText,
    Signing,
    SigningCopy,
)
from consent.storage.patron_facts import read_facts
from tests.builders.camp import CAMP, FACEBOOK, FORM, a_camp, keep
from tests.builders.registries import dispose
from tests.builders.sittings import CHILD, MOTHER, NO, NOW, SCRIBBLE, YES, Kiosk, a_child, a_sitting, by_oneself

WRITTEN_TO = (Signing, SigningCopy, ShownText, LedgerEvent, SealedContent, Consent, ConsentAnswer, PatronMatch)
"""Every table that a signing adds to, in this order: a cut may come before any of them."""
CUT_BEFORE_EACH, DOUBLED, ANSWER_LOST = 20, 165, 174
"""Families on each database; with the one whose tap comes twenty times, 500, and a thousand on both."""


@pytest.fixture
def kiosk(app: Flask) -> Kiosk:
    """In a registry in which Zoë Ávila and her mother are on file."""
    keep(app, a_camp())
    return Kiosk(app)


def count(session: Session, model: Any) -> int:
    session.rollback()
    counted = session.scalar(select(func.count()).select_from(model)) or 0
    session.rollback()
    return counted


def sealed(session: Session, reference: str) -> list[dict[str, Any]]:
    session.rollback()
    return [
        json.loads(canonical)
        for canonical in session.scalars(
            select(SealedContent.canonical)
            .join(Consent, Consent.event_position == SealedContent.position)
            .where(Consent.external_id.startswith(reference))
            .order_by(Consent.id)
        )
    ]


def test_one_sitting_is_one_signing_and_a_record_for_each_child(kiosk: Kiosk, session: Session) -> None:
    signed = kiosk.tap(kiosk.reviewed(a_sitting(CHILD, a_child("Max", answers=NO))))
    kept = session.scalars(select(Signing)).one()
    records = session.scalars(select(Consent).where(Consent.signing_id == kept.id).order_by(Consent.id)).all()
    assert kept.reference == signed.reference
    assert [record.external_id for record in records] == [f"{signed.reference}-1", f"{signed.reference}-2"]
    assert [(line.first_name, len(line.yes), len(line.no)) for line in signed.patrons] == [("Zoë", 9, 0), ("Max", 0, 9)]


def test_what_is_kept_is_what_was_chosen(kiosk: Kiosk, session: Session) -> None:
    answers = YES | {Use.RECORD: Answer.NO}
    child = a_child("Max", answers=answers, platforms=("facebook",), programs=(CAMP,), channels=("personal",))
    kiosk.tap(kiosk.reviewed(a_sitting(child)))
    record = session.scalars(select(Consent).order_by(Consent.id.desc()).limit(1)).one()
    rows = session.execute(select(ConsentAnswer.use, ConsentAnswer.answer).where(ConsentAnswer.consent_id == record.id))
    assert {use for use, answer in rows if answer == "no"} == {"record", "video"}
    assert (record.channels, record.every_platform, record.every_program) == ("personal", False, False)
    for limit in (ConsentPlatform, ConsentProgram):
        assert session.scalar(select(func.count()).select_from(limit).where(limit.consent_id == record.id)) == 1
    assert (record.assurance, record.signature) == ("kiosk-unwitnessed", SCRIBBLE.to_json())
    assert record.expires_at.isoformat() == "2027-07-01T07:00:00+00:00"


def test_the_sealed_record_says_everything_as_it_was_typed_and_shown(kiosk: Kiosk, session: Session) -> None:
    child = a_child("zoe", last_name="AVILA", accounts={"facebook": " @zoe "}, born=date(2009, 1, 1))
    sitting = a_sitting(child, signer=replace(MOTHER, email="mo@example.org"), language=Language.SPANISH)
    submission = kiosk.reviewed(sitting)
    signed = kiosk.tap(submission)
    [record] = sealed(session, signed.reference)
    form = current_form(session, NOW)
    assert record == {
        "schema": "consent-record/1",
        "id": f"{signed.reference}-1",
        "reference": signed.reference,
        "department": "City Recreation Department",
        "form": {"id": "media", "version": 1, "language": "es", "text_sha256": form.text_sha256},
        "shown_sha256": submission.shown_sha256,
        "signer": {
            "first_name": "Mo", "last_name": "Ávila", "relationship": "parent", "email": "mo@example.org",
            "of_age": True,
        },
        "patron": {
            "first_name": "zoe", "last_name": "AVILA", "born": "2009-01-01",
            "answers": dict.fromkeys(map(str, Use), "yes"), "channels": ["department"], "platforms": None,
            "programs": None, "accounts": {"facebook": "@zoe"},
        },
        "signature": {"kind": "drawn", "sha256": hashlib.sha256(rfc8785.dumps(SCRIBBLE.to_json())).hexdigest()},
        "signed_at": "2026-07-01T19:00:00+00:00",
        "expires_at": "2027-07-01T07:00:00+00:00",
        "last_day_shown": "2026-12-31",
        "kiosk": {"id": kiosk.id, "name": "Front desk"},
        "capture": "kiosk",
        "assurance": "kiosk-unwitnessed",
        "agreed_electronic": True,
        "esign_policy": "Resolution 2026-01",
    }  # fmt: skip
    told = README.partition("consent-record/1")[2].partition("copy-proof/1")[0]
    assert [key for key in record if not re.search(rf"\b{key}\b", told) and key != "schema"] == []


def test_a_sealed_record_read_again_gives_its_leaf_and_the_text_its_hash(kiosk: Kiosk, session: Session) -> None:
    submission = kiosk.reviewed(a_sitting(CHILD, a_child("Max"), signer=replace(MOTHER, first_name="Mó")))
    kiosk.tap(submission)
    rows = session.execute(
        select(SealedContent, LedgerEvent.leaf)
        .join(LedgerEvent, LedgerEvent.position == SealedContent.position)
        .where(LedgerEvent.kind == "consent-signed", LedgerEvent.actor == f"kiosk:{kiosk.id}")
    ).all()
    assert len(rows) == 2
    for content, leaf in rows:
        canonical = rfc8785.dumps(json.loads(content.canonical))
        assert canonical.decode() == content.canonical
        assert hashlib.sha256(content.salt + canonical).hexdigest() == leaf
    shown = session.get(ShownText, submission.shown_sha256)
    assert hashlib.sha256(shown.text.encode()).hexdigest() == submission.shown_sha256
    assert "Answers for Max Ávila" in [section.heading for section in FormSheet.from_text(shown.text).sections]


def test_who_signs_for_themself_is_sealed_as_such(kiosk: Kiosk, session: Session) -> None:
    signed = kiosk.tap(kiosk.reviewed(by_oneself(), signature=Signature.typed("Ada Okafor", meant=True)))
    [record] = sealed(session, signed.reference)
    assert (record["signer"]["relationship"], record["signature"]["kind"]) == ("self", "typed")


def test_only_the_hash_of_the_link_is_kept_and_it_lives_a_day(kiosk: Kiosk, session: Session) -> None:
    submission = kiosk.reviewed(a_sitting())
    kiosk.tap(submission)
    kept = session.scalars(select(SigningCopy)).one()
    assert kept.token_sha256 == hashlib.sha256(submission.copy_token.encode()).hexdigest()
    assert kept.expires_at == NOW + timedelta(hours=24)


def photo(kiosk: Kiosk, session: Session, at: datetime) -> Reason | None:
    session.rollback()
    facts = read_facts(session.connection(), [1], list(Use), zone=kiosk.zone)[1]
    return decide(facts, Question(Use.PHOTO, at, platform="facebook")).reason


def test_a_no_at_the_kiosk_counts_at_once_and_a_yes_only_once_it_is_witnessed(kiosk: Kiosk, session: Session) -> None:
    assert photo(kiosk, session, NOW) is None
    kiosk.tap(kiosk.reviewed(a_sitting(replace(CHILD, answers=NO))))
    assert photo(kiosk, session, NOW) is Reason.REFUSED
    later = NOW + timedelta(hours=1)
    kiosk.tap(kiosk.reviewed(a_sitting(), now=later), now=later)
    assert photo(kiosk, session, later) is Reason.REFUSED


def reuse(kiosk: Kiosk) -> Submission:
    first = kiosk.reviewed(a_sitting())
    kiosk.tap(first)
    return kiosk.reviewed(a_sitting(a_child("Max")), idempotency_key=first.idempotency_key)


def without_policy(kiosk: Kiosk) -> Submission:
    submission = kiosk.reviewed(a_sitting())
    with kiosk.engine.begin() as connection:
        drop_deletion_guard(connection)
        connection.execute(text("DELETE FROM registry_mark WHERE name = 'esign-policy'"))
    return submission


def drop_deletion_guard(connection: Connection) -> None:
    postgresql = connection.dialect.name == "postgresql"
    connection.execute(text("DROP TRIGGER registry_mark_no_delete" + (" ON registry_mark" if postgresql else "")))


REFUSALS: list[tuple[Callable[[Kiosk], Submission], type[Exception]]] = [
    (reuse, KeyReused),
    (without_policy, NoEsignPolicy),
    (lambda kiosk: kiosk.reviewed(a_sitting(), agreed_electronic=False), NotAgreedElectronic),
    (lambda kiosk: kiosk.reviewed(a_sitting(), shown_sha256="0" * 64), TextChanged),
    (lambda kiosk: kiosk.reviewed(a_sitting(), sitting=a_sitting(a_child("Max"))), TextChanged),
    (lambda kiosk: kiosk.reviewed(a_sitting(), sitting=a_sitting(a_child("M", platforms=("tv",)))), UnknownPlatform),
    (lambda kiosk: kiosk.reviewed(a_sitting(), sitting=a_sitting(a_child("M", accounts={"tv": "m"}))), UnknownPlatform),
    (lambda kiosk: kiosk.reviewed(a_sitting(), sitting=a_sitting(a_child("M", programs=("gym",)))), UnknownProgram),
    (lambda kiosk: kiosk.reviewed(a_sitting(), sitting=by_oneself(born=date(2012, 1, 1))), MinorSignsAlone),
]


@pytest.mark.parametrize(("make", "refusal"), REFUSALS)
def test_what_cannot_be_signed_is_refused_in_a_sentence_and_leaves_nothing(
    kiosk: Kiosk, session: Session, make: Callable[[Kiosk], Submission], refusal: type[Exception]
) -> None:
    submission = make(kiosk)
    before = [count(session, model) for model in WRITTEN_TO]
    with pytest.raises(refusal, match=r"^[A-Z].+\.$"):
        kiosk.tap(submission)
    assert [count(session, model) for model in WRITTEN_TO] == before


def test_a_new_version_of_the_form_is_read_before_it_is_signed(app: Flask, kiosk: Kiosk) -> None:
    submission = kiosk.reviewed(a_sitting())
    body = {"en": "You choose. We listen.", "es": "Usted elige."}
    keep(app, [FORM | {"version": 2, "published_at": "2026-06-30T00:00:00Z", "body": body}])
    with pytest.raises(TextChanged):
        kiosk.tap(submission)
    assert kiosk.tap(kiosk.reviewed(a_sitting()))


def test_a_platform_closed_meanwhile_is_no_longer_signed_for(app: Flask, kiosk: Kiosk) -> None:
    submission = kiosk.reviewed(a_sitting())
    keep(app, [FACEBOOK | {"approved_until": "2026-06-30T00:00:00Z"}])
    with pytest.raises(TextChanged):
        kiosk.tap(submission)


@pytest.mark.parametrize(
    ("forms", "version"),
    [
        ([{"version": 2, "published_at": "2026-01-01T00:00:00Z"}], 2),
        ([{"version": 2, "published_at": "2027-01-01T00:00:00Z"}], 1),
        ([{"version": 2, "published_at": "2026-01-01T00:00:00Z", "withdrawn_at": "2026-06-01T00:00:00Z"}], 1),
        ([{"version": 2, "published_at": "2026-01-01T00:00:00Z", "withdrawn_at": "2026-08-01T00:00:00Z"}], 2),
        ([{"version": 2, "published_at": "2026-01-01T00:00:00Z"}, {"version": 3}], 2),
    ],
)
def test_the_form_is_the_one_published_last_and_not_withdrawn(
    app: Flask, session: Session, forms: list[dict[str, Any]], version: int
) -> None:
    keep(app, [FORM, *(FORM | changes for changes in forms)])
    assert current_form(session, NOW).version == version


def test_a_reference_that_is_taken_is_given_to_nobody_else(
    kiosk: Kiosk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = kiosk.tap(kiosk.reviewed(a_sitting())).reference
    chosen = iter([first, first, "K7QX-2M9P"])
    monkeypatch.setattr(signing_records, "new_reference", lambda: next(chosen))
    assert kiosk.tap(kiosk.reviewed(a_sitting())).reference == "K7QX-2M9P"
    assert count(session, Signing) == 2


def test_without_a_form_nothing_can_be_signed(app: Flask, session: Session) -> None:
    with pytest.raises(NoForm, match="Please go to the desk"):
        current_form(session, NOW)
    keep(app, [FORM | {"withdrawn_at": "2026-06-01T00:00:00Z"}])
    with pytest.raises(NoForm):
        Kiosk(app).reviewed(a_sitting())


def test_a_repeated_tap_gives_all_of_the_first_answer_again(kiosk: Kiosk, session: Session) -> None:
    submission = kiosk.reviewed(a_sitting(CHILD, a_child("Max", answers=YES | {Use.RECORD: Answer.NO})))
    assert kiosk.tap(submission) == kiosk.tap(submission, now=NOW + timedelta(days=400))
    assert signed_with_key(session, submission.idempotency_key) == kiosk.tap(submission).reference
    assert signed_with_key(session, "another key") is None


def test_the_same_key_after_a_restart_gives_the_same_reference(app: Flask, kiosk: Kiosk, session: Session) -> None:
    submission = kiosk.reviewed(a_sitting())
    before = kiosk.tap(submission)
    restarted = create_app(app.config["CONSENT"])
    with restarted.app_context():
        kiosk.engine = restarted.extensions["sqlalchemy"].engine
    assert kiosk.tap(submission) == before
    dispose(restarted)
    assert count(session, Signing) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"sitting": a_sitting(a_child("Max"))},
        {"sitting": a_sitting(replace(CHILD, answers=NO))},
        {"signature": Signature.typed("Mo Ávila", meant=True)},
        {"shown_sha256": "0" * 64},
        {"agreed_electronic": False},
    ],
)
def test_the_same_key_with_anything_else_is_refused(kiosk: Kiosk, session: Session, change: dict[str, Any]) -> None:
    submission = kiosk.reviewed(a_sitting())
    kiosk.tap(submission)
    with pytest.raises(KeyReused):
        kiosk.tap(replace(submission, **change))
    assert count(session, Signing) == 1


def test_a_signing_without_any_platform_or_program_in_the_registry_is_kept(app: Flask, session: Session) -> None:
    keep(app, [FORM])
    kiosk = Kiosk(app)
    assert kiosk.tap(kiosk.reviewed(a_sitting())).reference
    assert count(session, PatronMatch) == 0


@contextmanager
def cut_before(connection: Connection, table: str) -> Iterator[None]:
    """Nothing can be added to the table: as if the power went at that moment."""
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"CREATE TRIGGER cut BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'cut'); END"))
    else:
        connection.execute(
            text(f"CREATE TRIGGER cut BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change('cut')")
        )
    connection.commit()
    yield
    connection.execute(text("DROP TRIGGER cut" + ("" if connection.dialect.name == "sqlite" else f" ON {table}")))
    connection.commit()


class Taps:
    """Many families at one kiosk, each with a key of its own, and the references that they were told."""

    def __init__(self, kiosk: Kiosk) -> None:
        self.kiosk = kiosk
        self.told: dict[str, set[str]] = {}

    def families(self, count: int, example: Submission) -> list[Submission]:
        keys = [secrets.token_urlsafe(32) for _ in range(count)]
        self.told |= {key: set() for key in keys}
        return [replace(example, idempotency_key=key, copy_token=f"copy of {key}") for key in keys]

    def tap(self, submission: Submission) -> str:
        reference = self.kiosk.tap(submission).reference
        self.told[submission.idempotency_key].add(reference)
        return reference

    def at_once(self, submissions: list[Submission], *, threads: int) -> None:
        with ThreadPoolExecutor(max_workers=threads) as pool:
            list(pool.map(self.tap, submissions))


SPELLINGS = [(mother, child) for mother in ("Mo", "mo", "MO", "mO") for child in ("Zoë", "ZOE")]
"""Of one mother and one child, whom the registry links all the same; each makes a text of its own."""


def test_of_a_thousand_doubled_retried_and_interrupted_signings_none_is_lost_or_there_twice(
    kiosk: Kiosk, session: Session
) -> None:
    taps = Taps(kiosk)
    on_file = count(session, Consent)
    for model, (mother, child) in zip(WRITTEN_TO, SPELLINGS, strict=True):
        signer = replace(MOTHER, first_name=mother)
        interrupted = taps.families(CUT_BEFORE_EACH, kiosk.reviewed(a_sitting(a_child(child), signer=signer)))
        before = [count(session, kept) for kept in WRITTEN_TO]
        with kiosk.engine.connect() as connection, cut_before(connection, model.__tablename__):
            for family in interrupted:
                with pytest.raises(IntegrityError, match="cut"):
                    kiosk.tap(family)
        assert [count(session, kept) for kept in WRITTEN_TO] == before
        for family in interrupted:
            taps.tap(family)
    example = kiosk.reviewed(a_sitting())
    taps.at_once(taps.families(DOUBLED, example) * 2, threads=8)
    taps.at_once(taps.families(1, example) * 20, threads=20)
    for family in taps.families(ANSWER_LOST, example):
        assert taps.tap(family) == taps.tap(family)

    assert len(taps.told) == 500
    assert Counter(len(references) for references in taps.told.values()) == {1: 500}
    session.rollback()
    kept = dict(session.execute(select(Signing.idempotency_key, Signing.reference)).all())
    assert kept == {key: reference for key, [reference] in taps.told.items()}
    assert count(session, SigningCopy) == count(session, Consent) - on_file == 500
    last, events = session.execute(select(func.max(LedgerEvent.position), func.count()).select_from(LedgerEvent)).one()
    assert last == events


def test_a_signing_that_was_cut_leaves_the_writers_turn_free(kiosk: Kiosk, session: Session) -> None:
    submission = kiosk.reviewed(a_sitting())
    with kiosk.engine.connect() as connection, cut_before(connection, "consent"):
        with pytest.raises(IntegrityError):
            kiosk.tap(submission)
        begin_writing(session)
        session.add(RegistryMark(name="still-alive", value="yes"))
        session.commit()
    assert kiosk.tap(submission)


def test_two_kiosks_take_signatures_of_their_own(app: Flask, kiosk: Kiosk, session: Session) -> None:
    unknown = TypedPatron("Nobody", "Known", date(2014, 1, 1), YES)
    signed = kiosk.tap(
        kiosk.reviewed(a_sitting(unknown, signer=TypedSigner("N", "K", MOTHER.relationship, of_age=True)))
    )
    assert session.scalars(select(Signing.kiosk_id)).all() == [kiosk.id]
    [record] = sealed(session, signed.reference)
    assert record["kiosk"]["name"] == "Front desk"
    assert app.config["CONSENT"].zone is not None
