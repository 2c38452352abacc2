"""Is everybody found who is meant, nobody picked, and every answer recorded before it is given?"""

import html
import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from consent.domain.card_codes import code_sha256, new_code
from consent.domain.permissions import Role
from consent.domain.vocabulary import Use
from consent.storage.database import CHECKS, db
from consent.storage.models import Card, Patron, PatronCheck, Program, ProgramLead
from consent.storage.name_index import index_names
from tests.builders.camp import keep
from tests.builders.small_registry import HOLD_REASON, consent, lines, person
from tests.builders.staff import signed_in

BAND = re.compile(r'class="verdict verdict--[^>]*data-verdict="([^"]*)" data-use="([^"]*)" data-reason="([^"]*)"')
SMALL = re.compile(r'<li class="verdict-small[^>]*data-verdict="([^"]*)" data-use="([^"]*)" data-reason="([^"]*)"')
NAME = re.compile(r'class="lookup-person__name">([^<]*)<')


@pytest.fixture
def registry(app: Flask) -> Flask:
    keep(app, lines(), now=datetime.now(UTC))
    return app


@pytest.fixture
def desk(registry: Flask) -> FlaskClient:
    return signed_in(registry, Role.FRONT_DESK)


def asked(client: FlaskClient, **question: str) -> str:
    answer = client.get("/look-up", query_string=question)
    assert answer.status_code == 200
    return answer.text


def verdict(page: str) -> tuple[str, str, str]:
    [found] = BAND.findall(page)
    return found


def found(client: FlaskClient, typed: str) -> list[str]:
    return [html.unescape(name) for name in NAME.findall(asked(client, q=typed))]


def suggested(client: FlaskClient, typed: str) -> list[str]:
    return [person["name"] for person in client.get("/look-up/people", query_string={"q": typed}).json["people"]]


def give_card(session: Session, external_id: str, *, revoked: bool = False, last_day: date | None = None) -> str:
    code = new_code()
    now = datetime.now(UTC)
    patron = session.scalars(select(Patron).where(Patron.external_id == external_id)).one()
    session.add(
        Card(
            patron_id=patron.id,
            code_sha256=code_sha256(code),
            issued_at=now,
            expires_on=last_day or now.date() + timedelta(days=90),
            revoked_at=now if revoked else None,
        )
    )
    session.commit()
    return code


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ada", "Ada Okafor"),
        ("oka ad", "Ada Okafor"),
        ("OKAFOR, ADA", "Ada Okafor"),
        ("kafo", "Ada Okafor"),
        ("okfaor", "Ada Okafor"),
        ("adda okafor", "Ada Okafor"),
        ("marquez", "Bruno García-Márquez"),
        ("garciamarquez", "Bruno García-Márquez"),
        ("garcía-márquez bru", "Bruno García-Márquez"),
        ("obrien", "Carla O'Brien"),
        ("o'brien", "Carla O'Brien"),
        ("brien carla", "Carla O'Brien"),
        ("lukasiewicz", "Dmitri Łukasiewicz"),
        ("lukaseiwicz dmitri", "Dmitri Łukasiewicz"),
        ("王小明", "Kenji 王小明"),
    ],
)
def test_a_name_is_found_however_it_is_typed(desk: FlaskClient, typed: str, name: str) -> None:
    assert name in found(desk, typed)
    assert name in suggested(desk, typed)


def test_nobody_is_picked_by_a_name_not_even_the_only_one(desk: FlaskClient, session: Session) -> None:
    page = asked(desk, q="Ada Okafor")
    assert BAND.findall(page) == []
    assert found(desk, "Ada Okafor") == ["Ada Okafor"]
    assert session.scalars(select(PatronCheck)).all() == []


def test_namesakes_and_twins_are_told_apart_without_a_birth_date(desk: FlaskClient) -> None:
    namesakes = asked(desk, q="jordan smith")
    assert namesakes.count("Another person has the same name") == 2
    assert "7 years old · Summer Camp" in namesakes
    assert "11 years old · Learn to Swim" in namesakes
    twins = asked(desk, q="romero")
    assert found(desk, "romero") == ["Ines Romero", "Iris Romero"]
    assert twins.count("Another person has the same last name and birth date") == 2
    years_of_birth = {str(datetime.now(UTC).year - years) for years in (7, 8, 11)}
    assert not any(year in namesakes + twins for year in years_of_birth)


def test_a_card_that_is_out_helps_to_tell_namesakes_apart(desk: FlaskClient, session: Session) -> None:
    give_card(session, "same-1")
    assert asked(desk, q="jordan smith").count("Card out since") == 1


