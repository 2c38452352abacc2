"""Do the department's registers keep who asked, who decided and when it ended? Does nothing count before its time?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.exchange.lines import ProgramLine
from consent.domain.permissions import Permission, Role
from consent.domain.policy import Acknowledged
from consent.domain.refusals import UnknownProgram
from consent.domain.registers import EntryState
from consent.domain.vocabulary import Language, Media, Use
from consent.services.accounts import (
    WantedAccount,
    ask_for_account,
    close_account,
    decide_on_account,
    list_accounts,
    open_accounts,
)
from consent.services.acting import NoLongerAllowed, OwnAccount
from consent.services.checks import Asker, Door
from consent.services.notes import WantedNote, end_note, give_note, list_notes, without_note
from consent.services.platforms import add_platform, close_platform
from consent.services.policy import (
    NoPolicy,
    PaperDoesNotMatch,
    Reading,
    WantedVersion,
    acknowledge,
    acknowledgement_paper,
    has_to_acknowledge,
    publish_version,
)
from consent.services.programs import add_program
from consent.services.recordings import WantedRecording, authorize_recording, end_recording, list_recordings
from consent.services.registers import EntryDecided, EntryWrong, Fault, UnknownEntry
from consent.services.rules import (
    WantedRule,
    answers_touched,
    ask_for_rule,
    decide_on_rule,
    end_rule,
    list_rules,
    rules_here,
)
from consent.services.spokespersons import end_spokesperson, list_spokespersons, name_spokesperson
from consent.services.training import add_training, list_trainings, take_training_back, whose_training_lapses
from consent.services.verification_records import check_acknowledgements
from consent.settings import Settings
from consent.storage.models import PolicyAcknowledgement, PolicyVersion
from consent.storage.policy import readers
from tests.builders.camp import CAMP, FORM, PROGRAM, a_consent, a_person, keep
from tests.builders.colleagues import NOW, TODAY, acting, colleague, happened
from tests.builders.pages import ON_ONE_DATABASE, errors_on, send
from tests.builders.paper import words
from tests.builders.rows import a_row
from tests.builders.staff import csrf_token, signed_in_as

BASICS = (FORM, PROGRAM)
WANTED = WantedAccount(
    platform="facebook",
    owner_id=None,
    handle="@cityparks",
    url="https://www.facebook.com/cityparks",
    audience="Families",
    purposes="News of the programs",
    retention="Two years",
)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ada(app: Flask, session: Session, settings: Settings) -> int:
    """The administrator of a department with one platform."""
    add_platform(session, "Facebook", TODAY, zone=settings.zone, by="test", now=NOW)
    return colleague(app, "Ada Lovelace", Role.ADMINISTRATOR)


@pytest.fixture
def dora(app: Flask) -> int:
    return colleague(app, "Dora Director", Role.DIRECTOR)


@pytest.fixture
def paul(app: Flask) -> int:
    return colleague(app, "Paul Post", Role.POSTER)


def in_browser(app: Flask, name: str) -> FlaskClient:
    return signed_in_as(app, f"{name}@city.example")


def press(client: FlaskClient, address: str, **typed: str):
    return client.post(address, data={"csrf_token": csrf_token(client), **typed})


# Accounts


def account_states(session: Session, *, days: int = 0) -> list[EntryState]:
    session.rollback()
    return [account.state for account in list_accounts(session, now=NOW + timedelta(days=days))]


def test_nothing_is_posted_from_an_account_before_a_director_has_agreed(session: Session, ada: int, dora: int):
    key = ask_for_account(session, WANTED, acting=acting(ada))
    assert (account_states(session), open_accounts(session, now=NOW)) == ([EntryState.WAITING], [])
    decide_on_account(session, key, approved=True, acting=acting(dora))
    [opened] = open_accounts(session, now=NOW)
    assert (opened.handle, opened.owner, opened.asked_by) == ("@cityparks", None, "Ada Lovelace")
    close_account(session, key, acting=acting(ada))
    assert (account_states(session), open_accounts(session, now=NOW)) == ([EntryState.ENDED], [])
    kinds = (EventKind.ACCOUNT_REQUESTED, EventKind.ACCOUNT_APPROVED, EventKind.ACCOUNT_CLOSED)
    [asked, approved, closed] = happened(session, *kinds)
    assert (asked[1], asked[2]["url"], asked[2]["asked_by"]) == (f"staff:{ada}", WANTED.url, ada)
    assert approved[1:] == (f"staff:{dora}", {"entry": key})
    assert closed[1:] == (f"staff:{ada}", {"entry": key})


def test_what_is_decided_or_closed_stays_so(session: Session, ada: int, dora: int):
    refused = ask_for_account(session, WANTED, acting=acting(ada))
    decide_on_account(session, refused, approved=False, acting=acting(dora))
    again = ask_for_account(session, WANTED, acting=acting(ada))
    close_account(session, again, acting=acting(ada))
    assert account_states(session) == [EntryState.ENDED, EntryState.REFUSED]
    for key in (refused, again):
        with pytest.raises(EntryDecided):
            decide_on_account(session, key, approved=True, acting=acting(dora))
    with pytest.raises(EntryDecided):
        close_account(session, again, acting=acting(ada))
    with pytest.raises(UnknownEntry):
        close_account(session, 999, acting=acting(ada))


def test_a_director_decides_on_no_account_that_is_theirs_or_that_they_asked_for(
    app: Flask, session: Session, ada: int, dora: int
):
    both = colleague(app, "Bo Both", Role.ADMINISTRATOR, Role.DIRECTOR)
    own = ask_for_account(session, replace(WANTED, owner_id=dora), acting=acting(ada))
    asked = ask_for_account(session, replace(WANTED, handle="@pool"), acting=acting(both))
    for key, director in ((own, dora), (asked, both)):
        with pytest.raises(OwnAccount):
            decide_on_account(session, key, approved=True, acting=acting(director))
    with pytest.raises(NoLongerAllowed):
        decide_on_account(session, own, approved=True, acting=acting(ada))
    decide_on_account(session, own, approved=True, acting=acting(both))
    assert [account.owner for account in open_accounts(session, now=NOW)] == ["Dora Director"]


def test_a_platform_that_is_closed_closes_its_accounts(session: Session, ada: int, dora: int):
    decide_on_account(session, ask_for_account(session, WANTED, acting=acting(ada)), approved=True, acting=acting(dora))
    close_platform(session, "facebook", by="test", now=NOW + timedelta(days=1))
    assert account_states(session) == [EntryState.IN_FORCE]
    assert account_states(session, days=1) == [EntryState.ENDED]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"platform": "elsewhere"}, "platform"),
        ({"owner_id": 999}, "owner"),
        ({"url": "https://facebook.example/cityparks"}, "url"),
        ({"handle": "@CITYPARKS"}, "handle"),
    ],
)
def test_an_account_that_cannot_be_is_not_asked_for(session: Session, ada: int, change: dict, field: str):
    ask_for_account(session, WANTED, acting=acting(ada))
    with pytest.raises(EntryWrong) as wrong:
        ask_for_account(session, replace(replace(WANTED, handle="@pool"), **change), acting=acting(ada))
    assert wrong.value.field == field


@ON_ONE_DATABASE
def test_from_the_request_for_an_account_to_its_end_on_the_page(app: Flask, ada: int, dora: int, paul: int):
    assert min(ada, dora, paul)
    administrator, director, poster = (in_browser(app, name) for name in ("ada", "dora", "paul"))
    assert "No account is approved yet" in poster.get("/policy/accounts").text
    typed = {
        "platform": "facebook", "owner": str(paul), "handle": "@paul", "url": "https://www.facebook.com/paul",
        "audience": "Friends", "purposes": "His own news", "retention": "A year",
    }  # fmt: skip
    page = send(administrator, "/policy/accounts/add", **typed | {"url": "https://paul.example", "audience": ""}).text
    assert errors_on(page) == ["audience"]
    assert errors_on(send(administrator, "/policy/accounts/add", **typed | {"url": "https://paul.example"}).text) == [
        "url"
    ]
    assert errors_on(send(administrator, "/policy/accounts/add", **typed | {"owner": "x"}).text) == ["owner"]
    assert send(administrator, "/policy/accounts/add", **typed).location == "/policy/accounts"
    assert 'class="house-count">1' in director.get("/").text
    assert "Approve<" not in poster.get("/policy/accounts").text
    assert press(director, "/policy/accounts/1/approve").location == "/policy/accounts"
    assert press(director, "/policy/accounts/1/refuse").status_code == 409
    assert 'data-entry="1" data-state="in-force"' in poster.get("/policy/accounts").text
    assert press(administrator, "/policy/accounts/1/end").location == "/policy/accounts"
    assert 'data-entry="1" data-state="ended"' in poster.get("/policy/accounts").text
    assert press(poster, "/policy/accounts/1/end").status_code == 403


# Training, recordings, spokespersons and notes


@pytest.fixture
def camp(session: Session, ada: int) -> str:
    """A program that runs since a week ago."""
    line = ProgramLine("PR-camp", "Camp", TODAY - timedelta(days=7), TODAY + timedelta(days=30))
    add_program(session, line, frozenset(), by=f"staff:{ada}", now=NOW)
    return line.id


EVERY_PROGRAM = Asker(Door.ROSTER, frozenset({Permission.OPEN_EVERY_PROGRAM}))
NO_PROGRAM = Asker(Door.ROSTER, frozenset())


def test_a_training_counts_a_year_unless_told_otherwise_and_says_when_it_lapses_soon(
    session: Session, ada: int, dora: int, paul: int
):
    add_training(session, paul, "Social media", TODAY - timedelta(days=310), None, acting=acting(ada))
    add_training(session, dora, "Old", TODAY - timedelta(days=400), TODAY - timedelta(days=1), acting=acting(ada))
    mistaken = add_training(session, dora, "Mistaken", TODAY, TODAY, acting=acting(ada))
    take_training_back(session, mistaken, acting=acting(ada))
    states = {one.course: one.state for one in list_trainings(session, today=TODAY)}
    lapses = {"Social media": EntryState.LAPSES_SOON, "Old": EntryState.LAPSED, "Mistaken": EntryState.ENDED}
    assert states == lapses
    assert [one.person for one in whose_training_lapses(session, today=TODAY)] == ["Dora Director", "Paul Post"]
    add_training(session, paul, "Again", TODAY, None, acting=acting(ada))
    assert [one.person for one in whose_training_lapses(session, today=TODAY)] == ["Dora Director"]
    assert len(happened(session, EventKind.TRAINING_ADDED, EventKind.TRAINING_ENDED)) == 5


def recording(staff_id: int, program: str, **changes: object) -> WantedRecording:
    media = frozenset({Media.STILL, Media.VOICE})
    return replace(WantedRecording(staff_id, "Camera 1", program, media, NOW, NOW + timedelta(hours=2)), **changes)


def test_a_supervisor_lets_somebody_else_record_for_a_time_and_ends_it_at_once(
    session: Session, ada: int, paul: int, camp: str
):
    key = authorize_recording(session, recording(paul, camp), asker=EVERY_PROGRAM, acting=acting(ada))
    states = [list_recordings(session, now=NOW + timedelta(hours=hours))[0].state for hours in (-1, 0, 2)]
    assert states == [EntryState.AHEAD, EntryState.IN_FORCE, EntryState.LAPSED]
    [listed] = list_recordings(session, now=NOW)
    assert (listed.person, listed.supervisor) == ("Paul Post", "Ada Lovelace")
    assert listed.media == {Media.STILL, Media.VOICE}
    with pytest.raises(UnknownProgram):
        end_recording(session, key, asker=NO_PROGRAM, acting=acting(ada))
    end_recording(session, key, asker=EVERY_PROGRAM, acting=acting(ada))
    assert [one.state for one in list_recordings(session, now=NOW)] == [EntryState.ENDED]


def test_a_spokesperson_is_named_by_a_director_from_one_day_to_another(session: Session, dora: int, paul: int):
    key = name_spokesperson(session, paul, TODAY + timedelta(days=1), TODAY + timedelta(days=2), acting=acting(dora))
    days = [list_spokespersons(session, today=TODAY + timedelta(days=days))[0].state for days in range(4)]
    assert days == [EntryState.AHEAD, EntryState.IN_FORCE, EntryState.IN_FORCE, EntryState.LAPSED]
    end_spokesperson(session, key, acting=acting(dora))
    assert list_spokespersons(session, today=TODAY)[0].state is EntryState.ENDED


def test_a_program_without_a_note_is_shown_until_one_is_given(session: Session, ada: int, camp: str):
    later = ProgramLine("PR-later", "Later", TODAY + timedelta(days=15), TODAY + timedelta(days=20))
    add_program(session, later, frozenset(), by="test", now=NOW)
    assert [name for name, _ in without_note(session, today=TODAY)] == ["Camp"]
    assert [name for name, _ in without_note(session, today=TODAY + timedelta(days=1))] == ["Camp", "Later"]
    for told in ("First", "Second"):
        give_note(session, WantedNote(camp, told, told, TODAY), asker=EVERY_PROGRAM, acting=acting(ada))
    assert without_note(session, today=TODAY) == []
    assert [(one.text_en, one.state) for one in list_notes(session)] == [
        ("Second", EntryState.IN_FORCE), ("First", EntryState.ENDED),
    ]  # fmt: skip
    with pytest.raises(UnknownProgram):
        end_note(session, 2, asker=NO_PROGRAM, acting=acting(ada))
    end_note(session, 2, asker=EVERY_PROGRAM, acting=acting(ada))
    assert [name for name, _ in without_note(session, today=TODAY)] == ["Camp"]


def test_nobody_enters_anything_in_their_own_favor_and_nothing_that_cannot_be(
    session: Session, ada: int, dora: int, paul: int, camp: str
):
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    by, director = {"acting": acting(ada)}, {"acting": acting(dora)}
    let = {"asker": EVERY_PROGRAM, **by}
    cases = [
        ("person", Fault.OWN, lambda: add_training(session, ada, "A", TODAY, None, **by)),
        ("person", Fault.NOT_TO_CHOOSE, lambda: add_training(session, 999, "A", TODAY, None, **by)),
        ("taken_on", Fault.AHEAD, lambda: add_training(session, paul, "A", tomorrow, None, **by)),
        ("valid_until", Fault.ENDS_BEFORE_IT_STARTS, lambda: add_training(session, paul, "A", TODAY, yesterday, **by)),
        ("person", Fault.OWN, lambda: authorize_recording(session, recording(ada, camp), **let)),
        ("program", Fault.NOT_TO_CHOOSE, lambda: authorize_recording(session, recording(paul, "x"), **let)),
        (
            "media", Fault.NOT_TO_CHOOSE,
            lambda: authorize_recording(session, recording(paul, camp, media=frozenset()), **let),
        ),
        (
            "ends_at", Fault.ENDS_BEFORE_IT_STARTS,
            lambda: authorize_recording(session, recording(paul, camp, ends_at=NOW), **let),
        ),
        (
            "ends_at", Fault.OVER,
            lambda: authorize_recording(
                session, recording(paul, camp, starts_at=NOW - timedelta(hours=2), ends_at=NOW), **let
            ),
        ),
        ("person", Fault.OWN, lambda: name_spokesperson(session, dora, TODAY, TODAY, **director)),
        (
            "last_day", Fault.ENDS_BEFORE_IT_STARTS,
            lambda: name_spokesperson(session, paul, tomorrow, TODAY, **director),
        ),
        ("last_day", Fault.OVER, lambda: name_spokesperson(session, paul, yesterday, yesterday, **director)),
        ("given_on", Fault.AHEAD, lambda: give_note(session, WantedNote(camp, "A", "A", tomorrow), **let)),
        ("program", Fault.NOT_TO_CHOOSE, lambda: give_note(session, WantedNote("x", "A", "A", TODAY), **let)),
    ]  # fmt: skip
    for number, (field, fault, enter) in enumerate(cases):
        with pytest.raises(EntryWrong) as wrong:
            enter()
        assert (number, wrong.value.field, wrong.value.fault) == (number, field, fault)


# Rules


def rule(**changes: object) -> WantedRule:
    forbids = frozenset({Use.TAG, Use.NAME})
    wanted = WantedRule(
        "No minors here.", "Sin menores.", TODAY, platform="facebook", forbids=forbids, minors_only=True
    )
    return replace(wanted, **changes)


def test_a_rule_holds_once_a_director_has_approved_it_who_did_not_ask(
    app: Flask, session: Session, ada: int, dora: int
):
    key = ask_for_rule(session, rule(last_day=TODAY), asker=EVERY_PROGRAM, acting=acting(ada))
    assert rules_here(session, platform="facebook", program=None, today=TODAY) == []
    decide_on_rule(session, key, approved=True, acting=acting(dora))
    [here] = rules_here(session, platform="facebook", program=None, today=TODAY)
    assert (here.where, here.text("es"), here.forbids) == ("Facebook", "Sin menores.", {Use.TAG, Use.NAME})
    assert rules_here(session, platform="youtube", program=None, today=TODAY) == []
    assert rules_here(session, platform=None, program=None, today=TODAY + timedelta(days=1)) == []
    assert list_rules(session, today=TODAY + timedelta(days=1))[0].state is EntryState.LAPSED
    with pytest.raises(EntryDecided):
        decide_on_rule(session, key, approved=False, acting=acting(dora))
    end_rule(session, key, acting=acting(dora))
    assert rules_here(session, platform=None, program=None, today=TODAY) == []
    both = colleague(app, "Bo Both", Role.ADMINISTRATOR, Role.DIRECTOR)
    own = ask_for_rule(session, rule(), asker=EVERY_PROGRAM, acting=acting(both))
    with pytest.raises(OwnAccount):
        decide_on_rule(session, own, approved=True, acting=acting(both))
    decide_on_rule(session, own, approved=False, acting=acting(dora))
    assert list_rules(session, today=TODAY)[0].state is EntryState.REFUSED


def test_a_rule_holds_in_one_area_and_at_a_place_it_is_only_told(session: Session, ada: int, dora: int, camp: str):
    by = {"asker": EVERY_PROGRAM, "acting": acting(ada)}
    for change, field in (
        ({"platform": ""}, "place"),
        ({"place": "The pool"}, "place"),
        ({"platform": "", "place": "The pool"}, "forbids"),
        ({"platform": "elsewhere"}, "platform"),
        ({"platform": "", "program": "elsewhere"}, "program"),
        ({"last_day": TODAY - timedelta(days=1)}, "last_day"),
    ):
        with pytest.raises(EntryWrong) as wrong:
            ask_for_rule(session, rule(**change), **by)
        assert wrong.value.field == field
    places = [rule(platform="", place="The pool", forbids=frozenset()), rule(platform="", program=camp)]
    for wanted in places:
        decide_on_rule(session, ask_for_rule(session, wanted, **by), approved=True, acting=acting(dora))
    assert [one.where for one in rules_here(session, platform="facebook", program=camp, today=TODAY)] == [
        "Camp", "The pool",
    ]  # fmt: skip
    assert [one.where for one in rules_here(session, platform="facebook", program=None, today=TODAY)] == ["The pool"]


def test_whoever_asks_for_a_rule_is_told_how_many_signed_records_it_touches(app: Flask, session: Session, ada: int):
    yes, hers = a_consent("P-yes"), a_consent("P-voided", voided_at="2026-05-02T10:00:00Z")
    keep(app, [*BASICS, *a_person("P-yes", "Ann", "Ash"), *a_person("P-voided", "Bea", "Birch"), yes, hers], now=NOW)
    by = {"asker": EVERY_PROGRAM, "now": NOW}
    assert answers_touched(session, rule(), **by) == 1
    assert answers_touched(session, rule(platform="", program=CAMP), **by) == 1
    assert answers_touched(session, rule(forbids=frozenset()), **by) == 0
    assert answers_touched(session, rule(), asker=EVERY_PROGRAM, now=NOW + timedelta(days=10_000)) == 0
    assert ada


@ON_ONE_DATABASE
def test_a_rule_is_shown_on_the_verdict_and_on_the_roster_and_makes_a_printed_sheet_out_of_date(
    app: Flask, session: Session, ada: int, dora: int
):
    keep(app, [*BASICS, *a_person("P-yes", "Ann", "Ash"), a_consent("P-yes")], now=NOW)
    desk = in_browser(app, "ada")
    asked = f"/look-up?patron=P-yes&use=photo&platform=facebook&program={CAMP}"
    assert "data-rules" not in desk.get(asked).text
    assert "Rules here" not in words(desk.get(f"/programs/{CAMP}/roster.pdf").data)
    for wanted in (rule(), rule(platform="", program=CAMP, text_en="Not in the water.")):
        key = ask_for_rule(session, wanted, asker=EVERY_PROGRAM, acting=acting(ada))
        decide_on_rule(session, key, approved=True, acting=acting(dora))
    for page in (asked, f"/programs/{CAMP}/roster"):
        shown = desk.get(page).text
        assert ("No minors here." in shown, "Not in the water." in shown) == (True, True), page
    assert "A printed list is out of date" in desk.get(f"/programs/{CAMP}/roster").text
    paper = words(desk.get(f"/programs/{CAMP}/roster.pdf").data)
    assert "Facebook: No minors here." in paper
    assert "Not in the water." in paper


# The policy


def drawn(signed: Acknowledged) -> bytes:
    return f"{signed.number} {signed.version} {signed.name} {signed.signed_as}".encode()


def test_a_new_version_of_the_policy_asks_everybody_again(session: Session, settings: Settings, ada: int, paul: int):
    reading = Reading("Paul Post", Language.ENGLISH, "Recreation", settings.zone)
    assert not has_to_acknowledge(session, paul, today=TODAY)
    with pytest.raises(NoPolicy):
        acknowledge(session, reading, drawn, acting=acting(paul))
    first = WantedVersion("6.5", "2018", "City Clerk", "Words", TODAY - timedelta(days=9))
    publish_version(session, first, acting=acting(ada))
    assert has_to_acknowledge(session, paul, today=TODAY)
    key = acknowledge(session, reading, drawn, acting=acting(paul))
    assert acknowledge(session, reading, drawn, acting=acting(paul)) == key
    assert not has_to_acknowledge(session, paul, today=TODAY)
    assert acknowledgement_paper(session, key) == b"6.5 2018 Paul Post Paul Post"
    for change, field in (({"in_force_from": first.in_force_from}, "in_force_from"), ({}, "version")):
        with pytest.raises(EntryWrong) as wrong:
            publish_version(session, replace(first, in_force_from=TODAY) if not change else first, acting=acting(ada))
        assert wrong.value.field == field
    publish_version(session, replace(first, version="2020", in_force_from=TODAY), acting=acting(ada))
    assert has_to_acknowledge(session, paul, today=TODAY)
    assert [(reader.name, reader.key) for reader in readers(session, 1, TODAY)] == [
        ("Ada Lovelace", None), ("Paul Post", key),
    ]  # fmt: skip
    with pytest.raises(UnknownEntry):
        acknowledgement_paper(session, 999)


def test_a_signed_paper_that_was_changed_is_not_given_out_and_is_found(session: Session, ada: int, paul: int):
    version = a_row(session, PolicyVersion, added_by=ada, in_force_from=TODAY)["id"]
    key = a_row(session, PolicyAcknowledgement, staff_id=paul, policy_version_id=version)["id"]
    session.commit()
    with pytest.raises(PaperDoesNotMatch):
        acknowledgement_paper(session, key)
    findings = list(check_acknowledgements(session.connection()))
    assert [finding.record for finding in findings] == [f"policy_acknowledgement {key}"]


# One walk through the pages


@ON_ONE_DATABASE
@pytest.mark.usefixtures("dora")
def test_every_register_is_filled_and_read_on_its_pages(app: Flask, session: Session, ada: int, paul: int, camp: str):
    keep(app, [*BASICS, *a_person("P-yes", "Ann", "Ash"), a_consent("P-yes")], now=NOW)
    administrator, director, poster = (in_browser(app, name) for name in ("ada", "dora", "paul"))
    assert "No version of the policy is in force" in poster.get("/policy").text
    assert poster.get("/policy/acknowledge").status_code == 404
    assert poster.get("/policy/acknowledgement.pdf").location == "/policy"
    assert "nothing to acknowledge" in director.get("/policy/acknowledgements").text
    assert "Camp, from" in administrator.get("/policy/notes").text

    told = {"text_en": "A rule", "text_es": "Una regla", "starts": "2026-07-01"}
    tags = {"platform": "facebook", "forbids": ["tag"], "minors_only": "y"}
    asked = send(administrator, "/policy/rules/add", **told, **tags).text
    assert "1 signed record in force says yes" in asked
    assert errors_on(asked) == ["anyway"]
    day = {"last_day": "2026-07-31"}
    window = {"starts_at": "2026-07-01T08:00", "ends_at": "2026-07-01T18:00", "media": ["still", "voice"]}
    filled = {
        "rules": (administrator, {**told, **tags, "anyway": "y"}),
        "training": (administrator, {"person": str(paul), "course": "Social media", "taken_on": "2026-06-30"}),
        "recordings": (administrator, {"person": str(paul), "device": "Camera 1", "program": camp, **window}),
        "spokespersons": (director, {"person": str(paul), "starts": "2026-07-01", **day}),
        "notes": (administrator, {"program": camp, "text_en": "Call", "text_es": "Llame", "given_on": "2026-07-01"}),
        "versions": (
            administrator,
            {
                "number": "6.5", "version": "2020", "reference": "Clerk", "text": "Words\n\nMore",
                "in_force_from": "2026-07-01",
            },
        ),
    }  # fmt: skip
    wrong = {
        "rules": ({"platform": ""}, "place"),
        "training": ({"person": "no number"}, "person"),
        "recordings": ({"ends_at": "2026-07-01T07:00"}, "ends_at"),
        "spokespersons": ({"last_day": "2026-06-01"}, "last_day"),
        "notes": ({"given_on": "2026-08-01"}, "given_on"),
        "versions": ({"in_force_from": ""}, "in_force_from"),
    }
    for register, (client, typed) in filled.items():
        change, field = wrong[register]
        assert errors_on(send(client, f"/policy/{register}/add", **typed | change).text) == [field], register
        assert send(client, f"/policy/{register}/add", **typed).location == f"/policy/{register}", register
    again = send(administrator, "/policy/versions/add", **filled["versions"][1])
    assert errors_on(again.text) == ["in_force_from"]
    for wrong_training in ({"taken_on": "2026-07-02"}, {"valid_until": "2026-06-01"}):
        typed = filled["training"][1] | wrong_training
        assert errors_on(send(administrator, "/policy/training/add", **typed).text) == [*wrong_training]

    assert "that you have not acknowledged yet" in poster.get("/").text
    assert errors_on(send(poster, "/policy/acknowledge", signed_as="").text) == ["read", "signed_as"]
    assert send(poster, "/policy/acknowledge", read="y", signed_as="Paul Post").location == "/policy"
    assert "You acknowledged it on" in poster.get("/policy").text
    paper = poster.get("/policy/acknowledgement.pdf").data
    assert director.get("/policy/acknowledgements/1.pdf").data == paper
    assert "Acknowledgement of policy 6.5" in words(paper)
    listed = director.get("/policy/acknowledgements").text
    assert f'data-reader="{paul}" data-state="signed"' in listed
    assert f'data-reader="{ada}" data-state="open"' in listed

    assert press(director, "/policy/rules/1/approve").location == "/policy/rules"
    assert 'data-entry="1" data-state="in-force"' in poster.get("/policy/rules").text
    ask_for_rule(session, rule(), asker=EVERY_PROGRAM, acting=acting(ada))
    assert press(director, "/policy/rules/2/refuse").location == "/policy/rules"
    for register, (client, _) in filled.items():
        assert 'data-entry="1"' in client.get(f"/policy/{register}").text
        if register != "versions":
            ender = director if register == "rules" else client
            assert press(ender, f"/policy/{register}/1/end").location == f"/policy/{register}"
            assert 'data-entry="1" data-state="ended"' in client.get(f"/policy/{register}").text
