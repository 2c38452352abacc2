"""Which guards does a request pass? A page's form, cookie and session have theirs; another system's question has none.

Asked a thousand times a second, a question passes only what can refuse it: the host it was sent to, and its token.
"""

from flask import Flask, Request, Response, g, request
from flask.sessions import NullSession, SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue

from consent.web.access import refuse_what_is_not_declared
from consent.web.headers import add_headers
from consent.web.requests import refuse_other_hosts

QUESTIONS = "/api/"


class PageSessions(SecureCookieSessionInterface):
    """A question carries no session, and a page without a cookie has an empty one that nobody need sign."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(QUESTIONS):
            return NullSession()
        if not request.cookies.get(self.get_cookie_name(app)):
            return self.session_class()
        return super().open_session(app, request)

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """What an open page asks by itself is no sign of life from whoever left it open."""
        return session.modified or (not g.get("asked_by_itself") and super().should_set_cookie(app, session))


class Registry(Flask):
    """Flask, with two kinds of door."""

    session_interface = PageSessions()

    def preprocess_request(self) -> ResponseReturnValue | None:
        if not request.path.startswith(QUESTIONS):
            return super().preprocess_request()
        refuse_other_hosts()
        return refuse_what_is_not_declared()

    def process_response(self, response: Response) -> Response:
        return add_headers(response) if request.path.startswith(QUESTIONS) else super().process_response(response)
