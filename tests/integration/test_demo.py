"""Does the demo show every answer there is, and come and go as a whole?"""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from consent.app import main
from consent.domain.decision import decide
from consent.domain.facts import Question
from consent.domain.gate import clear
from consent.domain.gate_facts import Asked, Capture, ChecklistItem
from consent.domain.permissions import Permission, Role
from consent.domain.shown import face
from consent.domain.vocabulary import Channel, Media, Reason, Shown, Use
from consent.services.demo.registers import DEVICE
from consent.services.demo.sign_ins import FILE
from consent.storage.gate_facts import read_gate_facts
from consent.storage.models import LedgerEvent, Patron, Program, ProgramLead, RegistryMark, Staff
from consent.storage.patron_facts import read_facts
from tests.builders.staff import csrf_token

OF_THE_QUESTION = {Reason.UNKNOWN_PATRON}
STORIES = {
    "Lucía Sandoverde": None,
    "Milo Quillmere": Reason.REFUSED,
    "Wren Brackenflor": Reason.NO_RECORD,
    "Teodoro Mesquellar": Reason.OUT_OF_SCOPE,
    "Greta Foxglovia": Reason.OUT_OF_SCOPE,
    "Marcus Oldgate": Reason.OUT_OF_SCOPE,
    "Noah Ironpalm": Reason.SIGNERS_DISAGREE,
    "Kayla Ironpalm": Reason.SIGNERS_DISAGREE,
    "Eli Cottonlark": None,
    "Hazel Thornapple-Reyes": Reason.WITHDRAWN,
    "Tobias Winterfig": None,
    "Selma Winterfig": None,
    "Andrés Lomaclara": None,
    "Ivy Marrowstone": Reason.AWAITING_WITNESS,
    "Zoe Emberlane": Reason.EXPIRED,
    "Nadine Pebblewood": Reason.FORM_WITHDRAWN,
    "Oscar Pebblewood": Reason.VOIDED,
    "Amelie Harborvine": Reason.HOLD,
    "Bianca Glasswick": None,
    "Jasper Almostead": None,
    "Delia Almostead": Reason.CAME_OF_AGE,
    "Rhys Newmantle": None,
    "Cleo Newmantle": Reason.NOT_ENTITLED,
    "Dario Ownhearth": None,
    "Blythe Greywander": Reason.AGE_UNKNOWN,
    "Winston Greywander": None,
    "Coral Driftmore": Reason.NOT_ENTITLED,
    "Reef Driftmore": None,
    "Robin Havensbrook": Reason.HOLD,
    "Linus Evermoor": None,
    "Ana Lucía Palobrea": None,
    "Ana Lucila Palobrea": Reason.REFUSED,
}


def consent(app, *typed):
    return app.test_cli_runner().invoke(main, typed)


def sign_in(client, email, password):
    client.post("/sign-in", data={"email": email, "password": password, "csrf_token": csrf_token(client, "/sign-in")})


def count(session, model):
    session.rollback()
    return session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def demo(app):
    """What `consent demo` printed."""
    made = consent(app, "demo")
    assert (made.exit_code, made.stderr) == (0, "")
    return made.stdout


@pytest.fixture
def facts(demo, session, settings):
    """The facts of each patron of the demo, by name."""
    assert demo
    names = {patron.id: f"{patron.first_name} {patron.last_name}" for patron in session.scalars(select(Patron))}
    found = read_facts(session.connection(), list(names), list(Use), zone=settings.zone)
    return [(names[patron], told) for patron, told in found.items()]


def test_every_reason_and_every_face_is_met_by_somebody(facts):
    now = datetime.now(UTC)
    questions = [
        Question(use, now, platform=platform, channel=channel)
        for use in Use
        for platform in (None, "facebook", "tiktok", "x")
        for channel in Channel
    ]
    reasons = {decide(told, question).reason for _, told in facts for question in questions}
    shown = {face(told, Question(Use.PHOTO, now), permissions=frozenset(Permission)).shown for _, told in facts}
    assert reasons == (set(Reason) - OF_THE_QUESTION) | {None}
    assert shown == set(Shown) - {Shown.CANNOT_CHECK}


def test_each_story_ends_as_it_should(facts):
    now = datetime.now(UTC)
    ends = {name: decide(told, Question(Use.PHOTO, now)).reason for name, told in facts}
    assert {name: ends[name] for name in STORIES} == STORIES


def test_most_of_the_department_may_be_shown(facts):
    now = datetime.now(UTC)
    allowed = sum(decide(told, Question(Use.PHOTO, now)).allowed for _, told in facts)
    assert 120 < allowed < 200


