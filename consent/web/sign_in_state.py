"""Who is at this browser: somebody signed in, somebody on the way in, or nobody?

Whoever gave only half of what they must give is nobody to every page but those that ask for the other half.
"""

import time
from contextlib import suppress
from datetime import timedelta
from functools import partial

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from flask_login import current_user
from flask_security import login_user, logout_user
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers.response import Response as Redirect

from consent.domain.browsers import browser_named
from consent.domain.refusals import RegistryBusy
from consent.domain.sign_in import Proof
from consent.services.second_factors import has_factor, must_have_factor
from consent.services.staff_sessions import Seat, end_session, find_session, note_seen, prove_again, start_session
from consent.services.staff_sign_in import staff_marked
from consent.storage.database import CHECKS, db
from consent.storage.models import Staff
from consent.web.access import ask_again, on_the_way_in
from consent.web.addresses import same_site_path
from consent.web.asking import clock, settings, today

TOKEN, HALF_WAY = "seat", "half_way"  # names in the session, no secrets
HALF_WAY_FOR = timedelta(minutes=15)


def init_sign_in_state(app: Flask) -> None:
    app.login_manager.user_loader(_find_staff)  # type: ignore[attr-defined]  # Flask-Login puts it there
    # Flask-Security would also take a token of its own from the address or a header.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]  # Flask-Login puts it there
    app.after_request(_note_when_sent)


def way_on() -> str:
    """Where to go after signing in. Nobody is led to a page that is not ours."""
    ways = [way for way in request.values.getlist("next") if way]
    if any(same_site_path(way) is None for way in ways):
        abort(400)
    return ways[0] if ways else "/"


def go_on(staff: Staff, way: str) -> Redirect:
    """The password was right: in, or on to what is still to be given or set up."""
    asked = has_factor(db.session(), staff.id)
    if not asked and not must_have_factor(db.session(), staff, rule=settings().second_factor):
        return let_in(staff, Proof.PASSWORD, way)
    session.clear()
    g.pop("csrf_token", None)
    session[HALF_WAY] = {"staff": staff.fs_uniquifier, "at": int(time.time()), "way": way}
    session.permanent = True
    return redirect(url_for("sign_in_second.second" if asked else "account_factors.choose"), 303)


def let_in(staff: Staff, proof: Proof, way: str) -> Redirect:
    """Sign them in, under a new session: whatever was in the browser before is no longer good."""
    browser = browser_named(request.user_agent.string)
    token = start_session(db.session(), staff.id, proof, browser=browser, now=clock())
    session.clear()
    g.pop("csrf_token", None)
    login_user(staff)
    session[TOKEN] = token
    session.permanent = True
    return redirect(way, 303)


def half_way() -> Staff | None:
    """Whoever gave their password a short while ago, and nothing else yet."""
    kept = session.get(HALF_WAY)
    if not kept or time.time() - kept["at"] > HALF_WAY_FOR.total_seconds():
        return None
    return staff_marked(db.session(), kept["staff"], today=today())


def way_kept() -> str:
    """Where whoever is half way in wanted to go."""
    return str(session.get(HALF_WAY, {}).get("way", "/"))


def seat() -> Seat:
    """The session of whoever is signed in."""
    assert current_user.is_authenticated
    found: Seat = g.seat
    return found


def renew_seat() -> None:
    """They proved anew who they are."""
    session[TOKEN] = prove_again(db.session(), seat().id, now=clock())


def leave_seat() -> None:
    """A copy of the cookie, left on a shared desk, must be worth nothing."""
    left = seat().id
    logout_user()
    session.clear()
    end_session(db.session(), left, now=clock())


def _ask_for_the_password() -> Redirect | None:
    return None if half_way() else redirect(url_for("sign_in.sign_in"), 303)


def _let_set_up() -> Redirect | None:
    """Who has a second factor gives it before they add another: a password alone opens no back door."""
    if current_user.is_authenticated:
        return ask_again()
    staff = half_way()
    if staff is None:
        return redirect(url_for("sign_in.sign_in"), 303)
    return redirect(url_for("sign_in_second.second"), 303) if has_factor(db.session(), staff.id) else None


password_given = on_the_way_in("whoever gave a password", _ask_for_the_password)
setting_up = on_the_way_in("signed in, or setting up a first second factor", _let_set_up)


def _find_staff(_mark: str) -> Staff | None:
    found = find_session(db.session(), session.get(TOKEN, ""), now=clock(), today=today())
    if found is None:
        return None
    staff, kept = found
    if kept.proof is Proof.PASSWORD and must_have_factor(db.session(), staff, rule=settings().second_factor):
        return None
    g.seat = kept
    return staff


def _note_when_sent(response: Response) -> Response:
    """Nobody waits for it, and what an open page asks by itself is no sign of life from whoever left it open."""
    if "seat" in g and not g.get("asked_by_itself"):
        response.call_on_close(partial(_note_seen, db.engines[CHECKS], g.seat))
    return response


def _note_seen(engine: Engine, seen: Seat) -> None:
    # Where a long change holds the turn, it costs somebody who is there a minute of their half hour.
    with suppress(RegistryBusy, SQLAlchemyError):
        note_seen(engine, seen, now=clock())
