"""How does the registry say that it did not work? One table, in plain words; nothing of the inside is ever shown."""

from dataclasses import dataclass
from http import HTTPStatus
from math import ceil

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from consent.domain.refusals import (
    ConsentError,
    PersonErased,
    RegistryBusy,
    UnknownGuardian,
    UnknownPatron,
    UnknownPlatform,
    UnknownProgram,
    UnknownRecord,
    UnknownRoster,
)
from consent.journal import without_people
from consent.services.acting import NoLongerAllowed, OwnAccount, UnknownStaff
from consent.services.authorizations import AuthorizationDecided, AuthorizationOver, UnknownAuthorization
from consent.services.cards import NoCards, TooManyCards
from consent.services.clearances_decided import PostedAlready
from consent.services.copies import UnknownSigning
from consent.services.erasures import ErasureForbidden
from consent.services.erasures_ordered import RecordsDoNotMatch
from consent.services.groups_people import GroupFull
from consent.services.kiosks import UnknownKiosk
from consent.services.posts import NotCleared
from consent.services.registers import EntryDecided, UnknownEntry
from consent.services.reports import DoneAlready
from consent.services.second_factors import UnknownFactor
from consent.services.staff_changes import LastAdministrator
from consent.services.staff_sign_in import FirstSignInClosed
from consent.services.starter_form import FormPublishedAlready
from consent.services.takedowns_closed import ClosedAlready, NotAllowedAgain
from consent.services.throttle import TooManyTries
from consent.services.voidings import DecidedAlready, NeedsAnotherPerson
from consent.storage.database import db
from consent.storage.disk import is_out_of_room
from consent.web.access import SAFE_METHODS

RETRY_AFTER_SECONDS = "5"
QUESTIONS = "/api/"
API_ADDRESS = "Ask with POST /api/v1/checks; GET /api/v1/openapi.json describes it."


@dataclass(frozen=True, slots=True)
class Answer:
    """What went wrong, and what to do about it."""

    status: int
    title: object
    told: object


NOT_FOUND = Answer(
    404,
    _("Page not found"),
    _("There is no page at this address. Check it, or start again from the first page."),
)
STATUSES = {
    answer.status: answer
    for answer in (
        Answer(400, _("This could not be read"), _("Something in what was sent is not right. Go back and try again.")),
        Answer(401, _("Sign in first"), _("This needs somebody who is signed in, or a token that is in force.")),
        Answer(
            403,
            _("You may not open this page"),
            _("Your account does not allow this. If your work needs it, ask an administrator."),
        ),
        NOT_FOUND,
        Answer(405, _("This page is opened another way"), _("Go back, and use the links and buttons of the page.")),
        Answer(
            413, _("Too much at once"), _("What was sent is larger than the registry accepts. Send less at a time.")
        ),
        Answer(429, _("Too many tries"), _("Wait a minute, then try again.")),
        Answer(
            500,
            _("Something went wrong"),
            _("It is not your doing. Nothing you entered was saved. Try again, and tell an administrator if it stays."),
        ),
        Answer(
            503,
            _("Cannot check right now"),
            _("The registry has no answer at this moment, so do not post. Try again in a minute."),
        ),
    )
}
NO_ROOM = Answer(
    503,
    _("Not saved"),
    _(
        "The registry's disk is full, so nothing of this was saved. What was saved before is safe. "
        "Tell an administrator, and try again when there is room."
    ),
)
MAYBE_SAVED = Answer(
    503,
    _("Perhaps not saved"),
    _(
        "The registry broke off while it was saving. Look whether it is there before you save it again. "
        "Try again in a minute."
    ),
)
FORGED = Answer(
    400,
    _("This page was open too long"),
    _("For safety nothing was sent. Go back, load the page again and repeat your last step."),
)
REFUSALS: dict[type[ConsentError], Answer] = {
    UnknownPatron: Answer(404, _("Nobody found"), _("Nobody in the registry has this number.")),
    PersonErased: Answer(
        410,
        _("This person was erased"),
        _("Two people ordered that what the registry held of this person be erased. Every answer about them is no."),
    ),
    ErasureForbidden: Answer(
        409,
        _("This cannot be erased now"),
        _("A hold stands, or something they signed waits for the front desk. First let that be settled."),
    ),
    RecordsDoNotMatch: Answer(
        409,
        _("Some records do not match"),
        _("Some record is not what was sealed, so nothing was erased. Verify the records and find out why first."),
    ),
    UnknownProgram: Answer(404, _("No such program"), _("No program in the registry has this number.")),
    UnknownPlatform: Answer(404, _("No such platform"), _("No platform in the registry has this name.")),
    UnknownRoster: Answer(404, _("No such roster"), _("No printed roster has this serial number. Check it.")),
    UnknownRecord: Answer(404, _("No such record"), _("No record in the registry has this reference.")),
    UnknownSigning: Answer(
        404, _("No such signing"), _("No signing in the registry has this reference number. Check it.")
    ),
    UnknownKiosk: Answer(404, _("No such kiosk"), _("No kiosk in the registry has this name or number.")),
    UnknownGuardian: Answer(404, _("No such guardian"), _("No guardian in the registry has this number.")),
    GroupFull: Answer(
        409, _("Too many people"), _("A group check takes 500 people at most. Start another one for the others.")
    ),
    NeedsAnotherPerson: Answer(
        409, _("Somebody else must decide"), _("You asked for this voiding yourself. Ask a colleague to decide on it.")
    ),
    DecidedAlready: Answer(
        409,
        _("This is decided already"),
        _("Somebody has agreed or refused. Open the list to see what is still waiting."),
    ),
    ClosedAlready: Answer(
        409, _("This is closed already"), _("Somebody has said what became of it. Open the list to see what is left.")
    ),
    DoneAlready: Answer(
        409,
        _("This is done already"),
        _("Somebody has said so, or has closed the report. Open it to see who and when."),
    ),
    NotAllowedAgain: Answer(409, _("It may not stay"), _("What allowed it again has ended meanwhile. Take it down.")),
    NoCards: Answer(422, _("No cards to print"), _("Nobody was named for whom a card could be printed.")),
    TooManyCards: Answer(422, _("Too many cards at once"), _("Choose fewer people, and print them in parts.")),
    UnknownStaff: Answer(404, _("No such colleague"), _("No member of staff has this number.")),
    UnknownAuthorization: Answer(404, _("No such request"), _("Nobody has asked for an authorization of this number.")),
    OwnAccount: Answer(
        409,
        _("Somebody else must do this"),
        _("Nobody changes what they may do themself, or decides on what they asked for. Ask a colleague."),
    ),
    NoLongerAllowed: Answer(
        403,
        _("Your account does not allow this any more"),
        _("Somebody changed it while this page was open. Nothing was saved."),
    ),
    LastAdministrator: Answer(
        409,
        _("This is the last administrator"),
        _("Without them nobody could manage the registry. Make somebody else an administrator first."),
    ),
    AuthorizationDecided: Answer(
        409, _("This is decided already"), _("Somebody has decided on it meanwhile. Open the list to see how.")
    ),
    AuthorizationOver: Answer(
        409, _("Its last day is over"), _("It would allow nothing. Refuse it, and let a new one be asked for.")
    ),
    UnknownEntry: Answer(404, _("No such entry"), _("The register has no entry of this number.")),
    EntryDecided: Answer(
        409, _("This is decided already"), _("Somebody has decided on it meanwhile, or ended it. Open the list to see.")
    ),
    NotCleared: Answer(
        409, _("This was not cleared"), _("Do not post it. Open the clearance to see what stands against it.")
    ),
    PostedAlready: Answer(409, _("This is posted already"), _("Nothing was changed. Open the clearance to see where.")),
    FormPublishedAlready: Answer(
        409, _("A form is published already"), _("The starter form is for a new registry only. Nothing was changed.")
    ),
    RegistryBusy: Answer(
        503,
        _("The registry is busy"),
        _("It is in the middle of a long change, and yours was not saved. Try again in a moment."),
    ),
    UnknownFactor: Answer(
        404, _("Not one of yours"), _("Your account has no such second factor. It may be removed already.")
    ),
    FirstSignInClosed: Answer(
        404,
        _("This address no longer works"),
        _("It was used already, or is older than seven days. Ask an administrator for a new one."),
    ),
}


