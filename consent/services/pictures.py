"""What may a picture say of its clearance, and which pictures were given their stamp?"""

from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from consent.domain.clearances import ClearanceState
from consent.domain.events import EventKind
from consent.domain.majority import YEARS_OF_MINORITY
from consent.domain.pictures import Stamp, StampedPicture
from consent.domain.vocabulary import Language, Use
from consent.services.checks import Asker
from consent.services.clearances import ClearanceKept, InClearance, open_clearance
from consent.services.ledger import Event, record
from consent.services.posts import NotCleared
from consent.storage.database import begin_writing
from consent.wording import _, say

TERMS = _(
    "Cleared for %(platform)s (%(account)s) only, as clearance %(number)s. "
    "For any other use, and for training artificial intelligence, permission was not given."
)


def stamp_of(kept: ClearanceKept, *, base_url: str) -> Stamp:
    """Raises NotCleared where it may not be posted as it stands now, or is posted already."""
    if kept.state is not ClearanceState.CLEARED:
        raise NotCleared("Only a picture that is cleared now is given its stamp.")
    told = {"platform": kept.platform_name, "account": kept.account, "number": kept.number}
    return Stamp(
        number=kept.number,
        statement_url=f"{base_url.rstrip('/')}/P/{kept.number}",
        terms=tuple((language.value, say(TERMS, language, **told)) for language in Language),
        named=tuple(person.name for person in kept.people if _may_be_named(person)),
    )


def keep_stamped(
    session: Session, number: str, picture: StampedPicture, *, asker: Asker, by: str, zone: tzinfo, now: datetime
) -> None:
    """That it was given out, and not the picture. Raises UnknownRecord, or NotCleared where something changed."""
    begin_writing(session)
    kept = open_clearance(session, number, asker=asker, zone=zone, now=now)
    if kept.state is not ClearanceState.CLEARED:
        raise NotCleared("Something changed while the picture was drawn. Do not post it.")
    content = {"clearance": number, "sent_sha256": picture.sent_sha256, "given_sha256": picture.sha256}
    record(session, Event(EventKind.PICTURE_STAMPED, content), by=by, now=now)
    session.commit()


def _may_be_named(person: InClearance) -> bool:
    """Where nobody asked about names, nobody is named; nor is whoever may be a child."""
    asked = person.answers.get(Use.NAME)
    return asked is not None and asked.allowed and person.age is not None and person.age >= YEARS_OF_MINORITY
