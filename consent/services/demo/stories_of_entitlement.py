"""Whom does the demo show for who may sign? Coming of age, unknown ages, orders of court, papers and agencies."""

from consent.domain.vocabulary import Relationship
from consent.services.demo.book import Book
from consent.services.demo.department import CAMP, STROLLERS, TEENS
from consent.services.demo.households import child
from consent.services.demo.starter_form import FIRST

TEEN_PROGRAM = (TEENS,)


def write_entitlement(book: Book) -> None:
    _coming_of_age(book)
    _ages_not_known(book)
    _instead_of_a_parent(book)


def _coming_of_age(book: Book) -> None:
    nearly = child(book, "Jasper", "Almostead", mother="Gwen", born=book.years_old(17, days=356), programs=TEEN_PROGRAM)
    book.consent(nearly.id, nearly.mother, signed=book.ago(25))
    just = child(book, "Delia", "Almostead", mother="Nora", born=book.years_old(18, days=3), programs=TEEN_PROGRAM)
    book.consent(just.id, just.mother, signed=book.ago(30))
    signed_anew = child(
        book, "Rhys", "Newmantle", mother="Carys", born=book.years_old(18, days=30), programs=TEEN_PROGRAM
    )
    book.consent(signed_anew.id, signed_anew.mother, signed=book.ago(100), version=FIRST)
    book.consent(signed_anew.id, signed=book.ago(10))
    too_early = book.patron("Cleo", "Newmantle", book.years_old(18, days=12))
    book.enroll(too_early, TEENS)
    book.consent(too_early, signed=book.ago(28))
    emancipated = book.patron("Dario", "Ownhearth", book.years_old(17, days=60), emancipated_on=book.day(-150))
    book.enroll(emancipated, TEENS)
    book.consent(emancipated, signed=book.ago(27))


def _ages_not_known(book: Book) -> None:
    unknown = book.patron("Blythe", "Greywander")
    book.enroll(unknown, TEENS)
    book.consent(unknown, signed=book.ago(26))
    declared = book.patron("Winston", "Greywander", adult=True)
    book.enroll(declared, STROLLERS)
    book.consent(declared, signed=book.ago(24), language="es")
    grandmother = book.patron("Eudora", "Longacre-Sol", book.years_old(81, days=200))
    book.enroll(grandmother, STROLLERS)
    book.consent(grandmother, signed=book.ago(19))


def _instead_of_a_parent(book: Book) -> None:
    lapsed = book.patron("Coral", "Driftmore", book.years_old(9, days=20))
    aunt = book.guardian("Winifred", "Driftmore")
    papers = Relationship.POWER_OF_ATTORNEY
    book.guardianship(aunt, lapsed, since=book.ago(200), until=book.ago(20), relationship=papers)
    book.consent(lapsed, aunt, signed=book.ago(38))
    current = book.patron("Reef", "Driftmore", book.years_old(11, days=20))
    book.guardianship(aunt, current, since=book.ago(40), until=book.ago(-140), relationship=papers)
    book.consent(current, aunt, signed=book.ago(38))

    in_care = book.patron("Robin", "Havensbrook", book.years_old(7, days=100))
    agency = book.guardian("DEMO Child Safety", "Caseworker")
    book.guardianship(agency, in_care, since=book.ago(300), relationship=Relationship.AGENCY)
    book.hold(in_care, "DEMO: in the agency's care; publication not authorized", since=book.ago(300))

    ward = book.patron("Linus", "Evermoor", book.years_old(19, days=100))
    guardian = book.guardian("Magnolia", "Evermoor")
    book.guardianship(
        guardian,
        ward,
        since=book.ago(900),
        relationship=Relationship.COURT_APPOINTED_GUARDIAN,
        beyond_majority=True,
    )
    book.consent(ward, guardian, signed=book.ago(17))
    book.enroll(ward, TEENS)
    for patron in (lapsed, current, in_care):
        book.enroll(patron, CAMP)
