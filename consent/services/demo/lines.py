"""What is in the demo department? A whole import file, the same every time but for its dates, which are fresh."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from random import Random
from typing import Any, Final

from consent.services.demo.book import Book
from consent.services.demo.department import write_department
from consent.services.demo.families import write_families
from consent.services.demo.stories_of_answers import write_answers
from consent.services.demo.stories_of_entitlement import write_entitlement
from consent.services.demo.stories_of_names import write_names

PATRONS: Final = 240
SEED: Final = 65


def demo_lines(now: datetime, zone: tzinfo) -> Iterator[dict[str, Any]]:
    """The lines of the demo as it is at that moment, in the words of an import file."""
    book = Book(now, zone)
    write_department(book)
    write_answers(book)
    write_entitlement(book)
    write_names(book)
    write_families(book, Random(SEED), until_patrons=PATRONS)  # noqa: S311  # nothing here is a secret
    return iter(book.lines)
