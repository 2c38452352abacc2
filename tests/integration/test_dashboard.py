"""Do the numbers of the dashboard equal their table, their list and the rule, and does each see their own only?"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from consent.domain.dashboard import Ending, NotThatFar, Outlook
from consent.domain.facts import Facts
from consent.domain.name_order import SortBy
from consent.domain.permissions import Permission, Role, permissions_of
from consent.domain.refusals import UnknownProgram
from consent.domain.rosters import ROSTER_USES, Section
from consent.domain.vocabulary import Reason, Shown
from consent.services.checks import Asker, Door
from consent.services.dashboard import Everybody, coverage, ending_soon, read_everybody, stale_sheets
from consent.services.dashboard_lists import forecast, list_ending, list_standing
from consent.services.rosters import call_roster, print_roster
from consent.storage.database import db
from consent.storage.models import Kiosk, Patron, PatronCheck, Post, Takedown, Training
from consent.storage.patron_facts import read_facts
from tests.builders.camp import CAMP, NOW, PROGRAM, SINCE, a_camp, a_consent, a_person, keep
from tests.builders.clearances import a_department
from tests.builders.rows import a_row
from tests.builders.staff import hire, signed_in

TODAY = date(2026, 7, 1)
POOL = {**PROGRAM, "id": "pool", "name": "Pool <2026>"}
OVER = {**PROGRAM, "id": "over", "name": "Last year", "starts": "2025-06-01", "ends": "2025-08-01"}
EVERYTHING = Asker(Door.DASHBOARD, frozenset(Permission))


def withdrawal(number: str, patron: str, at: str) -> dict[str, object]:
    return {"type": "withdrawal", "id": number, "patron": patron, "signer": f"G-{patron}", "at": at, "uses": "all"}


def hold(patron: str, since: str, until: str | None = None) -> dict[str, object]:
    return {"type": "hold", "id": f"H-{patron}", "patron": patron, "since": since, "until": until, "reason": "a court"}


def a_summer() -> list[dict[str, object]]:
    """The camp; a pool with one person each to lapse, to come of age and to be held; an empty and a past program."""
    in_pool = {"program": "pool", "type": "enrollment"}
    return [
        *a_camp(), POOL, OVER, {**PROGRAM, "id": "empty", "name": "Nobody's"},
        *a_person("P-lapses", "Lena", "Day"), a_consent("P-lapses", expires_at="2026-07-20T07:00:00Z"),
        *a_person("P-grows", "Gus", "Old", born="2008-08-15"), a_consent("P-grows"),
        *a_person("P-held", "Hal", "Hold"), a_consent("P-held"), hold("P-held", SINCE),
        *a_person("P-left", "Lou", "Left"), a_consent("P-left"),
        *a_person("P-ageless", "Ari", "Ageless", born=None), a_consent("P-ageless"),
        withdrawal("W-1", "P-left", "2026-06-30T18:00:00Z"), withdrawal("W-2", "P-no", "2026-06-24T18:00:00Z"),
        *({**in_pool, "patron": patron} for patron in ("P-lapses", "P-grows", "P-held", "P-ok")),
    ]  # fmt: skip


@pytest.fixture(autouse=True)
def summer_time() -> Iterator[None]:
    """The web reads the clock itself."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def summer(app: Flask) -> Flask:
    keep(app, a_summer())
    return app


def everybody(app: Flask, session: Session, asker: Asker = EVERYTHING) -> Everybody:
    return read_everybody(session, asker=asker, zone=app.config["CONSENT"].zone, now=NOW)


def numbers(page: str) -> dict[tuple[str, str], int]:
    """Each number of the page's tables, by its row and its column."""
    found = {}
    for row, cells in re.findall(r'<tr data-(?:program|first|week)="([^"]*)">(.*?)</tr>', page, re.DOTALL):
        for name, cell in re.findall(r'data-count="([^"]*)">(.*?)</td>', cells, re.DOTALL):
            found[row, name] = int(re.sub(r"<span.*?</span>|<[^>]*>", "", cell, flags=re.DOTALL))
    return found


