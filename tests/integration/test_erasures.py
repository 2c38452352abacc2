"""Is somebody erased when two people say so, and only then: gone everywhere, and the ledger still verifies?"""

import io
import json
import threading
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import JSON, Engine, LargeBinary, String, event, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consent.cli.evidence import evidence
from consent.domain import evidence_check
from consent.domain.permissions import Permission, Role
from consent.domain.refusals import ConsentError, PersonErased, UnknownRecord
from consent.domain.vocabulary import Use
from consent.services import corrections, erasures, holds
from consent.services.acting import OwnAccount
from consent.services.checks import Ask, Asker, Door, check_patrons
from consent.services.erasures import ErasureForbidden, ErasureState
from consent.services.erasures_ordered import DespiteWhat, RecordsDoNotMatch
from consent.services.erasures_wiped import wipe_when_due
from consent.services.exchange.exporting import export_lines
from consent.services.exchange.importing import ImportRefused, import_file
from consent.services.families import guardian_named, patron_named
from consent.services.verification import verify
from consent.services.voidings import DecidedAlready, RequestedAlready
from consent.storage.database import CHECKS, WRITES, Model, db
from consent.storage.models import Consent, ErasedRecord, Erasure, Guardian, OutgoingMail, SealedContent
from consent.storage.triggers import EMPTIED
from tests.builders.erasing import LATER, MARKERS, WORDS, Erasing, somebody_to_erase
from tests.builders.pages import send
from tests.builders.rows import a_row
from tests.builders.staff import csrf_token, signed_in

ERASED_TEXTS = """
    consent.signature consent_voiding.reason guardian.email guardian.first_name guardian.last_name guardian.phone
    hold.reason outgoing_mail.answer outgoing_mail.text outgoing_mail.to_address paper_scan.content patron.first_name
    patron.last_name patron_handle.account patron_word.word sealed_content.canonical sealed_content.salt
    sealed_rows.canonical sealed_rows.salt shown_text.text signing_rejection.reason stored_copy.pdf
    voiding_request.reason withdrawal_voiding.reason word_trigram.trigram word_trigram.word
"""
NOT_PERSONAL = {
    "api_token kiosk platform program ledger_event ledger_key ledger_checkpoint ledger_node registry_mark setup_code "
    "try_count chore_done": "the registry's own: devices, programs, keys and counters",
    "staff staff_authenticator staff_recovery_code staff_role staff_security_key staff_session posting_request "
    "recording_authorization training policy_acknowledgement": "about staff, whose records follow their own rules",
    "form_version communication_note platform_account policy_version posting_rule": "texts of the department",
    "clearance clearance_capture clearance_decision clearance_recheck clearance_verdict post": "posts, by number",
    "takedown takedown_assignment takedown_closing report report_assignment report_progress": (
        "tasks about posts, by number; their notes ask to name nobody"
    ),
    "group_check group_check_person look patron_check ledger_subject roster_print": "who asked which number, no name",
    "erased_record erasure erasure_request": "the order itself, which asks to name nobody and is kept",
    "kiosk_draft": "what a family types, deleted within ten minutes",
    "card.code_sha256 paper_entry.scan_sha256 paper_scan.sha256 sealed_rows.leaf shown_text.sha256 signing.body_sha256 "
    "signing_copy.token_sha256 stored_copy.pdf_sha256 stored_copy.status_sha256 consent.shown_sha256": "hashes, kept",
    "consent.external_id guardian.external_id hold.external_id patron.external_id signing.idempotency_key "
    "signing.reference withdrawal.external_id": "numbers, by which orders and other systems name what is gone",
    "consent.assurance consent.channels consent.language consent_answer.answer consent_answer.use "
    "guardianship.relationship outgoing_mail.kind outgoing_mail.language signing.language withdrawal.asked_how "
    "withdrawal.assurance withdrawal_use.use witnessing.identified_by": "words of the registry, on which verdicts rest",
}
"""Tables, and columns of those that tell of patrons."""


