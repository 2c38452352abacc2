"""What does a registry look like in which every address leads somewhere, and who walks through it?"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from consent.domain.cards import Letterhead
from consent.domain.name_order import SortBy
from consent.domain.permissions import Permission, Role
from consent.domain.reports import ReportStep
from consent.domain.vocabulary import Reason
from consent.services.cards import issue_cards
from consent.services.checks import Asker, Door
from consent.services.paper_entries import enter_paper
from consent.services.rosters import print_roster
from consent.services.tokens import add_token
from consent.services.voidings import RecordKind, request_voiding
from consent.storage.database import db
from consent.storage.models import (
    Clearance,
    ClearanceDecision,
    ClearancePerson,
    CommunicationNote,
    ErasureRequest,
    Kiosk,
    Patron,
    Platform,
    PlatformAccount,
    PolicyAcknowledgement,
    PolicyVersion,
    Post,
    PostingRequest,
    PostingRule,
    Program,
    RecordingAuthorization,
    Report,
    ReportProgress,
    Spokesperson,
    Staff,
    Takedown,
    TakedownClosing,
    Training,
)
from tests.builders.camp import keep
from tests.builders.kiosk_pages import AtKiosk
from tests.builders.papers import on_paper
from tests.builders.rows import a_row
from tests.builders.sittings import Kiosk as KioskOfService
from tests.builders.sittings import a_sitting, by_oneself
from tests.builders.small_registry import ago, consent
from tests.builders.staff import csrf_token, hire, signed_in

EVERYTHING = frozenset(Permission)


class Who(StrEnum):
    """Everybody who may come to the door."""

    NOBODY = "nobody"
    KIOSK = "kiosk"
    DISABLED = "disabled account"
    OTHER_LEAD = "other program's lead"
    ADMINISTRATOR = Role.ADMINISTRATOR.value
    DIRECTOR = Role.DIRECTOR.value
    FRONT_DESK = Role.FRONT_DESK.value
    POSTER = Role.POSTER.value
    PROGRAM_LEAD = Role.PROGRAM_LEAD.value
    RECORDS_OFFICER = Role.RECORDS_OFFICER.value


@dataclass(frozen=True, slots=True)
class Walk:
    """A registry to walk through: what stands in its addresses, and each walker's browser."""

    app: Flask
    values: Mapping[str, object]
    api_token: str
    clients: Mapping[Who, FlaskClient] = field(repr=False)
    tokens: Mapping[Who, str] = field(repr=False)

    def address(self, rule: Rule) -> str:
        """An address of this rule that leads somewhere. Raises KeyError for a part that nobody has named here."""
        special = AT.get(rule.rule, {})
        fixed = rule.defaults or {}
        parts = {name: special.get(name) or self.values[name] for name in rule.arguments - fixed.keys()}
        built = rule.build({**fixed, **parts}, append_unknown=False)
        assert built
        return str(built[1])

    def ask(self, who: Who, rule: Rule, method: str) -> int | str:
        """What became of it: a status, or where to sign in is asked for."""
        client = self.clients[who]
        sent = (
            {
                "csrf_token": csrf_token(client) if rule.rule in END_THE_SESSION else self.tokens[who],
                **SENT.get(rule.rule, {}),
            }
            if method == "POST"
            else None
        )
        with client.open(self.address(rule), method=method, data=sent) as answer:
            answer.get_data()  # to its end, as a browser reads it
            asked_in = answer.status_code == 303 and answer.location.startswith("/sign-in")
            return "sign in" if asked_in else answer.status_code