def test_of_many_only_the_likeliest_are_shown_and_it_says_that_there_are_more(registry: Flask) -> None:
    keep(registry, [line for n in range(40) for line in person(f"many-{n}", f"Zeno{chr(97 + n % 26)}", "Quill")])
    client = signed_in(registry)
    page = asked(client, q="zeno")
    assert len(NAME.findall(page)) == 25
    assert "There are more. Type more letters." in page
    assert client.get("/look-up/people?q=zeno").json["more"] is True


def test_a_number_leads_straight_to_its_person(desk: FlaskClient) -> None:
    assert verdict(asked(desk, q="yes")) == ("yes", "photo", "")
    assert verdict(asked(desk, patron="yes")) == ("yes", "photo", "")


def test_a_number_that_is_also_somebody_elses_name_leads_to_a_choice(registry: Flask) -> None:
    keep(registry, person("Ada", "Zora", "Zimmer"))
    client = signed_in(registry)
    assert BAND.findall(asked(client, q="Ada")) == []
    assert found(client, "Ada") == ["Zora Zimmer", "Ada Okafor"]


@pytest.mark.parametrize(
    ("patron", "question", "shown"),
    [
        ("yes", {}, ("yes", "photo", "")),
        ("limits", {}, ("limits", "photo", "out-of-scope")),
        ("limits", {"platform": "facebook"}, ("yes", "photo", "")),
        ("limits", {"platform": "instagram"}, ("not-known", "photo", "out-of-scope")),
        ("yes", {"platform": "myspace"}, ("no", "photo", "platform-not-approved")),
        ("yes", {"channel": "personal"}, ("not-known", "photo", "out-of-scope")),
        ("no", {"use": "tag"}, ("no", "tag", "refused")),
        ("withdrew", {}, ("no", "photo", "withdrawn")),
        ("not-known", {}, ("not-known", "photo", "no-record")),
        ("unwitnessed", {"program": "camp"}, ("not-known", "photo", "awaiting-witness")),
        ("no-video", {"use": "video"}, ("no", "video", "refused")),
        ("held", {}, ("no", "photo", "refused")),
    ],
)
def test_the_verdict_is_the_one_that_was_asked_for(
    desk: FlaskClient, patron: str, question: dict[str, str], shown: tuple[str, str, str]
) -> None:
    page = asked(desk, patron=patron, **question)
    assert verdict(page) == shown
    assert {use for _, use, _ in SMALL.findall(page)} == {use.value for use in Use} - {shown[1]}
    assert "As of" in page


def test_a_verdict_says_who_why_until_when_and_on_what_record_it_rests(desk: FlaskClient) -> None:
    page = asked(desk, patron="yes")
    for said in ("Ada Okafor", "9 years old · Summer Camp", "Until", "C-yes, form media version 1, signed"):
        assert said in page
    assert "Ask them, or a parent or guardian, to sign" in asked(desk, patron="not-known")
    assert "A video also needs permission to record" in asked(desk, patron="no-video", use="video")
    limits = " ".join(asked(desk, patron="limits").split())
    assert "<strong>Facebook:</strong> yes, until" in limits
    assert "<strong>Instagram:</strong> no." in limits


def test_an_account_shows_only_where_it_may_be_tagged(registry: Flask) -> None:
    keep(registry, [consent("C-later", "yes", signed_at=lines()[0]["approved_from"])])
    client = signed_in(registry)
    assert "@ada.okafor" not in asked(client, patron="yes")
    assert "@ada.okafor" in asked(client, patron="yes", use="tag")
    assert "ada.okafor.92" not in asked(client, patron="yes", use="tag", platform="instagram")


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.RECORDS_OFFICER)])
def test_a_hold_looks_like_any_refusal_to_whoever_may_not_see_it(registry: Flask, role: Role, session: Session) -> None:
    keep(registry, [{"type": "enrollment", "patron": patron, "program": "camp"} for patron in ("held", "no")])
    client = signed_in(registry, role)
    lead(session)
    held, refused = (asked(client, patron=patron) for patron in ("held", "no"))
    assert verdict(held) == verdict(refused) == ("no", "photo", "refused")
    assert "hold" not in BAND.sub("", held.split('class="lookup-verdict"')[1].replace("house", "")).replace("held", "")
    assert HOLD_REASON not in held
    assert "Leave this person out." in held


@pytest.mark.parametrize("role", [Role.POSTER, Role.DIRECTOR, Role.PROGRAM_LEAD])
def test_the_reasons_of_people_share_one_sentence_for_whoever_needs_no_more(
    registry: Flask, role: Role, session: Session
) -> None:
    patrons = ("held", "no", "withdrew")
    keep(registry, [{"type": "enrollment", "patron": patron, "program": "camp"} for patron in patrons])
    client = signed_in(registry, role)
    lead(session)
    for patron in patrons:
        page = asked(client, patron=patron)
        assert verdict(page) == ("no", "photo", "refused")
        assert "No. This person may not be shown or contacted." in page