def init_answers(app: Flask) -> None:
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(ConsentError, _answer_refusal)
    app.register_error_handler(TooManyTries, _answer_too_many)
    for broken in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(broken, _answer_no_database)
    app.logger.addFilter(without_people)


def problem(status: int, title: str, detail: str) -> Response:
    """The answer to another system (RFC 9457)."""
    answer = jsonify({"type": "about:blank", "title": title, "status": status, "detail": detail})
    answer.status_code = status
    answer.mimetype = "application/problem+json"
    return answer


def answer_http(error: HTTPException) -> ResponseReturnValue:
    """Every status that Flask, its extensions or a view's `abort` gives. A response they made is kept as it is."""
    if error.response is not None or error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    answer = FORGED if isinstance(error, CSRFError) else STATUSES.get(error.code, STATUSES[400])
    response = _say(Answer(error.code, answer.title, answer.told))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "WWW-Authenticate"}:
            response.headers[name] = value
    return response


def _answer_refusal(refusal: ConsentError) -> ResponseReturnValue:
    db.session.rollback()
    unlisted = Answer(409, _("This cannot be done"), str(refusal))
    return _say(REFUSALS.get(type(refusal), unlisted))


def _answer_too_many(refusal: TooManyTries) -> ResponseReturnValue:
    response = _say(STATUSES[429])
    response.headers["Retry-After"] = str(ceil(refusal.wait.total_seconds()))
    return response


def _answer_no_database(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    current_app.logger.error("The database did not answer: %s", type(error).__name__)
    saving = request.method not in SAFE_METHODS and not request.path.startswith(QUESTIONS)
    if not saving:
        return _say(STATUSES[503])
    return _say(NO_ROOM if is_out_of_room(error) else MAYBE_SAVED)


def _say(answer: Answer) -> Response:
    if request.path.startswith(QUESTIONS):
        told = API_ADDRESS if answer.status in {404, 405} else str(answer.told)
        response = problem(answer.status, str(answer.title), told)
    else:
        page = _kiosk_page(answer) if f"{request.path}/".startswith("/kiosk/") else "errors/error.html"
        response = current_app.make_response((render_template(page, answer=answer), answer.status))
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _kiosk_page(answer: Answer) -> str:
    """A family is never led to a page of the desk, and sends again what was not saved without typing it again."""
    unsaved = answer.status == HTTPStatus.SERVICE_UNAVAILABLE and request.method not in SAFE_METHODS
    return "kiosk/not_saved.html" if unsaved else "kiosk/error.html"
