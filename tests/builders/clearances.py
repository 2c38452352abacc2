"""What does a department need before its first post is cleared? Each paper that policy 6.5 asks for, and a draft."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.authorizations import AccessLevel
from consent.domain.events import EventKind
from consent.domain.gate_facts import ChecklistItem, Limit
from consent.domain.permissions import Role, permissions_of
from consent.domain.vocabulary import Language, Media, Use
from consent.services.checks import Asker, Door
from consent.services.clearances import ClearanceKept, open_clearance
from consent.services.clearances_decided import decide_clearance
from consent.services.clearances_kept import NewClearance, Recorded, start_clearance
from consent.services.clearances_weighed import Ticked
from consent.services.ledger import Event, record
from consent.services.posts import Posted, log_post
from consent.storage.database import begin_writing
from consent.storage.models import (
    AccountDecision,
    Platform,
    PlatformAccount,
    PolicyAcknowledgement,
    PolicyVersion,
    PostingAuthorization,
    PostingRequest,
    Program,
    RecordingAuthorization,
    Training,
)
from tests.builders.camp import CAMP, NOW, a_camp, keep
from tests.builders.staff import EMAIL, hire

DEVICE = "Camera 4"
ACCOUNT_URL = "https://www.facebook.com/cityparks"
POST_URL = "https://www.facebook.com/cityparks/posts/1"
MORNING = NOW - timedelta(hours=3)
EVERYTHING = frozenset(ChecklistItem)
NUMBERS = (f"{number:04d}-0000" for number in range(1, 10_000))


def hire_three(app: Flask) -> dict[str, int]:
    """Whoever posts, whoever asks for papers and supervises, and the director."""
    return {
        "poster": hire(app, Role.POSTER, Role.FRONT_DESK),
        "boss": hire(app, Role.ADMINISTRATOR, email="boss@city.example", name="Bo Boss", password=False),
        "director": hire(app, Role.DIRECTOR, email="director@city.example", name="Di Rector", password=False),
    }


def fill_registers(session: Session, staff: dict[str, int], *, program: str = CAMP, now: datetime = NOW) -> int:
    """Every paper that a post on Facebook needs; the account's number."""
    begin_writing(session)
    poster, boss, director = staff["poster"], staff["boss"], staff["director"]
    platform = session.scalars(select(Platform).where(Platform.external_id == "facebook")).one()
    at_camp = session.scalars(select(Program).where(Program.external_id == program)).one()
    long_ago = now - timedelta(days=100)
    last_day = now.date() + timedelta(days=100)
    asked = PostingRequest(
        staff_id=poster, platform_id=platform.id, account="City", access=AccessLevel.POST.value, requested_by=boss,
        requested_at=long_ago, last_day=last_day,
    )  # fmt: skip
    account = PlatformAccount(
        platform_id=platform.id, handle="@cityparks", url=ACCOUNT_URL, audience="Families", purposes="News",
        retention="Two years", asked_by=boss, asked_at=long_ago,
    )  # fmt: skip
    policy = PolicyVersion(
        number="6.5", version="2020-12-09", reference="City clerk", text="Ask first.", in_force_from=date(2020, 12, 9),
        added_by=boss, added_at=long_ago,
    )  # fmt: skip
    session.add_all([asked, account, policy])
    session.flush()
    session.add_all(
        [
            PostingAuthorization(
                request_id=asked.id, staff_id=poster, requested_by=boss, approved_by=director, approved_at=long_ago
            ),
            AccountDecision(
                account_id=account.id, asked_by=boss, approved=True, decided_by=director, decided_at=long_ago
            ),
            Training(
                staff_id=poster, course="Social media", taken_on=long_ago.date(), valid_until=last_day,
                added_by=boss, added_at=long_ago,
            ),
            PolicyAcknowledgement(
                policy_version_id=policy.id, staff_id=poster, signed_as="Ada Lovelace",
                language=Language.ENGLISH.value, acknowledged_at=long_ago,
                pdf_sha256=hashlib.sha256(b"%PDF").hexdigest(), pdf=b"%PDF",
            ),
            RecordingAuthorization(
                supervisor_id=boss, staff_id=poster, device=DEVICE, program_id=at_camp.id,
                starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=1), still=True, moving=True,
                voice=False, added_at=long_ago,
            ),
        ]
    )  # fmt: skip
    record(session, Event(EventKind.ACCOUNT_APPROVED, {"entry": account.id}), by=f"staff:{director}", now=now)
    session.commit()
    return account.id


def a_department(app: Flask, session: Session, *, more: Iterable[dict[str, object]] = ()) -> "Department":
    """At a summer camp."""
    keep(app, [*a_camp(), *more])
    return Department(session, hire_three(app), app.config["CONSENT"].zone)


class Department:
    """Somebody who may post on Facebook, with every paper in order."""

    def __init__(self, session: Session, staff: dict[str, int], zone: tzinfo) -> None:
        self.session, self.staff, self.zone, self.poster = session, staff, zone, staff["poster"]
        self.email = EMAIL
        self.account = fill_registers(session, staff)

    def asker(self, staff_id: int | None = None, *roles: Role) -> Asker:
        permissions = permissions_of(roles or [Role.POSTER, Role.FRONT_DESK])
        return Asker(Door.CLEARANCE, permissions, staff_id=staff_id or self.poster)

    def draft(self, *people: str, now: datetime = NOW, **changes: Any) -> str:
        """A photo of them, taken this morning at camp, to be posted now; its number."""
        given: dict[str, Any] = {
            "number": next(NUMBERS),
            "what": "Photo of the pool opening",
            "account_id": self.account,
            "uses": frozenset({Use.PHOTO}),
            "people": people,
            "headcount": len(people),
            "program": CAMP,
            "recorded": Recorded(frozenset({Media.STILL}), MORNING, self.poster, DEVICE),
        }
        new = NewClearance(**(given | changes))
        start_clearance(self.session, new, asker=self.asker(), by=f"staff:{self.poster}", now=now)
        return new.number

    def clear(self, number: str, *limits: Limit, now: datetime = NOW, staff_id: int | None = None) -> bool:
        """Everything on the checklist confirmed, and these limits; all there are, if none is told."""
        seen = frozenset(limits) or frozenset(
            Limit(kind, person) for kind, people in self.open(number).limits.items() for person in people
        )
        return decide_clearance(
            self.session, number, Ticked(EVERYTHING, seen), asker=self.asker(staff_id), **self._by(now)
        )

    def cleared(self, *people: str, now: datetime = NOW, **changes: Any) -> str:
        number = self.draft(*people, now=now, **changes)
        assert self.clear(number, now=now), self.open(number).decision
        return number

    def open(self, number: str, *, now: datetime = NOW, roles: tuple[Role, ...] = ()) -> ClearanceKept:
        self.session.rollback()
        return open_clearance(self.session, number, asker=self.asker(None, *roles), zone=self.zone, now=now)

    def post(self, number: str, url: str = POST_URL, *, now: datetime = NOW, **changes: Any) -> None:
        log_post(self.session, number, Posted(url, **changes), asker=self.asker(), **self._by(now))

    def _by(self, now: datetime) -> dict[str, Any]:
        return {"by": f"staff:{self.poster}", "zone": self.zone, "now": now}
