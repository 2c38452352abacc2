"""What holds for every page? Its language, its headers, who may open it, and what it says when it did not work."""

from flask import Flask
from jinja2 import StrictUndefined

from consent.domain.look_alikes import doubts
from consent.web import health
from consent.web.access import AccessRule, for_anybody, init_access
from consent.web.addresses import init_addresses
from consent.web.answers import init_answers
from consent.web.asking import clock
from consent.web.assets import init_assets
from consent.web.headers import init_headers
from consent.web.home import init_home
from consent.web.journal import init_journal
from consent.web.language import init_language
from consent.web.last_used import init_last_used
from consent.web.requests import init_requests
from consent.web.sign_in import init_sign_in
from consent.wording import MAIL_STATES, ROLES
from forms.fields import errors_of, landing, ties

LIBRARIES: dict[str, AccessRule] = {
    "static": for_anybody("style sheets and scripts hold nothing about anybody"),
    "api-docs.openapi_json": for_anybody("it describes the questions, and answers none"),
}


def init_web(app: Flask) -> None:
    """Put up the house that each feature's pages move into."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(
        MAIL_STATES=MAIL_STATES, ROLES=ROLES, doubts=doubts, errors_of=errors_of, landing=landing, ties=ties
    )
    app.add_template_global(clock, "now")
    init_addresses(app)
    init_headers(app)
    init_answers(app)
    init_journal(app)
    init_requests(app)
    init_language(app)
    init_assets(app)
    init_sign_in(app)
    init_access(app, LIBRARIES)
    init_last_used(app)
    init_home(app)
    app.register_blueprint(health.bp)
