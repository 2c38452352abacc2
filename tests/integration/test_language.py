"""Is every page in the language that its reader chose, and are its times in the registry's own zone?"""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consent.domain.vocabulary import Language
from consent.web.language import local_clock, local_day, local_end, local_time
from tests.builders.pages import ON_ONE_DATABASE
from tests.builders.staff import csrf_token, signed_in

INSTANT = datetime(2026, 6, 15, 2, 3, 22, tzinfo=UTC)


def choose(client: FlaskClient, language: str, back: str = "/sign-in"):
    return client.post("/language", data={"language": language, "back": back, "csrf_token": csrf_token(client)})


def test_pages_are_english_until_somebody_chooses_and_never_guess(client: FlaskClient):
    page = client.get("/sign-in", headers={"Accept-Language": "es"}).text
    assert '<html lang="en">' in page
    assert re.search(r'<button[^>]* lang="es">\s*Español', page)


def test_the_choice_holds_for_every_later_page(app: Flask):
    client = signed_in(app)
    choose(client, "es", "/")
    for path in ("/", "/nothing-here"):
        page = client.get(path).text
        assert '<html lang="es">' in page
        assert re.search(r'<button[^>]* lang="en">\s*English', page)


def test_the_switch_keeps_the_place(client: FlaskClient):
    page = client.get("/sign-in?next=/programs%3Fa%3Db").text
    back = re.search(r'name="back" value="([^"]*)"', page)[1].replace("&amp;", "&")
    assert back == "/sign-in?next=/programs%3Fa%3Db"
    assert choose(client, "es", back).location == back


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "", "evil", "/\n/evil"])
def test_the_switch_leads_to_no_other_site(client: FlaskClient, back: str):
    assert choose(client, "es", back).location == "/"


@pytest.mark.parametrize("language", ["de", "", "../es", "ES", "es\r\nSet-Cookie: a=b"])
def test_only_the_two_languages_can_be_chosen(client: FlaskClient, language: str):
    choose(client, language)
    assert client.get_cookie("language") is None
    client.set_cookie("language", "../../etc/passwd")
    assert '<html lang="en">' in client.get("/sign-in").text


def test_signing_out_keeps_the_language(app: Flask):
    client = signed_in(app)
    choose(client, "es", "/")
    client.post("/sign-out", data={"csrf_token": csrf_token(client)})
    assert '<html lang="es">' in client.get("/sign-in").text


def test_what_is_wrong_is_said_in_spanish_too(client: FlaskClient):
    choose(client, Language.SPANISH)
    sent = {"email": "", "password": "", "csrf_token": csrf_token(client)}
    page = client.post("/sign-in", data=sent).text
    assert "<title>Error: Iniciar sesión" in page
    assert page.count("Escriba su correo electrónico") == 2
    assert "Enter" not in page


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "Jun 14, 2026, 7:03:22\u202fPM"), ("es", "14 jun 2026, 19:03:22")]
)
def test_times_are_told_in_the_registrys_zone_with_utc_beside(app: Flask, language: str, shown: str):
    with app.test_request_context(headers={"Cookie": f"language={language}"}):
        assert local_time(INSTANT) == (
            f'<time datetime="2026-06-15T02:03:22+00:00" title="2026-06-15 02:03:22 UTC">{shown}</time>'
        )
        assert str(local_clock(INSTANT)).endswith(f">{shown.rpartition(', ')[2]}</time>")


def test_a_day_is_the_same_day_in_every_zone(app: Flask):
    with app.test_request_context():
        assert local_day(date(2026, 6, 14)) == "Jun 14, 2026"
        assert local_day(INSTANT) == "Jun 14, 2026"


@ON_ONE_DATABASE
def test_what_ends_at_midnight_is_told_by_its_last_day_and_anything_else_by_its_time(app: Flask):
    midnight = datetime(2027, 11, 26, 7, tzinfo=UTC)  # in Phoenix
    with app.test_request_context():
        assert ">Nov 25, 2027</time>" in local_end(midnight)
        assert 'datetime="2027-11-26T07:00:00+00:00"' in local_end(midnight)
        assert ">Nov 26, 2027, 12:01:00\N{NARROW NO-BREAK SPACE}AM</time>" in local_end(midnight + timedelta(minutes=1))