def test_a_records_officer_is_told_of_the_hold_and_never_its_reason(registry: Flask) -> None:
    page = asked(signed_in(registry, Role.RECORDS_OFFICER), patron="held")
    assert verdict(page) == ("no", "photo", "hold")
    assert HOLD_REASON not in page


def lead(session: Session) -> None:
    """Let everybody who was hired lead the camp."""
    program = session.scalars(select(Program).where(Program.external_id == "camp")).one()
    for staff_id in session.execute(text("SELECT id FROM staff")).scalars():
        session.add(ProgramLead(program_id=program.id, staff_id=staff_id, since=datetime.now(UTC)))
    session.commit()


def test_a_program_lead_finds_the_people_of_their_programs_and_nobody_else(registry: Flask, session: Session) -> None:
    client = signed_in(registry, Role.PROGRAM_LEAD)
    lead(session)
    card = give_card(session, "same-2")
    assert found(client, "jordan") == ["Jordan Smith"]
    assert found(client, "okafro") == ["Ada Okafor"]
    assert found(client, "kafo") == ["Ada Okafor"]
    assert found(client, "smith jor") == ["Jordan Smith"]
    assert found(client, "romero") == []
    assert verdict(asked(client, patron="same-1"))[2] == "no-record"
    for stranger in (asked(client, patron="same-2"), asked(client, q="same-2"), asked(client, q=card)):
        assert verdict(stranger) == ("not-known", "photo", "unknown-patron")
        assert "Smith" not in stranger
    offered = asked(client)
    assert "Summer Camp" in offered
    assert "Learn to Swim" not in offered


@pytest.mark.parametrize(
    ("question", "word"), [({"q": "nobody-here"}, "Nobody found"), ({"patron": "nobody"}, "Nobody who is open to you")]
)
def test_somebody_unknown_is_not_known_and_not_to_be_posted(desk: FlaskClient, question: dict, word: str) -> None:
    page = asked(desk, **question)
    assert verdict(page) == ("not-known", "photo", "unknown-patron")
    assert word in page


def test_a_scanned_card_leads_straight_to_the_verdict(desk: FlaskClient, session: Session) -> None:
    code = give_card(session, "yes")
    for scanned in (code, code.lower(), f"HTTP://LOCALHOST:8000/C/{code}"):
        page = asked(desk, q=scanned)
        assert verdict(page) == ("yes", "photo", "")
        assert code not in page.upper().split("<MAIN")[1]
    doors = session.scalars(select(PatronCheck.door)).all()
    assert doors == ["card"] * 3


def test_a_replaced_card_says_so_and_nothing_else(desk: FlaskClient, session: Session) -> None:
    code = give_card(session, "yes", revoked=True)
    for page in (asked(desk, q=code), desk.get(f"/C/{code}").text):
        assert "This card was replaced" in page
        assert BAND.findall(page) == []
        assert "Okafor" not in page
    assert set(session.scalars(select(PatronCheck.patron_id))) == {None}


def test_a_code_that_no_card_has_is_not_known(desk: FlaskClient) -> None:
    for page in (asked(desk, q=new_code()), desk.get(f"/C/{new_code()}").text, desk.get("/C/nonsense").text):
        assert verdict(page) == ("not-known", "photo", "unknown-patron")
        assert "No card has this number." in page


def test_a_number_of_another_system_may_look_like_a_card(registry: Flask) -> None:
    ulid = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    keep(registry, person(ulid, "Uma", "Ulidova"))
    assert verdict(asked(signed_in(registry), q=ulid)) == ("not-known", "photo", "no-record")


def test_a_stranger_reads_the_same_whether_a_card_is_real_or_made_up(registry: Flask, session: Session) -> None:
    client = registry.test_client()
    real, dead = give_card(session, "yes"), give_card(session, "no", revoked=True)
    pages = [client.get(f"/C/{code}") for code in (real, dead, new_code(), "X", real.lower())]
    assert {page.status_code for page in pages} == {200}
    assert len({page.data for page in pages}) == 1
    assert pages[0].headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in pages[0].headers
    told = pages[0].text
    assert "City consent card" in told
    assert 'lang="es"' in told
    assert real not in told
    assert session.scalars(select(PatronCheck)).all() == []


def test_staff_who_scan_a_card_first_sign_in_and_come_back(client: FlaskClient) -> None:
    code = new_code()
    assert 'href="?staff=1"' in client.get(f"/C/{code}").text
    assert client.get(f"/C/{code}?staff=1").location == f"/sign-in?next=/C/{code}"


