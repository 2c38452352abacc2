"""Does anything that somebody writes where a name belongs ever become more than text? On any page, paper or line.

One registry holds every text of `tests.builders.hostile` in every place; every answer that it gives is looked at.
"""

import io
import json
import logging
import re
import shutil
import socket
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Session

from consent.app import create_app
from consent.domain.card_codes import new_code
from consent.journal import JsonLines
from consent.services.exchange.exporting import export_lines
from consent.services.exchange.importing import import_file
from consent.services.tokens import add_token
from consent.settings import Settings
from consent.storage.database import Model, db
from consent.storage.models import (
    Clearance,
    ClearanceDecision,
    Consent,
    Enrollment,
    FormVersion,
    Guardian,
    Hold,
    Kiosk,
    Patron,
    Platform,
    Program,
    RosterPrint,
    Signing,
    Staff,
    Withdrawal,
)
from consent.web.access import anybody
from tests.builders.crawl import JSON as JSON_ANSWER
from tests.builders.crawl import Seen, is_our_own, walk, watching
from tests.builders.hostile import CORPUS, DIRECTIONS, LOOK_ALIKES, MARK, SCRIPT_WRITINGS, packed
from tests.builders.hostile_registry import ALL, NOW, fill_registry
from tests.builders.paper import picture, words
from tests.builders.registries import dispose, hash_quickly
from tests.builders.staff import signed_in_as

pytestmark = pytest.mark.xdist_group("hostile")
HARMLESS = [
    f"{text} {'Ana ' * 13}" for text in ("Zapata", "O'Brien", *DIRECTIONS[:3], *LOOK_ALIKES[:3], *SCRIPT_WRITINGS[:4])
]
OPENED_EACH = 2
NAMES = len(packed(128))
"""So many people bear all of the texts as their names."""
STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
"""What is packed in a PDF looks like anything, by chance."""
MADE_BY_THE_REGISTRY = {
    "api_token.token_sha256", "card.code_sha256", "chore_done.chore", "consent.assurance", "consent.channels",
    "clearance.number", "clearance.uses", "clearance_capture.media", "clearance_decision.checklist",
    "clearance_decision.failures", "clearance_decision.limits", "clearance_recheck.cause", "clearance_verdict.basis",
    "clearance_verdict.reason", "clearance_verdict.use",
    "consent.language", "consent.shown_sha256", "consent_answer.answer", "consent_answer.use",
    "erased_record.key", "erased_record.table_name",
    "form_version.text_sha256", "form_version.uses", "group_check.channel", "group_check.uses",
    "group_check_person.added_by", "group_check_person.in_vain", "group_check_person.named",
    "guardianship.relationship", "kiosk.device_sha256",
    "kiosk.enrollment_sha256", "kiosk.staff_pin_hash", "kiosk_draft.content", "kiosk_draft.draft_sha256",
    "kiosk_draft.idempotency_key", "kiosk_draft.language", "ledger_checkpoint.note", "ledger_checkpoint.root",
    "ledger_event.actor", "ledger_event.kind", "ledger_event.leaf", "ledger_key.name", "ledger_key.public_key",
    "look.actor", "look.kind", "look.shown_together", "outgoing_mail.kind", "outgoing_mail.language",
    "outgoing_mail.text", "paper_entry.scan_sha256", "paper_scan.sha256",
    "patron_check.answers", "patron_check.asked_as", "patron_check.asked_together",
    "patron_check.channel", "patron_check.door", "patron_check.platform", "patron_check.program", "patron_word.word",
    "policy_acknowledgement.language", "policy_acknowledgement.pdf_sha256", "posting_request.access",
    "posting_rule.forbids", "registry_mark.name", "roster_print.content_sha256", "roster_print.serial",
    "roster_print.sort", "sealed_rows.leaf", "setup_code.code_sha256", "shown_text.sha256", "signing.body_sha256",
    "signing.idempotency_key", "signing.language", "signing.reference", "signing_copy.token_sha256", "staff.email",
    "staff.fs_uniquifier", "staff.kind", "staff.password", "staff_authenticator.encrypted_secret",
    "staff_recovery_code.code_sha256", "staff_role.name", "staff_session.proof", "staff_session.token_sha256",
    "report.number", "report_progress.step", "takedown.action", "takedown.reason", "takedown.uses",
    "takedown_closing.outcome",
    "stored_copy.pdf_sha256", "stored_copy.status_sha256", "try_count.key_sha256", "try_count.scope",
    "withdrawal.asked_how", "withdrawal.assurance", "withdrawal_use.use", "withdrawal_voiding.reason",
    "witnessing.identified_by", "word_trigram.trigram", "word_trigram.word",
}  # fmt: skip
"""Columns of text that nobody types as it is: hashes, references, words of our own, copies of what stands elsewhere."""
NOT_ABOUT_ANYBODY = {
    "copies.signed", "setup.setup", "sign_in.first_sign_in", "sign_in_second.recovery_code", "sign_in_second.second",
    "static",
}  # fmt: skip
"""Pages that show nothing that anybody wrote."""
SHOWN_ELSEWHERE = {"witness.correct"}
"""The same page as another's, for what is finished."""


