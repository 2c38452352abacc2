"""Who works with the registry, and in which roles?"""

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consent.domain.permissions import Permission, Role, permissions_of
from consent.domain.registers import StaffKind
from consent.storage.columns import Day, Instant, Key, Name, Word
from consent.storage.database import Model
from consent.storage.models.constraints import filled, one_of

staff_role_held = Table(
    "staff_role_held",
    Model.metadata,
    Column("staff_id", ForeignKey("staff.id"), primary_key=True),
    Column("staff_role_id", ForeignKey("staff_role.id"), primary_key=True),
)


class StaffRole(Model, RoleMixin):
    """One of the six roles; what a role may do stands in `consent.domain.permissions`."""

    __tablename__ = "staff_role"
    __table_args__ = (one_of("name", Role),)

    id: Mapped[Key]
    name: Mapped[Word] = mapped_column(unique=True)


class Staff(Model, UserMixin):
    """A member of staff who signs in, up to their last day if they have one. Whoever leaves is never deleted."""

    __tablename__ = "staff"
    __table_args__ = (filled("email", at_most=320), filled("name"), one_of("kind", StaffKind))

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[Name]
    kind: Mapped[Word] = mapped_column(default=StaffKind.EMPLOYEE.value)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[Word] = mapped_column(unique=True)
    added_at: Mapped[Instant]
    invited_at: Mapped[Instant | None]
    last_day: Mapped[Day | None]
    last_used_at: Mapped[Instant | None]
    roles: Mapped[list[StaffRole]] = relationship(  # type: ignore[assignment]  # a list of a narrower kind
        secondary=staff_role_held, lazy="selectin"
    )

    @property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(Role(role.name) for role in self.roles)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions
