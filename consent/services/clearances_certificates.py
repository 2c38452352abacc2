"""What does the certificate of a clearance say? The decision as it was kept, never as it would be today."""

import json
from datetime import tzinfo

from sqlalchemy.orm import Session

from consent.domain.cards import Letterhead
from consent.domain.certificates import Certificate, Certified, CertifiedCapture
from consent.domain.gate_facts import LimitKind
from consent.services.clearances import ClearanceKept
from consent.services.clearances_kept import clearance_numbered
from consent.services.posts import NotCleared
from consent.storage import clearances as stored


def certify(session: Session, kept: ClearanceKept, *, letterhead: Letterhead, zone: tzinfo) -> Certificate:
    """Raises NotCleared where the latest decision refused it, or nobody decided."""
    decision = kept.decision
    if decision is None or not decision.allowed:
        raise NotCleared("This was not cleared, so nothing is certified.")
    records: dict[str, set[str]] = {person.external_id: set() for person in kept.people}
    known = stored.people_in(session, clearance_numbered(session, kept.number).Clearance.id)
    for verdict in stored.verdicts_of(session, decision.key):
        records[known[verdict.patron_id]].update(json.loads(verdict.basis))
    limited = {
        kind: tuple(kept.named(limit.person) for limit in sorted(decision.ticked.limits) if limit.kind is kind)
        for kind in LimitKind
    }
    return Certificate(
        number=kept.number,
        url=letterhead.address("P", kept.number),
        department=letterhead.department,
        what=kept.what,
        platform=kept.platform_name,
        account=kept.account,
        program=kept.program_name,
        uses=kept.uses,
        posting_at=decision.posting_at.astimezone(zone),
        decided_at=decision.decided_at.astimezone(zone),
        decided_by=decision.name,
        headcount=kept.headcount,
        people=tuple(
            Certified(person.name, tuple(sorted(records[person.external_id])))
            for person in sorted(kept.people, key=lambda person: person.name.casefold())
        ),
        captures=tuple(
            CertifiedCapture(capture.media, capture.at.astimezone(zone), capture.by, capture.device)
            for capture in kept.captures
        ),
        checklist=tuple(sorted(decision.ticked.checklist)),
        limits=tuple((kind, names) for kind, names in limited.items() if names),
        position=decision.event_position,
        demo=letterhead.demo,
    )
