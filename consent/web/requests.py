"""Which requests are looked at? Those to a host of ours, of a sensible size, and sent from our own pages."""

from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request
from flask_wtf.csrf import CSRFProtect

from consent.settings import Settings

csrf = CSRFProtect()

MEBIBYTE = 1024 * 1024
LIMITS = {
    "MAX_CONTENT_LENGTH": MEBIBYTE,
    "MAX_FORM_MEMORY_SIZE": MEBIBYTE // 2,
    "MAX_FORM_PARTS": 1000,
    "WTF_CSRF_TIME_LIMIT": 8 * 60 * 60,
    # Our pages send no referrer; where a request came from is told by its origin.
    "WTF_CSRF_SSL_STRICT": False,
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OUR_OWN = frozenset({"same-origin", "none"})


def init_requests(app: Flask) -> None:
    app.config.update(LIMITS)
    app.before_request(refuse_other_hosts)
    app.before_request(_refuse_other_sites)
    app.before_request(_refuse_null_characters)
    csrf.init_app(app)


def refuse_other_hosts() -> None:
    """An invented host would otherwise end up in an address that we print or mail."""
    settings: Settings = current_app.config["CONSENT"]
    if _name_of(request.host) not in settings.allowed_hosts:
        abort(400)


@lru_cache(maxsize=64)
def _name_of(host: str) -> str | None:
    """The host without its port."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _refuse_other_sites() -> None:
    if request.method in SAFE_METHODS:
        return
    settings: Settings = current_app.config["CONSENT"]
    # A browser that sends no referrer says "null" of our own forms too; behind a proxy only base_url knows of https.
    ours = {"null", request.host_url.rstrip("/"), settings.base_url.rstrip("/")}
    if request.headers.get("Origin", "null") not in ours:
        abort(403)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in OUR_OWN:
        abort(403)


def _refuse_null_characters() -> None:
    """No text has one, and PostgreSQL cannot keep it."""
    sent = [request.path, *(value for pair in request.args.items(multi=True) for value in pair)]
    sent += [value for pair in request.form.items(multi=True) for value in pair]
    if any("\0" in text for text in sent):
        abort(400)