def test_staff_who_scan_a_card_with_a_phone_see_the_verdict(desk: FlaskClient, session: Session) -> None:
    code = give_card(session, "limits")
    assert verdict(desk.get(f"/C/{code}").text) == ("limits", "photo", "out-of-scope")
    assert verdict(desk.get(f"/c/{code.lower()}").text) == ("limits", "photo", "out-of-scope")


def test_what_is_being_done_and_where_is_remembered_and_about_whom_is_not(desk: FlaskClient) -> None:
    asked(desk, q="ada", use="tag", platform="instagram", channel="personal", program="camp")
    assert verdict(asked(desk, patron="yes"))[1] == "tag"
    kept = desk.get_cookie("look-up").decoded_value
    assert kept == "use=tag&platform=instagram&channel=personal&program=camp"
    page = asked(desk)
    for chosen in ("tag", "instagram", "personal", "camp"):
        assert f'<option selected value="{chosen}">' in page
    assert verdict(asked(desk, patron="yes", use="photo"))[1] == "photo"


def test_what_can_no_longer_be_chosen_is_not_remembered(desk: FlaskClient) -> None:
    desk.set_cookie("look-up", "use=levitate&platform=geocities&channel=none&program=gone")
    assert verdict(asked(desk, patron="yes")) == ("yes", "photo", "")


def test_fields_left_empty_mean_the_usual(desk: FlaskClient) -> None:
    question = {"q": "yes", "use": "", "platform": "", "channel": "", "program": ""}
    assert verdict(asked(desk, **question)) == ("yes", "photo", "")


@pytest.mark.parametrize("field", ["use", "platform", "channel", "program"])
def test_an_address_that_asks_for_what_does_not_exist_is_answered_with_an_error(desk: FlaskClient, field: str) -> None:
    answer = desk.get("/look-up", query_string={"patron": "yes", field: "levitate"})
    assert answer.status_code == 422
    assert BAND.findall(answer.text) == []
    assert "Choose one from the list" in answer.text
    assert "<title>Error:" in answer.text


def test_each_look_up_is_recorded_with_who_asked_and_what_was_answered(desk: FlaskClient, session: Session) -> None:
    asked(desk, patron="limits", use="tag", platform="facebook", program="camp")
    check = session.scalars(select(PatronCheck)).one()
    assert (check.door, check.platform, check.channel, check.program) == ("look-up", "facebook", "department", "camp")
    assert check.staff_id is not None
    assert json.loads(check.answers) == dict.fromkeys([use.value for use in Use], "allow")


def test_an_answer_that_cannot_be_recorded_is_not_given(registry: Flask, desk: FlaskClient) -> None:
    with registry.app_context():
        engine = db.engines[CHECKS]
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE patron_check RENAME TO patron_check_away"))
    answer = desk.get("/look-up?patron=yes")
    assert answer.status_code == 503
    assert verdict(answer.text)[0] == "cannot-check"
    assert "Okafor" not in answer.text


def test_a_corrected_name_is_found_under_the_new_one_only(registry: Flask, session: Session) -> None:
    client = signed_in(registry)
    patron = session.scalars(select(Patron).where(Patron.external_id == "yes")).one()
    index_names(session, [(patron.id, "Adela", "Zwick")])
    patron.first_name, patron.last_name = "Adela", "Zwick"
    session.commit()
    assert found(client, "zwick") == ["Adela Zwick"]
    assert found(client, "wick") == ["Adela Zwick"]
    assert found(client, "okafor") == []
    assert session.execute(text("SELECT count(*) FROM word_trigram WHERE word = 'okafor'")).scalar() == 0


def test_whoever_is_not_signed_in_is_asked_to_and_comes_back_to_the_question(client: FlaskClient) -> None:
    assert client.get("/look-up?q=ada").location == "/sign-in?next=/look-up?q%3Dada"
    assert client.get("/look-up/people?q=ada").status_code == 303


def test_every_role_may_look_somebody_up(registry: Flask) -> None:
    for role in Role:
        assert signed_in(registry, role, email=f"{role}@city.example").get("/look-up").status_code == 200


def test_an_expired_card_says_so_and_nothing_else(desk: FlaskClient, session: Session) -> None:
    code = give_card(session, "yes", last_day=date(2020, 1, 1))
    page = desk.get(f"/C/{code}").text
    assert "This card has expired" in page
    assert BAND.findall(page) == []


def test_asking_in_vain_leaves_a_trace_too(desk: FlaskClient, session: Session) -> None:
    code = new_code()
    desk.get(f"/C/{code}")
    desk.get("/look-up?patron=nobody-has-this")
    traces = session.scalars(select(PatronCheck.asked_as).where(PatronCheck.patron_id.is_(None))).all()
    assert traces == [code_sha256(code), "nobody-has-this"]