def links(page: str) -> list[tuple[str, int]]:
    """Each number in a table that is a link, with where it leads."""
    found = re.findall(r'tile-number" href="([^"]*)">(\d+)', page)
    return [(address.replace("&amp;", "&"), int(count)) for address, count in found]


def test_each_program_counts_its_people_as_its_roster_does_and_the_worst_comes_first(summer: Flask, session: Session):
    zone = summer.config["CONSENT"].zone
    covered = coverage(everybody(summer, session))
    assert [program.program for program in covered] == ["camp-2026", "pool", "empty"]
    for program in covered[:2]:
        roster = call_roster(session, program.program, sort=SortBy.LAST, asker=EVERYTHING, zone=zone, now=NOW)
        assert program.people == len(roster.people)
        assert program.counts[Shown.YES] == roster.count(Section.OK)
        assert program.counts[Shown.LIMITS] == roster.count(Section.LIMITS)
        assert program.counts[Shown.NO] + program.counts[Shown.NOT_KNOWN] == roster.count(Section.DO_NOT_PHOTOGRAPH)
    camp, pool, empty = covered
    assert dict(camp.counts) == {Shown.YES: 4, Shown.LIMITS: 1, Shown.NO: 3, Shown.NOT_KNOWN: 1}
    assert dict(pool.counts) == {Shown.YES: 3, Shown.NO: 1}
    assert (empty.people, dict(empty.counts)) == (0, {})


def in_order(facts: Facts) -> Facts:
    """A database gives rows in any order, and the rule asks for none."""
    return replace(
        facts,
        guardianships=tuple(sorted(facts.guardianships, key=repr)),
        consents=tuple(sorted(facts.consents, key=lambda consent: consent.id)),
        withdrawals=tuple(sorted(facts.withdrawals, key=lambda withdrawal: withdrawal.at)),
    )


def test_what_is_known_of_everybody_at_once_is_what_is_known_of_each(summer: Flask, session: Session):
    """With limits to a platform and to a program, and a withdrawal of one use."""
    zone = summer.config["CONSENT"].zone
    limits = {
        "platforms": ["facebook"],
        "programs": ["pool"],
        "signed_at": "2026-06-01T10:00:00Z",
        "witnessed_at": None,
    }
    one_use = {**withdrawal("W-4", "P-ok", "2026-06-02T18:00:00Z"), "uses": ["photo", "repost"]}
    keep(summer, [a_consent("P-ok", id="C-limited", **limits), one_use])
    known = everybody(summer, session).facts
    uses = [use.value for use in ROSTER_USES]
    assert len(known) == 9
    one_by_one = read_facts(session.connection(), list(known), uses, zone=zone)
    assert {key: in_order(facts) for key, facts in known.items()} == {
        key: in_order(facts) for key, facts in one_by_one.items()
    }


def test_a_permission_that_ends_within_sixty_days_stands_in_its_ten_days_once(summer: Flask, session: Session):
    bars = ending_soon(everybody(summer, session))
    assert [(bar.first, bar.last) for bar in bars][:2] == [
        (TODAY, date(2026, 7, 10)),
        (date(2026, 7, 11), date(2026, 7, 20)),
    ]
    assert len(bars) == 6
    found = {(bar.first, ending): count for bar in bars for ending, count in bar.counts.items()}
    assert found == {(date(2026, 7, 11), Ending.LAPSES): 1, (date(2026, 8, 10), Ending.COMES_OF_AGE): 1}


def test_a_hold_that_is_dated_ahead_gives_nothing_away(summer: Flask, session: Session):
    keep(summer, [hold("P-ok", "2026-07-15T07:00:00Z", "2026-08-01T07:00:00Z")])
    assert sum(sum(bar.counts.values()) for bar in ending_soon(everybody(summer, session))) == 2
    zone = summer.config["CONSENT"].zone
    lead = Asker(Door.DASHBOARD, permissions_of([Role.FRONT_DESK]))
    for asker, becomes in ((lead, Outlook.YES), (EVERYTHING, Outlook.NO)):
        told = forecast(session, CAMP, date(2026, 7, 20), asker=asker, zone=zone, now=NOW)
        assert {person.outlook for person in told.people if person.external_id == "P-ok"} == {becomes}
        assert {person.outlook for person in told.people if person.external_id == "P-held"} == {Outlook.NO}


