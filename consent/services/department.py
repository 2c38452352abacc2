"""What is the department called on every page and paper? As somebody set it here, unless the installation says it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.refusals import ConsentError
from consent.services.ledger import Event, record
from consent.storage.database import begin_writing
from consent.storage.registry import CITY, DEPARTMENT, mark, marks

UNNAMED: Final = "City Recreation Department"
LONGEST: Final = 60


class DepartmentNameWrong(ConsentError):
    """The name of the city or of the department is empty or too long."""


@dataclass(frozen=True, slots=True)
class Names:
    """The city's name stands before the department's."""

    city: str
    department: str

    @property
    def whole(self) -> str:
        return f"{self.city} {self.department}"


def stored_names(session: Session) -> Names | None:
    known = marks(session, CITY, DEPARTMENT)
    return Names(known[CITY], known[DEPARTMENT]) if len(known) == len(("city", "department")) else None


def department_name(session: Session, explicit: str | None) -> str:
    """`explicit` is what the installation's settings say, which wins."""
    if explicit:
        return explicit
    names = stored_names(session)
    return names.whole if names else UNNAMED


def name_department(session: Session, names: Names, *, by: str, now: datetime) -> None:
    """Raises DepartmentNameWrong."""
    names = Names(_checked(names.city), _checked(names.department))
    begin_writing(session)
    before = stored_names(session)
    if names != before:
        mark(session, CITY, names.city)
        mark(session, DEPARTMENT, names.department)
        told = {"before": asdict(before) if before else None, "after": asdict(names)}
        record(session, Event(EventKind.DEPARTMENT_NAMED, told), by=by, now=now)
    session.commit()


def _checked(given: str) -> str:
    name = given.strip()
    if not 1 <= len(name) <= LONGEST or not name.isprintable():
        raise DepartmentNameWrong(f"A name has 1 to {LONGEST} characters on one line.")
    return name
