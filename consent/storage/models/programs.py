"""Which programs does the department run, who leads them and who takes part?"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Day, ExternalId, Instant, Key, Name
from consent.storage.database import Model
from consent.storage.models.constraints import filled


class Program(Model):
    """A camp, class or event; its first and last day are both included."""

    __tablename__ = "program"
    __table_args__ = (filled("external_id", at_most=64), filled("name"))

    id: Mapped[Key]
    external_id: Mapped[ExternalId]
    name: Mapped[Name]
    starts: Mapped[Day]
    ends: Mapped[Day]


class ProgramLead(Model):
    """A member of staff who leads a program, and sees its people only."""

    __tablename__ = "program_lead"

    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, index=True)
    since: Mapped[Instant]


class Enrollment(Model):
    """A patron takes part in a program."""

    __tablename__ = "enrollment"

    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"), primary_key=True)
    patron_id: Mapped[int] = mapped_column(ForeignKey("patron.id"), primary_key=True, index=True)
