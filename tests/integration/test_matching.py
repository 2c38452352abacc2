"""Is somebody linked only when nobody else can be meant, and does the desk see everybody who may be?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from consent.domain.signing import TypedPatron, TypedSigner
from consent.domain.vocabulary import Relationship
from consent.services.matching import CANDIDATES_MOST, Candidate, Why, candidates, exact_link
from consent.storage.models import LedgerEvent, Patron, PatronMatch, SealedContent
from tests.builders.camp import FACEBOOK, FORM, a_person, keep
from tests.builders.sittings import CHILD, MOTHER, NOW, Kiosk, a_child, a_sitting, by_oneself

BORN = CHILD.born
ADA = {"type": "patron", "id": "P-ada", "first_name": "Ada", "last_name": "Okafor", "born": "1990-05-06"}
PROGRAM = {"type": "program", "id": "camp-2026", "name": "Camp 2026", "starts": "2026-06-01", "ends": "2026-08-01"}


def on_file(app: Flask, *records: dict[str, Any]) -> None:
    keep(app, [FORM, FACEBOOK, PROGRAM, *a_person("P-zoe", "Zoë", "Ávila"), *records])


def guardian(key: str, patron: str, **changes: Any) -> list[dict[str, Any]]:
    line = {"type": "guardianship", "guardian": key, "patron": patron, "relationship": "parent"}
    return [
        {"type": "guardian", "id": key, "first_name": "Mo", "last_name": "Ávila"},
        line | {"since": "2020-01-01T00:00:00Z"} | changes,
    ]


def linked(session: Session, patron: TypedPatron = CHILD, signer: TypedSigner = MOTHER) -> tuple[str, str] | None:
    session.rollback()
    link = exact_link(session, patron, signer, now=NOW)
    return link and (link.patron.external_id, link.guardian.external_id if link.guardian else "self")


@pytest.mark.parametrize(
    ("child", "signer"),
    [
        (CHILD, MOTHER),
        (a_child("zoe", last_name="AVILA"), replace(MOTHER, first_name="MO", last_name="avila")),
        (a_child(" Zoë ", last_name="Ávila "), MOTHER),
        (CHILD, replace(MOTHER, relationship=Relationship.COURT_APPOINTED_GUARDIAN)),
    ],
)
def test_one_child_and_one_guardian_of_theirs_are_linked_however_they_spell_it(
    app: Flask, session: Session, child: TypedPatron, signer: TypedSigner
) -> None:
    on_file(app)
    assert linked(session, child, signer) == ("P-zoe", "G-P-zoe")


@pytest.mark.parametrize(
    ("child", "signer"),
    [
        (replace(CHILD, born=date(2015, 4, 3)), MOTHER),
        (replace(CHILD, born=None), MOTHER),
        (a_child("Zoé la"), MOTHER),
        (a_child("Zo"), MOTHER),
        (a_child("Ávila", last_name="Zoë"), MOTHER),
        (a_child("-", last_name="-"), MOTHER),
        (CHILD, replace(MOTHER, first_name="Moe")),
        (CHILD, replace(MOTHER, last_name="Zapata")),
    ],
)
def test_whoever_is_only_like_somebody_is_left_to_the_desk(
    app: Flask, session: Session, child: TypedPatron, signer: TypedSigner
) -> None:
    on_file(app)
    assert linked(session, child, signer) is None


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (a_person("P-namesake", "Zoe", "Avila"), None),
        (a_person("P-twin", "Zoa", "Ávila"), ("P-zoe", "G-P-zoe")),
        (a_person("P-other", "Zoë", "Ávila", born="2014-03-04"), ("P-zoe", "G-P-zoe")),
        (guardian("G-two", "P-zoe"), None),
        (guardian("G-two", "P-zoe", until="2026-01-01T00:00:00Z"), ("P-zoe", "G-P-zoe")),
        (guardian("G-two", "P-zoe", since="2026-12-01T00:00:00Z"), ("P-zoe", "G-P-zoe")),
    ],
)
def test_of_two_who_fit_neither_is_linked(
    app: Flask, session: Session, records: list[dict[str, Any]], expected: tuple[str, str] | None
) -> None:
    on_file(app, *records)
    assert linked(session) == expected


def test_a_guardianship_that_is_over_links_nobody(app: Flask, session: Session) -> None:
    patron, mother, guardianship, _ = a_person("P-zoe", "Zoë", "Ávila")
    keep(app, [patron, mother, guardianship | {"until": "2026-07-01T19:00:00Z"}])
    assert linked(session) is None


def test_who_signs_for_themself_is_linked_to_themself(app: Flask, session: Session) -> None:
    on_file(app, ADA)
    sitting = by_oneself()
    assert linked(session, sitting.patrons[0], sitting.signer) == ("P-ada", "self")
    keep(app, [ADA | {"id": "P-other"}])
    assert linked(session, sitting.patrons[0], sitting.signer) is None


def test_a_link_is_a_row_and_an_event_of_its_own_made_by_nobody(app: Flask, session: Session) -> None:
    on_file(app)
    kiosk = Kiosk(app)
    signed = kiosk.tap(kiosk.reviewed(a_sitting(CHILD, a_child("Max"))))
    match = session.scalars(select(PatronMatch)).one()
    assert (match.matched_by, match.matched_at) == (None, NOW)
    last = session.scalars(
        select(SealedContent.canonical)
        .join(LedgerEvent, LedgerEvent.position == SealedContent.position)
        .where(LedgerEvent.kind == "consent-matched")
    ).one()
    assert last == f'{{"consent":"{signed.reference}-1","how":"exact","patron":"P-zoe","signer":"G-P-zoe"}}'


@pytest.fixture
def neighbors(app: Flask, session: Session) -> Callable[..., list[Candidate]]:
    """Asks who may be meant, in a registry with a twin, a namesake, a cousin and strangers."""
    on_file(
        app,
        *a_person("P-twin", "Zora", "Ávila"),
        *a_person("P-older", "Zoe", "Avila", born="2011-09-09"),
        *a_person("P-typo", "Chloë", "Martínez", born="2016-05-07"),
        *a_person("P-unborn", "Uma", "Okoye", born=None),
        *(record for n in range(30) for record in a_person(f"P-{n}", f"Kid{n}", "Smith")),
    )

    def ask(first_name: str, last_name: str, born: date | None = BORN, **signer: Any) -> list[Candidate]:
        return candidates(
            session, TypedPatron(first_name, last_name, born), replace(MOTHER, **signer) if signer else MOTHER, now=NOW
        )

    return ask


def test_the_exact_one_stands_first_with_their_guardians(neighbors: Callable[..., list[Candidate]]) -> None:
    first, *others = neighbors("zoe", "avila")
    assert (first.external_id, first.exact) == ("P-zoe", True)
    assert first.why == (Why.SAME_NAME, Why.SAME_BIRTH_DATE, Why.SAME_GUARDIAN)
    assert [(one.external_id, one.same_name, one.relationship) for one in first.guardians] == [
        ("G-P-zoe", True, "parent")
    ]
    assert not any(other.exact for other in others)


def test_a_twin_is_shown_beside_and_told_apart(neighbors: Callable[..., list[Candidate]]) -> None:
    [twin] = [one for one in neighbors("Zoë", "Ávila") if one.external_id == "P-twin"]
    assert twin.why[:2] == (Why.OTHER_FIRST_NAME, Why.SAME_BIRTH_DATE)


def test_a_namesake_of_another_age_is_shown_as_one(neighbors: Callable[..., list[Candidate]]) -> None:
    [namesake] = [one for one in neighbors("Zoë", "Ávila") if one.external_id == "P-older"]
    assert (namesake.exact, namesake.why[:2]) == (False, (Why.SAME_NAME, Why.OTHER_BIRTH_DATE))


@pytest.mark.parametrize(
    ("first_name", "last_name", "born", "why"),
    [
        ("Chloe", "Martinez", date(2016, 5, 7), (Why.SAME_NAME, Why.SAME_BIRTH_DATE)),
        ("Cloe", "Martinez", date(2016, 5, 7), (Why.NEAR_NAME, Why.SAME_BIRTH_DATE)),
        ("Chloe", "Martines", date(2016, 7, 5), (Why.NEAR_NAME, Why.NEAR_BIRTH_DATE)),
        ("Chloe", "Martinez", date(2016, 5, 9), (Why.SAME_NAME, Why.NEAR_BIRTH_DATE)),
        ("Chloe", "Martinez", date(2006, 5, 7), (Why.SAME_NAME, Why.NEAR_BIRTH_DATE)),
        ("Chloe", "Martinez", date(2001, 1, 31), (Why.SAME_NAME, Why.OTHER_BIRTH_DATE)),
        ("Chloe", "Martinez", None, (Why.SAME_NAME, Why.BIRTH_DATE_UNKNOWN)),
        ("Chloe", "Gutierrez", date(2016, 5, 7), (Why.OTHER_LAST_NAME, Why.SAME_BIRTH_DATE)),
    ],
)
def test_a_slip_in_a_name_or_a_date_still_finds_them_and_says_what_differs(
    neighbors: Callable[..., list[Candidate]], first_name: str, last_name: str, born: date | None, why: tuple[Why, ...]
) -> None:
    [found] = [one for one in neighbors(first_name, last_name, born) if one.external_id == "P-typo"]
    assert found.why == why


def test_somebody_without_a_birth_date_on_file_is_found_by_name(neighbors: Callable[..., list[Candidate]]) -> None:
    [found] = neighbors("Uma", "Okoye")
    assert (found.external_id, found.why) == ("P-unborn", (Why.SAME_NAME, Why.BIRTH_DATE_UNKNOWN))


def test_a_stranger_finds_nobody(neighbors: Callable[..., list[Candidate]]) -> None:
    assert neighbors("Quentin", "Xylander", date(1999, 12, 31)) == []
    assert neighbors("-", "-", None) == []


def test_however_many_fit_eight_are_shown_by_a_bounded_number_of_statements(
    neighbors: Callable[..., list[Candidate]], session: Session
) -> None:
    statements: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *told: statements.append(told[2]))
    assert len(neighbors("Kid", "Smith")) == CANDIDATES_MOST
    assert len(statements) <= 20


def test_nobody_is_changed_by_being_looked_for(neighbors: Callable[..., list[Candidate]], session: Session) -> None:
    neighbors("Zoë", "Ávila")
    assert session.scalars(select(PatronMatch)).all() == []
    assert len(session.scalars(select(Patron)).all()) == 35
