"""What does a registry look like after a busy week? Everything that anybody can do was done, through its service."""

from dataclasses import replace
from datetime import date, timedelta, tzinfo
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from consent.domain.authority import Authority
from consent.domain.authorizations import AccessLevel
from consent.domain.cards import Letterhead
from consent.domain.copies import SignedCopy
from consent.domain.exchange.writing import as_said
from consent.domain.looks import LookKind
from consent.domain.name_order import SortBy
from consent.domain.permissions import Permission, Role
from consent.domain.reports import ReportStep
from consent.domain.takedowns import TakedownOutcome
from consent.domain.vocabulary import AskedHow, Language, Media, Relationship, Use
from consent.services import (
    accounts,
    authorizations,
    corrections,
    enrollments,
    erasures,
    guardianships,
    holds,
    notes,
    policy,
    programs,
    recordings,
    rules,
    spokespersons,
    tokens,
    training,
    voidings,
    withdrawals,
)
from consent.services.cards import issue_cards
from consent.services.checkpoints import make_checkpoint
from consent.services.checks import Ask, Asker, Door, check_patrons
from consent.services.copies_stored import store_missing_copies
from consent.services.erasures_ordered import approve_erasure
from consent.services.looks import Seen, record_looks
from consent.services.paper_entries import enter_paper
from consent.services.platforms import add_platform
from consent.services.reports import NewReport, assign_report, make_report, take_step
from consent.services.rosters import print_roster
from consent.services.sealed_checks import seal_checks
from consent.services.staff import NewStaff, add_staff
from consent.services.takedowns import list_open
from consent.services.takedowns_closed import Closing, assign_task, close_task
from consent.services.voidings import RecordKind
from consent.services.witness import reject_signing
from consent.storage.database import CHECKS, db
from tests.builders.camp import CAMP, a_consent, a_person
from tests.builders.clearances import Department
from tests.builders.colleagues import NOW, TODAY, acting
from tests.builders.desk import INES, ROSA, SOON, FrontDesk, a_family
from tests.builders.papers import on_paper
from tests.builders.sittings import DEPARTMENT, a_sitting, by_oneself

EVERYTHING = frozenset(Permission)
LATER = SOON + timedelta(hours=1)
LATER_STILL = NOW + timedelta(days=1)
CLERK, LEAD = "clerk@city.example", "lead@city.example"


def a_used_registry(app: Flask) -> FrontDesk:
    limited = a_consent("P-limits", platforms=["facebook"], programs=[CAMP], voided_at="2026-05-02T10:00:00Z")
    taken_back = {
        "type": "withdrawal", "id": "W-old", "patron": "P-limits", "signer": "self",
        "at": "2026-06-01T10:00:00Z", "uses": ["tag"],
    }  # fmt: skip
    old_form = {**a_family()[0], "id": "old", "withdrawn_at": "2026-01-01T00:00:00Z"}
    people = [
        *a_person("P-tagged", "Di", "Dor", handles={"facebook": "@di"}),
        *a_person("P-limits", "Ben", "Avilla", handles={"facebook": "@ben"}),
        *a_person("P-gone", "Gil", "Gone"),
        limited,
        taken_back,
    ]
    desk = FrontDesk(app, [*a_family(), old_form, a_consent("P-ok"), *people])
    _sign_and_witness(desk)
    with app.app_context():
        session, clerk = db.session(), add_staff(db.session(), _staff(CLERK, Role.RECORDS_OFFICER), **BY_TERMINAL).id
        lead = add_staff(session, _staff(LEAD, Role.PROGRAM_LEAD), **BY_TERMINAL).id
        _correct(session, desk, lead)
        _take_back_and_void(session, desk, clerk)
        _print(session, desk, clerk)
        paper = on_paper(sitting=a_sitting(replace(INES, first_name="Ivo"), signer=ROSA))
        enter_paper(
            session, paper, staff_id=clerk, by=f"staff:{clerk}", department=DEPARTMENT, zone=desk.zone, now=SOON
        )
        staff = _authorize(session, lead)
        _post(session, desk, staff)
        _take_down_and_correct(session, staff, desk.zone)
        _fill_registers(session, staff, desk.zone)
        _erase(session, desk, clerk)
        _look_up(app, clerk)
        store_missing_copies(session, _drawn, settings=app.config["CONSENT"], now=LATER)
        seal_checks(session, LATER)
        make_checkpoint(session, app.config["CONSENT"], by="tick", now=LATER)
    return desk


BY_TERMINAL: dict[str, Any] = {"by": "command-line", "now": SOON}


def _staff(email: str, role: Role) -> NewStaff:
    return NewStaff(email, "Cleo Clerk", frozenset({role}), password_hash="never used")


