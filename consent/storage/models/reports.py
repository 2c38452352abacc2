"""What did somebody on staff report, and what was done about it? Rows here are added, never edited or deleted."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consent.domain.reports import ReportStep
from consent.storage.columns import Day, Instant, Key, Word
from consent.storage.database import Model
from consent.storage.models.constraints import filled, one_of
from consent.storage.models.posts import URL_LENGTH

WRONG_LENGTH = 1_000
NOTE_LENGTH = 500


class Report(Model):
    """A post or a comment that should not stand. Whoever erred says so, and it is closed."""

    __tablename__ = "report"
    __table_args__ = (
        filled("number", at_most=64),
        filled("wrong", at_most=WRONG_LENGTH),
        CheckConstraint(
            f"length(url) BETWEEN 9 AND {URL_LENGTH} AND substr(url, 1, 8) = 'https://'", name="url_is_https"
        ),
    )

    id: Mapped[Key]
    number: Mapped[Word] = mapped_column(unique=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platform.id"))
    url: Mapped[str] = mapped_column(String(URL_LENGTH))
    wrong: Mapped[str] = mapped_column(String(WRONG_LENGTH))
    reported_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    reported_at: Mapped[Instant]
    due_on: Mapped[Day]


class ReportAssignment(Model):
    """Who sees to it from then on."""

    __tablename__ = "report_assignment"

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    assigned_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    assigned_at: Mapped[Instant]


class ReportProgress(Model):
    """It was corrected, or closed; each once."""

    __tablename__ = "report_progress"
    __table_args__ = (
        one_of("step", ReportStep),
        UniqueConstraint("report_id", "step"),
    )

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    step: Mapped[Word]
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH))
    done_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    done_at: Mapped[Instant]
