"""Do a kiosk's answers count exactly when the desk has confirmed who gave them, for exactly whom, and once?"""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from consent.domain.authority import EndNeeded, EndsBeforeItStarts, LastsTooLong, OrderNotSeen
from consent.domain.majority import midnight
from consent.domain.permissions import Permission, Role
from consent.domain.refusals import UnknownGuardian, UnknownPatron, UnknownProgram
from consent.domain.vocabulary import Answer, Identification, Relationship, Use
from consent.domain.witness import Likeness
from consent.services.checks import Asker, Door
from consent.services.copies import UnknownSigning
from consent.services.witness import (
    AlreadyRejected,
    AlreadyWitnessed,
    NotWitnessed,
    confirm_signing,
    correct_signing,
    reject_signing,
)
from consent.services.witness_matching import Chosen, Matching, SamePatronTwice
from consent.services.witness_opened import open_signing
from consent.services.witness_queue import ON_A_PAGE, open_queue
from consent.storage.models import (
    Enrollment,
    Guardian,
    Guardianship,
    LedgerEvent,
    Patron,
    PatronHandle,
    PatronMatch,
    PatronWord,
    Witnessing,
)
from tests.builders.camp import CAMP, a_consent, keep
from tests.builders.desk import BORN, INES, ROSA, SOON, FrontDesk, a_family, named
from tests.builders.sittings import CHILD, NO, NOW, YES, by_oneself
from tests.builders.staff import csrf_token, signed_in

EVERYTHING = Asker(Door.LOOK_UP, frozenset(Permission), staff_id=1)
ATTORNEY = replace(ROSA, relationship=Relationship.POWER_OF_ATTORNEY)
COURT = replace(ROSA, relationship=Relationship.COURT_APPOINTED_GUARDIAN)
LATER = SOON + timedelta(minutes=5)
ADDED_AT_THE_DESK = Guardianship.added_by.is_not(None)


@pytest.fixture
def desk(app: Flask) -> FrontDesk:
    return FrontDesk(app, a_family())


def kinds(desk: FrontDesk, after: int = 0) -> list[str]:
    with desk.session() as session:
        query = select(LedgerEvent.kind).where(LedgerEvent.position > after).order_by(LedgerEvent.position)
        return list(session.scalars(query))


def how_many(desk: FrontDesk, model: type) -> int:
    with desk.session() as session:
        return session.scalar(select(func.count()).select_from(model))


def opened(desk: FrontDesk, reference: str, **looked_for: str):
    looked = {int(name[1:]): text for name, text in looked_for.items()}
    with desk.session() as session:
        return open_signing(session, reference, looked_for=looked, asker=EVERYTHING, zone=desk.zone, now=SOON)


def queue(desk: FrontDesk, page: int = 1):
    with desk.session() as session:
        return open_queue(session, page=page, zone=desk.zone, now=SOON)