@dataclass(frozen=True)
class Hostile:
    """The registry, whoever may see everything in it, and all that it answered, logged and asked of other machines."""

    app: Flask
    client: FlaskClient
    seen: Seen
    broken: list[tuple[str, int]]
    logged: list[str]
    called: list[object]

    def session(self) -> Session:
        with self.app.app_context():
            return Session(db.engine)


@pytest.fixture(scope="module")
def opened(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path, compiled_templates: FileSystemBytecodeCache
) -> Iterator[Callable[[], Flask]]:
    """Makes registries on SQLite that are migrated and empty."""
    made: list[Flask] = []

    def make() -> Flask:
        instance = tmp_path_factory.mktemp("hostile")
        shutil.copy(migrated_sqlite, instance / "registry.sqlite")
        made.append(create_app(Settings(instance=instance)))
        made[-1].jinja_env.bytecode_cache = compiled_templates
        hash_quickly(made[-1])
        return made[-1]

    yield make
    for app in made:
        dispose(app)


@pytest.fixture(scope="module")
def hostile(opened: Callable[[], Flask]) -> Hostile:
    app, logged = opened(), logging.StreamHandler(io.StringIO())
    logged.setFormatter(JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(logged)
    root.setLevel(logging.INFO)
    with calls_noted() as called, watching(app) as seen:
        copies = fill_registry(app, CORPUS)
        client = signed_in_as(app, ALL)
        broken = look_through(app, client, copies[-1])
        open_the_rest(app, client, seen, copies[-1])
    root.removeHandler(logged)
    root.setLevel(level)
    return Hostile(app, client, seen, broken, logged.stream.getvalue().splitlines(), called)


@pytest.fixture(scope="module")
def harmless(opened: Callable[[], Flask]) -> Seen:
    """What the same pages are made of where nobody means any harm."""
    app = opened()
    with watching(app) as seen:
        copies, client = fill_registry(app, HARMLESS, at_once=3), signed_in_as(app, ALL)
        look_through(app, client, copies[-1])
        open_the_rest(app, client, seen, copies[-1])
    return seen


def look_through(app: Flask, client: FlaskClient, copy: str) -> list[tuple[str, int]]:
    """Every person's page, their answer and their card; a look-up of each name; and all that these pages lead to."""
    with app.app_context():
        people = db.session.scalars(select(Patron).order_by(Patron.id)).all()
        programs = db.session.scalars(select(Program.external_id).order_by(Program.id).limit(2)).all()
        platforms = db.session.scalars(select(Platform.external_id).order_by(Platform.id)).all()
        references = db.session.scalars(select(Signing.reference)).all()
    with app.test_request_context():
        url = app.url_for
        paths = [url("patrons.patron", patron=one.external_id) for one in people[:NAMES]]
        paths += [
            url("lookup.look_up", patron=one.external_id, program=programs[0]) for one in people[NAMES - 8 : NAMES]
        ]
        paths += [url("lookup.look_up", q=one.last_name, platform=platforms[0]) for one in people[::16]]
        paths += [url("lookup.people", q=one.first_name) for one in people[::8]]
        paths += [url("cards.card_pdf", patron=one.external_id) for one in people[:NAMES:16]]
        paths += [url("cards.sheet_pdf", program=key) for key in programs[:1]]
        paths += [url("rosters.roster_pdf", program=key) for key in programs]
        paths += [url("groups_people.roster", number=1, program=key) for key in programs]
        paths += [url(f"witness.{page}", reference=references[0]) for page in ("signing", "correct", "reject")]
        paths += [url("copies.desk_copy_pdf", reference=references[-1])]
    paths += [f"/signed/{copy}", "/desk/signings/waiting"]
    read(client, paths)
    with app.app_context():
        serial = db.session.scalar(select(RosterPrint.serial))
        cleared = db.session.scalars(select(Clearance.number).join(ClearanceDecision)).all()
    read(client, [f"/R/{serial}", f"/C/{new_code()}", f"/P/{cleared[0]}"])
    read(client, [f"/clearances/{number}{page}" for number in cleared[:8] for page in ("", "/certificate.pdf")])
    read(app.test_client(), [f"/C/{new_code()}", "/sign-in", f"/first-sign-in/{MARK}", f"/copy/{MARK}"])
    return walk(app, client, ["/", *paths[:3]], most=OPENED_EACH)


def open_the_rest(app: Flask, client: FlaskClient, seen: Seen, copy: str) -> None:
    """Pages to which none of those leads, at the addresses of the first that there is."""
    with app.app_context():
        firsts = {
            "guardian": Guardian.external_id, "hold": Hold.external_id, "patron": Patron.external_id, "staff": Staff.id,
            "platform": Platform.external_id, "program": Program.external_id, "reference": Signing.reference,
            "record": Consent.external_id, "withdrawal": Withdrawal.external_id, "kiosk": Kiosk.id,
        }  # fmt: skip
        values: dict[str, object] = {
            name: db.session.scalars(select(column).limit(1)).one() for name, column in firsts.items()
        }
        values["paper"] = db.session.scalars(select(Signing.reference).where(Signing.kiosk_id.is_(None)).limit(1)).one()
        values["form"] = db.session.scalars(select(FormVersion.form).limit(1)).one()
    values |= {"language": "en", "page": 1, "version": 1}
    values |= {"key": 1, "number": 1, "source": 1, "token": copy, "reason": "age"}
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint != "static"]
    opened = {page for page, status in seen.statuses if status == 200}
    for rule in rules:
        if rule.endpoint not in opened:
            parts = {name: values[name] for name in rule.arguments - (rule.defaults or {}).keys()}
            read(client, [rule.build(parts | dict(rule.defaults or {}), append_unknown=False)[1]])


