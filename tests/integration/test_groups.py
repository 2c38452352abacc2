"""Is everybody in the picture counted once and asked about anew, and does one who may not be shown stop the post?"""

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from consent.domain.card_codes import code_sha256, new_code
from consent.domain.groups import MOST_PEOPLE
from consent.domain.permissions import Role
from consent.domain.refusals import RegistryBusy, UnknownPlatform
from consent.domain.vocabulary import Channel, Use
from consent.services.checks import Asker, Door
from consent.services.groups import Plan, start_group
from consent.storage.database import db
from consent.storage.direct import Direct
from consent.storage.models import Card, Enrollment, GroupCheckPerson, Look, Patron, PatronCheck, Program
from tests.builders.camp import keep
from tests.builders.pages import ON_ONE_DATABASE, errors_on
from tests.builders.small_registry import ago, consent, lines, person
from tests.builders.staff import csrf_token, hire, signed_in, signed_in_as

BANNER = re.compile(r'class="verdict verdict--[^>]*data-verdict="([^"]*)".*?verdict__word">([^<]*)<', re.DOTALL)
ROW = re.compile(r'data-person="([^"]*)" data-shown="([^"]*)"')
WHY = re.compile(r'groups-row__why" data-use="([^"]*)" data-reason="([^"]*)"')


class Picture:
    """A group check that somebody has open in a browser."""

    def __init__(self, client: FlaskClient, **plan: object) -> None:
        self.client = client
        self.token = csrf_token(client)
        started = client.post("/group-check", data=self._plan(plan) | {"csrf_token": self.token})
        assert started.status_code == 303, errors_on(started.text)
        self.path = started.location

    def _plan(self, changes: dict[str, object]) -> dict[str, object]:
        usual = {"uses": ["photo"], "platform": "", "channel": "department", "program": "", "planned_at": ""}
        return usual | {"headcount": ""} | changes

    def send(self, step: str, **sent: object) -> str:
        answer = self.client.post(f"{self.path}/{step}", data={"csrf_token": self.token} | sent)
        assert answer.status_code == 303, answer.status
        return self.page

    def part(self, step: str, **sent: object) -> str:
        """As the page's own script sends it."""
        told = {"X-Part": "group"}
        answer = self.client.post(f"{self.path}/{step}", data={"csrf_token": self.token} | sent, headers=told)
        assert answer.status_code == 200, answer.status
        assert "<html" not in answer.text
        return answer.text

    def add(self, *people: str) -> str:
        return self.send("people", person=list(people))

    def change_plan(self, **changes: object) -> str:
        return self.send("plan", **self._plan(changes))

    @property
    def page(self) -> str:
        answer = self.client.get(self.path)
        assert answer.status_code == 200
        return answer.text


def banner(page: str) -> tuple[str, str]:
    [found] = BANNER.findall(page)
    return found


def rows(page: str) -> list[tuple[str, str]]:
    return ROW.findall(page)


def give_card(session: Session, patron: str, *, revoked: bool = False, days: int = 9) -> str:
    code, now = new_code(), datetime.now(UTC)
    owner = session.scalars(select(Patron.id).where(Patron.external_id == patron)).one()
    ends, gone = now.date() + timedelta(days=days), now if revoked else None
    session.add(Card(patron_id=owner, code_sha256=code_sha256(code), issued_at=now, expires_on=ends, revoked_at=gone))
    session.commit()
    return code


@pytest.fixture
def registry(app: Flask) -> Flask:
    keep(app, lines(), now=datetime.now(UTC))
    return app


@pytest.fixture
def poster(registry: Flask) -> FlaskClient:
    return signed_in(registry, Role.POSTER)


