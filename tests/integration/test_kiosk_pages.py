"""Does the kiosk take what families type, refuse what cannot be signed with a word of its own, and keep nothing?"""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from consent.app import create_app
from consent.domain.permissions import Role
from consent.services import kiosks
from consent.settings import Settings
from consent.storage.database import db
from consent.storage.models import Consent, ConsentAnswer, FormVersion, Kiosk, KioskDraft, SealedContent, Signing
from tests.builders.kiosk_pages import CHILD, LIMITS, MOTHER, NO, SECOND, TYPED, YES, AtKiosk, value_on
from tests.builders.staff import csrf_token, signed_in

MONDAY = "2026-07-06T19:00:00Z"
ERROR = re.compile(r'<p class="kiosk-wrong" id="([\w-]+)-error"><span class="usa-sr-only">[^<]+</span> ([^<]+)</p>')
REFERENCE = re.compile(r'id="reference" data-reference="[^"]+">([^<]+)<')
CHECKED = re.compile(r'<input [^>]*\bchecked\b[^>]* value="(yes|no)">')
LINK = re.compile(r'(?:href|action|formaction)="([^"]*)"')


@pytest.fixture
def database() -> str:
    """A page sees no difference; what does, the use cases' own tests ask of both databases."""
    return "sqlite"


@pytest.fixture
def kiosk(app: Flask) -> AtKiosk:
    return AtKiosk(app)


def count(kiosk: AtKiosk, model: type) -> int:
    with kiosk.session() as session:
        return session.scalar(select(func.count()).select_from(model))


def errors(page: str) -> dict[str, str]:
    return dict(ERROR.findall(page))


# Which device is a kiosk


def test_a_device_that_is_no_kiosk_sends_everybody_to_the_desk(app: Flask):
    for client in (app.test_client(), signed_in(app, *Role)):
        for path in ("/kiosk", "/kiosk/who", "/kiosk/child/1/answers", "/kiosk/done"):
            answer = client.get(path)
            assert answer.status_code == 403
            assert "This device is not a kiosk. Please go to the desk." in answer.text
            assert "Este dispositivo no es un quiosco" in answer.text


def test_a_kiosk_opens_no_page_of_the_desk(kiosk: AtKiosk):
    kiosk.ready()
    for path in ("/", "/look-up", "/programs", "/patrons/yes", "/cards"):
        assert kiosk.client.get(path).location.startswith("/sign-in")


def enrolled(app: Flask, **browser: str):
    with app.app_context():
        token = kiosks.add_kiosk(db.session(), "Pool", by="command-line", now=datetime.now(UTC))
    client = app.test_client()
    address = f"/kiosk/enroll/{token}"
    looked = client.get(address, **browser)
    sent = {"csrf_token": value_on(looked.text, "csrf_token")}
    return client, address, client.post(address, data=sent, **browser)


def test_a_device_becomes_a_kiosk_by_its_address_once_and_only_when_somebody_says_so(app: Flask):
    client, address, answer = enrolled(app)
    assert answer.location == "/kiosk"
    [cookie] = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("kiosk=")]
    assert {"HttpOnly", "SameSite=Strict", "Path=/kiosk"} <= set(cookie.split("; "))
    assert client.get("/kiosk").status_code == 200
    again = client.post(address, data={"csrf_token": csrf_token(client, address)})
    assert again.status_code == 404
    assert "This address no longer works" in again.text


def test_on_https_the_browser_guards_the_cookie(tmp_path: Path, migrated_sqlite: Path):
    (tmp_path / "registry.sqlite").write_bytes(migrated_sqlite.read_bytes())
    app = create_app(Settings(instance=tmp_path, base_url="https://consent.city.example"))
    _, _, answer = enrolled(app, base_url="https://consent.city.example")
    [cookie] = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-kiosk=")]
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def test_making_a_device_a_kiosk_signs_out_whoever_was_signed_in_on_it(app: Flask):
    client = signed_in(app, Role.ADMINISTRATOR)
    with app.app_context():
        token = kiosks.add_kiosk(db.session(), "Pool", by="command-line", now=datetime.now(UTC))
    sent = {"csrf_token": csrf_token(client, f"/kiosk/enroll/{token}")}
    client.post(f"/kiosk/enroll/{token}", data=sent)
    assert client.get("/").location.startswith("/sign-in")


