"""Is a name in look-alike letters kept apart from the one it looks like, and does everybody who sees it read why?"""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consent.domain.permissions import Role
from consent.storage.models import PatronMatch
from tests.builders.desk import BORN, INES, ROSA, FrontDesk, a_family, named
from tests.builders.staff import signed_in

IN_CYRILLIC = "\u0406nes"
"""Looks like Ines; its first letter is the Ukrainian one."""
WARNED = "Mixes letters of two alphabets"


@pytest.fixture
def desk(app: Flask) -> FrontDesk:
    looks_like_ines = {"type": "patron", "id": "P-like", "first_name": IN_CYRILLIC, "last_name": "Romero"}
    mother = {"type": "guardian", "id": "G-like", "first_name": "R\u043esa", "last_name": "Romero"}
    bond = {"type": "guardianship", "guardian": "G-like", "patron": "P-like", "relationship": "parent"}
    return FrontDesk(
        app,
        [*a_family(), looks_like_ines | {"born": BORN.isoformat()}, mother, bond | {"since": "2020-01-01T00:00:00Z"}],
    )


def colleague(app: Flask) -> FlaskClient:
    return signed_in(app, *Role, email="all@city.example")


def test_neither_is_taken_for_the_other(desk: FrontDesk):
    desk.signed(named(INES, IN_CYRILLIC), signer=ROSA)
    desk.signed(INES, signer=ROSA)
    with desk.session() as session:
        assert session.scalars(select(PatronMatch)).all() == []


def test_the_desk_reads_why_two_names_that_look_the_same_differ(desk: FrontDesk, app: Flask):
    reference = desk.signed(INES, signer=ROSA)
    page = colleague(app).get(f"/desk/signings/{reference}").text
    warned = re.findall(
        r'witness-tile__name">(\w+ Romero)</span>(?:(?!witness-tile__name).)*?data-doubt', page, re.DOTALL
    )
    assert warned == ["R\u043esa Romero", f"{IN_CYRILLIC} Romero"]
    assert WARNED in page


def test_what_was_typed_is_told_of_as_well(desk: FrontDesk, app: Flask):
    reference = desk.signed(named(INES, IN_CYRILLIC), signer=ROSA)
    page = colleague(app).get(f"/desk/signings/{reference}").text
    assert (
        "data-doubt" in page.rpartition('<div class="witness-typed">')[2].partition('<div class="witness-offered">')[0]
    )


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("path", ["/patrons/P-like", "/look-up?patron=P-like", "/look-up?q=Romero"])
def test_whoever_looks_them_up_reads_it(app: Flask, path: str):
    client = colleague(app)
    assert WARNED in client.get(path).text
    client.set_cookie("language", "es")
    assert "Mezcla letras de dos alfabetos" in client.get(path).text


@pytest.mark.usefixtures("desk")
def test_nothing_is_said_of_an_honest_name(app: Flask):
    client = colleague(app)
    for path in ("/patrons/P-Ines", "/look-up?patron=P-Ines"):
        assert "data-doubt" not in client.get(path).text
