"""Does a family see by its own link how many posts were found and are down, and nothing that is not theirs to know?"""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from consent.domain.takedowns import TakedownOutcome
from consent.domain.vocabulary import Answer, AskedHow, Identification, Use
from consent.services.copies_stored import status_of
from consent.services.holds import NewHold, place_hold
from consent.services.takedowns import list_open
from consent.services.takedowns_closed import Closing, close_task
from consent.services.takedowns_told import PostsTold, posts_of_records
from consent.services.withdrawals import TakenBack, record_withdrawal
from consent.services.witness import confirm_signing
from consent.services.witness_matching import Chosen, Matching
from tests.builders.camp import NOW, SINCE
from tests.builders.clearances import ACCOUNT_URL, a_department
from tests.builders.links import lasting_link
from tests.builders.sittings import CHILD, YES, Kiosk, a_sitting
from tests.builders.staff import csrf_token

EARLIER = NOW - timedelta(days=2)
SOON = NOW + timedelta(minutes=5)
FATHER = (
    {"type": "guardian", "id": "G-father", "first_name": "Al", "last_name": "Ávila"},
    {"type": "guardianship", "guardian": "G-father", "patron": "P-ok", "relationship": "parent", "since": SINCE},
)


class Family:
    """A mother who signed at the kiosk for a child in two posts, and her link."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.session, self.kiosk = session, Kiosk(app)
        self.department = a_department(app, session, more=FATHER)
        self.link = self.sign(now=EARLIER)
        for name in ("one", "two"):
            number = self.department.cleared("P-ok", "P-limits")
            self.department.post(number, f"{ACCOUNT_URL}/posts/{name}")

    def sign(self, *, now: object, **answers: Answer) -> str:
        sitting = a_sitting(replace(CHILD, answers=YES | {Use(use): answer for use, answer in answers.items()}))
        reference = self.kiosk.tap(self.kiosk.reviewed(sitting, now=now), now=now).reference
        matching = Matching((Chosen("P-ok"),), guardian="G-P-ok")
        confirm_signing(self.session, reference, matching, Identification.DOCUMENT_SEEN, **self.by(now))
        return lasting_link(self.session, reference, now=now)

    def by(self, now: object = SOON) -> dict[str, object]:
        return {"staff_id": self.department.poster, "by": "staff:1", "zone": self.kiosk.zone, "now": now}

    def withdraw(self, signer: str = "G-P-ok", reference: str = "W1") -> None:
        told = TakenBack(patron="P-ok", signer=signer, uses=None, asked_how=AskedHow.BY_PHONE, reference=reference)
        record_withdrawal(self.session, told, **self.by())

    def hold(self) -> None:
        place_hold(self.session, NewHold("P-ok", "Court order", "h1"), by="staff:1", now=SOON)

    def close(self, outcome: TakedownOutcome) -> None:
        self.session.rollback()
        [first, *_] = list_open(self.session, permissions=frozenset(), zone=self.kiosk.zone, now=SOON)
        gone = outcome is TakedownOutcome.GONE
        closing = Closing(outcome, gone_at=SOON if gone else None, reposts_asked=gone, note="Shared by a newspaper")
        close_task(self.session, first.key, closing, **self.by())

    def sees(self, link: str | None = None) -> list[PostsTold]:
        self.session.rollback()
        found = status_of(self.session, link or self.link, now=SOON)
        assert found
        signing, states = found
        posts = posts_of_records(self.session, signing.id, states, zone=self.kiosk.zone, now=SOON)
        return list(posts.values())


@pytest.fixture
def family(app: Flask, session: Session) -> Family:
    return Family(app, session)


def test_whoever_withdrew_sees_how_many_posts_were_found_and_how_many_are_down(app: Flask, family: Family):
    assert family.sees() == []
    family.withdraw()
    assert family.sees() == [PostsTold(found=2, down=0)]
    family.close(TakedownOutcome.GONE)
    assert family.sees() == [PostsTold(found=2, down=1)]
    client = app.test_client()
    with time_machine.travel(SOON, tick=False):
        page = client.get(f"/signed/{family.link}")
        assert "2 posts were found." in page.text
        assert "1 is down." in page.text
        client.post("/language", data={"language": "es", "csrf_token": csrf_token(client)})
        assert "Se encontraron 2 publicaciones." in client.get(f"/signed/{family.link}").text
    assert not any(name in page.text for name in ("Zoë", "Ávila", "pool", "Facebook"))
    family.close(TakedownOutcome.CANNOT)
    assert family.sees() == [PostsTold(found=2, down=1)]


def test_what_somebody_else_withdrew_and_that_a_hold_stands_is_nobodys_to_know(family: Family):
    family.hold()
    family.withdraw("G-father")
    assert family.sees() == []
    family.withdraw(reference="W2")
    assert family.sees() == [PostsTold(found=2, down=0)]


def test_a_hold_alone_is_not_counted_for_a_record_that_ended(family: Family, session: Session):
    told = TakenBack(
        patron="P-ok", signer="G-P-ok", uses=frozenset({Use.TAG}), asked_how=AskedHow.BY_PHONE, reference="W1"
    )
    record_withdrawal(session, told, **family.by())
    assert family.sees() == [PostsTold(found=0, down=0)]
    family.hold()
    assert family.sees() == [PostsTold(found=0, down=0)]


def test_whoever_signs_a_later_no_sees_it_by_the_link_of_that(family: Family):
    link = family.sign(now=SOON, photo=Answer.NO)
    assert family.sees() == []
    assert family.sees(link) == [PostsTold(found=2, down=0)]


def test_a_link_of_somebody_in_no_post_finds_none(family: Family, app: Flask, session: Session):
    reference = family.kiosk.tap(family.kiosk.reviewed(a_sitting(replace(CHILD, first_name="Max")))).reference
    link = lasting_link(session, reference, now=NOW)
    assert family.sees(link) == []
    with time_machine.travel(NOW + timedelta(days=400), tick=False):
        assert "No post was found." in app.test_client().get(f"/signed/{link}").text