def read(client: FlaskClient, paths: list[str]) -> None:
    for path in paths:
        with client.get(path) as answer:
            answer.get_data()  # to its end, as a browser reads it


@contextmanager
def calls_noted() -> Iterator[list[object]]:
    """Where this process connects meanwhile; the connection is refused."""
    called: list[object] = []

    def connect(_socket: socket.socket, address: object) -> None:
        called.append(address)
        raise ConnectionRefusedError

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket.socket, "connect", connect)
        patched.setattr(socket, "getaddrinfo", lambda *asked, **_more: called.append(asked[0]) or [])
        yield called


def squeezed(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum() or (sign in string.punctuation and sign != "-"))


# What the pages are made of


def test_pages_are_made_of_what_their_templates_wrote_and_of_nothing_else(hostile: Hostile, harmless: Seen):
    assert hostile.seen.built - harmless.built == set()
    assert hostile.seen.built_of(MARK) == set()
    assert hostile.seen.comments == []


def test_no_page_leads_to_a_place_that_is_not_ours(hostile: Hostile):
    assert hostile.seen.leads_elsewhere == []


def test_every_page_was_looked_at(hostile: Hostile):
    pages = {rule.endpoint for rule in hostile.app.url_map.iter_rules() if "GET" in rule.methods}
    opened = {page for page, status in hostile.seen.statuses if status == 200}
    assert sorted(pages - opened - NOT_ABOUT_ANYBODY - SHOWN_ELSEWHERE) == []


def test_every_page_that_a_page_leads_to_opens(hostile: Hostile):
    assert hostile.broken == []
    assert {page: code for page, code in hostile.seen.statuses if code >= 500} == {}


def test_names_are_shown_whole(hostile: Hostile):
    shown = {heading for page, heading in hostile.seen.headings if page == "patrons.patron"}
    with hostile.session() as session:
        people = session.scalars(select(Patron).order_by(Patron.id).limit(NAMES)).all()
    names = [" ".join(f"{one.first_name} {one.last_name}".split()) for one in people]
    missing = [name for name in names if name not in shown]
    assert missing == []


def test_every_text_that_somebody_can_fill_was_filled(hostile: Hostile):
    unfilled = []
    with hostile.session() as session:
        for column in (column for table in Model.metadata.sorted_tables for column in table.columns):
            if not isinstance(column.type, JSON | String) or str(column) in MADE_BY_THE_REGISTRY:
                continue
            stored = [json.dumps(value, ensure_ascii=False) for value in session.scalars(select(column))]
            if not any(MARK in text for text in stored):
                unfilled.append(str(column))
    assert unfilled == []


# What goes with them


def test_no_text_becomes_a_header(hostile: Hostile):
    assert [value for _, value in hostile.seen.headers if "\r" in value or "\n" in value] == []
    assert {name for name, _ in hostile.seen.headers if MARK in name.lower()} == set()
    places = [value for name, value in hostile.seen.headers if name == "Location"]
    assert [place for place in places if not is_our_own(place)] == []
    assert places


