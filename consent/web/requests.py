"""Which requests are looked at? Those to a host of ours, of a sensible size, and sent from our own pages."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, abort, current_app, request
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


View = TypeVar("View", bound=Callable[..., Any])


def takes_files_of(most_bytes: int) -> Callable[[View], View]:
    """A page to which files are sent, so that it reads more than others do; no more of anything but files."""

    def declare(view: View) -> View:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]  # a function takes any attribute
        return view

    return declare


class BoundedRequest(Request):
    """What is nested too deeply to be read is no JSON, on a page that expected a form too."""

    def get_json(self, *arguments: Any, **options: Any) -> Any:
        try:
            return super().get_json(*arguments, **options)
        except RecursionError:
            abort(400)


def init_requests(app: Flask) -> None:
    app.config.update(LIMITS)
    app.request_class = BoundedRequest
    app.before_request(_let_files_in)
    app.before_request(refuse_other_hosts)
    app.before_request(_refuse_other_sites)
    app.before_request(_refuse_null_characters)
    csrf.init_app(app)


def _let_files_in() -> None:
    """A file goes to disk as it comes; the fields beside it keep to the limits of all forms."""
    if request.endpoint and request.mimetype == "multipart/form-data":
        most = getattr(current_app.view_functions[request.endpoint], "most_bytes", None)
        request.max_content_length = most or LIMITS["MAX_CONTENT_LENGTH"]


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
