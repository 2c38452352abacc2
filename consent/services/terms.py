"""On which terms does a registry follow its own changes? Asked by the session: a change may come by any door."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Terms:
    """Within how many days of the registry's own clock a post comes down."""

    days: int
    zone: tzinfo


TERMS: Final[WeakKeyDictionary[Engine, Terms]] = WeakKeyDictionary()
"""Of each registry by its database."""


def terms_of(session: Session) -> Terms:
    return TERMS[session.get_bind()]  # type: ignore[index]  # the registry's sessions are bound to engines
