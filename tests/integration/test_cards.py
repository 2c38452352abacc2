"""Does a new card open its patron's record and end the old one?"""

import io
from collections.abc import Iterator

import pypdfium2
import pytest
import time_machine
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.card_codes import code_sha256, is_code
from consent.domain.cards import Letterhead
from consent.domain.permissions import Permission, Role
from consent.domain.refusals import UnknownPatron
from consent.services.cards import MOST_CARDS_AT_ONCE, NoCards, TooManyCards, issue_cards
from consent.services.checks import Asker, Door
from consent.storage.models import Card, LedgerEvent
from tests.builders.camp import CAMP, NOW, a_camp, keep
from tests.builders.staff import csrf_token, signed_in


@pytest.fixture(autouse=True)
def camp_time() -> Iterator[None]:
    """The web reads the clock itself."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def camp(app: Flask) -> Flask:
    keep(app, a_camp())
    return app


@pytest.fixture
def desk(camp: Flask) -> FlaskClient:
    return signed_in(camp, Role.FRONT_DESK)


def issue(app: Flask, session: Session, *patrons: str):
    return issue_cards(
        session,
        patrons,
        letterhead=Letterhead("Parks", "https://consent.example"),
        asker=Asker(Door.CARD, frozenset(Permission)),
        by="command-line",
        zone=app.config["CONSENT"].zone,
        now=NOW,
    )


def scan(pdf: bytes) -> list[str]:
    pages = pypdfium2.PdfDocument(pdf)
    return [code.text for page in pages for code in zxingcpp.read_barcodes(page.render(scale=4).to_pil())]


def test_a_card_says_whose_record_and_until_when(camp: Flask, session: Session) -> None:
    [card] = issue(camp, session, "P-ok")
    assert (card.first_name, card.last_initial, card.season) == ("Zoë", "Á", "Camp 2026")
    assert card.expires_on.isoformat() == "2026-08-01"
    assert is_code(card.code)
    assert card.url == f"HTTPS://CONSENT.EXAMPLE/C/{card.code}"


def test_only_the_hash_of_the_code_is_kept(camp: Flask, session: Session) -> None:
    [card] = issue(camp, session, "P-ok")
    assert session.scalars(select(Card.code_sha256)).one() == code_sha256(card.code)


def test_a_reprint_ends_the_old_card(camp: Flask, session: Session) -> None:
    issue(camp, session, "P-ok")
    [new] = issue(camp, session, "P-ok")
    live = session.scalars(select(Card.code_sha256).where(Card.revoked_at.is_(None))).all()
    assert live == [code_sha256(new.code)]
    kinds = session.scalars(select(LedgerEvent.kind).order_by(LedgerEvent.position.desc()).limit(3)).all()
    assert kinds == ["card-issued", "card-revoked", "card-issued"]


def test_somebody_in_no_program_gets_a_card_for_a_year(app: Flask, session: Session) -> None:
    keep(app, [{"type": "patron", "id": "P1", "first_name": "Al", "last_name": "Bo"}])
    [card] = issue(app, session, "P1")
    assert (card.season, card.expires_on.isoformat()) == ("", "2027-07-01")


def test_a_stranger_to_the_registry_gets_no_card_and_nobody_loses_theirs(camp: Flask, session: Session) -> None:
    issue(camp, session, "P-ok")
    with pytest.raises(UnknownPatron):
        issue(camp, session, "P-ok", "P-nobody")
    assert session.scalars(select(Card.revoked_at)).all() == [None]


def test_the_same_person_twice_gets_one_card(camp: Flask, session: Session) -> None:
    assert len(issue(camp, session, "P-ok", "P-ok")) == 1


def test_a_sheet_needs_somebody_and_has_an_end(camp: Flask, session: Session) -> None:
    with pytest.raises(NoCards):
        issue(camp, session)
    with pytest.raises(TooManyCards):
        issue(camp, session, *(f"P{number}" for number in range(MOST_CARDS_AT_ONCE + 1)))


def test_the_printed_code_opens_the_right_person(desk: FlaskClient, session: Session) -> None:
    answer = desk.post("/patrons/P-ok/card.pdf", data={"csrf_token": csrf_token(desk, "/cards")})
    [address] = scan(answer.data)
    assert code_sha256(address.rpartition("/")[2]) == session.scalars(select(Card.code_sha256)).one()


def test_a_sheet_prints_a_card_for_everybody_in_the_program(desk: FlaskClient) -> None:
    answer = desk.post(
        "/cards/sheet.pdf", data={"program": CAMP, "start": "9", "csrf_token": csrf_token(desk, "/cards")}
    )
    assert len(set(scan(answer.data))) == 4
    assert len(PdfReader(io.BytesIO(answer.data)).pages) == 2


def test_a_sheet_can_be_for_a_selection(desk: FlaskClient) -> None:
    assert len(scan(desk.get("/cards/sheet.pdf?patron=P-ok&patron=P-no").data)) == 2


def test_nobody_chosen_leads_back_to_the_form_with_what_is_missing(desk: FlaskClient) -> None:
    answer = desk.post("/cards/sheet.pdf", data={"program": "", "csrf_token": csrf_token(desk, "/cards")})
    assert answer.status_code == 422
    assert "Choose a program" in answer.text


@pytest.mark.parametrize("start", ["0", "11", "x", "-1", "1.5", "²"])
def test_a_cell_that_no_sheet_has_is_refused_before_a_card_ends(
    desk: FlaskClient, session: Session, start: str
) -> None:
    assert desk.get(f"/cards/sheet.pdf?program={CAMP}&start={start}").status_code == 422
    assert session.scalars(select(Card.id)).all() == []


GUESSES = [{"Sec-Purpose": "prefetch"}, {"Purpose": "prefetch"}, {"Sec-Fetch-Site": "cross-site"}]


@pytest.mark.parametrize("header", GUESSES)
def test_a_browser_that_only_guesses_ends_no_card(desk: FlaskClient, session: Session, header: dict[str, str]) -> None:
    assert desk.get("/patrons/P-ok/card.pdf", headers=header).status_code == 403
    assert session.scalars(select(Card.id)).all() == []


def test_somebody_unknown_is_a_page_in_plain_words(desk: FlaskClient) -> None:
    assert desk.get("/patrons/P-nobody/card.pdf").status_code == 404


def test_a_poster_prints_no_cards(camp: Flask) -> None:
    poster = signed_in(camp, Role.POSTER)
    assert poster.get("/cards").status_code == 403
    assert poster.get("/patrons/P-ok/card.pdf").status_code == 403


def test_a_program_offers_its_people_to_choose_from(desk: FlaskClient) -> None:
    page = desk.get(f"/cards?program={CAMP}").text
    assert page.count('name="patron"') == 4
    assert page.index("Ávila, Zoë") < page.index("Avilla, Ben") < page.index("Zapata, Ana")


def test_asking_only_for_the_headers_ends_no_card(desk: FlaskClient, session: Session) -> None:
    assert desk.head("/patrons/P-ok/card.pdf").status_code == 405
    assert desk.head("/cards/sheet.pdf?patron=P-ok").status_code == 405
    assert session.scalars(select(Card.id)).all() == []