def test_the_page_says_in_its_tables_what_the_rule_counts_and_each_number_leads_to_as_many(
    summer: Flask, session: Session
):
    client = signed_in(summer, Role.ADMINISTRATOR)
    page = client.get("/dashboard").text
    found = numbers(page)
    people = everybody(summer, session)
    for program in coverage(people):
        assert found[program.program, "people"] == program.people
        for stands in (Shown.YES, Shown.LIMITS, Shown.NO, Shown.NOT_KNOWN):
            assert found[program.program, stands] == program.counts[stands]
            told = f"{program.name}, ".replace("<", "&lt;").replace(">", "&gt;")
            assert program.counts[stands] == 0 or f'aria-label="{told}' in page
    for bar in ending_soon(people):
        assert {ending: found[bar.first.isoformat(), ending] for ending in Ending} == {
            ending: bar.counts[ending] for ending in Ending
        }
    assert (found["2026-06-29", "withdrawals"], found["2026-06-22", "withdrawals"]) == (1, 1)
    assert len(links(page)) == 10
    for address, count in links(page):
        listed = client.get(address)
        assert len(re.findall(r"<tr data-(?:patron|withdrawal|sheet)=", listed.text)) == count, address
        assert re.search(r'data-count="[a-z]+">(\d+)', listed.text)[1] == str(count)
    drawn = re.findall(r'<a href="([^"]*)" tabindex="-1" aria-label="[^"]*: (\d+)"', page)
    assert sorted((link.replace("&amp;", "&"), int(count)) for link, count in drawn) == sorted(links(page))


def test_a_lead_sees_their_own_programs_and_no_names_behind_a_withdrawal(summer: Flask):
    client = signed_in(summer, Role.PROGRAM_LEAD, programs=("pool",))
    page = client.get("/dashboard").text
    assert {program for program, name in numbers(page) if name == "people"} == {"pool"}
    assert numbers(page)["2026-06-29", "withdrawals"] == 0
    assert "/dashboard/withdrawals" not in page
    assert 'data-tile="kiosks"' not in page
    assert 'data-tile="training"' not in page
    assert client.get("/dashboard/programs/camp-2026?standing=no").status_code == 404
    assert client.get("/dashboard/forecast?program=camp-2026&day=2026-07-02").status_code == 422
    pool = client.get("/dashboard/programs/pool?standing=no").text
    assert ("Hal Hold" in pool, "may not be shown or contacted" in pool, "hold" in pool.replace("Hal Hold", "")) == (
        True, True, False,
    )  # fmt: skip


def test_whoever_is_named_on_a_list_is_recorded_as_checked(summer: Flask, session: Session):
    zone = summer.config["CONSENT"].zone
    list_standing(session, CAMP, Shown.LIMITS, asker=EVERYTHING, zone=zone, now=NOW)
    list_ending(session, Ending.LAPSES, date(2026, 7, 11), asker=EVERYTHING, zone=zone, now=NOW)
    asked = session.execute(select(PatronCheck.door, PatronCheck.program)).all()
    assert [tuple(row) for row in asked] == [("dashboard", CAMP), ("dashboard", CAMP)]
    with pytest.raises(UnknownProgram):
        list_standing(session, "nowhere", Shown.NO, asker=EVERYTHING, zone=zone, now=NOW)


