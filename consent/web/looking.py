"""Which page is what kind of look? Each staff page declares it beside its guard; one that names people records it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Flask, Response, g, make_response
from flask_security import current_user

from consent.domain.looks import LookKind
from consent.services.looks import Seen, record_looks
from consent.storage.database import CHECKS, db
from consent.web.access import current_actor
from consent.web.asking import clock

View = TypeVar("View", bound=Callable[..., Any])
SHOWS = frozenset({HTTPStatus.OK, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY})
"""The statuses of a page that shows what was asked for; a refusal shows nobody."""
BY_LINK = "link"
"""Whoever holds the one-time address of a signed copy."""


@dataclass(frozen=True, slots=True)
class LookRule:
    """What opening the page leaves: a look of this kind, or nothing of its own, for this reason."""

    kind: LookKind | None
    reason: str = ""


def looked_at(kind: LookKind) -> Callable[[View], View]:
    """The page names people: whom it `saw` is recorded before the page is given, or it is not given."""

    def declare(view: View) -> View:
        @wraps(view)
        def recorded(*args: Any, **values: Any) -> Response:
            answer = make_response(view(*args, **values))
            seen = g.pop("seen", [])
            if seen and answer.status_code in SHOWS:
                db.session.rollback()  # a change that was refused still holds the writer's turn
                record_looks(db.engines[CHECKS], kind, seen, by=_who(), now=clock())
            return answer

        recorded.look_rule = LookRule(kind)  # type: ignore[attr-defined]  # a function takes any attribute
        return recorded  # type: ignore[return-value]  # called just as the view

    return declare


def not_looked_at(reason: str) -> Callable[[View], View]:
    """The page leaves no look of its own, for this reason."""

    def declare(view: View) -> View:
        view.look_rule = LookRule(None, reason)  # type: ignore[attr-defined]  # a function takes any attribute
        return view

    return declare


checked = not_looked_at("the check that it makes is the record")
changed = not_looked_at("the change that it makes is the record")
names_nobody = not_looked_at("it names nobody")
names_colleagues = not_looked_at("it names colleagues, and no patron")
names_oneself = not_looked_at("it names whoever opens it, and nobody else")


def saw(patrons: Iterable[str] = (), *, about: str = "") -> None:
    """Note that the page names these patrons, by their external ids; or something about people, by its own number."""
    if "seen" not in g:
        g.seen = []
    if about:
        g.seen.append(Seen(about=about))
    g.seen.extend(Seen(patron) for patron in patrons)


def look_rule(app: Flask, endpoint: str) -> LookRule | None:
    rule: LookRule | None = getattr(app.view_functions[endpoint], "look_rule", None)
    return rule


def _who() -> str:
    return current_actor() if current_user.is_authenticated else BY_LINK
