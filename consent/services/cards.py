"""Who gets a consent card? A new card's code is told once; issuing it revokes the patron's old one."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain import card_codes
from consent.domain.cards import Card as PrintedCard
from consent.domain.cards import Letterhead
from consent.domain.events import EventKind
from consent.domain.majority import birthday
from consent.domain.name_order import SortBy, display_name, name_order
from consent.domain.refusals import ConsentError, UnknownPatron
from consent.services.checks import Asker
from consent.services.ledger import Event, record_all
from consent.services.programs import open_program
from consent.storage.database import begin_writing
from consent.storage.models import Card, Patron, Program
from consent.storage.programs import people_of, programs_of

MOST_CARDS_AT_ONCE = 500


class NoCards(ConsentError):
    """Nobody was named for whom a card could be printed."""


class TooManyCards(ConsentError):
    """More cards were asked for than are printed at once."""


def issue_cards(
    session: Session,
    patrons: Sequence[str],
    *,
    letterhead: Letterhead,
    asker: Asker,
    by: str,
    zone: tzinfo,
    now: datetime,
) -> list[PrintedCard]:
    """A new card for each of these patrons, in the order named. Raises UnknownPatron, NoCards or TooManyCards."""
    wanted = list(dict.fromkeys(patrons))
    if not wanted:
        raise NoCards("Choose at least one person to print a card for.")
    if len(wanted) > MOST_CARDS_AT_ONCE:
        raise TooManyCards(f"At most {MOST_CARDS_AT_ONCE} cards are printed at once. Print them program by program.")
    begin_writing(session)
    found = {patron.external_id: patron for patron in _find(session, wanted)}
    if missing := [external_id for external_id in wanted if external_id not in found]:
        raise UnknownPatron(f"Nobody has the id {missing[0]}.")
    ordered = [found[external_id] for external_id in wanted]
    _revoke(session, ordered, by=by, now=now)
    cards = _issue(
        session, ordered, letterhead=letterhead, asker=asker, by=by, today=now.astimezone(zone).date(), now=now
    )
    session.commit()
    return cards


def people_of_program(session: Session, program: str, *, asker: Asker) -> list[tuple[str, str]]:
    """(external id, name) of everybody in a program, by last name. Raises UnknownProgram."""
    people = people_of(session, open_program(session, program, asker=asker).id)
    in_order = sorted(people, key=lambda row: name_order(row.first_name, row.last_name, SortBy.LAST))
    return [(row.external_id, display_name(row.first_name, row.last_name, SortBy.LAST)) for row in in_order]


def people_for_cards(session: Session, program: str, *, asker: Asker) -> list[str]:
    """The external ids of a program's people, by last name. Raises UnknownProgram."""
    return [external_id for external_id, _name in people_of_program(session, program, asker=asker)]


def _find(session: Session, external_ids: Sequence[str]) -> Sequence[Patron]:
    return session.scalars(select(Patron).where(Patron.external_id.in_(external_ids))).all()


def _revoke(session: Session, patrons: Sequence[Patron], *, by: str, now: datetime) -> None:
    names = {patron.id: patron.external_id for patron in patrons}
    live = select(Card).where(Card.patron_id.in_(names), Card.revoked_at.is_(None)).order_by(Card.id)
    revoked = session.scalars(live).all()
    for card in revoked:
        card.revoked_at = now
    session.flush()
    told = [{"patron": names[card.patron_id], "card": card.id} for card in revoked]
    record_all(session, [Event(EventKind.CARD_REVOKED, content) for content in told], by=by, now=now)


def _issue(
    session: Session,
    patrons: Sequence[Patron],
    *,
    letterhead: Letterhead,
    asker: Asker,
    by: str,
    today: date,
    now: datetime,
) -> list[PrintedCard]:
    printed, events = [], []
    for patron in patrons:
        code = card_codes.new_code()
        season = _season(session, patron, today)
        last_day = season.ends if season else birthday(today, 1) or today
        sha256 = card_codes.code_sha256(code)
        session.add(
            Card(
                patron_id=patron.id,
                code_sha256=sha256,
                issued_at=now,
                issued_by=asker.staff_id,
                expires_on=last_day,
            )
        )
        events.append(Event(EventKind.CARD_ISSUED, {"patron": patron.external_id, "code_sha256": sha256}))
        printed.append(
            PrintedCard(
                first_name=patron.first_name,
                last_initial=patron.last_name[:1],
                url=letterhead.address("C", code),
                code=code,
                department=letterhead.department,
                issued_on=today,
                season=season.name if season else "",
                expires_on=last_day,
                demo=letterhead.demo,
            )
        )
    record_all(session, events, by=by, now=now)
    return printed


def _season(session: Session, patron: Patron, today: date) -> Program | None:
    """The program that keeps this person longest, of those not over yet."""
    return next((program for program in programs_of(session, patron.id) if program.ends >= today), None)