def test_it_prints_a_sign_in_for_each_role_that_opens_the_desk(app, demo, session):
    printed = [line.split() for line in demo.splitlines() if "@demo.example" in line]
    assert len(printed) == len(Role) == count(session, Staff)
    for *_, email, password in printed:
        client = app.test_client()
        sign_in(client, email, "not " + password)
        assert client.get("/look-up").status_code != 200
        sign_in(client, email, password)
        assert client.get("/look-up").status_code == 200, email


def test_the_program_lead_leads_two_programs(demo, session):
    assert demo
    led = select(Program.external_id).join(ProgramLead).join(Staff).where(Staff.email == "program-lead@demo.example")
    assert set(session.scalars(led)) == {"DEMO-CAMP", "DEMO-TEENS"}


def test_its_poster_has_every_paper_that_a_post_from_camp_needs(demo, session, settings):
    assert demo
    poster = str(session.scalars(select(Staff.id).where(Staff.email == "poster@demo.example")).one())
    facts = read_gate_facts(session, [int(poster)], {}, zone=settings.zone)
    now = session.scalars(select(LedgerEvent.recorded_at).order_by(LedgerEvent.position.desc()).limit(1)).one()
    for key, account in facts.accounts.items():
        capture = Capture(Media.MOVING, now - timedelta(hours=3), poster, DEVICE)
        asked = Asked(
            poster, account.platform, key, now, frozenset(), 0, captures=(capture,), program="DEMO-CAMP",
            checklist=frozenset(ChecklistItem),
        )  # fmt: skip
        assert clear(facts, asked).failures == ()
    assert {account.platform for account in facts.accounts.values()} == {"facebook", "instagram", "youtube", "tiktok"}


def test_it_is_marked_and_leaves_a_trace(demo, session):
    assert demo
    assert session.get(RegistryMark, "demo") is not None
    kinds = session.scalars(select(LedgerEvent.kind).order_by(LedgerEvent.position)).all()
    assert kinds[-1] == "demo-added"
    assert kinds.count("staff-added") == len(Role)


def test_its_passwords_are_kept_for_whoever_runs_it_and_for_nobody_else(demo, settings):
    kept = settings.instance / FILE
    assert kept.stat().st_mode & 0o777 == 0o600
    assert all(line.split("\t")[2] in demo for line in kept.read_text("utf-8").splitlines())


@pytest.mark.parametrize("typed", [["demo"], ["demo", "--only-if-empty"]])
def test_a_second_time_prints_the_same_sign_ins_and_changes_nothing(app, demo, session, typed):
    before = count(session, LedgerEvent)
    again = consent(app, *typed)
    assert again.exit_code == 0
    assert again.stdout.splitlines()[2:] == demo.splitlines()[2:]
    assert count(session, LedgerEvent) == before


def test_lost_sign_ins_are_said_to_be_lost(app, demo, settings):
    assert demo
    (settings.instance / FILE).unlink()
    again = consent(app, "demo", "--only-if-empty")
    assert (again.exit_code, "Its sign-ins are lost" in again.stdout) == (0, True)


def test_a_registry_with_real_records_stays_as_it_is(app, session, settings):
    consent(app, "staff", "add", "ana@city.example", "--role", "administrator")
    refused = consent(app, "demo")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "into an empty registry only" in refused.stderr
    left_alone = consent(app, "demo", "--only-if-empty")
    assert (left_alone.exit_code, left_alone.stdout) == (0, "")
    kept = consent(app, "demo", "--remove", "--yes")
    assert (kept.exit_code, kept.stderr) == (1, "Error: This registry is no demo, so nothing was removed.\n")
    assert (count(session, Patron), count(session, Staff)) == (0, 1)
    assert not (settings.instance / FILE).exists()


def test_taking_it_out_leaves_an_empty_registry_that_can_be_used(app, demo, session, settings):
    assert demo
    session.rollback()
    removed = consent(app, "demo", "--remove")
    assert removed.exit_code == 0
    for model in (Patron, Staff, LedgerEvent, RegistryMark):
        assert count(session, model) == 0
    session.rollback()
    assert not (settings.instance / FILE).exists()
    assert consent(app, "token", "add", "archive").exit_code == 0
    assert consent(app, "demo").exit_code == 1


def test_an_empty_registry_gets_it_where_only_an_empty_one_may(app, session):
    assert "The demo department is in." in consent(app, "demo", "--only-if-empty").stdout
    assert count(session, Patron) == 240


def test_removing_only_if_empty_is_wrong_usage(app):
    assert consent(app, "demo", "--remove", "--only-if-empty").exit_code == 2


def test_an_import_of_its_own_export_changes_nothing(app, demo, tmp_path, session):
    assert demo
    written = tmp_path / "all.ndjson"
    assert consent(app, "export", str(written)).exit_code == 0
    before = count(session, LedgerEvent)
    assert consent(app, "import", str(written)).exit_code == 0
    assert count(session, LedgerEvent) == before
    assert session.execute(text("SELECT count(*) FROM patron")).scalar() == 240
