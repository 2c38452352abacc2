"""Whom does a test erase? Somebody whose every text is like nobody else's, in a registry where others sign too."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.copies import SignedCopy
from consent.domain.exchange.writing import as_said
from consent.domain.permissions import Role
from consent.domain.signing import TypedPatron, TypedSigner
from consent.domain.vocabulary import Relationship
from consent.services import corrections, erasures, holds, voidings
from consent.services.acting import Acting
from consent.services.copies_stored import store_missing_copies
from consent.services.erasures import Rule, Wanted
from consent.services.erasures_ordered import approve_erasure
from consent.storage.database import db
from consent.storage.models import Guardian
from tests.builders.camp import a_consent, a_person
from tests.builders.desk import SOON, FrontDesk, a_family
from tests.builders.sittings import YES
from tests.builders.staff import hire

LATER = SOON + timedelta(days=1)
MARKERS = (
    "Quillon", "Marqvist", "Wilhelmina", "wq@mark.example", "@quillonquiz", "Zugzwang", "Fehlgriff", "555-0177",
)  # fmt: skip
WORDS = ("quillon", "marqvist")
"""As the search by name keeps them."""
MOTHER = TypedSigner("Wilhelmina", "Marqvist", Relationship.PARENT, email="wq@mark.example", of_age=True)
CHILD = TypedPatron("Quillon", "Marqvist", date(2014, 7, 9), YES)
SISTER = replace(CHILD, first_name="Rosalind", born=date(2016, 2, 3))


@dataclass(frozen=True, slots=True)
class Erasing:
    """A desk, two records officers, and what the department keeps."""

    app: Flask
    desk: FrontDesk
    asking: int
    approving: int
    now: datetime = LATER

    @property
    def rule(self) -> Rule:
        return Rule(6, self.desk.zone)

    def acting(self, staff_id: int) -> Acting:
        return Acting(staff_id, self.now, self.now.date())

    def ask(self, patron: str) -> int:
        wanted = Wanted(patron, "The family asked for it", "Schedule 00-1, item 7")
        with self.desk.session() as session:
            return erasures.request_erasure(session, wanted, self.rule, acting=self.acting(self.asking))

    def approve(self, key: int, *, by: int | None = None, despite: str | None = "A court ordered it") -> None:
        acting = self.acting(by or self.approving)
        with self.desk.session() as session:
            approve_erasure(session, key, self.rule, despite=despite, acting=acting)

    def erase(self, patron: str) -> int:
        key = self.ask(patron)
        self.approve(key)
        return key


def somebody_to_erase(app: Flask) -> Erasing:
    """Quillon and his sister, whose mother signed for both at a kiosk; and Zoë, in the same import as he."""
    children = [
        {
            "type": "patron",
            "id": key,
            "first_name": typed.first_name,
            "last_name": typed.last_name,
            "born": str(typed.born),
        }
        for key, typed in (("P-child", CHILD), ("P-sister", SISTER))
    ]
    children[0]["handles"] = {"facebook": "@quillonquiz"}
    voided = a_consent("P-ok", id="C-old", patron="P-child", signer="G-P-ok")
    desk = FrontDesk(app, [*a_family(), *children, *a_person("P-other", "Ola", "Other"), a_consent("P-other"), voided])
    desk.confirm(desk.signed(CHILD, SISTER, signer=MOTHER), "P-child", "P-sister")
    clerks = [hire(app, Role.RECORDS_OFFICER, email=f"{name}@city.example", name=name) for name in ("asks", "approves")]
    who: dict[str, Any] = {"by": f"staff:{desk.staff_id}", "now": SOON}
    with app.app_context():
        session = db.session()
        placed = holds.place_hold(session, holds.NewHold("P-child", "Zugzwang", "one"), **who)
        later = {"by": "staff:1", "now": SOON + timedelta(hours=1)}
        holds.lift_hold(session, placed, until=None, why="Zugzwang over", **later)
        asked = voidings.request_voiding(
            session, voidings.RecordKind.CONSENT, "C-old", "Fehlgriff", staff_id=desk.staff_id, **who
        )
        voidings.second_voiding(session, asked, staff_id=clerks[0], by="staff:2", now=SOON)
        _correct_mother(session, who)
        store_missing_copies(session, _drawn, settings=app.config["CONSENT"], now=SOON)
    return Erasing(app, desk, *clerks)


def _correct_mother(session: Session, who: dict[str, Any]) -> None:
    key = session.scalars(select(Guardian.external_id).where(Guardian.first_name == "Wilhelmina")).one()
    mother = corrections.open_guardian(session, key)
    corrections.correct_guardian(session, as_said(mother), replace(mother, phone="555-0177"), reason="New phone", **who)


def _drawn(copy: SignedCopy) -> bytes:
    """In place of a paper, which takes its time to draw."""
    return f"{copy.reference} {copy.signer}".encode()