class TestWhatCounts:
    def test_a_linked_yes_awaits_its_witness_and_counts_from_then_on(self, desk: FrontDesk) -> None:
        reference = desk.signed()
        assert desk.reason("P-ok") == "awaiting-witness"
        desk.confirm(reference, "P-ok", guardian="G-P-ok")
        assert desk.verdict("P-ok").allowed
        assert desk.verdict("P-ok").basis == (f"{reference}-1",)

    def test_a_yes_that_means_nobody_beyond_doubt_counts_for_nobody(self, desk: FrontDesk) -> None:
        desk.signed(INES, signer=ROSA)
        assert how_many(desk, PatronMatch) == 0
        assert {desk.reason("P-Ines"), desk.reason("P-Iris")} == {"no-record"}

    def test_a_linked_no_counts_before_anybody_has_witnessed_it(self, app: Flask, desk: FrontDesk) -> None:
        keep(app, [
            {"type": "guardian", "id": "father", "first_name": "Al", "last_name": "Ávila"},
            {"type": "guardianship", "guardian": "father", "patron": "P-ok", "relationship": "parent",
             "since": "2020-01-01T00:00:00Z"},
            a_consent("P-ok", signer="father"),
        ], now=NOW - timedelta(hours=1))  # fmt: skip
        assert desk.verdict("P-ok").allowed
        desk.signed(replace(CHILD, answers=NO))
        assert desk.reason("P-ok") == "signers-disagree"

    def test_a_rejected_yes_never_counts(self, desk: FrontDesk) -> None:
        reference = desk.signed()
        with desk.session() as session:
            reject_signing(session, reference, "Nobody knows them", **desk.by_whom())
        assert desk.reason("P-ok", at=SOON + timedelta(days=30)) == "awaiting-witness"
        with pytest.raises(AlreadyRejected):
            desk.confirm(reference, "P-ok", guardian="G-P-ok")

    def test_a_linked_no_of_a_rejected_signing_stands(self, desk: FrontDesk) -> None:
        reference = desk.signed(replace(CHILD, answers=NO))
        with desk.session() as session:
            reject_signing(session, reference, "Nobody knows them", **desk.by_whom())
        assert desk.reason("P-ok") == "refused"

    def test_a_new_child_and_a_new_guardian_come_on_file(self, desk: FrontDesk) -> None:
        reference = desk.signed(named(INES, "Ada", accounts={"facebook": "ada.romero"}), signer=ROSA)
        before = len(kinds(desk))
        desk.confirm(reference, None)
        with desk.session() as session:
            ada = session.scalars(select(Patron).where(Patron.first_name == "Ada")).one()
            assert (ada.last_name, ada.born, ada.adult) == ("Romero", BORN, False)
            assert session.scalars(select(PatronHandle.account).where(PatronHandle.patron_id == ada.id)).all() == [
                "ada.romero"
            ]
            assert "ada" in session.scalars(select(PatronWord.word).where(PatronWord.patron_id == ada.id)).all()
            rosa = session.scalars(select(Guardian).where(Guardian.first_name == "Rosa")).one()
            assert rosa.email == "rosa@example.org"
            kept = session.scalars(select(Guardianship).where(Guardianship.guardian_id == rosa.id)).one()
            assert (kept.patron_id, kept.relationship, kept.added_by) == (ada.id, "parent", desk.staff_id)
            number = ada.external_id
        assert desk.verdict(number).allowed
        assert kinds(desk, before) == [
            "guardian-added", "patron-added", "guardianship-added", "consent-matched", "consent-witnessed",
        ]  # fmt: skip

    def test_an_account_name_typed_now_replaces_an_older_one(self, desk: FrontDesk) -> None:
        for number, account in enumerate(("zoe", "zoe", "zoe.avila")):
            reference = desk.signed(replace(CHILD, accounts={"facebook": account}), now=NOW + timedelta(seconds=number))
            desk.confirm(reference, "P-ok", guardian="G-P-ok")
        with desk.session() as session:
            assert session.scalars(select(PatronHandle.account)).all() == ["zoe.avila"]
        assert kinds(desk).count("patron-changed") == 2

    def test_whoever_takes_part_already_is_not_enrolled_twice(self, desk: FrontDesk) -> None:
        matching = Matching((Chosen("P-ok", CAMP),), guardian="G-P-ok")
        with desk.session() as session:
            confirm_signing(session, desk.signed(), matching, Identification.KNOWN_TO_STAFF, **desk.by_whom())
        assert how_many(desk, Enrollment) == 1

    def test_two_children_of_one_sitting_both_count(self, desk: FrontDesk) -> None:
        reference = desk.signed(INES, named(INES, "Iris", answers=NO), signer=ROSA)
        desk.confirm(reference, "P-Ines", "P-Iris")
        assert desk.verdict("P-Ines").allowed
        assert desk.reason("P-Iris") == "refused"
        assert (how_many(desk, Witnessing), how_many(desk, Guardian)) == (2, 2)

    def test_whoever_signs_for_themself_needs_no_guardian(self, desk: FrontDesk) -> None:
        reference = desk.sign(by_oneself())
        desk.confirm(reference, None)
        with desk.session() as session:
            match = session.scalars(select(PatronMatch)).one()
            number = session.get_one(Patron, match.patron_id).external_id
        assert match.guardian_id is None
        assert desk.verdict(number).allowed

    def test_an_adult_without_a_birth_date_is_kept_as_one(self, desk: FrontDesk) -> None:
        desk.confirm(desk.sign(by_oneself(born=None)), None)
        with desk.session() as session:
            adult = session.scalars(select(Patron).where(Patron.first_name == "Ada")).one()
        assert (adult.born, adult.adult) == (None, True)
        assert desk.verdict(adult.external_id).allowed