def _sign_and_witness(desk: FrontDesk) -> None:
    twins = [INES, replace(INES, first_name="Iris", platforms=("facebook",), programs=(CAMP,))]
    desk.confirm(desk.signed(*twins, signer=ROSA), "P-Ines", "P-Iris")
    desk.signed()
    desk.confirm(desk.sign(by_oneself()), None)
    with desk.session() as session:
        stranger = desk.signed(replace(INES, first_name="Otto"), signer=ROSA)
        reject_signing(session, stranger, "Nobody knows them", **desk.by_whom())


def _correct(session: Session, desk: FrontDesk, lead: int) -> None:
    who = _by(desk)
    line = corrections.open_patron(session, "P-limits")
    other = replace(line, last_name="Ávila-Núñez", handles=())
    corrections.correct_patron(
        session, as_said(line), other, reason="Misspelled", order_seen=False, zone=desk.zone, **who
    )
    mother = corrections.open_guardian(session, "G-P-limits")
    corrections.correct_guardian(session, as_said(mother), replace(mother, phone="555-0100"), reason="New phone", **who)
    program, _ = programs.program_line(session, CAMP)
    longer = replace(program, ends=program.ends + timedelta(days=1))
    programs.change_program(session, as_said(program), longer, frozenset({lead}), **who)
    programs.change_program(session, as_said(longer), longer, frozenset(), **who)
    programs.change_program(session, as_said(longer), longer, frozenset({lead}), **who)
    asker = Asker(Door.ROSTER, EVERYTHING, staff_id=desk.staff_id)
    for change in (enrollments.end_enrollment, enrollments.enroll, enrollments.end_enrollment):
        change(session, "P-limits", CAMP, asker=asker, **who)
    new = guardianships.NewGuardian("Abe", "Ávila", None, "555-0101", "abe")
    authority = Authority(Relationship.PARENT, date(2024, 1, 1))
    key = guardianships.add_guardianship(session, "P-ok", new, authority, staff_id=desk.staff_id, zone=desk.zone, **who)
    guardianships.end_guardianship(session, key, until=None, reason="Told so", order_seen=True, **who)
    held = [holds.place_hold(session, holds.NewHold("P-ok", "Court order", name), **who) for name in ("one", "two")]
    holds.lift_hold(session, held[0], until=LATER, why="Order lifted", **who)


def _take_back_and_void(session: Session, desk: FrontDesk, clerk: int) -> None:
    who = _by(desk)
    told = withdrawals.TakenBack("P-ok", "G-P-ok", frozenset({Use.TAG, Use.PHOTO}), AskedHow.IN_PERSON, "w1")
    taken = withdrawals.record_withdrawal(session, told, staff_id=desk.staff_id, zone=desk.zone, **who)
    for kind, record in ((RecordKind.CONSENT, "C-P-ok"), (RecordKind.WITHDRAWAL, taken)):
        for decide in (voidings.refuse_voiding, voidings.second_voiding):
            asked = voidings.request_voiding(session, kind, record, "Wrong child", staff_id=desk.staff_id, **who)
            decide(session, asked, staff_id=clerk, by=f"staff:{clerk}", now=LATER)


def _print(session: Session, desk: FrontDesk, clerk: int) -> None:
    who = {"by": f"staff:{clerk}", "zone": desk.zone, "now": LATER}
    asker = Asker(Door.ROSTER, EVERYTHING, staff_id=clerk)
    head = Letterhead("Recreation", "http://localhost:8000")
    for _ in range(2):
        issue_cards(session, ["P-ok", "P-Ines"], letterhead=head, asker=asker, **who)
    print_roster(session, CAMP, sort=SortBy.LAST, asker=asker, **who)
    for name in ("archive", "scheduler"):
        tokens.add_token(session, name, **BY_TERMINAL)
    tokens.revoke_token(session, "archive", by="command-line", now=LATER)


def _authorize(session: Session, whom: int) -> dict[str, int]:
    officers = [
        add_staff(session, _staff(f"{role}@city.example", role), **BY_TERMINAL).id
        for role in (Role.ADMINISTRATOR, Role.DIRECTOR)
    ]
    manager, director = (acting(officer) for officer in officers)
    wanted = authorizations.Wanted("facebook", "City", AccessLevel.POST, date(2026, 12, 31))
    for _ in range(2):
        authorizations.request_posting(session, whom, wanted, acting=manager)
    authorizations.refuse_posting(session, 1, acting=director)
    authorizations.approve_posting(session, 2, acting=director)
    return {"poster": whom, "boss": manager.staff_id, "director": director.staff_id}


