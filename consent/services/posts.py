"""What was posted, and where does it stand? Asked about once more at that moment."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from consent.domain.clearances import RecheckCause
from consent.domain.events import EventKind
from consent.domain.exchange.values import show_instant
from consent.domain.posts import stands_on
from consent.domain.refusals import ConsentError, InTheFuture
from consent.services.checks import Asker
from consent.services.clearances_decided import decision_of
from consent.services.clearances_kept import clearance_numbered
from consent.services.clearances_rechecks import need_recheck
from consent.services.clearances_weighed import weigh
from consent.services.ledger import Event, record
from consent.services.takedowns_opened import open_in_post
from consent.storage import clearances as stored
from consent.storage.database import begin_writing
from consent.storage.models import Post, PostPerson


class NotCleared(ConsentError):
    """Nothing was cleared, so nothing may be posted."""


class NotOnPlatform(ConsentError):
    """The address is not on the platform that was cleared."""


class NoLongerClear(ConsentError):
    """Something changed between the clearing and the post."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Where it stands and since when; without a time, since now. `already` says that it is out, come what may."""

    url: str
    at: datetime | None = None
    already: bool = False


def log_post(
    session: Session, number: str, posted: Posted, *, asker: Asker, by: str, zone: tzinfo, now: datetime
) -> None:
    """Told twice, it is kept once.

    Raises UnknownRecord, NotCleared, NotOnPlatform, InTheFuture, or NoLongerClear, which is on record from then on.
    """
    begin_writing(session)
    kept = clearance_numbered(session, number)
    decided = stored.latest_decision(session, kept.Clearance.id)
    if decided is None or not decided.ClearanceDecision.allowed:
        raise NotCleared("This was not cleared. Do not post it.")
    if stored.post_of(session, kept.Clearance.id):
        session.rollback()
        return
    if not stands_on(posted.url, platform=kept.Platform.name, account_url=kept.PlatformAccount.url):
        raise NotOnPlatform("This address is not on the platform that was cleared.")
    posted_at, decision = posted.at or now, decision_of(decided)
    if posted_at > now:
        raise InTheFuture("What was posted was posted by now.")
    weighed = weigh(
        session, kept, staff_id=asker.staff_id or 0, ticked=decision.ticked, after_clearing=True, zone=zone, now=now
    )
    allowed = weighed.outcome.allowed and decided.ClearanceRecheck is None
    if not allowed and decided.ClearanceRecheck is None:
        need_recheck(session, number, decision.key, RecheckCause.FOUND_AT_THE_POST, by=by, now=now)
    if not allowed and not posted.already:
        session.commit()
        raise NoLongerClear("Something changed since this was cleared. Do not post it.")
    post = Post(
        clearance_id=kept.Clearance.id,
        decision_id=decision.key,
        url=posted.url,
        posted_at=posted_at,
        told_by=asker.staff_id,
        told_at=now,
        still_allowed=allowed,
    )
    session.add(post)
    session.flush()
    session.add_all(PostPerson(post_id=post.id, patron_id=key) for key in weighed.people)
    content = {
        "clearance": number,
        "url": posted.url,
        "posted_at": show_instant(posted_at),
        "still_allowed": allowed,
        "people": sorted(weighed.people.values()),
    }
    record(session, Event(EventKind.POST_LOGGED, content), by=by, now=now)
    open_in_post(session, post.id, by=by, now=now)
    session.commit()