def test_a_day_to_come_shows_who_will_have_lapsed_come_of_age_or_be_in_conflict(summer: Flask, session: Session):
    father = {"type": "guardian", "id": "F", "first_name": "Fay", "last_name": "Father"}
    since = {"type": "guardianship", "guardian": "F", "patron": "P-no", "relationship": "parent", "since": SINCE}
    keep(summer, [father, since, a_consent("P-no", id="C-father", signer="F", expires_at="2026-09-01T07:00:00Z")])
    zone = summer.config["CONSENT"].zone
    told = forecast(session, CAMP, date(2026, 8, 20), asker=EVERYTHING, zone=zone, now=NOW)
    by_outlook = {outlook: {person.external_id for person in told.part(outlook)} for outlook in Outlook}
    assert by_outlook == {
        Outlook.LAPSED: {"P-lapses"},
        Outlook.CAME_OF_AGE: {"P-grows"},
        Outlook.CONFLICT: {"P-no"},
        Outlook.NO: {"P-held", "P-left"},
        Outlook.NOT_KNOWN: {"P-unasked"},
        Outlook.LIMITS: {"P-limits"},
        Outlook.YES: {"P-ok", "P-ageless"},
    }
    [grown] = told.part(Outlook.CAME_OF_AGE)
    assert (grown.age, grown.reason, told.count(Outlook.YES)) == (18, Reason.CAME_OF_AGE, 2)
    masked = Asker(Door.DASHBOARD, permissions_of([Role.DIRECTOR]))
    assert forecast(session, CAMP, date(2026, 8, 20), asker=masked, zone=zone, now=NOW).count(Outlook.CONFLICT) == 0
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=367)):
        with pytest.raises(NotThatFar):
            forecast(session, CAMP, day, asker=EVERYTHING, zone=zone, now=NOW)


def test_the_forecast_page_lists_them_and_says_beside_the_field_what_is_wrong(summer: Flask):
    client = signed_in(summer, Role.PROGRAM_LEAD, programs=(CAMP,))
    page = client.get("/dashboard/forecast?program=camp-2026&day=2026-07-25").text
    assert re.findall(r'data-outlook="lapsed">[^<]*<strong>(\d+)', page) == ["1"]
    assert "Lena Day" in page
    for asked in ("program=camp-2026&day=2026-06-30", "program=camp-2026&day=soon", "program=&day=2026-07-25"):
        refused = client.get(f"/dashboard/forecast?{asked}")
        assert (refused.status_code, "usa-error-message" in refused.text) == (422, True)
    assert client.get("/dashboard/forecast").status_code == 200
    assert client.get("/dashboard/ending?why=never&first=soon").status_code == 200
    assert client.get("/dashboard/programs/camp-2026?standing=odd").status_code == 200


def test_a_printed_sheet_is_counted_once_it_is_out_of_date(summer: Flask, session: Session):
    zone = summer.config["CONSENT"].zone
    told = {"sort": SortBy.FIRST, "asker": EVERYTHING, "by": "staff:1", "zone": zone, "now": NOW}
    for program in (CAMP, "empty"):
        print_roster(session, program, **told)
    assert stale_sheets(session, everybody(summer, session)) == []
    session.rollback()
    keep(summer, [withdrawal("W-3", "P-ok", NOW.isoformat())])
    [sheet] = stale_sheets(session, everybody(summer, session))
    assert (sheet.program, sheet.printed_by) == (CAMP, None)
    client = signed_in(summer, Role.DIRECTOR)
    assert ("/dashboard/rosters", 1) in links(client.get("/dashboard").text)
    assert sheet.serial in client.get("/dashboard/rosters").text
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert sheet.serial not in client.get("/dashboard/rosters").text


