"""Which programs may this person open?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from consent.domain.permissions import Permission
from consent.domain.refusals import UnknownProgram
from consent.services.checks import Asker
from consent.storage import programs
from consent.storage.models import Program


@dataclass(frozen=True, slots=True)
class ProgramListed:
    """One program and how many people are enrolled in it."""

    external_id: str
    name: str
    starts: date
    ends: date
    enrolled: int


def list_programs(session: Session, *, asker: Asker) -> Sequence[ProgramListed]:
    """The programs that the asker may open; a lead's own only."""
    return [
        ProgramListed(program.external_id, program.name, program.starts, program.ends, enrolled)
        for program, enrolled in programs.programs_with_counts(session, led_by=leads_only(asker))
    ]


def open_program(session: Session, external_id: str, *, asker: Asker) -> Program:
    """The program, if the asker may open it. Raises UnknownProgram, for another lead's program too."""
    program = programs.find_program(session, external_id, led_by=leads_only(asker))
    if program is None:
        raise UnknownProgram("No program with this id is open to you.")
    return program


def leads_only(asker: Asker) -> int | None:
    """The member of staff whose own programs alone are open, or None where all are."""
    return None if Permission.OPEN_EVERY_PROGRAM in asker.permissions else asker.staff_id or NOBODY


NOBODY = 0
"""No member of staff has this id, so nothing is open to them."""
