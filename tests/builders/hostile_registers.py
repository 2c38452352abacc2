"""Where do people's words end up in the department's registers? In an entry of each, waiting or in force."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import cycle

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from consent.documents.acknowledgements import draw_acknowledgement
from consent.domain.policy import Acknowledged
from consent.domain.reports import ReportStep
from consent.domain.vocabulary import Language
from consent.storage.models import (
    AccountDecision,
    Clearance,
    ClearanceCapture,
    ClearanceDecision,
    ClearancePerson,
    CommunicationNote,
    Patron,
    Platform,
    PlatformAccount,
    PolicyAcknowledgement,
    PolicyVersion,
    Post,
    PostingRule,
    Program,
    RecordingAuthorization,
    Report,
    ReportProgress,
    RuleDecision,
    Spokesperson,
    Takedown,
    TakedownClosing,
    Training,
)
from tests.builders.hostile import packed
from tests.builders.rows import LONG_AGO, a_row

YEAR = timedelta(days=365)


def fill_registers(session: Session, texts: Sequence[str], *, mine: int, other: int, today: date) -> None:
    """`other` asked for everything; whoever looks decides on half of it. The caller commits."""
    names, longer = cycle(packed(128, texts)), cycle(packed(900, texts))
    platforms = session.scalars(select(Platform.id).order_by(Platform.id)).all()
    programs = session.scalars(select(Program.id).order_by(Program.id)).all()
    days = {"starts": today, "last_day": today + YEAR}
    for place in range(len(packed(128, texts))):
        program = programs[place % 6 % len(programs)]
        area = cycle(_areas(platforms, programs, next(names)))
        account = a_row(
            session, PlatformAccount, platform_id=platforms[place % len(platforms)],
            owner_id=mine if place % 3 else None, handle=next(names), url=f"https://{next(names)}",
            audience=next(names), purposes=next(longer),
            retention=next(names), asked_by=other,
        )  # fmt: skip
        rules = [
            a_row(
                session, PostingRule, text_en=next(longer), text_es=next(longer), asked_by=other, **days, **next(area)
            )
            for _ in range(3)
        ]
        if place % 2:
            decided = {"asked_by": other, "decided_by": mine}
            a_row(session, AccountDecision, account_id=account["id"], **decided)
            for rule in rules:
                a_row(session, RuleDecision, rule_id=rule["id"], **decided)
        added = {"staff_id": mine, "added_by": other}
        a_row(session, Training, course=next(names), taken_on=today, valid_until=today + YEAR, **added)
        a_row(session, Spokesperson, staff_id=mine, named_by=other, **days)
        a_row(
            session, RecordingAuthorization, staff_id=mine, supervisor_id=other, device=next(names), program_id=program,
            starts_at=LONG_AGO,
        )  # fmt: skip
        told = {"text_en": next(longer), "text_es": next(longer), "program_id": program}
        a_row(session, CommunicationNote, added_by=other, **told)
        version = a_row(
            session, PolicyVersion, number=next(names)[:100], version=f"{place} {next(names)}"[:128],
            reference=next(longer), text="\n".join(texts), added_by=other, in_force_from=today - YEAR,
        )  # fmt: skip
        signed = {"staff_id": mine, "policy_version_id": version["id"], "signed_as": next(names)}
        paper = draw_acknowledgement(_acknowledged(version, signed["signed_as"]))
        a_row(session, PolicyAcknowledgement, pdf=paper, pdf_sha256=hashlib.sha256(paper).hexdigest(), **signed)


def _acknowledged(version: RowMapping, name: str) -> Acknowledged:
    return Acknowledged(
        department=name, number=version["number"], version=version["version"], reference=version["reference"],
        in_force_from=version["in_force_from"], text_sha256="", name=name, signed_as=name, at=LONG_AGO,
        language=Language.ENGLISH,
    )  # fmt: skip


def fill_clearances(session: Session, texts: Sequence[str], *, mine: int) -> None:
    """A post for each text, every other one posted. The caller commits."""
    names, longer = cycle(packed(128, texts)), cycle(packed(300, texts))
    accounts = cycle(session.scalars(select(PlatformAccount.id).order_by(PlatformAccount.id)).all())
    patrons = cycle(session.scalars(select(Patron.id).order_by(Patron.id)).all())
    for place in range(len(packed(128, texts))):
        made = a_row(session, Clearance, what=next(longer), account_id=next(accounts), made_by=mine)["id"]
        a_row(session, ClearancePerson, clearance_id=made, patron_id=next(patrons))
        a_row(session, ClearanceCapture, clearance_id=made, staff_id=mine, device=next(names))
        if place % 2:
            # An event past the ledger would tear its tree, and with it every proof.
            decided = a_row(session, ClearanceDecision, clearance_id=made, decided_by=mine, event_position=1)["id"]
            post = a_row(
                session, Post, clearance_id=made, decision_id=decided, told_by=mine, url=f"https://{next(names)}"
            )
            _correct(session, post["id"], next(patrons), next(longer), mine=mine)


def _correct(session: Session, post: int, patron: int, text: str, *, mine: int) -> None:
    """A post that came down, and one that was reported and corrected, half of them closed."""
    task = a_row(session, Takedown, post_id=post, patron_id=patron)["id"]
    report = a_row(session, Report, wrong=text, url=f"https://{text}", reported_by=mine)["id"]
    a_row(session, ReportProgress, report_id=report, note=text, done_by=mine)
    if post % 2:
        a_row(session, TakedownClosing, takedown_id=task, note=text, closed_by=mine)
        a_row(session, ReportProgress, report_id=report, note=text, done_by=mine, step=ReportStep.CLOSED.value)


def _areas(platforms: Sequence[int], programs: Sequence[int], place: str) -> Iterator[dict[str, object]]:
    yield {"platform_id": platforms[0]}
    yield {"program_id": programs[0]}
    yield {"place": place, "platform_id": None}
