"""How is a rule about a column's shape written, so that every database refuses the bad row by the same name?"""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import CheckConstraint

from consent.storage.columns import NAME_LENGTH


def one_of(column: str, words: Iterable[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_known")


def filled(column: str, *, at_most: int = NAME_LENGTH) -> CheckConstraint:
    return CheckConstraint(f"length({column}) BETWEEN 1 AND {at_most}", name=f"{column}_has_a_length")


def is_a_name(column: str) -> CheckConstraint:
    """Letters and hyphens: which of such names there are is the program's to keep."""
    shape = f"length({column}) BETWEEN 1 AND 64 AND trim({column}, 'abcdefghijklmnopqrstuvwxyz-') = ''"
    return CheckConstraint(shape, name=f"{column}_is_a_name")


def not_before(later: str, earlier: str) -> CheckConstraint:
    return CheckConstraint(f"{later} IS NULL OR {later} >= {earlier}", name=f"{later}_not_before_{earlier}")


def after(later: str, earlier: str) -> CheckConstraint:
    return CheckConstraint(f"{later} IS NULL OR {later} > {earlier}", name=f"{later}_after_{earlier}")


def is_sha256(column: str) -> CheckConstraint:
    return CheckConstraint(f"length({column}) = 64", name=f"{column}_is_sha256")