CLEARANCE = "K7QX-2M9P"
REPORT = "R7QX-2M9P"
END_THE_SESSION = {"/kiosk/over", "/sign-out"}
AT: Mapping[str, Mapping[str, object]] = {
    "/account/sessions/<int:key>/end": {"key": 10_000},
    **{f"/authorizations/<int:key>/{decided}": {"key": 1} for decided in ("approve", "refuse", "revoke")},
    **{f"/policy/{name}/<int:key>/end": {"key": 1} for name in ("notes", "recordings", "spokespersons", "training")},
    **{
        f"/policy/{name}/<int:key>/{act}": {"key": 1}
        for name in ("accounts", "rules")
        for act in ("approve", "refuse", "end")
    },
    "/policy/acknowledgements/<int:key>.pdf": {"key": 1},
    "/staff/authorizations/<int:key>/revoke": {"key": 1},
    **{f"/erasures/<int:key>{decided}": {"key": 1} for decided in ("", "/approve", "/refuse")},
    "/guardianships/<int:key>/end": {"key": 1},
    "/looks/<int:source>/<int:key>": {"source": 1, "key": 1},
    "/withdrawals/<path:record>/void": {"record": "W-1"},
    "/P/<number>": {"number": CLEARANCE},
    **{
        f"/reports/<number>{act}": {"number": REPORT, "step": "corrected"}
        for act in ("", "/assign", "/<any(corrected,closed):step>")
    },
    **{f"/takedowns/<int:key>{act}": {"key": 1} for act in ("", "/assign", "/close")},
    **{
        f"/clearances/<number>{page}": {"number": CLEARANCE}
        for page in ("", "/certificate.pdf", "/clear", "/picture", "/post")
    },
}
"""Where a part of an address means something else than elsewhere."""
SENT: Mapping[str, Mapping[str, str]] = {
    "/kiosks/address": {"name": "Front desk 1"},
    "/patrons/<path:patron>/programs/end": {"program": "swim"},
    "/programs/<path:program>/people": {"patron": "marked"},
    "/programs/<path:program>/people/end": {"patron": "not-known"},
}
"""What must be sent for the page to know whom it is about; nothing of it changes anything."""


PROTECTED: Mapping[str, tuple[str, ...]] = {
    "birth date": ("2014-11-23", "11/23/2014", "23/11/2014", "November 23", "Nov 23", "23 de noviembre", "23 nov"),
    "guardian": ("Gudrun",),
    "contact": ("gudrun@mark.example", "602-555-0199"),
    "reason for a hold": ("Order Markheim",),
    "reason for a voiding": ("Error Markheim",),
}
"""What stands in the fields of one person that not everybody may see, however a page writes it."""
MARKED = (
    {"type": "patron", "id": "marked", "first_name": "Mara", "last_name": "Mark", "born": "2014-11-23"},
    {
        "type": "guardian", "id": "mother-of-marked", "first_name": "Gudrun", "last_name": "Mark",
        "email": "gudrun@mark.example", "phone": "602-555-0199",
    },
    {
        "type": "guardianship", "guardian": "mother-of-marked", "patron": "marked", "relationship": "parent",
        "since": ago(3000),
    },
    consent("C-marked", "marked"),
    {"type": "hold", "id": "H-marked", "patron": "marked", "since": ago(5), "reason": "Order Markheim"},
    {"type": "enrollment", "patron": "marked", "program": "camp"},
)  # fmt: skip


def a_walk(app: Flask) -> Walk:
    now = datetime.now(UTC)
    kiosk = AtKiosk(app)
    keep(app, MARKED, now=now)
    signed = KioskOfService(app)
    submission = signed.reviewed(a_sitting(), now=now)
    tapped = signed.tap(submission, now=now)
    clerk = hire(app, Role.RECORDS_OFFICER, email="clerk@city.example", name="Cleo Clerk")
    with app.app_context():
        session = db.session()
        zone = app.config["CONSENT"].zone
        asker = Asker(Door.ROSTER, EVERYTHING, staff_id=clerk)
        told = {"by": f"staff:{clerk}", "now": now}
        roster = print_roster(session, "camp", sort=SortBy.LAST, asker=asker, zone=zone, **told)
        head = Letterhead("Recreation", "http://localhost:8000")
        [card] = issue_cards(session, ["marked"], letterhead=head, asker=asker, zone=zone, **told)
        voiding = request_voiding(session, RecordKind.CONSENT, "C-marked", "Error Markheim", staff_id=clerk, **told)
        spare = hire(app, email="spare@city.example", name="Sol Spare")
        posting = a_row(session, PostingRequest, staff_id=spare, requested_by=clerk)
        a_row(session, ErasureRequest, requested_by=clerk)
        _fill_registers(session, clerk, spare)
        _clear_a_post(session, clerk)
        closing = a_row(session, Platform)["external_id"]
        session.commit()
        assert posting["id"] == 1
        paper = on_paper(signed_on=date.today() - timedelta(days=2), sitting=by_oneself())  # noqa: DTZ011  # any day will do
        entered = enter_paper(session, paper, staff_id=clerk, department="Recreation", zone=zone, **told)
        values = {
            "code": card.code,
            "filename": "css/house.css",
            "form": "media",
            "guardian": "mother-of-marked",
            "hold": "H-marked",
            "key": voiding,
            "kiosk": session.scalar(select(Kiosk.id).where(Kiosk.name == "Front desk 1")),
            "language": "es",
            "number": 1,
            "page": 1,
            "paper": entered,
            "patron": "marked",
            "platform": closing,
            "program": "camp",
            "reason": "age",
            "record": "C-yes",
            "reference": tapped.reference,
            "serial": roster.serial,
            "staff": spare,
            "token": submission.copy_token,
            "version": 1,
            "withdrawal": "W-1",
        }
        api_token = add_token(session, "archive", **told)
    clients = dict(_walkers(app, kiosk))
    return Walk(app, values, api_token, clients, {who: csrf_token(client) for who, client in clients.items()})


