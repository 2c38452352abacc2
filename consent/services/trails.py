"""What changed, from what to what? And did somebody else change it, while the form that asks for it was open?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from consent.domain.exchange.lines import Line, LineType
from consent.domain.exchange.values import show_instant
from consent.domain.exchange.writing import as_said
from consent.domain.refusals import ConsentError
from consent.storage.exchange.stored import find_lines

Said = Mapping[str, Any]
"""Somebody or something as a line of the interchange file says it: what a form was made from."""
Same = TypeVar("Same", bound=Line)


class ChangedMeanwhile(ConsentError):
    """Somebody else changed the same thing while the form was open; `now` is what is on file."""

    def __init__(self, now: Said) -> None:
        super().__init__("Somebody changed this while the form was open.")
        self.now = now


def line_on_file(session: Session, kind: LineType, external_id: str) -> tuple[int, Any] | None:
    """Its key and its line."""
    return find_lines(session.connection(), kind, [external_id]).get(external_id)


def unless_changed(on_file: Same, based_on: Said) -> Same:
    """Raises ChangedMeanwhile."""
    if differing(now := as_said(on_file), based_on):
        raise ChangedMeanwhile(now)
    return on_file


def trail(before: Line, after: Line) -> dict[str, Any]:
    """The content of an event; both are lines about the same thing."""
    was, becomes = as_said(before), as_said(after)
    changed = differing(was, becomes)
    return {
        "type": was["type"],
        "id": was["id"],
        "before": {key: was.get(key) for key in changed},
        "after": {key: becomes.get(key) for key in changed},
    }


def end_moved(before: datetime | None, after: datetime) -> dict[str, Any]:
    """The same for what gains its end, or ends sooner."""
    was = None if before is None else show_instant(before)
    return {"before": {"until": was}, "after": {"until": show_instant(after)}}


def merge(based_on: Said, typed: Said, now: Said) -> dict[str, Any]:
    """What is on file, with what somebody changed in their form: two who change different things both keep theirs."""
    merged = dict(now)
    for key in differing(based_on, typed):
        mine, theirs = typed.get(key), now.get(key)
        if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
            merged[key] = merge(based_on.get(key) or {}, mine, theirs)
        elif mine is None:
            merged.pop(key, None)
        else:
            merged[key] = mine
    return merged


def differing(was: Said, becomes: Said) -> list[str]:
    """The keys under which the two do not say the same."""
    return [key for key in {**was, **becomes} if was.get(key) != becomes.get(key)]
