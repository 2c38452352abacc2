"""What does a family do at the kiosk? A valid sitting and a tap on "Sign"; a test says only what differs."""

import json
import secrets
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from consent.domain.signatures import Signature
from consent.domain.signing import Sitting, TypedPatron, TypedSigner
from consent.domain.vocabulary import Answer, Language, Relationship, Use
from consent.services import kiosks
from consent.services.signing import Signed, Submission, review, sign
from consent.storage.database import db

NOW = datetime(2026, 7, 1, 19, tzinfo=UTC)
"""Noon in Phoenix."""
TODAY = date(2026, 7, 1)
DEPARTMENT = "City Recreation Department"
POLICY = "Resolution 2026-01"

YES = dict.fromkeys(Use, Answer.YES)
NO = dict.fromkeys(Use, Answer.NO)
MOTHER = TypedSigner("Mo", "Ávila", Relationship.PARENT, of_age=True)
CHILD = TypedPatron("Zoë", "Ávila", date(2015, 3, 4), YES)
SCRIBBLE = Signature.drawn(json.dumps([[[20, 80], [60, 20], [100, 90], [180, 30]]]))


def a_sitting(*patrons: TypedPatron, signer: TypedSigner = MOTHER, language: Language = Language.ENGLISH) -> Sitting:
    """A mother and her child, unless others are named."""
    return Sitting(language, signer, patrons or (CHILD,))


def a_child(first_name: str, **changes: Any) -> TypedPatron:
    return replace(CHILD, first_name=first_name, **changes)


def by_oneself(**changes: Any) -> Sitting:
    """An adult who signs for themself."""
    patron = TypedPatron("Ada", "Okafor", date(1990, 5, 6), YES)
    return a_sitting(replace(patron, **changes), signer=TypedSigner("Ada", "Okafor", of_age=True))


def a_kiosk(app: Flask, name: str = "Front desk") -> int:
    """A kiosk that takes signatures, and its number."""
    with app.app_context():
        session = db.session()
        token = kiosks.add_kiosk(session, name, by="command-line", now=NOW)
        kiosks.set_esign_policy(session, POLICY, by="command-line", now=NOW)
        kiosk = kiosks.kiosk_of(session, kiosks.enroll_device(session, token, now=NOW))
        return kiosk.id


def engine_of(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


class Kiosk:
    """One kiosk of a registry, at which families tap."""

    def __init__(self, app: Flask) -> None:
        self.id = a_kiosk(app)
        self.engine = engine_of(app)
        self.zone = app.config["CONSENT"].zone

    def reviewed(self, sitting: Sitting, /, *, now: datetime = NOW, **changes: Any) -> Submission:
        """What the page sends once they have read the form."""
        with Session(self.engine) as session:
            shown = review(session, sitting, department=DEPARTMENT, zone=self.zone, now=now).shown_sha256
        key = secrets.token_urlsafe(32)
        return replace(Submission(key, f"copy of {key}", sitting, SCRIBBLE, shown, agreed_electronic=True), **changes)

    def tap(self, submission: Submission, *, now: datetime = NOW) -> Signed:
        """One tap, by a request of its own."""
        with Session(self.engine) as session:
            return sign(session, submission, kiosk_id=self.id, department=DEPARTMENT, zone=self.zone, now=now)