def _post(session: Session, desk: FrontDesk, staff: dict[str, int]) -> None:
    department = Department(session, staff, desk.zone)
    department.post(department.cleared("P-Ines", now=LATER), now=LATER)
    department.cleared("P-Iris", now=LATER)
    for name, whose in (("w2", "P-Iris"), ("w3", "P-Ines")):
        told = withdrawals.TakenBack(whose, "self", None, AskedHow.IN_PERSON, name)
        withdrawals.record_withdrawal(
            session, told, staff_id=desk.staff_id, zone=desk.zone, **_by(desk) | {"now": LATER}
        )


def _take_down_and_correct(session: Session, staff: dict[str, int], zone: tzinfo) -> None:
    boss = staff["boss"]
    done: dict[str, Any] = {"by": f"staff:{boss}", "now": LATER}
    given = {"assigned_by": boss, "today": LATER.date(), **done}
    [task] = list_open(session, permissions=EVERYTHING, zone=zone, now=LATER)
    assign_task(session, task.key, boss, **given)
    gone = Closing(TakedownOutcome.GONE, gone_at=LATER, reposts_asked=True)
    close_task(session, task.key, gone, staff_id=boss, zone=zone, **done)
    new = NewReport("AAAA-BBBB", "facebook", "https://www.facebook.com/cityparks/posts/1?comment=2", "Names a child")
    make_report(session, new, due_on=TODAY, staff_id=boss, **done)
    assign_report(session, new.number, staff["director"], **given)
    take_step(session, new.number, ReportStep.CORRECTED, "Hid the comment", staff_id=boss, **done)


def _erase(session: Session, desk: FrontDesk, clerk: int) -> None:
    rule = erasures.Rule(retention_years=6, zone=desk.zone)
    wanted = erasures.Wanted("P-gone", "Asked for it", "Schedule 1")
    director = add_staff(session, _staff("second@city.example", Role.DIRECTOR), **BY_TERMINAL).id
    refused = erasures.request_erasure(session, wanted, rule, acting=acting(clerk))
    erasures.refuse_erasure(session, refused, acting=acting(director))
    approved = erasures.request_erasure(session, wanted, rule, acting=acting(clerk))
    approve_erasure(session, approved, rule, despite=None, acting=acting(director))


def _fill_registers(session: Session, staff: dict[str, int], zone: tzinfo) -> None:
    """One entry of each register, decided on by the director where it must be."""
    whom, manager, director = staff["poster"], acting(staff["boss"]), acting(staff["director"])
    asker = Asker(Door.ROSTER, EVERYTHING, staff_id=manager.staff_id)
    add_platform(session, "Flickr", TODAY, zone=zone, by="test", now=NOW)
    wanted = accounts.WantedAccount("flickr", whom, "@city", "https://flickr.com/city", "All", "News", "A year")
    accounts.decide_on_account(
        session, accounts.ask_for_account(session, wanted, acting=manager), approved=True, acting=director
    )
    rule = rules.WantedRule("No tags.", "Sin etiquetas.", TODAY, TODAY, program=CAMP, forbids=frozenset({Use.TAG}))
    rules.decide_on_rule(
        session, rules.ask_for_rule(session, rule, asker=asker, acting=manager), approved=True, acting=director
    )
    training.add_training(session, whom, "Social media", TODAY, None, acting=manager)
    recording = recordings.WantedRecording(whom, "Camera 1", CAMP, frozenset({Media.STILL}), NOW, LATER_STILL)
    recordings.authorize_recording(session, recording, asker=asker, acting=manager)
    spokespersons.name_spokesperson(session, whom, TODAY, TODAY, acting=director)
    notes.give_note(session, notes.WantedNote(CAMP, "Call us.", "Llame.", TODAY), asker=asker, acting=manager)
    policy.publish_version(session, policy.WantedVersion("6.5", "2", "City Clerk", "Words", TODAY), acting=manager)
    reading = policy.Reading("Ada", Language.ENGLISH, "Recreation", zone)
    policy.acknowledge(session, reading, lambda signed: signed.name.encode(), acting=manager)


def _look_up(app: Flask, clerk: int) -> None:
    engine, asker = db.engines[CHECKS], Asker(Door.LOOK_UP, EVERYTHING, staff_id=clerk)
    check_patrons(
        engine, [1, 2, 3], Ask(("photo", "tag"), LATER), asker=asker, zone=app.config["CONSENT"].zone, now=LATER
    )
    record_looks(engine, LookKind.NAME_SEARCH, [Seen("P-ok"), Seen(about="P-ok")], by=f"staff:{clerk}", now=LATER)


def _by(desk: FrontDesk) -> dict[str, Any]:
    return {"by": f"staff:{desk.staff_id}", "now": SOON}


def _drawn(copy: SignedCopy) -> bytes:
    """In place of a paper, which takes its time to draw."""
    return copy.reference.encode()