@pytest.fixture
def statements(registry: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """How many statements the registry was asked since this was asked last."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    def note_direct(connection: Direct, statement: str, parameters: object = None) -> object:
        asked.append(statement)
        return direct(connection, statement, parameters)

    direct = Direct.exec_driver_sql
    monkeypatch.setattr(Direct, "exec_driver_sql", note_direct)
    with registry.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)

    def since() -> int:
        count = len(asked)
        asked.clear()
        return count

    yield since
    event.remove(engine, "before_cursor_execute", note)


def test_everybody_allowed_and_counted_may_be_posted(poster: FlaskClient) -> None:
    picture = Picture(poster, headcount=2, platform="facebook")
    assert banner(picture.add("yes")) == ("not-known", "NOT YET: 1 of 2 to check")
    page = picture.add("limits")
    assert banner(page) == ("yes", "POST: yes, all 2")
    assert rows(page) == [("yes", "yes"), ("limits", "yes")]


def test_one_who_may_not_be_shown_stops_the_post_and_stands_first(poster: FlaskClient) -> None:
    picture = Picture(poster, headcount=4, platform="facebook")
    page = picture.add("yes", "limits", "no", "not-known")
    assert banner(page) == ("no", "NO: 2 of 4")
    assert rows(page) == [("no", "no"), ("not-known", "not-known"), ("yes", "yes"), ("limits", "yes")]
    assert WHY.findall(page) == [("photo", "refused"), ("photo", "no-record")]


def test_who_is_counted_already_is_not_counted_twice(poster: FlaskClient, session: Session) -> None:
    picture = Picture(poster, headcount=1)
    picture.add(give_card(session, "yes"))
    page = picture.add("yes", "yes")
    assert rows(page) == [("yes", "yes")]
    assert "1 of them was counted already." in page
    assert banner(page) == ("yes", "POST: yes, 1 person")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "Nobody in the registry has this card or number"),
        ({"revoked": True}, "This card was replaced by a newer one"),
        ({"days": -1}, "This card has expired"),
    ],
)
def test_a_card_that_means_nobody_stays_as_not_known(
    poster: FlaskClient, session: Session, change: dict, said: str
) -> None:
    code = give_card(session, "yes", **change) if change else new_code()
    picture = Picture(poster, headcount=2)
    page = picture.add("limits", f"HTTP://LOCALHOST:8000/C/{code}")
    assert banner(page) == ("no", "NO: 1 of 2")
    assert rows(page)[0] == (code_sha256(code), "not-known")
    assert said in page
    assert code not in page
    [trace] = session.scalars(select(PatronCheck).where(PatronCheck.patron_id.is_(None)))
    assert (trace.asked_as, trace.door) == (code_sha256(code), "group-check")
    assert json.loads(trace.answers) == {"photo": "unknown-patron"}


def test_a_person_nobody_knows_is_a_no_until_they_are_out_of_the_picture(poster: FlaskClient) -> None:
    picture = Picture(poster, headcount=2)
    picture.add("yes")
    page = picture.send("unidentified")
    assert banner(page) == ("no", "NO: 1 of 2")
    assert "1 person nobody knows" in page
    assert "Do not post: crop, blur, or ask now." in page
    for _ in range(2):
        page = picture.send("unidentified", fewer="1")
    assert banner(page) == ("not-known", "NOT YET: 1 of 2 to check")


def test_the_number_declared_is_held_against_those_checked(poster: FlaskClient) -> None:
    picture = Picture(poster)
    assert banner(picture.add("yes")) == ("not-known", "NOT YET: 1 checked, of how many?")
    assert banner(picture.send("headcount", headcount="1")) == ("yes", "POST: yes, 1 person")
    picture.add("no")
    page = picture.send("remove", person="no")
    assert banner(page) == ("yes", "POST: yes, 1 person")
    page = picture.add("no-video")
    assert banner(page) == ("not-known", "COUNT AGAIN: 2 checked, 1 said")


def test_limits_tell_on_which_platforms_all_may_be_shown(poster: FlaskClient) -> None:
    picture = Picture(poster, headcount=2)
    page = picture.add("yes", "limits")
    assert banner(page) == ("limits", "LIMITS: 1 of 2")
    assert re.search(r"Everybody may be shown on:\s+Facebook\s*</p>", page)
    assert rows(page)[0] == ("limits", "limits")


def test_a_use_more_is_a_permission_more_that_everybody_must_have_given(poster: FlaskClient) -> None:
    picture = Picture(poster, headcount=1)
    assert banner(picture.add("no-video"))[0] == "yes"
    page = picture.change_plan(uses=["photo", "video"])
    assert banner(page) == ("no", "NO: 1 of 1")
    assert WHY.findall(page) == [("video", "refused")]


def test_the_time_planned_is_the_time_asked_about(poster: FlaskClient, registry: Flask) -> None:
    ends = (datetime.now(UTC) + timedelta(days=2)).replace(microsecond=0)
    keep(registry, [*person("soon", "Uma", "Unger"), consent("C-soon", "soon", expires_at=ends.isoformat())],
         now=datetime.now(UTC))  # fmt: skip
    picture = Picture(poster, headcount=1)
    assert banner(picture.add("soon"))[0] == "yes"
    later = (ends + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    page = picture.change_plan(planned_at=later)
    assert WHY.findall(page) == [("photo", "expired")]
    assert banner(picture.change_plan(planned_at="2020-01-01T12:00"))[0] == "yes"


def test_a_withdrawal_between_two_looks_is_seen_at_the_next(poster: FlaskClient, registry: Flask) -> None:
    picture = Picture(poster, headcount=1)
    assert banner(picture.add("yes"))[0] == "yes"
    gone = {
        "type": "withdrawal", "id": "W-now", "patron": "yes", "signer": "mother-of-yes",
        "at": datetime.now(UTC).isoformat(), "uses": "all",
    }  # fmt: skip
    keep(registry, [gone], now=datetime.now(UTC))
    assert banner(picture.page) == ("no", "NO: 1 of 1")
    assert banner(picture.send("headcount", headcount="1"))[0] == "no"


def test_each_look_at_the_list_is_a_check_of_everybody_on_it(poster: FlaskClient, session: Session) -> None:
    picture = Picture(poster, headcount=2, platform="facebook", program="camp")
    picture.add("yes", "no")
    checks = session.scalars(select(PatronCheck).order_by(PatronCheck.id)).all()
    assert [json.loads(check.answers) for check in checks] == [{"photo": "allow"}, {"photo": "refused"}]
    assert {(check.door, check.platform, check.program) for check in checks} == {("group-check", "facebook", "camp")}
    assert len({check.asked_together for check in checks}) == 1
    session.rollback()
    assert picture.page
    assert len(session.scalars(select(PatronCheck)).all()) == 4


def test_whoever_is_taken_out_can_be_put_back_in_their_place(poster: FlaskClient) -> None:
    picture = Picture(poster)
    picture.add("yes")
    picture.add("limits")
    picture.add("no-video")
    page = picture.send("remove")
    assert [name for name, _ in rows(page)] == ["limits", "yes"]
    assert "Put back: Kenji 王小明" in page
    picture.send("remove", person="yes")
    page = picture.send("undo")
    assert Counter(name for name, _ in rows(page)) == Counter(["limits", "yes"])
    picture.send("undo")
    page = picture.send("undo")
    assert len(rows(page)) == 3
    assert "Put back" not in page
    picture.send("remove", person="yes")
    assert rows(picture.add("yes"))[-1] == ("yes", "yes")
    picture.send("remove", person="nobody of this name")
    assert len(rows(picture.page)) == 3


def test_a_typed_name_offers_people_and_a_number_or_code_is_added(poster: FlaskClient, session: Session) -> None:
    picture = Picture(poster)
    offered = picture.client.post(f"{picture.path}/people", data={"csrf_token": picture.token, "q": "romero"})
    page = picture.client.get(offered.location).text
    assert re.findall(r'name="person" value="(twin-\d)"', page) == ["twin-1", "twin-2"]
    assert rows(page) == []
    assert {look.kind for look in session.scalars(select(Look))} == {"name-search"}
    session.rollback()
    assert "Nobody found" in picture.part("people", q="Nobody Like This")
    assert 'value="twin-1"' in picture.part("people", q="romero")
    assert [name for name, _ in rows(picture.part("people", q="held", by="search"))] == ["held"]
    code = give_card(session, "yes")
    assert len(rows(picture.part("people", q=code))) == 2
    assert len(rows(picture.part("people", q=new_code()))) == 3
    assert session.scalar(select(GroupCheckPerson.added_by).where(GroupCheckPerson.named == "held")) == "search"


def test_people_are_ticked_in_the_roster_of_a_program(poster: FlaskClient, session: Session) -> None:
    picture = Picture(poster)
    page = poster.get(f"{picture.path}/roster?program=camp").text
    assert re.findall(r'name="person" value="([^"]*)"', page) == ["yes", "same-1"]
    assert {(look.kind, look.about) for look in session.scalars(select(Look))} >= {("program-people", "camp")}
    session.rollback()
    picture.send("people", person=["same-1", "yes"], by="roster")
    assert set(session.scalars(select(GroupCheckPerson.added_by))) == {"roster"}
    assert poster.get(f"{picture.path}/roster?program=none").status_code == 404


def test_a_lead_checks_their_own_people_only(registry: Flask, session: Session) -> None:
    lead = signed_in(registry, Role.PROGRAM_LEAD, programs=("camp",))
    picture = Picture(lead)
    page = picture.add("yes", "held", give_card(session, "held"))
    assert [shown for _, shown in rows(page)] == ["not-known", "not-known", "yes"]
    assert "Lindqvist" not in page
    assert lead.get(f"{picture.path}/roster?program=swim").status_code == 404
    camp = select(Program.id).where(Program.external_id == "camp").scalar_subquery()
    for enrollment in session.scalars(select(Enrollment).where(Enrollment.program_id == camp)):
        session.delete(enrollment)
    session.commit()
    page = picture.page
    assert [shown for _, shown in rows(page)] == ["not-known"] * 3
    assert "Okafor" not in page


def test_nobody_opens_what_a_colleague_has_in_hand(registry: Flask, poster: FlaskClient) -> None:
    picture = Picture(poster)
    hire(registry, Role.ADMINISTRATOR, email="other@city.example")
    other = signed_in_as(registry, "other@city.example")
    assert other.get(picture.path).status_code == 404
    assert other.get(f"{picture.path}/roster?program=camp").status_code == 404
    sent = {"csrf_token": csrf_token(other), "person": "yes"}
    assert other.post(f"{picture.path}/people", data=sent).status_code == 404
    assert picture.path not in other.get("/group-check").text


def test_what_is_in_hand_is_found_again_until_it_is_put_away(poster: FlaskClient) -> None:
    first, second = Picture(poster, platform="facebook"), Picture(poster, uses=["photo", "tag"])
    first.add("yes", "no")
    page = poster.get("/group-check").text
    links = re.findall(r'href="(/group-check/\d+)"', page)
    assert links == [first.path, second.path]
    assert "2 people" in page
    assert "Okafor" not in page
    assert poster.post(f"{first.path}/close", data={"csrf_token": first.token}).location == "/group-check"
    assert poster.get(first.path).status_code == 404
    assert re.findall(r'href="(/group-check/\d+)"', poster.get("/group-check").text) == [second.path]


def test_three_hundred_people_take_as_many_statements_as_three(
    registry: Flask, poster: FlaskClient, statements: Callable[[], int]
) -> None:
    crowd = [line for n in range(300) for line in (*person(f"x{n}", "Xi", f"Xu{n}"), consent(f"C-x{n}", f"x{n}"))]
    keep(registry, crowd, now=datetime.now(UTC))
    few, many = Picture(poster, headcount=3), Picture(poster, headcount=300)
    for picture, people in ((few, range(3)), (many, range(300))):
        picture.part("people", person=[f"x{n}" for n in people])  # every statement is compiled once
    asked = []
    for picture, people in ((few, range(3)), (many, range(300))):
        picture.part("remove", person="x0")
        statements()
        page = picture.part("people", person=[f"x{n}" for n in people])
        asked.append(statements())
    assert asked[0] == asked[1]
    assert banner(page) == ("yes", "POST: yes, all 300")
    assert len(rows(page)) == 300


@ON_ONE_DATABASE
def test_more_people_than_any_picture_holds_are_refused(poster: FlaskClient) -> None:
    picture = Picture(poster)
    crowd = {"csrf_token": picture.token, "person": [f"nobody-{n}" for n in range(MOST_PEOPLE + 1)]}
    answer = poster.post(f"{picture.path}/people", data=crowd)
    assert answer.status_code == 409
    assert "Too many people" in answer.text
    assert rows(picture.page) == []


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"headcount": "many"}, ["headcount"]),
        ({"headcount": "0"}, ["headcount"]),
        ({"headcount": "501"}, ["headcount"]),
        ({"uses": []}, ["uses"]),
        ({"platform": "myspace"}, ["platform"]),
        ({"planned_at": "soon"}, ["planned_at"]),
    ],
)
def test_what_was_not_understood_is_asked_again(poster: FlaskClient, sent: dict, wrong: list[str]) -> None:
    usual = {"uses": ["photo"], "platform": "", "channel": "department", "program": "", "headcount": "3"}
    page = poster.post("/group-check", data=usual | sent | {"csrf_token": csrf_token(poster)}).text
    assert errors_on(page) == wrong
    picture = Picture(poster)
    step = "headcount" if "headcount" in sent else "plan"
    answer = poster.post(f"{picture.path}/{step}", data=usual | sent | {"csrf_token": picture.token})
    assert answer.status_code == 422
    assert errors_on(answer.text) == wrong
    assert "<title>Error:" in html.unescape(answer.text)


@ON_ONE_DATABASE
def test_a_platform_that_nobody_registered_is_refused(session: Session) -> None:
    nowhere = Plan((Use.PHOTO,), Channel.DEPARTMENT, platform="nowhere")
    with pytest.raises(UnknownPlatform):
        start_group(session, nowhere, None, asker=Asker(Door.GROUP_CHECK), now=datetime.now(UTC))


@ON_ONE_DATABASE
def test_a_platform_closed_meanwhile_is_still_named(poster: FlaskClient, registry: Flask) -> None:
    picture = Picture(poster, platform="instagram", headcount=1)
    picture.add("yes")
    closed = {"type": "platform", "id": "instagram", "name": "Instagram", "approved_from": ago(900),
              "approved_until": ago(0)}  # fmt: skip
    keep(registry, [closed], now=datetime.now(UTC))
    page = picture.page
    assert WHY.findall(page) == [("photo", "platform-not-approved")]
    assert "Instagram" in page


@ON_ONE_DATABASE
def test_without_a_fresh_answer_the_whole_group_cannot_be_checked(
    poster: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = Picture(poster, headcount=1)
    picture.add("yes")

    def busy(*_asked: object, **_told: object) -> None:
        raise RegistryBusy

    monkeypatch.setattr("consent.web.groups_page.ask_group", busy)
    answer = poster.get(picture.path)
    assert answer.status_code == 503
    assert banner(answer.text) == ("cannot-check", "CANNOT CHECK")
    assert rows(answer.text) == []
