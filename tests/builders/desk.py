"""What does the front desk have before it? A kiosk, families that sign there, and the verdicts that follow."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from consent.domain.decision import Verdict, decide
from consent.domain.facts import Question
from consent.domain.signing import Sitting, TypedPatron, TypedSigner
from consent.domain.vocabulary import Identification, Relationship, Use
from consent.services.families import patron_named
from consent.services.witness import confirm_signing
from consent.services.witness_matching import Chosen, Matching
from consent.storage.patron_facts import read_facts
from tests.builders.camp import FACEBOOK, FORM, PROGRAM, a_person, keep
from tests.builders.sittings import NOW, YES, Kiosk, a_sitting
from tests.builders.staff import hire

SOON = NOW + timedelta(minutes=5)
BORN = date(2015, 3, 4)
ROSA = TypedSigner("Rosa", "Romero", Relationship.PARENT, email="rosa@example.org", of_age=True)
INES = TypedPatron("Ines", "Romero", BORN, YES)


def a_family() -> list[dict[str, object]]:
    """Zoë with her mother Mo, and the twins Ines and Iris with nobody on file."""
    twins = [
        {"type": "patron", "id": f"P-{name}", "first_name": name, "last_name": "Romero", "born": BORN.isoformat()}
        for name in ("Ines", "Iris")
    ]
    return [FORM, FACEBOOK, PROGRAM, *a_person("P-ok", "Zoë", "Ávila"), *twins]


class FrontDesk:
    """A desk beside a kiosk, and somebody at it."""

    def __init__(self, app: Flask, lines: list[dict[str, object]]) -> None:
        keep(app, lines, now=NOW - timedelta(days=1))
        self.kiosk = Kiosk(app)
        self.staff_id = hire(app)
        self.zone = app.config["CONSENT"].zone

    def session(self) -> Session:
        return Session(self.kiosk.engine)

    def signed(self, *patrons: TypedPatron, signer: TypedSigner | None = None, now: datetime = NOW) -> str:
        """The reference of what a family has just signed; without a signer, it is Zoë's mother."""
        sitting = a_sitting(*patrons, **({"signer": signer} if signer else {}))
        return self.sign(sitting, now=now)

    def sign(self, sitting: Sitting, *, now: datetime = NOW) -> str:
        return self.kiosk.tap(self.kiosk.reviewed(sitting, now=now), now=now).reference

    def by_whom(self, now: datetime = SOON) -> dict[str, Any]:
        return {"staff_id": self.staff_id, "by": f"staff:{self.staff_id}", "zone": self.zone, "now": now}

    def confirm(self, reference: str, *patrons: str | None, guardian: str | None = None, **told: Any) -> None:
        """Each child is who is named, or somebody new."""
        now = told.pop("now", SOON)
        how = told.pop("identified_by", Identification.DOCUMENT_SEEN)
        matching = Matching(tuple(Chosen(patron) for patron in patrons), guardian=guardian, **told)
        with self.session() as session:
            confirm_signing(session, reference, matching, how, **self.by_whom(now))

    def verdict(self, patron: str, use: Use = Use.PHOTO, *, at: datetime = SOON) -> Verdict:
        with self.session() as session:
            patron_id = patron_named(session, patron).id
            known = read_facts(session.connection(), [patron_id], [use], zone=self.zone)
            return decide(known[patron_id], Question(use.value, at))

    def reason(self, patron: str, use: Use = Use.PHOTO, *, at: datetime = SOON) -> str | None:
        """Why not; None where the answer is yes."""
        verdict = self.verdict(patron, use, at=at)
        return verdict.reason.value if verdict.reason else None


def named(patron: TypedPatron, first_name: str, **changes: Any) -> TypedPatron:
    return replace(patron, first_name=first_name, **changes)
