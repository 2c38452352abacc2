"""Whom does the demo show for their answers? Yes, no, limits, and everything that may become of a signature."""

from consent.domain.vocabulary import Use
from consent.services.demo.book import EVERY_USE, YEAR, Book
from consent.services.demo.department import CAMP, FACEBOOK, FAULTY_FORM_DAYS, INSTAGRAM, SWIM, TEENS, TIKTOK_DAYS
from consent.services.demo.households import child
from consent.services.demo.starter_form import FAULTY, FIRST

ALL_BUT_RECORDING = tuple(use for use in EVERY_USE if use is not Use.RECORD)


def write_answers(book: Book) -> None:
    _yes_and_no(book)
    _limits(book)
    _signers_who_disagree(book)
    _withdrawals(book)
    _signatures_that_do_not_hold(book)
    _holds(book)


def _yes_and_no(book: Book) -> None:
    lucia = child(book, "Lucía", "Sandoverde", mother="Elena", father="Ramón", handles={INSTAGRAM: "@demo_lucia"})
    book.consent(lucia.id, lucia.mother, signed=book.ago(8), language="es")
    book.consent(lucia.id, lucia.father, signed=book.ago(7))
    bruno = child(book, "Bruno", "Sandoverde", sibling=lucia, born=book.years_old(6, days=40))
    book.consent(bruno.id, bruno.mother, signed=book.ago(8), language="es")

    milo = child(book, "Milo", "Quillmere", mother="Harriet")
    book.consent(milo.id, milo.mother, signed=book.ago(9), yes=())
    silent = child(book, "Opal", "Quillmere", sibling=milo, born=book.years_old(7))
    book.consent(silent.id, silent.mother, signed=book.ago(9), yes=ALL_BUT_RECORDING)
    child(book, "Wren", "Brackenflor", mother="Ingrid")


def _limits(book: Book) -> None:
    camp_only = child(book, "Teodoro", "Mesquellar", mother="Rosalba", programs=(CAMP, SWIM))
    book.consent(camp_only.id, camp_only.mother, signed=book.ago(11), programs=[CAMP], language="es")
    facebook_only = child(book, "Greta", "Foxglovia", mother="Liesel")
    book.consent(facebook_only.id, facebook_only.mother, signed=book.ago(12), platforms=[FACEBOOK])
    before_tiktok = child(book, "Marcus", "Oldgate", mother="Denise")
    book.consent(before_tiktok.id, before_tiktok.mother, signed=book.ago(TIKTOK_DAYS + 5))
    own_accounts = child(book, "Piper", "Lanternby", mother="Colleen")
    book.consent(own_accounts.id, own_accounts.mother, signed=book.ago(6), channels=["department", "personal"])
    coach_only = child(book, "Rohan", "Lanternby", mother="Asha")
    book.consent(coach_only.id, coach_only.mother, signed=book.ago(6), channels=["personal"])


def _signers_who_disagree(book: Book) -> None:
    noah = child(book, "Noah", "Ironpalm", mother="Vanessa", father="Derek")
    book.consent(noah.id, noah.father, signed=book.ago(10))
    book.consent(noah.id, noah.mother, signed=book.minutes_ago(150), yes=(), witnessed=False)

    teen = child(book, "Kayla", "Ironpalm", mother="Monique", born=book.years_old(15, days=90), programs=(CAMP, TEENS))
    book.consent(teen.id, teen.mother, signed=book.ago(20))
    book.consent(teen.id, signed=book.ago(5), yes=(Use.RECORD, Use.NAME))

    settled = child(book, "Eli", "Cottonlark", mother="Ruth")
    father = book.guardian("Grant", "Cottonlark")
    book.guardianship(father, settled.id, since=book.years_old(8), until=book.ago(30))
    book.consent(settled.id, father, signed=book.ago(200), yes=(), version=FIRST)
    book.consent(settled.id, settled.mother, signed=book.ago(14))


def _withdrawals(book: Book) -> None:
    everything = child(book, "Hazel", "Thornapple-Reyes", mother="Bridget")
    book.consent(everything.id, everything.mother, signed=book.ago(30))
    book.withdrawal(everything.id, everything.mother, at=book.ago(6))
    tags = child(book, "Tobias", "Winterfig", mother="Annika")
    book.consent(tags.id, tags.mother, signed=book.ago(30))
    book.withdrawal(tags.id, tags.mother, at=book.ago(4), uses=[Use.TAG, Use.FOLLOW])
    changed_again = child(book, "Selma", "Winterfig", sibling=tags)
    book.withdrawal(changed_again.id, changed_again.mother, at=book.ago(25))
    book.consent(changed_again.id, changed_again.mother, signed=book.ago(3))
    mistaken = child(book, "Andrés", "Lomaclara", mother="Pilar")
    book.consent(mistaken.id, mistaken.mother, signed=book.ago(18), language="es")
    book.withdrawal(mistaken.id, mistaken.mother, at=book.ago(5), voided=book.ago(4))


def _signatures_that_do_not_hold(book: Book) -> None:
    waiting = child(book, "Ivy", "Marrowstone", mother="Phoebe")
    book.consent(waiting.id, waiting.mother, signed=book.minutes_ago(35), witnessed=False)
    brother = child(book, "Jude", "Marrowstone", sibling=waiting, born=book.years_old(10, days=3))
    book.consent(brother.id, brother.mother, signed=book.minutes_ago(35), witnessed=False, language="es")
    expired = child(book, "Zoe", "Emberlane", mother="Tamara")
    book.consent(expired.id, expired.mother, signed=book.ago(60) - YEAR, version=FIRST)
    ends_soon = child(book, "Felix", "Emberlane", mother="Dorothea")
    book.consent(ends_soon.id, ends_soon.mother, signed=book.ago(20), expires_at=book.ago(-3))
    faulty = child(book, "Nadine", "Pebblewood", mother="Sylvie")
    book.consent(faulty.id, faulty.mother, signed=book.ago(FAULTY_FORM_DAYS - 20), version=FAULTY)
    wrong_child = child(book, "Oscar", "Pebblewood", mother="Sabine")
    book.consent(wrong_child.id, wrong_child.mother, signed=book.ago(15), voided_at=book.ago(14))


def _holds(book: Book) -> None:
    court = child(book, "Amelie", "Harborvine", mother="Noelle", father="Pascal")
    book.consent(court.id, court.mother, signed=book.ago(22))
    book.consent(court.id, court.father, signed=book.ago(21))
    book.hold(court.id, "DEMO: court order of the family court, seen at the desk", since=book.ago(20))
    safety = child(book, "Simon", "Harborvine", mother="Elise")
    book.hold(safety.id, "DEMO: safety plan of the household", since=book.ago(90), until=book.ago(-120))
    lifted = child(book, "Bianca", "Glasswick", mother="Carla")
    book.consent(lifted.id, lifted.mother, signed=book.ago(16))
    book.hold(lifted.id, "DEMO: custody hearing, settled", since=book.ago(80), until=book.ago(12))