# When a kiosk takes nobody


def test_a_kiosk_out_of_order_sends_everybody_to_the_desk(kiosk: AtKiosk):
    with kiosk.session() as session:
        found = session.scalars(select(Kiosk)).one()
        kiosks.set_out_of_order(session, found.id, True, by="staff:1", now=datetime.now(UTC))
    page = kiosk.get("").text
    assert "This kiosk is not working. Please go to the desk." in page
    assert 'name="language"' not in page
    assert kiosk.post("", language="en").location == "/kiosk"
    assert kiosk.get("/alive").json == {"state": "closed"}


def test_nobody_begins_before_the_city_has_decided_to_take_signatures_on_a_screen(app: Flask):
    kiosk = AtKiosk(app, policy="")
    assert "Please go to the desk" in kiosk.get("").text
    assert kiosk.post("", language="en").location == "/kiosk"


def test_nobody_begins_without_a_form(app: Flask):
    kiosk = AtKiosk(app)
    with time_machine.travel("2020-01-01T00:00:00Z"):
        assert kiosk.get("/alive").json == {"state": "closed"}


def test_the_desk_sees_when_a_kiosk_was_there_last(kiosk: AtKiosk):
    kiosk.get("/alive")
    with kiosk.session() as session:
        assert session.scalars(select(Kiosk.last_seen_at)).one() is not None


# What is typed


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"month": "", "day": "", "year": ""}, "born", "Enter the date of birth"),
        ({"year": ""}, "born", "The date of birth must include a year"),
        ({"month": ""}, "born", "The date of birth must include a month"),
        ({"day": ""}, "born", "The date of birth must include a day"),
        ({"day": "30"}, "born", "The date of birth must be a real date"),
        ({"year": "2015"}, "born", "The date of birth must be a real date"),
        ({"day": "x"}, "born", "The date of birth must be a real date"),
        ({"year": "16"}, "born", "The year must have 4 digits"),
        ({"year": "2999", "day": "1"}, "born", "The date of birth must be in the past"),
        ({"year": "1600"}, "born", "Check the year of birth: nobody is that old"),
        ({"first_name": "   "}, "first_name", "Enter the first name"),
        ({"last_name": "x" * 129}, "last_name", "Use 128 characters or fewer"),
        ({"first_name": "A\u202eB"}, "first_name", "Enter the name in letters, on one line"),
    ],
)
def test_what_is_wrong_with_a_child_is_said_and_nothing_typed_is_lost(kiosk: AtKiosk, typed, field, sentence):
    page = kiosk.begin().with_signer().post("/child/1", **CHILD | typed)
    assert errors(page.text) == {field: sentence}
    assert "<title>Error:" in page.text
    assert f'value="{CHILD["last_name"].replace(chr(39), "&#39;")}"' in page.text or "last_name" in typed
    assert kiosk.get("/child/2").status_code == 404


def test_the_29th_of_february_is_a_day_of_a_leap_year(kiosk: AtKiosk):
    kiosk.begin().with_signer()
    assert kiosk.post("/child/1", **CHILD).location == "/kiosk/child/1/answers"
    assert 'value="29"' in kiosk.get("/child/1").text


@pytest.mark.parametrize("name", ["X", "Ж" * 128, "José María García-Márquez de la O", "عائشة", "小明", "Zoe\u0301"])
def test_a_name_is_kept_as_it_was_typed_byte_for_byte(kiosk: AtKiosk, name: str):
    assert kiosk.ready(first_name=f"  {name} ").sign().location == "/kiosk/done"
    with kiosk.session() as session:
        sealed = [json.loads(one) for one in session.scalars(select(SealedContent.canonical))]
    [record] = [one for one in sealed if one.get("schema") == "consent-record/1"]
    assert record["patron"]["first_name"] == name
    assert record["signer"]["first_name"] == MOTHER["first_name"]