def test_each_text_of_the_schema_is_erased_or_is_not_about_a_patron():
    kinds = (String, JSON, LargeBinary)
    texts = {
        str(column)
        for table in Model.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, kinds)
    }
    kept = {one for listed in NOT_PERSONAL for one in listed.split()}
    unlisted = {text for text in texts - set(ERASED_TEXTS.split()) if not {text, text.split(".")[0]} & kept}
    assert unlisted == set()
    assert set(ERASED_TEXTS.split()) <= texts
    emptied = {f"{model.__tablename__}.{column}" for model, columns in EMPTIED.items() for column in columns}
    assert emptied <= set(ERASED_TEXTS.split())


@pytest.fixture
def erasing(app: Flask) -> Erasing:
    return somebody_to_erase(app)


def engine_of(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


def in_tables(session: Session) -> set[str]:
    """The markers that any column of any row holds."""
    session.rollback()
    told = [
        str(value if not isinstance(value, bytes) else value.decode("utf-8", "replace"))
        for table in Model.metadata.tables.values()
        for row in session.execute(select(table))
        for value in row
    ]
    return {marker for marker in (*MARKERS, *WORDS) for one in told if marker in one}


def in_files(app: Flask) -> set[str]:
    """The markers that stand anywhere in the database's files, in what is free of them too."""
    files = [file.read_bytes() for file in app.config["CONSENT"].instance.glob("registry.sqlite*")]
    return {marker for marker in (*MARKERS, *WORDS) for content in files if marker.encode() in content}


def test_whoever_is_erased_is_in_no_table_and_in_no_byte_of_the_file(erasing: Erasing, session: Session, app: Flask):
    assert in_tables(session) == {*MARKERS, *WORDS}
    first = erasing.erase("P-child")
    assert in_tables(session) >= {"Marqvist", "Wilhelmina", "marqvist"}, "his sister's mother stays"
    assert not {"Quillon", "quillon", "@quillonquiz", "Zugzwang", "Fehlgriff"} & in_tables(session)
    second = erasing.erase("P-sister")
    assert in_tables(session) == set()

    verified = verify(session)
    assert verified.findings == ()
    assert [order.order for order in verified.erased] == [first, second]
    if session.get_bind().dialect.name == "sqlite":
        assert in_files(app), "the log still holds the pages as they were"
    assert wipe_when_due(session, engine_of(app), now=LATER) == "Wrote the database anew, without what was erased."
    assert wipe_when_due(session, engine_of(app), now=LATER) is None
    assert in_files(app) == set()
    assert verify(session).findings == ()


@pytest.mark.parametrize("database", ["sqlite"])
def test_without_overwriting_and_writing_anew_the_erased_would_still_be_in_the_file(erasing: Erasing, app: Flask):
    """The control: what is only freed is found."""
    engine = engine_of(app)
    engine.dispose()
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA secure_delete = OFF"))
    for patron in ("P-child", "P-sister"):
        erasing.erase(patron)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    assert len(in_files(app)) >= 6


def test_every_answer_is_no_and_nothing_brings_the_person_back(erasing: Erasing, session: Session, app: Flask):
    with app.app_context():
        before = b"".join(export_lines(session))
    erasing.erase("P-child")
    erasing.erase("P-sister")
    patron_id = session.scalar(text("SELECT id FROM patron WHERE external_id = 'P-child'"))
    asker = Asker(Door.LOOK_UP, frozenset(Permission), staff_id=erasing.asking)
    with app.app_context():
        faces = check_patrons(
            db.engines[CHECKS], [patron_id], Ask(tuple(Use), LATER), asker=asker, zone=erasing.desk.zone, now=LATER
        )[patron_id]
    assert not any(face.verdict.allowed for face in faces.values())

    after = b"".join(export_lines(session))
    assert not any(marker.encode() in after for marker in MARKERS)
    zone = erasing.desk.zone
    imported = import_file(session, io.BytesIO(after), zone=zone, now=LATER)
    assert (imported.new, imported.updated) == (0, 0)
    with pytest.raises(ImportRefused) as refused:
        import_file(session, io.BytesIO(before), zone=zone, now=LATER)
    assert "erased by order" in str(list(refused.value.problems))

    with pytest.raises(PersonErased):
        patron_named(session, "P-child")
    with pytest.raises(PersonErased):
        corrections.open_patron(session, "P-child")
    mother = session.scalars(select(Guardian.external_id).where(Guardian.first_name == "—")).one()
    with pytest.raises(PersonErased):
        guardian_named(session, mother)
    hold = session.scalar(text("SELECT external_id FROM hold WHERE until IS NULL"))
    with pytest.raises(PersonErased):
        holds.lift_hold(session, hold, until=None, why="A slip", by="staff:1", now=LATER + timedelta(days=1))
    mails = session.scalars(select(OutgoingMail)).all()
    assert [(mail.to_address, mail.text, mail.given_up_at) for mail in mails] == [("—", "—", LATER)]


def test_an_outsider_counts_what_was_erased_and_misses_nothing_else(
    erasing: Erasing, app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    erasing.erase("P-child")
    assert app.test_cli_runner().invoke(evidence, [str(tmp_path / "evidence.zip")]).exit_code == 0
    with zipfile.ZipFile(tmp_path / "evidence.zip") as packed:
        packed.extractall(tmp_path / "bundle")
    assert evidence_check.main(tmp_path / "bundle") == 0
    said = capsys.readouterr().out
    assert "records erased by order 1, approved by two people." in said
    ledger = tmp_path / "bundle" / "ledger.jsonl"
    lines = [json.loads(line) for line in ledger.read_text("utf-8").splitlines()]
    other = next(line for line in lines if line["kind"] == "patron-added" and line["content"])
    other["content"] = other["salt"] = None
    ledger.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert evidence_check.main(tmp_path / "bundle") == 1
    assert f"entry {other['position']} (patron-added): its content was destroyed" in capsys.readouterr().out


def test_whoever_asked_never_approves_and_two_who_approve_at_once_do_it_once(erasing: Erasing, session: Session):
    key = erasing.ask("P-child")
    with pytest.raises(OwnAccount):
        erasing.approve(key, by=erasing.asking)
    with pytest.raises(IntegrityError):
        a_row(session, Erasure, requested_by=erasing.asking, approved_by=erasing.asking)
    session.rollback()
    outcomes: list[str] = []

    def approve() -> None:
        try:
            erasing.approve(key)
        except ConsentError as refused:
            outcomes.append(type(refused).__name__)
        else:
            outcomes.append("erased")

    together = [threading.Thread(target=approve) for _ in range(2)]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    assert sorted(outcomes) in (["DecidedAlready", "erased"], ["PersonErased", "erased"])
    assert session.scalar(select(func.count()).select_from(Erasure)) == 1
    assert verify(session).findings == ()


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_request_is_made_once_and_refused_for_good(erasing: Erasing, session: Session):
    key = erasing.ask("P-child")
    assert erasing.ask("P-child") == key
    other = erasures.Wanted("P-child", "Another reason", "A law")
    with pytest.raises(RequestedAlready):
        erasures.request_erasure(session, other, erasing.rule, acting=erasing.acting(erasing.approving))
    erasures.refuse_erasure(session, key, acting=erasing.acting(erasing.approving))
    with pytest.raises(DecidedAlready):
        erasing.approve(key)
    assert erasures.open_erasure(session, key).state is ErasureState.REFUSED
    assert erasing.ask("P-child") != key
    with pytest.raises(UnknownRecord):
        erasures.open_erasure(session, 99)


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_hold_or_a_waiting_signing_forbids_it_and_a_permission_in_force_needs_a_reason(
    erasing: Erasing, session: Session
):
    key = erasing.ask("P-child")
    with pytest.raises(DespiteWhat):
        erasing.approve(key, despite=None)
    holds.place_hold(session, holds.NewHold("P-child", "Court order", "two"), by="staff:1", now=LATER)
    with pytest.raises(ErasureForbidden):
        erasing.approve(key)
    erasing.desk.signed(now=LATER)
    with pytest.raises(ErasureForbidden):
        erasing.ask("P-ok")


def test_nothing_is_erased_while_some_record_is_not_what_was_sealed(erasing: Erasing, session: Session):
    """Else what somebody changed by hand would be told anew as if it were right."""
    session.execute(update(Guardian).where(Guardian.external_id == "G-P-ok").values(phone="555-9999"))
    session.info.clear()
    session.commit()
    with pytest.raises(RecordsDoNotMatch):
        erasing.erase("P-child")
    assert session.scalar(select(func.count()).select_from(Erasure)) == 0


def test_the_database_lets_nothing_be_emptied_but_what_an_order_names(erasing: Erasing, app: Flask):
    erasing.erase("P-child")
    with engine_of(app).connect().execution_options(**{WRITES: True}) as connection:
        order = connection.scalar(select(Erasure.request_id))
        kept = connection.scalar(select(func.min(SealedContent.position)).where(SealedContent.salt.is_not(None)))
        nothing = update(SealedContent).where(SealedContent.position == kept)

        def refused(values: dict[str, object]) -> None:
            with pytest.raises(IntegrityError), connection.begin_nested():
                connection.execute(nothing.values(values))

        refused({"salt": None, "canonical": None})
        connection.execute(insert(ErasedRecord).values(table_name="sealed_content", key=str(kept), order_id=order))
        refused({"salt": b"x" * 32, "canonical": "{}"})
        refused({"salt": None, "canonical": None, "position": kept + 100_000})
        connection.execute(nothing.values(salt=None, canonical=None))
        refused({"salt": b"x" * 32, "canonical": "{}"})
        signature = update(Consent).where(Consent.signature.is_not(None)).values(signature=None)
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(signature)
        connection.commit()
    with Session(engine_of(app)) as session:
        found = {str(finding) for finding in verify(session).findings}
    assert any("has lost its content" in said for said in found), "the order did not name it, whatever the table says"
    assert any(said.startswith("erased_record sealed_content/") for said in found)


@pytest.mark.usefixtures("erasing")
@pytest.mark.parametrize("database", ["sqlite"])
def test_one_officer_asks_on_the_page_and_another_approves(app: Flask, session: Session):
    asks, approves = (signed_in(app, Role.RECORDS_OFFICER, email=f"{name}@page.example") for name in ("one", "two"))
    sent = {"reason": "The family asked for it", "legal_basis": "Schedule 1"}
    assert "Enter what allows it" in send(asks, "/patrons/P-child/erase", reason="Only a reason").text
    asked = send(asks, "/patrons/P-child/erase", **sent).location
    assert "so somebody else must agree" in asks.get(asked).text
    own = asks.post(f"{asked}/approve", data={"csrf_token": csrf_token(asks), "despite": "Because"})
    assert own.status_code == 409
    page = approves.post(f"{asked}/approve", data={"csrf_token": csrf_token(approves)})
    assert "Enter why it is erased before its time" in page.text
    done = approves.post(f"{asked}/approve", data={"csrf_token": csrf_token(approves), "despite": "A court ordered it"})
    assert done.status_code == 303
    assert 'data-state="erased"' in approves.get(asked).text
    assert "Quillon" not in approves.get("/erasures").text
    assert "Erased on" in asks.get("/patrons/P-child").text
    assert asks.get("/patrons/P-child/erase").status_code == 410
    assert wipe_when_due(session, engine_of(app), now=LATER + timedelta(days=9999))
    assert "written anew since" in approves.get(asked).text
