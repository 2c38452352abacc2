"""What do the demo department's registers hold? Enough for its poster to clear a post, and more."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.authorizations import AccessLevel
from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.domain.vocabulary import Language, Use
from consent.services.accounts import record_account_decision
from consent.services.demo.department import CAMP, FACEBOOK, INSTAGRAM, SWIM, TEENS, TIKTOK, YOUTUBE
from consent.services.ledger import Event, record
from consent.services.policy import Draw, Reading, record_acknowledgement
from consent.services.registers import record_entry
from consent.services.rules import record_rule_decision
from consent.storage.database import Model
from consent.storage.models import (
    CommunicationNote,
    Platform,
    PlatformAccount,
    PolicyVersion,
    PostingAuthorization,
    PostingRequest,
    PostingRule,
    Program,
    RecordingAuthorization,
    Spokesperson,
    Training,
)

HANDLE: Final = "@demo_parks"
DEVICE: Final = "DEMO Camera 1"
ACCOUNTS: Final = {
    FACEBOOK: "https://www.facebook.com/demo_parks",
    INSTAGRAM: "https://www.instagram.com/demo_parks",
    YOUTUBE: "https://www.youtube.com/@demo_parks",
    TIKTOK: "https://www.tiktok.com/@demo_parks",
}
ACKNOWLEDGED_BY: Final = (Role.POSTER, Role.PROGRAM_LEAD, Role.ADMINISTRATOR, Role.DIRECTOR)
POLICY: Final = """\
DEMO. Nobody is shown, named, tagged, followed or written to without prior written permission.
Only approved accounts are used, by whom the director has authorized, after the training.
Nobody records at work unless a supervisor lets them.
Nothing confidential, no private data and no rooms that are not public are published."""


class Registers:
    """Writes the entries of one demo. `staff` are its members by their role."""

    def __init__(self, session: Session, staff: Mapping[Role, int], *, by: str, zone: tzinfo, now: datetime) -> None:
        self.session, self.staff, self.by, self.zone, self.now = session, staff, by, zone, now
        self.today = now.astimezone(zone).date()
        self.platforms = {row.external_id: row.id for row in session.execute(select(Platform.external_id, Platform.id))}
        self.programs = {row.external_id: row.id for row in session.execute(select(Program.external_id, Program.id))}

    def write(self, draw: Draw, *, department: str) -> None:
        self._accounts()
        self._authorizations()
        self._rules()
        self._training()
        self._recordings()
        self._notes()
        director, administrator = self.staff[Role.DIRECTOR], self.staff[Role.ADMINISTRATOR]
        days = {"starts": self.day(-30), "last_day": self.day(200)}
        speaks = Spokesperson(staff_id=administrator, named_by=director, named_at=self.ago(30), **days)
        self._keep(speaks, EventKind.SPOKESPERSON_NAMED)
        self._policy(draw, department)

    def day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def ago(self, days: int) -> datetime:
        return self.now - timedelta(days=days)

    def _accounts(self) -> None:
        administrator, director = self.staff[Role.ADMINISTRATOR], self.staff[Role.DIRECTOR]
        told = {
            "audience": "DEMO families",
            "purposes": "News and pictures of the programs",
            "retention": "Two years",
            "asked_by": administrator,
            "asked_at": self.ago(40),
        }
        for platform, url in ACCOUNTS.items():
            account = PlatformAccount(platform_id=self.platforms[platform], handle=HANDLE, url=url, **told)
            self._keep(account, EventKind.ACCOUNT_REQUESTED)
            record_account_decision(self.session, account, approved=True, by_id=director, now=self.ago(39))
        own = PlatformAccount(
            platform_id=self.platforms[INSTAGRAM],
            owner_id=self.staff[Role.POSTER],
            handle="@demo_paul",
            url="https://www.instagram.com/demo_paul",
            **told,
        )
        self._keep(own, EventKind.ACCOUNT_REQUESTED)

    def _authorizations(self) -> None:
        poster, administrator, director = (
            self.staff[role] for role in (Role.POSTER, Role.ADMINISTRATOR, Role.DIRECTOR)
        )
        for platform in ACCOUNTS:
            asked = PostingRequest(
                staff_id=poster,
                platform_id=self.platforms[platform],
                account=HANDLE,
                access=AccessLevel.POST.value,
                last_day=self.day(180),
                requested_by=administrator,
                requested_at=self.ago(38),
            )
            self._keep(asked, EventKind.POSTING_REQUESTED)
            self.session.add(
                PostingAuthorization(
                    request_id=asked.id,
                    staff_id=poster,
                    requested_by=administrator,
                    approved_by=director,
                    approved_at=self.ago(37),
                )
            )
            told = {"request": asked.id, "staff": poster}
            record(self.session, Event(EventKind.POSTING_APPROVED, told), by=f"staff:{director}", now=self.now)

    def _rules(self) -> None:
        asked = {"asked_by": self.staff[Role.ADMINISTRATOR], "asked_at": self.ago(36), "starts": self.day(-35)}
        told_of = {"forbids": "", "minors_only": False}
        for approved, rule in (
            (
                True,
                PostingRule(
                    platform_id=self.platforms[INSTAGRAM],
                    text_en="No minors are tagged on Instagram.",
                    text_es="En Instagram no se etiqueta a menores de edad.",
                    forbids=Use.TAG.value,
                    minors_only=True,
                    **asked,
                ),
            ),
            (
                True,
                PostingRule(
                    place="DEMO Changing rooms",
                    text_en="No camera and no phone is taken into a changing room.",
                    text_es="En los vestidores no entran cámaras ni teléfonos.",
                    **told_of,
                    **asked,
                ),
            ),
            (
                None,
                PostingRule(
                    program_id=self.programs[SWIM],
                    text_en="Pictures are taken from the deck, never in the water.",
                    text_es="Las fotos se toman desde la orilla, nunca en el agua.",
                    **told_of,
                    **asked,
                ),
            ),
        ):
            self._keep(rule, EventKind.RULE_REQUESTED)
            if approved:
                director = self.staff[Role.DIRECTOR]
                record_rule_decision(self.session, rule, approved=approved, by_id=director, now=self.ago(35))

    def _training(self) -> None:
        entered = {"added_by": self.staff[Role.ADMINISTRATOR], "course": "DEMO Social media at work"}
        for role, taken, until in (
            (Role.POSTER, 60, 305),
            (Role.FRONT_DESK, 345, 20),
            (Role.PROGRAM_LEAD, 400, -35),
        ):
            trained = Training(
                staff_id=self.staff[role],
                taken_on=self.day(-taken),
                valid_until=self.day(until),
                added_at=self.ago(taken),
                **entered,
            )
            self._keep(trained, EventKind.TRAINING_ADDED)

    def _recordings(self) -> None:
        for program, supervisor in ((CAMP, Role.PROGRAM_LEAD), (TEENS, Role.PROGRAM_LEAD), (SWIM, Role.ADMINISTRATOR)):
            let = RecordingAuthorization(
                supervisor_id=self.staff[supervisor],
                staff_id=self.staff[Role.POSTER],
                device=DEVICE,
                program_id=self.programs[program],
                starts_at=self.ago(10),
                ends_at=self.now + timedelta(days=45),
                still=True,
                moving=True,
                voice=program == CAMP,
                added_at=self.ago(11),
            )
            self._keep(let, EventKind.RECORDING_AUTHORIZED)

    def _notes(self) -> None:
        for program in (CAMP, TEENS):
            note = CommunicationNote(
                program_id=self.programs[program],
                text_en="DEMO: radio channel 4 outside; the office answers at extension 10. No personal phones.",
                text_es="DEMO: canal 4 de radio afuera; la oficina, en la extensión 10. Sin teléfonos personales.",
                given_on=self.day(-12),
                added_by=self.staff[Role.PROGRAM_LEAD],
                added_at=self.ago(12),
            )
            self._keep(note, EventKind.NOTE_GIVEN)

    def _policy(self, draw: Draw, department: str) -> None:
        version = PolicyVersion(
            number="6.5",
            version="DEMO 2020-12-09",
            reference="DEMO City Clerk, policy records, section 6",
            text=POLICY,
            in_force_from=self.day(-90),
            added_by=self.staff[Role.ADMINISTRATOR],
            added_at=self.ago(90),
        )
        self._keep(version, EventKind.POLICY_PUBLISHED)
        for role in ACKNOWLEDGED_BY:
            signed_as = f"{role.value} (DEMO)"
            reading = Reading(signed_as, Language.ENGLISH, department, self.zone)
            record_acknowledgement(self.session, version, reading, draw, staff_id=self.staff[role], now=self.ago(80))

    def _keep(self, row: Model, kind: EventKind) -> None:
        record_entry(self.session, row, kind, by=self.by, now=self.now)