def test_the_parent_types_who_they_are_once_for_all_children(kiosk: AtKiosk):
    kiosk.begin().with_signer().with_child().post("/another", another="yes")
    kiosk.with_child(2)
    page = kiosk.get("/signer").text
    assert 'value="García-Márquez de la O"' in page
    assert kiosk.post("/another", another="no").location == "/kiosk/review"
    kiosk.sign()
    assert count(kiosk, Signing) == 1
    assert count(kiosk, Consent) >= 2


def test_the_same_answers_are_offered_from_the_second_child_on(kiosk: AtKiosk):
    kiosk.begin().with_signer().post("/child/1", **CHILD)
    assert 'name="same"' not in kiosk.get("/child/1/answers").text
    kiosk.post("/child/1/answers", **YES | {"tag": "no", "friend": "no", "follow": "no"})
    kiosk.post("/child/1/limits", **LIMITS | {"where": "some", "platforms": "facebook"})
    kiosk.post("/child/2", **SECOND)
    assert "The same answers as for X" in kiosk.get("/child/2/answers").text
    assert kiosk.post("/child/2/answers", same="yes").location == "/kiosk/another"
    kiosk.post("/another", another="no")
    review = kiosk.get("/review").text
    assert review.count("Facebook") == 2
    assert review.count("Tag, Friend or connect, Follow") == 2


def test_the_same_answers_for_the_second_child_may_be_all_no(kiosk: AtKiosk):
    kiosk.begin().with_signer().with_child(answers=NO).post("/child/2", **SECOND)
    assert kiosk.post("/child/2/answers", same="yes").location == "/kiosk/another"


def test_nothing_is_answered_beforehand(kiosk: AtKiosk):
    kiosk.begin().with_signer().post("/child/1", **CHILD)
    page = kiosk.get("/child/1/answers").text
    assert page.count('type="radio"') == 18
    assert "checked" not in page
    assert set(errors(kiosk.post("/child/1/answers").text)) == set(YES)


def test_a_no_to_being_recorded_answers_video_no(kiosk: AtKiosk):
    kiosk.ready(answers=YES | {"record": "no"}).sign()
    with kiosk.session() as session:
        newest = session.scalar(select(func.max(ConsentAnswer.consent_id)))
        told = session.execute(
            select(ConsentAnswer.use, ConsentAnswer.answer).where(ConsentAnswer.consent_id == newest)
        )
        assert dict(map(tuple, told)) == YES | {"record": "no", "video": "no"}


def test_one_tap_fills_all_nine_lines_where_scripts_do_not_run(kiosk: AtKiosk):
    kiosk.begin().with_signer().post("/child/1", **CHILD)
    for answer in ("yes", "no"):
        page = kiosk.post("/child/1/answers", fill=answer).text
        assert CHECKED.findall(page) == [answer] * 9


def test_who_says_no_to_everything_is_asked_for_no_limits(kiosk: AtKiosk):
    kiosk.begin().with_signer().post("/child/1", **CHILD)
    assert kiosk.post("/child/1/answers", **NO).location == "/kiosk/another"


def test_accounts_are_asked_for_only_where_a_yes_needs_them(kiosk: AtKiosk):
    kiosk.begin().with_signer().post("/child/1", **CHILD)
    kiosk.post("/child/1/answers", **NO | {"photo": "yes"})
    assert kiosk.post("/child/1/limits", **LIMITS).location == "/kiosk/another"
    kiosk.post("/child/1/answers", **NO | {"tag": "yes"})
    assert kiosk.post("/child/1/limits", **LIMITS | {"where": "some", "platforms": "facebook"}).location.endswith(
        "/accounts"
    )
    page = kiosk.get("/child/1/accounts").text
    assert "at-facebook" in page
    assert "at-instagram" not in page
    assert kiosk.post("/child/1/accounts", **{"at-facebook": " x.obrien "}).location == "/kiosk/another"
    kiosk.post("/another", another="no")
    assert "Facebook: x.obrien" in kiosk.get("/review").text


