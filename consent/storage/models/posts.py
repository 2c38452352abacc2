"""What stands on a platform, and who is in it? Rows here are added, never edited and never deleted."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Instant, Key
from consent.storage.database import Model
from consent.storage.models.constraints import not_before

URL_LENGTH = 500


class Post(Model):
    """A clearance that was used: what was posted, or whom somebody tagged, befriended, followed or wrote to.

    `still_allowed` is what the gate said when it was told of; what was posted all the same is kept too.
    """

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint(
            f"length(url) BETWEEN 9 AND {URL_LENGTH} AND substr(url, 1, 8) = 'https://'", name="url_is_https"
        ),
        not_before("told_at", "posted_at"),
    )

    id: Mapped[Key]
    clearance_id: Mapped[int] = mapped_column(ForeignKey("clearance.id"), unique=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("clearance_decision.id"))
    url: Mapped[str] = mapped_column(String(URL_LENGTH))
    posted_at: Mapped[Instant]
    told_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    told_at: Mapped[Instant]
    still_allowed: Mapped[bool]


class PostPerson(Model):
    """Somebody who is in it."""

    __tablename__ = "post_person"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    patron_id: Mapped[int] = mapped_column(ForeignKey("patron.id"), primary_key=True, index=True)
