"""Which rules hold on a platform, in a program or at a place? Somebody asks, a director decides. (IV.a.iv)"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Permission
from consent.domain.registers import Asked, Days, EntryState, asked_state, days_state
from consent.domain.vocabulary import Language, Use
from consent.services.acting import Acting, OwnAccount, begin_as
from consent.services.checks import Asker
from consent.services.ledger import Event, record
from consent.services.registers import (
    EntryDecided,
    EntryWrong,
    Fault,
    check_days,
    end_entry,
    find_entry,
    program_to_choose,
    record_entry,
)
from consent.storage import rules as stored
from consent.storage.models import Platform, PostingRule, RuleDecision
from consent.storage.signings import platforms_approved


@dataclass(frozen=True, slots=True)
class WantedRule:
    """A rule as it is asked for, of one platform, one program or one place; at a place it forbids nothing by itself."""

    text_en: str
    text_es: str
    starts: date
    last_day: date | None = None
    platform: str = ""
    program: str = ""
    place: str = ""
    forbids: frozenset[Use] = frozenset()
    minors_only: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule and what became of it, for a page or a paper."""

    key: int
    platform: str | None
    platform_name: str | None
    program: str | None
    program_name: str | None
    place: str | None
    text_en: str
    text_es: str
    forbids: frozenset[Use]
    minors_only: bool
    starts: date
    last_day: date | None
    asker_id: int
    asked_by: str
    state: EntryState

    @property
    def where(self) -> str:
        return self.platform_name or self.program_name or self.place or ""

    def text(self, language: str) -> str:
        return self.text_es if language == Language.SPANISH else self.text_en


def list_rules(session: Session, *, today: date) -> list[Rule]:
    """The latest first."""
    return [_rule(row, today) for row in stored.rules(session)]


def rules_here(session: Session, *, platform: str | None, program: str | None, today: date) -> list[Rule]:
    """Those in force on the platform, in the program, and at any place; of those not named, all."""
    return [
        rule
        for rule in (_rule(row, today) for row in stored.rules_in_force(session, today))
        if (platform is None or rule.platform in {None, platform}) and (rule.program in {None, program})
    ]


def how_many_wait(session: Session) -> int:
    return stored.waiting(session)


def answers_touched(session: Session, wanted: WantedRule, *, asker: Asker, now: datetime) -> int:
    """How many signed records in force say yes to what it would forbid. Raises EntryWrong."""
    platform, program = _area(session, wanted, asker, now)
    if not wanted.forbids:
        return 0
    return stored.consents_touched(session, wanted.forbids, platform_id=platform, program_id=program, now=now)


def ask_for_rule(session: Session, wanted: WantedRule, *, asker: Asker, acting: Acting) -> int:
    """A lead within their own programs only. Gives its number. Raises EntryWrong."""
    begin_as(session, acting, Permission.ASK_FOR_RULES)
    platform, program = _area(session, wanted, asker, acting.now)
    check_days(wanted.starts, wanted.last_day, today=acting.today)
    row = PostingRule(
        platform_id=platform,
        program_id=program,
        place=wanted.place or None,
        text_en=wanted.text_en,
        text_es=wanted.text_es,
        forbids=" ".join(sorted(wanted.forbids)),
        minors_only=wanted.minors_only,
        starts=wanted.starts,
        last_day=wanted.last_day,
        asked_by=acting.staff_id,
        asked_at=acting.now,
    )
    key = record_entry(session, row, EventKind.RULE_REQUESTED, by=acting.by, now=acting.now)
    session.commit()
    return key


def decide_on_rule(session: Session, key: int, *, approved: bool, acting: Acting) -> None:
    """Raises UnknownEntry, EntryDecided or OwnAccount."""
    begin_as(session, acting, Permission.APPROVE_RULES)
    rule = find_entry(session, PostingRule, key)
    if acting.staff_id == rule.asked_by:
        raise OwnAccount("Nobody decides on what they asked for.")
    if rule.ended_at or session.get(RuleDecision, key):
        raise EntryDecided("Somebody has decided on it already.")
    record_rule_decision(session, rule, approved=approved, by_id=acting.staff_id, now=acting.now)
    session.commit()


def record_rule_decision(session: Session, rule: PostingRule, *, approved: bool, by_id: int, now: datetime) -> None:
    """As part of a larger change: the caller holds the writer's turn and commits."""
    session.add(
        RuleDecision(rule_id=rule.id, asked_by=rule.asked_by, approved=approved, decided_by=by_id, decided_at=now)
    )
    kind = EventKind.RULE_APPROVED if approved else EventKind.RULE_REFUSED
    record(session, Event(kind, {"entry": rule.id}), by=f"staff:{by_id}", now=now)


def end_rule(session: Session, key: int, *, acting: Acting) -> None:
    """From now on it holds no more. Raises UnknownEntry or EntryDecided."""
    begin_as(session, acting, Permission.APPROVE_RULES)
    end_entry(session, find_entry(session, PostingRule, key), EventKind.RULE_ENDED, acting=acting)


def _area(session: Session, wanted: WantedRule, asker: Asker, now: datetime) -> tuple[int | None, int | None]:
    """The keys of the platform and the program. Raises EntryWrong."""
    named = [area for area in (wanted.platform, wanted.program, wanted.place) if area]
    if len(named) != 1:
        raise EntryWrong("place", Fault.NOT_ONE_AREA)
    if wanted.place and wanted.forbids:
        raise EntryWrong("forbids", Fault.ONLY_TOLD)
    program = program_to_choose(session, wanted.program, asker=asker).id if wanted.program else None
    return _platform(platforms_approved(session, now), wanted.platform), program


def _platform(approved: Sequence[Platform], external_id: str) -> int | None:
    found = [platform.id for platform in approved if platform.external_id == external_id]
    if external_id and not found:
        raise EntryWrong("platform", Fault.NOT_TO_CHOOSE)
    return found[0] if found else None


def _rule(row: stored.RuleRow, today: date) -> Rule:
    rule, platform, program = row.rule, row.platform, row.program
    state = asked_state(Asked(row.approved, rule.ended_at))
    if state is EntryState.IN_FORCE:
        state = days_state(Days(rule.starts, rule.last_day), today=today)
    return Rule(
        rule.id,
        platform.external_id if platform else None,
        platform.name if platform else None,
        program.external_id if program else None,
        program.name if program else None,
        rule.place,
        rule.text_en,
        rule.text_es,
        frozenset(Use(use) for use in rule.forbids.split()),
        rule.minors_only,
        rule.starts,
        rule.last_day,
        rule.asked_by,
        row.asker,
        state,
    )