def test_a_limit_to_nothing_is_none(kiosk: AtKiosk):
    kiosk.begin().with_signer().with_child()
    page = kiosk.post("/child/1/limits", **LIMITS | {"where": "some", "what_for": "some"}).text
    assert errors(page) == {
        "platforms": "Choose at least one platform, or every platform",
        "programs": "Choose at least one program, or every program",
    }


def test_limits_are_signed_as_they_were_chosen(kiosk: AtKiosk):
    kiosk.begin().with_signer().with_child()
    chosen = {
        "where": "some",
        "platforms": "facebook",
        "whose": "department personal",
        "what_for": "some",
        "programs": "swim",
    }
    kiosk.post("/child/1/limits", **chosen)
    kiosk.post("/another", another="no")
    review = kiosk.get("/review").text
    assert (
        "Facebook. The department&#39;s own accounts; Any employee&#39;s own account, outside work time. Learn to Swim"
        in review
    )
    assert all(f'id="{box}"' in kiosk.get("/child/1/limits").text for box in ("platforms-0", "programs-0"))
    assert kiosk.sign().location == "/kiosk/done"
    with kiosk.session() as session:
        newest = session.scalars(select(Consent).order_by(Consent.id.desc())).first()
        assert (newest.channels, newest.every_platform, newest.every_program) == ("department personal", False, False)


# Who cannot sign


def test_a_child_of_age_signs_for_themself_or_is_left_out(kiosk: AtKiosk):
    kiosk.begin().with_signer()
    assert kiosk.post("/child/1", **CHILD | {"year": "1996"}).location == "/kiosk/child/1/of-age"
    assert "X is 18 or older" in kiosk.get("/child/1/of-age").text
    assert 'value="1996"' in kiosk.get("/child/1").text
    assert kiosk.get("/review").location == "/kiosk/child/1/of-age"
    assert kiosk.post("/child/1/leave-out").location == "/kiosk/child/1"


def test_a_minor_cannot_sign_alone(kiosk: AtKiosk):
    kiosk.begin().post("/who", whom="self")
    assert kiosk.post("/child/1", **CHILD).location == "/kiosk/under-18"
    assert "A parent or guardian signs for you" in kiosk.get("/under-18").text
    assert kiosk.get("/review").location == "/kiosk/under-18"


@pytest.mark.parametrize(
    ("changes", "reason", "told"),
    [
        ({"of_age": "no"}, "age", "Somebody of 18 or older must sign"),
        ({"relationship": "none", "authority": ""}, "relationship", "A parent or guardian must sign"),
    ],
)
def test_who_may_not_sign_for_a_child_gets_a_page_of_their_own(kiosk: AtKiosk, changes, reason: str, told: str):
    kiosk.begin().post("/who", whom="children")
    sent = {name: value for name, value in (MOTHER | changes).items() if value}
    answer = kiosk.post("/signer", **sent)
    assert answer.location == f"/kiosk/cannot-sign/{reason}"
    assert told in kiosk.client.get(answer.location).text
    assert 'value="García-Márquez de la O"' in kiosk.get("/signer").text
    assert kiosk.get("/review").location == "/kiosk/signer"


def test_a_signer_says_that_they_may(kiosk: AtKiosk):
    kiosk.begin().post("/who", whom="children")
    sent = {name: value for name, value in MOTHER.items() if name != "authority"}
    assert set(errors(kiosk.post("/signer", **sent).text)) == {"authority"}
    assert set(errors(kiosk.post("/signer").text)) == {*MOTHER}
    assert errors(kiosk.post("/signer", **MOTHER | {"first_name": "A\u202eB"}).text).keys() == {"first_name"}


def test_an_adult_signs_for_themself(kiosk: AtKiosk):
    kiosk.begin().post("/who", whom="self")
    assert kiosk.post("/child/1", **CHILD | {"year": "1988"}).location == "/kiosk/child/1/answers"
    assert kiosk.post("/child/1/answers", **NO).location == "/kiosk/review"
    assert kiosk.get("/child/2").status_code == 404
    assert kiosk.sign(name="X O'Brien").location == "/kiosk/done"


