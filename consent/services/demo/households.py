"""How is a story told in one line? A child of so many years with a parent, both with names of the story's own."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from consent.domain.vocabulary import Relationship
from consent.services.demo.book import Book
from consent.services.demo.department import CAMP


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the camp and the parents who may sign."""

    id: str
    mother: str
    father: str = ""


def child(
    book: Book,
    first_name: str,
    last_name: str,
    *,
    mother: str = "",
    father: str = "",
    sibling: Child | None = None,
    born: date | None = None,
    programs: tuple[str, ...] = (CAMP,),
    **more: Any,
) -> Child:
    """A child in the camp, of any age unless the story needs one."""
    born = born or book.some_childs_birthday()
    patron = book.patron(first_name, last_name, born, **more)
    if sibling:
        parents = [parent for parent in (sibling.mother, sibling.father) if parent]
    else:
        parents = [book.guardian(parent, last_name) for parent in (mother, father) if parent]
    for parent in parents:
        book.guardianship(parent, patron, since=born, relationship=Relationship.PARENT)
    book.enroll(patron, *programs)
    return Child(patron, *parents)
