"""Who comes into a group check and leaves it? Scan after scan, none lost, and nobody counted twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from consent.domain.card_codes import code_sha256, is_code, tidy_code
from consent.domain.groups import MOST_PEOPLE, AddedBy, InVain
from consent.domain.refusals import ConsentError
from consent.services.checks import Asker
from consent.services.groups import hold_group
from consent.services.programs import leads_only
from consent.storage import groups
from consent.storage.columns import EXTERNAL_ID_LENGTH
from consent.storage.models import GroupCheckPerson


class GroupFull(ConsentError):
    """So many people are in no picture."""


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom one thing that was scanned, ticked or typed means: a patron by their external id, or nobody and why."""

    named: str
    patron_id: int | None = None
    in_vain: InVain | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What came of it, as `named` in the list: who is new, who was counted already, and what means nobody."""

    new: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    in_vain: tuple[str, ...] = ()


def mean(session: Session, given: Sequence[str], *, asker: Asker, today: date) -> list[Meant]:
    """Whom these card codes and numbers mean, in their order; somebody who is not open to the asker means nobody."""
    codes = {text: code_sha256(tidied) for text in given if is_code(tidied := tidy_code(text))}
    numbers = groups.by_number(session, {*given})
    cards = groups.by_card(session, {*codes.values()}, today=today)
    meant = [_meant(text, codes, numbers, cards) for text in given]
    patrons = {one.patron_id for one in meant if one.patron_id is not None}
    staff_id = leads_only(asker)
    closed = frozenset() if staff_id is None else patrons - groups.led_by(session, patrons, staff_id)
    return [_unknown(text, codes) if one.patron_id in closed else one for text, one in zip(given, meant, strict=True)]


def add_people(
    session: Session,
    number: int,
    given: Sequence[str],
    added_by: AddedBy,
    *,
    asker: Asker,
    today: date,
    now: datetime,
) -> Added:
    """Those who were taken out come back. Raises UnknownRecord or GroupFull."""
    hold_group(session, number, asker=asker, now=now)
    in_order = {one.named: one for one in mean(session, given, asker=asker, today=today)}
    known = {row.named: row for row in groups.everybody_in(session, number)}
    if len(known.keys() | in_order.keys()) > MOST_PEOPLE:
        raise GroupFull(f"At most {MOST_PEOPLE} people fit into one check.")
    rows = [
        {
            "group_check_id": number,
            "named": one.named,
            "patron_id": one.patron_id,
            "in_vain": one.in_vain and one.in_vain.value,
            "added_by": added_by.value,
            "added_at": now,
        }
        for one in in_order.values()
        if one.named not in known
    ]
    if rows:
        session.execute(insert(GroupCheckPerson), rows)
    back = [known[name] for name in in_order if name in known and known[name].removed_at is not None]
    again = tuple(name for name in in_order if name in known and known[name].removed_at is None)
    for row in back:
        row.added_at, row.removed_at = now, None
    session.commit()
    new = tuple(name for name in in_order if name not in again)
    return Added(new, again, tuple(name for name in new if in_order[name].in_vain))


def remove_person(session: Session, number: int, named: str | None, *, asker: Asker, now: datetime) -> str | None:
    """Take somebody out, or without a name whoever came last; whom. Raises UnknownRecord."""
    hold_group(session, number, asker=asker, now=now)
    there = [row for row in groups.everybody_in(session, number) if row.removed_at is None]
    out = next((row for row in reversed(there) if named in {None, row.named}), None)
    if out:
        out.removed_at = max(now, out.added_at)
    session.commit()
    return out.named if out else None


def put_back(session: Session, number: int, *, asker: Asker, now: datetime) -> str | None:
    """Whoever was taken out last comes back; whom. Raises UnknownRecord."""
    hold_group(session, number, asker=asker, now=now)
    row = last_removed(groups.everybody_in(session, number))
    if row:
        row.removed_at = None
    session.commit()
    return row.named if row else None


def last_removed(rows: Sequence[GroupCheckPerson]) -> GroupCheckPerson | None:
    gone = [(row.removed_at, row.id, row) for row in rows if row.removed_at is not None]
    return max(gone)[2] if gone else None


def _meant(
    text: str, codes: Mapping[str, str], numbers: Mapping[str, int], cards: Mapping[str, tuple[int, str] | InVain]
) -> Meant:
    card = cards.get(codes.get(text, ""))
    if isinstance(card, tuple):
        patron_id, external_id = card
        return Meant(external_id, patron_id)
    if card is None and text in numbers:
        return Meant(text, numbers[text])
    return _unknown(text, codes, card or InVain.NOT_KNOWN)


def _unknown(text: str, codes: Mapping[str, str], why: InVain = InVain.NOT_KNOWN) -> Meant:
    """A card's code is kept nowhere, only its SHA-256."""
    return Meant(codes.get(text, text)[:EXTERNAL_ID_LENGTH], in_vain=why)