def test_the_same_child_is_not_named_twice(kiosk: AtKiosk):
    kiosk.begin().with_signer().with_child()
    page = kiosk.post("/child/2", **CHILD).text
    assert errors(page) == {"first_name": "A child with this name and date of birth is here already"}


def test_a_child_named_by_mistake_is_left_out(kiosk: AtKiosk):
    kiosk.begin().with_signer().with_child().post("/another", another="yes")
    kiosk.with_child(2).post("/another", another="no")
    assert kiosk.post("/child/2/leave-out").location == "/kiosk/review"
    assert "Zoë" not in kiosk.get("/review").text
    assert kiosk.post("/child/2/leave-out").status_code == 404


def test_one_sitting_takes_twelve_children(kiosk: AtKiosk):
    kiosk.begin().with_signer()
    for number in range(1, 13):
        kiosk.post(f"/child/{number}", **CHILD | {"first_name": f"Child {number}"})
        kiosk.post(f"/child/{number}/answers", **NO)
    assert 'value="yes"' not in kiosk.get("/another").text
    assert kiosk.post("/another", another="yes").location == "/kiosk/review"
    assert kiosk.get("/child/13").status_code == 404
    assert kiosk.sign().location == "/kiosk/done"


# The way through the pages


def test_nobody_reads_and_signs_before_every_question_is_answered(kiosk: AtKiosk):
    for path in ("/review", "/sign"):
        assert kiosk.begin().get(path).location == "/kiosk/who"
        kiosk.post("/who", whom="children")
        assert kiosk.get(path).location == "/kiosk/signer"
        kiosk.with_signer()
        assert kiosk.get(path).location == "/kiosk/child/1"
        kiosk.post("/child/1", **CHILD)
        assert kiosk.get(path).location == "/kiosk/child/1/answers"
        assert kiosk.post("/sign", **TYPED).location == "/kiosk/child/1/answers"
        kiosk.post("/child/1/answers", **NO)
        assert kiosk.get(path).location == "/kiosk/another"


@pytest.mark.parametrize(
    "path", ["/signer", "/child/1", "/child/1/answers", "/child/1/limits", "/child/1/accounts", "/another"]
)
def test_a_page_whose_turn_has_not_come_leads_to_the_first_question(kiosk: AtKiosk, path: str):
    assert kiosk.begin().get(path).location == "/kiosk/who"


def test_every_page_leads_back_to_the_one_before(kiosk: AtKiosk):
    kiosk.ready()
    before = {
        "/signer": "/who", "/child/1": "/signer", "/child/1/answers": "/child/1", "/child/1/limits": "/child/1/answers",
        "/child/1/accounts": "/child/1/limits", "/another": "/child/1/accounts", "/child/2": "/another",
        "/review": "/another", "/sign": "/review",
    }  # fmt: skip
    for path, back in before.items():
        assert f'class="kiosk-back" href="/kiosk{back}"' in kiosk.get(path).text, path
    assert "kiosk-back" not in kiosk.get("/who").text


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/signer", MOTHER),
        ("/child/1", CHILD),
        ("/child/1/answers", NO),
        ("/child/1/limits", LIMITS),
        ("/child/1/accounts", {}),
    ],
)
def test_a_change_leads_straight_back_to_the_review(kiosk: AtKiosk, path: str, sent: dict[str, str]):
    kiosk.ready()
    assert f'href="/kiosk{path}?to=review"' in kiosk.get("/review").text
    assert kiosk.post(f"{path}?to=review", **sent).location == "/kiosk/review"


def test_other_people_sign_for_themselves_from_the_start(kiosk: AtKiosk):
    kiosk.ready()
    kiosk.post("/who", whom="children")
    assert "García-Márquez" in kiosk.get("/review").text
    kiosk.post("/who", whom="self")
    assert "O&#39;Brien" not in kiosk.get("/child/1").text
    assert "whom" in errors_summary(kiosk.post("/who").text)


