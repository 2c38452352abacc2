"""Who may open this page? Every view declares it; a view that does not is refused to everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers.response import Response as Redirect

from consent.domain.permissions import Permission
from consent.domain.sign_in import is_fresh
from consent.web.asking import clock

View = TypeVar("View")
Declaration = Callable[[View], View]

RULES = "consent_access_rules"
SAFE_METHODS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class AccessRule:
    """`refusal` is asked at each request: None lets it in, anything else is the answer instead."""

    who: str
    refusal: Callable[[], ResponseReturnValue | None]


def anybody(reason: str) -> Declaration:
    """No sign-in needed, for this reason."""
    return _declare(for_anybody(reason))


def signed_in(view: View) -> View:
    """Any member of staff, whatever their roles."""
    return _declare(AccessRule("signed in", _ask_to_sign_in))(view)


def freshly_signed_in(view: View) -> View:
    """Any member of staff who proved a short while ago that it is them."""
    return _declare(AccessRule("signed in, a short while ago", lambda: _ask_to_sign_in() or ask_again()))(view)


def staff_may(permission: Permission, *, fresh: bool = False) -> Declaration:
    """Staff whose roles give them this permission; `fresh` asks them to prove anew that it is them."""

    def refusal() -> ResponseReturnValue | None:
        if not current_user.is_authenticated:
            return _ask_to_sign_in()
        if not current_user.may(permission):
            abort(403)
        return ask_again() if fresh else None

    return _declare(AccessRule(f"staff who may {permission}", refusal))


def token_holder(recognized: Callable[[], bool]) -> Declaration:
    """Another system whose token `recognized` finds in force."""

    def refusal() -> ResponseReturnValue | None:
        if recognized():
            return None
        raise Unauthorized(www_authenticate=WWWAuthenticate("bearer"))

    return _declare(AccessRule("holders of a token", refusal))


def kiosk_device(refusal: Callable[[], ResponseReturnValue | None]) -> Declaration:
    """A device enrolled as a kiosk, whoever may be signed in on it; `refusal` tells a kiosk from any other device."""
    return _declare(AccessRule("kiosks", refusal))


def on_the_way_in(who: str, refusal: Callable[[], ResponseReturnValue | None]) -> Declaration:
    """Whoever has given a part of what signing in takes; `refusal` tells how far they are."""
    return _declare(AccessRule(who, refusal))


def for_anybody(reason: str) -> AccessRule:
    return AccessRule(f"anybody: {reason}", lambda: None)


def access_rule(app: Flask, endpoint: str) -> AccessRule | None:
    """The rule of an endpoint: a library's from the one table, ours from the view itself."""
    view: Any = app.view_functions[endpoint]
    declared = getattr(view, "access_rule", None) or getattr(getattr(view, "view_class", None), "access_rule", None)
    return app.extensions[RULES].get(endpoint) or declared


def ask_again() -> Redirect | None:
    """Lead whoever signed in too long ago to prove that it is them, and back; what they are sending is kept."""
    sending = request.method not in SAFE_METHODS
    if is_fresh(g.seat.proven_at, clock(), sending=sending):
        return None
    here = request.full_path.rstrip("?")
    if sending:
        # The browser sends the same form there.
        return redirect(url_for("sign_in_again.keep", form=here), 307)
    return redirect(url_for("sign_in_again.again", next=here), 303)


def current_actor() -> str:
    """Who is asking, as the ledger names them."""
    return f"staff:{current_user.id}"


def init_access(app: Flask, libraries: dict[str, AccessRule]) -> None:
    """Refuse what is not declared. `libraries` has the rules of endpoints that are not ours."""
    app.extensions[RULES] = libraries
    app.before_request(refuse_what_is_not_declared)


def refuse_what_is_not_declared() -> ResponseReturnValue | None:
    if request.endpoint is None or request.routing_exception:
        return None  # no such page, or not with this method: routing itself says so
    rule = access_rule(current_app, request.endpoint)
    return rule.refusal() if rule else abort(404)


def _ask_to_sign_in() -> Redirect | None:
    if current_user.is_authenticated:
        return None
    if request.method not in SAFE_METHODS:
        return redirect(url_for("sign_in.sign_in"), 303)
    here = request.full_path.rstrip("?")
    return redirect(url_for("sign_in.sign_in", next=None if here == "/" else here), 303)


def _declare(rule: AccessRule) -> Declaration:
    def declare(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]  # a function or a view class takes any attribute
        return view

    return declare
