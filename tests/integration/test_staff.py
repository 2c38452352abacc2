"""Does a new member of staff get an account with the right roles, and one address to start from?"""

import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from consent.app import main
from consent.storage.models import LedgerEvent, Program, ProgramLead, SealedContent, Staff


def consent(app, *typed):
    return app.test_cli_runner().invoke(main, typed)


def count(session, model):
    session.rollback()
    return session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def camp(session):
    program = Program(external_id="camp", name="Day camp", starts=date(2026, 6, 1), ends=date(2026, 8, 1))
    session.add(program)
    session.commit()
    return program


def test_the_last_line_is_the_address_that_signs_them_in_once(app, client):
    made = consent(app, "staff", "add", "ana@city.example", "--role", "front-desk")
    assert made.exit_code == 0
    address = made.stdout.splitlines()[-1]
    assert address.startswith("http://localhost:8000/first-sign-in/")
    assert client.get(address).status_code == 200
    assert client.get(address[:-1]).status_code != 200


def test_an_account_holds_every_role_it_was_given(app, session):
    consent(app, "staff", "add", "Ana@City.Example", "--role", "poster", "--role", "front-desk", "--name", "Ana Ruiz")

    [ana] = session.scalars(select(Staff))
    assert (ana.email, ana.name, ana.password, ana.active) == ("ana@city.example", "Ana Ruiz", None, True)
    assert sorted(role.name for role in ana.roles) == ["front-desk", "poster"]
    [added] = session.scalars(select(SealedContent.canonical))
    told = {"staff": ana.id, "email": ana.email, "name": ana.name, "roles": ["front-desk", "poster"]}
    assert json.loads(added) == told
    assert session.scalars(select(LedgerEvent.kind)).all() == ["staff-added"]


def test_a_program_lead_leads_the_programs_named(app, session, camp):
    made = consent(app, "staff", "add", "lee@city.example", "--role", "program-lead", "--program", "camp")
    assert made.exit_code == 0
    [lead] = session.scalars(select(ProgramLead))
    assert (lead.program_id, lead.staff_id) == (camp.id, session.scalar(select(Staff.id)))
    assert lead.since <= datetime.now(UTC)
    assert session.scalars(select(LedgerEvent.kind).order_by("position")).all() == ["staff-added", "program-lead-added"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["ana@city.example", "--role", "poster"], "already has the address ana@city.example"),
        (["ANA@city.example", "--role", "poster"], "already has the address ana@city.example"),
        (["ana", "--role", "poster"], "'ana' is not an e-mail address"),
        ([f"{'x' * 64}@{'y' * 400}.example", "--role", "poster"], "is not an e-mail address"),
        (["lee@city.example", "--role", "poster", "--name", "x" * 129], "1 to 128 characters"),
        (["lee@city.example", "--role", "poster", "--program", "camp"], "Only a program lead leads programs"),
        (["lee@city.example", "--role", "program-lead", "--program", "zoo"], "No program has the id 'zoo'"),
    ],
)
@pytest.mark.usefixtures("camp")
def test_a_refusal_says_why_and_changes_nothing(app, session, typed, sentence):
    consent(app, "staff", "add", "ana@city.example", "--role", "poster")
    refused = consent(app, "staff", "add", *typed)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert sentence in refused.stderr
    assert (count(session, Staff), count(session, LedgerEvent), count(session, ProgramLead)) == (1, 1, 0)


@pytest.mark.parametrize("typed", [[], ["ana@city.example"], ["ana@city.example", "--role", "boss"]])
def test_an_unknown_role_or_none_is_wrong_usage(app, session, typed):
    assert consent(app, "staff", "add", *typed).exit_code == 2
    assert count(session, Staff) == 0


def test_the_list_names_everybody_with_their_roles(app, session):
    consent(app, "staff", "add", "b@city.example", "--role", "director", "--name", "Bo")
    consent(app, "staff", "add", "a@city.example", "--role", "poster", "--role", "front-desk", "--name", "Al")
    session.scalars(select(Staff).where(Staff.name == "Al")).one().active = False
    session.commit()
    listed = ["a@city.example\tAl\tfront-desk, poster\tinactive", "b@city.example\tBo\tdirector"]
    assert consent(app, "staff", "list").stdout.splitlines() == listed