def errors_summary(page: str) -> str:
    return page.split('role="alert"')[1].split("</ul>", maxsplit=1)[0]


def test_no_page_leads_out_of_the_kiosk(kiosk: AtKiosk):
    kiosk.ready(answers=YES)
    paths = [
        "/who", "/signer", "/child/1", "/child/1/answers", "/child/1/limits", "/child/1/accounts", "/another",
        "/review", "/sign", "/paper", "/cannot-sign/age", "/cannot-sign/relationship", "/under-18",
        "/child/1/of-age", "/nothing", "/finished", "/enroll/x", "",
    ]  # fmt: skip
    for path in paths:
        answer = kiosk.get(path)
        assert answer.headers["Cache-Control"] == "no-store", path
        for link in LINK.findall(answer.text):
            assert link.startswith(("/kiosk/", "/static/", "#")) or link == "/kiosk", (path, link)


# Language


def test_the_language_changes_on_every_page_and_nothing_typed_is_lost(kiosk: AtKiosk):
    kiosk.begin().with_signer().post("/child/1", **CHILD)
    typed = {"photo": "yes", "tag": "no"}
    answer = kiosk.post("/language?back=/kiosk/child/1/answers", language="es", **typed)
    assert answer.location == "/kiosk/child/1/answers"
    page = kiosk.get("/child/1/answers").text
    assert '<html lang="es">' in page
    assert CHECKED.findall(page) == ["yes", "no"]
    assert "Error:" not in page
    assert '<html lang="es">' in kiosk.get("/signer").text
    assert 'value="García-Márquez de la O"' in kiosk.get("/signer").text
    kiosk.post("/child/1/answers", **NO)
    assert CHECKED.findall(kiosk.get("/child/1/answers").text) == ["no"] * 9


@pytest.mark.parametrize("back", ["https://evil.example/", "/programs", "//evil.example", ""])
def test_a_change_of_language_leads_nowhere_else(kiosk: AtKiosk, back: str):
    assert kiosk.begin().post(f"/language?back={back}", language="xx").location == "/kiosk/who"


def test_what_is_signed_is_in_the_language_chosen(kiosk: AtKiosk):
    kiosk.ready().post("/language?back=/kiosk/sign", language="es")
    page = kiosk.get("/sign").text
    assert "Permiso de medios" in page
    assert kiosk.sign().location == "/kiosk/done"
    with kiosk.session() as session:
        assert session.scalars(select(Signing.language)).one() == "es"


# Signing


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"agrees": ""}, {"agrees"}),
        ({"meant": ""}, {"meant"}),
        ({"name": "  "}, {"name"}),
        ({"name": "x" * 300}, {"name"}),
        ({"kind": "drawn", "strokes": ""}, {"kind"}),
        ({"kind": "drawn", "strokes": "[[[5, 5]]]"}, {"kind"}),
        ({"kind": "drawn", "strokes": "[[[5, 5], [6"}, {"kind"}),
        ({"kind": "drawn", "strokes": '{"a": 1}'}, {"kind"}),
        ({"kind": "drawn", "strokes": "[" * 70_000}, {"kind"}),
        ({"agrees": "", "meant": "", "name": ""}, {"agrees", "meant", "name"}),
    ],
)
def test_what_is_no_signature_is_refused_and_nothing_is_saved(kiosk: AtKiosk, changes, wrong: set[str]):
    kiosk.ready()
    sent = {name: value for name, value in (TYPED | changes).items() if value}
    page = kiosk.get("/sign").text
    answer = kiosk.post("/sign", **sent, key=value_on(page, "key"), shown=value_on(page, "shown"))
    assert answer.status_code == 200
    assert set(errors(answer.text)) == wrong
    assert count(kiosk, Signing) == 0


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_drawn_signature_counts_as_a_typed_one_does(kiosk: AtKiosk):
    strokes = "[[[20, 80], [60, 20], [100, 90], [180, 30]]]"
    assert kiosk.ready().sign(kind="drawn", strokes=strokes).location == "/kiosk/done"


