"""Is it cleared? Decided within one change, so that a withdrawal of a moment ago counts."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from consent.domain.decision import Verdict
from consent.domain.events import EventKind
from consent.domain.exchange.values import show_instant
from consent.domain.gate import uses_asked
from consent.domain.gate_codes import Failure, GateCode
from consent.domain.gate_facts import ChecklistItem, Limit, LimitKind
from consent.domain.refusals import ConsentError
from consent.domain.vocabulary import Channel, Reason, Use
from consent.services.checks import Ask, Asker, record_verdicts
from consent.services.clearances_kept import clearance_numbered
from consent.services.clearances_weighed import Ticked, Weighed, weigh
from consent.services.ledger import Event, record
from consent.storage import clearances as stored
from consent.storage.database import begin_writing
from consent.storage.models import ClearanceDecision, ClearanceVerdict


class PostedAlready(ConsentError):
    """It stands on its platform; what was cleared is not cleared again."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate said when somebody asked it to clear, as it was kept."""

    key: int
    allowed: bool
    decided_by: int
    name: str
    decided_at: datetime
    posting_at: datetime
    ticked: Ticked
    failures: tuple[Failure, ...]
    event_position: int


def decide_clearance(
    session: Session, number: str, ticked: Ticked, *, asker: Asker, by: str, zone: tzinfo, now: datetime
) -> bool:
    """Whether it is cleared. Cleared already, it is not decided again. Raises UnknownRecord or PostedAlready."""
    begin_writing(session)
    kept, staff_id = clearance_numbered(session, number), asker.staff_id or 0
    if stored.post_of(session, kept.Clearance.id):
        raise PostedAlready("This is posted already.")
    weighed = weigh(session, kept, staff_id=staff_id, ticked=ticked, zone=zone, now=now)
    known = stored.latest_decision(session, kept.Clearance.id)
    if known and known.ClearanceDecision.allowed and not known.ClearanceRecheck and weighed.outcome.allowed:
        session.rollback()
        return True
    allowed = weighed.outcome.allowed
    kind = EventKind.CLEARANCE_GIVEN if allowed else EventKind.CLEARANCE_REFUSED
    position = record(session, Event(kind, _content(kept, weighed, ticked)), by=by, now=now)
    decision = ClearanceDecision(
        clearance_id=kept.Clearance.id,
        allowed=allowed,
        decided_by=staff_id,
        decided_at=now,
        posting_at=weighed.asked.posted_at,
        checklist=" ".join(sorted(ticked.checklist)),
        failures=_written(_told(failure) for failure in weighed.outcome.failures),
        limits=_written(list(limit) for limit in sorted(ticked.limits & set(weighed.outcome.limits))),
        event_position=position,
    )
    session.add(decision)
    session.flush()
    _keep_verdicts(session, decision.id, weighed, asker=asker, now=now)
    session.commit()
    return allowed


def decision_of(row: Row[*tuple[Any, ...]]) -> Decision:
    """As it was kept, read again."""
    kept = row.ClearanceDecision
    limits = frozenset(Limit(LimitKind(kind), person) for kind, person in json.loads(kept.limits))
    checklist = frozenset(ChecklistItem(item) for item in kept.checklist.split())
    return Decision(
        key=kept.id,
        allowed=kept.allowed,
        decided_by=kept.decided_by,
        name=row.by,
        decided_at=kept.decided_at,
        posting_at=kept.posting_at,
        ticked=Ticked(checklist, limits),
        failures=tuple(_failure(**told) for told in json.loads(kept.failures)),
        event_position=kept.event_position,
    )


def _keep_verdicts(session: Session, decision_id: int, weighed: Weighed, *, asker: Asker, now: datetime) -> None:
    """Beside the decision, and in the record of checks of everybody in it."""
    keys = {external_id: key for key, external_id in weighed.people.items()}
    session.add_all(
        ClearanceVerdict(
            decision_id=decision_id,
            patron_id=keys[answered.person],
            use=answered.use.value,
            capture=answered.capture,
            at=answered.at,
            allowed=answered.verdict.allowed,
            reason=answered.verdict.reason and answered.verdict.reason.value,
            basis=_written(answered.verdict.basis),
        )
        for answered in weighed.outcome.answers
    )
    verdicts: dict[int, dict[str, Verdict]] = {}
    for answered in weighed.outcome.answers:
        if answered.capture is None:
            verdicts.setdefault(keys[answered.person], {})[answered.use.value] = answered.verdict
    asked = weighed.asked
    account = weighed.facts.accounts.get(asked.account)
    ask = Ask(
        tuple(sorted(uses_asked(asked))),
        asked.posted_at,
        asked.platform,
        (account.channel if account else Channel.DEPARTMENT).value,
        asked.program,
    )
    record_verdicts(session.connection(), verdicts, ask, asker=asker, now=now)


def _content(kept: Row[*tuple[Any, ...]], weighed: Weighed, ticked: Ticked) -> dict[str, object]:
    """All that the decision rests on, in the ledger."""
    asked = weighed.asked
    return {
        "clearance": kept.Clearance.number,
        "what": kept.Clearance.what,
        "platform": asked.platform,
        "account": kept.PlatformAccount.handle,
        "program": asked.program,
        "posting_at": show_instant(asked.posted_at),
        "headcount": asked.headcount,
        "unidentified": asked.unidentified,
        "checklist": sorted(ticked.checklist),
        "limits": [list(limit) for limit in sorted(weighed.outcome.limits)],
        "captures": [
            {"media": capture.media, "at": show_instant(capture.at), "by": f"staff:{capture.staff}"}
            for capture in asked.captures
        ],
        "verdicts": [
            {
                "patron": answered.person,
                "use": answered.use,
                "at": show_instant(answered.at),
                "answer": answered.verdict.reason or "allow",
                "basis": list(answered.verdict.basis),
            }
            for answered in weighed.outcome.answers
        ],
        "failures": [_told(failure) for failure in weighed.outcome.failures],
    }


def _told(failure: Failure) -> dict[str, object]:
    return {name: value for name, value in failure._asdict().items() if value is not None}


def _failure(**told: Any) -> Failure:
    kinds: dict[str, Any] = {"code": GateCode, "use": Use, "reason": Reason, "limit": LimitKind}
    return Failure(**{name: kinds[name](value) if name in kinds else value for name, value in told.items()})


def _written(told: Iterable[object]) -> str:
    return json.dumps(list(told), ensure_ascii=False, separators=(",", ":"))
