"""Whom does the demo show for their names? Twins, namesakes, many scripts, the longest name and the shortest."""

from typing import Final

from consent.domain.vocabulary import Use
from consent.services.demo.book import Book
from consent.services.demo.department import CAMP, DANCE, SWIM
from consent.services.demo.households import child
from consent.services.demo.names import LONGEST_FIRST_NAME

IN_MANY_SCRIPTS: Final = (
    ("Zoë", "Ångkvist-Sol", "Linnéa"),
    ("Łucja", "Źródlanka", "Świętosława"),
    ("Ñusta", "Peñaluz", "Begoña"),
    ("Thảo Vy", "Đặngsương", "Mỹ Duyên"),
    ("ليلى", "النجمورية", "سعاد"),
    ("आरव", "सूरजवंतिया", "कमला"),
    ("小星", "沐云林", "雪晴"),
    ("ปลายฟ้า", "ดาวทะเลทราย", "มะลิ"),
    ("O", "X", "Y"),
)
"""First name, last name, the mother's first name."""


def write_names(book: Book) -> None:
    _twins(book)
    _namesakes(book)
    for first_name, last_name, mother in IN_MANY_SCRIPTS:
        told = child(book, first_name, last_name, mother=mother, programs=(CAMP, DANCE))
        book.consent(told.id, told.mother, signed=book.ago(13))
    longest = child(book, LONGEST_FIRST_NAME, "Fuentesol-Montaraz de la Vega Encantada", mother="Inmaculada")
    book.consent(longest.id, longest.mother, signed=book.ago(13), language="es", yes=(Use.PHOTO,))


def _twins(book: Book) -> None:
    """Born on one day, with names that differ by two letters, and with two answers."""
    born = book.years_old(8, days=75)
    yes = child(book, "Ana Lucía", "Palobrea", mother="Consuelo", born=born, programs=(CAMP, SWIM))
    no = child(book, "Ana Lucila", "Palobrea", sibling=yes, born=born, programs=(CAMP, SWIM))
    book.consent(yes.id, yes.mother, signed=book.ago(9), language="es")
    book.consent(no.id, no.mother, signed=book.ago(9), yes=(), language="es")


def _namesakes(book: Book) -> None:
    """One name, three people: age and program tell them apart."""
    older = child(book, "Emma", "Dunesong", mother="Paula", born=book.years_old(14, days=10), programs=(DANCE,))
    younger = child(book, "Emma", "Dunesong", mother="Felicity", born=book.years_old(6, days=300))
    almost = child(book, "Ema", "Dunesonge", mother="Lourdes", born=book.years_old(9))
    book.consent(older.id, older.mother, signed=book.ago(16))
    book.consent(younger.id, younger.mother, signed=book.ago(16), yes=())
    book.consent(almost.id, almost.mother, signed=book.ago(2))