def test_a_second_tap_back_and_a_retry_give_the_same_reference(kiosk: AtKiosk):
    kiosk.ready()
    page = kiosk.get("/sign").text
    sent = TYPED | {name: value_on(page, name) for name in ("key", "shown")}
    assert [kiosk.post("/sign", **sent).location for _ in range(3)] == ["/kiosk/done"] * 3
    [reference] = REFERENCE.findall(kiosk.get("/done").text)
    for path in ("/sign", "/review", "/who", "/child/1", "/child/1/answers"):
        assert kiosk.get(path).location == "/kiosk/done"
    with kiosk.session() as session:
        assert session.scalars(select(Signing.reference)).all() == [reference]

    kiosk.post("/over")
    late = kiosk.post("/sign", **sent)
    assert reference in late.text
    assert "O&#39;Brien" not in late.text
    assert "What you signed is saved" not in kiosk.post("/sign", **sent | {"key": "nobody's"}).text
    assert count(kiosk, Signing) == 1


def test_a_reply_that_never_came_is_given_again(kiosk: AtKiosk):
    """The registry kept it, and fell over before it had noted so in the draft."""
    kiosk.ready()
    page = kiosk.get("/sign").text
    sent = TYPED | {name: value_on(page, name) for name in ("key", "shown")}
    with kiosk.session() as session:
        kept = session.scalars(select(KioskDraft)).one().content
    kiosk.post("/sign", **sent)
    with kiosk.session() as session:
        session.scalars(select(KioskDraft)).one().content = kept
        session.commit()
    assert kiosk.post("/sign", **sent).location == "/kiosk/done"
    assert count(kiosk, Signing) == 1
    with kiosk.session() as session:
        session.scalars(select(KioskDraft)).one().content = kept
        session.commit()
        reference = session.scalars(select(Signing.reference)).one()
    assert reference in kiosk.post("/sign", **sent | {"name": "Somebody Else"}).text
    assert count(kiosk, Signing) == 1


def test_a_form_that_changed_while_they_read_is_read_again(kiosk: AtKiosk):
    kiosk.ready()
    page = kiosk.get("/sign").text
    answer = kiosk.post("/sign", **TYPED, key=value_on(page, "key"), shown="0" * 64)
    assert "The form changed while you were reading" in answer.text
    assert count(kiosk, Signing) == 0
    assert kiosk.sign().location == "/kiosk/done"


def test_a_platform_closed_while_they_chose_is_chosen_again(kiosk: AtKiosk):
    kiosk.begin().with_signer().with_child()
    kiosk.post("/child/1/limits", **LIMITS | {"where": "some", "platforms": "facebook"})
    kiosk.post("/another", another="no")
    with kiosk.session() as session:
        draft = session.scalars(select(KioskDraft)).one()
        patron = draft.content["patrons"][0] | {"platforms": ["myspace"]}
        draft.content = draft.content | {"patrons": [patron]}
        session.commit()
    assert kiosk.get("/sign").location == "/kiosk/child/1/limits"


def test_the_last_page_says_what_was_chosen_and_until_when(kiosk: AtKiosk):
    with time_machine.travel(MONDAY):
        kiosk.begin().with_signer().with_child(answers=NO | {"photo": "yes"})
        kiosk.with_child(2, NO)
        kiosk.post("/another", another="no")
        assert kiosk.sign().location == "/kiosk/done"
        page = " ".join(kiosk.get("/done").text.split())
    assert "<strong>X O&#39;Brien</strong> Yes to: Post a photo. No to: Be recorded," in page
    assert "Until July 5, 2027." in page
    assert "<strong>Zoë García</strong> No to everything. </li>" in page
    assert "The desk prints your copy." in page


