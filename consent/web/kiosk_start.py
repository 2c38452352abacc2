"""How does a sitting at a kiosk begin, and how does it end without a trace?"""

from flask import Blueprint, g, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from consent.domain.vocabulary import Language
from consent.services.drafts import DraftGone, touch_draft
from consent.services.kiosk_choices import can_sign
from consent.services.kiosks import KioskNotEnrolled, enroll_device
from consent.services.signing import signed_with_key
from consent.storage.database import db
from consent.web import kiosk_words
from consent.web.access import anybody
from consent.web.addresses import same_site_path
from consent.web.asking import clock
from consent.web.guessing import count_guess
from consent.web.kiosk_device import (
    PLACE,
    at_kiosk,
    begin_sitting,
    forget_sitting,
    in_sitting,
    remember_device,
)

IDLE_SECONDS = 90
KEPT_FIELDS = 200
NOT_ANSWERS = frozenset({"csrf_token", "language"})
ERASES = '"cache", "storage"'
"""Not the cookies: the device stays a kiosk."""

bp = Blueprint("kiosk", __name__, url_prefix=PLACE)
bp.record_once(lambda setup: kiosk_words.init_kiosk_words(setup.app))


@bp.app_context_processor
def what_the_layout_shows() -> dict[str, object]:
    shown = {"family": g.get("family"), "kiosk_name": g.get("kiosk_name", ""), "idle_seconds": IDLE_SECONDS}
    looks = {"kiosk_large": g.get("large_text", False), "kiosk_silent": g.get("silent", False)}
    return shown | looks | {"kiosk_words": kiosk_words}


@bp.get("")
@at_kiosk
def start() -> ResponseReturnValue:
    """Whoever comes to the first page is somebody new: what was typed before goes."""
    g.family = None
    answer = Response(render_template("kiosk/start.html", state=_state()), mimetype="text/html")
    forget_sitting(answer)
    return answer


@bp.post("")
@at_kiosk
def begin() -> ResponseReturnValue:
    language = request.form.get("language")
    if language not in set(Language) or _state() != "ready":
        return redirect(url_for("kiosk.start"), 303)
    answer = redirect(url_for("kiosk_questions.who"), 303)
    begin_sitting(answer, Language(language))
    return answer


@bp.get("/alive")
@at_kiosk
def alive() -> ResponseReturnValue:
    """Asked by the kiosk's own pages, so that nobody finds a dead screen."""
    return jsonify(state=_state())


@bp.post("/here")
@in_sitting
def here() -> ResponseReturnValue:
    """Somebody is still there, though they sent nothing."""
    touch_draft(db.session(), g.family.token, kiosk_id=g.kiosk_id, now=clock())
    return "", 204


@bp.post("/language")
@in_sitting
def speak() -> ResponseReturnValue:
    """Lead back to the same page in the other language, with what was typed and not yet sent."""
    back = same_site_path(request.args.get("back")) or ""
    back = back if back.startswith(f"{PLACE}/") else url_for("kiosk_questions.who")
    family = g.family
    language = request.form.get("language", "")
    if language in set(Language):
        typed = {
            name: request.form.getlist(name) for name in list(request.form)[:KEPT_FIELDS] if name not in NOT_ANSWERS
        }
        family = family.speaking(Language(language)).saying(unsent={"at": back.partition("?")[0], "typed": typed})
        family.save(db.session(), now=clock())
    return redirect(back, 303)


@bp.post("/over")
@at_kiosk
def over() -> ResponseReturnValue:
    """Done, gone or starting over: nothing of them stays on the server or in the browser."""
    answer = redirect(url_for("kiosk.start"), 303)
    forget_sitting(answer)
    session.pop("csrf_token", None)
    answer.headers["Clear-Site-Data"] = ERASES
    return answer


@bp.get("/finished")
@at_kiosk
def finished() -> ResponseReturnValue:
    """Where Back, a reload and an old tab lead after the end."""
    g.family = None
    return render_template("kiosk/finished.html", reference=None)


@bp.route("/enroll/<token>", methods=["GET", "POST"])
@anybody("whoever holds the one-time address makes the device a kiosk")
def enroll(token: str) -> ResponseReturnValue:
    """The address alone does nothing: a page that only looks ahead must not use it up."""
    if request.method == "GET":
        return render_template("kiosk/enroll.html", refused=False)
    count_guess()
    try:
        key = enroll_device(db.session(), token, now=clock())
    except KioskNotEnrolled:
        db.session.rollback()
        return render_template("kiosk/enroll.html", refused=True), 404
    answer = redirect(url_for("kiosk.start"), 303)
    session.clear()
    remember_device(answer, key)
    return answer


def saved_before(key: str | None) -> ResponseReturnValue:
    """A page sent again after everything on it is gone: where it was signed, its reference is all that is said."""
    g.family = None
    reference = signed_with_key(db.session(), key) if key else None
    return render_template("kiosk/finished.html", reference=reference)


@bp.app_errorhandler(DraftGone)
def draft_gone(_gone: DraftGone) -> ResponseReturnValue:
    db.session.rollback()
    return redirect(url_for("kiosk.finished"), 303)


def _state() -> str:
    ready = not g.out_of_order and can_sign(db.session(), now=clock())
    return "ready" if ready else "closed"