def _fill_registers(session: Session, asker: int, person: int) -> None:
    """One entry of each, the first that there is; everybody has acknowledged but for who walks."""
    camp = session.scalars(select(Program.id).where(Program.external_id == "camp")).one()
    version = a_row(session, PolicyVersion, added_by=asker, in_force_from=date(2020, 1, 1))["id"]
    paper = b"%PDF the signed paper"
    rows = [
        a_row(session, PlatformAccount, asked_by=asker),
        a_row(session, PostingRule, asked_by=asker),
        a_row(session, Training, staff_id=person, added_by=asker),
        a_row(session, Spokesperson, staff_id=person, named_by=asker),
        a_row(session, RecordingAuthorization, staff_id=person, supervisor_id=asker, program_id=camp),
        a_row(session, CommunicationNote, added_by=asker, program_id=camp),
        a_row(
            session, PolicyAcknowledgement, staff_id=person, policy_version_id=version, pdf=paper,
            pdf_sha256=hashlib.sha256(paper).hexdigest(),
        ),
    ]  # fmt: skip
    assert {row["id"] for row in rows} == {1}


def _clear_a_post(session: Session, clerk: int) -> None:
    """Of the person who is marked; posted and taken down already, so that nothing that is sent changes anything."""
    patron = session.scalar(select(Patron.id).where(Patron.external_id == "marked"))
    made = a_row(session, Clearance, number=CLEARANCE, made_by=clerk)["id"]
    a_row(session, ClearancePerson, clearance_id=made, patron_id=patron)
    decided = a_row(session, ClearanceDecision, clearance_id=made, decided_by=clerk)["id"]
    post = a_row(session, Post, clearance_id=made, decision_id=decided, told_by=clerk)["id"]
    task = a_row(session, Takedown, post_id=post, patron_id=patron, reason=Reason.HOLD.value)["id"]
    a_row(session, TakedownClosing, takedown_id=task, closed_by=clerk)
    report = a_row(session, Report, number=REPORT, reported_by=clerk)["id"]
    a_row(session, ReportProgress, report_id=report, step=ReportStep.CLOSED.value, done_by=clerk)
    assert task == 1


def _walkers(app: Flask, kiosk: AtKiosk) -> Iterator[tuple[Who, FlaskClient]]:
    for role in Role:
        programs = ("camp",) if role is Role.PROGRAM_LEAD else ()
        yield Who(role.value), signed_in(app, role, email=f"{role.value}@city.example", programs=programs)
    other = signed_in(app, Role.PROGRAM_LEAD, email="other-lead@city.example", programs=("swim",))
    yield Who.OTHER_LEAD, other
    gone = "gone@city.example"
    yield Who.DISABLED, signed_in(app, *Role, email=gone)
    with app.app_context():
        db.session.execute(update(Staff).where(Staff.email == gone).values(active=False))
        db.session.commit()
    yield Who.NOBODY, app.test_client()
    yield Who.KIOSK, kiosk.ready().client
