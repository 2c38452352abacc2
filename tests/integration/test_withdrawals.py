"""Is a permission taken back at once, by whoever may, and does the desk learn what it does not reach?"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.documents.slips import draw_slip
from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.domain.refusals import InTheFuture, SentBefore, UnknownGuardian
from consent.domain.slips import WithdrawalSlip
from consent.domain.vocabulary import AskedHow, Use
from consent.services.withdrawals import TakenBack, record_withdrawal
from consent.storage.models import LedgerEvent, SealedContent, Withdrawal, WithdrawalUse
from tests.builders.camp import CAMP, NOW, a_camp, a_consent, a_person, keep
from tests.builders.pages import ON_ONE_DATABASE, answer, answer_on, errors_on, fill, form_on, send
from tests.builders.paper import structure, words
from tests.builders.staff import hire, signed_in

IN_PERSON = {"signer": "G-P-ok", "what": "all", "asked_how": "in-person"}
PAGE = "/patrons/P-ok/withdraw"


@pytest.fixture(autouse=True)
def camp_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def camp(app: Flask) -> Flask:
    keep(app, a_camp())
    return app


@pytest.fixture
def desk(camp: Flask) -> FlaskClient:
    return signed_in(camp, Role.FRONT_DESK)


def take_back(app: Flask, session: Session, **changes) -> str:
    told = {
        "patron": "P-ok",
        "signer": "G-P-ok",
        "uses": None,
        "asked_how": AskedHow.BY_PHONE,
        "reference": "ABCD-2345",
    }
    zone = app.config["CONSENT"].zone
    return record_withdrawal(session, TakenBack(**told | changes), staff_id=1, by="staff:1", zone=zone, now=NOW)


def local(instant: datetime) -> str:
    return (instant - timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M")


def test_a_withdrawal_is_a_no_at_once_without_a_signature(desk: FlaskClient, session: Session):
    assert answer(desk, "P-ok") == ("yes", "")
    told = send(desk, PAGE, **IN_PERSON)
    assert told.status_code == 303
    page = desk.get(told.location).text
    assert answer_on(page) == answer(desk, "P-ok") == ("no", "withdrawn")
    row = session.scalars(select(Withdrawal)).one()
    assert row.external_id in page
    assert (row.at, row.recorded_at, row.recorded_by, row.asked_how, row.assurance, row.every_use) == (
        NOW, NOW, 1, "in-person", "desk", True,
    )  # fmt: skip


def test_only_the_uses_named_are_taken_back(desk: FlaskClient, session: Session):
    send(desk, PAGE, **IN_PERSON | {"what": "some", "uses": ["tag", "photo"]})
    assert answer(desk, "P-ok", "tag") == answer(desk, "P-ok", "photo") == ("no", "withdrawn")
    assert answer(desk, "P-ok", "name") == ("yes", "")
    assert set(session.scalars(select(WithdrawalUse.use))) == {"photo", "tag"}


def test_what_was_taken_back_is_sealed_in_the_ledger(camp: Flask, session: Session):
    hire(camp)
    reference = take_back(camp, session, uses=frozenset({Use.PHOTO}))
    position = session.scalar(select(LedgerEvent.position).where(LedgerEvent.kind == EventKind.WITHDRAWAL_MADE))
    assert json.loads(session.get_one(SealedContent, position).canonical) == {
        "type": "withdrawal", "id": reference, "patron": "P-ok", "signer": "G-P-ok", "at": "2026-07-01T19:00:00Z",
        "uses": ["photo"], "assurance": "desk", "asked_how": "by-phone",
    }  # fmt: skip


def test_the_person_themself_may_take_it_back_at_any_age(desk: FlaskClient):
    send(desk, PAGE, **IN_PERSON | {"signer": "self"})
    assert answer(desk, "P-ok") == ("no", "signers-disagree")


def test_sent_twice_it_is_one_withdrawal(desk: FlaskClient, session: Session):
    sent = fill(desk, PAGE, **IN_PERSON)
    first, again = desk.post(PAGE, data=sent), desk.post(PAGE, data=sent)
    assert first.location == again.location
    assert len(session.scalars(select(Withdrawal.id)).all()) == 1


@ON_ONE_DATABASE
def test_the_same_form_sent_back_with_other_answers_is_a_second_withdrawal_only_when_sent_again(
    desk: FlaskClient, session: Session
):
    sent = fill(desk, PAGE, **IN_PERSON | {"what": "some", "uses": ["tag"]})
    desk.post(PAGE, data=sent)
    sent.setlist("uses", ["photo"])
    refused = desk.post(PAGE, data=sent)
    assert "saved before, with other answers" in refused.text
    assert len(session.scalars(select(Withdrawal.id)).all()) == 1
    session.rollback()
    send_again = fill(desk, PAGE, **IN_PERSON | {"what": "some", "uses": ["photo"]})
    desk.post(PAGE, data=send_again)
    assert answer(desk, "P-ok") == ("no", "withdrawn")


def test_two_that_meet_on_one_form_are_told_apart(camp: Flask, session: Session):
    hire(camp)
    assert take_back(camp, session) == take_back(camp, session)
    with pytest.raises(SentBefore):
        take_back(camp, session, signer="self")


@ON_ONE_DATABASE
def test_a_time_in_the_future_is_refused_next_to_the_field_with_everything_kept(desk: FlaskClient, session: Session):
    page = send(desk, PAGE, **IN_PERSON | {"at": local(NOW + timedelta(minutes=5))}).text
    assert errors_on(page) == ["at"]
    assert form_on(page).getlist("signer") == ["G-P-ok"]
    assert session.scalars(select(Withdrawal)).all() == []


@ON_ONE_DATABASE
def test_nobody_else_may_be_named(camp: Flask, session: Session):
    with pytest.raises(UnknownGuardian):
        take_back(camp, session, signer="G-P-no")
    with pytest.raises(InTheFuture):
        take_back(camp, session, at=NOW + timedelta(seconds=1))


WRONG = [
    ({"what": "all"}, ["signer", "asked_how"]),
    ({"signer": "self", "asked_how": "in-person"}, ["what"]),
    ({"signer": "self", "asked_how": "in-person", "what": "some"}, ["uses"]),
    (IN_PERSON | {"at": "2026-02-30T10:00"}, ["at"]),
    (IN_PERSON | {"at": "0001-01-01T00:00"}, ["at"]),
    (IN_PERSON | {"signer": "somebody"}, ["signer"]),
    (IN_PERSON | {"uses": ["photo"]}, ["what"]),
]


@ON_ONE_DATABASE
def test_what_is_missing_or_wrong_is_said_next_to_its_field(desk: FlaskClient):
    assert [errors_on(send(desk, PAGE, **typed).text) for typed, _ in WRONG] == [fields for _, fields in WRONG]


def test_a_later_yes_that_outlives_a_backdated_withdrawal_is_said_before_and_after(desk: FlaskClient):
    backdated = IN_PERSON | {"at": "2026-04-01T10:00"}
    warned = send(desk, PAGE, **backdated).text
    assert errors_on(warned) == ["anyway"]
    assert "signed yes again on" in warned
    assert "The answer stays YES for:" in warned
    assert answer(desk, "P-ok") == ("yes", "")
    told = send(desk, PAGE, **backdated | {"anyway": "y"})
    page = desk.get(told.location).text
    assert "signed yes again on" in page
    assert answer_on(page) == ("yes", "")


@ON_ONE_DATABASE
def test_a_later_yes_that_nobody_witnessed_yet_is_said_too(camp: Flask):
    later = a_consent("P-ok", id="C-later", signed_at="2026-06-01T10:00:00Z", witnessed_at=None)
    keep(camp, [later])
    desk = signed_in(camp)
    warned = send(desk, PAGE, **IN_PERSON | {"at": "2026-05-20T10:00"}).text
    assert "C-later" in warned
    assert "waits to be confirmed" in warned
    assert "The answer stays YES for:" not in warned


def test_a_withdrawal_at_the_very_instant_of_a_yes_reaches_it(desk: FlaskClient):
    told = send(desk, PAGE, **IN_PERSON | {"at": "2026-05-01T03:00"})
    assert told.status_code == 303
    assert answer(desk, "P-ok") == ("no", "withdrawn")


@ON_ONE_DATABASE
def test_a_former_guardian_is_marked_and_does_not_count(camp: Flask):
    keep(
        camp,
        [
            {"type": "guardian", "id": "G-old", "first_name": "Gone", "last_name": "By"},
            {
                "type": "guardianship", "guardian": "G-old", "patron": "P-ok", "relationship": "parent",
                "since": "2020-01-01T00:00:00Z", "until": "2025-01-01T00:00:00Z",
            },
        ],
    )  # fmt: skip
    desk = signed_in(camp)
    assert "Gone By, Parent: no longer a guardian, does not count" in desk.get(PAGE).text
    assert errors_on(send(desk, PAGE, **IN_PERSON | {"signer": "G-old"}).text) == ["anyway"]
    told = send(desk, PAGE, **IN_PERSON | {"signer": "G-old", "anyway": "y"})
    assert answer_on(desk.get(told.location).text) == ("yes", "")


@ON_ONE_DATABASE
def test_the_slip_says_it_in_both_languages_and_names_nobody_but_whoever_asked(desk: FlaskClient):
    told = send(desk, PAGE, **IN_PERSON | {"what": "some", "uses": ["photo"]})
    slip = desk.get(f"{told.location}/slip.pdf")
    assert slip.mimetype == "application/pdf"
    said = words(slip.data)
    for part in ("Nothing more will be posted", "No se publicará nada más", "Post a photo", "Mo Ávila", "W-"):
        assert part in said
    for other in ("Zoë", "2015", "P-ok", "Camp"):
        assert other not in said


def test_the_slip_is_one_tagged_page():
    at = datetime(2026, 7, 1, 12, tzinfo=UTC)
    pdf = draw_slip(WithdrawalSlip("W-ABCD-2345", at, None, tuple(Use), "Parks " * 30, demo=True))
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert [tag for tag in structure(pdf) if tag.startswith("H")] == ["H1", "H2"]
    assert "The person themself" in words(pdf)


@ON_ONE_DATABASE
def test_a_voided_or_unknown_reference_says_so(desk: FlaskClient):
    assert desk.get("/withdrawals/W-none").status_code == 404
    assert desk.get("/withdrawals/W-none/slip.pdf").status_code == 404
    assert desk.get("/patrons/nobody/withdraw").status_code == 404


@ON_ONE_DATABASE
def test_others_may_not(camp: Flask):
    other = signed_in(camp, Role.POSTER, Role.PROGRAM_LEAD, Role.DIRECTOR)
    assert [other.get(page).status_code for page in (PAGE, "/withdrawals/W-1", "/withdrawals/W-1/slip.pdf")] == [
        403
    ] * 3


@ON_ONE_DATABASE
def test_a_withdrawal_by_one_parent_leaves_the_other_child_alone(camp: Flask):
    keep(camp, [*a_person("P-sib", "Al", "Ávila"), a_consent("P-sib")])
    desk = signed_in(camp)
    send(desk, PAGE, **IN_PERSON)
    assert answer(desk, "P-sib") == ("yes", "")
    assert CAMP in desk.get(f"/programs/{CAMP}/roster").text