def test_no_text_becomes_a_line_of_the_log(hostile: Hostile):
    assert [line for line in hostile.logged if MARK in line] == []
    assert {json.loads(line)["logger"] for line in hostile.logged} <= {"consent", "alembic.runtime.migration"}


def test_no_other_machine_is_called(hostile: Hostile):
    assert hostile.called == []


# Papers


def test_papers_say_the_names_and_do_nothing(hostile: Hostile):
    assert {path.rpartition("/")[2] for path, _ in hostile.seen.papers} == {
        "1.pdf", "acknowledgement.pdf", "card.pdf", "certificate.pdf", "copy.pdf", "en.pdf", "roster.pdf", "scan.pdf",
        "sheet.pdf", "slip.pdf",
    }  # fmt: skip
    for path, paper in hostile.seen.papers:
        acts = set(
            re.findall(rb"/(?:JavaScript|JS|OpenAction|URI|Launch|EmbeddedFile|AA)\b(?!\+)", STREAM.sub(b"", paper))
        )
        assert acts <= ({b"/EmbeddedFile"} if path.endswith("copy.pdf") else set()), path  # a copy carries its proof


def test_a_roster_says_every_name_as_it_is_written(hostile: Hostile):
    path, paper = next((path, paper) for path, paper in hostile.seen.papers if path.endswith("roster.pdf"))
    said = squeezed(words(paper))
    with hostile.session() as session:
        key = select(Program.id).where(Program.external_id == packed(64)[0]).scalar_subquery()
        people = session.scalars(select(Patron).join(Enrollment).where(Enrollment.program_id == key)).all()
    missing = [one.first_name for one in people if one.first_name.isascii() and squeezed(one.first_name) not in said]
    assert (path, missing) == (path, [])


def test_the_code_of_a_card_reads_back_whatever_the_name(hostile: Hostile):
    cards = [paper for path, paper in hostile.seen.papers if path.endswith("card.pdf")]
    read = [code.text for paper in cards[:3] for code in zxingcpp.read_barcodes(picture(paper))]
    assert len(read) == 3
    assert all(re.fullmatch(r"HTTP://LOCALHOST:8000/C/[0-9A-Z]{26}", code) for code in read)


# Other systems


def test_another_system_is_told_what_it_asked(hostile: Hostile):
    with hostile.app.app_context():
        token = add_token(db.session(), "scheduler", by="command-line", now=NOW)
    keys = list(packed(64))
    answer = hostile.client.post(
        "/api/v1/checks", json={"patrons": keys, "uses": ["photo"]}, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.mimetype == JSON_ANSWER
    assert [result["patron"] for result in answer.json["results"]] == keys


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_what_is_exported_is_imported_the_same(hostile: Hostile, app: Flask):
    with hostile.session() as session:
        exported = b"".join(export_lines(session))
    with app.app_context():
        import_file(db.session(), io.BytesIO(exported), zone=app.config["CONSENT"].zone, now=datetime.now(UTC))
        assert b"".join(export_lines(db.session())) == exported


# Would it be seen?


def test_a_text_that_becomes_more_than_text_is_seen(app: Flask):
    planted = f"<a href='//{MARK}.example' {MARK}><!--{MARK}-->"
    app.add_url_rule("/planted", "planted", anybody("a test asks")(lambda: f"<h1>{planted}</h1>"))
    with watching(app) as seen:
        app.test_client().get("/planted")
    assert seen.built_of(MARK) == {("a", MARK)}
    assert seen.leads_elsewhere == [("a", f"//{MARK}.example")]
    assert seen.comments


@pytest.mark.parametrize(
    ("lead", "ours"),
    [
        ("/patrons/1", True), ("?q=a", True), ("#main", True), ("data:image/png;base64,AA", True), ("patrons", True),
        ("//evil.example", False), ("/\\evil.example", False), ("https://evil.example", False),
        ("\x01javascript:a", False), ("java\nscript:alert(1)", False), ("data:text/html,<b>", False),
        ("mailto:a@b.example", False), (" //evil.example", False),
    ],
)  # fmt: skip
def test_a_lead_elsewhere_is_known_as_a_browser_reads_it(lead: str, ours: bool):
    assert is_our_own(lead) is ours


def test_a_call_to_another_machine_is_noted():
    with calls_noted() as called, socket.socket() as line, pytest.raises(ConnectionRefusedError):
        line.connect(("127.0.0.1", 9))
    assert called == [("127.0.0.1", 9)]