def test_kiosks_and_training_are_counted_for_whoever_looks_after_them(summer: Flask, session: Session):
    trained = hire(summer, email="trained@city.example", name="Tia Trained")
    fresh = hire(summer, email="fresh@city.example", name="Fay Fresh")
    at_work = {"device_sha256": "a" * 64, "last_seen_at": NOW - timedelta(days=2), "added_at": NOW}
    a_row(session, Kiosk, name="Quiet", **at_work)
    a_row(session, Kiosk, name="Broken", **at_work | {"device_sha256": "b" * 64, "out_of_order": True})
    a_row(session, Kiosk, name="Never", **at_work | {"device_sha256": "c" * 64, "last_seen_at": None})
    a_row(session, Kiosk, name="Alive", **at_work | {"device_sha256": "d" * 64, "last_seen_at": NOW})
    for person, days in ((trained, 20), (fresh, 200)):
        a_row(
            session, Training, staff_id=person, taken_on=TODAY - timedelta(days=9),
            valid_until=TODAY + timedelta(days=days), ended_at=None,
        )  # fmt: skip
    session.commit()
    client = signed_in(summer, Role.ADMINISTRATOR)
    counted = dict(links(client.get("/dashboard").text))
    assert (counted["/kiosks?quiet=1"], counted["/policy/training?lapsing=1"]) == (2, 1)
    kiosks, trainings = client.get("/kiosks?quiet=1").text, client.get("/policy/training?lapsing=1").text
    assert re.findall(r'<tr data-kiosk="([^"]*)"', kiosks) == ["Never", "Quiet"]
    assert ("Tia Trained" in trainings, "Fay Fresh" in trainings) == (True, False)


def test_what_should_be_down_by_now_is_counted_and_leads_to_those_tasks_alone(app: Flask, session: Session):
    department = a_department(app, session)
    for patron, day in (("P-ok", TODAY - timedelta(days=1)), ("P-limits", TODAY + timedelta(days=1))):
        number = department.cleared(patron)
        department.post(number, f"https://facebook.com/cityparks/posts/{patron}")
        post = session.scalars(select(Post.id).order_by(Post.id.desc())).first()
        found = session.scalars(select(Patron.id).where(Patron.external_id == patron)).one()
        a_row(session, Takedown, post_id=post, patron_id=found, due_on=day)
        session.commit()
    client = signed_in(app, Role.DIRECTOR, email="dora@city.example")
    assert dict(links(client.get("/dashboard").text))["/takedowns?overdue=1"] == 1
    assert (tasks(client, "?overdue=1"), tasks(client, "")) == (1, 2)


def tasks(client: FlaskClient, asked: str) -> int:
    return client.get(f"/takedowns{asked}").text.count("data-takedown=")


def test_a_registry_without_programs_shows_what_is_left_to_set_up(app: Flask):
    page = signed_in(app, Role.ADMINISTRATOR).get("/dashboard").text
    assert ("data-step=" in page, "No program that is not over" in page) == (True, True)
    lead = signed_in(app, Role.PROGRAM_LEAD, email="lead@city.example").get("/dashboard").text
    assert ("data-step=" in lead, "No program that is not over" in lead) == (False, True)


def errors(client: FlaskClient) -> set[str]:
    page = client.get("/dashboard").text
    parts = re.split(r'data-tile="', page)[1:]
    return {part.split('"')[0] for part in parts if 'data-state="error"' in part}


def test_one_tile_that_the_database_does_not_answer_leaves_the_others(summer: Flask):
    client = signed_in(summer, Role.ADMINISTRATOR)
    assert errors(client) == set()
    for table, broken in (("roster_print", {"rosters"}), ("hold", {"coverage", "ending", "rosters"})):
        with summer.app_context():
            db.session.execute(text(f"ALTER TABLE {table} RENAME TO elsewhere_{table}"))
            db.session.commit()
        assert errors(client) == broken


def test_the_page_asks_as_many_questions_for_many_people_as_for_one(summer: Flask):
    def statements() -> int:
        asked.clear()
        assert client.get("/dashboard").status_code == 200
        return len(asked)

    asked: list[str] = []
    client = signed_in(summer, Role.ADMINISTRATOR)
    with summer.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    statements()
    before = statements()
    more = [{**PROGRAM, "id": f"more-{number}", "name": f"More {number}"} for number in range(4)]
    people = [line for number in range(8) for line in (*a_person(f"N-{number}", "Ny", "New"), a_consent(f"N-{number}"))]
    keep(summer, [*more, *people, {"type": "enrollment", "patron": "N-1", "program": "more-1"}])
    assert statements() == before