class TestOnce:
    def test_the_second_desk_is_told_who_was_first(self, desk: FrontDesk) -> None:
        reference = desk.signed()
        desk.confirm(reference, "P-ok", guardian="G-P-ok")
        with pytest.raises(AlreadyWitnessed) as refused:
            desk.confirm(reference, None)
        assert refused.value.by == "Ada Lovelace"
        with desk.session() as session, pytest.raises(AlreadyWitnessed):
            reject_signing(session, reference, "Too late", **desk.by_whom())

    def test_two_desks_at_once_confirm_one_signing_once(self, desk: FrontDesk) -> None:
        reference = desk.signed(INES, named(INES, "Iris"), signer=ROSA)
        together, outcomes = threading.Barrier(2), []

        def confirm() -> None:
            together.wait()
            try:
                desk.confirm(reference, None, None)
                outcomes.append("confirmed")
            except AlreadyWitnessed:
                outcomes.append("too late")

        threads = [threading.Thread(target=confirm) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["confirmed", "too late"]
        counts = {model: how_many(desk, model) for model in (Witnessing, PatronMatch, Patron, Guardian)}
        assert counts == {Witnessing: 2, PatronMatch: 2, Patron: 5, Guardian: 2}

    def test_a_right_link_gains_no_second_row(self, desk: FrontDesk) -> None:
        desk.confirm(desk.signed(), "P-ok", guardian="G-P-ok")
        assert how_many(desk, PatronMatch) == 1

    def test_two_children_are_never_one_person(self, desk: FrontDesk) -> None:
        reference = desk.signed(INES, named(INES, "Iris"), signer=ROSA)
        before = len(kinds(desk))
        with pytest.raises(SamePatronTwice) as refused:
            desk.confirm(reference, "P-Ines", "P-Ines")
        assert refused.value.number == 2
        assert (len(kinds(desk)), how_many(desk, PatronMatch)) == (before, 0)

    @pytest.mark.parametrize(
        ("patron", "chosen", "refusal"),
        [
            ("P-nobody", {}, UnknownPatron),
            ("P-Ines", {"guardian": "G-nobody"}, UnknownGuardian),
        ],
    )
    def test_a_choice_of_nobody_is_refused(self, desk: FrontDesk, patron, chosen, refusal) -> None:
        with pytest.raises(refusal):
            desk.confirm(desk.signed(INES, signer=ROSA), patron, **chosen)

    def test_an_invented_program_is_refused(self, desk: FrontDesk) -> None:
        reference = desk.signed(INES, signer=ROSA)
        matching = Matching((Chosen("P-Ines", "nowhere"),))
        with desk.session() as session, pytest.raises(UnknownProgram):
            confirm_signing(session, reference, matching, Identification.KNOWN_TO_STAFF, **desk.by_whom())

    def test_no_signing_has_an_invented_reference(self, desk: FrontDesk) -> None:
        with pytest.raises(UnknownSigning):
            desk.confirm("NONE", None)
        with pytest.raises(UnknownSigning):
            opened(desk, "NONE")


class TestCorrecting:
    def correct(self, desk: FrontDesk, reference: str, patron: str | None, guardian: str | None) -> None:
        matching = Matching((Chosen(patron),), guardian=guardian)
        with desk.session() as session:
            correct_signing(session, reference, matching, **desk.by_whom(LATER))

    def rosa(self, desk: FrontDesk) -> str:
        with desk.session() as session:
            return session.scalars(select(Guardian.external_id).where(Guardian.first_name == "Rosa")).one()

    def test_a_match_to_the_wrong_twin_moves_with_its_verdict(self, desk: FrontDesk) -> None:
        reference = desk.signed(replace(INES, accounts={"facebook": "ines"}), signer=ROSA)
        desk.confirm(reference, "P-Iris")
        assert desk.verdict("P-Iris").allowed
        self.correct(desk, reference, "P-Ines", self.rosa(desk))
        assert desk.reason("P-Iris", at=LATER) == "no-record"
        assert desk.verdict("P-Ines", at=LATER).allowed
        assert (how_many(desk, PatronMatch), how_many(desk, Witnessing)) == (2, 1)
        with desk.session() as session:
            ines = session.scalars(select(Patron).where(Patron.first_name == "Ines")).one()
            assert session.scalars(select(PatronHandle.patron_id)).all() == [ines.id]

    def test_what_a_wrong_match_put_on_file_never_held(self, desk: FrontDesk) -> None:
        reference = desk.signed(INES, signer=ROSA)
        desk.confirm(reference, "P-Iris")
        self.correct(desk, reference, "P-Ines", self.rosa(desk))
        with desk.session() as session:
            spans = session.execute(
                select(Patron.first_name, Guardianship.since, Guardianship.until).join(Patron).where(ADDED_AT_THE_DESK)
            )
            held = {name: until is None or until > NOW for name, _since, until in spans}
        assert held == {"Iris": False, "Ines": True}

    def test_a_correction_can_be_corrected(self, desk: FrontDesk) -> None:
        reference = desk.signed(INES, signer=ROSA)
        desk.confirm(reference, "P-Iris")
        for patron in ("P-Ines", "P-Iris"):
            self.correct(desk, reference, patron, self.rosa(desk))
        assert desk.verdict("P-Iris", at=LATER).allowed
        assert desk.reason("P-Ines", at=LATER) == "no-record"

    def test_a_guardian_on_file_before_stays_one(self, desk: FrontDesk) -> None:
        first = desk.signed(named(INES, "Iris"), signer=ROSA)
        desk.confirm(first, "P-Iris")
        second = desk.signed(INES, signer=ROSA, now=SOON)
        desk.confirm(second, "P-Iris", guardian=self.rosa(desk))
        self.correct(desk, second, "P-Ines", self.rosa(desk))
        assert desk.verdict("P-Iris", at=LATER).allowed

    def test_a_wrong_guardian_is_replaced(self, desk: FrontDesk) -> None:
        reference = desk.signed(INES, signer=ROSA)
        desk.confirm(reference, "P-Ines", guardian="G-P-ok")
        self.correct(desk, reference, "P-Ines", None)
        with desk.session() as session:
            query = select(Guardian.first_name, Guardianship.until).join(Guardian).where(ADDED_AT_THE_DESK)
            rows = session.execute(query)
            held = {name: until is None for name, until in rows}
        assert held == {"Mo": False, "Rosa": True}
        assert desk.verdict("P-Ines", at=LATER).allowed

    def test_a_correction_that_changes_nothing_leaves_no_trace(self, desk: FrontDesk) -> None:
        reference = desk.signed(INES, signer=ROSA)
        desk.confirm(reference, "P-Ines")
        before = kinds(desk)
        self.correct(desk, reference, "P-Ines", self.rosa(desk))
        assert kinds(desk) == before

    def test_only_a_mistaken_account_name_is_taken_back(self, desk: FrontDesk) -> None:
        reference = desk.signed(replace(INES, accounts={"facebook": "ines"}), signer=ROSA)
        desk.confirm(reference, "P-Iris")
        desk.confirm(
            desk.signed(named(INES, "Iris", accounts={"facebook": "iris"}), signer=ROSA, now=SOON),
            "P-Iris", guardian=self.rosa(desk), now=LATER,
        )  # fmt: skip
        self.correct(desk, reference, "P-Ines", self.rosa(desk))
        with desk.session() as session:
            accounts = session.execute(select(Patron.first_name, PatronHandle.account).join(Patron)).all()
        assert sorted(map(tuple, accounts)) == [("Ines", "ines"), ("Iris", "iris")]

    def test_a_mistaken_power_of_attorney_never_held_whatever_end_it_had(self, desk: FrontDesk) -> None:
        reference = desk.signed(INES, signer=ATTORNEY)
        desk.confirm(reference, "P-Iris", order_seen=True, last_day=date(2026, 8, 31))
        matching = Matching((Chosen("P-Ines"),), guardian=self.rosa(desk), order_seen=True, last_day=date(2026, 8, 31))
        with desk.session() as session:
            correct_signing(session, reference, matching, **desk.by_whom(LATER))
        with desk.session() as session:
            spans = session.execute(select(Patron.first_name, Guardianship.until).join(Patron).where(ADDED_AT_THE_DESK))
            ends = dict(map(tuple, spans))
        assert ends["Ines"] == midnight(date(2026, 9, 1), desk.zone)
        assert ends["Iris"] < NOW
        assert desk.reason("P-Iris", at=LATER) == "no-record"

    def test_only_what_was_confirmed_is_corrected(self, desk: FrontDesk) -> None:
        reference = desk.signed(INES, signer=ROSA)
        with pytest.raises(NotWitnessed):
            self.correct(desk, reference, "P-Ines", None)
        with desk.session() as session:
            reject_signing(session, reference, "Nobody knows them", **desk.by_whom())
        with pytest.raises(AlreadyRejected):
            self.correct(desk, reference, "P-Ines", None)


class TestAuthority:
    def only(self, desk: FrontDesk) -> Guardianship:
        with desk.session() as session:
            return session.scalars(select(Guardianship).where(ADDED_AT_THE_DESK)).one()

    def test_it_holds_from_the_start_of_the_day_they_signed(self, desk: FrontDesk) -> None:
        desk.confirm(desk.signed(INES, signer=ROSA), "P-Ines")
        assert self.only(desk).since == midnight(date(2026, 7, 1), desk.zone)

    def test_two_sittings_of_one_day_count_whichever_is_witnessed_first(self, desk: FrontDesk) -> None:
        first = desk.signed(replace(INES, programs=(CAMP,)), signer=ROSA)
        second = desk.signed(replace(INES, answers=YES | {Use.PHOTO: Answer.NO}), signer=ROSA, now=SOON)
        desk.confirm(second, "P-Ines", now=LATER)
        with desk.session() as session:
            rosa = session.scalars(select(Guardian.external_id).where(Guardian.first_name == "Rosa")).one()
        desk.confirm(first, "P-Ines", guardian=rosa, now=LATER)
        assert self.only(desk).until is None
        assert desk.verdict("P-Ines", Use.NAME, at=LATER).allowed

    def test_a_court_order_must_have_been_seen(self, desk: FrontDesk) -> None:
        reference = desk.signed(INES, signer=COURT)
        with pytest.raises(OrderNotSeen):
            desk.confirm(reference, "P-Ines")
        desk.confirm(reference, "P-Ines", order_seen=True)
        assert self.only(desk).order_seen
        assert desk.verdict("P-Ines").allowed

    @pytest.mark.parametrize(
        ("told", "refusal"),
        [
            ({"order_seen": False, "last_day": date(2026, 9, 1)}, OrderNotSeen),
            ({"order_seen": True}, EndNeeded),
            ({"order_seen": True, "last_day": date(2026, 6, 30)}, EndsBeforeItStarts),
            ({"order_seen": True, "last_day": date(2027, 1, 1)}, LastsTooLong),
            ({"order_seen": True, "last_day": date(2027, 7, 1), "active_duty": True}, LastsTooLong),
        ],
    )
    def test_a_power_of_attorney_is_seen_and_ends_in_time(self, desk: FrontDesk, told, refusal) -> None:
        reference = desk.signed(INES, signer=ATTORNEY)
        with pytest.raises(refusal):
            desk.confirm(reference, "P-Ines", **told)
        assert how_many(desk, Witnessing) == 0

    def test_a_power_of_attorney_is_good_through_its_last_day(self, desk: FrontDesk) -> None:
        desk.confirm(desk.signed(INES, signer=ATTORNEY), "P-Ines", order_seen=True, last_day=date(2026, 8, 31))
        ends = midnight(date(2026, 9, 1), desk.zone)
        assert desk.verdict("P-Ines", at=ends - timedelta(seconds=1)).allowed
        assert desk.reason("P-Ines", at=ends) == "not-entitled"

    def test_whoever_may_sign_already_shows_no_order_again(self, desk: FrontDesk) -> None:
        desk.confirm(desk.signed(INES, signer=COURT), "P-Ines", order_seen=True)
        with desk.session() as session:
            rosa = session.scalars(select(Guardian.external_id).where(Guardian.first_name == "Rosa")).one()
        desk.confirm(desk.signed(INES, signer=COURT, now=SOON), "P-Ines", guardian=rosa, now=LATER)
        assert self.only(desk).order_seen

    def test_authority_that_ended_earlier_that_day_is_not_overlapped(self, desk: FrontDesk) -> None:
        desk.confirm(desk.signed(INES, signer=ROSA), "P-Ines")
        with desk.session() as session:
            kept = session.scalars(select(Guardianship).where(ADDED_AT_THE_DESK)).one()
            kept.until = SOON
            rosa = session.get_one(Guardian, kept.guardian_id).external_id
            session.commit()
        desk.confirm(desk.signed(INES, signer=ROSA, now=LATER), "P-Ines", guardian=rosa, now=LATER)
        with desk.session() as session:
            spans = session.execute(
                select(Guardianship.since, Guardianship.until).where(ADDED_AT_THE_DESK).order_by(Guardianship.since)
            ).all()
        assert spans[1] == (SOON, None)


class TestCandidates:
    @pytest.fixture
    def database(self) -> str:
        """What differs between the databases is tested above."""
        return "sqlite"

    def test_the_right_twin_stands_first_and_the_other_beside(self, desk: FrontDesk) -> None:
        [child] = opened(desk, desk.signed(INES, signer=ROSA)).children
        assert [one.external_id for one in child.offered][:2] == ["P-Ines", "P-Iris"]
        ines, iris = child.offered[:2]
        assert ines.compared.exact
        assert iris.compared.maybe_a_twin
        assert child.suggested == "P-Ines"

    def test_a_twin_alone_is_offered_and_never_chosen(self, desk: FrontDesk) -> None:
        [child] = opened(desk, desk.signed(named(INES, "Inez Maria"), signer=ROSA)).children
        assert {"P-Ines", "P-Iris"} <= {one.external_id for one in child.offered}
        assert child.suggested is None

    def test_whoever_was_linked_is_offered_first(self, desk: FrontDesk) -> None:
        signing = opened(desk, desk.signed())
        assert signing.children[0].linked_to.external_id == "P-ok"
        assert signing.suggested_guardian == "G-P-ok"

    def test_nobody_alike_means_somebody_new(self, desk: FrontDesk) -> None:
        signing = opened(
            desk,
            desk.signed(
                named(INES, "Xavier", last_name="Quist", born=date(2012, 1, 1)), signer=replace(ROSA, last_name="Quist")
            ),
        )
        assert (signing.children[0].offered, signing.guardians) == ((), ())

    def test_an_adult_who_gave_no_birth_date_is_chosen_by_nobody_but_the_desk(self, desk: FrontDesk) -> None:
        desk.confirm(desk.sign(by_oneself()), None)
        signing = opened(desk, desk.sign(by_oneself(born=None), now=SOON))
        [ada] = signing.children[0].offered
        assert (ada.name, ada.compared.born, signing.children[0].suggested) == ("Ada Okafor", Likeness.UNKNOWN, None)
        assert signing.guardians == ()

    def test_the_desk_finds_whoever_it_looks_for(self, desk: FrontDesk) -> None:
        reference = desk.signed(named(INES, "Xavier", last_name="Quist", born=date(2012, 1, 1)), signer=ROSA)
        [child] = opened(desk, reference, n1="P-ok").children
        assert [(one.external_id, one.asked_for) for one in child.offered] == [("P-ok", True)]
        assert [one.external_id for one in opened(desk, reference, n1="zoe avila").children[0].offered] == ["P-ok"]

    def test_a_guardian_is_known_by_their_other_child(self, desk: FrontDesk) -> None:
        desk.confirm(desk.signed(INES, signer=ROSA), "P-Ines")
        signing = opened(desk, desk.signed(named(INES, "Iris"), signer=ROSA, now=SOON))
        [rosa] = [one for one in signing.guardians if one.compared.exact]
        assert (rosa.signs_for, rosa.same_email) == (("Ines Romero",), True)


class TestQueue:
    def test_those_with_a_no_come_first_then_the_oldest(self, desk: FrontDesk) -> None:
        minute = timedelta(minutes=1)
        second = desk.signed(INES, signer=ROSA, now=NOW - minute)
        first = desk.signed(named(INES, "Iris"), signer=ROSA, now=NOW - 2 * minute)
        with_a_no = desk.signed(replace(CHILD, answers=YES | {Use.TAG: Answer.NO}), now=NOW)
        listed = queue(desk)
        assert [one.reference for one in listed.waiting] == [with_a_no, first, second]
        assert [one.noes for one in listed.waiting] == [1, 0, 0]
        assert (listed.waiting[0].signer, listed.waiting[0].children, listed.waiting[0].kiosk) == (
            "Mo Ávila", ("Zoë Ávila",), "Front desk",
        )  # fmt: skip

    def test_whatever_is_finished_leaves_it_and_is_listed_for_the_day(self, desk: FrontDesk) -> None:
        confirmed, rejected = desk.signed(), desk.signed(INES, signer=ROSA)
        desk.confirm(confirmed, "P-ok", guardian="G-P-ok")
        with desk.session() as session:
            reject_signing(session, rejected, "Nobody knows them", **desk.by_whom(LATER))
        listed = queue(desk)
        assert listed.waiting == ()
        assert [(one.reference, one.rejected, one.by) for one in listed.finished] == [
            (rejected, True, "Ada Lovelace"), (confirmed, False, "Ada Lovelace"),
        ]  # fmt: skip
        with desk.session() as session:
            tomorrow = open_queue(session, page=1, zone=desk.zone, now=SOON + timedelta(days=1))
        assert tomorrow.finished == ()

    def test_many_stand_on_several_pages(self, desk: FrontDesk) -> None:
        for number in range(ON_A_PAGE + 1):
            desk.signed(named(INES, f"Child {number}"), signer=ROSA, now=NOW + timedelta(seconds=number))
        assert [len(queue(desk, page).waiting) for page in (1, 2, 99)] == [ON_A_PAGE, 1, 1]
        assert queue(desk, 99).page == 2


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with time_machine.travel(SOON):
        yield signed_in(app, Role.FRONT_DESK, email="desk@city.example")


def send(client: FlaskClient, address: str, **fields: object):
    return client.post(address, data={"csrf_token": csrf_token(client), **fields})


RIGHT = {"person_1": "on-file:P-Ines", "guardian": "new", "identified_by": "known-to-staff"}


class TestPages:
    @pytest.fixture
    def database(self) -> str:
        """What differs between the databases is tested above."""
        return "sqlite"

    def test_the_page_shows_what_was_typed_beside_who_is_on_file(self, desk: FrontDesk, client: FlaskClient) -> None:
        page = client.get(f"/desk/signings/{desk.signed(INES, signer=ROSA)}").text
        assert page.index("Typed at the kiosk") < page.index("Exact match") < page.index("A twin?")
        assert 'value="on-file:P-Ines" checked' in page or re.search(r'checked[^>]*value="on-file:P-Ines"', page)

    def test_confirming_leads_to_the_cards(self, desk: FrontDesk, client: FlaskClient) -> None:
        reference = desk.signed(INES, signer=ROSA)
        answer = send(client, f"/desk/signings/{reference}", **RIGHT, program_1=CAMP)
        assert (answer.status_code, answer.location) == (303, f"/desk/signings/{reference}")
        page = client.get(answer.location).text
        assert "/patrons/P-Ines/card.pdf" in page
        assert f"/desk/signings/{reference}/copy.pdf" in page
        assert "patron=P-Ines" in page
        assert how_many(desk, Enrollment) == 2
        assert client.get(f"/desk/signings/{reference}/copy.pdf").mimetype == "application/pdf"

    def test_nothing_is_confirmed_by_an_empty_form(self, desk: FrontDesk, client: FlaskClient) -> None:
        answer = send(client, f"/desk/signings/{desk.signed(INES, signer=ROSA)}")
        for told in ("Choose who this is", "Choose who the signer is", "Choose how you know the signer"):
            assert told in answer.text
        assert how_many(desk, Witnessing) == 0

    def test_looking_for_somebody_keeps_what_was_chosen(self, desk: FrontDesk, client: FlaskClient) -> None:
        reference = desk.signed(INES, signer=ROSA)
        page = send(client, f"/desk/signings/{reference}", **RIGHT, find_1="Zoë", look="1").text
        assert "You looked for them" in page
        assert page.count("checked") == 3
        assert how_many(desk, Witnessing) == 0

    @pytest.mark.parametrize(
        ("told", "sentence"),
        [
            ({}, "Say whether you have seen the order"),
            ({"order_seen": "no"}, "Nobody but a parent is confirmed without the order"),
            ({"order_seen": "yes"}, "Enter the last day of the power of attorney"),
            ({"order_seen": "yes", "last_day": "2020-01-01"}, "It had ended when they signed"),
            ({"order_seen": "yes", "last_day": "2029-01-01"}, "at the longest"),
            ({"order_seen": "yes", "last_day": "soon"}, "Enter a real date"),
        ],
    )
    def test_a_power_of_attorney_is_asked_for(self, desk: FrontDesk, client: FlaskClient, told, sentence) -> None:
        answer = send(client, f"/desk/signings/{desk.signed(INES, signer=ATTORNEY)}", **RIGHT, **told)
        assert sentence in answer.text
        assert how_many(desk, Witnessing) == 0

    def test_one_person_chosen_twice_is_said_beside_the_second(self, desk: FrontDesk, client: FlaskClient) -> None:
        reference = desk.signed(INES, named(INES, "Iris"), signer=ROSA)
        answer = send(client, f"/desk/signings/{reference}", **RIGHT, person_2="on-file:P-Ines")
        assert "two people. Choose again" in answer.text

    def test_the_second_desk_reads_who_was_first(self, desk: FrontDesk, client: FlaskClient) -> None:
        reference = desk.signed()
        desk.confirm(reference, "P-ok", guardian="G-P-ok")
        answer = send(client, f"/desk/signings/{reference}", **RIGHT)
        assert answer.status_code == 409
        assert "Already witnessed by Ada Lovelace" in answer.text

    def test_rejecting_needs_a_reason_and_says_that_a_no_stands(self, desk: FrontDesk, client: FlaskClient) -> None:
        reference = desk.signed(replace(CHILD, answers=NO))
        address = f"/desk/signings/{reference}/reject"
        assert "goes on counting until the record is voided" in client.get(address).text
        assert "Enter the reason" in send(client, address).text
        assert send(client, address, reason="Nobody knows them").status_code == 303
        assert "stands until the record is voided" in client.get(f"/desk/signings/{reference}").text
        assert send(client, address, reason="Again").status_code == 409

    def test_a_wrong_match_is_corrected_on_its_page(self, desk: FrontDesk, client: FlaskClient) -> None:
        reference = desk.signed(INES, signer=ROSA)
        address = f"/desk/signings/{reference}/correct"
        assert client.get(address).status_code == 303
        desk.confirm(reference, "P-Iris")
        page = client.get(address).text
        [guardian] = re.findall(r'value="(on-file:G-[^"]+)"', page)
        answer = send(client, address, person_1="on-file:P-Ines", guardian=guardian)
        assert answer.status_code == 303
        assert desk.verdict("P-Ines", at=LATER).allowed

    def test_a_wrong_order_is_told_when_correcting_too(self, desk: FrontDesk, client: FlaskClient) -> None:
        reference = desk.signed(INES, signer=COURT)
        desk.confirm(reference, "P-Iris", order_seen=True)
        answer = send(
            client, f"/desk/signings/{reference}/correct", person_1="on-file:P-Ines", guardian="new", order_seen="no"
        )
        assert "Nobody but a parent is confirmed without the order" in answer.text

    def test_the_list_is_sent_anew_only_when_something_happened(self, desk: FrontDesk, client: FlaskClient) -> None:
        mark = re.search(r'data-mark="(\d+)"', client.get("/desk/signings").text)[1]
        quiet = client.get(f"/desk/signings/waiting?mark={mark}")
        assert (quiet.status_code, quiet.headers.getlist("Set-Cookie")) == (204, [])
        reference = desk.signed()
        fresh = client.get(f"/desk/signings/waiting?mark={mark}")
        assert f'data-reference="{reference}"' in fresh.text
        assert fresh.headers.getlist("Set-Cookie") == []

    def test_the_menu_counts_who_waits(self, desk: FrontDesk, client: FlaskClient) -> None:
        assert "house-count" not in client.get("/").text
        desk.signed()
        assert re.search(r'house-count">1<', client.get("/").text)

    def test_whoever_may_not_witness_sees_nothing(self, app: Flask, desk: FrontDesk) -> None:
        poster = signed_in(app, Role.POSTER, email="poster@city.example")
        reference = desk.signed()
        for path in ("", "/waiting", f"/{reference}", f"/{reference}/reject", f"/{reference}/correct"):
            assert poster.get(f"/desk/signings{path}").status_code == 403
