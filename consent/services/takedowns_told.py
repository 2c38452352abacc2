"""What does a family see of the posts that had to come down? How many were found and how many are gone, and no name.

Whoever signed sees it once their own record ended or said no. That somebody else withdrew, or that a hold stands, is
not given away: a task that only a hold opened is counted for nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from consent.domain.copies import RecordState, Standing
from consent.domain.facts import Facts
from consent.domain.takedowns import TakedownOutcome, owed
from consent.domain.vocabulary import Reason
from consent.storage import takedowns as stored
from consent.storage.patron_facts import read_facts
from consent.storage.takedowns import Told, standing_of

ENDED = frozenset({Standing.ENDED, Standing.VOIDED, Standing.WITHDRAWN})
REFUSALS = frozenset({Reason.REFUSED, Reason.SIGNERS_DISAGREE})


@dataclass(frozen=True, slots=True)
class PostsTold:
    """Of one signed record: posts that had to come down, and those of them that did."""

    found: int
    down: int


def posts_of_records(
    session: Session, signing_id: int, states: Sequence[RecordState], *, zone: tzinfo, now: datetime
) -> dict[str, PostsTold]:
    """For each record that ended or said no, by its number; what was kept since it was allowed again is not counted."""
    told = stored.takedowns_of_signing(session, signing_id)
    uses = {use for one in told for use in one.takedown.uses.split()}
    facts = read_facts(session.connection(), {one.takedown.patron_id for one in told}, uses, zone=zone)
    refusing = {one.record for one in told if one.said_no}
    posts: dict[str, PostsTold] = {}
    for state in states:
        ended = state.standing in ENDED
        if not ended and (state.record not in refusing or state.standing is Standing.REJECTED):
            continue
        theirs = [one for one in told if one.record == state.record and one.outcome != TakedownOutcome.KEPT]
        counted = [one for one in theirs if _counts(one, facts, now, ended=ended)]
        posts[state.record] = _told(counted)
    return posts


def _counts(told: Told, facts: dict[int, Facts], now: datetime, *, ended: bool) -> bool:
    if not ended:
        return told.takedown.reason in REFUSALS and told.takedown.opened_at >= told.signed_at
    if told.takedown.reason != Reason.HOLD:
        return True
    return bool(owed(facts[told.takedown.patron_id].without_holds(), standing_of([told.stands]), at=now))


def _told(counted: Iterable[Told]) -> PostsTold:
    outcomes: dict[int, set[str | None]] = {}
    for one in counted:
        outcomes.setdefault(one.takedown.post_id, set()).add(one.outcome)
    return PostsTold(len(outcomes), sum(said == {TakedownOutcome.GONE.value} for said in outcomes.values()))
