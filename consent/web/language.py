"""In which language is this page, and in which clock its times? The reader's choice; never a guess from the browser."""

from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, Flask, Response, current_app, g, has_request_context, redirect, request
from flask_babel import Babel, format_date, format_datetime, format_time
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

from consent import wording
from consent.domain.vocabulary import Language
from consent.settings import Settings
from consent.web.access import anybody
from consent.web.addresses import same_site_path

OWN_NAMES = {Language.ENGLISH: "English", Language.SPANISH: "Español"}
ONE_YEAR = 365 * 24 * 60 * 60

# Flask-Babel takes a lazy sentence for markup, and the values in it are what somebody typed.
LazyString.__html__ = lambda sentence: escape(str(sentence))

babel = Babel()
bp = Blueprint("language", __name__)


def init_language(app: Flask) -> None:
    settings: Settings = app.config["CONSENT"]
    app.config.update(
        BABEL_TRANSLATION_DIRECTORIES=str(wording.TRANSLATIONS),
        BABEL_DEFAULT_TIMEZONE=settings.time_zone,
    )
    babel.init_app(app, locale_selector=chosen_language)
    app.register_blueprint(bp)
    app.add_template_filter(say)
    app.add_template_global(say)
    app.add_template_filter(local_time)
    app.add_template_filter(local_clock)
    app.add_template_filter(local_date)
    app.add_template_filter(local_end)
    app.add_template_filter(local_day)
    app.context_processor(_language_of_page)


def chosen_language() -> Language:
    """What the reader chose on this device; English until they do. A family at a kiosk chooses for itself alone."""
    if has_request_context() and "language" in g:
        return Language(g.language)
    chosen = request.cookies.get(_cookie_name(), "") if has_request_context() else ""
    return Language(chosen) if chosen in set(Language) else Language.ENGLISH


def say(message: str, **values: object) -> str:
    """One of the sentences of `consent.wording`, in the language of the page."""
    return wording.say(message, chosen_language(), **values)


def local_time(instant: datetime) -> Markup:
    """An instant in the registry's time zone; pointing at it tells it in UTC."""
    return _time(instant, format_datetime(instant))


def local_clock(instant: datetime) -> Markup:
    """The same without its day, to the second."""
    return _time(instant, format_time(instant))


def local_date(instant: datetime) -> Markup:
    """Its day alone, where a table is narrow."""
    settings: Settings = current_app.config["CONSENT"]
    return _time(instant, format_date(instant.astimezone(settings.zone).date()))


def local_end(instant: datetime) -> Markup:
    """What ends at midnight is told by its last day, as it was to whoever signed it."""
    settings: Settings = current_app.config["CONSENT"]
    end = instant.astimezone(settings.zone)
    if end.time() != time():
        return local_time(instant)
    return _time(instant, format_date(end.date() - timedelta(days=1)))


def local_day(day: date | datetime) -> str:
    return format_date(day)


@bp.post("/language")
@anybody("whoever reads a page may choose its language")
def choose() -> Response:
    """Remember the choice and lead back to the page it was made on."""
    answer = redirect(same_site_path(request.form.get("back")) or "/", 303)
    language = request.form.get("language", "")
    if language in set(Language):
        settings: Settings = current_app.config["CONSENT"]
        answer.set_cookie(
            _cookie_name(), language, max_age=ONE_YEAR, secure=settings.secure, httponly=True, samesite="Lax"
        )
    return answer  # type: ignore[return-value]  # Flask's redirect makes its own kind of response


def _cookie_name() -> str:
    settings: Settings = current_app.config["CONSENT"]
    return "__Host-language" if settings.secure else "language"


def _language_of_page() -> dict[str, object]:
    language = chosen_language()
    other = Language.ENGLISH if language is Language.SPANISH else Language.SPANISH
    return {"language": language, "other_language": other, "other_language_name": OWN_NAMES[other]}


def _time(instant: datetime, shown: str) -> Markup:
    in_utc = instant.astimezone(UTC)
    return Markup('<time datetime="{}" title="{} UTC">{}</time>').format(
        in_utc.isoformat(timespec="seconds"), in_utc.strftime("%Y-%m-%d %H:%M:%S"), shown
    )
