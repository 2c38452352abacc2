"""Which kiosk is this device, and which family is at it? A member of staff who is signed in here changes nothing."""

from datetime import timedelta
from typing import Any

from flask import g, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from consent.domain.refusals import RegistryBusy
from consent.domain.vocabulary import Language
from consent.services import kiosks
from consent.services.drafts import drop_draft, open_draft, read_draft
from consent.storage.database import db
from consent.storage.models import Kiosk
from consent.web.access import kiosk_device
from consent.web.asking import clock, settings
from consent.web.kiosk_family import Family

DEVICE, FAMILY = "kiosk", "family"
STAFF_MENU, STAFF_LANGUAGE = "kiosk_staff", "kiosk_staff_language"
PLACE = "/kiosk"
AFTER_SIGNING = frozenset({"kiosk.here", "kiosk.speak", "kiosk_sign.done"})
"""All other pages of a sitting that is signed lead to its last one."""
YEARS = timedelta(days=5 * 365)


def find_kiosk() -> ResponseReturnValue | None:
    """Let an enrolled device in, and tell any other where to go."""
    key = request.cookies.get(_name(DEVICE), "")
    kiosk = kiosks.kiosk_of(db.session(), key) if key else None
    g.language = Language.ENGLISH
    if kiosk is None:
        if request.endpoint == "kiosk.alive":
            return jsonify(state="not-a-kiosk")
        return render_template("kiosk/not_a_kiosk.html", family=None, kiosk_name=""), 403
    _note_seen(kiosk)
    g.kiosk_id, g.kiosk_name, g.out_of_order = kiosk.id, kiosk.name, kiosk.out_of_order
    g.large_text, g.silent = kiosk.large_text, kiosk.silent
    g.family = _find_family()
    return None


def _note_seen(kiosk: Kiosk) -> None:
    """A page that only reads is shown also where nothing can be written; whether all works is what `alive` tells."""
    try:
        kiosks.seen(db.session(), kiosk, clock())
    except (RegistryBusy, SQLAlchemyError):
        if request.endpoint == "kiosk.alive":
            raise
        db.session.rollback()


def find_family() -> ResponseReturnValue | None:
    """Let a family go on; what is over is over."""
    refused = find_kiosk()
    if refused is not None:
        return refused
    if g.family is None:
        return redirect(url_for("kiosk.finished"), 303)
    if g.family.signed and request.endpoint not in AFTER_SIGNING:
        return redirect(url_for("kiosk_sign.done"), 303)
    return None


at_kiosk = kiosk_device(find_kiosk)
in_sitting = kiosk_device(find_family)


def remember_device(answer: Response, key: str) -> None:
    _keep(answer, DEVICE, key, YEARS)


def begin_sitting(answer: Response, language: Language) -> None:
    """Whatever a family before left behind goes first."""
    forget_sitting(answer)
    token = open_draft(db.session(), kiosk_id=g.kiosk_id, language=language, now=clock())
    _keep(answer, FAMILY, token)


def forget_sitting(answer: Response) -> None:
    """Nothing that they typed stays, on the server or in the browser, and no menu of staff is left open."""
    session.pop(STAFF_MENU, None)
    session.pop(STAFF_LANGUAGE, None)
    if token := request.cookies.get(_name(FAMILY)):
        drop_draft(db.session(), token, kiosk_id=g.kiosk_id)
        answer.delete_cookie(_name(FAMILY), **_limits())


def _find_family() -> Family | None:
    token = request.cookies.get(_name(FAMILY))
    draft = read_draft(db.session(), token, kiosk_id=g.kiosk_id, now=clock()) if token else None
    if draft is None or token is None:
        return None
    g.language = draft.language
    refresh()
    return Family(g.kiosk_id, token, draft)


def _keep(answer: Response, name: str, value: str, lives: timedelta | None = None) -> None:
    """Without a time it ends with the browser: one that was killed and started again knows of no family."""
    answer.set_cookie(_name(name), value, max_age=lives, **_limits())


def _name(name: str) -> str:
    return f"__Host-{name}" if settings().secure else name


def _limits() -> dict[str, Any]:
    """A browser takes a `__Host-` cookie for the whole site only."""
    secure = settings().secure
    return {"path": "/" if secure else PLACE, "secure": secure, "httponly": True, "samesite": "Strict"}