def test_a_phone_opens_the_copy_where_it_can_reach_the_registry(tmp_path: Path, migrated_sqlite: Path):
    (tmp_path / "registry.sqlite").write_bytes(migrated_sqlite.read_bytes())
    app = create_app(Settings(instance=tmp_path, base_url="http://consent.city.example", allow_plain_http=True))
    kiosk = AtKiosk(app)
    kiosk.ready().sign()
    page = kiosk.get("/done").text
    assert 'class="kiosk-code" src="data:image/svg+xml;base64,' in page
    assert "The desk prints your copy." not in page
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


# Nothing stays


def test_whoever_stops_leaves_nothing_on_the_server_or_in_the_browser(kiosk: AtKiosk):
    kiosk.ready()
    answer = kiosk.post("/over")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert any(line.startswith("family=; Expires=Thu, 01 Jan 1970") for line in answer.headers.getlist("Set-Cookie"))
    assert count(kiosk, KioskDraft) == 0
    assert kiosk.get("/review").location == "/kiosk/finished"
    assert kiosk.get("").status_code == 200


def test_the_first_page_is_for_somebody_new(kiosk: AtKiosk):
    kiosk.ready().get("")
    assert count(kiosk, KioskDraft) == 0
    kiosk.begin().begin()
    assert count(kiosk, KioskDraft) == 1


def test_of_a_family_that_has_signed_only_the_last_pages_lines_are_left(kiosk: AtKiosk):
    kiosk.ready().sign()
    with kiosk.session() as session:
        content = session.scalars(select(KioskDraft)).one().content
    assert list(content) == ["signed"]
    assert "2016" not in json.dumps(content)


def test_after_ten_minutes_away_it_is_over_and_a_touch_begins_them_anew(kiosk: AtKiosk):
    with time_machine.travel(MONDAY, tick=False) as time:
        kiosk.ready()
        time.shift(9 * 60)
        assert kiosk.post("/here").status_code == 204
        time.shift(9 * 60)
        assert kiosk.get("/review").status_code == 200
        time.shift(2 * 60)
        assert kiosk.get("/review").location == "/kiosk/finished"
        assert kiosk.post("/child/1", **CHILD).location == "/kiosk/finished"
    assert count(kiosk, KioskDraft) == 0


def test_two_kiosks_know_nothing_of_each_others_families(app: Flask, kiosk: AtKiosk):
    kiosk.ready()
    family = kiosk.client.get_cookie("family", path="/kiosk").value
    other = app.test_client()
    with app.app_context():
        token = kiosks.add_kiosk(db.session(), "Pool", by="command-line", now=datetime.now(UTC))
        key = kiosks.enroll_device(db.session(), token, now=datetime.now(UTC))
    other.set_cookie("kiosk", key, path="/kiosk")
    other.set_cookie("family", family, path="/kiosk")
    assert other.get("/kiosk/review").location == "/kiosk/finished"


def test_no_page_tells_whether_somebody_is_known(kiosk: AtKiosk):
    """Ada Okafor is in the registry with her mother Maria; nobody of the others is."""

    def told(first_name: str, last_name: str) -> list[str]:
        kiosk.begin().with_signer(first_name="Maria", last_name=last_name)
        kiosk.with_child(first_name=first_name, last_name=last_name).post("/another", another="no")
        pages = [kiosk.get("/review").text, kiosk.get("/sign").text]
        kiosk.sign(name=f"Maria {last_name}")
        pages += [kiosk.get("/done").text]
        kiosk.post("/over")
        hidden = re.compile(r'value="[\w.-]{40,}"|id="reference" data-reference="[^"]+">[^<]+<')
        return [hidden.sub("", page).replace(last_name, "_").replace(first_name, "_") for page in pages]

    with time_machine.travel(MONDAY, tick=False) as time:
        known = told("Ada", "Okafor")
        time.shift(3)  # families take longer than that
        assert known == told("Zed", "Zzyzx")


def test_the_form_in_use_is_the_one_read(kiosk: AtKiosk):
    kiosk.ready()
    with kiosk.session() as session:
        form = session.scalars(select(FormVersion)).one()
    assert f"Form {form.form}, version {form.version}." in kiosk.get("/sign").text
